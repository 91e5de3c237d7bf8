// Painting: press and drag, with mouse, pen or finger; and what Enter, Space and a click do to a cell.

const aboutOf = (cell) => cell.closest(".grid").about;
const stroke = {number: 0, value: null, element: null, last: null};

// What is where in a board: by its measure, for a captured pointer reports no cell.
function cellAt(element, x, y) {
  const {cells} = element;
  const [first, last] = [cells[0][0], cells.at(-1).at(-1)].map((cell) => cell.getBoundingClientRect());
  const row = Math.floor((y - first.top) / (last.bottom - first.top) * cells.length);
  const column = Math.floor((x - first.left) / (last.right - first.left) * cells[0].length);
  return cells[row]?.[column] ? [row, column] : null;
}

// All cells on the straight way from one to another, so that a quick stroke has no gaps.
function way([fromRow, fromColumn], [toRow, toColumn]) {
  const length = Math.max(Math.abs(toRow - fromRow), Math.abs(toColumn - fromColumn));
  return Array.from({length}, (_, step) => [
    Math.round(fromRow + (toRow - fromRow) * (step + 1) / length),
    Math.round(fromColumn + (toColumn - fromColumn) * (step + 1) / length)]);
}

function paint(places, value, join) {
  const image = copy(timeline.now.image);
  const changed = places.filter(([row, column]) => image[row][column] !== value);
  for (const [row, column] of changed) image[row][column] = value;
  if (changed.length) change({image}, value > 0 ? "Drawn in white" : "Drawn in black", join);
}

const turned = ([row, column]) => (timeline.now.image[row][column] > 0 ? -1 : 1);

// A stroke draws white, also where it begins on white and goes on; with Shift it draws black. A click flips a cell.
// A finger must rest before it draws: one that moves at once scrolls.
const REST = 250;

function startStroke(event, element) {
  const at = cellAt(element, event.clientX, event.clientY);
  if (!at) return;
  Object.assign(stroke, {element, first: at, last: null, pointer: event.pointerId, x: event.clientX, y: event.clientY,
    value: event.shiftKey ? -1 : 1});
  if (event.pointerType === "touch") {
    stroke.timer = setTimeout(() => draw(element, at), REST);
  } else {
    event.preventDefault();
    draw(element, at);
  }
}

// A white cell waits: a click turns it black, a stroke goes on from it.
function draw(element, at) {
  element.setPointerCapture(stroke.pointer);
  element.classList.add("drawing");
  stroke.number += 1;
  stroke.last = at;
  stroke.moved = false;
  if (timeline.now.image[at[0]][at[1]] <= 0 || stroke.value < 0) { paint([at], stroke.value, stroke.number); stroke.moved = true; }
  element.cells[at[0]][at[1]].focus({preventScroll: true});
}

function goOn(event) {
  const {element} = stroke;
  if (!element || event.pointerId !== stroke.pointer) return;
  if (stroke.last === null) {
    if (Math.hypot(event.clientX - stroke.x, event.clientY - stroke.y) > 8) endStroke();
    return;
  }
  for (const {clientX, clientY} of event.getCoalescedEvents?.() ?? [event]) {
    const at = cellAt(element, clientX, clientY);
    if (!at || at[0] === stroke.last[0] && at[1] === stroke.last[1]) continue;
    stroke.moved = true;
    paint(way(stroke.last, at), stroke.value, stroke.number);
    stroke.last = at;
  }
}

function endStroke(tapped = false) {
  const {element, first} = stroke;
  clearTimeout(stroke.timer);
  element?.classList.remove("drawing");
  const flips = tapped && element && (stroke.last === null || !stroke.moved);
  Object.assign(stroke, {element: null, last: null});
  if (flips) paint([first], turned(first), null);
}

// A feature's cell goes from 1 to 0 to -1 and to 1 again.
function turnFeature(f, [row, column]) {
  const value = timeline.now.features[f].cells[row][column];
  setFeatureCell(f, [row, column], value > 0 ? (value === 1 ? 0 : 1) : value === 0 ? -1 : 1);
}

function press(cell) {
  const about = aboutOf(cell);
  if (about.kind === "image") paint([cell.at], turned(cell.at), null);
  else if (about.kind === "feature") turnFeature(about.feature, cell.at);
  else if (about.kind === "shift") takeShift(about, cell.at);
  else return false;
  return true;
}

function preparePainting() {
  document.addEventListener("pointerdown", (event) => {
    const element = event.target.closest?.(".paints");
    if (element && event.button === 0 && event.isPrimary) startStroke(event, element);
  });
  document.addEventListener("pointermove", goOn);
  document.addEventListener("pointerup", () => endStroke(true));
  document.addEventListener("pointercancel", () => endStroke());
  document.addEventListener("touchmove", (event) => { if (stroke.last) event.preventDefault(); }, {passive: false});
  document.addEventListener("contextmenu", (event) => { if (stroke.element) event.preventDefault(); });
}
