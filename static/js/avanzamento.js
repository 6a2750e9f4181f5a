// Saving the form of an avanzamento by itself. What is typed stays in this browser until the portal says it has it:
// a lost connection, an expired session, a stopped portal or a closed page lose nothing, and nothing is saved twice.
"use strict";

(() => {
  const righe = window.righeAvanzamento;
  if (!righe) return;
  const { modulo, campo, leggi, metti, inUso, aParole, etichetta } = righe;
  const rilievi = window.rilieviAvanzamento;
  const QUIETE = 2000; // ms after the last key
  const AL_PIU = 8000; // ms of typing without a pause
  const ATTESE = [2, 4, 8, 15, 30, 60]; // s between one try and the next
  const RISPOSTA = 20000; // ms after which an answer is not waited for any more
  const LIMITE_CONGEDO = 50000; // characters that a page being left may still send
  const { chi, avanzamento: numero } = modulo.dataset;
  const prefisso = `avanzamento:${chi}:${numero}:`;

  const caso = () => (window.crypto.randomUUID ? window.crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (Number(c) ^ (window.crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(c) / 4)))).toString(16)));
  const mia = prefisso + caso();

  let revisione = Number(modulo.elements.revisione.value);
  let aperto = {}; // cells typed and not yet sent
  let volo = null; // the saving on its way, {chiave, revisione, celle}: repeated as it is until it is acknowledged
  const contese = new Map(); // cells that two people changed: {mio, loro, chi, ora, revisione}
  const pendenti = new Map(); // what others wrote in the cell that has the focus
  const visti = new Map(); // the last text of each cell that was taken note of
  const normali = new Map(); // how the portal writes what was typed in the cell that has the focus
  let tentativi = 0;
  let orologio = 0;
  let scade = 0;
  let inCorso = null;
  let fermo = "";
  let custodito = true;
  let daRileggere = ""; // who has just changed something on this page, from elsewhere
  let ultimaRisposta = Date.now();

  const annuncio = modulo.querySelector("[data-annuncio]");
  const annuncia = (testo) => { if (annuncio.textContent !== testo) annuncio.textContent = testo; };
  const vuoto = (celle) => Object.keys(celle).length === 0;
  const daSalvare = () => !vuoto(aperto) || volo !== null || contese.size > 0;
  const csrf = () => {
    const biscotto = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
    return biscotto ? biscotto[1] : modulo.elements.csrfmiddlewaretoken.value;
  };

  // --- Kept in this browser ---
  const conserva = () => {
    const cose = { volo, aperto, revisione, contese: [...contese].map(([cella, contesa]) => [cella, contesa.mio, contesa.revisione]) };
    try {
      if (daSalvare()) window.localStorage.setItem(mia, JSON.stringify(cose));
      else window.localStorage.removeItem(mia);
      custodito = true;
    } catch (errore) {
      custodito = false;
    }
  };

  // --- Who ---
  const mano = (uno) => (uno.chi ? `${uno.chi}${uno.ora ? ` (${uno.ora})` : ""}` : "tu, in un'altra finestra");
  // --- What happens, said on the page ---
  const salvato = modulo.querySelector("[data-salvato]");
  const dice = (testo, segno = "○", classe = "non_avviato") => {
    const parte = salvato.querySelector("[data-salvato-testo]");
    if (parte.textContent !== testo) parte.textContent = testo;
    const marca = salvato.querySelector(".segno");
    marca.className = `segno segno-${classe}`;
    marca.querySelector(".segno-forma").textContent = segno;
  };
  const banner = modulo.querySelector("[data-banner]");
  const bottone = (testo, azione) => {
    const tasto = document.createElement("button");
    tasto.type = "button";
    tasto.className = "btn btn-sm btn-outline-primary";
    tasto.textContent = testo;
    tasto.addEventListener("click", azione);
    return tasto;
  };
  const mostraBanner = (testo, ...azioni) => {
    if (banner.dataset.testo === testo) return;
    banner.dataset.testo = testo;
    const frase = document.createElement("p");
    frase.textContent = testo;
    banner.replaceChildren(frase, ...azioni);
    banner.hidden = false;
  };
  const nascondiBanner = () => { banner.hidden = true; delete banner.dataset.testo; banner.replaceChildren(); };
  const dove = () => (custodito ? "ciò che scrivi è conservato qui, in questo browser, e sarà inviato" : "non chiudere questa pagina: ciò che scrivi sarà inviato");

  // --- Conflicts: both values at their row, and the choice ---
  const mostraContesa = (nome) => {
    const contesa = contese.get(nome);
    const cella = campo(nome);
    const posto = (cella && cella.closest("[data-riga]")) || (cella && cella.closest(".rilievo")) || campo(`sezione-${nome.split("-")[0]}`) || modulo;
    let riquadro = modulo.querySelector(`[data-contesa="${CSS.escape(nome)}"]`);
    if (!riquadro) {
      riquadro = document.querySelector("template[data-modello-contesa]").content.firstElementChild.cloneNode(true);
      riquadro.dataset.contesa = nome;
      riquadro.setAttribute("aria-label", `${etichetta(nome)}: scegli quale valore resta`);
      riquadro.querySelector("[data-tieni]").addEventListener("click", () => { scegli(nome, true); });
      riquadro.querySelector("[data-prendi]").addEventListener("click", () => { scegli(nome, false); });
      const note = posto.querySelector("[data-note-riga]");
      if (note) note.before(riquadro); else posto.append(riquadro);
      if (posto.tagName === "DETAILS") posto.open = true;
    }
    riquadro.querySelector("[data-contesa-testo]").textContent = `${etichetta(nome)}: intanto ${mano(contesa)} ha scritto «${aParole(nome, contesa.loro)}», tu «${aParole(nome, contesa.mio)}». Nessuno dei due è perso: quale resta?`;
  };
  const togliContesa = (nome) => {
    contese.delete(nome);
    const riquadro = modulo.querySelector(`[data-contesa="${CSS.escape(nome)}"]`);
    if (riquadro) riquadro.remove();
  };
  const contendi = (nome, mio, loro, uno, base) => {
    contese.set(nome, { mio, loro, chi: uno.chi, ora: uno.ora, revisione: base });
    delete aperto[nome];
    metti(nome, mio);
    mostraContesa(nome);
    annuncia(`${etichetta(nome)}: anche ${mano(uno)} ha cambiato questo valore. Scegli quale resta.`);
  };
  const scegli = (nome, mioResta) => {
    const contesa = contese.get(nome);
    togliContesa(nome);
    if (mioResta) { aperto[nome] = contesa.mio; metti(nome, contesa.mio); } else metti(nome, contesa.loro);
    conserva();
    const cella = campo(nome);
    if (cella) cella.focus();
    annuncia(mioResta ? "Resta il tuo valore." : "Preso l'altro valore.");
    if (daSalvare()) salva(); else diceSalvato();
  };

  // --- What others wrote ---
  const segnaAltrui = (nome, uno) => {
    const cella = campo(nome);
    const cornice = cella && cella.closest(".cella, td, .foglio-campo");
    if (!cornice) return;
    cella.classList.add("altrui");
    let nota = cornice.querySelector(".altrui-nota");
    if (!nota) { nota = document.createElement("span"); nota.className = "altrui-nota"; cornice.append(nota); }
    nota.textContent = `cambiato da ${mano(uno)}`;
  };
  const senzaAltrui = (cella) => {
    if (!cella.classList.contains("altrui")) return;
    cella.classList.remove("altrui");
    const nota = cella.closest(".cella, td, .foglio-campo").querySelector(".altrui-nota");
    if (nota) nota.remove();
  };
  const prendiAltrui = (nome, uno) => {
    const cella = campo(nome);
    if (cella && leggi(cella) === uno.testo) return;
    if (!metti(nome, uno.testo)) return;
    segnaAltrui(nome, uno);
    daRileggere = mano(uno);
  };

  // --- Sending ---
  let alle = "";
  const diceSalvato = () => { dice(alle ? `Salvato alle ${alle}` : salvato.querySelector("[data-salvato-testo]").textContent, "✓", "concluso"); };
  const programma = () => {
    window.clearTimeout(orologio);
    const ora = Date.now();
    if (!scade) scade = ora + AL_PIU;
    orologio = window.setTimeout(salva, Math.max(0, Math.min(QUIETE, scade - ora)));
  };
  const riprova = () => {
    const secondi = ATTESE[Math.min(tentativi, ATTESE.length - 1)];
    tentativi += 1;
    window.clearTimeout(orologio);
    orologio = window.setTimeout(salva, secondi * 1000);
  };
  const subito = () => { if (daSalvare() && !inCorso && (fermo || tentativi)) { tentativi = 0; fermo = ""; salva(); } };

  const salva = (anche = false) => {
    if (inCorso) return inCorso;
    if (!volo && vuoto(aperto) && anche !== true) return Promise.resolve(true);
    window.clearTimeout(orologio);
    scade = 0;
    if (!volo) { volo = { chiave: caso(), revisione, celle: aperto }; aperto = {}; }
    conserva();
    dice("Salvo…");
    inCorso = manda(volo).finally(() => { inCorso = null; });
    inCorso.then((riuscito) => { if (riuscito && !vuoto(aperto)) programma(); });
    return inCorso;
  };
  const manda = async (pacchetto) => {
    const controllo = new AbortController();
    const limite = window.setTimeout(() => { controllo.abort(); }, RISPOSTA);
    const corpo = JSON.stringify({ ...pacchetto, chi: Number(chi) });
    let risposta = null;
    let dati = null;
    try {
      risposta = await fetch(modulo.dataset.salva, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf() },
        body: corpo,
        redirect: "manual",
        // It arrives even if the page is left meanwhile; a long one waits in this browser for the next time.
        keepalive: corpo.length < LIMITE_CONGEDO,
        signal: controllo.signal,
      });
      if ((risposta.headers.get("Content-Type") || "").includes("json")) dati = await risposta.json();
    } catch (errore) {
      risposta = null;
    }
    window.clearTimeout(limite);
    if (risposta && risposta.ok && dati && dati.revisione !== undefined) { ricevuto(pacchetto, dati); return true; }
    if (risposta && dati && [400, 413, 422].includes(risposta.status)) rifiutato(dati.detail);
    else if (risposta && dati && [403, 404, 409].includes(risposta.status)) fermato(dati.detail);
    else if (risposta && (risposta.type === "opaqueredirect" || risposta.status === 401 || risposta.status === 403)) scaduta();
    else assente(Boolean(risposta));
    conserva();
    return false;
  };
  const diceAssente = (causa) => {
    dice("Non ancora salvato", "▲", "a_rischio");
    mostraBanner(`${causa}: ${dove()} appena torna.`, bottone("Riprova subito", () => { tentativi = 0; salva(); }));
  };
  const assente = (risponde) => {
    diceAssente(risponde ? "Il portale adesso non riesce a salvare" : "Connessione assente");
    riprova();
  };
  const scaduta = () => {
    dice("Non ancora salvato", "▲", "a_rischio");
    const accedi = document.createElement("a");
    accedi.href = modulo.dataset.accesso;
    accedi.target = "_blank";
    accedi.textContent = "Accedi in un'altra scheda";
    mostraBanner(`La sessione è scaduta: ${dove()} quando accedi di nuovo. Poi torna qui e continua.`, accedi);
    riprova();
  };
  const fermato = (testo) => {
    fermo = testo;
    dice("Non salvato", "✕", "fallito");
    const apri = document.createElement("a");
    apri.href = modulo.dataset.pagina;
    apri.textContent = "Apri l'avanzamento com'è adesso";
    mostraBanner(custodito ? `${testo} Resta conservato anche in questo browser.` : testo, apri);
  };
  const rifiutato = (testo) => {
    // Refused, so not saved: it goes back among what is typed, and is sent again once it changes.
    aperto = { ...volo.celle, ...aperto };
    volo = null;
    dice("Non salvato", "✕", "fallito");
    mostraBanner(testo);
  };
  const ricevuto = (pacchetto, dati) => {
    const base = pacchetto.revisione;
    ultimaRisposta = Date.now();
    volo = null;
    tentativi = 0;
    fermo = "";
    // Never back: an older saving, repeated, may be answered after a newer one.
    revisione = Math.max(revisione, dati.revisione);
    modulo.elements.revisione.value = String(revisione);
    alle = dati.salvato_alle;
    nascondiBanner();
    Object.entries(dati.normali).forEach(([nome, testo]) => {
      if (aperto[nome] !== undefined || contese.has(nome)) return;
      if (inUso(nome)) normali.set(nome, { scritto: pacchetto.celle[nome], normale: testo });
      else metti(nome, testo);
    });
    dati.scontri.forEach((scontro) => {
      contendi(scontro.cella, aperto[scontro.cella] ?? scontro.mio, scontro.loro, scontro, base);
    });
    Object.entries(dati.altrui).forEach(([nome, uno]) => {
      if (dati.normali[nome] === uno.testo) return;
      if (contese.has(nome)) { if (!dati.scontri.some((scontro) => scontro.cella === nome)) { Object.assign(contese.get(nome), { loro: uno.testo, chi: uno.chi, ora: uno.ora }); mostraContesa(nome); } return; }
      if (aperto[nome] !== undefined) { if (aperto[nome] !== uno.testo) contendi(nome, aperto[nome], uno.testo, uno, base); return; }
      if (inUso(nome)) pendenti.set(nome, { ...uno, revisione: base });
      else prendiAltrui(nome, uno);
    });
    if (dati.altri.length) {
      const avviso = modulo.querySelector("[data-altri]");
      avviso.textContent = dati.altri.map((uno) => `Anche ${uno.chi} sta scrivendo (${uno.ora}).`).join(" ");
      avviso.hidden = false;
    }
    conserva();
    const frase = rilievi.mostra(dati.lato, (nome) => aperto[nome]);
    if (frase && !contese.size) annuncia(`Rilievi: ${frase}.`);
    righe.somme();
    if (contese.size) dice(contese.size === 1 ? "Un valore da scegliere" : `${contese.size} valori da scegliere`, "▲", "a_rischio");
    else if (vuoto(aperto)) diceSalvato();
    // The session was used: the warning that it is about to end waits too.
    if (typeof segnaAttivita === "function" && typeof attendi === "function") { segnaAttivita(); attendi(); }
  };

  // --- Typing ---
  const scritto = (evento) => {
    const cella = evento.target;
    if (!cella.matches("[data-cella]")) return;
    // A day half typed is not a day yet: leaving it blank is.
    if (cella.type === "date" && cella.validity.badInput) return;
    const nome = cella.name;
    const testo = leggi(cella);
    // Leaving a cell tells again what typing in it has told.
    if (evento.type === "change" && visti.get(nome) === testo) return;
    visti.set(nome, testo);
    senzaAltrui(cella);
    if (pendenti.has(nome)) {
      const uno = pendenti.get(nome);
      pendenti.delete(nome);
      if (uno.testo !== testo) { contendi(nome, testo, uno.testo, uno, uno.revisione); conserva(); return; }
    }
    if (contese.has(nome)) { contese.get(nome).mio = testo; mostraContesa(nome); conserva(); return; }
    if (aperto[nome] === testo) return;
    aperto[nome] = testo;
    conserva();
    if (!fermo && !tentativi) { dice("Scrivo…"); programma(); }
  };
  modulo.addEventListener("input", scritto);
  modulo.addEventListener("change", scritto);
  modulo.addEventListener("focusout", (evento) => {
    const nome = evento.target.name;
    if (normali.has(nome)) {
      const { scritto: prima, normale } = normali.get(nome);
      normali.delete(nome);
      // Only then does the cell stop being the one in use.
      window.setTimeout(() => { if (!inUso(nome) && aperto[nome] === undefined && leggi(evento.target) === prima) metti(nome, normale); });
    }
    if (pendenti.has(nome)) { const uno = pendenti.get(nome); pendenti.delete(nome); window.setTimeout(() => { prendiAltrui(nome, uno); }); }
  });
  document.addEventListener("keydown", (evento) => {
    if ((evento.ctrlKey || evento.metaKey) && !evento.altKey && evento.key.toLowerCase() === "s") { evento.preventDefault(); salvaOra(); }
  });

  // --- Buttons: everything is saved first, then the page is left ---
  const svuota = async () => {
    // Even with nothing to save the portal is asked: it must be there, and may know what others wrote.
    if (!daSalvare() && !inCorso) return salva(true);
    for (let volte = 0; volte < 5; volte += 1) {
      if (inCorso) await inCorso;
      if (vuoto(aperto) && !volo) return contese.size === 0;
      if (!(await salva())) return false;
    }
    return false;
  };
  const salvaOra = async () => {
    tentativi = 0;
    fermo = "";
    if (await svuota()) annuncia(`Salvato alle ${alle || "adesso"}.`);
  };
  const parti = (indirizzo, voci) => {
    const foglio = document.createElement("form");
    foglio.method = "post";
    foglio.action = indirizzo;
    Object.entries({ csrfmiddlewaretoken: csrf(), ...voci }).forEach(([nome, valore]) => {
      const voce = document.createElement("input");
      voce.type = "hidden";
      voce.name = nome;
      voce.value = valore;
      foglio.append(voce);
    });
    document.body.append(foglio);
    foglio.submit();
  };
  modulo.addEventListener("submit", async (evento) => {
    evento.preventDefault();
    const tasto = evento.submitter;
    const quale = tasto ? tasto.name : "salva";
    if (quale === "salva" || !quale) { await salvaOra(); return; }
    tasto.setAttribute("aria-disabled", "true");
    tentativi = 0;
    fermo = "";
    daRileggere = "";
    const tutto = await svuota();
    tasto.removeAttribute("aria-disabled");
    if (!tutto) {
      const prima = contese.keys().next().value;
      annuncia(prima ? "Prima scegli quale valore resta." : "Non si può ancora: non è tutto salvato.");
      if (prima) righe.vai(prima);
      else if (!banner.hidden) banner.scrollIntoView({ block: "nearest" });
      return;
    }
    if (quale === "invia" && daRileggere) {
      mostraBanner(`Intanto ${daRileggere} ha cambiato qualcosa: rileggi ciò che è segnato, poi invia.`);
      return;
    }
    if (quale === "invia") parti(modulo.dataset.invia, { revisione: String(revisione) });
    else parti(window.location.pathname, { gia_salvato: "1", revisione: String(revisione), [quale]: tasto.value });
  });
  const tastoSalva = modulo.querySelector("[data-salva-bottone]");
  tastoSalva.textContent = "Salva adesso";

  // --- Leaving, coming back ---
  const congedo = () => { if (daSalvare() && !fermo) salva(); };
  window.addEventListener("pagehide", congedo);
  window.addEventListener("pageshow", (evento) => { if (evento.persisted) salva(true); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") { if (!tentativi) congedo(); return; }
    if (fermo || tentativi) subito();
    // Coming back to a page left open: what others wrote meanwhile is shown before anything is typed over it.
    else if (Date.now() - ultimaRisposta > 30000) salva(true);
  });
  window.addEventListener("online", () => { if (daSalvare()) subito(); else { nascondiBanner(); diceSalvato(); } });
  window.addEventListener("offline", () => { diceAssente("Connessione assente"); });
  window.addEventListener("focus", subito);
  window.addEventListener("storage", (evento) => { if (evento.key === "sessione-ultima-attivita") subito(); });
  window.addEventListener("beforeunload", (evento) => { if (daSalvare() && !custodito) evento.preventDefault(); });

  // --- What was kept by a page that did not end well: shown in its fields, and sent ---
  const riprendi = () => {
    let quante = 0;
    const chiavi = Object.keys(window.localStorage).filter((chiave) => chiave.startsWith(prefisso));
    chiavi.forEach((chiave) => {
      let cose = null;
      try { cose = JSON.parse(window.localStorage.getItem(chiave)); } catch (errore) { cose = null; }
      if (!cose || typeof cose.revisione !== "number") { window.localStorage.removeItem(chiave); return; }
      const nuove = { ...cose.aperto };
      (cose.contese || []).forEach(([cella, mio]) => { nuove[cella] = mio; });
      const basi = [cose.revisione, ...(cose.contese || []).map((contesa) => contesa[2])];
      if (cose.volo && !volo) volo = cose.volo;
      else if (cose.volo) { Object.assign(nuove, { ...cose.volo.celle, ...nuove }); basi.push(cose.volo.revisione); }
      Object.entries(nuove).forEach(([cella, testo]) => { if (aperto[cella] === undefined) aperto[cella] = testo; });
      if (!vuoto(nuove)) revisione = Math.min(revisione, ...basi);
      Object.entries({ ...(cose.volo ? cose.volo.celle : {}), ...nuove }).forEach(([cella, testo]) => { metti(cella, testo); quante += 1; });
    });
    conserva();
    if (custodito) chiavi.forEach((chiave) => { window.localStorage.removeItem(chiave); });
    if (!quante) return;
    dice(quante === 1 ? "Ritrovato un valore scritto prima: lo salvo…" : `Ritrovati ${quante} valori scritti prima: li salvo…`);
    annuncia(quante === 1 ? "Ritrovato un valore scritto prima." : `Ritrovati ${quante} valori scritti prima.`);
    salva();
  };
  try { riprendi(); } catch (errore) { custodito = false; }
})();
