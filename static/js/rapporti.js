// Small comforts of the form that asks for a report; it works without them.
"use strict";

const domanda = document.querySelector("form[data-domanda]");
if (domanda) {
  const campi = domanda.elements;
  const QUALI = ["piano", "zona", "comune", "driver", "sttm"];
  const gruppi = [...campi.confronto.querySelectorAll("optgroup")].map((gruppo) => ({
    gruppo,
    perimetro: gruppo.querySelector("option").dataset.perimetro,
  }));
  // Only the choice of the chosen perimeter is shown, and the reports that speak of it.
  const adatta = () => {
    const tipo = campi.perimetro.value;
    QUALI.forEach((quale) => { campi[quale].closest(".campo").hidden = quale !== tipo; });
    const chiave = QUALI.includes(tipo) ? campi[tipo].value : "";
    let suoi = 0;
    gruppi.forEach(({ gruppo, perimetro }) => {
      const suo = perimetro === `${tipo}:${chiave}`;
      suoi += suo;
      gruppo.hidden = gruppo.disabled = !suo;
      if (!suo && gruppo.contains(campi.confronto.selectedOptions[0])) campi.confronto.value = "";
    });
    campi.confronto.options[0].textContent = suoi ? "Nessuno" : "Nessuno: non ce ne sono ancora";
  };
  // What is shown is needed: without this script all are shown, and none is.
  QUALI.forEach((quale) => campi[quale].closest(".campo").querySelector(".campo-facoltativo")?.remove());
  domanda.addEventListener("change", adatta);
  adatta();

  // "Now" is not the same a second later: a double click must not ask twice. Coming back with the browser frees it.
  let inviata = false;
  domanda.addEventListener("submit", (evento) => {
    if (inviata) evento.preventDefault();
    inviata = true;
  });
  window.addEventListener("pageshow", () => { inviata = false; });

  // Days that people ask for, at a click.
  const giorni = domanda.querySelector(".giorni-comodi");
  campi.al.closest(".campo").after(giorni);
  giorni.hidden = false;
  giorni.addEventListener("click", (evento) => {
    const giorno = evento.target.closest("[data-giorno]");
    if (giorno) campi.al.value = giorno.dataset.giorno;
  });
}
