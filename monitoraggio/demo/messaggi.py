"""Threads of messages between the Comuni of the demonstration and the staff: open, answered, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.demo.persone import Persone
from monitoraggio.models import Messaggio
from registro.models import Evento

COMUNE, RUP, STAFF = "comune", "rup", "staff"


@dataclass(frozen=True)
class Filo:
    """A thread: of which intervento, when it began, who said what in turn, and whether it was closed."""

    clp: str
    giorni_fa: int
    battute: tuple[tuple[str, str], ...]
    chiuso: bool = False


FILI = (
    Filo(
        "DEMO-SPUGNA-002",
        9,
        (
            (STAFF, "Nel SAL di questo mese manca la firma del direttore dei lavori: potete ricaricarlo?"),
            (COMUNE, "Sì, è stato firmato ieri: lo carichiamo insieme al mese corretto."),
        ),
    ),
    Filo("DEMO-COME-IN-002", 4, ((COMUNE, "La proroga chiesta al Ministero va registrata qui come variazione?"),)),
    Filo(
        "DEMO-EDILIZIA-SCOLASTICA-029",
        220,
        (
            (RUP, "Dobbiamo correggere dicembre 2024: la contabilità di fine anno è stata chiusa adesso."),
            (STAFF, "Aprite una correzione dal mese approvato e scrivete il motivo: la guardiamo subito."),
            (RUP, "Fatto, grazie."),
        ),
        chiuso=True,
    ),
    Filo(
        "DEMO-PINQUA-002",
        2,
        ((STAFF, "Gli ultimi due mesi non sono arrivati: c'è qualche difficoltà in cui possiamo aiutare?"),),
    ),
    Filo(
        "DEMO-SPUGNA-065",
        40,
        (
            (COMUNE, "Perché la proroga è stata respinta?"),
            (STAFF, "Mancavano il cronoprogramma e la relazione: con quelli potete ripresentarla."),
        ),
        chiuso=True,
    ),
    Filo("DEMO-DIGITALE-001", 1, ((COMUNE, "Per i servizi, il collaudo è la verifica di conformità?"),)),
)


def crea(interventi: Mapping[str, Intervento], persone: Persone, adesso: datetime) -> list[Messaggio]:
    """The threads of the interventi that are there, with their events. `interventi` are by code."""
    nuovi: list[Messaggio] = []
    eventi: list[Evento] = []
    for filo in FILI:
        if filo.clp in interventi:
            _crea(filo, interventi[filo.clp], persone, adesso, nuovi, eventi)
    Evento.objects.bulk_create(sorted(eventi, key=lambda evento: evento.quando))
    return nuovi


def _chi(parte: str, intervento: Intervento, persone: Persone) -> Utente:
    del_comune = {COMUNE: persone.compila(intervento), RUP: persone.invia(intervento)}.get(parte)
    return del_comune or persone.istruttore


def _crea(
    filo: Filo,
    intervento: Intervento,
    persone: Persone,
    adesso: datetime,
    nuovi: list[Messaggio],
    eventi: list[Evento],
) -> None:
    primo: Messaggio | None = None
    quando = timezone.localtime(adesso - timedelta(days=filo.giorni_fa)).replace(hour=9, minute=40)
    for parte, testo in filo.battute:
        messaggio = Messaggio.objects.create(
            intervento=intervento,
            risponde_a=primo,
            autore=_chi(parte, intervento, persone),
            dal_comune=parte != STAFF,
            testo=testo,
            quando=quando,
        )
        verbo = "messaggio scritto" if primo is None else "risposta scritta"
        dopo = {"intervento": intervento.codice, "risponde_a": None if primo is None else primo.pk, "testo": testo}
        eventi.append(_evento(messaggio, verbo, quando, messaggio.autore, dopo))
        nuovi.append(messaggio)
        primo = primo or messaggio
        quando += timedelta(hours=3 if filo.giorni_fa < 10 else 25)
    if filo.chiuso and primo is not None:
        primo.chiuso_il, primo.chiuso_da = quando, persone.istruttore
        primo.save(update_fields=["chiuso_il", "chiuso_da"])
        dopo = {"intervento": intervento.codice}
        eventi.append(_evento(primo, "conversazione chiusa", quando, persone.istruttore, dopo))


def _evento(messaggio: Messaggio, verbo: str, quando: datetime, autore: Utente, dopo: Mapping[str, object]) -> Evento:
    return Evento(
        azione=uuid4(),
        quando=quando,
        autore=autore,
        verbo=verbo,
        tipo_oggetto=Messaggio._meta.label_lower,
        id_oggetto=str(messaggio.pk),
        oggetto=str(messaggio)[:300],
        dopo=dict(dopo),
    )
