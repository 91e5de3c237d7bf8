// Learning: softmax regression as `xo-cnn train` does it, on the cells of the last maps of the practice pictures.

const STEPS_OF_LEARNING = 300, DECAY = 0.0005;

// The cells of the last maps of all features, one picture after another.
function lastCells(images, {features, layers}) {
  const rows = images.map((image) => {
    const last = runLayers(image, features, layers).sums.at(-1);
    return last.flatMap((map, f) => {
      const cells = features[f].cells.length * features[f].cells[0].length;
      return map.flat().map((sum) => sum / cells);
    });
  });
  return {rows: rows.map((row) => Float64Array.from(row)), wide: rows[0].length};
}

// Votes, shaped labels, as shares that add up to 1.
function softmax(votes) {
  const most = Math.max(...votes), powers = votes.map((vote) => Math.exp(vote - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

// The votes for each label: a picture's cells times the weights, shaped (cells, labels) in one array.
function votesOf(row, weights, labels) {
  const votes = new Array(labels).fill(0);
  for (let cell = 0; cell < row.length; cell++)
    for (let l = 0; l < labels; l++) votes[l] += row[cell] * weights[cell * labels + l];
  return votes;
}

// The largest curvature: the mean square of the cells along the direction in which they vary most.
function steepest({rows, wide}) {
  let direction = new Float64Array(wide).fill(1), length = 0;
  for (let round = 0; round < 30; round++) {
    const next = new Float64Array(wide);
    for (const row of rows) {
      let along = 0;
      for (let cell = 0; cell < wide; cell++) along += row[cell] * direction[cell];
      for (let cell = 0; cell < wide; cell++) next[cell] += along * row[cell];
    }
    length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (length === 0) return 1;                  // all cells are 0, and any pace is right
    direction = next.map((value) => value / length);
  }
  return length / rows.length;
}

// How the cross-entropy, plus DECAY times the sum of the squared weights, changes with each weight.
function gradient({rows, wide}, answers, labels, weights) {
  const slope = weights.map((weight) => 2 * DECAY * weight);
  rows.forEach((row, number) => {
    const wrong = softmax(votesOf(row, weights, labels));
    wrong[answers[number]] -= 1;
    for (let l = 0; l < labels; l++) {
      const share = wrong[l] / rows.length;
      for (let cell = 0; cell < wide; cell++) slope[cell * labels + l] += share * row[cell];
    }
  });
  return slope;
}

// Walk down the gradient from 0 with momentum (Nesterov 1983), dropped when it points uphill (O'Donoghue 2015);
// yields the weights, shaped (cells, labels) in one array, after each step.
function* descend(cells, answers, labels) {
  const pace = 1 / (steepest(cells) / 2 + 2 * DECAY);
  let weights = new Float64Array(cells.wide * labels), ahead = weights, momentum = 0;
  for (let step = 0; step < STEPS_OF_LEARNING; step++) {
    const slope = gradient(cells, answers, labels, ahead);
    const following = ahead.map((weight, i) => weight - pace * slope[i]), before = weights;
    const uphill = slope.reduce((sum, each, i) => sum + each * (following[i] - before[i]), 0) > 0;
    momentum = uphill ? 0 : momentum + 1;
    ahead = following.map((weight, i) => weight + momentum / (momentum + 3) * (weight - before[i]));
    yield weights = following;
  }
}

// Features with the weights that were learned, each label's as a grid of the feature's last map.
function withWeights({features, layers, image}, weights, finish = (weight) => weight) {
  const labels = walk.labels.length, last = runLayers(image, features, layers).sums.at(-1);
  let from = 0;
  return features.map((feature, f) => {
    const [tall, wide] = [last[f].length, last[f][0].length], first = from;
    from += tall * wide;
    return {...feature, weights: walk.labels.map((_, l) => Array.from({length: tall}, (_, r) =>
      Array.from({length: wide}, (_, c) => finish(weights[(first + r * wide + c) * labels + l]))))};
  });
}

// Weights as a link holds them, in single precision: a link opens the very same lesson.
const single = (weight) => Number(shortest(Math.fround(weight)));

// What weights are learned for: other cells, layers or practice pictures need others.
const learnedFor = ({features, layers, taught}) =>
  JSON.stringify([features.map(({cells}) => cells), layers, taught.length]);

const stale = () => timeline.now.learned !== null ? timeline.now.learned !== learnedFor(timeline.now)
  : learnedFor(timeline.now) !== learnedFor({...start(), features: ownFeatures()});

// Learn the weights anew and show them on the way; the promise is kept when they are learned.
async function learn() {
  pause();
  stopExperiment();
  const refused = cannotLearn();
  tell("#learn-note", refused);
  if (refused) return;
  const seen = practice().filter(({apart}) => !apart), labels = walk.labels.length, now = timeline.now;
  const learning = descend(lastCells(seen.map(({image}) => image), now), seen.map(({label}) => label), labels);
  const mine = learner.number += 1, join = `learn${mine}`;
  let weights, done = 0;
  for (const each of learning) {
    weights = each;
    done += 1;
    if (still() || done === STEPS_OF_LEARNING || done % learner.stride) continue;
    change({features: withWeights(now, weights)}, "", join);
    tell("#learn-note", `Step ${done} of ${STEPS_OF_LEARNING} …`);
    await new Promise((resolve) => setTimeout(resolve, learner.pause));
    if (learner.number !== mine || timeline.joined !== join) return;
  }
  const features = withWeights(now, weights, single);
  change({features, learned: learnedFor(now)}, "Learned", join);
  tell("#learn-note", `Learned from ${count(seen.length, "picture")} in ${STEPS_OF_LEARNING} steps. ${practiceScore()}`);
}
const learner = {number: 0, stride: 12, pause: 40};

function cannotLearn() {
  if (result.values.length <= timeline.now.layers.length) return `There is nothing to learn from. ${result.silent}`;
  const labels = new Set(practice().map(({label}) => label));
  const missing = walk.labels.filter((_, l) => !labels.has(l));
  return missing.length ? `Teach it first: there is no picture of ${listed(missing)} yet.` : "";
}
