// The remarks of an avanzamento: beside the form, at their rows, and told to who cannot see them.
"use strict";

window.rilieviAvanzamento = (() => {
  const righe = window.righeAvanzamento;
  if (!righe) return null;
  const { modulo, campo } = righe;
  const posto = modulo.querySelector("[data-lato-corpo]");
  const parte = () => posto.querySelector("[data-lato-parte]");

  // A row that somebody is still filling in is not told what it lacks: only beside the form.
  const inScrittura = (rilievo) => {
    const cella = campo(rilievo.dataset.cella);
    const riga = cella && cella.closest("[data-libera]");
    return rilievo.dataset.rilievo.startsWith("nota-incompleta") && riga !== null && riga.contains(document.activeElement);
  };
  const trova = () => [...posto.querySelectorAll("[data-rilievo]")].filter((rilievo) => !inScrittura(rilievo));

  const notaDi = (rilievo) => {
    const nota = document.querySelector("template[data-modello-nota]").content.firstElementChild.cloneNode(true);
    const errore = rilievo.dataset.errore !== undefined;
    nota.id = rilievo.dataset.rilievo;
    nota.classList.toggle("nota-errore", errore);
    nota.querySelector(".segno").className = `segno segno-${errore ? "non_conforme" : "a_rischio"}`;
    nota.querySelector(".segno-forma").textContent = errore ? "✕" : "▲";
    nota.querySelector(".nota-parola").textContent = errore ? "Errore" : "Avviso";
    nota.querySelector(".nota-testo").textContent = rilievo.dataset.testo;
    return nota;
  };
  const mettiNote = (trovati) => {
    const per = new Map();
    trovati.forEach((rilievo) => {
      const cella = campo(rilievo.dataset.cella);
      const riga = cella && cella.closest("[data-riga]");
      const dove = riga ? riga.querySelector("[data-note-riga]") : modulo.querySelector(`[data-note="${rilievo.dataset.cella.split("-")[0]}"]`);
      if (dove) per.set(dove, [...(per.get(dove) || []), notaDi(rilievo)]);
    });
    const testi = (note) => note.map((nota) => nota.id + nota.textContent.replace(/\s+/g, " ")).join();
    modulo.querySelectorAll("[data-note-riga], [data-note]").forEach((dove) => {
      const nuove = per.get(dove) || [];
      if (testi([...dove.children]) !== testi(nuove)) dove.replaceChildren(...nuove);
      const piega = dove.closest("details[data-riga]");
      if (!piega) return;
      const segno = piega.querySelector("[data-segno]");
      segno.textContent = nuove.length ? "▲ da guardare" : "";
      segno.className = nuove.length ? "riga-segno segno segno-a_rischio" : "riga-segno";
    });
  };
  const descrivi = (trovati) => {
    const per = new Map();
    trovati.forEach((rilievo) => { per.set(rilievo.dataset.cella, [...(per.get(rilievo.dataset.cella) || []), rilievo]); });
    modulo.querySelectorAll(".avanzamento-parti [data-cella]").forEach((cella) => {
      const suoi = per.get(cella.name) || [];
      const fissi = [`aiuto-${cella.name}`, `era-${cella.name}`].filter((id) => campo(id));
      const ids = [...suoi.map((rilievo) => rilievo.dataset.rilievo), ...fissi].join(" ");
      if (ids) cella.setAttribute("aria-describedby", ids); else cella.removeAttribute("aria-describedby");
      if (suoi.some((rilievo) => rilievo.dataset.errore !== undefined)) cella.setAttribute("aria-invalid", "true");
      else cella.removeAttribute("aria-invalid");
    });
  };
  const segna = () => { const trovati = trova(); mettiNote(trovati); descrivi(trovati); };
  modulo.addEventListener("focusout", (evento) => {
    const riga = evento.target.closest("[data-libera]");
    if (riga && !riga.contains(evento.relatedTarget)) window.setTimeout(segna);
  });
  const breve = () => {
    const { percentuale, frase, pronto } = parte().dataset;
    modulo.querySelector("[data-breve]").textContent = `${percentuale}\u00a0% · ${frase}`;
    const compilatore = modulo.querySelector("[data-compilatore]");
    if (compilatore) compilatore.textContent = pronto === "si" ? "Pronto: lo invia il responsabile." : "Quando è pronto lo invia il responsabile.";
  };

  // What the portal found, in place of what was there. Returns the sentence to tell, if it is another one.
  // The explanations that are on the page stay the same boxes: whoever types in one does not lose her place.
  const mostra = (html, nonSalvata) => {
    const pezzo = document.createElement("template");
    pezzo.innerHTML = html;
    const nuovo = pezzo.content.querySelector("[data-lato-parte]");
    const prima = parte().dataset.frase;
    const attivo = posto.contains(document.activeElement) ? document.activeElement : null;
    const scelta = attivo && attivo.tagName === "TEXTAREA" ? [attivo.selectionStart, attivo.selectionEnd] : null;
    nuovo.querySelectorAll("textarea").forEach((area) => {
      const stessa = campo(area.id);
      const testo = nonSalvata(area.name);
      if (stessa && posto.contains(stessa)) area.replaceWith(stessa);
      else if (testo !== undefined) area.value = testo;
    });
    posto.replaceChildren(nuovo);
    const ritrovato = attivo && (posto.contains(attivo) ? attivo : posto.querySelector(`[data-vai="${CSS.escape(attivo.dataset.vai || "-")}"]`));
    if (ritrovato) ritrovato.focus({ preventScroll: true });
    if (ritrovato === attivo && scelta) attivo.setSelectionRange(...scelta);
    segna();
    breve();
    return prima === nuovo.dataset.frase ? "" : nuovo.dataset.frase;
  };
  breve();
  return { mostra };
})();
