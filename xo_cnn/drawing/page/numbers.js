// Numbers as people read them, rounded like the command line rounds them; and the colour of each.

// Halves that are exact go to the even digit.
function fixed(value, places) {
  const scale = 10 ** places, doubled = value * scale * 2;
  if (Number.isInteger(value * 16) && Math.abs(doubled % 2) === 1)
    return (2 * Math.round(doubled / 4) / scale).toFixed(places);
  return value.toFixed(places);
}
function signed(value, places = 2) {
  const text = fixed(value, places);
  if (Number(text) === 0) return text.replace("-", "");
  return value > 0 ? "+" + text : text;
}
function short(value) {
  const text = signed(value);
  if (Number(text) === 0) return "0.0";
  return /^[+-]0\./.test(text) ? text.replace("0.", ".") : (value > 0 ? "+" : "") + fixed(value, 1);
}
const plain = (value) => String(Number(fixed(value, 3)));
const digits = (value) => String(Number(value.toPrecision(6)));
const place = ([row, column]) => `row ${row}, column ${column}`;
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const listed = (words, last = "and") =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;

// The shortest text that reads back to the same number; numbers out of a file may be float32.
function shortest(value) {
  if (Math.fround(value) !== value) return String(value);
  let precision = 1;
  while (Math.fround(Number(value.toPrecision(precision))) !== value) precision++;
  return String(Number(value.toPrecision(precision)));
}

const isBlackAndWhite = (rows) => rows.every((row) => row.every((value) => Math.abs(value) === 1));

const SHADES = Array.from({length: 256}, (_, index) => {
  const back = walk.palette.slice(6 * index, 6 * index + 6);
  const [r, g, b] = [0, 2, 4].map((from) => (parseInt(back.slice(from, from + 2), 16) / 255) ** 2.2);
  return ["#" + back, 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff"];
});

// Black and white for a grid of ±1, the palette for everything else; never without the number itself.
function colour(value, grid) {
  if (grid) return value > 0 ? ["#ffffff", "#000"] : ["#000000", "#fff"];
  return SHADES[Math.round((Math.max(-1, Math.min(1, value)) + 1) * 127.5)];
}
