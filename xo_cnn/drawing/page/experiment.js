// The text's experiment: the saved X moves to the right step by step, and both scores are drawn as curves.

// Two cells of nine, or as large a part of another grid.
const STEPS = Math.max(1, Math.round(walk.grid.length * 2 / 9));
const experiment = {points: [], timer: null};

const stopExperiment = () => clearTimeout(experiment.timer);

function runExperiment() {
  experiment.points = [];
  stepExperiment(walk.exemplars[0].cells);
  if (experiment.points.length <= STEPS) bringIntoView("#curves");
}

const bringIntoView = (what) =>
  $(what).scrollIntoView({block: "nearest", behavior: still() ? "auto" : "smooth"});

function stepExperiment(image) {
  const moves = experiment.points.length, name = walk.exemplars[0].name;
  change({image}, moves ? `The saved ${name}, ${count(moves, "cell")} to the right` : `The saved ${name}`);
  experiment.points.push({naive: naive.agree, network: [...result.totals], says: [naive.says, result.verdict]});
  drawCurves();
  if (moves === STEPS) {
    tell("#experiment-note", concluded());
    bringIntoView("#experiment-note");
    return;
  }
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
    : `it is ahead by ${lead(last)}`;
  const says = walk.labels[last.says[1]], own = walk.name === "article" ? "" :
    ` (the text's own network, --network article, says ${name} when its ${name} moves by two cells of nine)`;
  const held = says === name ? ": its features still fit, only elsewhere, and pooling does not mind exactly where" :
    ` too, because part of the letter has left the grid${own}`;
  const verdict = result.silent ? "The network is silent." : `The network, with the same picture, says ${says}${held}.`;
  return `At first ${name} was ahead by ${count(lead(first), "cell")}; ${count(STEPS, "cell")} further ${fell}. ` +
    verdict;
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
  const x = (step) => 34 + step * 220 / STEPS, y = (value) => 128 - (value - low) / span * 100;
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
      if (step % Math.ceil(STEPS / 4) && step < STEPS) return;
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
