// Practice pictures: made from the saved letters by the page's own moves, and those that somebody gave a label.

const MADE = 300, EVERY = 5;                     // pictures made for all labels; one of five is kept apart, to test with

// From a saved letter: shifted, turned by quarters and deformed, each by the seed; the first is the letter itself.
function varied(cells, seed) {
  const roll = dice(seed * 7 + 3), upTo = (most) => Math.floor(roll() * (2 * most + 1)) - most;
  let image = copy(cells);
  for (let turns = roll() < 0.5 ? 0 : Math.floor(roll() * 4); turns > 0; turns--) image = turnedRight(image);
  for (let times = Math.floor(roll() * 3); times > 0; times--) image = deformed(image, Math.floor(roll() * 1e6));
  const far = roll() < 0.5 ? STEPS : Math.ceil(STEPS / 2);
  return shifted(image, upTo(far), upTo(far));
}

const made = [];
function practice() {
  if (!made.length)
    walk.exemplars.forEach(({name, cells}) => {
      const label = walk.labels.indexOf(name);
      for (let n = 0; n < Math.ceil(MADE / walk.exemplars.length); n++)
        made.push({label, image: n ? varied(cells, n) : copy(cells), apart: n % EVERY === EVERY - 1});
    });
  return [...timeline.now.taught, ...made];
}

function teach(label) {
  const picture = {label, image: copy(timeline.now.image), apart: false};
  change({taught: [picture, ...timeline.now.taught]}, `Taught: this is ${article(walk.labels[label])}`);
  tell("#learn-note", `This picture is now one of ${practice().length} practice pictures. Learn uses it.`);
}

// "an X", "a T": by how the letter's name, or the word, begins.
const article = (label) =>
  `${(label.length === 1 ? /[AEFHILMNORSX]/i : /^[aeiou]/i).test(label) ? "an" : "a"} ${label}`;

// Which practice pictures the network gets right; null while it is silent.
const marks = {for: null, right: null};
function marked() {
  const {features, layers, taught} = timeline.now, key = [features, layers, taught];
  if (marks.for?.every((each, n) => each === key[n])) return marks.right;
  const weights = result.silent ? null : flatWeights(features);
  const {rows} = weights && practice().length ? lastCells(practice().map(({image}) => image), timeline.now) : {};
  Object.assign(marks, {for: key, right: rows ? practice().map(({label}, n) => {
    const votes = votesOf(rows[n], weights, walk.labels.length);
    return votes.indexOf(Math.max(...votes)) === label;
  }) : null});
  return marks.right;
}

// All weights in one array, shaped (cells, labels).
const flatWeights = (features) => features.flatMap(({weights}) =>
  weights[0].flatMap((row, r) => row.flatMap((_, c) => weights.map((grid) => grid[r][c]))));

function practiceScore() {
  const right = marked(), pictures = practice();
  if (!right) return "";
  const score = (apart) => {
    const some = right.filter((_, n) => pictures[n].apart === apart);
    return some.length ? `${some.filter(Boolean).length} of ${some.length}` : "";
  };
  const tested = score(true);
  return `Right in ${score(false)} of those it learns from` + (tested ? `, and in ${tested} that it never learns from.`
    : ".");
}

// All pictures in small, with their label; a wrong one is marked. One canvas each: a click takes it to the board.
function drawPractice() {
  const right = marked(), pictures = practice();
  for (const [place, apart] of [["#practice", false], ["#tested", true]]) {
    const some = pictures.map((each, n) => ({...each, right: right?.[n] ?? true})).filter((each) => each.apart === apart);
    const whole = $(place);
    while (whole.children.length > some.length) whole.lastChild.remove();
    some.forEach((each, n) => drawSmall(whole, whole.children[n], each));
    if (!whole.querySelector("[tabindex='0']") && whole.firstChild) whole.firstChild.tabIndex = 0;
    whole.closest("figure").hidden = !some.length;
  }
  tell("#practice-score", result.silent ? "The votes are silent, so none can be marked yet." : practiceScore());
}

function drawSmall(whole, old, {image, label, right}) {
  const small = old ?? whole.appendChild(smallOf());
  if (small.image !== image) {
    small.image = image;
    small.firstChild.replaceWith(thumb(image));
    small.children[1].textContent = walk.labels[label];
  }
  small.classList.toggle("wrong", !right);
  small.lastChild.textContent = right ? "" : "≠";
  small.setAttribute("aria-label", `${walk.labels[label]}${right ? "" : ", wrong"}: take this picture`);
}

function smallOf() {
  const small = button("", () => change({image: copy(small.image)}, "A practice picture"));
  small.className = "small";
  small.tabIndex = -1;
  small.append(make("span"), make("span", "label"), make("b", "ne"));
  return small;
}

function prepareLearning() {
  $("#teach").append(...walk.labels.map((label, l) => button(`This is ${article(label)}`, () => teach(l))));
  $("#learn").addEventListener("click", learn);
  $("#learn-now").addEventListener("click", learn);
  for (const place of ["#practice", "#tested"])
    $(place).addEventListener("keydown", ({key, target}) => {
      const small = target.closest(".small"), by = {ArrowLeft: "previous", ArrowRight: "next"}[key];
      const goal = by && small?.[`${by}ElementSibling`];
      if (!goal) return;
      [small.tabIndex, goal.tabIndex] = [-1, 0];
      goal.focus();
    });
}
