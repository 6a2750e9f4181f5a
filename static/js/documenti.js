// Documents go up in pieces: a lost connection, a reload or an expired session never starts them over.
// Without this script the same form sends the file whole.
"use strict";

(() => {
  const PEZZO = 1e6;
  const ATTESE = [1, 2, 4, 8, 16, 30];
  const INIZIO_IMPRONTA = 65536;
  // Larger files are not read whole into memory: the portal computes the fingerprint anyway.
  const MASSIMO_SHA = 100e6;
  const cifre = new Intl.NumberFormat("it-IT", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const peso = (byte) => (byte >= 1e6 ? `${cifre.format(byte / 1e6)} MB` : byte >= 1e3 ? `${Math.round(byte / 1e3)} kB` : `${byte} byte`);
  const crea = (nome, classe, testo = "") => {
    const elemento = document.createElement(nome);
    if (classe) elemento.className = classe;
    elemento.textContent = testo;
    return elemento;
  };
  const bottone = (testo, classe, azione) => {
    const tasto = crea("button", `btn ${classe} btn-sm`, testo);
    tasto.type = "button";
    tasto.addEventListener("click", azione);
    return tasto;
  };
  // The cookie and not the page: after signing in again elsewhere it is the one that holds.
  const segnoCsrf = () => {
    const biscotto = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
    const campo = document.querySelector("[name=csrfmiddlewaretoken]");
    return biscotto ? biscotto[1] : campo ? campo.value : "";
  };
  const esadecimale = (byte) => [...new Uint8Array(byte)].map((uno) => uno.toString(16).padStart(2, "0")).join("");
  const sha256 = async (blob) => (window.crypto.subtle ? esadecimale(await window.crypto.subtle.digest("SHA-256", await blob.arrayBuffer())) : "");
  const impronta = async (file) => `${file.size}-${file.lastModified}-${(await sha256(file.slice(0, INIZIO_IMPRONTA))).slice(0, 40)}`;

  class Rifiuto extends Error {
    constructor(testo, errori = {}) { super(testo); this.errori = errori; }
  }
  class Lasciato extends Error {}

  const inCorso = new Set();

  class Caricamento {
    constructor(riquadro, file) {
      this.riquadro = riquadro;
      this.file = file;
      this.fermo = false;
      this.lasciato = false;
      this.riga = crea("div", "caricamento");
      this.nome = crea("p", "caricamento-nome", `${file.name} · ${peso(file.size)}`);
      this.barra = document.createElement("progress");
      this.barra.max = file.size;
      this.barra.value = 0;
      this.barra.setAttribute("aria-label", `Caricamento di ${file.name}`);
      this.frase = crea("p", "caricamento-frase", "Preparo il caricamento…");
      this.azioni = crea("p", "azioni");
      this.tastoPausa = bottone("Metti in pausa", "btn-outline-primary", () => this.pausa());
      this.tastoSubito = bottone("Riprova subito", "btn-primary", () => this.sveglia());
      this.tastoSubito.hidden = true;
      this.tastoLascia = bottone("Lascia perdere", "btn-outline-primary", () => this.lascia());
      this.azioni.append(this.tastoSubito, this.tastoPausa, this.tastoLascia);
      this.riga.append(this.nome, this.barra, this.frase, this.azioni);
      riquadro.elenco.append(this.riga);
    }

    annuncia(testo) { this.riquadro.annuncio.textContent = testo; }
    di(testo) { if (this.frase.textContent !== testo) this.frase.textContent = testo; }

    pausa() {
      this.fermo = !this.fermo;
      this.tastoPausa.textContent = this.fermo ? "Riprendi" : "Metti in pausa";
      if (this.fermo) {
        if (this.controllo) this.controllo.abort();
        this.di(`In pausa: ${peso(this.barra.value)} di ${peso(this.file.size)}. Quello che è arrivato resta.`);
        this.annuncia("Caricamento in pausa");
      }
      this.sveglia();
    }

    async lascia() {
      this.lasciato = true;
      if (this.controllo) this.controllo.abort();
      this.sveglia();
      if (this.stato) {
        await fetch(this.stato.annulla, { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": segnoCsrf() } }).catch(() => null);
      }
      this.riga.remove();
      this.annuncia("Caricamento lasciato perdere");
    }

    // Ends a wait, whoever is waiting. A wait says whether all its time has passed; without seconds it has no end.
    sveglia() { if (this.prosegui) this.prosegui(false); }
    attendi(secondi) {
      return new Promise((fatto) => {
        const orologio = secondi ? window.setTimeout(() => this.prosegui(true), secondi * 1000) : 0;
        this.prosegui = (tutto) => { window.clearTimeout(orologio); this.prosegui = null; fatto(tutto); };
      });
    }

    async seSiPuo() {
      while (this.fermo && !this.lasciato) await this.attendi(0);
      if (this.lasciato) throw new Lasciato();
    }

    // One request, insisted on until the portal answers: with growing waits, and after signing in again if need be.
    async chiedi(indirizzo, corpo, intestazioni = {}) {
      let volte = 0;
      for (;;) {
        await this.seSiPuo();
        this.controllo = new AbortController();
        const risposta = await fetch(indirizzo, {
          method: "POST",
          body: corpo,
          headers: { Accept: "application/json", "X-CSRFToken": segnoCsrf(), ...intestazioni },
          signal: this.controllo.signal,
        }).catch(() => null);
        if (this.fermo || this.lasciato) continue;
        const json = Boolean(risposta) && (risposta.headers.get("Content-Type") || "").includes("json");
        const dati = json ? await risposta.json().catch(() => null) : null;
        if (risposta && risposta.ok && dati && !risposta.redirected) {
          // The session was used: the warning that it is about to end waits too.
          if (typeof segnaAttivita === "function") segnaAttivita();
          return dati;
        }
        if (dati && risposta.status === 409) return dati;
        if (dati && [400, 404, 413, 422].includes(risposta.status)) throw new Rifiuto(dati.detail, dati.errori);
        if (risposta && (risposta.status === 401 || risposta.status === 403 || risposta.redirected)) {
          await this.fuoriSessione(dati && risposta.status === 403 ? dati.detail : "");
        } else {
          await this.ritenta(ATTESE[Math.min(volte, ATTESE.length - 1)], dati ? dati.detail : "");
        }
        volte += 1;
      }
    }

    async ritenta(secondi, dettaglio) {
      const causa = dettaglio || (navigator.onLine ? "La connessione si è interrotta." : "Manca la connessione.");
      this.annuncia(`${causa} Il caricamento riprende da solo.`);
      this.tastoSubito.hidden = false;
      const torna = () => this.sveglia();
      window.addEventListener("online", torna);
      for (let restano = secondi; restano > 0; restano -= 1) {
        this.di(`${causa} Riprovo fra ${restano} s: quello che è arrivato resta (${peso(this.barra.value)} di ${peso(this.file.size)}).`);
        if (!(await this.attendi(1))) break;
      }
      window.removeEventListener("online", torna);
      this.tastoSubito.hidden = true;
    }

    async fuoriSessione(dettaglio) {
      const testo = dettaglio || "La sessione è scaduta.";
      this.di(`${testo} Quello che è arrivato è al sicuro: accedi di nuovo in un'altra scheda, poi torna qui, e il caricamento prosegue.`);
      this.annuncia(`${testo} Accedi di nuovo, poi torna qui.`);
      const accesso = crea("a", "btn btn-primary btn-sm", "Accedi (si apre in un'altra scheda)");
      accesso.href = this.riquadro.elemento.dataset.pagina;
      accesso.target = "_blank";
      accesso.rel = "noopener";
      this.azioni.prepend(accesso);
      this.tastoSubito.textContent = "Ho fatto l'accesso: continua";
      this.tastoSubito.hidden = false;
      const tornato = () => { if (!document.hidden) this.sveglia(); };
      document.addEventListener("visibilitychange", tornato);
      await this.attendi(0);
      document.removeEventListener("visibilitychange", tornato);
      accesso.remove();
      this.tastoSubito.hidden = true;
      this.tastoSubito.textContent = "Riprova subito";
    }

    avanza(ricevuti) {
      this.barra.value = ricevuti;
      const totale = this.file.size;
      const velocita = (ricevuti - this.partenza) / (Date.now() - this.dalle);
      const restano = Math.ceil((totale - ricevuti) / velocita / 1000);
      const tempo = !Number.isFinite(restano) || restano < 1 ? "" : restano < 90 ? ` · mancano circa ${restano} s` : ` · mancano circa ${Math.ceil(restano / 60)} minuti`;
      this.di(`${Math.floor((ricevuti / totale) * 100)} % · ${peso(ricevuti)} di ${peso(totale)}${tempo}`);
    }

    // `dati` declare it; without them it goes on with what `stato` knows.
    async vai(dati, stato = null) {
      try {
        const segno = await impronta(this.file);
        if (!stato) {
          const dichiarato = { ...dati, nome: this.file.name, dimensione: this.file.size, impronta: segno };
          stato = await this.chiedi(this.riquadro.elemento.dataset.inizia, JSON.stringify(dichiarato), { "Content-Type": "application/json" });
        }
        if (stato.errore) throw new Rifiuto(stato.errore);
        if (stato.ricevuta) { this.finito(stato.ricevuta); return; }
        if (inCorso.has(stato.chiave)) throw new Rifiuto("Questo file si sta già caricando.");
        inCorso.add(stato.chiave);
        this.stato = stato;
        this.riquadro.ripreso(stato.pezzi);
        await this.manda(stato);
      } catch (errore) {
        if (errore instanceof Lasciato) return;
        if (!(errore instanceof Rifiuto)) this.fallito("Non riesco a leggere il file: sceglilo di nuovo.");
        else this.fallito(errore.message, errore.errori);
      } finally {
        if (this.stato) inCorso.delete(this.stato.chiave);
      }
    }

    async manda(stato) {
      let ricevuti = stato.ricevuti;
      let ricevuta = null;
      this.dalle = Date.now();
      this.partenza = ricevuti;
      if (ricevuti) this.annuncia(`Il caricamento riprende da ${peso(ricevuti)}`);
      this.avanza(ricevuti);
      while (!ricevuta) {
        while (ricevuti < this.file.size) {
          const pezzo = this.file.slice(ricevuti, ricevuti + PEZZO);
          const esito = await this.chiedi(stato.pezzi, pezzo, { "Content-Type": "application/octet-stream", "Upload-Offset": String(ricevuti) });
          ricevuti = esito.ricevuti;
          this.avanza(ricevuti);
        }
        this.di("Arrivato tutto: il portale controlla il file…");
        this.tastoPausa.hidden = true;
        const corpo = new URLSearchParams({ sha256: this.file.size <= MASSIMO_SHA ? await sha256(this.file) : "" });
        const esito = await this.chiedi(stato.concludi, corpo);
        if (esito.numero) ricevuta = esito;
        else ricevuti = esito.ricevuti;
      }
      this.finito(ricevuta);
    }

    fallito(testo, errori = {}) {
      this.riga.classList.add("caricamento-errato");
      this.barra.remove();
      this.riga.setAttribute("role", "alert");
      this.di(Object.keys(errori || {}).length ? Object.values(errori).join(" ") : testo);
      this.azioni.replaceChildren(bottone("Chiudi", "btn-outline-primary", () => this.riga.remove()));
    }

    finito(ricevuta) {
      const riquadro = crea("div", "ricevuta");
      riquadro.tabIndex = -1;
      const dentro = document.createElement("div");
      dentro.append(crea("p", "ricevuta-titolo", `«${ricevuta.nome}» è stato accettato${ricevuta.versione > 1 ? `, versione ${ricevuta.versione}` : ""}`));
      dentro.append(crea("p", "ricevuta-dati", `Ricevuta n. ${ricevuta.numero} · ${ricevuta.quando} · ${peso(ricevuta.dimensione)} · ${ricevuta.antivirus}`));
      const sha = crea("p", "", "Impronta SHA-256 ");
      sha.append(crea("span", "mono", ricevuta.sha256));
      const legame = crea("a", "", "Apri il documento");
      legame.href = ricevuta.documento.indirizzo;
      const dove = document.createElement("p");
      dove.append(legame);
      dentro.append(sha, dove);
      riquadro.append(dentro);
      this.riga.replaceWith(riquadro);
      riquadro.scrollIntoView({ block: "nearest" });
      this.annuncia(`${ricevuta.nome} è stato accettato, ricevuta numero ${ricevuta.numero}`);
      this.riquadro.elemento.dispatchEvent(new CustomEvent("documento-caricato", { bubbles: true, detail: ricevuta }));
    }
  }

  class Riquadro {
    constructor(elemento) {
      this.elemento = elemento;
      this.elenco = elemento.querySelector("[data-caricamenti]");
      this.annuncio = elemento.querySelector("[data-annuncio]");
      this.zona = elemento.querySelector("[data-zona]");
      this.campo = this.zona.querySelector("input[type=file]");
      this.aiuto = this.zona.querySelector(".campo-aiuto");
      this.scelti = this.zona.querySelector("[data-scelti]");
      this.tipo = elemento.querySelector("select[name=tipo]");
      if (this.tipo) this.campo.multiple = true;
      elemento.querySelectorAll("[data-solo-script]").forEach((uno) => { uno.hidden = false; });
      elemento.querySelectorAll("[data-senza-script]").forEach((uno) => { uno.parentElement.hidden = true; });
      const modulo = elemento.querySelector("form[data-modulo]");
      if (modulo) modulo.addEventListener("submit", (evento) => { evento.preventDefault(); this.invia(); });
      else elemento.querySelector("[data-invia]").addEventListener("click", () => this.invia());
      this.campo.addEventListener("change", () => this.mostra());
      if (this.tipo) this.tipo.addEventListener("change", () => this.mostra());
      this.trascina();
      elemento.querySelectorAll("[data-interrotto]").forEach((voce) => this.riprendi(voce));
      this.mostra();
    }

    trascina() {
      const sopra = (vero) => (evento) => { evento.preventDefault(); this.zona.classList.toggle("sopra-zona", vero); };
      this.zona.addEventListener("dragover", sopra(true));
      this.zona.addEventListener("dragleave", sopra(false));
      this.zona.addEventListener("drop", (evento) => {
        sopra(false)(evento);
        if (!evento.dataTransfer.files.length) return;
        this.campo.files = evento.dataTransfer.files;
        this.mostra();
      });
    }

    // What the kind allows: from its choice, or from the file field where the kind is given.
    limiti() {
      const da = this.tipo ? this.tipo.selectedOptions[0] : this.campo;
      return da && da.dataset.ammessi ? da.dataset : null;
    }

    difetto(file) {
      const limiti = this.limiti();
      if (!limiti) return "";
      const finale = `.${file.name.split(".").pop().toLowerCase()}`;
      if (!limiti.estensioni.split(",").includes(finale)) return `qui si caricano solo ${limiti.estensioni.replaceAll(",", ", ")}`;
      if (file.size > Number(limiti.massimo)) return `pesa più di ${peso(Number(limiti.massimo))}`;
      return file.size ? "" : "è vuoto";
    }

    mostra() {
      const limiti = this.limiti();
      this.campo.accept = limiti ? limiti.estensioni : "";
      this.aiuto.textContent = limiti ? `${limiti.ammessi}. Puoi anche trascinarlo qui.` : "Scegli prima il tipo di documento: qui comparirà quali file prende. Puoi anche trascinarli qui.";
      this.scelti.replaceChildren(...[...this.campo.files].map((file) => {
        const difetto = this.difetto(file);
        return crea("li", difetto ? "troppo" : "", `${file.name} · ${peso(file.size)}${difetto ? `: ${difetto}` : ""}`);
      }));
    }

    dati() {
      const dati = {};
      this.elemento.querySelectorAll("input[name], select[name], textarea[name]").forEach((campo) => {
        if (campo.type !== "file" && campo.type !== "hidden") dati[campo.name] = campo.value;
      });
      if (this.elemento.dataset.documento) return { documento: Number(this.elemento.dataset.documento) };
      return dati;
    }

    errore(campo, testo) {
      const posto = campo.closest(".campo");
      const id = `${campo.id}_errore_subito`;
      let riga = posto.querySelector(`#${id}`);
      if (!riga) { riga = crea("div", "campo-errore"); riga.id = id; posto.append(riga); }
      riga.textContent = testo;
      posto.classList.toggle("campo-con-errore", Boolean(testo));
      if (testo) { campo.setAttribute("aria-invalid", "true"); campo.focus(); } else campo.removeAttribute("aria-invalid");
    }

    invia() {
      const file = [...this.campo.files];
      const senzaTipo = Boolean(this.tipo) && !this.tipo.value;
      this.errore(this.campo, file.length ? "" : "Scegli il file da caricare.");
      if (this.tipo) this.errore(this.tipo, senzaTipo ? "Scegli il tipo di documento." : "");
      if (senzaTipo || !file.length) return;
      const dati = this.dati();
      if (file.length > 1) dati.titolo = "";
      this.campo.value = "";
      const titolo = this.elemento.querySelector("[name=titolo]");
      if (titolo) titolo.value = "";
      this.mostra();
      const nuovi = file.map((uno) => new Caricamento(this, uno));
      nuovi[0].riga.scrollIntoView({ block: "nearest" });
      // One after the other: each has the whole connection.
      nuovi.reduce((prima, uno) => prima.then(() => uno.vai(dati)), Promise.resolve());
    }

    // What goes on is halfway no longer.
    ripreso(indirizzo) {
      const voce = this.elemento.querySelector(`[data-interrotto="${indirizzo}"]`);
      if (!voce) return;
      const avviso = voce.closest(".interrotti");
      voce.remove();
      if (!avviso.querySelector("[data-interrotto]")) avviso.remove();
    }

    riprendi(voce) {
      const tasto = voce.querySelector("[data-riprendi]");
      const scelta = tasto.querySelector("input");
      tasto.hidden = false;
      scelta.addEventListener("change", async () => {
        const file = scelta.files[0];
        if (!file) return;
        const caricamento = new Caricamento(this, file);
        if (voce.dataset.impronta !== await impronta(file)) {
          caricamento.fallito("Non è lo stesso file di prima: scegli quello che avevi cominciato a caricare, oppure lascia perdere e ricomincia.");
          return;
        }
        const risposta = await fetch(voce.dataset.interrotto, { headers: { Accept: "application/json" } }).catch(() => null);
        if (!risposta || !risposta.ok || risposta.redirected) { caricamento.fallito("Il portale non risponde: ricarica la pagina e riprova."); return; }
        caricamento.vai(null, await risposta.json());
      });
    }
  }

  document.querySelectorAll("[data-carica]").forEach((elemento) => { new Riquadro(elemento); });
})();
