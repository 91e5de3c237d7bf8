// What can be changed, how it is undone, and what is shown of it.

const ownFeatures = () => walk.features.map(({name, cells}, origin) => ({name, cells: copy(cells), origin}));

// A feature that the lesson was asked for and that is not the network's is its guest: it has a map and no votes.
const start = () => ({
  image: copy(walk.grid),
  features: [...ownFeatures(), ...walk.guests.map(({name, cells}) => ({name, cells: copy(cells), origin: null}))],
  layers: walk.layers.map(([window, stride]) => ({window, stride})),
  deforms: 0,                                    // how often it was deformed: the seed of the next time
});

// States are never changed in place: `now` is replaced, and what it was goes to `past`.
const timeline = {now: start(), past: [], future: [], joined: null};
const view = {chosen: walk.chosen, at: walk.at, poolAt: [walk.poolAt], vote: null, shown: null};
let result = run(timeline.now);
let naive = match(timeline.now.image);

const side = walk.grid.length;
const chosen = () => timeline.now.features[view.chosen];

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
  const before = plan();
  timeline.now = next;
  result = run(next);
  naive = match(next.image);
  view.chosen = Math.min(view.chosen, next.features.length - 1);
  if (plan() !== before) build();
  update();
  say(what);
  remember();
}

// What the boards that are on the page depend on.
function plan() {
  const {features, layers} = timeline.now;
  return JSON.stringify([features.map(({name, cells}) => [name, size(cells)]), layers, result.silent, view.chosen]);
}

// The page from outside, in plain arrays: `image` in rows; `features` and `maps` {name: rows}; `layers`
// [{window, stride}]; `pooled` [{name: rows}] for each pooling layer; `votes` {label: number}; `verdict` a label.
// Where the votes are silent, `votes` is {} and `verdict` null; layers whose window does not fit have no `pooled`.
const named = (maps) => Object.fromEntries(timeline.now.features.map(({name}, f) => [name, copy(maps[f])]));
window.lesson = {
  state: () => ({
    image: copy(timeline.now.image),
    features: named(timeline.now.features.map(({cells}) => cells)),
    layers: timeline.now.layers.map((layer) => ({...layer})),
    maps: named(result.values[0]),
    pooled: result.values.slice(1).map(named),
    votes: Object.fromEntries(result.totals.map((total, l) => [walk.labels[l], total])),
    verdict: walk.labels[result.verdict] ?? null,
  }),
};
