// Small comforts of the lists with rows to choose: how many are chosen, all of the page at once. It works without them.
"use strict";

const caselle = [...document.querySelectorAll('.spunta input[type="checkbox"]')];
const conto = document.querySelector("[data-scelti]");
if (caselle.length && conto) {
  const frase = conto.textContent;
  const [uno, molti] = (conto.dataset.nomi || "intervento scelto,interventi scelti").split(",");
  const tutta = document.createElement("button");
  tutta.type = "button";
  tutta.className = "btn btn-link btn-sm";
  conto.after(tutta);
  const aggiorna = () => {
    const quante = caselle.filter((casella) => casella.checked).length;
    conto.textContent = quante === 0 ? frase : quante === 1 ? `1 ${uno}.` : `${quante} ${molti}.`;
    tutta.textContent = quante === caselle.length ? "Togli la scelta" : "Scegli tutta la pagina";
  };
  tutta.addEventListener("click", () => {
    const segna = !caselle.every((casella) => casella.checked);
    caselle.forEach((casella) => { casella.checked = segna; });
    aggiorna();
  });
  caselle.forEach((casella) => casella.addEventListener("change", aggiorna));
  aggiorna();
}
