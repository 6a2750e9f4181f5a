// Small comforts of the imports; every page works without them.
"use strict";

// A form that must be sent once is not sent twice by a double click; coming back with the browser frees it.
document.querySelectorAll("form[data-una-volta], form[data-caricamento]").forEach((modulo) => {
  modulo.addEventListener("submit", (evento) => {
    if (modulo.dataset.inviato) { evento.preventDefault(); return; }
    modulo.dataset.inviato = "1";
  });
  window.addEventListener("pageshow", () => { delete modulo.dataset.inviato; });
});

// What was chosen, with the size of each file, before sending it.
const cifre = new Intl.NumberFormat("it-IT", { maximumFractionDigits: 1 });
const peso = (byte) => (byte < 1e6 ? `${cifre.format(byte / 1e3)} kB` : `${cifre.format(byte / 1e6)} MB`);
document.querySelectorAll("form[data-caricamento]").forEach((modulo) => {
  const campo = modulo.querySelector('input[type="file"]');
  const massimo = Number(modulo.dataset.massimo);
  const elenco = document.createElement("ul");
  elenco.className = "scelti-file";
  elenco.setAttribute("aria-live", "polite");
  campo.after(elenco);
  const mostra = () => {
    elenco.replaceChildren(...[...campo.files].map((file) => {
      const voce = document.createElement("li");
      voce.textContent = `${file.name} · ${peso(file.size)}`;
      if (file.size > massimo) {
        voce.className = "troppo";
        voce.textContent += `: più di ${massimo / 1e6} MB, comprimilo in uno zip o dividilo`;
      }
      return voce;
    }));
  };
  campo.addEventListener("change", mostra);
  modulo.addEventListener("submit", () => {
    const bottone = modulo.querySelector("button[type=submit]");
    bottone.textContent = "Caricamento in corso…";
    window.addEventListener("pageshow", () => { bottone.textContent = "Carica e prova"; });
  });
});

// How many differences are marked, and all of the page at once.
const segnate = document.querySelector("[data-segnate]");
const caselle = [...document.querySelectorAll('input[name="scelti"]')];
if (segnate && caselle.length) {
  const frase = segnate.textContent;
  const tutte = document.createElement("button");
  tutte.type = "button";
  tutte.className = "btn btn-link btn-sm";
  segnate.after(tutte);
  const aggiorna = () => {
    const quante = caselle.filter((casella) => casella.checked).length;
    segnate.textContent = quante === 0 ? frase : quante === 1 ? "1 differenza segnata." : `${quante} differenze segnate.`;
    tutte.textContent = quante === caselle.length ? "Togli i segni" : "Segna tutta la pagina";
  };
  tutte.addEventListener("click", () => {
    const segna = !caselle.every((casella) => casella.checked);
    caselle.forEach((casella) => { casella.checked = segna; });
    aggiorna();
  });
  caselle.forEach((casella) => casella.addEventListener("change", aggiorna));
  aggiorna();
}
