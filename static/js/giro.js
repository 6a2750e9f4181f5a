// The guided tour: a card beside one element at a time. It covers nothing up, and what is below can still be used.
"use strict";

(() => {
  const offerta = document.querySelector("[data-giro]");
  if (!offerta) return;
  const passi = JSON.parse(document.getElementById("giro-passi").textContent);
  const inizia = offerta.querySelector("[data-giro-inizia]");
  const stretto = window.matchMedia("(max-width: 767px)");
  const fermo = window.matchMedia("(prefers-reduced-motion: reduce)");
  let scheda = null;
  let posto = 0;
  let acceso = null;

  const crea = (nome, classe, testo) => {
    const elemento = document.createElement(nome);
    if (classe) elemento.className = classe;
    if (testo) elemento.textContent = testo;
    return elemento;
  };
  const bottone = (testo, classe, azione) => {
    const fatto = crea("button", `btn btn-sm ${classe}`, testo);
    fatto.type = "button";
    fatto.addEventListener("click", azione);
    return fatto;
  };
  const visibile = (elemento) => elemento.getClientRects().length > 0;
  const trova = (selettore) => [...document.querySelectorAll(selettore)].find(visibile) || null;

  const monta = () => {
    scheda = crea("div", "giro-scheda");
    scheda.setAttribute("role", "dialog");
    scheda.setAttribute("aria-labelledby", "giro-titolo");
    scheda.setAttribute("aria-describedby", "giro-testo");
    const titolo = crea("h2");
    titolo.id = "giro-titolo";
    titolo.tabIndex = -1;
    const testo = crea("p");
    testo.id = "giro-testo";
    const dove = crea("p", "giro-dove");
    dove.append(crea("a", "", "Apri la pagina"));
    const riga = crea("div", "giro-bottoni");
    riga.append(
      crea("p", "giro-conto"),
      bottone("Chiudi", "btn-link", chiudi),
      bottone("Indietro", "btn-outline-primary", () => vai(posto - 1)),
      bottone("Avanti", "btn-primary", () => (posto + 1 < passi.length ? vai(posto + 1) : chiudi())),
    );
    scheda.append(titolo, testo, dove, riga);
    document.body.append(scheda);
    document.addEventListener("keydown", tasti);
    window.addEventListener("resize", colloca);
  };

  const tasti = (evento) => {
    if (evento.key === "Escape") { chiudi(); return; }
    if (!scheda.contains(document.activeElement) || evento.altKey || evento.ctrlKey || evento.metaKey) return;
    if (evento.key === "ArrowRight" && posto + 1 < passi.length) vai(posto + 1);
    if (evento.key === "ArrowLeft" && posto) vai(posto - 1);
  };

  const vai = (numero) => {
    posto = numero;
    const passo = passi[posto];
    const [indietro, avanti] = [...scheda.querySelectorAll(".giro-bottoni .btn")].slice(1);
    scheda.querySelector("h2").textContent = passo.titolo;
    scheda.querySelector("#giro-testo").textContent = passo.testo;
    scheda.querySelector(".giro-conto").textContent = `${posto + 1} di ${passi.length}`;
    const dove = scheda.querySelector(".giro-dove");
    dove.hidden = !passo.indirizzo;
    if (passo.indirizzo) dove.firstChild.href = passo.indirizzo;
    indietro.hidden = posto === 0;
    avanti.textContent = posto + 1 === passi.length ? "Fine" : "Avanti";
    if (acceso) acceso.classList.remove("giro-evidenza");
    acceso = trova(passo.elemento);
    if (acceso) {
      acceso.classList.add("giro-evidenza");
      acceso.scrollIntoView({ block: doveFermarsi(acceso), behavior: fermo.matches ? "auto" : "smooth" });
    }
    colloca();
    scheda.querySelector("h2").focus({ preventScroll: true });
  };

  // Of what is taller than half the window, the end that is near the card; where the card is at the foot, its beginning.
  const doveFermarsi = (elemento) => {
    if (elemento.offsetHeight < window.innerHeight / 2) return "center";
    return stretto.matches ? "start" : "end";
  };

  // Below the element if the page has room there, else above it; alone at the foot of the window without an element.
  const colloca = () => {
    scheda.toggleAttribute("data-sola", !acceso);
    scheda.style.left = "";
    scheda.style.top = "";
    if (!acceso || stretto.matches) return;
    const riquadro = acceso.getBoundingClientRect();
    const largo = document.documentElement.clientWidth;
    const sinistra = Math.max(16, Math.min(riquadro.left, largo - scheda.offsetWidth - 16));
    const sotto = riquadro.bottom + window.scrollY + 12;
    const entra = sotto + scheda.offsetHeight < document.documentElement.scrollHeight;
    scheda.style.left = `${sinistra}px`;
    scheda.style.top = `${entra ? sotto : Math.max(8, riquadro.top + window.scrollY - scheda.offsetHeight - 12)}px`;
  };

  const chiudi = () => {
    if (!scheda) return;
    document.removeEventListener("keydown", tasti);
    window.removeEventListener("resize", colloca);
    if (acceso) acceso.classList.remove("giro-evidenza");
    scheda.remove();
    scheda = null;
    acceso = null;
    offerta.querySelector("p").textContent = "Fatto. Il giro si rifà dal menu con il tuo nome.";
    inizia.textContent = "Rifallo";
    offerta.querySelector("button").hidden = true;
    inizia.focus();
  };

  const comincia = () => {
    if (scheda) return;
    const dati = new FormData(offerta.querySelector("form"));
    dati.set("esito", "visto");
    fetch(offerta.dataset.segna, { method: "POST", body: dati, headers: { "X-Requested-With": "XMLHttpRequest" } });
    monta();
    vai(0);
  };

  inizia.addEventListener("click", (evento) => { evento.preventDefault(); comincia(); });
  if ("subito" in offerta.dataset) {
    // Loaded again, or kept among the favourites, the page does not start it anew.
    const indirizzo = new URL(window.location.href);
    indirizzo.searchParams.delete("giro");
    window.history.replaceState(null, "", indirizzo);
    comincia();
  }
})();
