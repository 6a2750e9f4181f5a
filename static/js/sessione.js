// Says aloud, three minutes before, that the session is about to end, and lets it go on without leaving the page.
"use strict";

const durata = Number(document.body.dataset.sessioneSecondi) * 1000;
const indirizzoViva = document.body.dataset.sessioneViva;
const ANTICIPO = Math.min(180000, durata / 2);
const CHIAVE_SESSIONE = "sessione-ultima-attivita";

// Every page of the portal, in any tab, postpones the end of the one session they share.
const segnaAttivita = () => { window.localStorage.setItem(CHIAVE_SESSIONE, String(Date.now())); };
const scadenza = () => Number(window.localStorage.getItem(CHIAVE_SESSIONE)) + durata;
const orario = (istante) => new Date(istante).toLocaleTimeString("it-IT", { hour: "2-digit", minute: "2-digit" });

const avviso = document.createElement("div");
avviso.className = "fixed-bottom p-3";
avviso.setAttribute("role", "alert");
document.body.append(avviso);

let sparizione = 0;
const mostra = (testo, bottone) => {
  window.clearTimeout(sparizione);
  const cornice = document.createElement("div");
  cornice.className = "alert alert-warning";
  const frase = document.createElement("p");
  frase.textContent = testo;
  cornice.append(frase);
  if (bottone) {
    const tasto = document.createElement("button");
    tasto.type = "button";
    tasto.className = "btn btn-primary btn-sm";
    tasto.textContent = "Resta collegato";
    tasto.addEventListener("focus", (evento) => { prima = evento.relatedTarget; });
    tasto.addEventListener("click", resta);
    cornice.append(tasto);
  }
  avviso.replaceChildren(cornice);
};
const nascondi = () => { avviso.replaceChildren(); };
let prima = null;

const scaduta = () => {
  mostra("La sessione è scaduta. Se stavi scrivendo, invia pure: quello che hai scritto viene conservato e lo ritrovi dopo l'accesso.", false);
};

async function resta() {
  const segno = document.querySelector("[name=csrfmiddlewaretoken]");
  const risposta = await fetch(indirizzoViva, {
    method: "POST",
    headers: { "X-CSRFToken": segno ? segno.value : "", Accept: "application/json" },
  }).catch(() => null);
  if (risposta && risposta.status === 204) {
    segnaAttivita();
    if (prima) prima.focus();
    attendi();
    mostra(`Sei collegato fino alle ${orario(scadenza())}.`, false);
    sparizione = window.setTimeout(nascondi, 8000);
  } else if (risposta && risposta.status === 401) {
    scaduta();
  } else {
    mostra("Il portale non risponde: controlla la connessione e riprova.", true);
  }
}

let prossimo = 0;
function attendi() {
  window.clearTimeout(prossimo);
  const restano = scadenza() - Date.now();
  if (restano <= 0) {
    scaduta();
  } else if (restano <= ANTICIPO) {
    mostra(`La sessione finisce alle ${orario(scadenza())}.`, true);
    prossimo = window.setTimeout(attendi, restano);
  } else {
    nascondi();
    prossimo = window.setTimeout(attendi, restano - ANTICIPO);
  }
}

segnaAttivita();
window.addEventListener("storage", (evento) => { if (evento.key === CHIAVE_SESSIONE) attendi(); });
attendi();
