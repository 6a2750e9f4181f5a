// Buttons that print the page.
"use strict";

document.querySelectorAll("[data-stampa]").forEach((bottone) => {
  bottone.hidden = false;
  bottone.addEventListener("click", () => { window.print(); });
});
