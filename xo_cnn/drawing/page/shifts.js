// Right and wrong over all shifts: naive matching beside the network, for each saved letter moved by up to two cells.

const REACH = 2, REACHES = Array.from({length: 2 * REACH + 1}, (_, n) => n - REACH);

function buildShifts() {
  $("#shift-place").replaceChildren(...walk.exemplars.map(({name, cells}) => {
    const whole = make("div", "shifts"), line = make("div", "flow");
    line.append(...["naive matching", "the network"].map((who, network) => {
      const about = {kind: "shift", title: `The saved ${name} moved, as ${who} sees it`, cells, name};
      const grid = REACHES.map(() => REACHES.map(() => 1));
      const element = board(`${network ? "shifted" : "matched"}:${name}`, grid, about, 40, REACHES);
      return figure(who, element);
    }));
    whole.append(make("h3", "", `The saved ${name}, moved by up to ${REACH} cells`), line);
    return whole;
  }));
}

const shiftsOf = (cells) => REACHES.map((rows) => REACHES.map((columns) => shifted(cells, rows, columns)));

// For every shift what it is taken for: a tick where that is right, the other letter where it is wrong.
function drawShifts() {
  for (const {name, cells} of walk.exemplars) {
    const images = shiftsOf(cells).flat();
    fillShifts(boards.get(`matched:${name}`), name, images.map((image) => walk.exemplars[match(image).says].name));
    fillShifts(boards.get(`shifted:${name}`), name, result.silent ? null : networkSays(images));
  }
}

function networkSays(images) {
  const weights = flatWeights(timeline.now.features);
  return lastCells(images, timeline.now).rows.map((row) => {
    const votes = votesOf(row, weights, walk.labels.length);
    return walk.labels[votes.indexOf(Math.max(...votes))];
  });
}

function fillShifts(element, name, says) {
  element.cells.flat().forEach((cell, n) => {
    const label = says?.[n] ?? "–", right = label === name, [rows, columns] = [Math.floor(n / REACHES.length),
      n % REACHES.length].map((at) => REACHES[at]);
    cell.textContent = right ? "✓" : label;
    cell.className = `cell ${!says ? "" : right ? "right" : "wrong"}`;
    cell.setAttribute("aria-label", `${rows} down, ${columns} right: ${label}${right ? ", right" : ""}`);
  });
  const right = says?.filter((label) => label === name).length;
  element.nextSibling.textContent = says ? `right in ${right} of ${says.length}` : "silent";
}

function takeShift({cells, name}, [row, column]) {
  const [rows, columns] = [REACHES[row], REACHES[column]];
  change({image: shifted(cells, rows, columns)}, `The saved ${name}, moved ${rows} down and ${columns} to the right`);
}
