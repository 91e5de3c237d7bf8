// A picture of one's own: chosen, dropped or pasted, it is shrunk, becomes black and white, and never leaves the page.

const FINE = 8;                                  // pixels a side that are averaged for each cell

async function takePicture(file) {
  if (!file) return;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    tell("#picture-note", `${file.name || "What was pasted"} is not a picture that this browser can read.`);
    return;
  }
  const levels = shrink(bitmap);
  const threshold = otsu(levels.flat());
  const white = levels.map((row) => row.map((level) => level >= threshold));
  if (threshold === null) {
    tell("#picture-note", `${file.name || "The picture"} has one level of grey all over: nothing can be seen in it.`);
    return;
  }
  const dark = inkIsDark(white);
  const image = white.map((row) => row.map((bright) => (bright !== dark ? 1 : -1)));
  change({image}, `Took ${file.name || "the picture"}`);
  tell("#picture-note", `Shrunk to ${side}×${side} cells. Cells ${dark ? "darker" : "lighter"} than level ` +
    `${threshold} of 255 are the letter, so they are 1. If the letter is small or its strokes are thick, ` +
    "xo-cnn explain finds it and thins it.");
}

// The mean level of every cell, on white where the picture is transparent.
function shrink(bitmap) {
  const canvas = make("canvas"), length = side * FINE;
  canvas.width = canvas.height = length;
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.fillStyle = "#fff";
  context.fillRect(0, 0, length, length);
  context.imageSmoothingQuality = "high";
  context.imageSmoothingEnabled = Math.max(bitmap.width, bitmap.height) > length;
  context.drawImage(bitmap, 0, 0, length, length);
  const {data} = context.getImageData(0, 0, length, length);
  const level = (pixel) => 0.299 * data[4 * pixel] + 0.587 * data[4 * pixel + 1] + 0.114 * data[4 * pixel + 2];
  return Array.from({length: side}, (_, row) => Array.from({length: side}, (_, column) => {
    let sum = 0;
    for (let r = 0; r < FINE; r++)
      for (let c = 0; c < FINE; c++) sum += level((row * FINE + r) * length + column * FINE + c);
    return Math.round(sum / FINE ** 2);
  }));
}

// The level that best parts dark from bright (Otsu's), so that their means lie far apart; null if all are of one level.
function otsu(levels) {
  const present = [...new Set(levels)].sort((a, b) => a - b);
  let best = null, most = -1;
  for (let cut = 1; cut < present.length; cut++) {
    const dark = levels.filter((level) => level < present[cut]);
    const bright = levels.filter((level) => level >= present[cut]);
    const mean = (some) => some.reduce((sum, level) => sum + level, 0) / some.length;
    const apart = dark.length * bright.length * (mean(bright) - mean(dark)) ** 2;
    if (apart > most) [most, best] = [apart, Math.floor((present[cut - 1] + present[cut] - 1) / 2) + 1];
  }
  return best;
}

// Paper is what most of the rim is; the letter is the other side.
function inkIsDark(white) {
  const rim = white.flatMap((row, r) => row.filter((_, c) =>
    r === 0 || c === 0 || r === side - 1 || c === side - 1));
  return rim.filter(Boolean).length * 2 > rim.length;
}

function preparePicture() {
  $("#picture").addEventListener("change", (event) => {
    takePicture(event.target.files[0]);
    event.target.value = "";                     // the same file may be chosen again
    event.target.removeAttribute("capture");
  });
  $("#photo").addEventListener("click", () => {
    $("#picture").setAttribute("capture", "environment");
    $("#picture").click();
  });
  document.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) { event.preventDefault(); takePicture(file); }
  });
  document.addEventListener("dragover", (event) => { event.preventDefault(); $("#bring").classList.add("over"); });
  document.addEventListener("dragleave", () => $("#bring").classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    $("#bring").classList.remove("over");
    takePicture(event.dataTransfer.files[0]);
  });
}
