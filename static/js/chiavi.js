// The page that shows a key once: loading it again would make another key, so it goes to the page of this one.
"use strict";

const consegna = document.querySelector("[data-consegna]");
if (consegna) window.history.replaceState(null, "", consegna.dataset.consegna);
