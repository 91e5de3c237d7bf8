// What is worked out, with every number: the frame that patches, windows and votes share, and a vote.

const sign = (text) => {
  const element = make("span", "sign", text);
  element.setAttribute("aria-hidden", "true");
  return element;
};

function work(place, title, pieces, words) {
  const line = make("div", "sum");
  line.append(...pieces);
  place.replaceChildren(make("h3", "", title), line, ...words.map((text) => make("p", "", text)));
}

const bracketed = (number) => (number[0] === "-" ? `(${number})` : number);

// A number as a pupil's calculator takes it: whole sums as a fraction, so that nothing is rounded on the way.
function exactly(f, [row, column]) {
  const sum = result.sums.at(-1)[f][row][column];
  return Number.isInteger(sum) ? `${sum}/${result.cells[f]}` : digits(result.values.at(-1)[f][row][column]);
}

function workVote(label, f, at) {
  const [row, column] = at, feature = timeline.now.features[f];
  const value = result.values.at(-1)[f][row][column], weight = feature.weights[label][row][column];
  const vote = result.votes[label][f][row][column];
  const sense = weight === 0 ? "The weight is 0: this cell does not matter for this label."
    : weight < 0 ? `The weight is negative: ${feature.name} here speaks against ${walk.labels[label]}.`
    : `The weight is positive: ${feature.name} here speaks for ${walk.labels[label]}.`;
  work($("#vote-work"), `A vote for ${walk.labels[label]}: ${feature.name} at ${place(at)}`, [
    piece("number", [[value]], {grid: false}), sign("×"),
    piece("weight", [[weight]], {grid: false, places: 3}), sign("="),
    piece("vote", [[vote]], {grid: false, places: 3}),
  ], [`${exactly(f, at)} × ${bracketed(digits(weight))} = ${fixed(vote, 3).replace(/^-(0\.0*)$/, "$1")}`, sense]);
  if (document.activeElement !== $("#weight")) $("#weight").value = digits(weight);
}
