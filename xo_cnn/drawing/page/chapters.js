// The chapters: which boards stand in each of them, and the words that depend on the numbers.

// Where all maps together have too many cells for a page, those of the chosen feature stand for them.
const crowded = () => timeline.now.features.length * side * side > 12000;
const visible = () => (crowded() ? [view.chosen] : timeline.now.features.map((_, f) => f));
const cellSide = (rows, large, small) => (rows[0].length > 10 ? small : large);

function build() {
  const focused = document.activeElement?.dataset ?? {};
  boards.clear();
  buildImage();
  buildSaved();
  buildFeatures();
  buildMaps();
  buildPools();
  buildVotes();
  buildTabs();
  buildOverview();
  drawChoices();
  if (focused.grid)
    cellOn(focused.grid, Number(focused.row), Number(focused.column))?.focus({preventScroll: true});
}

const cellOn = (name, row, column) => boards.get(name)?.cells[row]?.[column];

function buildImage() {
  const image = board("image", timeline.now.image, {kind: "image", title: "The picture"}, 56);
  image.classList.add("paints");
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
  const heading = make("h4"), {name} = timeline.now.features[f];
  const inside = button(name, () => choose(f));
  inside.setAttribute("aria-pressed", String(f === view.chosen));
  heading.append(inside, make("span", "size", size(rows)));
  return heading;
}

function mapFigure(n, f, most) {
  const {name} = timeline.now.features[f], rows = result.values[n][f];
  const title = n ? `${name} after pooling ${n}` : `Map of ${name}`;
  const about = {kind: "map", title, stage: n, feature: f};
  return figure(chooser(f, rows), board(n ? `pooled${n}:${name}` : `map:${name}`, rows, about, most));
}

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

function buildPools() {
  const pools = result.values.slice(1).map((_, n) => buildPool(n + 1));
  $("#pool-place").replaceChildren(...pools);
}

function buildPool(n) {
  const {name} = chosen(), before = result.values[n - 1][view.chosen], {window, stride} = timeline.now.layers[n - 1];
  const whole = make("div", "pool"), stage = make("div", "stage"), worked = make("div", "work");
  whole.id = `pooling-${n}`;
  whole.style.setProperty("--across", before[0].length + result.values[n][view.chosen][0].length);
  worked.id = `pool-work-${n}`;
  const about = {kind: "before", title: `${name} before pooling ${n}`, stage: n - 1, feature: view.chosen};
  const source = board(`before${n}:${name}`, before, about, cellSide(before, 46, 28));
  const heading = make("h4", "", n > 1 ? `${name} after pooling ${n - 1} ` : `the map of ${name} `);
  heading.append(make("span", "size", size(before)));
  const after = result.values[n][view.chosen];
  stage.append(figure(heading, source), mapFigure(n, view.chosen, cellSide(after, 46, 36)), worked);
  const tools = make("div", "tools"), slide = button("Slide the window", () => play(n));
  slide.dataset.plays = n;
  tools.append(slide, button("Next window", () => slideBy(n, 1)), button("All windows", () => { pause(); update(); }));
  const title = `Pooling layer ${n}: ${window}×${window} cells, ${count(stride, "cell")} at a time`;
  whole.append(make("h3", "", title), tools, stage);
  if (others().length) whole.append(flow(n));
  whole.append(make("p", "cost", poolCost(n)));
  return whole;
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
  result.values.forEach((maps, n) => visible().forEach((f) =>
    fill(mapBoard(n, features[f].name), maps[f], {grid: false})));
  result.values.slice(1).forEach((_, n) =>
    fill(boards.get(`before${n + 1}:${chosen().name}`), result.values[n][view.chosen], {grid: false}));
  result.votes.forEach((grids, l) => visible().forEach((f) =>
    fill(boards.get(`votes:${walk.labels[l]}:${features[f].name}`), grids[f], {grid: false, places: 3})));
  $("#lens").replaceChildren(thumb(image), make("span", "size", "the picture"));
  drawWords();
  drawScores();
  drawOverview();
  drawVerdict();
  showAgain();
}

function drawWords() {
  const {features} = timeline.now;
  const positions = result.values[0].map((map) => map.length * map[0].length);
  const products = positions.reduce((sum, each, f) => sum + each * result.cells[f], 0);
  tell("#map-cost", `${count(features.length, "feature")}, ${count(positions.reduce((a, b) => a + b), "position")}: ` +
    `${products} multiplications. Twice as many cells in the picture, twice as many cells in a feature or twice as ` +
    "many features mean twice as much work each. Numbers are rounded: 7 ÷ 9 is +0.78 here, where the text cuts it to " +
    "0.77.");
  tell("#pool-none", result.values.length > 1 ? "" : "No pooling: the cells of the maps themselves vote.");
  $("#silent").replaceChildren(...(result.silent ? [`The votes are silent. ${result.silent} `, ...mend()] : []));
  $("#silent").hidden = !result.silent;
  $("#vote-hint").hidden = Boolean(result.silent);
  document.querySelectorAll("[data-total]").forEach((total) => {
    total.textContent = signed(result.totals[total.dataset.total], 3);
  });
}

function poolCost(n) {
  const cells = (maps) => maps.reduce((sum, map) => sum + map.length * map[0].length, 0);
  return `${cells(result.values[n - 1])} cells before, ${cells(result.values[n])} after: no multiplication, only ` +
    "comparisons.";
}

function drawVerdict() {
  const label = walk.labels[result.verdict];
  const bars = $("#bars");
  if (!bars.firstChild) {
    bars.append(...(bars.whole = barRows(walk.labels)).children);
    bars.whole.rows.forEach((row, l) => {
      row.number.tabIndex = 0;
      for (const part of [row.name, row.track, row.number]) part.about = {kind: "label", label: l};
    });
  }
  setBars(bars.whole, totals(), result.verdict, totalTexts());
  const from = walk.source ? `From ${walk.source} to its verdict` : "From the picture to its verdict";
  tell("#verdict-text", label === undefined ? "There is no verdict while the votes are silent."
    : `The verdict is ${label}.` + (scores.naive ? ` Naive matching says ${walk.exemplars[naive.says].name}.` : ""));
  tell("#subline", `${from}: ${label ?? "the votes are silent"}`);
  document.title = `${from}: ${label ?? "–"}`;
}
