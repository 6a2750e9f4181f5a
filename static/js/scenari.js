// The sandbox of a scenario: every change asks for the outcomes anew and swaps them. It works without, with a button.
"use strict";

const scenario = document.querySelector("form[data-scenario]");
if (scenario) {
  const ATTESA = 300; // ms without typing before the outcomes are asked for
  const posto = scenario.querySelector("[data-esiti-posto]");
  const riquadro = posto.closest("section");
  const annuncio = scenario.querySelector("[data-esiti-annuncio]");
  const guasto = scenario.querySelector("[data-esiti-guasto]");
  const campo = (id) => document.getElementById(id);
  // Above the table, on a narrow screen, the rules that stand still would push it far away.
  const ferme = posto.querySelector("[data-ferme]");
  if (ferme && !window.matchMedia("(min-width: 1200px)").matches) ferme.open = false;
  let daSalvare = "daSalvare" in scenario.dataset;
  let richiesta = null;
  let inviati = new Map(); // what the outcomes on the page were worked out from
  let attesa = 0;
  let guasta = false;

  const senzaErrori = () => {
    scenario.querySelectorAll("[data-errore-di]").forEach((errore) => { errore.remove(); });
    scenario.querySelectorAll("[aria-invalid]").forEach((errato) => {
      if (!/^[in]\d+-/.test(errato.name)) return;
      errato.removeAttribute("aria-invalid");
      errato.removeAttribute("aria-describedby");
      const dal = campo(`${errato.id}_error`);
      if (dal) dal.remove();
    });
  };
  const mostraErrori = (corpo) => {
    senzaErrori();
    corpo.querySelectorAll("[data-campo]").forEach((voce) => {
      const errato = campo(voce.dataset.campo);
      if (!errato) return;
      const testo = document.createElement("span");
      testo.className = "campo-errore";
      testo.id = `${errato.id}_error`;
      testo.dataset.erroreDi = errato.id;
      testo.textContent = voce.dataset.testo;
      errato.after(testo);
      errato.setAttribute("aria-invalid", "true");
      errato.setAttribute("aria-describedby", testo.id);
    });
  };
  const mostraCampi = (corpo) => {
    Object.entries(JSON.parse(corpo.dataset.normali)).forEach(([id, testo]) => {
      const scritto = campo(id);
      // What somebody is typing, or has typed since, is left alone.
      const fermo = scritto && scritto !== document.activeElement && scritto.value === inviati.get(scritto.name);
      if (fermo) scritto.value = testo;
    });
    const cambiati = new Set(JSON.parse(corpo.dataset.cambiati));
    scenario.querySelectorAll("[data-adesso]").forEach((adesso) => { adesso.hidden = !cambiati.has(adesso.dataset.adesso); });
    scenario.querySelectorAll("[data-voce]").forEach((riga) => {
      riga.classList.toggle("riga-cambiata", Boolean(riga.querySelector("[data-adesso]:not([hidden])")));
      riga.classList.toggle("riga-esclusa", riga.querySelector(".spunta input").checked);
    });
  };
  const mostra = (testo) => {
    const aperti = ["[data-modifiche]", "[data-ferme]"].map((quale) => [quale, posto.querySelector(quale)]);
    const pezzo = document.createElement("template");
    pezzo.innerHTML = testo;
    const corpo = pezzo.content.querySelector("[data-esiti-corpo]");
    if (!corpo) { rotto("Il portale non risponde come dovrebbe: premi «Ricalcola»."); return; }
    aperti.forEach(([quale, prima]) => {
      const dopo = corpo.querySelector(quale);
      if (prima && dopo) dopo.open = prima.open;
    });
    posto.replaceChildren(corpo);
    mostraErrori(corpo);
    mostraCampi(corpo);
    guasto.hidden = true;
    guasta = false;
    const frasi = [...corpo.querySelectorAll("[data-esiti-titolo]")].map((frase) => frase.textContent).join(" ");
    if (annuncio.textContent !== frasi) annuncio.textContent = frasi;
    // Somebody was saving the same interventi: it takes them a moment.
    if ("riprova" in corpo.dataset) attesa = window.setTimeout(chiedi, 5 * ATTESA);
  };
  const rotto = (testo) => {
    guasta = true;
    guasto.textContent = testo;
    guasto.hidden = false;
    annuncio.textContent = testo;
  };

  const chiedi = async () => {
    window.clearTimeout(attesa);
    if (richiesta) richiesta.abort();
    const questa = new AbortController();
    richiesta = questa;
    const dati = new FormData(scenario);
    riquadro.setAttribute("aria-busy", "true");
    try {
      const risposta = await fetch(scenario.dataset.esiti, {
        method: "POST",
        body: new URLSearchParams(dati),
        headers: { "X-Requested-With": "XMLHttpRequest" },
        signal: questa.signal,
      });
      const testo = await risposta.text();
      // Only the last one counts, whatever the order in which the answers come.
      if (richiesta !== questa) return;
      inviati = new Map(dati);
      if (risposta.ok) mostra(testo);
      else if (risposta.status === 401) rotto("La sessione è scaduta: premi «Ricalcola», quello che hai scritto viene conservato.");
      else rotto("Il portale non risponde come dovrebbe: premi «Ricalcola».");
    } catch (errore) {
      if (richiesta === questa) rotto("Il portale non risponde: controlla la connessione e premi «Ricalcola».");
    }
    if (richiesta === questa) riquadro.removeAttribute("aria-busy");
  };

  scenario.addEventListener("input", (evento) => {
    daSalvare = true;
    // The name of the scenario and the codes to look for change no outcome.
    if (evento.target.name === "nome" || evento.target.name.startsWith("cup_")) return;
    window.clearTimeout(attesa);
    attesa = window.setTimeout(chiedi, ATTESA);
  });
  // Leaving a field writes its amount in the spelling of the portal.
  scenario.addEventListener("focusout", (evento) => {
    if (evento.target.inputMode !== "decimal" || !posto.querySelector("[data-normali]")) return;
    // Only then does the field stop being the one in use.
    window.setTimeout(() => { mostraCampi(posto.querySelector("[data-normali]")); });
  });
  scenario.addEventListener("submit", (evento) => {
    const ricalcola = evento.submitter && evento.submitter.name === "ricalcola";
    const salva = scenario.querySelector("[name=salva], [name=come_nuovo]");
    const codici = [...scenario.querySelectorAll("[name^=cup_]")].some((codice) => codice.value.trim());
    if (ricalcola && document.activeElement.name === "nome") {
      // Enter in the name means to save.
      evento.preventDefault();
      scenario.requestSubmit(salva);
    } else if (ricalcola && !codici && !guasta) {
      evento.preventDefault();
      chiedi();
    } else {
      daSalvare = false;
    }
  });
  window.addEventListener("beforeunload", (evento) => { if (daSalvare) evento.preventDefault(); });
}
