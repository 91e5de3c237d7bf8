// Opening what the page saves: a grid, features, a network with its features. Everything else is a picture.

async function takeFiles(files) {
  const texts = files.filter(({name}) => /\.(txt|toml)$/i.test(name));
  if (!files.length) return;
  if (!texts.length) { await takePicture(files[0]); return; }
  try {
    const read = await Promise.all(texts.map(async (file) => ({name: file.name, text: await file.text()})));
    const network = read.find(({name}) => /\.toml$/i.test(name)), grids = read.filter((one) => one !== network);
    if (network) openNetwork(network, grids);
    else for (const one of grids) openGrid(one);
  } catch (error) {
    tell("#picture-note", error.message);
  }
}

// A grid as text: a row on each line, numbers between blanks, comments after #.
function gridFrom({name, text}) {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const rows = lines.map((line) => line.split(/[\s,]+/).map(Number));
  const even = rows.length && rows.every((row) => row.length === rows[0].length);
  if (!even || !rows.flat().every((value) => Math.abs(value) <= 1))
    throw new Error(`${name} is not a picture that this browser can read, and not a grid of numbers from -1 to 1.`);
  return rows.map((row) => row.map((value) => value + 0));
}

// A grid of the picture's size is the picture, a smaller one a feature.
function openGrid(file) {
  const rows = gridFrom(file), stem = file.name.replace(/\.\w+$/, "").replace(/[/\\]/g, "_").slice(0, 40);
  if (rows.length === side && rows[0].length === side) {
    change({image: rows}, `Opened ${file.name}`);
    tell("#picture-note", `${file.name} is the picture now.`);
    return;
  }
  const {features} = timeline.now, old = features.findIndex(({name}) => name === stem);
  if (Math.max(rows.length, rows[0].length) > side || features.length >= MOST_FEATURES)
    throw new Error(`${file.name} is a grid of ${size(rows)}: this page's picture has ${side}×${side} cells.`);
  const fits = old >= 0 && sameShape(features[old].cells, rows);
  const name = old < 0 || fits ? stem : `${stem} 2`;
  if (!fits) view.chosen = features.length;
  change({features: fits ? withFeature(old, {cells: rows}) : [...features, newFeatureOf({name, cells: rows})]},
    `Opened the feature ${name}`);
  tell("#picture-note", `${file.name} is the feature ${name} now.`);
}

// The part of TOML that network files are made of, as [table, key, value] in their order.
function entriesOf({name, text}) {
  const entries = [], lines = text.split(/\r?\n/).filter((line) => !/^\s*(#|$)/.test(line));
  let table = "";
  for (let at = 0; at < lines.length; at++) {
    const head = /^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*$/.exec(lines[at]);
    if (head) { table = head[2]; if (head[1] === "[[") entries.push([table, "", null]); continue; }
    let [, key, value] = /^\s*("(?:[^"\\]|\\.)*"|[\w-]+)\s*=\s*(.*)$/.exec(lines[at]) ?? [];
    const open = (some) => (some.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/\[/g) ?? []).length >
      (some.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/\]/g) ?? []).length;
    while (value !== undefined && open(value) && at + 1 < lines.length) value += lines[++at];
    try {
      entries.push([table, key.startsWith('"') ? JSON.parse(key) : key, JSON.parse(value.replace(/,(\s*\])/g, "$1"))]);
    } catch {
      throw new Error(`${name} is not a network file: ${lines[at]?.trim().slice(0, 60)}`);
    }
  }
  return entries;
}

function openNetwork(file, grids) {
  const entries = entriesOf(file), top = (wanted) => entries.find(([table, key]) => !table && key === wanted)?.[2];
  const labels = top("labels") ?? [], files = top("features") ?? [];
  if (top("grid") !== side || labels.join() !== walk.labels.join())
    throw new Error(`${file.name} is for ${top("grid")}×${top("grid")} cells and the labels ${listed(labels.map(String))}; ` +
      `this page has ${side}×${side} and ${listed(walk.labels)}.`);
  const layers = [];
  for (const [table, key, value] of entries.filter(([table]) => table === "layers")) {
    if (value === null) layers.push({});
    else layers.at(-1)[key] = value;
  }
  if (layers.shift()?.type !== "convolve" || layers.length > MOST_LAYERS || files.length > MOST_FEATURES)
    throw new Error(`${file.name} does not begin with a convolution, or has more layers or features than a page shows.`);
  const features = files.map((path, f) => featureOf(String(path), grids, entries, labels, f));
  const described = layers.map(({type, window, stride}) =>
    describedLayer(type === "pool" ? `${window}-${stride}` : String(type)));
  view.chosen = 0;
  const next = {features, layers: described};
  change({...next, learned: learnedFor({...timeline.now, ...next})}, `Opened ${file.name}`);
  tell("#picture-note", `${file.name}: ${count(features.length, "feature")} and ${count(layers.length, "layer")} behind ` +
    `the convolution.${result.silent ? ` ${result.silent}` : ""}`);
}

// A feature's cells come from the file that was opened with the network, or from a feature of that name on the page.
function featureOf(path, grids, entries, labels) {
  const name = path.replace(/^.*\//, "").replace(/\.txt$/, ""), given = grids.find((one) => one.name === path);
  const known = [...timeline.now.features, ...ownFeatures()].find((feature) => feature.name === name);
  if (!given && !known) throw new Error(`Choose ${path} together with the network: its cells are in that file.`);
  const weights = labels.map((label) => entries.find(([table, key]) =>
    [`votes.${label}`, `votes.${JSON.stringify(label)}`].includes(table) && (key === path || key === name))?.[2]);
  const whole = weights.every((grid) => Array.isArray(grid) && grid.every((row) => Array.isArray(row) &&
    row.length === grid[0].length && row.every(Number.isFinite)));
  return {name, cells: given ? gridFrom(given) : copy(known.cells), origin: null, weights: whole ? weights : null};
}
