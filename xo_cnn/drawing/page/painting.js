// Painting: press and drag, with mouse, pen or finger; and what Enter, Space and a click do to a cell.

const aboutOf = (cell) => cell.closest(".grid").about;
const stroke = {number: 0, value: null, last: null};

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

function startStroke(event, element) {
  const at = cellAt(element, event.clientX, event.clientY);
  if (!at) return;
  event.preventDefault();
  element.setPointerCapture(event.pointerId);
  Object.assign(stroke, {number: stroke.number + 1, value: turned(at), last: at, pointer: event.pointerId});
  paint([at], stroke.value, stroke.number);
  element.cells[at[0]][at[1]].focus({preventScroll: true});
}

function goOn(event, element) {
  if (stroke.last === null || event.pointerId !== stroke.pointer) return;
  for (const {clientX, clientY} of event.getCoalescedEvents?.() ?? [event]) {
    const at = cellAt(element, clientX, clientY);
    if (!at) continue;
    paint(way(stroke.last, at), stroke.value, stroke.number);
    stroke.last = at;
  }
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
  else return false;
  return true;
}

function preparePainting() {
  document.addEventListener("pointerdown", (event) => {
    const element = event.target.closest?.(".paints");
    if (element && event.button === 0) startStroke(event, element);
  });
  document.addEventListener("pointermove", (event) => {
    const element = event.target.closest?.(".paints");
    if (element) goOn(event, element);
  });
  for (const kind of ["pointerup", "pointercancel"])
    document.addEventListener(kind, () => { stroke.last = null; });
}
