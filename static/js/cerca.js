// The search box of every page: suggestions while one types (combobox of the ARIA authoring practices), and the keys
// that lead to it. Without this script it is a form like any other.
"use strict";

const casella = document.getElementById("cerca-ovunque");
const TASTO_SPENTO = "cerca-senza-tasto";
// The shortcut of a single character can be switched off (WCAG 2.1.4): from the page of the search, for this browser.
const tastoAcceso = () => {
  try { return window.localStorage.getItem(TASTO_SPENTO) !== "1"; } catch { return true; }
};

if (casella && casella.dataset.suggerimenti) {
  const ATTESA = 200;
  const MINIMO = 3;
  const modulo = casella.form;
  const elenco = document.createElement("ul");
  elenco.id = "cerca-suggerimenti";
  elenco.className = "cerca-elenco";
  elenco.setAttribute("role", "listbox");
  elenco.setAttribute("aria-label", "Suggerimenti");
  elenco.hidden = true;
  const detto = document.createElement("p");
  detto.className = "visually-hidden";
  detto.setAttribute("role", "status");
  modulo.append(elenco, detto);
  for (const [nome, valore] of [
    ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", elenco.id],
  ]) casella.setAttribute(nome, valore);

  let timer = 0;
  let richiesta = null;
  let scelta = -1;

  const chiudi = () => {
    elenco.hidden = true;
    scelta = -1;
    casella.setAttribute("aria-expanded", "false");
    casella.removeAttribute("aria-activedescendant");
  };

  const annulla = () => {
    window.clearTimeout(timer);
    if (richiesta) richiesta.abort();
    richiesta = null;
  };

  const segna = (posto) => {
    const voci = [...elenco.children];
    scelta = posto;
    voci.forEach((voce, numero) => voce.setAttribute("aria-selected", String(numero === posto)));
    if (posto < 0) { casella.removeAttribute("aria-activedescendant"); return; }
    casella.setAttribute("aria-activedescendant", voci[posto].id);
    voci[posto].scrollIntoView({ block: "nearest" });
  };

  const voce = (numero, titolo, sotto, genere, indirizzo) => {
    const riga = document.createElement("li");
    riga.id = `cerca-voce-${numero}`;
    riga.setAttribute("role", "option");
    riga.setAttribute("aria-selected", "false");
    riga.dataset.indirizzo = indirizzo;
    for (const [classe, testo] of [["cerca-titolo", titolo], ["cerca-genere", genere], ["cerca-sotto", sotto]]) {
      if (!testo) continue;
      const pezzo = document.createElement("span");
      pezzo.className = classe;
      pezzo.textContent = testo;
      riga.append(pezzo, " ");
    }
    // Before the box loses the focus.
    riga.addEventListener("mousedown", (evento) => evento.preventDefault());
    riga.addEventListener("click", () => { window.location.assign(indirizzo); });
    return riga;
  };

  const mostra = (dati) => {
    const voci = dati.voci.map((una, numero) => voce(numero, una.titolo, una.sottotitolo, una.genere, una.indirizzo));
    elenco.replaceChildren(...voci, voce(voci.length, `Cerca «${dati.testo}» in tutto il portale`, "", "", dati.tutti));
    elenco.hidden = false;
    scelta = -1;
    casella.setAttribute("aria-expanded", "true");
    casella.removeAttribute("aria-activedescendant");
    const quanti = voci.length;
    detto.textContent = quanti === 0 ? "Nessun suggerimento: con Invio cerchi in tutto il portale."
      : `${quanti === 1 ? "Un suggerimento" : `${quanti} suggerimenti`}: si scorrono con le frecce.`;
  };

  const chiedi = async (testo) => {
    annulla();
    const mia = new AbortController();
    richiesta = mia;
    try {
      const indirizzo = `${casella.dataset.suggerimenti}?q=${encodeURIComponent(testo)}`;
      const risposta = await fetch(indirizzo, { headers: { Accept: "application/json" }, signal: mia.signal });
      const dati = risposta.ok ? await risposta.json() : null;
      if (richiesta !== mia || document.activeElement !== casella) return;
      if (dati) mostra(dati); else chiudi();
    } catch {
      // Stale, or the network is away: the form still works.
      if (richiesta === mia) chiudi();
    }
  };

  casella.addEventListener("input", () => {
    annulla();
    const testo = casella.value.trim();
    if (testo.length < MINIMO) { chiudi(); detto.textContent = ""; return; }
    timer = window.setTimeout(() => chiedi(testo), ATTESA);
  });

  casella.addEventListener("keydown", (evento) => {
    const ultimo = elenco.children.length - 1;
    if (evento.key === "Escape") {
      annulla();
      if (!elenco.hidden) { evento.preventDefault(); evento.stopPropagation(); chiudi(); }
    } else if (evento.key === "ArrowDown" || evento.key === "ArrowUp") {
      evento.preventDefault();
      const giu = evento.key === "ArrowDown";
      if (elenco.hidden) {
        if (casella.value.trim().length >= MINIMO) chiedi(casella.value.trim());
      } else if (giu) segna(scelta === ultimo ? -1 : scelta + 1);
      else segna(scelta === -1 ? ultimo : scelta - 1);
    } else if (evento.key === "Enter" && !evento.isComposing && !elenco.hidden && scelta >= 0) {
      evento.preventDefault();
      window.location.assign(elenco.children[scelta].dataset.indirizzo);
    } else if (evento.key === "Tab") chiudi();
  });
  casella.addEventListener("blur", () => { annulla(); chiudi(); });
}

if (casella) {
  const inUnCampo = (dove) => dove instanceof Element
    && (dove.closest("input, textarea, select") !== null || dove.isContentEditable);
  document.addEventListener("keydown", (evento) => {
    if (evento.defaultPrevented || evento.isComposing) return;
    const barra = evento.key === "/" && !evento.ctrlKey && !evento.metaKey && !evento.altKey
      && !inUnCampo(evento.target) && tastoAcceso();
    const comando = evento.key.toLowerCase() === "k" && (evento.ctrlKey || evento.metaKey)
      && !evento.shiftKey && !evento.altKey;
    if (!barra && !comando) return;
    evento.preventDefault();
    casella.focus();
    casella.select();
  });
}

// On the page of the search, the switch of the key.
const interruttore = document.querySelector("[data-tasto-cerca]");
if (interruttore) {
  const scatola = interruttore.querySelector("input");
  interruttore.hidden = false;
  scatola.checked = tastoAcceso();
  scatola.addEventListener("change", () => {
    try {
      if (scatola.checked) window.localStorage.removeItem(TASTO_SPENTO);
      else window.localStorage.setItem(TASTO_SPENTO, "1");
    } catch { scatola.checked = true; }
  });
}
