// Showing: what is pointed at is worked out, and outlined on every board back to where it comes from.

// The patch of the image behind position `at` of a map; of a later map, the way goes back over each largest cell.
function markOrigin(n, f, at) {
  const name = timeline.now.features[f].name;
  mark(mapBoard(n, name), [...at, 1, 1]);
  if (n === 0) {
    const {cells} = timeline.now.features[f];
    mark(boards.get("image"), [...at, cells.length, cells[0].length]);
    return;
  }
  const {box, best} = kindAt(n).origin(result.sums[n - 1][f], layerAt(n), at);
  for (const source of [f === view.chosen ? beforeBoard(n, name) : null, mapBoard(n - 1, name)]) {
    mark(source, box);
    if (layerAt(n).type === "pool") mark(source, [...best, 1, 1], "largest");
  }
  markOrigin(n - 1, f, best);
}

const voteBoard = (label, {name}) => boards.get(`votes:${walk.labels[label]}:${name}`);
const mapBoard = (n, name) => boards.get(`${stageName(n)}:${name}`);
const beforeBoard = (n, name) => boards.get(`${kindAt(n).before}${nth(n)}:${name}`);

// The positions of the chosen map whose patches hold a cell of the image.
function markUsers([row, column]) {
  const {cells, name} = chosen(), map = result.values[0][view.chosen];
  const top = Math.max(0, row - cells.length + 1), left = Math.max(0, column - cells[0].length + 1);
  const bottom = Math.min(row, map.length - 1), right = Math.min(column, map[0].length - 1);
  mark(boards.get("image"), [row, column, 1, 1]);
  mark(boards.get(`map:${name}`), [top, left, bottom - top + 1, right - left + 1]);
}

function markLabel(label) {
  for (const feature of timeline.now.features) {
    const sources = [mapBoard(result.values.length - 1, feature.name), voteBoard(label, feature)];
    feature.weights[label].forEach((line, r) => line.forEach((weight, c) => {
      if (weight !== 0) for (const source of sources) mark(source, [r, c, 1, 1], "lit");
    }));
  }
}

// Work out what is pointed at, and outline it.
function show(shown) {
  view.shown = shown;
  unmark();
  const {kind, stage, feature, label, at} = shown;
  if (kind === "image") markUsers(at);
  if (kind === "feature") markOrigin(0, feature, highest(result.sums[0][feature]));
  if (kind === "map") {
    if (stage === 0) view.at = at; else view.stageAt[stage - 1] = at;
    workStage(stage, feature, at);
    markOrigin(stage, feature, at);
  }
  if (kind === "before") {
    const after = result.values[stage + 1][view.chosen];
    show({kind: "map", stage: stage + 1, feature, at: kindAt(stage + 1).reader(layerAt(stage + 1), after, at)});
  }
  if (kind === "vote") {
    view.vote = {label, feature, at};
    workVote(label, feature, at);
    mark(voteBoard(label, timeline.now.features[feature]), [...at, 1, 1]);
    markOrigin(result.values.length - 1, feature, at);
  }
  if (kind === "label") markLabel(label);
}

const workStage = (n, f, at) => (n ? kindAt(n).work(n, f, at) : workPatch(f, at));

// After a change: what is worked out stays where it was, if that is still there.
function showAgain() {
  const clip = (map, [row, column]) => [Math.min(row, map.length - 1), Math.min(column, map[0].length - 1)];
  const f = view.chosen;
  view.at = view.at ? clip(result.values[0][f], view.at) : highest(result.sums[0][f]);
  workPatch(f, view.at);
  result.values.slice(1).forEach((maps, n) => {
    view.stageAt[n] = clip(maps[f], view.stageAt[n] ?? [0, 0]);
    workStage(n + 1, f, view.stageAt[n]);
  });
  $("#vote-stage").hidden = Boolean(result.silent);
  if (!result.silent) showVote();
  unmark();
  const {stage} = view.shown?.kind === "map" && view.shown.stage < result.values.length ? view.shown : {stage: 0};
  markOrigin(stage, f, stage ? view.stageAt[stage - 1] : view.at);
}

function showVote() {
  const {label, feature, at} = view.vote ?? strongest();
  if (result.votes[label][feature]?.[at[0]]?.[at[1]] === undefined) view.vote = null;
  view.vote ??= strongest();
  workVote(view.vote.label, view.vote.feature, view.vote.at);
}

// The vote that counts most for the verdict.
function strongest() {
  const best = {label: result.verdict, feature: 0, at: [0, 0]};
  let most = -Infinity;
  result.votes[result.verdict].forEach((grid, feature) => grid.forEach((row, r) => row.forEach((vote, c) => {
    if (vote > most) { most = vote; Object.assign(best, {feature, at: [r, c]}); }
  })));
  return best;
}
