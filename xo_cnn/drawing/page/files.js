// Files that the command line reads: a feature, the grid, the whole network.

const gridText = (rows) => {
  const texts = rows.map((row) => row.map(shortest));
  const wide = Math.max(...texts.flat().map((text) => text.length));
  return texts.map((row) => row.map((text) => text.padStart(wide)).join(" ") + "\n").join("");
};

function download(name, text, type = "text/plain") {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Names that every file system takes, each once.
function fileNames() {
  const names = [];
  for (const {name} of timeline.now.features) {
    let stem = name.replace(/[^\p{L}\p{N}_ -]/gu, "_").trim() || "feature";
    while (names.some((other) => other.toLowerCase() === stem.toLowerCase())) stem += "_";
    names.push(stem);
  }
  return names;
}

const quoted = (text) => JSON.stringify(text).replace(/\x7f/g, "\\u007f");

// A network with the page's features and layers; where there are no weights that fit, they are 0.
function networkText() {
  const {features, layers} = timeline.now, names = fileNames();
  const lines = [`# Changed on the page of ${walk.name}.`];
  if (result.silent) lines.push("# The weights of 0 have yet to be learned; see xo-cnn train.");
  lines.push(`grid = ${side}`, `features = [${names.map((name) => quoted(name + ".txt")).join(", ")}]`,
    `labels = [${walk.labels.map(quoted).join(", ")}]`, "", "[[layers]]", 'type = "convolve"');
  for (const {type, window, stride} of layers)
    lines.push("", "[[layers]]", `type = "${type}"`, ...(window ? [`window = ${window}`, `stride = ${stride}`] : []));
  walk.labels.forEach((label, l) => {
    lines.push("", `[votes.${quoted(label)}]`);
    features.forEach((feature, f) => lines.push(`${quoted(names[f])} = [`, ...fitting(feature, l, f).map((row) =>
      `    [${row.map(String).join(", ")}],`), "]"));
  });
  return lines.join("\n") + "\n";
}

// Weights as a file has them, rounded as `xo-cnn train` rounds those that it learned.
function fitting({weights}, label, f) {
  const last = result.values.at(-1)[f], own = weights?.[label];
  const rounded = timeline.now.learned === null ? (weight) => weight : (weight) => Number(weight.toFixed(3)) + 0;
  return own && sameShape(own, last) ? own.map((row) => row.map(rounded)) : last.map((row) => row.map(() => 0));
}

function saveNetwork() {
  if (result.values.length <= timeline.now.layers.length) {
    tell("#link-note", `There is no such network. ${result.silent}`);
    return;
  }
  const names = fileNames();
  download("lesson.toml", networkText());
  names.forEach((name, f) => download(`${name}.txt`, gridText(timeline.now.features[f].cells)));
  tell("#link-note", `Saved: lesson.toml and ${listed(names.map((name) => `${name}.txt`))}. Keep them in one folder.`);
  if (result.silent) $("#link-note").append(" The weights that are missing are 0: Learn gives the network its own.");
}

// The page itself, which opens with what it shows now.
function savePage() {
  const slot = /(<script type="application\/json" id="walk">)[^]*?(<\/script>)/;
  const data = JSON.stringify({...walk, hash: address()}).replace(/[<>&]/g, (mark) =>
    `\\u00${mark.charCodeAt(0).toString(16)}`);
  download("lesson.html", "<!doctype html>\n" + source.replace(slot, (_, open, close) => open + data + close), "text/html");
  tell("#link-note", "Saved: lesson.html, which opens with this picture, these features and these weights.");
}

function prepareFiles() {
  $("#save-page").addEventListener("click", savePage);
  $("#copy-link").addEventListener("click", copyLink);
  $("#save-grid").addEventListener("click", () => {
    download("grid.txt", gridText(timeline.now.image));
    tell("#link-note", "Saved: grid.txt, the picture as it is now.");
  });
  $("#save-feature").addEventListener("click", () => {
    const name = fileNames()[view.chosen];
    download(`${name}.txt`, gridText(chosen().cells));
    tell("#link-note", `Saved: ${name}.txt, the feature that is chosen.`);
  });
  $("#save-network").addEventListener("click", saveNetwork);
}
