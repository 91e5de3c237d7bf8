// On paper: the lesson as it is, or a worksheet whose maps are empty, with the solutions on a last page.

function printWorksheet() {
  $("#solutions").replaceChildren(make("h2", "", "Solutions"), ...result.values.flatMap((maps, n) =>
    timeline.now.features.map(({name}, f) => piece(n ? `${name} after ${afterWords(n)}` : `Map of ${name}`, maps[f],
      {grid: false}))), make("p", "", $("#verdict-text").textContent));
  document.body.classList.add("worksheet");
  window.print();
}

function preparePrinting() {
  $("#worksheet").addEventListener("click", printWorksheet);
  addEventListener("afterprint", () => document.body.classList.remove("worksheet"));
}
