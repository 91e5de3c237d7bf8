// Convolution: multiply cell by cell, add, divide by the number of cells; at every place where the feature fits.

// Multiply cell by cell and add, at every position where the feature lies wholly inside the image.
function matchSums(image, feature) {
  const tall = feature.length, wide = feature[0].length, sums = [];
  for (let row = 0; row + tall <= image.length; row++) {
    const line = new Array(image[0].length - wide + 1).fill(0);
    for (let r = 0; r < tall; r++) {
      const cells = image[row + r];
      for (let c = 0; c < wide; c++) {
        const value = feature[r][c];
        for (let column = 0; column < line.length; column++) line[column] += value * cells[column + c];
      }
    }
    sums.push(line);
  }
  return sums;
}

const patchOf = (feature, [row, column]) =>
  feature.cells.map((line, r) => line.map((_, c) => timeline.now.image[row + r][column + c]));

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
    `Add: ${added}${digits(sum)}`, `Divide: ${digits(sum)} ÷ ${count(cells, "cell")} = ${signed(value)}`,
    meant(value) + agreeing(products.flat()),
  ]);
}

function meant(value) {
  if (value > 0.999) return "A perfect match: the feature is exactly here";
  if (value >= 0.5) return "A good match";
  if (value > -0.5) return "Hardly a match";
  if (value > -0.999) return "More like the negative";
  return "The exact negative: black and white are swapped";
}

// How many cells agree and how many differ, where each does one or the other.
function agreeing(products) {
  if (!products.every((product) => Math.abs(product) === 1)) return ".";
  const agree = products.filter((product) => product > 0).length;
  return `: ${agree} ${agree === 1 ? "agrees" : "agree"}, ${products.length - agree} differ` +
    `${products.length - agree === 1 ? "s" : ""}.`;
}
