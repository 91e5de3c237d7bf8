// Changing the network: a feature's cells, new and other features, and the pooling layers.

const withFeature = (f, parts) =>
  timeline.now.features.map((feature, other) => (other === f ? {...feature, ...parts} : feature));

// ---- a feature's cells

let edited = null;                               // the feature's cell that a typed number goes to

function noteCell(cell) {
  const {kind, feature} = aboutOf(cell);
  if (kind !== "feature") return;
  edited = {feature, at: cell.at};
  $("#number").value = shortest(timeline.now.features[feature].cells[cell.at[0]][cell.at[1]]);
}

function setFeatureCell(f, [row, column], value) {
  const {name, cells} = timeline.now.features[f];
  const changed = copy(cells);
  changed[row][column] = value;
  edited = {feature: f, at: [row, column]};
  $("#number").value = shortest(value);
  change({features: withFeature(f, {cells: changed})}, `${name}, ${place([row, column])}, is now ${plain(value)}`);
}

function typeNumber(cell, text) {
  noteCell(cell);
  const field = $("#number");
  field.value = text;
  field.focus();
  field.setSelectionRange(text.length, text.length);
}

function takeNumber() {
  const text = $("#number").value.trim().replace(",", "."), value = Number(text);
  if (!edited || edited.feature >= timeline.now.features.length) {
    tell("#feature-note", "First click the cell that the number is for.");
  } else if (text === "" || !(Math.abs(value) <= 1)) {
    tell("#feature-note", `${text || "Nothing"} is not a number from -1 to 1, which is from black to white.`);
  } else {
    tell("#feature-note", "");
    const {feature, at} = edited;
    if (timeline.now.features[feature].cells[at[0]]?.[at[1]] !== value) setFeatureCell(feature, at, value + 0);
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
  const length = Number($("#size").value), names = timeline.now.features.map(({name}) => name);
  if (length > side) { tell("#feature-note", "It would be larger than the picture."); return; }
  let number = 1;
  while (names.includes(`new${number}`)) number++;
  const cells = Array.from({length}, () => Array(length).fill(-1));
  const features = [...timeline.now.features, {name: `new${number}`, cells, origin: null}];
  tell("#feature-note", "It is all black at first: click its cells.");
  pause();
  view.chosen = features.length - 1;
  view.at = null;
  change({features}, `A new feature of ${size(cells)}`);
}

function removeFeature() {
  const {features} = timeline.now, {name} = chosen();
  const last = features.length === 1;
  tell("#feature-note", last ? "A network needs at least one feature, so the last one stays." : "");
  if (last) return;
  change({features: features.filter((_, f) => f !== view.chosen)}, `${name} removed`);
}

function renameFeature() {
  const name = $("#name").value.trim(), taken = timeline.now.features.some((feature) => feature.name === name);
  if (name === chosen().name) return;
  if (!name || /[/\\\p{C}]/u.test(name) || taken) {
    const words = taken ? `There is a feature ${name} already.` : "A name has letters or digits, and no / or \\.";
    tell("#feature-note", words);
    return;
  }
  tell("#feature-note", "");
  change({features: withFeature(view.chosen, {name})}, `${chosen().name} is now called ${name}`);
}

// ---- the pooling layers

function options(select, values, value) {
  select.replaceChildren(...values.map((each) => new Option(each, each)));
  select.value = value;
}

// All layers have the window and the stride that are chosen; a network with several has a choice of its own.
function drawChoices() {
  const {layers, features} = timeline.now;
  const same = (key) => layers.length && layers.every((layer) => layer[key] === layers[0][key]) ? layers[0][key] : "";
  const choices = (usual, value) => [...new Set([...usual, value])].sort((a, b) => a - b);
  options($("#poolings"), choices([0, 1, 2, 3], layers.length), layers.length);
  for (const [key, usual] of [["window", [2, 3]], ["stride", [1, 2, 3]]]) {
    const value = layers.length ? same(key) : remembered[key];
    options($(`#${key}`), choices(usual, value), value);
  }
  $("#feature").replaceChildren(...features.map(({name}, f) => new Option(name, f)));
  $("#feature").value = view.chosen;
  $("#name").value = chosen().name;
}

const remembered = {window: 2, stride: 2};       // for layers that are added where there were none

function chooseLayers() {
  const wanted = (key) => Number($(`#${key}`).value);
  for (const key of ["window", "stride"]) remembered[key] = wanted(key) || remembered[key];
  const {layers} = timeline.now;
  const changed = Array.from({length: wanted("poolings")}, (_, n) => {
    const old = layers[n] ?? layers.at(-1) ?? remembered;
    return {window: wanted("window") || old.window, stride: wanted("stride") || old.stride};
  });
  change({layers: changed}, changed.length ? `${count(changed.length, "pooling layer")}` : "No pooling");
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
  $("#number").addEventListener("change", takeNumber);
  $("#number").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !edited) return;
    event.preventDefault();
    takeNumber();
    const feature = timeline.now.features[edited.feature];
    cellOn(`feature:${feature.name}`, ...edited.at)?.focus();
  });
  $("#new-feature").addEventListener("click", newFeature);
  $("#remove").addEventListener("click", removeFeature);
  $("#rename").addEventListener("click", renameFeature);
  $("#name").addEventListener("keydown", (event) => { if (event.key === "Enter") renameFeature(); });
  $("#feature").addEventListener("change", () => choose(Number($("#feature").value)));
  $("#originals").addEventListener("click", () => change({features: ownFeatures()}, "The network's own features"));
  $("#original-layers").addEventListener("click", () => change({layers: start().layers}, "The network's own layers"));
  for (const id of ["#poolings", "#window", "#stride"]) $(id).addEventListener("change", chooseLayers);
}
