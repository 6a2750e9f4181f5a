"""What a person of a Comune has to do, one thing after the other: what, why, by when, and where it is done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interventi.models import Intervento
from monitoraggio.models import Avanzamento, Criticita
from monitoraggio.selectors.attese import DaInviare, DelComune, MeseAtteso
from psttm import formati

# Percent of a complete month from which a draft is almost ready: one thing of eight is missing.
QUASI_PRONTA = 85
COMPLETA = 100
# Characters of what somebody else wrote.
ESTRATTO = 240
# After every day there is.
MAI = date.max


class Genere(IntEnum):
    """Kinds of thing to do; the smaller comes first."""

    RESTITUITO = 1
    SCADUTO = 2
    IN_SCADENZA = 3
    DOMANDA = 4
    CRITICITA = 5
    DATI = 6
    PRONTA = 7
    LASCIATA = 8
    # A month whose term is still far: one may begin, one need not.
    PROSSIMO = 9


# Where all those of a kind stand together: anchors of the page `attese`.
ANCORE = {
    Genere.RESTITUITO: "da-correggere",
    Genere.SCADUTO: "da-inviare",
    Genere.IN_SCADENZA: "da-inviare",
    Genere.DOMANDA: "messaggi",
    Genere.CRITICITA: "criticita",
    Genere.PRONTA: "da-inviare",
    Genere.LASCIATA: "bozze",
    Genere.PROSSIMO: "da-inviare",
}


@dataclass(frozen=True)
class Azione:
    """A thing to do on an intervento.

    `segno` and `quando` are its mark and the words for how far it is; `dal` is what those of a kind are ordered by, the
    oldest first. `bottone` leads to `indirizzo`, or, with `apri`, begins that month. `mia` is False where the next move
    is of somebody else, who can send.
    """

    genere: Genere
    intervento: Intervento
    che: str
    perche: str
    segno: str
    quando: str
    bottone: str
    indirizzo: str
    dal: date = MAI
    apri: date | None = None
    bozza: Avanzamento | None = None
    mia: bool = True

    @property
    def ordine(self) -> tuple[int, date, str, int]:
        return self.genere, self.dal, self.intervento.nome, self.intervento.pk


@dataclass(frozen=True)
class DatiMancanti:
    """The mandatory data that her own body must give for the rules of the piano, in words."""

    intervento: Intervento
    piano: str
    dati: tuple[str, ...]


@dataclass(frozen=True)
class Gruppo:
    """The things of one kind, in their order."""

    genere: Genere
    azioni: list[Azione]

    @property
    def prima(self) -> Azione:
        return self.azioni[0]

    @property
    def altre(self) -> int:
        return len(self.azioni) - 1

    @property
    def tutte(self) -> str:
        """Where all of them stand."""
        if self.genere is Genere.DATI:
            return reverse("verifica-mancanze")
        return f"{reverse('attese')}#{ANCORE[self.genere]}"


def azioni(attese: DelComune, dati: Sequence[DatiMancanti], *, oggi: date, invia: Collection[int]) -> list[Azione]:
    """All there is to do, in its order. `invia` are the bodies for which the person may send. No query."""
    fatte = [
        *(_restituito(uno, oggi) for uno in attese.restituiti),
        *(_da_inviare(riga, invia) for riga in attese.da_inviare),
        *(_domanda(filo, oggi) for filo in attese.messaggi),
        *(_criticita(voce, attese, oggi) for voce in attese.criticita),
        *(_dati(uno) for uno in dati),
        *(_lasciata(bozza, invia) for bozza in attese.bozze),
    ]
    return sorted(fatte, key=lambda azione: azione.ordine)


def gruppi(fatte: Sequence[Azione]) -> list[Gruppo]:
    """The things that wait for this person, by kind."""
    per_genere: dict[Genere, list[Azione]] = {}
    for azione in fatte:
        if azione.mia:
            per_genere.setdefault(azione.genere, []).append(azione)
    return [Gruppo(genere, sue) for genere, sue in sorted(per_genere.items())]


# --- One kind at a time ----------------------------------------------------------------------------------------------


def _restituito(avanzamento: Avanzamento, oggi: date) -> Azione:
    giorno = timezone.localdate(avanzamento.deciso_il or avanzamento.modificato_il)
    return Azione(
        genere=Genere.RESTITUITO,
        intervento=avanzamento.intervento,
        che=_("Correggi i dati di %(mese)s") % {"mese": formati.mese(avanzamento.mese)},
        perche=_("La Città metropolitana li ha restituiti: «%(motivo)s». Rimandali appena puoi: intanto non valgono.")
        % {"motivo": _estratto(avanzamento.motivo).rstrip(".")},
        segno="a_rischio",
        quando=_("restituito %(quando)s") % {"quando": fa(giorno, oggi)},
        bottone=_("Correggi"),
        indirizzo=reverse("avanzamento-modifica", args=[avanzamento.pk]),
        dal=giorno,
    )


def _da_inviare(riga: DaInviare, invia: Collection[int]) -> Azione:
    atteso, bozza = riga.primo
    pronta = bozza is not None and bozza.completezza >= QUASI_PRONTA and not bozza.errori
    return Azione(
        genere=_genere_del_mese(atteso, pronta=pronta),
        intervento=riga.intervento,
        che=_("Invia i dati di %(mese)s") % {"mese": formati.mese(atteso.mese.mese)},
        perche=_perche_inviare(riga),
        segno=atteso.segno,
        quando=atteso.quanto_manca,
        dal=atteso.mese.termine,
        bozza=bozza,
        **_dove(bozza, riga.intervento, atteso.mese.mese, invia),
    )


def _genere_del_mese(atteso: MeseAtteso, *, pronta: bool) -> Genere:
    """A term is near from the day the portal begins to remind of it."""
    if atteso.mese.scaduto:
        return Genere.SCADUTO
    if atteso.mese.mancano <= max(settings.PROMEMORIA_GIORNI, default=0):
        return Genere.IN_SCADENZA
    return Genere.PRONTA if pronta else Genere.PROSSIMO


def _perche_inviare(riga: DaInviare) -> str:
    """By when, how far the draft is, which months follow."""
    atteso, bozza = riga.primo
    testo = _("Il termine era il %(giorno)s.") if atteso.mese.scaduto else _("Il termine è il %(giorno)s.")
    frasi = [testo % {"giorno": formati.data_breve(atteso.mese.termine)}]
    frasi.append(_stato_della_bozza(bozza) if bozza is not None else _("Non è ancora cominciato."))
    poi = [formati.mese(altro.mese.mese) for altro, _bozza in riga.mesi[1:]]
    if poi:
        testo = ngettext("Dopo c'è da inviare anche %(mesi)s.", "Dopo ci sono da inviare anche %(mesi)s.", len(poi))
        frasi.append(testo % {"mesi": _(" e ").join(poi)})
    return " ".join(frasi)


def _stato_della_bozza(bozza: Avanzamento) -> str:
    if bozza.errori:
        testo = ngettext(
            "La bozza è completa al %(percento)s %% e ha un errore da correggere.",
            "La bozza è completa al %(percento)s %% e ha %(errori)s errori da correggere.",
            bozza.errori,
        )
        return testo % {"percento": bozza.completezza, "errori": bozza.errori}
    if bozza.completezza >= COMPLETA:
        return _("La bozza è completa.")
    return _("La bozza è completa al %(percento)s %%.") % {"percento": bozza.completezza}


def _dove(bozza: Avanzamento | None, intervento: Intervento, mese: date, invia: Collection[int]) -> dict[str, Any]:
    """The button of a month: what it says, where it leads, and whether the next move is of this person."""
    if bozza is None:
        return {"bottone": _("Inizia"), "indirizzo": reverse("avanzamento-apri"), "apri": mese}
    modulo = reverse("avanzamento-modifica", args=[bozza.pk])
    if bozza.errori or bozza.completezza < COMPLETA:
        # With errors, to the list of them.
        return {"bottone": _("Continua"), "indirizzo": f"{modulo}#lato" if bozza.errori else modulo}
    if intervento.soggetto_attuatore_id in invia:
        return {"bottone": _("Rileggi e invia"), "indirizzo": modulo}
    return {"bottone": _("Rileggi"), "indirizzo": modulo, "mia": False}


def _domanda(filo: Any, oggi: date) -> Azione:
    giorno = timezone.localdate(filo.ultimo_quando)
    return Azione(
        genere=Genere.DOMANDA,
        intervento=filo.intervento,
        che=_("Rispondi alla Città metropolitana"),
        perche=_("Ti ha scritto: «%(testo)s»") % {"testo": _estratto(filo.ultimo_testo)},
        segno="a_rischio",
        quando=_("aspetta risposta %(quando)s") % {"quando": da(giorno, oggi)},
        bottone=_("Rispondi"),
        indirizzo=f"{reverse('intervento-messaggi', args=[filo.intervento_id])}#filo-{filo.pk}",
        dal=giorno,
    )


def _criticita(voce: Criticita, attese: DelComune, oggi: date) -> Azione:
    """It is said how it goes in the form of a month: in the one that is open, or in the next to be sent."""
    intervento = voce.avanzamento.intervento
    scadenza = voce.scadenza or oggi
    testo = _("«%(testo)s» doveva chiudersi entro il %(giorno)s: di' che è chiusa, o dàlle una data nuova.")
    return Azione(
        genere=Genere.CRITICITA,
        intervento=intervento,
        che=_("Di' come va la criticità"),
        perche=testo % {"testo": _estratto(voce.descrizione), "giorno": formati.data_breve(scadenza)},
        segno="in_ritardo",
        quando=_("oltre la data %(quando)s") % {"quando": da(scadenza, oggi)},
        dal=scadenza,
        **_dove_si_scrive(intervento, attese),
    )


def _dove_si_scrive(intervento: Intervento, attese: DelComune) -> dict[str, Any]:
    riga = next((riga for riga in attese.da_inviare if riga.intervento.pk == intervento.pk), None)
    aperti = [*attese.restituiti, *attese.bozze, *([riga.primo[1]] if riga is not None else [])]
    aperto = next((uno for uno in aperti if uno is not None and uno.intervento_id == intervento.pk), None)
    if aperto is not None:
        modulo = reverse("avanzamento-modifica", args=[aperto.pk])
        return {"bottone": _("Aggiorna la criticità"), "indirizzo": f"{modulo}#sezione-criticita"}
    if riga is not None:
        mese = riga.primo[0].mese.mese
        testo = _("Inizia %(mese)s") % {"mese": formati.mese(mese)}
        return {"bottone": testo, "indirizzo": reverse("avanzamento-apri"), "apri": mese}
    return {"bottone": _("Apri l'intervento"), "indirizzo": reverse("intervento-monitoraggio", args=[intervento.pk])}


def _dati(uno: DatiMancanti) -> Azione:
    """The register is written by the Città metropolitana: the data go there with a message, which is ready to fill."""
    quanti = len(uno.dati)
    che = ngettext("Manda un dato che manca", "Manda %(n)s dati che mancano", quanti) % {"n": quanti}
    perche = _("Senza, le regole di %(piano)s non si possono giudicare: %(dati)s.")
    testo = _("Ecco i dati che mancano per le regole di %(piano)s.") % {"piano": uno.piano}
    righe = "\n".join(f"- {dato}: " for dato in uno.dati)
    indirizzo = reverse("intervento-messaggi", args=[uno.intervento.pk], query={"testo": f"{testo}\n{righe}"})
    return Azione(
        genere=Genere.DATI,
        intervento=uno.intervento,
        che=che,
        perche=perche % {"piano": uno.piano, "dati": ", ".join(uno.dati)},
        segno="non_determinabile",
        quando=_("per le regole di %(piano)s") % {"piano": uno.piano},
        bottone=_("Scrivi i dati"),
        indirizzo=f"{indirizzo}#scrivi",
    )


def _lasciata(bozza: Avanzamento, invia: Collection[int]) -> Azione:
    """A draft of a month that is not asked for: a correction that was begun, or a month of long ago."""
    pronta = bozza.completezza >= QUASI_PRONTA and not bozza.errori
    mese = {"mese": formati.mese(bozza.mese)}
    salvata = _("Salvata %(quando)s.") % {"quando": formati.data_ora(bozza.modificato_il)}
    return Azione(
        genere=Genere.PRONTA if pronta else Genere.LASCIATA,
        intervento=bozza.intervento,
        che=(_("Invia la correzione di %(mese)s") if bozza.versione > 1 else _("Invia i dati di %(mese)s")) % mese,
        perche=f"{_stato_della_bozza(bozza)} {salvata}",
        segno="non_avviato",
        quando=_("in bozza"),
        bozza=bozza,
        **_dove(bozza, bozza.intervento, bozza.mese, invia),
    )


# --- Words -----------------------------------------------------------------------------------------------------------


def fa(giorno: date, oggi: date) -> str:
    """oggi, ieri, 9 giorni fa"""
    giorni = (oggi - giorno).days
    if giorni <= 0:
        return _("oggi")
    return _("ieri") if giorni == 1 else _("%(giorni)s giorni fa") % {"giorni": giorni}


def da(giorno: date, oggi: date) -> str:
    """da oggi, da ieri, da 9 giorni"""
    giorni = (oggi - giorno).days
    if giorni <= 0:
        return _("da oggi")
    return _("da ieri") if giorni == 1 else _("da %(giorni)s giorni") % {"giorni": giorni}


def _estratto(testo: str) -> str:
    return Truncator(" ".join(testo.split())).chars(ESTRATTO)
