// The overview: the whole way from the picture to the verdict in small, always in view; a station leads to its chapter.

const stations = [];
const stationOf = (goal) => stations.find((station) => station.goal === goal);

function buildOverview() {
  // The first layer of a kind comes with the words about it.
  const layers = result.values.slice(1).map((_, n) => {
    const kind = kindAt(n + 1), many = timeline.now.layers.filter(({type}) => type === "relu").length;
    return [kind.station(nth(n + 1), many), nth(n + 1) > 1 ? chapterOf(n + 1) : kind.chapter];
  });
  const ways = [["Picture", "start"], ["Features", "features"], ["Maps", "convolution"], ...layers, ["Votes", "votes"],
    ["Verdict", "verdict"], ["Practice", "learning"], ["Next", "next"]];
  stations.length = 0;
  const nav = $("#overview");
  nav.replaceChildren();
  ways.forEach(([name, goal], n) => {
    const station = button("", () => $("#" + goal).scrollIntoView({behavior: still() ? "auto" : "smooth"}));
    station.className = "station";
    const small = make("span", "thumbs");
    small.setAttribute("aria-hidden", "true");
    station.append(small, make("span", "label", name));
    station.small = small;
    station.goal = goal;
    if (n) {
      const arrow = make("span", "arrow", "→");
      arrow.setAttribute("aria-hidden", "true");
      nav.append(arrow);
    }
    nav.append(station);
    stations.push(station);
  });
  const votes = stationOf("votes").small;
  votes.bars = barRows(walk.labels);
  votes.classList.add("voting");
  votes.append(votes.bars);
  for (const [goal, text] of [["verdict", ""], ["learning", "✎"], ["next", "…"]]) {
    const station = stationOf(goal);
    station.says = make("b", "says", text);
    station.small.append(station.says);
  }
}

function drawOverview() {
  const {image, features} = timeline.now;
  const stages = [[image], features.map(({cells}) => cells), ...result.values];
  stages.forEach((maps, n) => drawThumbs(stations[n].small, maps, n < 2 ? undefined : false));
  const votes = stationOf("votes").small;
  setBars(votes.bars, totals(), result.verdict, walk.labels.map(() => ""));
  stationOf("verdict").says.textContent = walk.labels[result.verdict] ?? "–";
}

function drawThumbs(place, maps, grid) {
  const lines = maps.length === 1 ? 1 : maps.length <= 4 ? 2 : 3;
  place.style.setProperty("--lines", lines);
  place.style.setProperty("--across", Math.ceil(maps.length / lines));
  const old = [...place.children];
  const thumbs = maps.slice(0, 12).map((map, n) => thumb(map, grid, old[n]?.shape ? old[n] : null));
  if (thumbs.length !== old.length || thumbs.some((each, n) => each !== old[n])) place.replaceChildren(...thumbs);
}

// On a phone the picture comes along to where a feature slides over it; its place keeps its height.
function dock() {
  const place = $("#image-place"), home = $("#image-home"), lens = $("#lens");
  const narrow = matchMedia("(max-width: 699px)").matches, away = home.getBoundingClientRect().bottom < 120;
  const box = $("#convolution .slide").getBoundingClientRect(), near = box.top < window.innerHeight && box.bottom > 0;
  const where = narrow && away && near ? lens : home;
  if (stroke.element || where === place.parentNode) return;
  const focus = place.contains(document.activeElement) ? document.activeElement : null;
  if (where === lens) home.style.minHeight = lens.style.minHeight = `${place.offsetHeight}px`;
  where.append(place);
  focus?.focus({preventScroll: true});
}

// The station whose chapter is being read is marked.
function followScroll() {
  if (!stations.length) return;
  dock();
  const line = window.innerHeight * 0.4;
  let current = stations[0];
  for (const station of stations)
    if ($("#" + station.goal).getBoundingClientRect().top <= line) current = station;
  if (window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2) current = stations.at(-1);
  for (const station of stations)
    station === current ? station.setAttribute("aria-current", "true") : station.removeAttribute("aria-current");
}
