// Comforts of the long form: another empty row at a press, and sums that follow the typing.
"use strict";

const centesimi = (testo) => {
  // The same spellings as the server's: a separator before exactly three digits is of the thousands.
  const pulito = testo.replace(/[\s\u00a0\u202f'’€]/g, "");
  if (!pulito) return null;
  const migliaia = /^\d{1,3}(\.\d{3})+(,\d{1,2})?$/;
  const inglese = /^\d{1,3}(,\d{3})+\.\d{1,2}$/;
  const semplice = /^\d+([.,]\d{1,2})?$/;
  let normale = null;
  if (migliaia.test(pulito)) normale = pulito.replace(/\./g, "").replace(",", ".");
  else if (inglese.test(pulito)) normale = pulito.replace(/,/g, "");
  else if (semplice.test(pulito)) normale = pulito.replace(",", ".");
  if (normale === null) return null;
  const [interi, decimali = ""] = normale.split(".");
  return BigInt(interi) * 100n + BigInt(decimali.padEnd(2, "0") || "0");
};
const euro = (valore) => {
  const segno = valore < 0n ? "−" : "";
  const cifre = String(valore < 0n ? -valore : valore).padStart(3, "0");
  return `${segno}${cifre.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ".")},${cifre.slice(-2)}\u00a0€`;
};

const totale = document.querySelector("#id_finanziamento_totale");
const somme = [...document.querySelectorAll("[data-somma]")].map((sezione) => () => {
  let somma = null;
  sezione.querySelectorAll("[data-riga-parte]").forEach((riga) => {
    const tolta = riga.querySelector("input[name$='-togli']");
    const importo = riga.querySelector("input[name$='-importo']");
    const valore = importo && !(tolta && tolta.checked) ? centesimi(importo.value) : null;
    if (valore !== null) somma = (somma ?? 0n) + valore;
  });
  sezione.querySelector("[data-somma-valore]").textContent = somma === null ? "–" : euro(somma);
  const intero = centesimi(totale.value);
  const diverso = somma !== null && intero !== null && somma !== intero;
  const frase = diverso ? `▲ diversa dal totale per ${euro(intero - somma)}` : "";
  const posto = sezione.querySelector("[data-somma-differenza]");
  if (posto.textContent.trim() !== frase) {
    posto.textContent = frase;
    posto.classList.toggle("segno-a_rischio", diverso);
  }
});
const ricalcola = () => { somme.forEach((calcola) => calcola()); };
document.querySelectorAll("form[data-righe]").forEach((modulo) => { modulo.addEventListener("change", ricalcola); });

document.querySelectorAll("[data-righe-di]").forEach((blocco) => {
  const bottone = blocco.querySelector("[data-aggiungi]");
  const conto = blocco.querySelector(`#id_${blocco.dataset.righeDi}-TOTAL_FORMS`);
  const modello = blocco.querySelector("template[data-modello]");
  bottone.hidden = false;
  bottone.addEventListener("click", () => {
    const posto = Number(conto.value);
    const pezzo = document.createElement("template");
    pezzo.innerHTML = modello.innerHTML.replaceAll("__prefix__", String(posto));
    const riga = pezzo.content.querySelector("[data-riga-parte]");
    riga.querySelector("[data-numero]").textContent = String(posto + 1);
    bottone.before(riga);
    conto.value = String(posto + 1);
    riga.querySelector("input:not([type=hidden]), select, textarea").focus();
  });
});
