"""The rows of each table for an intervento: one function a table, and the list that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from enti.ruoli import TipoEnte
from interventi.models import SoggettoCollegato
from interventi.regioni import NESSUNO, luogo
from interventi.scelte import RuoloSoggetto
from monitoraggio import fasi
from monitoraggio.regis.fatti import Fatti
from monitoraggio.regis.tracciato import CANCELLAZIONE, NO, PROGETTO, SI, TABELLE, Tabella

Valori = dict[str, Any]

PROGRAMMATORE, BENEFICIARIO = "1", "2"
# Who carries out a public work with the PNRR is its beneficiary. The other roles have no code in what we hold.
RUOLI: dict[str, str] = {
    RuoloSoggetto.PROGRAMMATORE: PROGRAMMATORE,
    RuoloSoggetto.BENEFICIARIO: BENEFICIARIO,
    RuoloSoggetto.ATTUATORE: BENEFICIARIO,
}
# Legal forms that are public bodies, as ReGiS spells them; of the others one cannot tell by the name alone.
FORME_PUBBLICHE = frozenset(
    {"comune", "provincia", "città metropolitana", "regione", "ministero", "università pubblica", "comunità montana"}
)
# Phases before those in which things are built: choosing who builds them.
AFFIDAMENTO = frozenset(
    {"00101", "00102", "00103", "00104", "00201", "00202", "00203", "00204", "00309", "00310", "00311", "00312"}
)


@dataclass(frozen=True)
class Riga:
    """A row of a table, of which intervento. `cancellata`: to be deleted from ReGiS, a correction took it away."""

    tabella: Tabella
    fatti: Fatti
    valori: Valori = field(default_factory=dict)
    cancellata: bool = False

    @property
    def chiave(self) -> tuple[str, ...]:
        """What makes it the only one of its kind in the file."""
        return (self.fatti.codice, *(str(self.valori.get(nome) or "") for nome in self.tabella.chiave))

    def sul_filo(self) -> Valori:
        """All the values, the key of the project and the flag included."""
        return {PROGETTO: self.fatti.codice, **self.valori, CANCELLAZIONE: SI if self.cancellata else ""}


def di(fatti: Fatti, al: date) -> Iterator[Riga]:
    """Every row of an intervento on a day, table by table."""
    for tabella in TABELLE:
        yield from COME[tabella.codice](tabella, fatti, al)


def _fin_qui(giorno: date | None, al: date) -> date | None:
    """A fact of the register, unless it happened after the day that the package speaks of."""
    return giorno if giorno is None or giorno <= al else None


# --- Register -----------------------------------------------------------------------------------------------------


def _ap00(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    intervento, situazione = fatti.intervento, fatti.situazione
    classe = intervento.classificazione
    inizi = [fase.inizio_effettivo for fase in situazione.fasi.all()] if situazione is not None else []
    inizio = min((giorno for giorno in inizi if giorno is not None), default=None)
    yield Riga(
        tabella,
        fatti,
        {
            "TITOLO_PROGETTO": intervento.titolo,
            "SINTESI_PRG": intervento.sintesi,
            "TIPO_OPERAZIONE": f"{classe.natura}.{classe.tipologia}" if classe and classe.tipologia else "",
            "CUP": intervento.cup,
            "TIPO_AIUTO": intervento.tipo_aiuto,
            "DATA_INIZIO": inizio or _fin_qui(intervento.inizio_effettivo, al) or intervento.inizio_previsto,
            "DATA_FINE_PREVISTA": (situazione.fine_prevista if situazione else None) or intervento.fine_prevista,
            "DATA_FINE_EFFETTIVA": (
                situazione.fine_effettiva if situazione is not None else _fin_qui(intervento.fine_effettiva, al)
            ),
        },
    )


def _ap06(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    for posto in fatti.intervento.localizzazioni.all():
        codici = luogo(posto.comune) if posto.comune is not None else {}
        propri = {
            "codice_regione": posto.codice_regione,
            "codice_provincia": posto.codice_provincia,
            "codice_comune": posto.codice_comune,
        }
        scelti = {nome: codice if codice != NESSUNO else codici.get(nome, codice) for nome, codice in propri.items()}
        yield Riga(
            tabella,
            fatti,
            {
                "COD_REGIONE": scelti["codice_regione"],
                "COD_PROVINCIA": scelti["codice_provincia"],
                "COD_COMUNE": scelti["codice_comune"],
                "INDIRIZZO": posto.indirizzo,
                "COD_CAP": posto.cap or (posto.comune.cap if posto.comune is not None else ""),
            },
        )


def _sc00(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    """The bodies of the register, and who carries the work out where no beneficiary is named."""
    visti: set[tuple[str, str]] = set()
    for soggetto in fatti.intervento.soggetti.all():
        ruolo = RUOLI.get(soggetto.ruolo)
        if ruolo is None or (ruolo, soggetto.codice_fiscale) in visti:
            continue
        visti.add((ruolo, soggetto.codice_fiscale))
        yield Riga(tabella, fatti, _soggetto(ruolo, soggetto, fatti))
    ente = fatti.intervento.soggetto_attuatore
    if ente is not None and not any(ruolo == BENEFICIARIO for ruolo, _codice in visti):
        yield Riga(
            tabella,
            fatti,
            {
                "COD_RUOLO_SOG": BENEFICIARIO,
                "CODICE_FISCALE": ente.codice_fiscale or fatti.intervento.attuatore_cf,
                "FLAG_SOGGETTO_PUBBLICO": SI,
                "COD_UNI_IPA": ente.codice_ipa,
                "DENOMINAZIONE_SOG": ente.denominazione,
                "FORMA_GIURIDICA": "" if ente.tipo == TipoEnte.ALTRO else ente.get_tipo_display(),
            },
        )


def _soggetto(ruolo: str, soggetto: SoggettoCollegato, fatti: Fatti) -> Valori:
    ente = fatti.ente_di.get(soggetto.codice_fiscale)
    pubblico = ente is not None or soggetto.forma_giuridica.lower() in FORME_PUBBLICHE
    return {
        "COD_RUOLO_SOG": ruolo,
        "CODICE_FISCALE": soggetto.codice_fiscale,
        "FLAG_SOGGETTO_PUBBLICO": SI if pubblico else NO if soggetto.forma_giuridica else "",
        "COD_UNI_IPA": ente.codice_ipa if ente is not None else "",
        "DENOMINAZIONE_SOG": soggetto.denominazione,
        "FORMA_GIURIDICA": soggetto.forma_giuridica,
        "COD_ATECO": soggetto.codice_ateco,
    }


def _fn00(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    for riga in fatti.intervento.finanziamenti.all():
        yield Riga(tabella, fatti, {"COD_FONDO": riga.get_fonte_display(), "IMPORTO": riga.importo})


def _pg00(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    for gara in fatti.intervento.procedure.all():
        if _fin_qui(gara.pubblicata, al) != gara.pubblicata:
            continue
        aggiudicata = _fin_qui(gara.aggiudicata, al) == gara.aggiudicata
        yield Riga(
            tabella,
            fatti,
            {
                "COD_PROC_AGG": gara.codice_pda or gara.codice_utente,
                "CIG": gara.cig,
                "MOTIVO_ASSENZA_CIG": "" if gara.cig else gara.motivo_assenza_codice or gara.motivo_assenza,
                "DESCR_PROCEDURA_AGG": gara.oggetto,
                "TIPO_PROC_AGG": gara.tipo,
                "IMPORTO_PROCEDURA_AGG": gara.importo,
                "DATA_PUBBLICAZIONE": gara.pubblicata,
                "IMPORTO_AGGIUDICATO": gara.importo_aggiudicato if aggiudicata else None,
                "DATA_AGGIUDICAZIONE": gara.aggiudicata if aggiudicata else None,
            },
        )


# --- Monitoring in force ------------------------------------------------------------------------------------------


def _fn02(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    """The quadro economico last approved; before any month of monitoring, that of the register."""
    voci = fatti.situazione.voci_quadro.all() if fatti.situazione else fatti.intervento.quadro_economico.all()
    for voce in voci:
        yield Riga(tabella, fatti, {"VOCE_SPESA": voce.get_voce_display(), "IMPORTO": voce.importo})


def _fn03(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    if fatti.situazione is not None:
        for costo in fatti.situazione.piano_costi.all():
            yield Riga(
                tabella,
                fatti,
                {
                    "ANNO_PIANO": costo.anno,
                    "IMP_REALIZZATO": costo.realizzato,
                    "IMP_DA_REALIZZARE": costo.da_realizzare,
                },
            )


def _fn04(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    for cancellata, righe in ((False, fatti.registro.impegni), (True, fatti.registro.impegni_ritirati)):
        for riga in righe:
            valori = {
                "COD_IMPEGNO": riga.codice,
                "TIPOLOGIA_IMPEGNO": riga.tipo,
                "DATA_IMPEGNO": riga.data,
                "IMPORTO_IMPEGNO": riga.importo,
                "NOTE_IMPEGNO": riga.note,
            }
            yield Riga(tabella, fatti, valori, cancellata)


def _fn06(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    for cancellata, righe in ((False, fatti.registro.pagamenti), (True, fatti.registro.pagamenti_ritirati)):
        for riga in righe:
            valori = {
                "COD_PAGAMENTO": riga.codice,
                "TIPOLOGIA_PAG": riga.tipo,
                "DATA_PAGAMENTO": riga.data,
                "IMPORTO_PAG": riga.importo,
                "CAUSALE_PAGAMENTO": riga.causale,
            }
            yield Riga(tabella, fatti, valori, cancellata)


def _in01(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    if fatti.situazione is not None:
        tipi = {indicatore.codice: indicatore.tipo for indicatore in fatti.intervento.indicatori.all()}
        for valore in fatti.situazione.valori_indicatori.all():
            yield Riga(
                tabella,
                fatti,
                {
                    "TIPO_INDICATORE": tipi.get(valore.codice, ""),
                    "COD_INDICATORE": valore.codice,
                    "VAL_PROGRAMMATO": valore.programmato,
                    "VALORE_REALIZZATO": valore.realizzato,
                },
            )


def _pr00(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    if fatti.situazione is not None:
        for fase in fatti.situazione.fasi.all():
            yield Riga(
                tabella,
                fatti,
                {
                    "COD_FASE": fase.fase,
                    "DATA_INIZIO_PREVISTA": fase.inizio_previsto,
                    "DATA_INIZIO_EFFETTIVA": fase.inizio_effettivo,
                    "DATA_FINE_PREVISTA": fase.fine_prevista,
                    "DATA_FINE_EFFETTIVA": fase.fine_effettiva,
                },
            )


def _pr01(tabella: Tabella, fatti: Fatti, al: date) -> Iterator[Riga]:
    if fatti.situazione is not None:
        valori = {"STATO_PROGETTO": stato_attuazione(fatti), "DATA_RIFERIMENTO": fatti.situazione.riferito_al}
        yield Riga(tabella, fatti, valori)


def stato_attuazione(fatti: Fatti) -> str:
    """The state of the project in words, by its phases and by the acts of revoca."""
    if fatti.revocato_il is not None:
        return _("Revocato")
    situazione = fatti.situazione
    if situazione is None:
        return ""
    if situazione.fine_effettiva is not None:
        return _("Concluso")
    avviate = {fase.fase for fase in situazione.fasi.all() if fase.inizio_effettivo is not None}
    if avviate & (fasi.ESECUZIONE | fasi.CHIUSURA) or (situazione.percentuale or 0) > 0:
        return _("In corso di esecuzione")
    if avviate & AFFIDAMENTO:
        return _("In corso di affidamento")
    return _("In corso di progettazione") if avviate else _("Non avviato")


COME: dict[str, Callable[[Tabella, Fatti, date], Iterator[Riga]]] = {
    "AP00": _ap00,
    "AP06": _ap06,
    "SC00": _sc00,
    "FN00": _fn00,
    "FN02": _fn02,
    "FN03": _fn03,
    "FN04": _fn04,
    "FN06": _fn06,
    "IN01": _in01,
    "PG00": _pg00,
    "PR00": _pr00,
    "PR01": _pr01,
}
