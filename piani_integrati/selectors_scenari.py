"""What the pages of the scenarios read; every function costs a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso, consente
from interventi import cup
from interventi.models import Finanziamento, Intervento
from interventi.scelte import FonteFinanziamento
from piani_integrati.flusso import CHIUSI
from piani_integrati.models import PianoIntegrato, Scenario
from piani_integrati.regole import REGOLE, Contesto, Esito, con_esiti, da_giudicare
from piani_integrati.scenari import Riga
from piani_integrati.simulazione import CLASSI, COSTO, DEI_REQUISITI, PRIVATO

# With seven fields a row, so many fill a form that a browser can send whole (a thousand fields), with room to spare
# for what is added.
RIGHE_MASSIME = 120
ESITI = [regola for regola in REGOLE if regola.sugli_interventi]


# --- Scenarios -------------------------------------------------------------------------------------------------------


def scenari(piano: PianoIntegrato, utente: Utente) -> QuerySet[Scenario]:
    """Those of the piano that a person may open: her own, or all of them where she sees everything."""
    tutti = Scenario.objects.filter(piano=piano).select_related("autore")
    return tutti if utente.vede_tutto else tutti.filter(autore=utente)


def puo_cambiare(scenario: Scenario, utente: Utente) -> bool:
    """Who wrote it, and who runs the piani."""
    return scenario.autore_id == utente.pk or consente(Permesso.GESTIRE_PIANI, utente.ruoli)


# --- Interventi ------------------------------------------------------------------------------------------------------


def righe(utente: Utente, pks: Collection[int]) -> dict[int, Riga]:
    """These interventi as they are now, by primary key; those that the person may not see are not there."""
    privati = Finanziamento.objects.filter(intervento=OuterRef("pk"), fonte=FonteFinanziamento.PRIVATO)
    trovati = (
        Intervento.objects.visibili_a(utente)
        .filter(pk__in=pks)
        .annotate(privato=Subquery(privati.values("importo")[:1]))
        .values(
            "pk",
            "cup",
            "clp",
            "titolo",
            COSTO,
            PRIVATO,
            "nel_piano__piano",
            "nel_piano__piano__codice",
            *(f"requisiti__{campo}" for campo in DEI_REQUISITI),
        )
        .order_by("cup", "clp", "pk")
    )
    return {
        uno["pk"]: Riga(
            pk=uno["pk"],
            codice=uno["cup"] or uno["clp"],
            titolo=uno["titolo"],
            piano_id=uno["nel_piano__piano"],
            piano=uno["nel_piano__piano__codice"] or "",
            valori={
                COSTO: uno[COSTO],
                PRIVATO: uno[PRIVATO],
                # The classes are empty texts where nobody has said yet.
                **{
                    campo: (uno[f"requisiti__{campo}"] or None) if campo in CLASSI else uno[f"requisiti__{campo}"]
                    for campo in DEI_REQUISITI
                },
            },
        )
        for uno in trovati
    }


@dataclass(frozen=True)
class Scelta:
    """Which interventi of the piano are shown, in order, each with its outcome now; and how many there are."""

    esiti: dict[int, Esito]
    totali: int
    visibili: int

    @property
    def altrui(self) -> int:
        """Those that the person may not see: they count in the outcomes, and are only counted."""
        return self.totali - self.visibili

    @property
    def nascosti(self) -> int:
        return self.visibili - len(self.esiti)


def scegli(
    piano: PianoIntegrato, utente: Utente, contesto: Contesto, *, sempre: Collection[int], massimo: int = RIGHE_MASSIME
) -> Scelta:
    """All of them, by code, while they are few; else `sempre`, then those that fail, or lack data, up to `massimo`."""
    suoi = Intervento.objects.filter(nel_piano__piano=piano)
    totali = suoi.count()
    visibili = suoi.visibili_a(utente)
    quanti = totali if utente.vede_tutto else visibili.count()
    giudicati = con_esiti(da_giudicare(visibili), contesto, ESITI).annotate(
        falliti=_quante(Esito.NON_CONFORME), ignoti=_quante(Esito.NON_DETERMINABILE)
    )
    if quanti > massimo:
        # Of nobody, the case would be a plain number, by which databases understand a column.
        prima = [Case(When(pk__in=sempre, then=Value(0)), default=Value(1), output_field=IntegerField())]
        giudicati = giudicati.order_by(*(prima if sempre else ()), "-falliti", "-ignoti", "cup", "clp", "pk")
    else:
        giudicati = giudicati.order_by("cup", "clp", "pk")
    esiti = {
        pk: Esito.NON_CONFORME if falliti else Esito.NON_DETERMINABILE if ignoti else Esito.CONFORME
        for pk, falliti, ignoti in giudicati.values_list("pk", "falliti", "ignoti")[:massimo]
    }
    return Scelta(esiti, totali, quanti)


def _quante(esito: Esito) -> Combinable:
    """How many mandatory rules give this outcome to an intervento."""
    casi = [
        Case(When(**{f"esito_{r.codice}": esito.value}, then=Value(1)), default=Value(0), output_field=IntegerField())
        for r in ESITI
        if r.obbligatoria
    ]
    somma: Combinable = casi[0]
    for caso in casi[1:]:
        somma = somma + caso
    return somma


# --- By code ---------------------------------------------------------------------------------------------------------


class Introvabile(Exception):
    """No intervento can be brought in by this code; the text says why."""


def da_mostrare(piano: PianoIntegrato, utente: Utente, testo: str) -> list[int]:
    """The interventi of the piano with this CUP, or this local code. Raises Introvabile."""
    trovati = _con_codice(utente, testo)
    nel_piano = [pk for pk, dove, *_altro in trovati if dove == piano.pk]
    if not nel_piano:
        raise Introvabile(
            _("%(codice)s non è in questo piano: se vuoi provarlo, aggiungilo.") % {"codice": testo.strip()}
        )
    return nel_piano


def da_aggiungere(piano: PianoIntegrato, utente: Utente, testo: str) -> list[int]:
    """The interventi with this CUP, or this local code, that could come to the piano. Raises Introvabile.

    What the services of the assignment would refuse is refused here too: a scenario is something that could be done.
    """
    codice = testo.strip()
    fuori = [trovato for trovato in _con_codice(utente, testo) if trovato[1] != piano.pk]
    if not fuori:
        raise Introvabile(_("%(codice)s è già in questo piano.") % {"codice": codice})
    suoi = set(piano.voci.values_list("intervento__dimostrativo", flat=True).distinct().order_by())
    for _pk, _dove, altro, stato, dimostrativo in fuori:
        if stato in CHIUSI:
            raise Introvabile(
                _("%(codice)s è nel piano %(piano)s, che non si cambia più: non si può spostare.")
                % {"codice": codice, "piano": altro}
            )
        if dimostrativo and False in suoi:
            raise Introvabile(
                _("%(codice)s è un dato di dimostrazione: un piano con interventi veri non lo accoglie.")
                % {"codice": codice}
            )
        if not dimostrativo and (piano.dimostrativo or True in suoi):
            raise Introvabile(
                _("%(codice)s è un intervento vero, e questo piano contiene dati di dimostrazione: non si mescolano.")
                % {"codice": codice}
            )
    return [pk for pk, *_altro in fuori]


def _con_codice(utente: Utente, testo: str) -> Sequence[tuple[int, int | None, str, str, bool]]:
    """Key, piano, its code and state, whether invented: of those with a code that the person may see."""
    if not testo.strip():
        raise Introvabile(_("Scrivi il CUP dell'intervento."))
    codice = cup.normalizza(testo)
    trovati = list(
        Intervento.objects.visibili_a(utente)
        .filter(Q(cup=codice) | Q(cup="", clp=testo.strip()))
        .order_by("clp", "pk")
        .values_list("pk", "nel_piano__piano", "nel_piano__piano__codice", "nel_piano__piano__stato", "dimostrativo")
    )
    if not trovati:
        raise Introvabile(
            cup.verifica(codice).errore
            or _("Nessun intervento con il CUP %(codice)s, fra quelli che puoi vedere.") % {"codice": codice}
        )
    return trovati
