"""What a row of each table says of the register: the intervento, its money, its places, its bodies, its indicators.

Each function first refuses what cannot be taken (raising Rifiuto), then changes the rows in memory. Tenders are in
`confronto_gare`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from interventi.importazione.memoria import Memoria
from interventi.importazione.righe import Giudizio, Rifiuto, Riga, campo_di, etichetta, mostra, piu_vecchia
from interventi.importazione.scrittura import Valori
from interventi.importazione.voci import CODICI
from interventi.models import Finanziamento, Indicatore, Intervento, Localizzazione, SoggettoCollegato
from interventi.models.importazioni import Perimetro
from interventi.scelte import FonteFinanziamento, LineaFinanziamento

DESCRIZIONE = (
    "titolo", "sintesi", "attuatore_denominazione", "attuatore_cf", "stato_cup", "tipo_aiuto", "pratt_codice",
    "pratt_titolo", "progetto_in_essere", "inizio_previsto", "inizio_effettivo", "fine_prevista", "fine_effettiva",
    "stato_avanzamento", "fase_codice", "fase_descrizione", "fase_stato", "validato_il", "esito_validazione",
    "finanziamento_pubblico", "finanziamento_pubblico_netto",
)  # fmt: skip
FONTI = tuple(fonte.value for fonte in FonteFinanziamento)
# Names of the amounts of a row by source: what it gives, what was paid out of it.
COLONNE_PER_FONTE = {prefisso: tuple((fonte, prefisso + fonte) for fonte in FONTI) for prefisso in ("fin_", "pag_")}
# The source on which the funding line depends: kept even when it is zero.
PNRR = FonteFinanziamento.PNRR.value
ZERO = Decimal("0.00")
# The indicators of ReGiS that a list of CUPs may carry: planned, reached, code, description, unit.
INDICATORI_DI_ELENCO = (
    ("mq_programmati", "mq_realizzati", "T0039"),
    ("completati_programmati", "completati_realizzati", "T0146"),
)
TIPO_INDICATORE = "Target"
PRIMA_I_PROGETTI = "Carica anche la tabella Progetti o Localizzazione che lo contiene."


def progetti(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    giudizio.oggetto = valori.get("titolo") or ""
    riga = memoria.cerca_o_crea(giudizio)
    quando = valori.get("dati_al")
    memoria.contesto.voci.completa_submisura(valori)
    proposti = {nome: valori[nome] for nome in DESCRIZIONE if nome in valori}
    _date_coerenti(riga, proposti, giudizio)
    if "natura" in valori:
        proposti["classificazione_id"] = memoria.contesto.voci.classificazione(
            {c: valori.get(c) for c in CODICI} | valori
        )
    descrizione_al = riga.valori["dati_al"]
    memoria.proponi(riga, proposti, quando, "dati_al", giudizio)
    _finanziamento_totale(memoria, riga, valori, quando, giudizio)
    _importi(memoria, riga, valori, quando, descrizione_al, giudizio)
    _attuatore(memoria, riga, valori, giudizio)
    _somma_delle_fonti(valori, giudizio)


def elenco(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    territorio = memoria.contesto.territorio
    luoghi = [(codice, territorio.comune(codice[:3], codice[3:], "")) for codice in valori.get("comuni") or ()]
    riga = memoria.cerca_o_crea(giudizio)
    quando = valori.get("dati_al")
    giudizio.oggetto = riga.valori["titolo"] or ", ".join(territorio.nomi[pk] for _, pk in luoghi if pk is not None)
    _finanziamento_totale(memoria, riga, valori, quando, giudizio)
    _importi(memoria, riga, valori, quando, None, giudizio)
    _pagamenti(memoria, riga, valori, quando, giudizio)
    for programmato, realizzato, codice in INDICATORI_DI_ELENCO:
        detti = {"programmato": valori.get(programmato), "realizzato": valori.get(realizzato)}
        if any(valore is not None for valore in detti.values()):
            _indicatore(memoria, riga, {"codice": codice, "tipo": TIPO_INDICATORE, **detti}, quando, giudizio)
    for codice, comune in luoghi:
        codici = {
            "codice_regione": territorio.regione(comune),
            "codice_provincia": codice[:3],
            "codice_comune": codice[3:],
        }
        _luogo(memoria, riga, {**codici, "comune_id": comune, "indirizzo": "", "cap": ""}, quando, giudizio)
    importi = ("finanziamento_totale", "fin_pnrr", "pagamenti_totali", "pag_pnrr")
    previsti = [nome for nome in importi if nome in valori]
    if previsti and all(valori[nome] is None for nome in previsti):
        giudizio.rileva(
            "Finanziamento Totale", "", "Nessuna riga di pagamento nella fonte: l'intervento è preso senza importi."
        )


def localizzazioni(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    nome = valori.get("comune_nome") or ""
    giudizio.oggetto = nome.title()
    codici = {
        livello: valori.get(livello) or "000" for livello in ("codice_regione", "codice_provincia", "codice_comune")
    }
    comune = memoria.contesto.territorio.comune(codici["codice_provincia"], codici["codice_comune"], nome)
    riga = memoria.cerca_o_crea(giudizio)
    luogo = {
        **codici,
        "comune_id": comune,
        "indirizzo": valori.get("indirizzo") or "",
        "cap": valori.get("cap") or "",
        "quota": valori.get("quota"),
    }
    _luogo(memoria, riga, luogo, valori.get("dati_al"), giudizio, e_la_riga=True)


def pagamenti(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    if memoria.contesto.importazione.perimetro == Perimetro.TUTTO:
        riga = memoria.cerca_o_crea(giudizio)
    else:
        riga = memoria.esige(giudizio, PRIMA_I_PROGETTI)
    giudizio.oggetto = riga.valori["titolo"]
    quando = valori.get("dati_al")
    _finanziamento_totale(memoria, riga, valori, quando, giudizio)
    _importi(memoria, riga, valori, quando, riga.valori["dati_al"], giudizio)
    _pagamenti(memoria, riga, valori, quando, giudizio)


def indicatori(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    giudizio.oggetto = f"{valori['codice']} {valori.get('descrizione') or ''}".strip()
    if not valori["codice"]:
        raise Rifiuto("Codice Indicatore", "", "Manca il codice dell'indicatore.")
    if memoria.contesto.importazione.perimetro == Perimetro.TUTTO:
        riga = memoria.cerca_o_crea(giudizio)
    else:
        riga = memoria.esige(giudizio, PRIMA_I_PROGETTI)
    campi = ("codice", "descrizione", "unita", "tipo", "programmato", "realizzato", "anno", "mese")
    detti = {nome: valori[nome] for nome in campi if nome in valori}
    _indicatore(memoria, riga, detti, valori.get("dati_al"), giudizio, e_la_riga=True)


def soggetti(memoria: Memoria, giudizio: Giudizio) -> None:
    valori = giudizio.letta.valori
    detti = [soggetto for soggetto in valori["soggetti"] if soggetto["codice_fiscale"] or soggetto["denominazione"]]
    giudizio.oggetto = ", ".join(soggetto["denominazione"] or soggetto["codice_fiscale"] for soggetto in detti)
    if not detti:
        raise Rifiuto("Denominazione", "", "La riga non nomina nessun soggetto: mancano nome e codice fiscale.")
    riga = memoria.esige(giudizio, PRIMA_I_PROGETTI)
    nuovi = [_soggetto(memoria, riga, soggetto, valori.get("dati_al"), giudizio) for soggetto in detti]
    giudizio.nuova = any(nuovi)


# --- Description ----------------------------------------------------------------------------------------------------


def _date_coerenti(riga: Riga, proposti: Valori, giudizio: Giudizio) -> None:
    """An end before the beginning is left out: the database holds neither, and nobody knows which is wrong."""
    inizio = proposti.get("inizio_effettivo") or riga.valori["inizio_effettivo"]
    fine = proposti.get("fine_effettiva") or riga.valori["fine_effettiva"]
    if inizio is None or fine is None or fine >= inizio:
        return
    giorno = mostra(campo_di(Intervento, "inizio_effettivo"), inizio)
    ragione = f"La fine è prima dell'inizio ({giorno}): le due date effettive non sono state prese."
    giudizio.rileva("Data Fine Progetto Effettiva", mostra(campo_di(Intervento, "fine_effettiva"), fine), ragione)
    proposti.pop("inizio_effettivo", None)
    proposti.pop("fine_effettiva", None)


def _attuatore(memoria: Memoria, riga: Riga, valori: Valori, giudizio: Giudizio) -> None:
    if riga.valori["soggetto_attuatore_id"] is not None:
        return
    ente = memoria.contesto.territorio.ente(
        valori.get("attuatore_cf") or "", valori.get("attuatore_denominazione") or ""
    )
    if ente is not None:
        memoria.imposta(riga, "soggetto_attuatore_id", ente, giudizio)


# --- Money ----------------------------------------------------------------------------------------------------------


def linea(totale: Decimal | None, pnrr: Decimal | None) -> str:
    """The funding line that total funding and PNRR share tell; blank if they do not."""
    if totale is None or pnrr is None:
        return ""
    if pnrr > 0:
        return LineaFinanziamento.MISTA if pnrr < totale else LineaFinanziamento.PNRR
    return LineaFinanziamento.NAZIONALE if totale > 0 else ""


def _finanziamento_totale(
    memoria: Memoria, riga: Riga, valori: Valori, quando: date | None, giudizio: Giudizio
) -> None:
    totale = valori.get("finanziamento_totale")
    if totale is None:
        return
    proposti: dict[str, Any] = {"finanziamento_totale": totale}
    # Worked out, not read: where people stated the line there is nothing to reconcile.
    if "linea_finanziamento" not in riga.valori["campi_nostri"]:
        proposti["linea_finanziamento"] = linea(totale, valori.get("fin_pnrr"))
    memoria.proponi(riga, proposti, quando, "finanziamento_al", giudizio)


def _importi(
    memoria: Memoria, riga: Riga, valori: Valori, quando: date | None, descrizione_al: date | None, giudizio: Giudizio
) -> None:
    """What each source gives. A newer Progetti without a source says that it gives nothing."""
    zero_al = descrizione_al if piu_vecchia(quando, descrizione_al) else None
    _per_fonte(memoria, riga, valori, ("fin_", "importo", "dati_al"), quando, zero_al, giudizio)


def _pagamenti(memoria: Memoria, riga: Riga, valori: Valori, quando: date | None, giudizio: Giudizio) -> None:
    """What was paid, in all and out of each source. Newer payments that add up leave nothing to other sources."""
    pagato_al, totale = riga.valori["pagamenti_al"], riga.valori["pagamenti_totali"]
    zero_al = None
    if piu_vecchia(quando, pagato_al) and totale is not None:
        noti = (fonte.valori["pagato"] or ZERO for fonte in memoria.figlie(Finanziamento, riga))
        zero_al = pagato_al if sum(noti, ZERO) == totale else None
    if valori.get("pagamenti_totali") is not None:
        memoria.proponi(riga, {"pagamenti_totali": valori["pagamenti_totali"]}, quando, "pagamenti_al", giudizio)
    _per_fonte(memoria, riga, valori, ("pag_", "pagato", "pagato_al"), quando, zero_al, giudizio)


def _per_fonte(
    memoria: Memoria,
    riga: Riga,
    valori: Valori,
    nomi: tuple[str, str, str],
    quando: date | None,
    zero_al: date | None,
    giudizio: Giudizio,
) -> None:
    """Amounts by source. `zero_al` is the day, after `quando`, when sources without an amount were read as zero."""
    prefisso, campo, campo_data = nomi
    esistenti = {figlia.valori["fonte"]: figlia for figlia in memoria.figlie(Finanziamento, riga)}
    for fonte, colonna in COLONNE_PER_FONTE[prefisso]:
        importo = valori.get(colonna)
        if importo is None or (not importo and not esistenti and fonte != PNRR):
            continue
        esistente = esistenti.get(fonte)
        manca = esistente is None or esistente.valori[campo] is None
        if manca and not importo and fonte != PNRR:
            continue
        if manca and zero_al is not None:
            importo, giudizio.vecchia = (ZERO, True) if importo else (importo, giudizio.vecchia)
        letta_al = zero_al if manca and zero_al is not None else quando
        if esistente is None:
            esistente = memoria.aggiungi_parte(Finanziamento, riga, {"fonte": fonte}, None)
            if not giudizio.nuova and importo:
                nome = f"{mostra(campo_di(Finanziamento, 'fonte'), fonte)}: {etichetta(Finanziamento, campo).lower()}"
                giudizio.cambia(campo, nome, "", mostra(campo_di(Finanziamento, campo), importo))
        memoria.proponi(esistente, {campo: importo}, letta_al, campo_data, giudizio)


def _somma_delle_fonti(valori: Valori, giudizio: Giudizio) -> None:
    totale = valori.get("finanziamento_totale")
    if totale is None:
        return
    fonti = [valori[nome] for _fonte, nome in COLONNE_PER_FONTE["fin_"] if valori.get(nome) is not None]
    somma = sum(fonti, ZERO)
    if fonti and somma != totale:
        scritto = mostra(campo_di(Intervento, "finanziamento_totale"), somma)
        giudizio.rileva(
            "Finanziamento Totale",
            mostra(campo_di(Intervento, "finanziamento_totale"), totale),
            f"Le fonti sommano {scritto}: i valori sono presi come sono.",
        )


# --- Parts ----------------------------------------------------------------------------------------------------------


def _luogo(
    memoria: Memoria, riga: Riga, luogo: Valori, quando: date | None, giudizio: Giudizio, *, e_la_riga: bool = False
) -> None:
    """A place. One without address stands for "somewhere there": a more precise one takes its stead."""
    livelli = ("codice_regione", "codice_provincia", "codice_comune")
    qui = [
        figlia
        for figlia in memoria.figlie(Localizzazione, riga)
        if all(figlia.valori[livello] == luogo[livello] for livello in livelli)
    ]
    preciso = {nome: luogo[nome] for nome in ("indirizzo", "cap")}
    trovato = next((figlia for figlia in qui if all(figlia.valori[n] == v for n, v in preciso.items())), None)
    trovato = trovato or next((figlia for figlia in qui if _completata_da_noi(figlia, preciso)), None)
    if trovato is None and qui:
        if not any(preciso.values()) and luogo.get("quota") is None:
            return
        trovato = next((figlia for figlia in qui if _senza_indirizzo(figlia)), None)
    if trovato is None:
        memoria.aggiungi_parte(Localizzazione, riga, luogo, quando)
        if e_la_riga:
            giudizio.nuova = True
        elif not giudizio.nuova:
            giudizio.cambia(
                "localizzazioni", "Localizzazione", "", memoria.contesto.territorio.nomi.get(luogo["comune_id"], "")
            )
        return
    for nome, valore in preciso.items():
        if trovato.valori[nome] != valore:
            memoria.imposta(trovato, nome, valore, giudizio)
    memoria.proponi(trovato, {**luogo}, quando, "dati_al", giudizio)


def _completata_da_noi(figlia: Riga, preciso: Valori) -> bool:
    """The place that ReGiS names, with an address or a CAP that people added here."""
    nostri = figlia.valori["campi_nostri"]
    return not set(nostri).isdisjoint(preciso) and all(
        nome in nostri or figlia.valori[nome] == valore for nome, valore in preciso.items()
    )


def _senza_indirizzo(figlia: Riga) -> bool:
    return not (figlia.valori["indirizzo"] or figlia.valori["cap"]) and figlia.valori["quota"] is None


def _indicatore(
    memoria: Memoria, riga: Riga, detti: Valori, quando: date | None, giudizio: Giudizio, *, e_la_riga: bool = False
) -> None:
    tipo = detti.get("tipo") or ""
    esistente = next(
        (
            figlia
            for figlia in memoria.figlie(Indicatore, riga)
            if (figlia.valori["codice"], figlia.valori["tipo"]) == (detti["codice"], tipo)
        ),
        None,
    )
    if esistente is not None:
        memoria.proponi(esistente, detti, quando, "dati_al", giudizio)
        return
    memoria.aggiungi_parte(Indicatore, riga, detti, quando)
    if e_la_riga:
        giudizio.nuova = True
    elif not giudizio.nuova:
        giudizio.cambia("indicatori", f"Indicatore {detti['codice']}", "", "nuovo")


def _soggetto(memoria: Memoria, riga: Riga, detto: Valori, quando: date | None, giudizio: Giudizio) -> bool:
    """A body with a role; tells whether it is new."""
    chiave = ("ruolo", "codice_fiscale", "denominazione")
    esistente = next(
        (f for f in memoria.figlie(SoggettoCollegato, riga) if all(f.valori[n] == (detto[n] or "") for n in chiave)),
        None,
    )
    if esistente is None:
        memoria.aggiungi_parte(SoggettoCollegato, riga, detto, quando)
        return True
    memoria.proponi(esistente, detto, quando, "dati_al", giudizio)
    return False
