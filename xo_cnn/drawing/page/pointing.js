// Pointing, and walking over the cells with keys.

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
  const place = kind === "vote" ? "#vote-work" : kind === "map" ? (stage ? `#${workOf(stage)}` : "#map-work") : null;
  tell("#heard", place ? [...$(place).querySelectorAll("h3, p")].map((part) => part.textContent).join(". ") : "");
}

// Keys go first until the mouse moves: a page that scrolls under a mouse at rest is not pointed at.
let keyed = false;

function preparePointing() {
  document.addEventListener("pointermove", (event) => {
    if (!keyed || !(event.movementX || event.movementY)) return;
    keyed = false;
    point(event);
  });
  document.addEventListener("pointerover", (event) => { if (!keyed) point(event); });
  document.addEventListener("keydown", () => { keyed = true; }, true);
  document.addEventListener("focusin", focused);
  document.addEventListener("click", clicked);
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
  else if (["feature", "vote"].includes(aboutOf(cell).kind) && /^[-.\d]$/.test(event.key)) typeNumber(cell, event.key);
  else return;
  event.preventDefault();
}

// A board is one stop for Tab: the cell that was focused last.
function focused(event) {
  const cell = event.target.closest?.(".cell");
  if (cell?.at) {
    cell.closest(".grid").querySelectorAll("[tabindex='0']").forEach((other) => { other.tabIndex = -1; });
    cell.tabIndex = 0;
    noteCell(cell);
  }
  point(event);
  if (cell?.at) hear(aboutOf(cell));
}

function clicked(event) {
  const cell = event.target.closest?.(".cell");
  if (!cell?.at) return;
  // A click without a pointer comes from assistive technology; after one with it the picture is painted already.
  const byPointer = event.detail > 0, {grid, row, column} = cell.dataset;
  if (!(byPointer && grid === "image") && !press(cell)) point(event);
  if (byPointer) cellOn(grid, row, column)?.focus({preventScroll: true});
}
