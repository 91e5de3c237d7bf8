// The scores: naive matching beside the network, as bars, and a sentence about what a change did.

const scores = {before: null};

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
  if (result.silent) return "the network is silent, because its weights do not fit";
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
