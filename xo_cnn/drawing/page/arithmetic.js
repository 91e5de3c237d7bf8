// The arithmetic: the text's steps on plain arrays of numbers, as the library does them.

const copy = (rows) => rows.map((row) => row.slice());
const size = (rows) => `${rows.length}×${rows[0].length}`;
const sameShape = (one, other) => one.length === other.length && one[0].length === other[0].length;
const isWhole = (rows) => rows.every((row) => row.every(Number.isInteger));

// Multiply cell by cell and add, at every position where the feature lies wholly inside the image.
function matchSums(image, feature) {
  const [tall, wide] = [feature.length, feature[0].length];
  const sums = [];
  for (let row = 0; row + tall <= image.length; row++) {
    sums.push([]);
    for (let column = 0; column + wide <= image[0].length; column++) {
      let sum = 0;
      for (let r = 0; r < tall; r++)
        for (let c = 0; c < wide; c++) sum += feature[r][c] * image[row + r][column + c];
      sums[row].push(sum);
    }
  }
  return sums;
}

// Sums of whole numbers are divided in single precision, others in double.
const divided = (sums, cells, single) =>
  sums.map((row) => row.map((sum) => (single ? Math.fround(sum / cells) : sum / cells)));

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

// Where the highest number of a map lies, the first of equals.
function highest(sums) {
  return look(sums, {window: Math.max(sums.length, sums[0].length), stride: 1}, [0, 0]).best;
}

// Run the network. `values[0]` holds the filtered maps, `values[n]` those of pooling layer n, each by feature.
// Where the votes do not fit the last maps, `totals` is empty, `verdict` is -1, and `silent` says why.
function run({image, features, layers}) {
  const sums = [features.map(({cells}) => matchSums(image, cells))];
  let silent = "";
  for (const layer of layers) {
    const small = features.findIndex((_, f) =>
      layer.window > Math.min(sums.at(-1)[f].length, sums.at(-1)[f][0].length));
    if (small >= 0) {
      silent = `A window of ${layer.window}×${layer.window} does not fit into the map ${features[small].name} of ` +
        `${size(sums.at(-1)[small])} that reaches pooling layer ${sums.length}. ` +
        "Choose a smaller window, or pool less often.";
      break;
    }
    sums.push(sums.at(-1).map((map) => pool(map, layer)));
  }
  const cells = features.map((feature) => feature.cells.length * feature.cells[0].length);
  const single = features.map((feature) => isWhole(feature.cells) && isWhole(image));
  const values = sums.map((maps) => maps.map((map, f) => divided(map, cells[f], single[f])));
  silent ||= misfit(features, values.at(-1));
  const votes = silent ? [] : walk.labels.map((_, l) => features.map((feature, f) =>
    values.at(-1)[f].map((row, r) => row.map((value, c) => Math.fround(value) * weights(feature, l)[r][c]))));
  const totals = votes.map((grids) => grids.reduce((total, grid) =>
    total + grid.flat().reduce((sum, vote) => sum + vote, 0), 0));
  return {sums, values, cells, votes, totals, silent, verdict: totals.indexOf(Math.max(...totals))};
}

// A feature of the network has a grid of weights for each label; a new one has none.
const weights = (feature, label) => feature.origin === null ? null : walk.votes[label][feature.origin];

function misfit(features, last) {
  const stranger = features.find((feature) => feature.origin === null);
  if (stranger)
    return `The feature ${stranger.name} is new, so the network has not learned any weights for its map yet. ` +
      "Remove it, and the network votes again.";
  const other = features.findIndex((feature, f) => !sameShape(weights(feature, 0), last[f]));
  if (other < 0) return "";
  return `The network learned its weights for a last map of ${size(weights(features[other], 0))} cells, but the last ` +
    `map of ${features[other].name} now has ${size(last[other])}.`;
}

// Naive matching: how many cells of the image agree with each saved picture, and which saved picture is the better.
function match(image) {
  const agree = walk.exemplars.map((saved) =>
    saved.cells.flat().filter((value, i) => value === image[Math.floor(i / image.length)][i % image.length]).length);
  return {agree, says: agree.indexOf(Math.max(...agree))};
}
