// The arithmetic: a network run on plain arrays of numbers, as the library does it. Each layer's own is in its file.

const copy = (rows) => rows.map((row) => row.slice());
const size = (rows) => `${rows.length}×${rows[0].length}`;
const sameShape = (one, other) => one.length === other.length && one[0].length === other[0].length;
const isWhole = (rows) => rows.every((row) => row.every(Number.isInteger));

// The kinds of layer that may follow the convolution, by their type in a network file.
const LAYERS = {};

// Sums of whole numbers are divided in single precision, others in double.
const divided = (sums, cells, single) =>
  sums.map((row) => row.map((sum) => (single ? Math.fround(sum / cells) : sum / cells)));

// Where the highest number of a map lies, the first of equals.
function highest(sums) {
  let best = [0, 0];
  sums.forEach((row, r) => row.forEach((sum, c) => { if (sum > sums[best[0]][best[1]]) best = [r, c]; }));
  return best;
}

// The sums of each layer: sums[0] those of the convolution, sums[n] of layer n, each by feature; and why they end.
function runLayers(image, features, layers) {
  const sums = [features.map(({cells}) => matchSums(image, cells))];
  for (const layer of layers) {
    const misfit = LAYERS[layer.type].misfit?.(layer, sums.at(-1), features, sums.length) ?? "";
    if (misfit) return {sums, silent: misfit};
    sums.push(sums.at(-1).map((map) => LAYERS[layer.type].run(map, layer)));
  }
  return {sums, silent: ""};
}

// Run the network. `values[0]` holds the filtered maps, `values[n]` those of layer n, each by feature.
// Where the votes do not fit the last maps, `totals` is empty, `verdict` is -1, and `silent` says why.
function run({image, features, layers}) {
  let {sums, silent} = runLayers(image, features, layers);
  const cells = features.map((feature) => feature.cells.length * feature.cells[0].length);
  const whole = isWhole(image), single = features.map((feature) => whole && isWhole(feature.cells));
  const values = sums.map((maps) => maps.map((map, f) => divided(map, cells[f], single[f])));
  silent ||= misfit(features, values.at(-1));
  const votes = silent ? [] : walk.labels.map((_, l) => features.map((feature, f) =>
    values.at(-1)[f].map((row, r) => row.map((value, c) => Math.fround(value) * feature.weights[l][r][c]))));
  const totals = votes.map((grids) => grids.reduce((total, grid) =>
    total + grid.flat().reduce((sum, vote) => sum + vote, 0), 0));
  return {sums, values, cells, votes, totals, silent, verdict: totals.indexOf(Math.max(...totals))};
}

function misfit(features, last) {
  const stranger = features.find((feature) => feature.weights === null);
  if (stranger)
    return `The feature ${stranger.name} is new, so the network has not learned any weights for its map yet. ` +
      "Learn them, or remove it, and the network votes again.";
  const other = features.findIndex((feature, f) => !sameShape(feature.weights[0], last[f]));
  if (other < 0) return "";
  return `The network has weights for a last map of ${size(features[other].weights[0])} cells, but the last map of ` +
    `${features[other].name} now has ${size(last[other])}. Learn them anew.`;
}

// Naive matching: how many cells of the image agree with each saved picture, and which saved picture is the better.
function match(image) {
  const agree = walk.exemplars.map((saved) => saved.cells.reduce((sum, row, r) =>
    row.reduce((some, value, c) => some + (value === image[r][c]), sum), 0));
  return {agree, says: agree.indexOf(Math.max(...agree))};
}
