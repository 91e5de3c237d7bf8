// The chapters: which boards stand in each of them, and the words that depend on the numbers.

// Where all maps together have too many cells for a page, those of the chosen feature stand for them.
const crowded = () => timeline.now.features.length * side * side > 12000;
const visible = () => (crowded() ? [view.chosen] : timeline.now.features.map((_, f) => f));
const cellSide = (rows, large, small) => (rows[0].length > 10 ? small : large);

function build() {
  const focused = document.activeElement?.dataset ?? {}, again = focusAgain();
  boards.clear();
  buildImage();
  buildSaved();
  buildFeatures();
  buildMaps();
  buildStages();
  buildVotes();
  buildShifts();
  buildTabs();
  buildOverview();
  drawChoices();
  if (focused.grid)
    cellOn(focused.grid, Number(focused.row), Number(focused.column))?.focus({preventScroll: true});
  else again();
}

// A button that is built anew gets the focus back: the one of its words and its turn in the same part of the page.
function focusAgain() {
  const old = document.activeElement, {id} = old?.closest?.("button")?.closest("[id]:not(button)") ?? {};
  const alike = () => [...document.querySelectorAll(`#${id} button`)].filter((each) => each.textContent === old.textContent);
  const turn = id ? alike().indexOf(old) : -1;
  return () => { if (turn >= 0 && !old.isConnected) alike()[turn]?.focus({preventScroll: true}); };
}

const cellOn = (name, row, column) => boards.get(name)?.cells[row]?.[column];

function buildImage() {
  const image = board("image", timeline.now.image, {kind: "image", title: "The picture"}, 56);
  image.classList.add("paints");
  image.classList.toggle("many", side > 12);
  image.classList.toggle("digits", $("#digits").checked);
  $("#image-place").replaceChildren(image);
}

function buildSaved() {
  $("#matching").hidden = walk.exemplars.length === 0;
  $("#saved").replaceChildren(...walk.exemplars.map((saved, e) => {
    const about = {kind: "saved", title: `The saved ${saved.name}`, saved: e};
    const element = board(`saved:${saved.name}`, saved.cells, about, cellSide(saved.cells, 30, 16));
    return figure(`the saved ${saved.name}`, element);
  }));
}

function buildFeatures() {
  $("#feature-place").replaceChildren(...timeline.now.features.map(({name, cells}, f) => {
    const about = {kind: "feature", title: name, feature: f};
    const element = board(`feature:${name}`, cells, about, cellSide(cells, cells.length > 4 ? 36 : 48, 20));
    element.classList.add("turns");
    const whole = figure(chooser(f, cells), element);
    whole.classList.toggle("large", cells[0].length > 3);
    return whole;
  }));
}

// A heading that chooses its feature.
function chooser(f, rows) {
  const heading = make("div", "title"), {name} = timeline.now.features[f];
  const inside = button(name, () => choose(f));
  inside.setAttribute("aria-pressed", String(f === view.chosen));
  heading.append(inside, make("span", "size", size(rows)));
  return heading;
}

function mapFigure(n, f, most) {
  const {name} = timeline.now.features[f], rows = result.values[n][f];
  const about = {kind: "map", title: n ? `${name} after ${afterWords(n)}` : `Map of ${name}`, stage: n, feature: f};
  return figure(chooser(f, rows), board(`${stageName(n)}:${name}`, rows, about, most));
}

const afterWords = (n) => (layerAt(n).type === "pool" ? `pooling ${nth(n)}` : `ReLU ${nth(n)}`);

const others = () => visible().filter((f) => f !== view.chosen);

function buildMaps() {
  const map = result.values[0][view.chosen];
  $("#map-place").replaceChildren(mapFigure(0, view.chosen, cellSide(map, 56, 42)));
  $("#other-maps").replaceChildren(...(others().length ? [flow(0)] : []));
}

// The boards of the other features, as large as lets two or three stand side by side.
function flow(n) {
  const whole = make("div", "flow even");
  whole.style.setProperty("--beside", Math.min(others().length, side > 12 ? 2 : 3));
  whole.append(...others().map((f) => mapFigure(n, f, 46)));
  return whole;
}

// A chapter for each layer behind the convolution, in the section of its kind.
function buildStages() {
  for (const {place} of Object.values(LAYERS)) $(place).replaceChildren();
  result.values.slice(1).forEach((_, n) => $(kindAt(n + 1).place).append(buildStage(n + 1)));
}

function buildStage(n) {
  const {name} = chosen(), before = result.values[n - 1][view.chosen], after = result.values[n][view.chosen];
  const kind = kindAt(n), whole = make("div", "layer"), stage = make("div", "stage"), worked = make("div", "work");
  whole.id = chapterOf(n);
  whole.style.setProperty("--across", before[0].length + after[0].length);
  worked.id = workOf(n);
  const title = n > 1 ? `${name} after ${afterWords(n - 1)}` : `the map of ${name}`;
  const about = {kind: "before", title: `${title}, once more`, stage: n - 1, feature: view.chosen};
  const source = board(`${kind.before}${nth(n)}:${name}`, before, about, cellSide(before, 46, 28));
  const heading = make("div", "title", title);
  heading.append(make("span", "size", size(before)));
  stage.append(figure(heading, source), mapFigure(n, view.chosen, cellSide(after, 46, 36)), worked);
  whole.append(make("h3", "", kind.title(layerAt(n), nth(n))), stageTools(n, kind.buttons), stage);
  if (others().length) whole.append(flow(n));
  whole.append(make("p", "cost", kind.cost(...[n - 1, n].map((at) => cellsOf(result.values[at])))));
  return whole;
}

const chapterOf = (n) => kindAt(n).chapter + (nth(n) > 1 ? `-${nth(n)}` : "-1");
const cellsOf = (maps) => maps.reduce((sum, map) => sum + map.length * map[0].length, 0);

function stageTools(n, [slides, next, all]) {
  const tools = make("div", "tools"), slide = button(slides, () => play(n));
  slide.dataset.plays = n;
  slide.dataset.says = slides;
  tools.append(slide, button(next, () => step(n, 1)), button(all, () => { pause(); update(); }));
  return tools;
}

function buildVotes() {
  const place = $("#vote-place");
  place.replaceChildren();
  if (result.silent) return;
  walk.labels.forEach((label, l) => {
    const whole = make("div", "votes"), line = make("div", "flow");
    visible().forEach((f) => {
      const {name} = timeline.now.features[f], rows = result.votes[l][f];
      const about = {kind: "vote", title: `Votes for ${label} from ${name}`, label: l, feature: f};
      line.append(figure(name, board(`votes:${label}:${name}`, rows, about, rows[0].length > 4 ? 30 : 52)));
    });
    const heading = make("h3", "", `Votes for ${label}: `), total = make("b");
    total.dataset.total = l;
    heading.append(total);
    whole.append(heading, line);
    place.append(whole);
  });
}

// Write all numbers into the boards.
function update() {
  const {image, features} = timeline.now;
  fill(boards.get("image"), image);
  walk.exemplars.forEach(({name, cells}, e) => {
    const element = boards.get(`saved:${name}`), agree = naive.agree[e];
    fill(element, cells, {differs: image});
    element.nextSibling.textContent = `${agree} of ${side * side} cells agree, ${side * side - agree} differ`;
  });
  if (walk.exemplars.length) tell("#naive", `Naive matching says ${walk.exemplars[naive.says].name}.`);
  features.forEach(({name, cells}, f) => {
    const best = highest(result.sums[0][f]), element = boards.get(`feature:${name}`);
    fill(element, cells, {places: 0});
    element.nextSibling.textContent = `fits best at ${place(best)}: ${signed(result.values[0][f][best[0]][best[1]])}`;
  });
  result.values.forEach((maps, n) => {
    visible().forEach((f) => fill(mapBoard(n, features[f].name), maps[f], {grid: false}));
    if (n) fill(beforeBoard(n, chosen().name), result.values[n - 1][view.chosen], {grid: false});
  });
  result.votes.forEach((grids, l) => visible().forEach((f) =>
    fill(voteBoard(l, features[f]), grids[f], {grid: false, places: 3})));
  drawWords();
  drawScores();
  drawVerdict();
  showAgain();
  drawLater();
}

// What is not in front of the eyes is drawn a moment later, once for many changes.
const later = {timer: null, network: null};
function drawLater() {
  clearTimeout(later.timer);
  later.timer = setTimeout(() => {
    drawOverview();
    drawOffer();
    const {features, layers, taught} = timeline.now, network = [features, layers, taught];
    if (later.network?.every((each, n) => each === network[n])) return;
    later.network = network;
    drawPractice();
    drawShifts();
  }, 20);
}

// Where the weights were learned for something else, learning anew is offered.
function drawOffer() {
  const offered = stale();
  $("#offer").hidden = !offered;
  if (offered) tell("#offer-words", result.silent ? "The votes are silent." :
    "The weights were learned for other features, layers or pictures.");
}

function drawWords() {
  const {features} = timeline.now;
  const positions = result.values[0].map((map) => map.length * map[0].length);
  const products = positions.reduce((sum, each, f) => sum + each * result.cells[f], 0);
  tell("#map-cost", `${count(features.length, "feature")}, ${count(positions.reduce((a, b) => a + b), "position")}: ` +
    `${products} multiplications. Twice as many cells in the picture, twice as many cells in a feature or twice as ` +
    "many features mean twice as much work each. Numbers are rounded: 7 ÷ 9 is +0.78 here, where the text cuts it to " +
    "0.77.");
  tell("#pool-none", timeline.now.layers.some(({type}) => type === "pool") ? "" : "No pooling: the cells of the maps themselves vote.");
  tell("#silent", result.silent ? `The votes are silent. ${result.silent}` : "");
  $("#silent").hidden = !result.silent;
  $("#vote-hint").hidden = Boolean(result.silent);
  document.querySelectorAll("[data-total]").forEach((total) => {
    total.textContent = signed(result.totals[total.dataset.total], 3);
  });
}

function drawVerdict() {
  const label = walk.labels[result.verdict];
  const bars = $("#bars");
  if (!bars.firstChild) {
    bars.append(...(bars.whole = barRows(walk.labels)).children);
    bars.whole.rows.forEach((row, l) => {
      row.number.tabIndex = 0;
      row.number.setAttribute("role", "button");
      for (const part of [row.name, row.track, row.number]) part.about = {kind: "label", label: l};
    });
  }
  setBars(bars.whole, totals(), result.verdict, totalTexts());
  bars.whole.rows.forEach(({number}, l) =>
    number.setAttribute("aria-label", `${number.textContent} votes for ${walk.labels[l]}: show its cells`));
  const first = JSON.stringify(timeline.now.image) === JSON.stringify(walk.grid);
  const from = walk.source && first ? `From ${walk.source} to its verdict` : "From the picture to its verdict";
  $("#prepared").hidden = !first;
  tell("#verdict-text", label === undefined ? "There is no verdict while the votes are silent."
    : `The verdict is ${label}.` + (scores.naive ? ` Naive matching says ${walk.exemplars[naive.says].name}.` : ""));
  tell("#subline", `${from}: ${label ?? "the votes are silent"}`);
  document.title = `${from}: ${label ?? "–"}`;
}
