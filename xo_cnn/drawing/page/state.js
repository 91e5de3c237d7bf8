// What can be changed, how it is undone, and what is shown of it.

// A feature has a grid of weights for each label, or null: a new one, or the lesson's guest, has none.
const weightsOf = (f) => walk.votes.map((grids) => grids[f]);
const ownFeatures = () =>
  walk.features.map(({name, cells}, origin) => ({name, cells: copy(cells), origin, weights: weightsOf(origin)}));
const newFeatureOf = ({name, cells}) => ({name, cells: copy(cells), origin: null, weights: null});

const start = () => ({
  image: copy(walk.grid),
  features: [...ownFeatures(), ...walk.guests.map(newFeatureOf)],
  layers: walk.layers.map((layer) => ({...layer})),
  taught: [],                                    // pictures that somebody gave a label, to practise with
  learned: null,                                 // what the weights were learned for; null: as the network came
  deforms: 0,                                    // how often it was deformed: the seed of the next time
});

// States are never changed in place: `now` is replaced, and what it was goes to `past`.
const timeline = {now: start(), past: [], future: [], joined: null};
const view = {chosen: walk.chosen, at: walk.at, stageAt: [], vote: null, shown: null};
view.stageAt[walk.layers.findIndex(({type}) => type === "pool")] = walk.poolAt;
let result = run(timeline.now);
let naive = match(timeline.now.image);

const side = walk.grid.length;
const chosen = () => timeline.now.features[view.chosen];

// Stage 0 is the convolution, stage n the layer n behind it; its maps are boards named `map`, `relu1`, `pooled2` …
const layerAt = (n) => timeline.now.layers[n - 1];
const kindAt = (n) => LAYERS[layerAt(n).type];
const nth = (n) => timeline.now.layers.slice(0, n).filter(({type}) => type === layerAt(n).type).length;
const workOf = (n) => `${layerAt(n).type}-work-${nth(n)}`;
const stageName = (n) => (n ? kindAt(n).grid + nth(n) : "map");

// Replace parts of the state. Changes with one `join` in a row, such as a stroke, are undone as one.
function change(parts, what, join = null) {
  const joins = join !== null && join === timeline.joined;
  if (!joins) {
    timeline.past.push(timeline.now);
    timeline.future = [];
    scores.before = {result, naive};
  }
  timeline.joined = join;
  settle({...timeline.now, ...parts}, what);
}

function travel(from, to, what) {
  if (!from.length) return;
  to.push(timeline.now);
  timeline.joined = null;
  scores.before = {result, naive};
  settle(from.pop(), what);
}
function reset() {
  change(start(), "Everything as it was at first");
  choose(walk.chosen);
}
const undo = () => travel(timeline.past, timeline.future, "Undone");
const redo = () => travel(timeline.future, timeline.past, "Done again");

// Compute everything anew and show it; boards are built anew only where their number, names or sizes have changed.
function settle(next, what) {
  pause();
  stopExperiment();
  const before = plan(), old = timeline.now;
  timeline.now = next;
  if (old.image !== next.image) naive = match(next.image);
  if (old.image !== next.image || networkChanged(old, next)) result = run(next);
  view.chosen = Math.min(view.chosen, next.features.length - 1);
  for (const note of NOTES) tell(note, "");
  if (plan() !== before) build();
  update();
  if (what) say(what);
  remember();
}

// What a note says was true of what was shown before.
const NOTES = ["#picture-note", "#feature-note", "#weight-note", "#experiment-note", "#learn-note"];

const networkChanged = (old, next) => old.features !== next.features || old.layers !== next.layers;

// What the boards that are on the page depend on.
function plan() {
  const {features, layers} = timeline.now;
  return JSON.stringify([features.map(({name, cells}) => [name, size(cells)]), layers, result.silent, view.chosen]);
}

// The page from outside, in plain arrays: `image` in rows; `features` and `maps` {name: rows}; `layers` those behind
// the convolution, with their types; `after` {name: rows} for each of them, `pooled` the same for the pooling layers
// alone; `weights` {label: {name: rows}}; `votes` {label: number}; `verdict` a label; `practice` a number of pictures.
// Where the votes are silent, `votes` is {} and `verdict` null; layers whose window does not fit have no maps.
const named = (maps) => Object.fromEntries(timeline.now.features.map(({name}, f) => [name, copy(maps[f])]));
function lessonState() {
  const {image, features, layers} = timeline.now, after = result.values.slice(1).map(named);
  const learned = features.filter(({weights}) => weights !== null);
  return {
    image: copy(image),
    features: named(features.map(({cells}) => cells)),
    layers: layers.map((layer) => ({...layer})),
    maps: named(result.values[0]),
    after,
    pooled: after.filter((_, n) => layers[n].type === "pool"),
    weights: Object.fromEntries(walk.labels.map((label, l) =>
      [label, Object.fromEntries(learned.map(({name, weights}) => [name, copy(weights[l])]))])),
    votes: Object.fromEntries(result.totals.map((total, l) => [walk.labels[l], total])),
    verdict: walk.labels[result.verdict] ?? null,
    practice: practice().length,
  };
}
window.lesson = {state: lessonState, learn, practice: () => practice().map(({label, image, apart}) =>
  ({label: walk.labels[label], image: copy(image), apart}))};
