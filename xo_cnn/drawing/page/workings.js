// What is worked out: one patch, one window, one vote, with every number; and what is outlined for it on the boards.

const sign = (text) => {
  const element = make("span", "sign", text);
  element.setAttribute("aria-hidden", "true");
  return element;
};

const patchOf = (feature, [row, column]) =>
  feature.cells.map((line, r) => line.map((_, c) => timeline.now.image[row + r][column + c]));

function work(place, title, pieces, words) {
  const line = make("div", "sum");
  line.append(...pieces);
  place.replaceChildren(make("h3", "", title), line, ...words.map((text) => make("p", "", text)));
}

const bracketed = (number) => (number[0] === "-" ? `(${number})` : number);

// Multiply, add, divide.
function workPatch(f, at) {
  const feature = timeline.now.features[f], patch = patchOf(feature, at);
  const products = feature.cells.map((line, r) => line.map((value, c) => value * patch[r][c] + 0));
  const sum = result.sums[0][f][at[0]][at[1]], value = result.values[0][f][at[0]][at[1]], cells = result.cells[f];
  const terms = products.flat().map((term) => bracketed(digits(term)));
  const added = terms.length <= 9 ? `${terms.join(" + ")} = ` : `${count(cells, "product")}: `;
  work($("#map-work"), `${feature.name} at ${place(at)}`, [
    piece("patch", patch, {places: 0}), sign("×"), piece(feature.name, feature.cells, {places: 0}), sign("="),
    piece("products", products, {grid: isWhole(products) && isBlackAndWhite(products), places: 0}),
  ], [
    `Add: ${added}${digits(sum)}`, `Divide: ${digits(sum)} ÷ ${count(cells, "cell")} = ${signed(value)}`, meant(value),
  ]);
}

function meant(value) {
  if (value > 0.999) return "A perfect match: the feature is exactly here.";
  if (value >= 0.5) return "A good match: most cells agree.";
  if (value > -0.5) return "Hardly a match: about as many cells agree as differ.";
  if (value > -0.999) return "More like the negative: most cells differ.";
  return "The exact negative: black and white are swapped.";
}

const span = (what, first, number) =>
  number === 1 ? `${what} ${first}` : `${what}s ${first} to ${first + number - 1}`;

// Take the largest.
function workWindow(n, f, at) {
  const layer = timeline.now.layers[n - 1], {box, best} = look(result.sums[n - 1][f], layer, at);
  const before = result.values[n - 1][f], [top, left, rows, columns] = box;
  const cells = before.slice(top, top + rows).map((row) => row.slice(left, left + columns));
  const name = timeline.now.features[f].name, value = signed(result.values[n][f][at[0]][at[1]]);
  const numbers = cells.flat().map((cell) => signed(cell));
  const words = [numbers.length > 1 ? `The largest of ${listed(numbers)} is ${value}; it was in ${place(best)}.`
    : `There is one cell in it: ${value}, in ${place(best)}.`];
  if (rows < layer.window || columns < layer.window)
    words.push("It hangs over the edge here, so only the cells that it does cover count.");
  work($(`#pool-work-${n}`), `${name}: the window over ${span("row", top, rows)}, ${span("column", left, columns)}`, [
    piece("what it covers", cells, {grid: false}, [best[0] - top, best[1] - left]), sign("→"),
    piece("the largest", [[result.values[n][f][at[0]][at[1]]]], {grid: false}),
  ], words);
}

function workVote(label, f, at) {
  const [row, column] = at, feature = timeline.now.features[f];
  const value = result.values.at(-1)[f][row][column], weight = weights(feature, label)[row][column];
  const vote = result.votes[label][f][row][column];
  const sense = weight === 0 ? "The weight is 0: this cell does not matter for this label."
    : weight < 0 ? `The weight is negative: ${feature.name} here speaks against ${walk.labels[label]}.`
    : `The weight is positive: ${feature.name} here speaks for ${walk.labels[label]}.`;
  work($("#vote-work"), `A vote for ${walk.labels[label]}: ${feature.name} at ${place(at)}`, [
    piece("number", [[value]], {grid: false}), sign("×"),
    piece("weight", [[weight]], {grid: false, places: 3}), sign("="),
    piece("vote", [[vote]], {grid: false, places: 3}),
  ], [`${signed(value)} × ${digits(weight)} = ${signed(vote, 3)}`, sense]);
}

// ---- the outlines: from a cell back to where it comes from

// The patch of the image behind position `at` of a map; of a pooled map, the way goes back over each largest cell.
function markOrigin(n, f, at) {
  const name = timeline.now.features[f].name;
  if (n === 0) {
    const {cells} = timeline.now.features[f], box = [...at, cells.length, cells[0].length];
    mark(boards.get("image"), box);
    if (f === view.chosen) mark($("#lens .thumb"), box);
    mark(boards.get(`map:${name}`), [...at, 1, 1]);
    return;
  }
  const {box, best} = look(result.sums[n - 1][f], timeline.now.layers[n - 1], at);
  mark(boards.get(`pooled${n}:${name}`), [...at, 1, 1]);
  for (const source of [f === view.chosen ? boards.get(`before${n}:${name}`) : null, mapBoard(n - 1, name)]) {
    mark(source, box);
    mark(source, [...best, 1, 1], "largest");
  }
  markOrigin(n - 1, f, best);
}

const voteBoard = (label, {name}) => boards.get(`votes:${walk.labels[label]}:${name}`);
const mapBoard = (n, name) => boards.get(n ? `pooled${n}:${name}` : `map:${name}`);

// The positions of the chosen map whose patches hold a cell of the image.
function markUsers([row, column]) {
  const {cells, name} = chosen(), map = result.values[0][view.chosen];
  const top = Math.max(0, row - cells.length + 1), left = Math.max(0, column - cells[0].length + 1);
  const bottom = Math.min(row, map.length - 1), right = Math.min(column, map[0].length - 1);
  mark(boards.get("image"), [row, column, 1, 1]);
  mark(boards.get(`map:${name}`), [top, left, bottom - top + 1, right - left + 1]);
}

function markLabel(label) {
  for (const feature of timeline.now.features) {
    const sources = [mapBoard(result.values.length - 1, feature.name), voteBoard(label, feature)];
    weights(feature, label).forEach((line, r) => line.forEach((weight, c) => {
      if (weight !== 0) for (const source of sources) mark(source, [r, c, 1, 1], "lit");
    }));
  }
}

// Work out what is pointed at, and outline it.
function show(shown) {
  view.shown = shown;
  unmark();
  const {kind, stage, feature, label, at} = shown;
  if (kind === "image") markUsers(at);
  if (kind === "feature") markOrigin(0, feature, highest(result.sums[0][feature]));
  if (kind === "map" && stage === 0) { view.at = at; view.worked = feature; workPatch(feature, at); }
  if (kind === "map" && stage > 0) { view.poolAt[stage - 1] = at; workWindow(stage, feature, at); }
  if (kind === "map") markOrigin(stage, feature, at);
  if (kind === "before") show({kind: "map", stage: stage + 1, feature, at: windowOver(stage, at)});
  if (kind === "vote") {
    view.vote = {label, feature, at};
    workVote(label, feature, at);
    mark(voteBoard(label, timeline.now.features[feature]), [...at, 1, 1]);
    markOrigin(result.values.length - 1, feature, at);
  }
  if (kind === "label") markLabel(label);
}

// The first window of the next layer that covers a cell; where strides leave cells out, the one before it.
function windowOver(stage, [row, column]) {
  const {window, stride} = timeline.now.layers[stage], after = result.values[stage + 1][view.chosen];
  const step = (place, steps) => Math.min(steps - 1, Math.max(0, Math.ceil((place - window + 1) / stride)));
  return [step(row, after.length), step(column, after[0].length)];
}

// After a change: what is worked out stays where it was, if that is still there.
function showAgain() {
  const clip = (map, [row, column]) => [Math.min(row, map.length - 1), Math.min(column, map[0].length - 1)];
  const f = view.chosen;
  view.at = view.at ? clip(result.values[0][f], view.at) : highest(result.sums[0][f]);
  workPatch(f, view.at);
  result.values.slice(1).forEach((maps, n) => {
    view.poolAt[n] = clip(maps[f], view.poolAt[n] ?? [0, 0]);
    workWindow(n + 1, f, view.poolAt[n]);
  });
  $("#vote-stage").hidden = Boolean(result.silent);
  if (!result.silent) showVote();
  unmark();
  const {stage} = view.shown?.kind === "map" && view.shown.stage < result.values.length ? view.shown : {stage: 0};
  markOrigin(stage, f, stage ? view.poolAt[stage - 1] : view.at);
}

function showVote() {
  const {label, feature, at} = view.vote ?? strongest();
  if (result.votes[label][feature]?.[at[0]]?.[at[1]] === undefined) view.vote = null;
  view.vote ??= strongest();
  workVote(view.vote.label, view.vote.feature, view.vote.at);
}

// The vote that counts most for the verdict.
function strongest() {
  const best = {label: result.verdict, feature: 0, at: [0, 0]};
  let most = -Infinity;
  result.votes[result.verdict].forEach((grid, feature) => grid.forEach((row, r) => row.forEach((vote, c) => {
    if (vote > most) { most = vote; Object.assign(best, {feature, at: [r, c]}); }
  })));
  return best;
}
