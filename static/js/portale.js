// Small comforts; every page works without them.
"use strict";

// Menus close with Escape or a click elsewhere.
document.addEventListener("keydown", (evento) => {
  if (evento.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  });
});
document.addEventListener("click", (evento) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(evento.target)) menu.open = false;
  });
});

// Copy buttons of the codes.
document.querySelectorAll("[data-copia]").forEach((bottone) => {
  if (!navigator.clipboard) return;
  bottone.hidden = false;
  bottone.addEventListener("click", async () => {
    await navigator.clipboard.writeText(bottone.dataset.copia);
    bottone.classList.add("copiato");
    if (bottone.dataset.copiato) bottone.textContent = bottone.dataset.copiato;
    else bottone.setAttribute("aria-label", `Copiato: ${bottone.dataset.copia}`);
  });
});

// The whole row of a table follows the one link inside it.
document.querySelectorAll("tr[data-riga]").forEach((riga) => {
  riga.addEventListener("click", (evento) => {
    if (evento.target.closest("a, button, input, label") || String(window.getSelection())) return;
    riga.querySelector("a").click();
  });
});

// Errors take the focus, so that nobody has to look for them.
const daLeggere = document.querySelector("[data-fuoco]");
if (daLeggere) daLeggere.focus();

// A form that has been typed in asks before it is left.
document.querySelectorAll("form[data-non-perdere]").forEach((modulo) => {
  let toccato = false;
  modulo.addEventListener("input", () => { toccato = true; });
  modulo.addEventListener("submit", () => { toccato = false; });
  window.addEventListener("beforeunload", (evento) => { if (toccato) evento.preventDefault(); });
});

// Job bars follow their job until it ends, then the page is drawn anew with the result.
document.querySelectorAll("[data-lavoro][data-aperto]").forEach((barra) => {
  const passo = barra.querySelector(".barra-lavoro-passo");
  const progresso = barra.querySelector("progress");
  const segui = async () => {
    const risposta = await fetch(barra.dataset.lavoro, { headers: { Accept: "application/json" } }).catch(() => null);
    if (risposta && risposta.ok) {
      const stato = await risposta.json();
      if (!stato.aperto) { window.location.reload(); return; }
      if (stato.totale) { progresso.max = stato.totale; progresso.value = stato.fatti; }
      if (passo.textContent !== stato.frase) passo.textContent = stato.frase;
      const segno = barra.querySelector(".segno");
      if (!segno.classList.contains(`segno-${stato.stato}`)) {
        segno.className = `segno segno-${stato.stato}`;
        segno.lastChild.textContent = ` ${stato.parola}`;
        segno.querySelector(".segno-forma").textContent = "●";
      }
    }
    window.setTimeout(segui, 1000);
  };
  window.setTimeout(segui, 500);
});
