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
// changed; `most` is the side of a cell in pixels where there is room; `numbers` those at its rows and columns.
function board(name, rows, about, most, numbers = null) {
  const element = make("div", "grid");
  element.dataset.of = name;
  element.setAttribute("role", "grid");
  element.setAttribute("aria-label", `${about.title}, ${rows.length} by ${rows[0].length}`);
  element.style.setProperty("--n", rows[0].length);
  element.style.setProperty("--most", most + "px");
  element.about = about;
  const head = make("div", "row head");
  head.setAttribute("aria-hidden", "true");
  head.append(ruler(""), ...rows[0].map((_, c) => ruler(numbers?.[c] ?? c)));
  element.append(head);
  element.cells = rows.map((row, r) => {
    const line = make("div", "row");
    line.setAttribute("role", "row");
    line.append(ruler(numbers?.[r] ?? r), ...row.map((_, c) => cellOf(name, r, c)));
    element.append(line);
    return [...line.querySelectorAll(".cell")];
  });
  element.cells[0][0].tabIndex = 0;
  element.append(overlay(element, rows));
  boards.set(name, element);
  return element;
}

// What outlines lie in: a layer of its own, so that the cells below it stay where they are.
function overlay(element, rows) {
  const layer = make("div", "overlay");
  layer.setAttribute("aria-hidden", "true");
  element.shape = [rows.length, rows[0].length];
  element.overlay = layer;
  return layer;
}

function ruler(number) {
  const mark = make("span", "ruler", number);
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

function cellOf(name, row, column) {
  const cell = make("div", "cell");
  cell.setAttribute("role", "gridcell");
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
  const heading = typeof title === "string" ? make("div", "title", title) : title;
  whole.append(heading, element, make("figcaption", "", note));
  return whole;
}

// Write the numbers. The first `until` positions are there, the others have not been tried; `differs` is a grid that
// is compared with. Most cells stay as they are when something changes, and are left alone.
function fill(element, rows, {grid = isBlackAndWhite(rows), places = 2, until = Infinity, differs} = {}) {
  const wide = rows[0].length <= 8 && places === 2 || rows[0].length <= 4;
  const spell = (value) => (grid || places === 0 ? plain(value) : signed(value, places));
  const kind = `${grid} ${places}`, fresh = element.kind !== kind;
  element.kind = kind;
  let changes = false;
  rows.forEach((row, r) => row.forEach((value, c) => {
    const cell = element.cells[r][c];
    const hidden = r * row.length + c >= until, other = differs !== undefined && differs[r][c] !== value;
    if (!fresh && cell.value === value && cell.hides === hidden && cell.differs === other) return;
    Object.assign(cell, {value, hides: hidden, differs: other});
    const full = spell(value), number = grid || wide || places === 0 ? full : short(value);
    fillCell(cell, {value, full, number, grid, hidden, other});
    changes = true;
  }));
  if (changes) fitFont(element, rows, grid, places === 3 && wide ? 5.5 : 2);
}

// So small that the longest number leaves room for an outline on either side; a digit is about 0.57 as wide as tall.
function fitFont(element, rows, grid, least) {
  const lengths = grid ? [2] : element.cells.flat().map(({number}) => number.length - (number.includes(".") ? 0.5 : 0));
  const font = Math.min(0.4, 0.78 / (0.57 * Math.max(least, ...new Set(lengths)))).toFixed(3);
  if (element.font !== font) element.style.setProperty("--font", element.font = font);
}

function fillCell(cell, {value, full, number, grid, hidden, other}) {
  cell.number = number;
  cell.textContent = hidden ? "" : number;
  [cell.style.background, cell.style.color] = hidden ? ["", ""] : colour(value, grid);
  cell.classList.toggle("hidden", hidden);
  cell.classList.toggle("differs", other);
  if (cell.at)
    cell.setAttribute("aria-label", `${place(cell.at)}: ${hidden ? "not tried yet" : full}${other ? ", differs" : ""}`);
}

// A grid as a picture without numbers, a pixel for a cell, scaled by the style sheet; drawn anew into an old one.
function thumb(rows, grid = isBlackAndWhite(rows), old = null) {
  const fits = old && old.shape[0] === rows.length && old.shape[1] === rows[0].length;
  const whole = fits ? old : make("span", "thumb"), canvas = fits ? old.firstChild : make("canvas");
  if (!fits) {
    [canvas.width, canvas.height] = [rows[0].length, rows.length];
    whole.append(canvas, overlay(whole, rows));
  }
  const picture = new ImageData(rows[0].length, rows.length), pixels = new Uint32Array(picture.data.buffer);
  let pixel = 0;
  for (const row of rows) for (const value of row) pixels[pixel++] = pixelOf(value, grid);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return whole;
}

// A colour as the four bytes of a pixel.
function pixelOf(value, grid) {
  const hex = colour(value, grid)[0];
  return 0xff000000 | parseInt(hex.slice(5, 7) + hex.slice(3, 5) + hex.slice(1, 3), 16);
}

// ---- outlines

function mark(element, [top, left, rows, columns], className = "") {
  if (!element) return;
  const box = make("div", `box ${className}`), [tall, wide] = element.shape;
  box.dataset.box = [top, left, rows, columns];
  Object.assign(box.style, {top: `${top / tall * 100}%`, left: `${left / wide * 100}%`,
    height: `${rows / tall * 100}%`, width: `${columns / wide * 100}%`});
  element.overlay.append(box);
}

const unmark = () => document.querySelectorAll(".box").forEach((box) => box.remove());
