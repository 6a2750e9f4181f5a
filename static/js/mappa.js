// The map takes one stop of the Tab key; the arrows move to the nearest Comune in that direction.
"use strict";

document.querySelectorAll("[data-mappa]").forEach((mappa) => {
  const comuni = [...mappa.querySelectorAll("a[data-nome]")];
  const voce = mappa.querySelector("[data-mappa-voce]");
  const centro = (comune) => {
    const riquadro = comune.getBBox();
    return [riquadro.x + riquadro.width / 2, riquadro.y + riquadro.height / 2];
  };
  const dici = (comune) => { voce.textContent = `${comune.dataset.nome}: ${comune.dataset.dice}`; };
  const scegli = (comune) => {
    comuni.forEach((altro) => altro.setAttribute("tabindex", altro === comune ? "0" : "-1"));
  };
  const versi = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const vicino = (comune, [versoX, versoY]) => {
    const [x, y] = centro(comune);
    let migliore = null;
    let minima = Infinity;
    comuni.forEach((altro) => {
      if (altro === comune) return;
      const [altroX, altroY] = centro(altro);
      const avanti = (altroX - x) * versoX + (altroY - y) * versoY;
      const lato = Math.abs((altroX - x) * versoY) + Math.abs((altroY - y) * versoX);
      if (avanti <= 0 || lato > 2 * avanti) return;
      const distanza = avanti + 2 * lato;
      if (distanza < minima) { minima = distanza; migliore = altro; }
    });
    return migliore;
  };
  scegli(comuni.find((comune) => comune.dataset.nome === "Milano") || comuni[0]);
  comuni.forEach((comune) => {
    comune.addEventListener("focus", () => { scegli(comune); dici(comune); });
    comune.addEventListener("mouseenter", () => dici(comune));
    comune.addEventListener("keydown", (evento) => {
      const verso = versi[evento.key];
      if (!verso) return;
      evento.preventDefault();
      const altro = vicino(comune, verso);
      if (altro) altro.focus();
    });
  });
});
