// Reading a picture: what in it is ink. Paper is what is left when strokes are closed up, so that a shadow is paper too.
// A plane is {tall, wide, data}, with a level from 0 to 255 for each pixel.

const MOST_PIXELS = 320;                         // a side, that are looked at

// The opacity of a picture where it alone shows the letter, else its light on white.
function planeOf({width, height, data}) {
  const plane = {tall: height, wide: width, data: new Float64Array(width * height), opacity: false};
  let [least, most, clear, low, high] = [255, 0, 0, 255, 0];
  for (let at = 0; at < plane.data.length; at++) {
    const alpha = data[4 * at + 3], light = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
    plane.data[at] = 255 + (light - 255) * alpha / 255;
    [least, most] = [Math.min(least, alpha), Math.max(most, alpha)];
    if (alpha < 128) clear += 1;
    else [low, high] = [Math.min(low, light), Math.max(high, light)];
  }
  // Ink of one colour on a clear ground; or ink that is white all over.
  if (least < 128 && most >= 128 && clear * 4 > plane.data.length && high - low < 96) {
    for (let at = 0; at < plane.data.length; at++) plane.data[at] = 255 - data[4 * at + 3];
    plane.opacity = true;
  }
  return plane;
}

// The largest level within `reach` of each pixel of its row: windows of twice the length each time, then two overlap.
function largestAcross({tall, wide, data}, reach) {
  const out = new Float64Array(data.length), line = new Float64Array(wide + 2 * reach);
  for (let y = 0; y < tall; y++) {
    line.fill(-1);
    line.set(data.subarray(y * wide, (y + 1) * wide), reach);
    let length = 1;
    for (; 2 * length <= 2 * reach + 1; length *= 2)
      for (let at = 0; at + length < line.length; at++) line[at] = Math.max(line[at], line[at + length]);
    const rest = 2 * reach + 1 - length;
    for (let x = 0; x < wide; x++) out[y * wide + x] = Math.max(line[x], line[x + rest]);
  }
  return {tall, wide, data: out};
}

function across({tall, wide, data}) {
  const out = new Float64Array(data.length);
  for (let y = 0; y < tall; y++) for (let x = 0; x < wide; x++) out[x * tall + y] = data[y * wide + x];
  return {tall: wide, wide: tall, data: out};
}

const negative = (plane) => ({...plane, data: plane.data.map((level) => 255 - level)});
const largest = (plane, reach) => across(largestAcross(across(largestAcross(plane, reach)), reach));

// The paper under dark ink: strokes narrower than the window are closed up, shadows stay (a morphological closing).
const paperOf = (plane, reach) => negative(largest(negative(largest(plane, reach)), reach));

// A picture whose pixels are enlarged is taken in the pixels that it has; any other as it is.
function unenlarged(picture) {
  const {width, height, data} = picture, pixels = new Uint32Array(data.buffer), common = (a, b) => (b ? common(b, a % b) : a);
  let by = common(width, height);
  for (let y = 0; y < height && by > 1; y++)
    for (let x = 0; x < width && by > 1; x++) {
      const at = y * width + x;
      if (x && pixels[at] !== pixels[at - 1]) by = common(by, x);
      if (y && pixels[at] !== pixels[at - width]) by = common(by, y);
    }
  if (by < 2) return picture;
  const small = new ImageData(width / by, height / by), few = new Uint32Array(small.data.buffer);
  few.forEach((_, at) => { few[at] = pixels[Math.floor(at / small.width) * by * width + at % small.width * by]; });
  return small;
}

// The mean of three by three pixels, where there are enough: less noise.
function smooth({tall, wide, data}) {
  if (Math.min(tall, wide) < 100) return {tall, wide, data};
  const clip = (at, most) => Math.min(most - 1, Math.max(0, at)), out = new Float64Array(data.length);
  for (let y = 0; y < tall; y++)
    for (let x = 0; x < wide; x++) {
      let sum = 0;
      for (let r = -1; r <= 1; r++) for (let c = -1; c <= 1; c++) sum += data[clip(y + r, tall) * wide + clip(x + c, wide)];
      out[y * wide + x] = sum / 9;
    }
  return {tall, wide, data: out};
}

// How far each pixel is from its paper, as a share: of the paper's light for dark ink; `most` is where ink is clearest.
function contrastOf(plane, light) {
  const {tall, wide, data} = light ? negative(plane) : plane;
  const paper = paperOf({tall, wide, data}, Math.max(1, Math.round(Math.min(tall, wide) * 0.11))).data;
  const drop = data.map((level, at) => (paper[at] - level) / (light ? 255 : Math.max(24, paper[at])));
  const sorted = Float64Array.from(drop).sort(), top = sorted.subarray(Math.floor(sorted.length * 0.995));
  return {tall, wide, data: drop, most: top.reduce((sum, each) => sum + each, 0) / top.length, light};
}

// The ink parted into what hangs together, corners included: for each piece its pixels and its box.
function piecesOf({tall, wide, data}) {
  const left = Uint8Array.from(data), pieces = [];
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    const pixels = [start], box = [tall, wide, 0, 0];
    left[start] = 0;
    for (const at of pixels) {
      const y = Math.floor(at / wide), x = at % wide;
      box[0] = Math.min(box[0], y); box[1] = Math.min(box[1], x);
      box[2] = Math.max(box[2], y + 1); box[3] = Math.max(box[3], x + 1);
      for (let r = Math.max(0, y - 1); r <= Math.min(tall - 1, y + 1); r++)
        for (let c = Math.max(0, x - 1); c <= Math.min(wide - 1, x + 1); c++)
          if (left[r * wide + c]) { left[r * wide + c] = 0; pixels.push(r * wide + c); }
    }
    pieces.push({pixels, box});
  }
  return pieces;
}

// The letter among the ink: the largest piece off the edges, and what stands close to it and is no speck.
function letterAmong(ink) {
  const {tall, wide} = ink, rims = ([top, left, bottom, right]) => top === 0 || left === 0 || bottom === tall || right === wide;
  const extent = ([top, left, bottom, right]) => Math.max(bottom - top, right - left);
  const weight = ({pixels, box}) => pixels.length * extent(box) * (rims(box) ? 0.1 : 1);
  const pieces = piecesOf(ink), first = pieces.reduce((best, each) => (weight(each) > weight(best) ? each : best), pieces[0]);
  if (!first) return null;
  const room = extent(first.box) / 6, large = ({pixels}) => pixels.length * 12 >= first.pixels.length;
  const near = ([top, left, bottom, right], box) => box[0] < bottom + room && box[2] > top - room &&
    box[1] < right + room && box[3] > left - room;
  const kept = [first];
  for (const one of kept)
    kept.push(...pieces.filter((each) => large(each) && !rims(each.box) && !kept.includes(each) && near(one.box, each.box)));
  const mask = {tall, wide, data: new Uint8Array(tall * wide)};
  for (const {pixels} of kept) for (const at of pixels) mask.data[at] = 1;
  const box = boxOf(mask);
  return {mask: cropped(mask, box), box};
}

// Dark and light ink of a plane; of a frame of it alone (top, left, bottom, right) if one is given.
function looksAt(plane, frame) {
  const part = !frame ? plane : {...plane, tall: frame[2] - frame[0], wide: frame[3] - frame[1],
    data: Float64Array.from({length: (frame[2] - frame[0]) * (frame[3] - frame[1])}, (_, at) => {
      const wide = frame[3] - frame[1];
      return plane.data[(frame[0] + Math.floor(at / wide)) * plane.wide + frame[1] + at % wide];
    })};
  if (part.opacity) return [{...part, data: part.data.map((level) => 1 - level / 255), most: 1, light: false}];
  const even = smooth(part);
  return [contrastOf(even, false), contrastOf(even, true)];
}

// The letter at a threshold, a share of the clearest ink. Of dark and light ink, the one whose letter is larger: what
// lies within a letter or between its strokes is smaller than the letter.
function findLetter(looks, share) {
  const clearest = Math.max(...looks.map(({most}) => most));
  let best = null;
  for (const {tall, wide, data, most, light} of looks) {
    if (most < 0.02 || most * 3 < clearest) continue;
    const found = letterAmong(maskOf(tall, wide, (y, x) => data[y * wide + x] >= most * share));
    if (!found) continue;
    const [top, left, bottom, right] = found.box, rims = top === 0 || left === 0 || bottom === tall || right === wide;
    const extent = (bottom - top) * (right - left) * (rims ? 0.05 : 1);
    if (!best || extent > best.extent) best = {...found, extent, light};
  }
  return best;
}
