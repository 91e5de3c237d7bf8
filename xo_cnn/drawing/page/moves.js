// Moves: shift, turn, mirror, deform; other pictures; undo and redo. Each is a button and a key.

// Shift what is in the grid by whole cells; what comes in is black.
const shifted = (image, rows, columns) =>
  image.map((row, r) => row.map((_, c) => image[r - rows]?.[c - columns] ?? -1));
const turnedRight = (image) => image.map((row, r) => row.map((_, c) => image[image.length - 1 - c][r]));
const mirrored = (image) => image.map((row) => row.slice().reverse());

// Numbers from 0 to 1 that are the same for the same seed.
function dice(seed) {
  let state = seed * 2654435761 >>> 0;
  return () => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

// Deform a little: below one row everything slips sideways by a cell, beyond one column up or down by a cell.
function deformed(image, seed) {
  const roll = dice(seed + 1), pick = () => 1 + Math.floor(roll() * (side - 1)), way = () => (roll() < 0.5 ? -1 : 1);
  const [row, across, column, along] = [pick(), way(), pick(), way()];
  const slipped = image.map((line, r) => line.map((value, c) => (r < row ? value : line[c - across] ?? -1)));
  return slipped.map((line, r) => line.map((value, c) => (c < column ? value : slipped[r - along]?.[c] ?? -1)));
}

function deform() {
  const {image, deforms} = timeline.now;
  change({image: deformed(image, deforms), deforms: deforms + 1}, "Deformed a little");
}

const move = (what, how) => () => change({image: how(timeline.now.image)}, what);

const shift = (way, rows, columns) => move(`Shifted ${way}`, (image) => shifted(image, rows, columns));

const MOVES = [
  {name: "Shift left", icon: "←", key: "Shift+ArrowLeft", act: shift("left", 0, -1)},
  {name: "Shift right", icon: "→", key: "Shift+ArrowRight", act: shift("right", 0, 1)},
  {name: "Shift up", icon: "↑", key: "Shift+ArrowUp", act: shift("up", -1, 0)},
  {name: "Shift down", icon: "↓", key: "Shift+ArrowDown", act: shift("down", 1, 0)},
  {name: "Turn", icon: "⟳", key: "t", act: move("Turned by a quarter", turnedRight)},
  {name: "Mirror", icon: "⇋", key: "m", act: move("Mirrored", mirrored)},
  {name: "Deform", icon: "≈", key: "d", act: deform},
  {name: "Negative", icon: "◑", key: "n", act: move("Black and white swapped", (image) =>
    image.map((row) => row.map((value) => 0 - value)))},
];

const PICTURES = [
  ...walk.exemplars.map(({name, cells}) => ({name: `Take the saved ${name}`, key: name.toLowerCase(),
    act: () => change({image: copy(cells)}, `The saved ${name}`)})),
  {name: "Clear", key: "c", act: move("Cleared", (image) => image.map((row) => row.map(() => -1)))},
  {name: "Reset", key: "r", act: reset},
  {name: "Undo", icon: "↶", key: "Control+z", act: undo},
  {name: "Redo", icon: "↷", key: "Control+Shift+z", act: redo},
];

function moveButton({name, icon, key, act}) {
  const element = button("", act);
  if (icon) {
    const picture = make("span", "icon", icon);
    picture.setAttribute("aria-hidden", "true");
    element.append(picture);
  }
  element.append(name);
  element.title = `Key: ${key.replace("Arrow", "").replace("Control", "Ctrl")}`;
  element.setAttribute("aria-keyshortcuts", key);
  return element;
}

// Single letters act where the picture has the focus: elsewhere they belong to a screen reader or to the browser.
function pressKey(event) {
  const types = event.target.matches?.("input[type=text]:not([readonly])"), chooses = event.target.matches?.("select");
  if (event.altKey || types) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const command = event.ctrlKey || event.metaKey;
  if (command && (key === "z" || key === "y")) (event.shiftKey || key === "y" ? redo : undo)();
  else if (command || chooses || key.length === 1 && !event.target.closest?.("#image-place")) return;
  else {
    const pressed = (event.shiftKey && ARROWS[key] ? "Shift+" : "") + key;
    const found = [...MOVES, ...PICTURES].find((each) => each.key === pressed);
    if (!found) return;
    found.act();
  }
  event.preventDefault();
}

function prepareMoves() {
  $("#moves").append(...MOVES.map(moveButton));
  $("#pictures").append(...PICTURES.map(moveButton));
  $("#experiment").addEventListener("click", runExperiment);
  document.addEventListener("keydown", pressKey);
}
