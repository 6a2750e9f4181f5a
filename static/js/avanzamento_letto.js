// Values typed in this browser that could not be saved before the avanzamento stopped being written: shown, never lost.
"use strict";

(() => {
  const posto = document.querySelector("[data-conservati]");
  if (!posto) return;
  const prefisso = `avanzamento:${posto.dataset.chi}:${posto.dataset.avanzamento}:`;
  let chiavi = [];
  const celle = {};
  try {
    chiavi = Object.keys(window.localStorage).filter((chiave) => chiave.startsWith(prefisso));
    chiavi.forEach((chiave) => {
      const cose = JSON.parse(window.localStorage.getItem(chiave)) || {};
      Object.assign(celle, (cose.volo || {}).celle, cose.aperto);
      (cose.contese || []).forEach(([cella, mio]) => { celle[cella] = mio; });
    });
  } catch (errore) { return; }
  const voci = Object.entries(celle).filter(([, testo]) => testo);
  if (!voci.length) return;
  posto.querySelector("[data-conservati-conto]").textContent = voci.length === 1 ? "un valore scritto e non salvato" : `${voci.length} valori scritti e non salvati`;
  posto.querySelector("[data-conservati-elenco]").replaceChildren(...voci.map(([, testo]) => {
    const voce = document.createElement("li");
    voce.textContent = testo;
    return voce;
  }));
  posto.querySelector("[data-conservati-scarta]").addEventListener("click", () => {
    chiavi.forEach((chiave) => { window.localStorage.removeItem(chiave); });
    posto.hidden = true;
  });
  posto.hidden = false;
})();
