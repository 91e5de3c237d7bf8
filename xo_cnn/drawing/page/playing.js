// Playing: the feature slides over the picture, or the window over a map, and the new map fills cell by cell.

const player = {stage: null, done: 0, timer: null};

// Stage 0 is the convolution, stage n pooling layer n.
const filling = (n) => result.values[n][view.chosen];
const playButton = (n) => (n ? $(`[data-plays="${n}"]`) : $("#play"));

function slideBy(n, by) {
  const map = filling(n), positions = map.length * map[0].length;
  if (player.stage !== n) { pause(); refill(); Object.assign(player, {stage: n, done: by > 0 ? 0 : positions}); }
  player.done = Math.max(1, Math.min(positions, player.done + by));
  const last = player.done - 1, at = [Math.floor(last / map[0].length), last % map[0].length];
  fill(mapBoard(n, chosen().name), map, {grid: false, until: player.done});
  show({kind: "map", stage: n, feature: view.chosen, at});
  return player.done < positions;
}

// One step by a button says what it came to.
function step(n, by) {
  pause(true);
  slideBy(n, by);
  hear({kind: "map", stage: n});
}

// What had been filled only in part is whole again.
function refill() {
  if (player.stage === null || player.stage >= result.values.length) return;
  fill(mapBoard(player.stage, chosen().name), filling(player.stage), {grid: false});
  player.stage = null;
}

function play(n) {
  if (player.timer !== null && player.stage === n) { pause(true); return; }
  pause(true);
  const map = filling(n);
  if (player.stage === n && player.done === map.length * map[0].length) refill();
  const next = () => {
    const goes = slideBy(n, 1);
    if (!goes && $("#loop").checked) player.done = 0;
    if (goes || $("#loop").checked) player.timer = setTimeout(next, Number($("#speed").value));
    else pause(true);
  };
  next();
  if (player.timer !== null) playButton(n).textContent = "Pause";
}

// Stop; where it stopped is kept only to go on from there.
function pause(keep = false) {
  clearTimeout(player.timer);
  player.timer = null;
  $("#play").textContent = "Play";
  document.querySelectorAll("[data-plays]").forEach((each) => { each.textContent = each.dataset.says; });
  if (!keep) { refill(); player.stage = null; }
}

function preparePlaying() {
  $("#play").addEventListener("click", () => play(0));
  $("#step").addEventListener("click", () => step(0, 1));
  $("#back").addEventListener("click", () => step(0, -1));
  $("#all").addEventListener("click", () => { pause(); showAgain(); });
}
