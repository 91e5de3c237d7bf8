// The scores: naive matching beside the network, a sentence about what a change did, and the text's experiment.

const scores = {before: null, rows: []};

// One side's bars: a name, a bar and a number for each label.
function barRows(names) {
  const whole = make("div", "bars");
  whole.rows = names.map((name) => {
    const row = {name: make("span", "name", name), track: make("span", "track"), number: make("span", "number")};
    row.bar = make("span", "bar");
    row.axis = make("span", "axis");
    row.track.append(row.bar, row.axis);
    whole.append(row.name, row.track, row.number);
    return row;
  });
  return whole;
}

// Bars from an axis at 0: to the right for votes in favour, to the left for votes against.
function setBars(whole, values, won, texts, largest) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values), span = largest ?? (high - low || 1);
  const zero = -low / span * 100;
  whole.rows.forEach((row, l) => {
    row.bar.style.left = `${values[l] < 0 ? zero + values[l] / span * 100 : zero}%`;
    row.bar.style.width = `${Math.abs(values[l]) / span * 100}%`;
    row.bar.classList.toggle("against", values[l] < 0);
    row.axis.style.left = `${zero}%`;
    row.number.textContent = texts[l];
    for (const part of [row.name, row.bar, row.number]) part.classList.toggle("won", l === won);
  });
}

function buildScores() {
  const place = $("#scores");
  place.replaceChildren();
  const side = (title, names) => {
    const whole = make("div", "score"), heading = make("h3");
    whole.bars = barRows(names);
    whole.heading = heading;
    heading.append(make("span", "", title), make("b"));
    whole.append(heading, whole.bars);
    place.append(whole);
    return whole;
  };
  scores.naive = walk.exemplars.length ? side("Naive matching", walk.exemplars.map(({name}) => name)) : null;
  scores.network = side("The network", walk.labels);
}

// What the bars show while the votes are silent is nothing.
const totals = () => (result.silent ? walk.labels.map(() => 0) : result.totals);
const totalTexts = () => totals().map((total) => (result.silent ? "–" : signed(total, 3)));

function drawScores() {
  const cells = side * side;
  if (scores.naive) {
    scores.naive.heading.lastChild.textContent = walk.exemplars[naive.says].name;
    setBars(scores.naive.bars, naive.agree, naive.says, naive.agree.map((agree) => `${agree} of ${cells}`), cells);
  }
  scores.network.heading.lastChild.textContent = walk.labels[result.verdict] ?? "–";
  setBars(scores.network.bars, totals(), result.verdict, totalTexts());
}

// ---- what a change did, in one sentence

function moved(now, before, text) {
  const by = now - before;
  if (Math.abs(by) < 0.0005) return "unchanged";
  return `${by > 0 ? "up" : "down"} ${text(Math.abs(by))}`;
}

function sayNaive(before) {
  const each = walk.exemplars.map(({name}, e) =>
    `${name} ${naive.agree[e]} of ${side * side} cells, ${moved(naive.agree[e], before.agree[e], String)}`);
  const still = naive.says === before.says ? "says" : "now says";
  return `naive matching ${still} ${walk.exemplars[naive.says].name} (${each.join("; ")})`;
}

function sayNetwork(before) {
  if (result.silent) return "the network is silent, for its weights do not fit";
  const each = walk.labels.map((label, l) => `${label} ${signed(result.totals[l], 3)}` +
    (before.silent ? "" : `, ${moved(result.totals[l], before.totals[l], (by) => fixed(by, 3))}`));
  const still = before.silent || result.verdict === before.verdict ? "says" : "now says";
  return `the network ${still} ${walk.labels[result.verdict]} (${each.join("; ")})`;
}

function say(what) {
  const {before} = scores;
  if (!before) { $("#said").textContent = `${what}.`; return; }
  const parts = [...(scores.naive ? [sayNaive(before.naive)] : []), sayNetwork(before.result)];
  $("#said").textContent = `${what}: ${parts.join(", and ")}.`;
}

const tell = (selector, words) => { $(selector).textContent = words; };

// ---- the text's experiment: the saved X, moved to the right step by step

const STEPS = 2;
const experiment = {points: [], timer: null};

const stopExperiment = () => clearTimeout(experiment.timer);

function runExperiment() {
  experiment.points = [];
  stepExperiment(walk.exemplars[0].cells);
}

function stepExperiment(image) {
  const moves = experiment.points.length, name = walk.exemplars[0].name;
  change({image}, moves ? `The saved ${name}, ${count(moves, "cell")} to the right` : `The saved ${name}`);
  experiment.points.push({naive: naive.agree, network: [...result.totals], says: [naive.says, result.verdict]});
  drawCurves();
  if (moves === STEPS) { tell("#experiment-note", concluded()); return; }
  tell("#experiment-note", "");
  const next = () => stepExperiment(shifted(image, 0, 1));
  if (still()) next();
  else experiment.timer = setTimeout(next, 900);
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function concluded() {
  const [first, last] = [experiment.points[0], experiment.points.at(-1)];
  const [name, other] = walk.exemplars.map((saved) => saved.name);
  const lead = ({naive: [own, others]}) => own - others;
  const fell = lead(last) < 0 ? `${other} is ahead by ${count(-lead(last), "cell")}, so naive matching says ${other}`
    : `it is ${lead(last)}`;
  const verdict = result.silent ? "The network is silent." : `The network, with the same picture, says ` +
    `${walk.labels[last.says[1]]}: its features still fit, only elsewhere, and pooling does not mind exactly where.`;
  return `At first ${name} was ahead by ${count(lead(first), "cell")}; two cells further ${fell}. ${verdict}`;
}

const SVG = "http://www.w3.org/2000/svg";
function vector(tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function drawCurves() {
  const {points} = experiment;
  const curves = [curve("Naive matching: cells that agree", walk.exemplars.map(({name}) => name),
    points.map((point) => point.naive), String)];
  if (!result.silent)
    curves.push(curve("The network: votes", walk.labels, points.map((point) => point.network), (vote) => signed(vote)));
  $("#curves").replaceChildren(...curves);
}

// Lines over the number of cells that the picture has moved, one for each name.
function curve(title, names, points, text) {
  const values = points.flat(), low = Math.min(...values), span = Math.max(...values) - low || 1;
  const x = (step) => 34 + step * 110, y = (value) => 128 - (value - low) / span * 100;
  const words = points.map((each, step) => `${step}: ${names.map((name, l) => `${name} ${text(each[l])}`).join(", ")}`);
  const svg = vector("svg", {viewBox: "0 0 320 170", class: "curve", role: "img",
    "aria-label": `${title}. ${words.join("; ")}`});
  for (let step = 0; step <= STEPS; step++)
    svg.append(vector("line", {x1: x(step), x2: x(step), y1: 20, y2: 138, class: "tick"}),
      vector("text", {x: x(step), y: 160, "text-anchor": "middle"}, step ? `${step} →` : "start"));
  names.forEach((name, l) => {
    const line = points.map((each, step) => `${x(step)},${y(each[l])}`).join(" ");
    svg.append(vector("polyline", {points: line, class: `line line${l}`}));
    points.forEach((each, step) => {
      const above = names.every((_, other) => each[other] <= each[l]);
      svg.append(vector("circle", {cx: x(step), cy: y(each[l]), r: 4, class: `dot line${l}`}),
        vector("text", {x: x(step), y: y(each[l]) + (above ? -9 : 17), "text-anchor": "middle", class: "value"},
          text(each[l])));
    });
    const ends = names.map((_, other) => y(points.at(-1)[other])), above = ends.filter((end) => end < ends[l]);
    const room = above.length ? Math.max(...above) + 18 : 0;
    svg.append(vector("text", {x: x(points.length - 1) + 26, y: Math.max(ends[l], room) + 5, class: "who"}, name));
  });
  return figure(title, svg);
}
