// The words that do not change, and everything set going.

function introduce() {
  const {labels} = walk, cells = `${side}×${side} = ${side * side}`;
  const words = {
    job: `This network has one job: it is shown a picture and answers ${listed(labels, "or")}.`,
    cells, side: `${side}×${side}`,
    saved: listed(walk.exemplars.map(({name}) => `one saved ${name}`)),
    first: walk.exemplars[0]?.name ?? "",
    moves: count(STEPS, "cell"),
  };
  $("#digits-choice").hidden = side <= 12;
  $("#digits").addEventListener("change", () => boards.get("image").classList.toggle("digits", $("#digits").checked));
  $("#shifting").hidden = !walk.exemplars.length;
  document.querySelectorAll("[data-say]").forEach((each) => { each.textContent = words[each.dataset.say]; });
  tell("#headline", `How a network tells ${listed(labels)} apart`);
  tell("#prepared", walk.read);
  if (walk.exemplars.length)
    tell("#letter-keys", `, ${listed(walk.exemplars.map(({name}) => name))} take the saved pictures`);
  const meanings = {"-1": "the exact negative", 0: "no match", 1: "a perfect match"};
  for (const value of [-1, -0.5, 0, 0.5, 1]) {
    const swatch = make("b", "", signed(value)), entry = make("span");
    [swatch.style.background, swatch.style.color] = colour(value, false);
    entry.append(swatch, ` ${meanings[value] ?? ""}`);
    $("#legend").append(entry);
  }
}

introduce();
buildScores();
prepareMoves();
prepareEditing();
preparePlaying();
preparePainting();
preparePointing();
prepareFiles();
prepareLearning();
preparePicture();
preparePrinting();
build();
update();
openAddress(walk.hash);
followScroll();
addEventListener("scroll", followScroll, {passive: true});
addEventListener("hashchange", () => openAddress());
