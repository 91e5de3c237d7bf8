// Painting and pointing: with mouse, pen, finger and keys.

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

// ---- pointing

function pointed(target) {
  const part = target.closest?.(".bars > *");
  if (part?.about) return part.about;
  const cell = target.closest?.(".cell");
  if (!cell?.at || cell.classList.contains("hidden")) return null;
  return {...aboutOf(cell), at: cell.at};
}

function point(event) {
  if (player.timer !== null || stroke.last !== null) return;
  const shown = pointed(event.target);
  if (shown && !(shown.kind === "label" && result.silent)) show(shown);
}

// Who goes over a map with the keyboard hears how the cell comes about.
function hear({kind, stage}) {
  const place = kind === "vote" ? "#vote-work" : kind === "map" ? (stage ? `#pool-work-${stage}` : "#map-work") : null;
  tell("#heard", place ? [...$(place).querySelectorAll("h3, p")].map((part) => part.textContent).join(". ") : "");
}

// Keys go first until the mouse moves: a page that scrolls under a mouse at rest is not pointed at.
let keyed = false;

function preparePointing() {
  document.addEventListener("pointerdown", (event) => {
    const element = event.target.closest?.(".paints");
    if (element && event.button === 0) startStroke(event, element);
  });
  document.addEventListener("pointermove", (event) => {
    const element = event.target.closest?.(".paints");
    if (element) goOn(event, element);
    if (!keyed || !(event.movementX || event.movementY)) return;
    keyed = false;
    point(event);
  });
  for (const kind of ["pointerup", "pointercancel"])
    document.addEventListener(kind, () => { stroke.last = null; });
  document.addEventListener("pointerover", (event) => { if (!keyed) point(event); });
  document.addEventListener("keydown", () => { keyed = true; }, true);
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.(".cell");
    if (cell?.at) {
      cell.closest(".grid").querySelectorAll("[tabindex='0']").forEach((other) => { other.tabIndex = -1; });
      cell.tabIndex = 0;
      noteCell(cell);
    }
    point(event);
    if (cell?.at) hear(aboutOf(cell));
  });
  document.addEventListener("click", (event) => {
    const cell = event.target.closest?.(".cell");
    if (!cell?.at) return;
    // A click without a pointer comes from assistive technology; after one with it the picture is painted already.
    const byPointer = event.detail > 0, {grid, row, column} = cell.dataset;
    if (!(byPointer && grid === "image") && !press(cell)) point(event);
    if (byPointer) cellOn(grid, row, column)?.focus({preventScroll: true});
  });
  document.addEventListener("keydown", walkCells);
}

const ARROWS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};

function walkCells(event) {
  const cell = event.target.closest?.(".cell");
  if (!cell?.at || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const {cells} = cell.closest(".grid"), [row, column] = cell.at, arrow = ARROWS[event.key];
  if (arrow) cells[row + arrow[0]]?.[column + arrow[1]]?.focus();
  else if (event.key === "Home") cells[row][0].focus();
  else if (event.key === "End") cells[row].at(-1).focus();
  else if (event.key === "Enter" || event.key === " ") press(cell);
  else if (aboutOf(cell).kind === "feature" && /^[-.\d]$/.test(event.key)) typeNumber(cell, event.key);
  else return;
  event.preventDefault();
}
