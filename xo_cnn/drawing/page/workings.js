// What is worked out: one patch, one window, one vote, with every number.

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
