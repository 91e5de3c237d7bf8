// Boards: a grid of cells on the page, what is written into it, and what is outlined in it.

const $ = (selector) => document.querySelector(selector);

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

function button(text, action) {
  const element = make("button", "", text);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

// All boards by what their cells carry as data-grid.
const boards = new Map();

// A board for `rows` with numbered rows and columns. `about` says what its cells are when they are pointed at or
// changed; `most` is the side of a cell in pixels where there is room.
function board(name, rows, about, most) {
  const element = make("div", "grid");
  element.dataset.of = name;
  element.setAttribute("role", "grid");
  element.setAttribute("aria-label", `${about.title}, ${rows.length} by ${rows[0].length}`);
  element.style.setProperty("--n", rows[0].length);
  element.style.setProperty("--most", most + "px");
  element.about = about;
  rows[0].forEach((_, c) => element.append(ruler(c, 1, c + 2)));
  element.cells = rows.map((row, r) => {
    const line = make("div", "row");
    line.setAttribute("role", "row");
    line.append(ruler(r, r + 2, 1), ...row.map((_, c) => cellOf(name, r, c)));
    element.append(line);
    return [...line.querySelectorAll(".cell")];
  });
  element.cells[0][0].tabIndex = 0;
  boards.set(name, element);
  return element;
}

function ruler(number, row, column) {
  const mark = make("span", "ruler", number);
  mark.setAttribute("aria-hidden", "true");
  mark.style.gridArea = `${row} / ${column}`;
  return mark;
}

function cellOf(name, row, column) {
  const cell = make("div", "cell");
  cell.setAttribute("role", "gridcell");
  cell.style.gridArea = `${row + 2} / ${column + 2}`;
  Object.assign(cell.dataset, {grid: name, row, column});
  cell.tabIndex = -1;
  cell.at = [row, column];
  return cell;
}

// A small board without rulers for what is being worked out.
function piece(title, rows, options = {}, best = null) {
  const element = make("div", "grid piece");
  element.style.setProperty("--n", rows[0].length);
  element.cells = rows.map((row, r) => row.map((_, c) => {
    const cell = make("div", "cell");
    cell.style.gridArea = `${r + 1} / ${c + 1}`;
    element.append(cell);
    return cell;
  }));
  fill(element, rows, options);
  if (best) element.cells[best[0]][best[1]].classList.add("best");
  return figure(title, element);
}

function figure(title, element, note = "") {
  const whole = make("figure");
  const heading = typeof title === "string" ? make("h4", "", title) : title;
  whole.append(heading, element, make("figcaption", "", note));
  return whole;
}

// Write the numbers. The first `until` positions are there, the others have not been tried; `differs` is a grid that
// is compared with.
function fill(element, rows, {grid = isBlackAndWhite(rows), places = 2, until = Infinity, differs} = {}) {
  const wide = rows[0].length <= 8 && places === 2 || rows[0].length <= 4;
  let longest = places === 3 && wide ? 5.5 : 2;
  rows.forEach((row, r) => row.forEach((value, c) => {
    const full = grid || places === 0 ? plain(value) : signed(value, places);
    const number = grid || wide || places === 0 ? full : short(value);
    longest = Math.max(longest, number.length - (number.includes(".") ? 0.5 : 0));
    const hidden = r * row.length + c >= until, other = Boolean(differs && differs[r][c] !== value);
    fillCell(element.cells[r][c], {value, full, number, grid, hidden, other});
  }));
  // So small that the longest number leaves room for an outline on either side; a digit is about 0.57 as wide as tall.
  element.style.setProperty("--font", Math.min(0.4, 0.78 / (0.57 * longest)).toFixed(3));
}

// Most cells stay as they are when something changes, and are left alone.
function fillCell(cell, {value, full, number, grid, hidden, other}) {
  const filled = `${value} ${number} ${grid} ${hidden} ${other}`;
  if (cell.filled === filled) return;
  cell.filled = filled;
  cell.textContent = hidden ? "" : number;
  [cell.style.background, cell.style.color] = hidden ? ["", ""] : colour(value, grid);
  cell.classList.toggle("hidden", hidden);
  cell.classList.toggle("differs", other);
  if (cell.at)
    cell.setAttribute("aria-label", `${place(cell.at)}: ${hidden ? "not tried yet" : full}${other ? ", differs" : ""}`);
}

// A grid as a picture without numbers, a pixel for a cell, scaled by the style sheet.
function thumb(rows, grid = isBlackAndWhite(rows)) {
  const whole = make("span", "thumb"), canvas = make("canvas");
  [canvas.width, canvas.height] = [rows[0].length, rows.length];
  const context = canvas.getContext("2d");
  rows.forEach((row, r) => row.forEach((value, c) => {
    context.fillStyle = colour(value, grid)[0];
    context.fillRect(c, r, 1, 1);
  }));
  whole.append(canvas);
  whole.shape = [rows.length, rows[0].length];
  return whole;
}

// ---- outlines

function mark(element, [top, left, rows, columns], className = "") {
  if (!element) return;
  const box = make("div", `box ${className}`);
  box.setAttribute("aria-hidden", "true");
  if (element.shape) {
    const [tall, wide] = element.shape;
    Object.assign(box.style, {top: `${top / tall * 100}%`, left: `${left / wide * 100}%`,
      height: `${rows / tall * 100}%`, width: `${columns / wide * 100}%`});
  } else {
    box.style.gridArea = `${top + 2} / ${left + 2} / span ${rows} / span ${columns}`;
  }
  element.append(box);
}

const unmark = () => document.querySelectorAll(".box").forEach((box) => box.remove());
