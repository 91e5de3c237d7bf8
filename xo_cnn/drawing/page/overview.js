// The overview: the whole way from the picture to the verdict in small, always in view; a station leads to its chapter.

const stations = [];

function buildOverview() {
  // The first pooling layer comes with the words about pooling.
  const pools = result.values.slice(1).map((_, n) => [`Pooled ${n + 1}`, n ? `pooling-${n + 1}` : "pooling"]);
  const ways = [["Picture", "start"], ["Features", "features"], ["Maps", "convolution"], ...pools, ["Votes", "votes"],
    ["Verdict", "verdict"]];
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
  const votes = stations.at(-2).small;
  votes.bars = barRows(walk.labels);
  votes.classList.add("voting");
  votes.append(votes.bars);
}

function drawOverview() {
  const {image, features} = timeline.now;
  const stages = [[image], features.map(({cells}) => cells), ...result.values];
  stages.forEach((maps, n) => drawThumbs(stations[n].small, maps, n < 2 ? undefined : false));
  const votes = stations.at(-2).small;
  setBars(votes.bars, totals(), result.verdict, walk.labels.map(() => ""));
  stations.at(-1).small.replaceChildren(make("b", "says", walk.labels[result.verdict] ?? "–"));
}

function drawThumbs(place, maps, grid) {
  const lines = maps.length === 1 ? 1 : maps.length <= 4 ? 2 : 3;
  place.style.setProperty("--lines", lines);
  place.style.setProperty("--across", Math.ceil(maps.length / lines));
  place.replaceChildren(...maps.slice(0, 12).map((map) => thumb(map, grid)));
}

// The station whose chapter is being read is marked.
function followScroll() {
  const line = window.innerHeight * 0.4;
  let current = stations[0];
  for (const station of stations)
    if ($("#" + station.goal).getBoundingClientRect().top <= line) current = station;
  if (window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2) current = stations.at(-1);
  for (const station of stations)
    station === current ? station.setAttribute("aria-current", "true") : station.removeAttribute("aria-current");
}
