// ReLU: wherever a number is negative, put 0. As many maps, as many cells.

LAYERS.relu = {
  grid: "relu", before: "before-relu", place: "#relu-place", chapter: "relu",
  run: (sums) => sums.map((row) => row.map((sum) => Math.max(0, sum))),
  origin: (sums, layer, at) => ({box: [...at, 1, 1], best: at}),
  reader: (layer, after, at) => at,
  title: (layer, k) => `ReLU ${k}`,
  station: (k, many) => (many > 1 ? `ReLU ${k}` : "ReLU"),
  buttons: ["Go over the map", "Next cell", "All cells"],
  work: workRectified,
  cost: (before) => `${before} cells before and after: one comparison each.`,
};

function workRectified(n, f, at) {
  const before = result.values[n - 1][f][at[0]][at[1]], after = result.values[n][f][at[0]][at[1]];
  const {name} = timeline.now.features[f];
  work($(`#${workOf(n)}`), `${name} at ${place(at)}`, [
    piece("before", [[before]], {grid: false}), sign("→"), piece("after", [[after]], {grid: false}),
  ], [before < 0 ? `${signed(before)} is negative, so 0 is put in its place.`
    : `${signed(before)} is not negative, so it stays as it is.`]);
}

function switchRelu(on) {
  const layers = timeline.now.layers.filter(({type}) => type !== "relu");
  change({layers: on ? [{type: "relu"}, ...layers] : layers}, on ? "ReLU switched on" : "ReLU switched off");
}
