// Changing the network: a feature's cells, new and other features, and the pooling layers.

const withFeature = (f, parts) =>
  timeline.now.features.map((feature, other) => (other === f ? {...feature, ...parts} : feature));

// ---- a feature's cells, and the weights

let edited = null;                               // the cell that a typed number goes to: {kind, feature, label, at}

const fieldOf = ({kind}) => $(kind === "vote" ? "#weight" : "#number");
const numberOf = ({kind, feature, label, at: [row, column]}) => {
  const {cells, weights} = timeline.now.features[feature] ?? {};
  return (kind === "vote" ? weights?.[label] : cells)?.[row]?.[column];
};

function noteCell(cell) {
  const {kind, feature, label} = aboutOf(cell);
  if (kind !== "feature" && kind !== "vote") return;
  edited = {kind, feature, label, at: cell.at};
  fieldOf(edited).value = shortest(numberOf(edited));
}

const replaced = (rows, [row, column], value) =>
  rows.map((line, r) => (r === row ? line.map((old, c) => (c === column ? value : old)) : line));

function setFeatureCell(f, at, value) {
  const {name, cells} = timeline.now.features[f];
  edited = {kind: "feature", feature: f, at};
  $("#number").value = shortest(value);
  change({features: withFeature(f, {cells: replaced(cells, at, value)})}, `${name}, ${place(at)}, is now ${plain(value)}`);
}

function setWeight({feature: f, label, at}, value) {
  const {name, weights} = timeline.now.features[f];
  const changed = weights.map((grid, l) => (l === label ? replaced(grid, at, value) : grid));
  const features = withFeature(f, {weights: changed});
  change({features, learned: learnedFor({...timeline.now, features})},
    `The weight of ${name}, ${place(at)}, for ${walk.labels[label]} is now ${digits(value)}`);
}

function typeNumber(cell, text) {
  noteCell(cell);
  const field = fieldOf(edited);
  field.value = text;
  field.focus();
  field.setSelectionRange(text.length, text.length);
}

// Take the number that was typed for a feature's cell, or for a weight.
function takeNumber(kind) {
  const field = fieldOf({kind}), note = kind === "vote" ? "#weight-note" : "#feature-note";
  if (kind === "vote" && edited?.kind !== "vote" && view.vote) edited = {kind, ...view.vote};
  const text = field.value.trim().replace(",", "."), value = Number(text), most = kind === "vote" ? 1e6 : 1;
  const old = edited?.kind === kind ? numberOf(edited) : undefined;
  if (old === undefined) tell(note, "First click the cell that the number is for.");
  else if (text === "" || !(Math.abs(value) <= most)) {
    tell(note, kind === "vote" ? `${text || "Nothing"} is not a number.`
      : `${text || "Nothing"} is not a number from -1 to 1, which is from black to white.`);
  } else {
    tell(note, "");
    if (value === old) return;
    if (kind === "vote") setWeight(edited, value + 0);
    else setFeatureCell(edited.feature, edited.at, value + 0);
  }
}

// ---- features as a whole

function choose(f) {
  pause();
  view.chosen = f;
  view.at = highest(result.sums[0][f]);
  build();
  update();
}

function newFeature() {
  if (timeline.now.features.length >= MOST_FEATURES) {
    tell("#feature-note", `A lesson has at most ${MOST_FEATURES} features.`);
    return;
  }
  const length = Number($("#size").value), names = timeline.now.features.map(({name}) => name);
  if (length > side) { tell("#feature-note", "It would be larger than the picture."); return; }
  let number = 1;
  while (names.includes(`new${number}`)) number++;
  const cells = Array.from({length}, () => Array(length).fill(-1));
  const features = [...timeline.now.features, newFeatureOf({name: `new${number}`, cells})];
  pause();
  view.chosen = features.length - 1;
  view.at = null;
  change({features}, `A new feature of ${size(cells)}`);
  tell("#feature-note", "It is all black at first: change its cells.");
}

function removeFeature() {
  const {features} = timeline.now, {name} = chosen();
  const last = features.length === 1;
  tell("#feature-note", last ? "A network needs at least one feature, so the last one stays." : "");
  if (last) return;
  change({features: features.filter((_, f) => f !== view.chosen)}, `${name} removed`);
}

const goodName = (name) => Boolean(name) && name.length <= 40 && !/[/\\\p{C}]/u.test(name);

function renameFeature() {
  const name = $("#name").value.trim(), taken = timeline.now.features.some((feature) => feature.name === name);
  if (name === chosen().name) return;
  if (!goodName(name) || taken) {
    const words = taken ? `There is a feature ${name} already.` : "A name has letters or digits, and no / or \\.";
    tell("#feature-note", words);
    return;
  }
  tell("#feature-note", "");
  change({features: withFeature(view.chosen, {name})}, `${chosen().name} is now called ${name}`);
}

// ---- the layers

function options(select, values, value) {
  select.replaceChildren(...values.map((each) => new Option(each, each)));
  select.value = value;
}

const poolsOf = (layers) => layers.filter(({type}) => type === "pool");

// All pooling layers have the window and the stride that are chosen; a network with several has a choice of its own.
function drawChoices() {
  const {layers, features} = timeline.now, pools = poolsOf(layers);
  const same = (key) => pools.length && pools.every((layer) => layer[key] === pools[0][key]) ? pools[0][key] : "";
  const choices = (usual, value) => [...new Set([...usual, value])].sort((a, b) => a - b);
  options($("#poolings"), choices([0, 1, 2, 3], pools.length), pools.length);
  for (const [key, usual] of [["window", [2, 3]], ["stride", [1, 2, 3]]]) {
    const value = pools.length ? same(key) : remembered[key];
    options($(`#${key}`), choices(usual, value), value);
  }
  $("#relu-switch").checked = layers.some(({type}) => type === "relu");
  $("#feature").replaceChildren(...features.map(({name}, f) => new Option(name, f)));
  $("#feature").value = view.chosen;
  $("#name").value = chosen().name;
}

const remembered = {window: 2, stride: 2};       // for layers that are added where there were none

function chooseLayers() {
  const wanted = (key) => Number($(`#${key}`).value), number = wanted("poolings");
  for (const key of ["window", "stride"]) remembered[key] = wanted(key) || remembered[key];
  const pools = poolsOf(timeline.now.layers);
  const changed = Array.from({length: number}, (_, n) => {
    const old = pools[n] ?? pools.at(-1) ?? remembered;
    return {type: "pool", window: wanted("window") || old.window, stride: wanted("stride") || old.stride};
  });
  const layers = timeline.now.layers.flatMap((layer) => (layer.type === "pool" ? changed.splice(0, 1) : [layer]));
  change({layers: [...layers, ...changed]}, number ? `${count(number, "pooling layer")}` : "No pooling");
}

// Tabs choose the feature where it is worked out.
function buildTabs() {
  document.querySelectorAll("[data-tabs]").forEach((place) => {
    place.replaceChildren(...timeline.now.features.map(({name}, f) => {
      const tab = button(name, () => choose(f));
      tab.setAttribute("aria-pressed", String(f === view.chosen));
      return tab;
    }));
  });
}

function prepareEditing() {
  for (const kind of ["feature", "vote"]) {
    const field = fieldOf({kind});
    field.addEventListener("change", () => takeNumber(kind));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !edited) return;
      event.preventDefault();
      takeNumber(kind);
      const {name} = timeline.now.features[edited.feature] ?? {};
      cellOn(kind === "vote" ? `votes:${walk.labels[edited.label]}:${name}` : `feature:${name}`, ...edited.at)?.focus();
    });
  }
  $("#relu-switch").addEventListener("change", () => switchRelu($("#relu-switch").checked));
  $("#new-feature").addEventListener("click", newFeature);
  $("#remove").addEventListener("click", removeFeature);
  $("#rename").addEventListener("click", renameFeature);
  $("#name").addEventListener("keydown", (event) => { if (event.key === "Enter") renameFeature(); });
  $("#feature").addEventListener("change", () => choose(Number($("#feature").value)));
  $("#originals").addEventListener("click", () => change({features: ownFeatures()}, "The network's own features"));
  $("#original-layers").addEventListener("click", () => change({layers: start().layers}, "The network's own layers"));
  for (const id of ["#poolings", "#window", "#stride"]) $(id).addEventListener("change", chooseLayers);
}
