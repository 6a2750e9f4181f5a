// The rows, the sums and the folds of the form of an avanzamento. Saving is of avanzamento.js, which comes after.
"use strict";

window.righeAvanzamento = (() => {
  const modulo = document.querySelector("form[data-avanzamento]");
  if (!modulo) return null;
  const campo = (id) => document.getElementById(id);

  // --- Amounts: in cents, with the same spellings as the server's (a separator before three digits is of thousands) ---
  const centesimi = (testo) => {
    const pulito = testo.replace(/[\s\u00a0\u202f'’€]/g, "");
    let normale = null;
    if (/^\d{1,3}(\.\d{3})+(,\d{1,2})?$/.test(pulito)) normale = pulito.replace(/\./g, "").replace(",", ".");
    else if (/^\d{1,3}(,\d{3})+\.\d{1,2}$/.test(pulito)) normale = pulito.replace(/,/g, "");
    else if (/^\d+([.,]\d{1,2})?$/.test(pulito)) normale = pulito.replace(",", ".");
    if (normale === null) return null;
    const [interi, decimali = ""] = normale.split(".");
    return BigInt(interi) * 100n + BigInt(decimali.padEnd(2, "0") || "0");
  };
  const euro = (valore) => {
    const cifre = String(valore < 0n ? -valore : valore).padStart(3, "0");
    return `${valore < 0n ? "−" : ""}${cifre.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ".")},${cifre.slice(-2)}\u00a0€`;
  };
  // A Decimal of the server, as Django prints it in an attribute: "1000000,00" or "1000000.00".
  const diServer = (testo) => (testo === undefined ? null : centesimi(testo.replace(/[^\d.,]/g, "")) * (/^[-−]/.test(testo) ? -1n : 1n));

  const tolta = (riga) => { const casella = riga.querySelector("[name$='-togli']"); return Boolean(casella && casella.checked); };
  const valoreDi = (riga, nome) => {
    const cella = riga.querySelector(`[name$='-${nome}']`);
    return cella ? cella.value : "";
  };

  const scrivi = (elemento, testo) => { if (elemento && elemento.textContent !== testo) elemento.textContent = testo; };
  const somme = () => {
    modulo.querySelectorAll("[data-somma]").forEach((blocco) => {
      let somma = 0n;
      blocco.querySelectorAll("[data-riga]").forEach((riga) => {
        if (tolta(riga)) return;
        blocco.dataset.sommaCampi.split(" ").forEach((nome) => { somma += centesimi(valoreDi(riga, nome)) ?? 0n; });
      });
      scrivi(blocco.querySelector("[data-somma-valore]"), euro(somma));
      const atteso = diServer(blocco.dataset.atteso);
      const differenza = blocco.querySelector("[data-somma-differenza]");
      const diverso = atteso !== null && atteso !== somma;
      const verso = diverso && somma > atteso ? "in più" : "in meno";
      scrivi(differenza, diverso ? `▲ ${euro(somma > atteso ? somma - atteso : atteso - somma)} ${verso}` : "");
      differenza.classList.toggle("segno-a_rischio", diverso);
    });
    modulo.querySelectorAll("[data-movimenti]").forEach((blocco) => {
      let somma = 0n;
      blocco.querySelectorAll("[data-riga]").forEach((riga) => {
        const importo = tolta(riga) ? 0n : centesimi(valoreDi(riga, "importo")) ?? 0n;
        somma += ["D", "R"].includes(valoreDi(riga, "tipo")) ? -importo : importo;
      });
      scrivi(blocco.querySelector("[data-somma-valore]"), euro(somma));
      scrivi(blocco.querySelector("[data-somma-tutto]"), euro(somma + diServer(blocco.dataset.prima)));
    });
  };

  // --- What each row says in one line ---
  const letto = (cella) => {
    if (cella.tagName === "SELECT") return cella.value ? cella.selectedOptions[0].textContent : "";
    if (cella.type === "date") return cella.value.split("-").reverse().join("/");
    return cella.value.trim();
  };
  const RIASSUNTI = {
    sal: ["numero", "data", "importo"],
    impegni: ["codice", "data", "importo", "beneficiario"],
    pagamenti: ["codice", "data", "importo", "percettore"],
    criticita: ["tipo", "gravita", "descrizione"],
  };
  const riassumi = (riga) => {
    const posto = riga.querySelector("[data-riassunto]");
    if (!posto) return;
    const nomi = RIASSUNTI[riga.dataset.riga.split("-")[0]] || [];
    const parti = nomi.map((nome) => [nome, riga.querySelector(`[name$='-${nome}']`)])
      .filter(([, cella]) => cella && letto(cella))
      .map(([nome, cella]) => (nome === "importo" ? `${letto(cella)}\u00a0€` : letto(cella).slice(0, 80)));
    scrivi(posto, parti.join(" · "));
  };

  // --- «era 10,00» ---
  const segnaEra = (cella) => {
    const era = campo(`era-${cella.name}`);
    if (!era) return;
    const cambiata = cella.value !== cella.dataset.base;
    era.hidden = !cambiata;
    const cornice = cella.closest(".cella, td, .foglio-riga");
    if (cornice) cornice.classList.toggle("cambiata", cambiata);
  };

  // --- Rows taken away and called back ---
  const segnaTolta = (riga) => {
    const via = tolta(riga);
    riga.classList.toggle("tolta", via);
    riga.querySelector("[data-campi]").hidden = via;
    riga.querySelector("[data-tolta-testo]").hidden = !via;
    const riassunto = riga.querySelector("[data-riassunto]");
    const titolo = riga.querySelector("[data-titolo]").textContent;
    scrivi(riga.querySelector("[data-tolta-nome]"), riassunto && riassunto.textContent ? `: ${riassunto.textContent}` : "");
    const bottone = riga.querySelector("[data-togli]");
    bottone.firstChild.textContent = via ? "Rimetti" : "Togli";
    scrivi(bottone.querySelector(".visually-hidden"), ` ${titolo}`);
  };
  const numera = (sezione) => {
    const blocco = modulo.querySelector(`[data-righe="${sezione}"]`);
    const righe = [...blocco.querySelectorAll("[data-libera]")];
    righe.forEach((riga, posto) => {
      const titolo = riga.querySelector("[data-titolo]");
      titolo.textContent = `${titolo.textContent.replace(/ \d+$/, "")} ${posto + 1}`;
    });
    const nessuna = blocco.querySelector("[data-nessuna]");
    if (nessuna) nessuna.hidden = righe.length > 0;
  };
  const prepara = (riga) => {
    const casella = riga.querySelector("[data-togli-casella]");
    const bottone = riga.querySelector("[data-togli]");
    casella.hidden = true;
    bottone.hidden = false;
    bottone.addEventListener("click", () => {
      const spunta = casella.querySelector("input");
      spunta.checked = !spunta.checked;
      spunta.dispatchEvent(new Event("change", { bubbles: true }));
      // A row that was never written in just goes away.
      if (spunta.checked && riga.dataset.nuova !== undefined && !scritta(riga)) {
        const sezione = riga.dataset.riga.split("-")[0];
        const posto = riga.closest("[data-righe]").querySelector("[data-aggiungi]");
        riga.remove();
        numera(sezione);
        posto.focus();
      } else if (!spunta.checked) {
        const prima = riga.querySelector("[data-campi] [data-cella]");
        if (prima) prima.focus();
      }
    });
    segnaTolta(riga);
  };
  const scritta = (riga) => [...riga.querySelectorAll("[data-campi] [data-cella]")]
    .some((cella) => (cella.tagName !== "SELECT" || cella.dataset.documenti !== undefined) && cella.value.trim());

  // A new row, in the order of its name; null where the section does not take any.
  const nuova = (sezione, nome) => {
    const modello = document.querySelector(`template[data-modello="${sezione}"]`);
    const blocco = modulo.querySelector(`[data-righe="${sezione}"]`);
    if (!modello || !blocco || !/^\w{1,40}$/.test(nome)) return null;
    const pezzo = document.createElement("template");
    pezzo.innerHTML = modello.innerHTML.replaceAll("__riga__", nome);
    const riga = pezzo.content.querySelector("[data-libera]");
    riga.dataset.nuova = "";
    const altre = [...blocco.querySelectorAll("[data-libera]")];
    const dopo = altre.find((altra) => altra.dataset.riga > riga.dataset.riga);
    if (dopo) dopo.before(riga);
    else blocco.querySelector("[data-aggiungi-posto]").before(riga);
    if (riga.tagName === "DETAILS") riga.open = true;
    prepara(riga);
    numera(sezione);
    return riga;
  };
  let ultimo = 0;
  const nomeNuovo = () => {
    // Always later than the one before, even in the same millisecond.
    ultimo = Math.max(Date.now(), ultimo + 1);
    return `n${ultimo.toString(36)}${Math.floor(Math.random() * 1679616).toString(36).padStart(4, "0")}`;
  };
  modulo.querySelectorAll("[data-libera]").forEach(prepara);
  modulo.querySelectorAll("[data-aggiungi]").forEach((bottone) => {
    bottone.type = "button";
    bottone.addEventListener("click", () => {
      const riga = nuova(bottone.dataset.aggiungi, nomeNuovo());
      // A choice that comes filled is typed too; alone it does not make a row.
      riga.querySelectorAll("select").forEach((scelta) => {
        if (scelta.value) scelta.dispatchEvent(new Event("change", { bubbles: true }));
      });
      riga.querySelector("[data-campi] [data-cella]").focus();
    });
  });

  // --- Jumping to a field: out of its folds, under the eyes, ready to type ---
  const vai = (nome) => {
    const cella = campo(nome);
    const meta = cella && modulo.contains(cella) ? cella : campo(`sezione-${nome.split("-")[0]}`);
    if (!meta) return false;
    for (let piega = meta.closest("details"); piega; piega = piega.parentElement.closest("details")) piega.open = true;
    chiudiLato();
    meta.scrollIntoView({ block: "center" });
    meta.focus({ preventScroll: true });
    return true;
  };
  document.addEventListener("click", (evento) => {
    const voce = evento.target.closest("[data-vai]");
    if (voce && vai(voce.dataset.vai)) evento.preventDefault();
  });

  // --- On a narrow screen what stands beside folds into a bar at the foot ---
  const lato = modulo.querySelector("[data-lato]");
  const apriLato = modulo.querySelector("[data-apri-lato]");
  const stretto = window.matchMedia("(max-width: 1099.98px)");
  const piegaLato = (aperto) => {
    lato.classList.toggle("aperto", aperto);
    apriLato.setAttribute("aria-expanded", String(aperto));
    scrivi(apriLato.querySelector("[data-apri-testo]"), aperto ? "Chiudi" : "Rilievi e invio");
  };
  const chiudiLato = () => { if (stretto.matches) piegaLato(false); };
  modulo.classList.add("con-script");
  apriLato.hidden = false;
  modulo.querySelector("[data-breve]").hidden = false;
  apriLato.addEventListener("click", () => { piegaLato(!lato.classList.contains("aperto")); });
  lato.addEventListener("keydown", (evento) => {
    if (evento.key === "Escape" && stretto.matches && lato.classList.contains("aperto")) { piegaLato(false); apriLato.focus(); }
  });
  document.querySelectorAll("a[href='#lato']").forEach((voce) => {
    voce.addEventListener("click", (evento) => { evento.preventDefault(); piegaLato(true); lato.focus(); });
  });
  document.querySelectorAll("[data-con-script]").forEach((pezzo) => { pezzo.hidden = false; });
  document.querySelectorAll("[data-senza-script]").forEach((pezzo) => { if (!pezzo.closest("[data-carica]")) pezzo.hidden = true; });

  // --- A document taken in can be chosen at once ---
  modulo.addEventListener("documento-caricato", (evento) => {
    const documento = evento.detail && evento.detail.documento;
    if (!documento) return;
    const testo = documento.data ? `${documento.titolo}, ${documento.data.split("-").reverse().join("/")}` : documento.titolo;
    const scelte = [...document.querySelectorAll("select[data-documenti]")];
    document.querySelectorAll("template[data-modello]").forEach((modello) => {
      scelte.push(...modello.content.querySelectorAll("select[data-documenti]"));
    });
    scelte.forEach((scelta) => {
      if ([...scelta.options].some((voce) => voce.value === String(documento.pk))) return;
      scelta.append(new Option(testo, String(documento.pk)));
    });
  });

  const dopo = (cella) => {
    segnaEra(cella);
    const riga = cella.closest("[data-libera]");
    if (riga) { riassumi(riga); if (cella.name.endsWith("-togli")) segnaTolta(riga); }
    somme();
  };
  // --- Fields: read, write, tell ---
  const leggi = (cella) => (cella.type === "checkbox" ? (cella.checked ? cella.value : "") : cella.value);
  const metti = (nome, testo) => {
    let cella = campo(nome);
    if (!cella && !nome.startsWith("spiegazioni-")) {
      const [sezione, riga] = nome.split("-");
      if (nuova(sezione, riga)) cella = campo(nome);
    }
    if (!cella || cella.dataset.cella === undefined) return false;
    if (cella.type === "checkbox") cella.checked = Boolean(testo);
    else {
      if (cella.dataset.giorno !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(testo)) cella.type = "date";
      if (cella.type === "date" && testo && !/^\d{4}-\d{2}-\d{2}$/.test(testo)) cella.type = "text";
      if (cella.tagName === "SELECT" && testo && ![...cella.options].some((voce) => voce.value === testo)) cella.append(new Option(testo, testo));
      cella.value = testo;
    }
    dopo(cella);
    return true;
  };
  const inUso = (nome) => document.activeElement !== null && document.activeElement.name === nome;
  const aParole = (nome, testo) => {
    const cella = campo(nome);
    if (!testo) return "vuoto";
    if (cella && cella.tagName === "SELECT") { const voce = [...cella.options].find((una) => una.value === testo); return voce ? voce.textContent : testo; }
    if (/^\d{4}-\d{2}-\d{2}$/.test(testo)) return testo.split("-").reverse().join("/");
    if (cella && cella.type === "checkbox") return "sì";
    return testo;
  };
  const etichetta = (nome) => {
    const cella = campo(nome);
    const voce = cella && (modulo.querySelector(`label[for="${CSS.escape(nome)}"]`) || campo(`etichetta-${nome}`));
    return voce ? voce.textContent.trim() : "Questo valore";
  };

  const cambio = (evento) => { if (evento.target.matches("[data-cella]")) dopo(evento.target); };
  modulo.addEventListener("input", cambio);
  modulo.addEventListener("change", cambio);
  somme();
  return { modulo, campo, leggi, metti, inUso, aParole, etichetta, vai, somme };
})();
