// Copies a part of the page as it looks, with tables and links, and as plain text for who can take no more.
"use strict";

document.querySelectorAll("[data-copia-formattato]").forEach((bottone) => {
  if (!navigator.clipboard || !window.ClipboardItem) return;
  const parte = document.getElementById(bottone.dataset.copiaFormattato);
  bottone.hidden = false;
  bottone.addEventListener("click", async () => {
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": new Blob([parte.innerHTML], { type: "text/html" }),
      "text/plain": new Blob([parte.innerText], { type: "text/plain" }),
    })]);
    bottone.textContent = bottone.dataset.copiato;
  });
});
