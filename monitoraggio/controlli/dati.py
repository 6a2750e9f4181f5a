"""Checks of what is missing or cannot be read: before any figure is compared with another."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from interventi.scelte import StatoCup
from monitoraggio import fasi, scheda
from monitoraggio.controlli.tipi import Contesto, Trovato
from psttm import formati
from psttm.formati import lower_iniziale

PERCENTUALE = scheda.cella("testa", "0", "percentuale")
SENZA_MOVIMENTI = scheda.cella("testa", "0", "senza_movimenti")


def illeggibili(contesto: Contesto) -> Iterator[Trovato]:
    for cella, ragione in contesto.lettura.illeggibili.items():
        parti = scheda.leggi_cella(cella)
        if parti is not None:
            yield Trovato(f"{parti.sezione.titolo}, {parti.sezione.campo(parti.campo).etichetta}: {ragione}", cella)


def incomplete(contesto: Contesto) -> Iterator[Trovato]:
    """A row that was begun and lacks what it cannot do without."""
    for sezione in scheda.SEZIONI:
        for numero, riga in enumerate(contesto.righe(sezione.nome), start=1):
            for cella, campo in scheda.celle(sezione, riga.nome):
                if campo.serve and riga[campo.nome] in (None, "") and cella not in contesto.lettura.illeggibili:
                    yield Trovato(_frase_manca(sezione, numero, campo), cella)


def _frase_manca(sezione: scheda.Sezione, numero: int, campo: scheda.Campo) -> str:
    if sezione.righe != "libere":
        return _("Manca: %(campo)s.") % {"campo": campo.etichetta}
    return _("%(riga)s %(numero)s: manca %(campo)s.") % {
        "riga": sezione.riga,
        "numero": numero,
        "campo": lower_iniziale(str(campo.etichetta)),
    }


def mese_in_corso(contesto: Contesto) -> Iterator[Trovato]:
    if contesto.oggi <= contesto.riferito_al:
        yield Trovato(
            _("Il mese non è ancora finito: puoi compilare adesso e inviare dal giorno dopo il %(giorno)s.")
            % {"giorno": formati.data_breve(contesto.riferito_al)},
            PERCENTUALE,
        )


def luogo(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.luoghi:
        yield Trovato(_("Nel registro manca il luogo dell'intervento."), PERCENTUALE)


def soggetto(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.soggetti and contesto.intervento.soggetto_attuatore_id is None:
        yield Trovato(_("Nel registro manca il soggetto attuatore."), PERCENTUALE)


def finanziamento(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.finanziamenti and contesto.finanziamento is None:
        yield Trovato(_("Nel registro manca il finanziamento dell'intervento."), PERCENTUALE)


def indicatore(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.righe("indicatori"):
        yield Trovato(_("Manca almeno un indicatore."), scheda.cella("indicatori", "0", "codice"))


def indicatori_attesi(contesto: Contesto) -> Iterator[Trovato]:
    presenti = {riga["codice"] for riga in contesto.righe("indicatori")}
    for codice in sorted(contesto.indicatori_attesi - presenti):
        yield Trovato(
            _("Manca l'indicatore %(codice)s, che il registro prevede.") % {"codice": codice},
            scheda.cella("indicatori", "0", "codice"),
            codice,
        )


def fase(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.righe("fasi"):
        prima = (fasi.CONSUETE.get(contesto.natura) or fasi.CONSUETE["03"])[0]
        yield Trovato(_("Non c'è nessuna data di nessuna fase."), scheda.cella("fasi", prima, "inizio_previsto"))


def stato(contesto: Contesto) -> Iterator[Trovato]:
    """The status of the project (PR01) follows from percent and phases: without a percent there is none."""
    if contesto.lettura.testa["percentuale"] is None and PERCENTUALE not in contesto.lettura.illeggibili:
        yield Trovato(
            _("Manca l'avanzamento fisico: scrivi 0 se i lavori non sono cominciati."),
            PERCENTUALE,
        )


def piano_costi(contesto: Contesto) -> Iterator[Trovato]:
    if not any(r["realizzato"] is not None or r["da_realizzare"] is not None for r in contesto.righe("costi")):
        yield Trovato(
            _("Manca il piano dei costi: scrivi per ogni anno quanto è realizzato e quanto resta."),
            scheda.cella("costi", f"a{contesto.mese.year}", "realizzato"),
        )


def cup(contesto: Contesto) -> Iterator[Trovato]:
    intervento = contesto.intervento
    if not intervento.cup:
        yield Trovato(_("L'intervento non ha ancora il CUP."), PERCENTUALE)
    elif intervento.stato_cup in {StatoCup.CANCELLATO, StatoCup.REVOCATO}:
        yield Trovato(
            _("Il CUP %(cup)s è %(stato)s.") % {"cup": intervento.cup, "stato": intervento.get_stato_cup_display()},
            PERCENTUALE,
        )


def quadro(contesto: Contesto) -> Iterator[Trovato]:
    if not contesto.righe("quadro"):
        yield Trovato(
            _("Manca il quadro economico: scrivi l'importo di almeno una voce."),
            scheda.cella("quadro", "lavori", "importo"),
        )


def movimenti_dichiarati(contesto: Contesto) -> Iterator[Trovato]:
    """Nothing entered may mean nothing happened, or something forgotten: it has to be said."""
    movimenti = len(contesto.righe("impegni")) + len(contesto.righe("pagamenti"))
    detto = contesto.lettura.testa["senza_movimenti"]
    if not movimenti and not detto:
        yield Trovato(
            _("Non ci sono impegni né pagamenti: se in questo mese è così, spunta la casella."), SENZA_MOVIMENTI
        )
    elif movimenti and detto:
        yield Trovato(
            _("La casella dice che non ci sono movimenti, ma ce ne sono %(quanti)s: toglila.") % {"quanti": movimenti},
            SENZA_MOVIMENTI,
        )


def documenti(contesto: Contesto) -> Iterator[Trovato]:
    """A document that was deleted meanwhile, or that is of another intervento."""
    for sezione in ("sal", "impegni", "pagamenti"):
        for riga in contesto.righe(sezione):
            if riga["documento"] is not None and riga["documento"] not in contesto.documenti:
                yield Trovato(
                    _("Il documento scelto non c'è più: scegline un altro."),
                    scheda.cella(sezione, riga.nome, "documento"),
                    riga.nome,
                )
