// Lines: a letter's strokes thinned to lines, and the lines stretched to the cells of a grid, as `classify` does it.
// A mask is {tall, wide, data}, with 1 for ink, row by row.

const FINE = 3, LEAN = 0.5;                      // pixels for each cell; correlation from which a letter is set upright

const maskOf = (tall, wide, ink) => {
  const data = new Uint8Array(tall * wide);
  for (let y = 0; y < tall; y++) for (let x = 0; x < wide; x++) data[y * wide + x] = ink(y, x) ? 1 : 0;
  return {tall, wide, data};
};

// The smallest box around the ink: top, left, bottom, right.
function boxOf({tall, wide, data}) {
  let [top, left, bottom, right] = [tall, wide, 0, 0];
  data.forEach((ink, at) => {
    if (!ink) return;
    const y = Math.floor(at / wide), x = at % wide;
    [top, left, bottom, right] = [Math.min(top, y), Math.min(left, x), Math.max(bottom, y + 1), Math.max(right, x + 1)];
  });
  return [top, left, bottom, right];
}

const cropped = ({wide, data}, [top, left, bottom, right]) =>
  maskOf(bottom - top, right - left, (y, x) => data[(top + y) * wide + left + x]);

// Peel strokes from all sides until lines one pixel wide are left (Guo and Hall 1989, both subiterations).
function thinned({tall, wide, data}) {
  const row = wide + 2, ink = new Uint8Array(row * (tall + 2));
  data.forEach((each, at) => { ink[(Math.floor(at / wide) + 1) * row + at % wide + 1] = each; });
  for (let idle = 0, first = true; idle < 2; first = !first) {
    const peel = [];
    ink.forEach((each, at) => { if (each && peels(ink, at, row, first)) peel.push(at); });
    for (const at of peel) ink[at] = 0;
    idle = peel.length ? 0 : idle + 1;
  }
  return maskOf(tall, wide, (y, x) => ink[(y + 1) * row + x + 1]);
}

// Whether a pixel is at the edge of a stroke: its eight neighbours, p2 above and then clockwise.
function peels(ink, at, row, first) {
  const p2 = ink[at - row], p3 = ink[at - row + 1], p4 = ink[at + 1], p5 = ink[at + row + 1], p6 = ink[at + row],
    p7 = ink[at + row - 1], p8 = ink[at - 1], p9 = ink[at - row - 1];
  const turns = (!p2 & (p3 | p4)) + (!p4 & (p5 | p6)) + (!p6 & (p7 | p8)) + (!p8 & (p9 | p2));
  const one = (p9 | p2) + (p3 | p4) + (p5 | p6) + (p7 | p8), other = (p2 | p3) + (p4 | p5) + (p6 | p7) + (p8 | p9);
  const least = Math.min(one, other), holds = first ? (p6 | p7 | !p9) & p8 : (p2 | p3 | !p5) & p4;
  return turns === 1 && least >= 2 && least <= 3 && !holds;
}

// For every place of a side that is stretched, which places it is the weighted mean of (a triangle, as Pillow has it).
function means(from, to) {
  const scale = from / to, reach = Math.max(1, scale);
  return Array.from({length: to}, (_, at) => {
    const middle = (at + 0.5) * scale, first = Math.max(0, Math.trunc(middle - reach + 0.5));
    const end = Math.min(from, Math.trunc(middle + reach + 0.5));
    const shares = Array.from({length: end - first}, (_, n) => Math.max(0, 1 - Math.abs((first + n - middle + 0.5) / reach)));
    const sum = shares.reduce((a, b) => a + b, 0);
    return {first, shares: shares.map((share) => share / sum)};
  });
}

// A mask stretched to a square in levels from 0 to 255.
function stretched({tall, wide, data}, length) {
  const across = means(wide, length), down = means(tall, length);
  const mean = ({first, shares}, level) => Math.round(shares.reduce((sum, share, n) => sum + share * level(first + n), 0));
  const rows = Array.from({length: tall}, (_, y) => across.map((each) => mean(each, (x) => 255 * data[y * wide + x])));
  return down.map((each) => across.map((_, x) => mean(each, (y) => rows[y][x])));
}

// Shear a letter that leans far to one side until it stands upright.
function upright(mask) {
  const {tall, wide, data} = mask;
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  data.forEach((ink, at) => {
    if (!ink) return;
    const y = Math.floor(at / wide), x = at % wide;
    n += 1; sx += x; sy += y; sxx += x * x; syy += y * y; sxy += x * y;
  });
  const down = (n * syy - sy * sy) / n ** 2 + 1 / 12, along = (n * sxx - sx * sx) / n ** 2 + 1 / 12;
  const both = (n * sxy - sx * sy) / n ** 2, lean = both / down;
  if (both * both < LEAN * LEAN * down * along) return mask;
  const extra = Math.ceil(Math.abs(lean) * tall), ink = (y, x) => (x >= 0 && x < wide ? 255 * data[y * wide + x] : 0);
  const straight = maskOf(tall, wide + extra, (y, x) => {
    const from = x + lean * (y + 0.5) - (lean > 0 ? extra : 0), left = Math.floor(from), share = from - left;
    return ink(y, left) * (1 - share) + ink(y, left + 1) * share >= 110;
  });
  return cropped(straight, boxOf(straight));
}

// The lines of a letter as a square of cells, stretched to all four edges and thinned again where they meet.
function stretchLines(letter, cells) {
  if (letter.tall === cells && letter.wide === cells) return thinned(letter);
  const mask = upright(letter), longest = Math.max(mask.tall, mask.wide);
  const fine = cells * Math.max(FINE, Math.ceil(longest / cells / 1.6)), least = longest <= fine ? 110 : 75;
  const levels = stretched(mask, fine), lines = thinned(maskOf(fine, fine, (y, x) => levels[y][x] >= least));
  const [top, left, bottom, right] = boxOf(lines);
  const cellOf = (at, first, last) => last === first ? cells >> 1
    : Math.floor(((at - first) * (2 * cells - 2) + last - first) / (2 * (last - first)));
  const found = new Set();
  lines.data.forEach((ink, at) => {
    if (ink) found.add(cellOf(Math.floor(at / fine), top, bottom - 1) * cells + cellOf(at % fine, left, right - 1));
  });
  return thinned(maskOf(cells, cells, (y, x) => found.has(y * cells + x)));
}

// A letter as a grid of `side` cells with a border of one black cell.
function gridOf(letter, side) {
  const lines = stretchLines(letter, side - 2), border = (at) => at === 0 || at === side - 1;
  return Array.from({length: side}, (_, r) => Array.from({length: side}, (_, c) =>
    (!border(r) && !border(c) && lines.data[(r - 1) * (side - 2) + c - 1] ? 1 : -1)));
}
