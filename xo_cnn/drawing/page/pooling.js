// Max pooling: step a window over a map, keep the largest number; over the edge, of the cells that it does cover.

LAYERS.pool = {
  grid: "pooled", before: "before", place: "#pool-place", chapter: "pooling",
  run: pool,
  origin: look,
  reader: windowOver,
  title: ({window, stride}, k) => `Pooling layer ${k}: ${window}×${window} cells, ${count(stride, "cell")} at a time`,
  station: (k) => `Pooled ${k}`,
  buttons: ["Slide the window", "Next window", "All windows"],
  work: workWindow,
  cost: (before, after) => `${before} cells before, ${after} after: no multiplication, only comparisons.`,
  misfit: ({window}, maps, features, n) => {
    const small = maps.findIndex((map) => window > Math.min(map.length, map[0].length));
    return small < 0 ? "" : `A window of ${window}×${window} does not fit into the map ${features[small].name} of ` +
      `${size(maps[small])} that reaches layer ${n + 1}. Choose a smaller window, or pool less often.`;
  },
};

// How many steps a window takes along a side: the last may hang over the edge, none begins beyond it.
function steps(side, {window, stride}) {
  const count = Math.ceil((side - window) / stride) + 1;
  return (count - 1) * stride < side ? count : count - 1;
}

// The cells that a window covers (top, left, rows, columns), and where the first of their maxima lies.
function look(sums, {window, stride}, [row, column]) {
  const [top, left] = [row * stride, column * stride];
  const rows = Math.min(window, sums.length - top), columns = Math.min(window, sums[0].length - left);
  let best = [top, left];
  for (let r = top; r < top + rows; r++)
    for (let c = left; c < left + columns; c++) if (sums[r][c] > sums[best[0]][best[1]]) best = [r, c];
  return {box: [top, left, rows, columns], best};
}

function pool(sums, layer) {
  const rows = Array.from({length: steps(sums.length, layer)}, (_, row) => row);
  const columns = Array.from({length: steps(sums[0].length, layer)}, (_, column) => column);
  return rows.map((row) => columns.map((column) => {
    const [r, c] = look(sums, layer, [row, column]).best;
    return sums[r][c];
  }));
}

// The first window that covers a cell; where strides leave cells out, the one before it.
function windowOver({window, stride}, after, [row, column]) {
  const step = (place, steps) => Math.min(steps - 1, Math.max(0, Math.ceil((place - window + 1) / stride)));
  return [step(row, after.length), step(column, after[0].length)];
}

const span = (what, first, number) =>
  number === 1 ? `${what} ${first}` : `${what}s ${first} to ${first + number - 1}`;

// Take the largest.
function workWindow(n, f, at) {
  const layer = layerAt(n), {box, best} = look(result.sums[n - 1][f], layer, at);
  const before = result.values[n - 1][f], [top, left, rows, columns] = box;
  const cells = before.slice(top, top + rows).map((row) => row.slice(left, left + columns));
  const name = timeline.now.features[f].name, value = signed(result.values[n][f][at[0]][at[1]]);
  const numbers = cells.flat().map((cell) => signed(cell));
  const words = [numbers.length > 1 ? `The largest of ${listed(numbers)} is ${value}; it was in ${place(best)}.`
    : `There is one cell in it: ${value}, in ${place(best)}.`];
  if (rows < layer.window || columns < layer.window)
    words.push("It hangs over the edge here, so only the cells that it does cover count.");
  work($(`#${workOf(n)}`), `${name}: the window over ${span("row", top, rows)}, ${span("column", left, columns)}`, [
    piece("what it covers", cells, {grid: false}, [best[0] - top, best[1] - left]), sign("→"),
    piece("the largest", [[result.values[n][f][at[0]][at[1]]]], {grid: false}),
  ], words);
}
