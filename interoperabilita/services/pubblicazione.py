"""The publication: what changed becomes a version that the API answers with.

One publisher works at a time, and the instant of each publication is later than that of every one before: whoever has
read everything up to an instant finds all that came after it by asking for what changed since.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Exists
from django.utils import timezone

from interoperabilita import inneschi
from interoperabilita.formati import valori
from interoperabilita.models import Pendente, Pubblicazione, Voce, VoceCup
from interoperabilita.pubblicazione import versioni
from interoperabilita.pubblicazione.attesa import attesa_breve
from interoperabilita.pubblicazione.costruttori import COSTRUTTORI
from interoperabilita.pubblicazione.tipi import Costruttore

logger = logging.getLogger(__name__)
# So many objects in one transaction: on SQLite nobody else writes meanwhile.
PER_VOLTA = 2_000
# So many objects are published on the spot by who asks; more are left to the workers.
AL_VOLO = 2_000
_UNICA = 1
# Before anything was published there is nothing to remember.
INIZIO = datetime(2000, 1, 1, tzinfo=UTC)


def stato() -> tuple[Pubblicazione, bool]:
    """How far the publication has come, and whether there is something to publish. One query, if it ever ran."""
    riga = Pubblicazione.objects.filter(pk=_UNICA).annotate(pendenti=Exists(Pendente.objects.all())).first()
    if riga is None:
        return _prima(), True
    return riga, riga.pendenti or riga.giorno != timezone.localdate()


def _prima() -> Pubblicazione:
    defaults = {"ultima": timezone.now(), "orizzonte": INIZIO}
    return Pubblicazione.objects.get_or_create(pk=_UNICA, defaults=defaults)[0]


def pubblica(*, al_massimo: int | None = None) -> Pubblicazione:
    """Publish what changed, so many objects at a time; with `al_massimo`, no more objects than that and then enough.

    Whoever asks for data calls it first: few changes are published at once, many are left to the workers.
    """
    pubblicati = 0
    while True:
        riga, restano = _pubblica_parte()
        pubblicati += PER_VOLTA
        if not restano or (al_massimo is not None and pubblicati >= al_massimo):
            return riga


def al_volo(attuale: Pubblicazione) -> Pubblicazione:
    """Publish some of what changed for whoever is asking, if it can be done at once.

    Where somebody else is writing (SQLite) or publishing, what is published already is a good answer: `attuale`.
    """
    try:
        with attesa_breve():
            return pubblica(al_massimo=AL_VOLO)
    except OperationalError:
        logger.info("Pubblicazione rimandata: la base dati è occupata.", exc_info=True)
        return attuale


@transaction.atomic
def _pubblica_parte() -> tuple[Pubblicazione, bool]:
    """Publish some of what changed; tells whether there may be more."""
    _prima()
    riga = Pubblicazione.objects.select_for_update().get(pk=_UNICA)
    istante = max(timezone.now(), riga.ultima + timedelta(microseconds=1))
    oggi = timezone.localdate(istante)
    if riga.giorno != oggi:
        Pendente.objects.bulk_create(
            [
                Pendente(risorsa=nome, oggetto=oggetto)
                for nome, costruttore in COSTRUTTORI.items()
                if costruttore.ogni_giorno is not None
                for oggetto in costruttore.ogni_giorno(riga.giorno, oggi)
            ],
            batch_size=PER_VOLTA,
        )
        riga.giorno = oggi
        riga.save(update_fields=["giorno"])
    cambiata = restano = False
    arretrate: set[str] = set()
    for risorsa, costruttore in COSTRUTTORI.items():
        if costruttore.dopo in arretrate:
            continue
        qualcosa, altri = _pubblica_risorsa(risorsa, istante)
        if altri:
            restano = True
            arretrate.add(risorsa)
        if qualcosa:
            cambiata = True
            riga.cambiate[risorsa] = valori.istante(istante)
    if cambiata:
        riga.ultima = istante
        riga.save(update_fields=["ultima", "cambiate"])
    return riga, restano


def _pubblica_risorsa(risorsa: str, istante: datetime) -> tuple[bool, bool]:
    """Whether something changed, and whether something is left.

    The notes are deleted before the rows are read: what is committed in between is read too, and noted again.
    """
    costruttore = COSTRUTTORI[risorsa]
    _ritrova(costruttore)
    note = Pendente.objects.filter(risorsa=risorsa)
    oggetti = list(note.order_by("oggetto").values_list("oggetto", flat=True).distinct()[:PER_VOLTA])
    if not oggetti:
        return False, False
    note.filter(oggetto__in=oggetti).delete()
    cambiata = versioni.aggiorna(
        risorsa=risorsa,
        righe=costruttore.righe(oggetti),
        oggetti=None if costruttore.intera else oggetti,
        istante=istante,
    )
    return cambiata, len(oggetti) == PER_VOLTA


def _ritrova(costruttore: Costruttore) -> None:
    """Notes of other objects become notes of those of the resource that they change."""
    note = Pendente.objects.filter(risorsa__in=costruttore.attraverso)
    coppie = note.order_by("risorsa", "oggetto").values_list("risorsa", "oggetto").distinct()
    while parte := list(coppie[:PER_VOLTA]):
        for nome, gruppo in groupby(parte, itemgetter(0)):
            chiavi = [chiave for _, chiave in gruppo]
            note.filter(risorsa=nome, oggetto__in=chiavi).delete()
            trovati, parametri = costruttore.attraverso[nome](chiavi).query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {inneschi.PENDENTI} (risorsa, oggetto) SELECT %s, trovati.* FROM ({trovati}) trovati",  # noqa: S608 our own query
                    [costruttore.risorsa, *parametri],
                )


@transaction.atomic
def dimentica(*, adesso: datetime) -> int:
    """Delete the versions closed long ago; whoever last pulled before then must pull everything again.

    Not those of the small lists published whole: what a list was on a day is answered with them.
    """
    riga = Pubblicazione.objects.select_for_update().filter(pk=_UNICA).first()
    if riga is None:
        return 0
    # Not later than the last publication: since then nothing changed, and it is what readers read at.
    orizzonte = min(adesso - timedelta(days=settings.API_GIORNI_VERSIONI), riga.ultima)
    if orizzonte <= riga.orizzonte:
        return 0
    riga.orizzonte = orizzonte
    riga.save(update_fields=["orizzonte"])
    intere = [nome for nome, costruttore in COSTRUTTORI.items() if costruttore.intera]
    tolte, _ = Voce.objects.filter(fino_a__lte=orizzonte).exclude(risorsa__in=intere).delete()
    tolti, _ = VoceCup.objects.filter(fino_a__lte=orizzonte).delete()
    return tolte + tolti
