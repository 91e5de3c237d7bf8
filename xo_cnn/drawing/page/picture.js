// A picture of one's own: chosen, taken, dropped or pasted, it is read in the page and never leaves it.

const mine = {plane: null, looks: null, frame: null, name: ""};

async function takePicture(file) {
  const name = file.name || "The picture";
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    tell("#picture-note", `${file.name || "What was pasted"} is not a picture that this browser can read.`);
    return;
  }
  const pixels = pixelsOf(bitmap);
  Object.assign(mine, {plane: planeOf(pixels), frame: null, name});
  mine.looks = looksAt(mine.plane);
  $("#threshold").value = 50;
  readPicture(`Took ${name}`);
}

// The picture on a canvas, no larger than is looked at.
function pixelsOf(bitmap) {
  const canvas = $("#photo-picture"), scale = Math.min(1, MOST_PIXELS / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const picture = context.getImageData(0, 0, canvas.width, canvas.height), small = unenlarged(picture);
  if (small !== picture) {
    [canvas.width, canvas.height] = [small.width, small.height];
    context.putImageData(small, 0, 0);
  }
  return small;
}

// Find the letter with the threshold and the frame as they are, and put it on the board.
function readPicture(what, join = null) {
  const found = findLetter(mine.looks, $("#threshold").value / 100);
  $("#reading").hidden = !found && !mine.frame;
  if (!found) {
    tell("#picture-note", `No letter can be seen in ${mine.name}: ${mine.frame ? "move the frame or the threshold."
      : "it has one level of grey all over."}`);
    return;
  }
  const [top, left] = mine.frame ?? [0, 0], [y, x, bottom, right] = found.box;
  change({image: gridOf(found.mask, side)}, what, join);
  drawFrame(mine.frame ?? [y, x, bottom, right]);
  const kind = mine.plane.opacity ? "opaque" : found.light ? "light" : "dark";
  tell("#picture-note", `${mine.name}: ${kind} ink found in rows ${top + y} to ${top + bottom - 1}, columns ` +
    `${left + x} to ${left + right - 1}, thinned to lines and stretched to ${side}×${side} cells, as xo-cnn classify does it.`);
}

function drawFrame([top, left, bottom, right]) {
  const {tall, wide} = mine.plane, frame = $("#frame");
  frame.shown = [top, left, bottom, right];
  Object.assign(frame.style, {top: `${top / tall * 100}%`, left: `${left / wide * 100}%`,
    height: `${(bottom - top) / tall * 100}%`, width: `${(right - left) / wide * 100}%`});
  frame.setAttribute("aria-label", `Frame: rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1} of the ` +
    "picture. Arrows move it, with Shift they change its size.");
}

// Look only into a frame, at least a few pixels large, within the picture.
function setFrame(box, join) {
  const {tall, wide} = mine.plane, clip = (at, most) => Math.round(Math.max(0, Math.min(most, at)));
  const top = clip(box[0], tall - 4), left = clip(box[1], wide - 4);
  mine.frame = [top, left, Math.max(top + 4, clip(box[2], tall)), Math.max(left + 4, clip(box[3], wide))];
  drawFrame(mine.frame);
  mine.looks = looksAt(mine.plane, mine.frame);
  readPicture("Read what is in the frame", join);
}

const FRAME_STEP = 4;
function moveFrame(event) {
  const way = ARROWS[event.key];
  if (!way) return;
  event.preventDefault();
  event.stopPropagation();
  const [rows, columns] = way.map((by) => by * FRAME_STEP), [top, left, bottom, right] = $("#frame").shown;
  setFrame(event.shiftKey ? [top, left, bottom + rows, right + columns]
    : [top + rows, left + columns, bottom + rows, right + columns], "frame");
}

// Drag the frame, or its lower right corner.
function dragFrame(event) {
  const frame = $("#frame"), box = frame.shown, area = $("#photo-picture").getBoundingClientRect();
  const own = frame.getBoundingClientRect(), {tall, wide} = mine.plane;
  const corner = own.right - event.clientX < 24 && own.bottom - event.clientY < 24;
  frame.setPointerCapture(event.pointerId);
  const moved = (to) => {
    const rows = (to.clientY - event.clientY) * tall / area.height;
    const columns = (to.clientX - event.clientX) * wide / area.width;
    return [corner ? box[0] : box[0] + rows, corner ? box[1] : box[1] + columns, box[2] + rows, box[3] + columns];
  };
  frame.onpointermove = (to) => drawFrame(moved(to).map(Math.round));
  frame.onpointerup = (to) => {
    frame.onpointermove = frame.onpointerup = null;
    if (Math.hypot(to.clientX - event.clientX, to.clientY - event.clientY) > 2) setFrame(moved(to), null);
  };
}

function preparePicture() {
  $("#picture").addEventListener("change", (event) => {
    takeFiles([...event.target.files]);
    event.target.value = "";                     // the same file may be chosen again
    event.target.removeAttribute("capture");
  });
  $("#photo").addEventListener("click", () => {
    $("#picture").setAttribute("capture", "environment");
    $("#picture").click();
  });
  $("#threshold").addEventListener("input", () => readPicture("Another threshold", "threshold"));
  $("#whole-picture").addEventListener("click", () => {
    mine.frame = null;
    mine.looks = looksAt(mine.plane);
    readPicture("Read the whole picture");
  });
  $("#frame").addEventListener("keydown", moveFrame);
  $("#frame").addEventListener("pointerdown", dragFrame);
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length) { event.preventDefault(); takeFiles(files); }
  });
  document.addEventListener("dragover", (event) => { event.preventDefault(); $("#bring").classList.add("over"); });
  document.addEventListener("dragleave", () => $("#bring").classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    $("#bring").classList.remove("over");
    takeFiles([...event.dataTransfer.files]);
  });
}
