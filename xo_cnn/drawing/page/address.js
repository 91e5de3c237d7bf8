// The state in the address: #image=…&layers=…&feature=…&weights=…, in characters that survive mail and messengers.

// A row of 1, 0 and -1 is drawn as x, o and dots; other numbers stand side by side with ~ between them.
const MARKS = {1: "x", 0: "o", "-1": "."};
const drawn = (rows) => rows.map((row) => row.every((value) => value in MARKS)
  ? row.map((value) => MARKS[value]).join("") : row.map(shortest).join("~")).join("_");

function undrawn(text) {
  const values = {x: 1, o: 0, ".": -1};
  const rows = text.split("_").map((row) =>
    /^[xo.]+$/.test(row) ? [...row].map((mark) => values[mark]) : row.split("~").map((number) =>
      number.trim() === "" ? NaN : Number(number)));
  const even = rows.every((row) => row.length === rows[0].length);
  if (!even || !rows.flat().every((value) => Math.abs(value) <= 1)) throw new Error("not a grid");
  return rows;
}

const drawnFeature = ({name, cells, origin}) =>
  `feature=${origin ?? "new"}:${encodeURIComponent(name)}:${drawn(cells)}`;
const drawnLayers = (layers) =>
  "layers=" + layers.map(({type, window, stride}) => (type === "pool" ? `${window}-${stride}` : type)).join("_");

// All weights in single precision, as base64 that needs no escapes; features without any have none.
const allWeights = (features) => walk.labels.flatMap((_, l) => features.flatMap(({weights}) => weights?.[l].flat() ?? []));
const packed = (numbers) => btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(numbers).buffer)))
  .replace(/[+/=]/g, (mark) => ({"+": "-", "/": "_", "=": ""})[mark]);
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (mark) => mark.charCodeAt(0));
  return [...new Float32Array(bytes.buffer)].map(single);
}

// Features and layers are in the address only where they are not the network's own.
function address() {
  const {image, features, layers} = timeline.now, first = start();
  const parts = ["image=" + drawn(image)];
  if (drawnLayers(layers) !== drawnLayers(first.layers)) parts.push(drawnLayers(layers));
  const pieces = features.map(drawnFeature);
  if (pieces.join() !== first.features.map(drawnFeature).join()) parts.push(...pieces);
  if (!result.silent && features.some(ownWeights)) parts.push(`weights=${packed(allWeights(features))}`);
  return "#" + parts.join("&");
}

// Whether a feature votes with other weights than the network came with.
const ownWeights = ({origin, weights}) =>
  weights !== null && (origin === null || weights.some((grid, l) => grid !== walk.votes[l][origin]));

// Nobody draws more; a page with thousands of boards stands still.
const MOST_FEATURES = 64, MOST_LAYERS = 9;

// The state that an address describes; an Error where it describes none that this page can show.
function described(hash) {
  const first = start(), features = [];
  let {image, layers} = first, weights = null;
  for (const part of hash.slice(1).split("&")) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(part) ?? [];
    if (key === "image") image = undrawn(value);
    else if (key === "layers") layers = value ? value.split("_").map(describedLayer) : [];
    else if (key === "feature" && features.length < MOST_FEATURES) features.push(describedFeature(value));
    else if (key === "weights") weights = unpacked(value);
    else throw new Error("unknown entry");
  }
  const names = features.map(({name}) => name);
  const fits = sameShape(image, first.image) && layers.length <= MOST_LAYERS && new Set(names).size === names.length;
  if (!fits) throw new Error("does not fit");
  const state = {...first, image, layers, features: features.length ? features : first.features};
  return weights ? {...state, features: describedWeights(state, weights), learned: learnedFor(state)} : state;
}

// One number for each cell of the last maps and each label, by label and feature.
function describedWeights(state, weights) {
  const {sums} = runLayers(state.image, state.features, state.layers), last = sums.at(-1), given = [...weights];
  const grids = walk.labels.map(() => last.map((map) => map.map((row) => given.splice(0, row.length))));
  const whole = grids.flat(2).every((row, _, all) => row.every(Number.isFinite) && row.length) && !given.length;
  if (!whole || sums.length <= state.layers.length) throw new Error("not the weights of this network");
  return state.features.map((feature, f) => ({...feature, weights: grids.map((label) => label[f])}));
}

function describedLayer(text) {
  if (text === "relu") return {type: "relu"};
  const [window, stride] = text.split("-").map(Number);
  if (![window, stride].every((length) => Number.isInteger(length) && length >= 1)) throw new Error("not a layer");
  return {type: "pool", window, stride};
}

function describedFeature(text) {
  const [whose, name, cells] = text.split(":");
  const origin = whose === "new" ? null : Number(whose), rows = undrawn(cells), own = walk.features[origin];
  if (origin !== null && !(own && sameShape(own.cells, rows))) throw new Error("not a feature of this network");
  if (Math.max(rows.length, rows[0].length) > side) throw new Error("not a feature");
  const called = decodeURIComponent(name);
  if (!goodName(called)) throw new Error("not a name");
  return {name: called, cells: rows, origin, weights: own ? weightsOf(origin) : null};
}

// Browsers refuse an address that changes too often: a number of times it is written at once, then when it may be.
const BURST = 20, PAUSE = 400;
const written = {hash: "", left: BURST, at: 0, timer: null};
function remember() {
  clearTimeout(written.timer);
  written.left = Math.min(BURST, written.left + (performance.now() - written.at) / PAUSE);
  written.at = performance.now();
  if (written.left >= 1) writeAddress();
  else written.timer = setTimeout(writeAddress, PAUSE);
}
function writeAddress() {
  clearTimeout(written.timer);
  written.left -= 1;
  written.hash = address();
  window.history.replaceState(null, "", written.hash);
}

// Open what the address describes: when the page is opened, and when another address is put in.
function openAddress(first = "") {
  const hash = location.hash || first;
  if (hash === "" || hash === written.hash) return;
  try {
    const state = described(hash);
    change(state, "Opened from the link");
  } catch {
    say("The link does not fit this page, so the page's own lesson is shown");
  }
}

// The link stands in a field too: not every browser lets a page that is a file use the clipboard.
async function copyLink() {
  writeAddress();
  const field = $("#link");
  field.hidden = false;
  field.value = location.href;
  field.focus();
  field.select();
  const copied = await navigator.clipboard?.writeText(field.value).then(() => true, () => false);
  tell("#link-note", `${copied ? "The link is copied." : "Copy this link."} It opens this lesson with this picture, ` +
    "these features and these weights." + (location.protocol === "file:" ? " This page is a file, so the link works on " +
    "this computer only: to share the lesson, save the page and send that file." : ""));
}
