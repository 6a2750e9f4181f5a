"""The columns of the tables that the portal takes in, as data: a new release of ReGiS means one line here.

Each table is one tuple of columns: our field, how its values are read, the header's known spellings (case, accents,
signs and spaces do not count: "CUP_COD_NATURA" is "cup cod natura"). Where two columns give the same field, the one
written first here wins. A field "soggetti.attuatore.denominazione" is `denominazione` of the item "attuatore" of the
list `soggetti`. Columns without a field are known and not taken.

Spellings: ../shared/data/schemi/intestazioni_per_snapshot.json, five generations from 2022 to 2026.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from interventi.importazione import numeri, valori
from interventi.importazione.intestazioni import chiave_di
from interventi.importazione.tipi import Tabella
from interventi.importazione.valori import Lettore
from interventi.models import (
    Classificazione,
    Indicatore,
    Intervento,
    Localizzazione,
    Operatore,
    Procedura,
    SoggettoCollegato,
    Submisura,
)
from interventi.scelte import RuoloSoggetto, TipoOperatore


@dataclass(frozen=True)
class Colonna:
    """A column: `campo` blank means known and not taken; `datata` that its header carries a date."""

    campo: str
    leggi: Lettore
    nomi: tuple[str, ...]
    essenziale: bool = False
    datata: bool = False

    @property
    def chiavi(self) -> tuple[str, ...]:
        return tuple(chiave_di(nome) for nome in self.nomi)


@dataclass(frozen=True)
class Descrizione:
    """A kind of table. `fissi` are values of the items of its lists that no column holds."""

    tabella: Tabella
    colonne: tuple[Colonna, ...]
    fissi: dict[str, dict[str, Any]] = field(default_factory=dict)


def _c(campo: str, leggi: Lettore, *nomi: str) -> Colonna:
    return Colonna(campo, leggi, nomi)


def _essenziale(campo: str, leggi: Lettore, *nomi: str) -> Colonna:
    return Colonna(campo, leggi, nomi, essenziale=True)


def _datata(campo: str, leggi: Lettore, *nomi: str) -> Colonna:
    return Colonna(campo, leggi, nomi, datata=True)


def _note(*nomi: str) -> tuple[Colonna, ...]:
    """Columns known and not taken: what they say is elsewhere in the same row, or in the tree of the measures."""
    return tuple(Colonna("", valori.pulisci, (nome,)) for nome in nomi)


def _lungo(modello: type[Model], campo: str) -> int:
    """The longest text that a field holds."""
    massimo = getattr(modello._meta.get_field(campo), "max_length", None)
    if not isinstance(massimo, int):
        raise TypeError(f"{modello.__name__}.{campo} non ha una lunghezza massima")
    return massimo


def _libero(modello: type[Model], campo: str) -> Lettore:
    return valori.libero(_lungo(modello, campo))


def _ripetuto(modello: type[Model], campo: str) -> Lettore:
    return valori.ripetuto(_lungo(modello, campo))


def _chiave(modello: type[Model], campo: str) -> Lettore:
    return valori.chiave(_lungo(modello, campo))


# What a body or a firm is without the columns that the file does not have.
_SENZA = {"codice_fiscale": "", "denominazione": "", "forma_giuridica": "", "codice_ateco": ""}

# --- What every table has --------------------------------------------------------------------------------------------

CUP = _essenziale("cup", valori.codice_cup, "CUP", "Codice CUP")
CLP = _c("clp", _chiave(Intervento, "clp"), "Codice Locale Progetto", "CLP")
SUBMISURA = ("submisura", _chiave(Submisura, "codice"), "Codice Univoco Submisura")
SUBMISURA_DESCRIZIONE = _c("submisura_descrizione", _ripetuto(Submisura, "descrizione"), "Descrizione Submisura")
DATI_AL = _c(
    "dati_al", valori.data, "Data di Estrazione", "Data Estrazione", "Data di aggiornamento", "Data aggiornamento"
)
COMUNI = (CUP, CLP, _essenziale(*SUBMISURA), SUBMISURA_DESCRIZIONE, DATI_AL)

# --- The tables ------------------------------------------------------------------------------------------------------

PROGETTI = Descrizione(
    Tabella.PROGETTI,
    (
        *COMUNI,
        _c("amministrazione", _ripetuto(Submisura, "amministrazione"), "Amministrazione Titolare"),
        _c(
            "pratt_codice",
            _ripetuto(Intervento, "pratt_codice"),
            "Codice Identificativo Procedura di Attivazione",
        ),
        _c("pratt_titolo", _ripetuto(Intervento, "pratt_titolo"), "Titolo Procedura"),
        _c("stato_cup", valori.stato_cup, "Stato CUP"),
        _c("stato_avanzamento", _ripetuto(Intervento, "stato_avanzamento"), "Stato Avanzamento Progetto"),
        _c("natura", valori.codice_natura, "CUP Codice Natura", "CUP_COD_NATURA"),
        _c("tipologia", valori.codice_numerico(2), "CUP Codice Tipologia"),
        _c("tipologia_nome", _ripetuto(Classificazione, "tipologia_nome"), "CUP Descrizione Tipologia"),
        _c("settore", valori.codice_numerico(2), "CUP Codice Settore"),
        _c("settore_nome", _ripetuto(Classificazione, "settore_nome"), "CUP Descrizione Settore"),
        _c("sottosettore", valori.codice_numerico(2), "CUP Codice Sottosettore"),
        _c("sottosettore_nome", _ripetuto(Classificazione, "sottosettore_nome"), "CUP Descrizione Sottosettore"),
        _c("categoria", valori.codice_numerico(3), "CUP Codice Categoria"),
        _c("categoria_nome", _ripetuto(Classificazione, "categoria_nome"), "CUP Descrizione Categoria"),
        _essenziale("titolo", _libero(Intervento, "titolo"), "Titolo Progetto"),
        _c("sintesi", valori.libero(), "Sintesi Progetto"),
        _c("tipo_aiuto", _ripetuto(Intervento, "tipo_aiuto"), "Descrizione Tipo Aiuto"),
        _c("fin_stato", numeri.importo_non_negativo, "Finanziamento - Stato"),
        _c("fin_stato_bilancio", numeri.importo_non_negativo, "Finanziamento Stato - Bilancio"),
        _c("fin_foi", numeri.importo_non_negativo, "Finanziamento Stato - FOI"),
        _c("fin_fpop", numeri.importo_non_negativo, "Finanziamento Prosecuzione Opere Pubbliche - FPOP"),
        _c("fin_ue", numeri.importo_non_negativo, "Finanziamento UE (Diverso da PNRR)", "FINANZIAMENTO_UE"),
        _c("fin_regione", numeri.importo_non_negativo, "Finanziamento Regione"),
        _c("fin_provincia", numeri.importo_non_negativo, "Finanziamento Provincia"),
        _c("fin_comune", numeri.importo_non_negativo, "Finanziamento Comune"),
        _c("fin_altro_pubblico", numeri.importo_non_negativo, "Finanziamento Altro Pubblico"),
        _c("fin_privato", numeri.importo_non_negativo, "Finanziamento Privato"),
        _c("fin_da_reperire", numeri.importo_non_negativo, "Finanziamento da Reperire", "FINANZ_DA_REPERIRE"),
        _c("fin_pnrr", numeri.importo_non_negativo, "Finanziamento PNRR"),
        _c("fin_pnc", numeri.importo_non_negativo, "Finanziamento PNC"),
        _c("fin_altri_fondi", numeri.importo_non_negativo, "Altri Fondi", "Finanziamento Altri Fondi"),
        _essenziale("finanziamento_totale", numeri.importo_non_negativo, "Finanziamento Totale", "FINANZ_TOTALE"),
        _c("finanziamento_pubblico", numeri.importo_non_negativo, "Finanziamento Totale Pubblico"),
        _c("finanziamento_pubblico_netto", numeri.importo_non_negativo, "Finanziamento Totale Pubblico Netto"),
        _c("attuatore_denominazione", _ripetuto(Intervento, "attuatore_denominazione"), "Soggetto Attuatore"),
        _c("attuatore_cf", valori.codice_fiscale, "Codice Fiscale Soggetto Attuatore"),
        _c("progetto_in_essere", valori.si_no, "Flag Progetti in Essere"),
        _c("inizio_previsto", valori.data, "Data Inizio Progetto Prevista"),
        _c("inizio_effettivo", valori.data, "Data Inizio Progetto Effettiva"),
        _c("fine_prevista", valori.data, "Data Fine Progetto Prevista"),
        _c("fine_effettiva", valori.data, "Data Fine Progetto Effettiva"),
        _c("validato_il", valori.data, "Data Ultima Validazione"),
        _c("esito_validazione", _ripetuto(Intervento, "esito_validazione"), "Esito Ultima Validazione"),
        _c("fase_codice", _ripetuto(Intervento, "fase_codice"), "Codice Fase Iter di Progetto"),
        _c("fase_descrizione", _ripetuto(Intervento, "fase_descrizione"), "Descrizione Fase Iter di Progetto"),
        _c("fase_stato", _ripetuto(Intervento, "fase_stato"), "Stato Fase Iter di Progetto"),
        *_note("Programma", "Missione", "Descrizione Missione", "Componente", "Descrizione Componente", "ID Misura"),
        *_note("Codice Univoco Misura", "Descrizione Misura", "ID Submisura", "Codice CID"),
        *_note("Tipologia Procedura di Attivazione", "CUP Descrizione Natura", "CUP_DESCR_NATURA"),
    ),
)

ELENCO = Descrizione(
    Tabella.ELENCO,
    (
        *COMUNI,
        _c("piano", valori.ripetuto(200), "Piano (inferito)", "Piano", "Piano integrato"),
        _c("evidenza", valori.ripetuto(300), "Evidenza piano"),
        _c("linea", valori.ripetuto(100), "Linea ciclabile"),
        _c("comuni", valori.comuni, "Codici ISTAT Comuni", "Codice ISTAT Comune"),
        _datata("finanziamento_totale", numeri.importo_non_negativo, "Finanziamento Totale"),
        _datata("fin_pnrr", numeri.importo_non_negativo, "Finanziamento PNRR"),
        _datata("pagamenti_totali", numeri.importo, "Pagamenti Totali"),
        _datata("pag_pnrr", numeri.importo, "Pagamenti Totali PNRR"),
        _c("mq_programmati", numeri.quantita, "MQ programmati"),
        _c("mq_realizzati", numeri.quantita, "MQ realizzati"),
        _c("completati_programmati", numeri.quantita, "Interventi completati programmati"),
        _c("completati_realizzati", numeri.quantita, "Interventi completati realizzati"),
        _datata("", valori.pulisci, "N. CIG"),
        _datata("", valori.pulisci, "Oggetto gara"),
        *_note("Comuni"),
    ),
)

LOCALIZZAZIONI = Descrizione(
    Tabella.LOCALIZZAZIONI,
    (
        *COMUNI,
        _essenziale("codice_regione", valori.codice_numerico(3, se_manca="000"), "Regione", "Codice Regione"),
        _essenziale("codice_provincia", valori.codice_numerico(3, se_manca="000"), "Provincia", "Codice Provincia"),
        _essenziale("codice_comune", valori.codice_numerico(3, se_manca="000"), "Comune", "Codice Comune"),
        _c("comune_nome", valori.ripetuto(100), "Descrizione Comune"),
        _c("indirizzo", _libero(Localizzazione, "indirizzo"), "Indirizzo"),
        _c("cap", valori.cap, "CAP"),
        _c("quota", numeri.percentuale, "Percentuale di Localizzazione"),
        *_note("Descrizione Regione", "Descrizione Provincia"),
    ),
)


def _soggetto(ruolo: RuoloSoggetto, **nomi: tuple[str, ...]) -> tuple[Colonna, ...]:
    """The columns of a body in the wide table of 2022, by field."""
    lettori: dict[str, Lettore] = {
        "codice_fiscale": valori.codice_fiscale,
        "denominazione": _ripetuto(SoggettoCollegato, "denominazione"),
        "forma_giuridica": _ripetuto(SoggettoCollegato, "forma_giuridica"),
        "codice_ateco": _ripetuto(SoggettoCollegato, "codice_ateco"),
    }
    return tuple(_c(f"soggetti.{ruolo}.{campo}", lettori[campo], *scritti) for campo, scritti in nomi.items())


SOGGETTI = Descrizione(
    Tabella.SOGGETTI,
    (
        CUP,
        CLP,
        _c(*SUBMISURA),  # absent in 2023
        SUBMISURA_DESCRIZIONE,
        DATI_AL,
        _c("soggetti.riga.ruolo", valori.ruolo_soggetto, "Descrizione del ruolo del soggetto"),
        _c("soggetti.riga.codice_fiscale", valori.codice_fiscale, "Codice fiscale soggetto"),
        _c("soggetti.riga.denominazione", _ripetuto(SoggettoCollegato, "denominazione"), "Denominazione"),
        _c(
            "soggetti.riga.forma_giuridica",
            _ripetuto(SoggettoCollegato, "forma_giuridica"),
            "Descrizione forma giuridica",
        ),
        _c("soggetti.riga.codice_ateco", _ripetuto(SoggettoCollegato, "codice_ateco"), "Codice ATECO"),
        # The misspellings ("giuritica", "ATTUTORE") are those of the files of 2022.
        *_soggetto(
            RuoloSoggetto.PROGRAMMATORE,
            codice_fiscale=("codice fiscale PROGRAMMATORE",),
            denominazione=("Denominazione PROGRAMMATORE",),
            forma_giuridica=(
                "descrizione forma giuritica PROGRAMMATORE",
                "descrizione forma giuridica PROGRAMMATORE",
            ),
            codice_ateco=("Codice ATECO PROGRAMMATORE",),
        ),
        *_soggetto(
            RuoloSoggetto.ATTUATORE,
            codice_fiscale=("codice fiscale ATTUATORE",),
            denominazione=("Denominazione ATTUATORE",),
            forma_giuridica=("descrizione forma giuritica ATTUATORE", "descrizione forma giuridica ATTUATORE"),
            codice_ateco=("Codice ATECO ATTUTORE", "Codice ATECO ATTUATORE"),
        ),
        *_soggetto(
            RuoloSoggetto.BENEFICIARIO,
            codice_fiscale=("codice fiscale BENEFICIARIO",),
            denominazione=("Denominazione BENEFICIARIO",),
            forma_giuridica=(
                "descrizione forma giuritica BENEFICIARIO",
                "descrizione forma giuridica BENEFICIARIO",
            ),
            codice_ateco=("Codice ATECO BENEFICIARIO",),
        ),
        *_note("Ruolo soggetto", "Forma giuridica", "forma giuridica PROGRAMMATORE", "forma giuridica ATTUATORE"),
        *_note("forma giuridica BENEFICIARIO"),
    ),
    fissi={
        "soggetti.riga": {**_SENZA, "ruolo": RuoloSoggetto.ALTRO.value},
        "soggetti.programmatore": {**_SENZA, "ruolo": RuoloSoggetto.PROGRAMMATORE.value},
        "soggetti.attuatore": {**_SENZA, "ruolo": RuoloSoggetto.ATTUATORE.value},
        "soggetti.beneficiario": {**_SENZA, "ruolo": RuoloSoggetto.BENEFICIARIO.value},
    },
)

# Evidence that "Finanziamento - Stato" of this table is a payment, from the extract of 13/12/2024 (1,920 rows, 134 of
# them with an amount there): the other payments by source add up to "Pagamenti Totali" in none of those 134, with this
# column in 78; over all rows the exact sums grow from 1,458 to 1,536. The sum never exceeds the total but by one cent,
# in 6 rows (ReGiS splits among sources by rounding). Its place is that of "Pagamenti totali Stato", which is missing.
PAGAMENTI = Descrizione(
    Tabella.PAGAMENTI,
    (
        *COMUNI,
        _c("finanziamento_totale", numeri.importo_non_negativo, "Finanziamento Totale"),
        _c("fin_pnrr", numeri.importo_non_negativo, "Finanziamento PNRR"),
        _essenziale("pagamenti_totali", numeri.importo, "Pagamenti Totali"),
        _c("pag_pnrr", numeri.importo, "Pagamenti Totali PNRR"),
        _c("pag_stato", numeri.importo, "Pagamenti totali Stato", "Finanziamento - Stato"),
        _c("pag_stato_bilancio", numeri.importo, "Pagamenti totali Stato - Bilancio"),
        _c("pag_foi", numeri.importo, "Pagamenti totali Stato - FOI"),
        _c("pag_fpop", numeri.importo, "Pagamenti totali Prosecuzione Opere Pubbliche - FPOP"),
        _c("pag_ue", numeri.importo, "Pagamenti totali UE (Diverso da PNRR)"),
        _c("pag_regione", numeri.importo, "Pagamenti totali Regione"),
        _c("pag_provincia", numeri.importo, "Pagamenti totali Provincia"),
        _c("pag_comune", numeri.importo, "Pagamenti totali Comune"),
        _c("pag_altro_pubblico", numeri.importo, "Pagamenti totali Altro Pubblico"),
        _c("pag_privato", numeri.importo, "Pagamenti totali Privato"),
        _c("pag_da_reperire", numeri.importo, "Pagamenti totali da Reperire"),
        _c("pag_pnc", numeri.importo, "Pagamenti totali PNC"),
        _c("pag_altri_fondi", numeri.importo, "Pagamenti totali Altri Fondi"),
    ),
)

INDICATORI = Descrizione(
    Tabella.INDICATORI,
    (
        *COMUNI,
        _essenziale("codice", _chiave(Indicatore, "codice"), "Codice Indicatore"),
        _c("descrizione", _ripetuto(Indicatore, "descrizione"), "Descrizione Indicatore"),
        # "Unità di Misura" holds a number ("12,00"), its description the unit ("Numero").
        _c("unita", _ripetuto(Indicatore, "unita"), "Descrizione Unità di Misura"),
        _c("tipo", _ripetuto(Indicatore, "tipo"), "Descrizione Tipo indicatore"),
        _essenziale("programmato", numeri.quantita, "Valore Programmato"),
        _c("realizzato", numeri.quantita, "Valore Realizzato"),
        _c("anno", valori.anno, "Anno"),
        _c("mese", valori.mese, "Mese"),
        *_note("Unità di Misura"),
    ),
)


# The forms of the same datum in the tables with the winner and without, by generation.
_CIG = _essenziale("cig", valori.codice_cig, "CIG")
_CODICE_PDA = _c("codice_pda", _chiave(Procedura, "codice_pda"), "Codice Interno PDA")
_CODICE_UTENTE = _c("codice_utente", _libero(Procedura, "codice_utente"), "Codice Procedura Utente")


def _operatore(**nomi: tuple[str, ...]) -> tuple[Colonna, ...]:
    """The columns of a firm, by field."""
    lettori: dict[str, Lettore] = {
        "codice_fiscale": valori.codice_fiscale,
        "denominazione": _ripetuto(Operatore, "denominazione"),
        "ruolo": _ripetuto(Operatore, "ruolo"),
        "forma_giuridica": _ripetuto(Operatore, "forma_giuridica"),
        "codice_ateco": _ripetuto(Operatore, "codice_ateco"),
    }
    return tuple(_c(f"operatori.riga.{campo}", lettori[campo], *scritti) for campo, scritti in nomi.items())


_VINCITORE = {"operatori.riga": {**_SENZA, "ruolo": "", "tipo": TipoOperatore.AGGIUDICATARIO.value}}

GARE = Descrizione(
    Tabella.GARE,
    (
        *COMUNI,
        _CIG,
        _CODICE_PDA,
        _CODICE_UTENTE,
        _c("cig_accordo_quadro", valori.codice_cig_facoltativo, "CIG Accordo Quadro"),
        _c("oggetto", valori.libero(), "Oggetto Gara"),
        _c("oggetto_principale", _ripetuto(Procedura, "oggetto_principale"), "Oggetto Principale del Contratto"),
        _c("modalita", _ripetuto(Procedura, "modalita"), "Modalità di Realizzazione"),
        _c("tipo", _ripetuto(Procedura, "tipo"), "Descrizione Procedura di Aggiudicazione"),
        _c("motivo_assenza_codice", valori.motivo_assenza_cig, "Codice Motivo Assenza CIG"),
        _c("motivo_assenza", _ripetuto(Procedura, "motivo_assenza"), "Descrizione Motivo Assenza CIG"),
        _c("importo", numeri.importo, "Importo Complessivo Gara"),
        _essenziale("importo_aggiudicato", numeri.importo, "Importo Aggiudicazione", "Importo aggiudicato"),
        _c("pubblicata", valori.data, "Data Pubblicazione del CIG"),
        _c("aggiudicata", valori.data, "Data Aggiudicazione Definitiva"),
        *_operatore(
            codice_fiscale=(
                "codice fiscale REALIZZATORE (O AGGIUDICATARIO)",
                "Codice Fiscale - P IVA Aggiudicatario",
            ),
            denominazione=("Denominazione REALIZZATORE (O AGGIUDICATARIO)", "Denominazione Aggiudicatario"),
            forma_giuridica=(
                "descrizione forma giuritica REALIZZATORE (O AGGIUDICATARIO)",
                "Descrizione forma giuridica Aggiudicatario",
            ),
            codice_ateco=("Codice ATECO REALIZZATORE (O AGGIUDICATARIO)", "Codice ATECO Aggiudicatario"),
        ),
        *_note("forma giuridica REALIZZATORE (O AGGIUDICATARIO)", "Forma giuridica Aggiudicatario"),
    ),
    fissi=_VINCITORE,
)

AGGIUDICATARI = Descrizione(
    Tabella.AGGIUDICATARI,
    (
        *COMUNI,
        _CIG,
        _CODICE_PDA,
        _CODICE_UTENTE,
        *_operatore(
            codice_fiscale=("Codice Fiscale/P.IVA", "Codice Fiscale/P.IVA Aggiudicatario"),
            denominazione=("Denominazione Aggiudicatario",),
            ruolo=("Descrizione Ruolo Soggetto",),
            forma_giuridica=("Descrizione Forma Giuridica Aggiudicatario",),
            codice_ateco=("Codice ATECO Aggiudicatario",),
        ),
        *_note("Ruolo Soggetto", "Forma Giuridica Aggiudicatario"),
    ),
    fissi=_VINCITORE,
)

SUBAPPALTATORI = Descrizione(
    Tabella.SUBAPPALTATORI,
    (
        *COMUNI,
        _CIG,
        _CODICE_PDA,
        _CODICE_UTENTE,
        *_operatore(
            codice_fiscale=("Codice Fiscale/P.IVA Sub-Appaltatore",),
            denominazione=("Denominazione Sub-Appaltatore",),
            ruolo=("Descrizione Ruolo Soggetto Correlato",),
            forma_giuridica=("Descrizione Forma Giuridica Sub-Appaltatore",),
            codice_ateco=("Codice ATECO Sub-Appaltatore",),
        ),
        *_note("Ruolo Soggetto Correlato", "Forma Giuridica Sub-Appaltatore"),
    ),
    fissi={"operatori.riga": {**_SENZA, "ruolo": "", "tipo": TipoOperatore.SUBAPPALTATORE.value}},
)

# In the order in which a header that fits two of them alike is given to one.
DESCRIZIONI = (
    PROGETTI, ELENCO, PAGAMENTI, INDICATORI, LOCALIZZAZIONI, SOGGETTI, GARE, AGGIUDICATARI, SUBAPPALTATORI,
)  # fmt: skip
