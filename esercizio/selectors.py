"""Reading how the system is: for the page of the amministratore, and for the measures."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from esercizio.coda import versione_del_servente
from esercizio.models import Copia, EsitoCopia, Verifica
from esercizio.salute import prima_esistente
from monitoraggio.models import Riepilogo, Segnale
from rapporti.models import InvioRapporto
from registro.models import APERTI, Lavoro, StatoLavoro

# An open job has nothing wrong while it waits for less than this, and gives signs of life.
ATTESA = timedelta(minutes=15)
SILENZI = 3
# What went wrong is told for a day, what was not mailed for a week.
RECENTE, SETTIMANA = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Conto:
    """Jobs of a kind: open, open and late, failed in the last day."""

    tipo: str
    aperti: int
    in_ritardo: int
    falliti: int


@dataclass(frozen=True)
class Disco:
    """A file system that the portal writes to, in byte."""

    dove: str
    libero: int
    totale: int

    @property
    def percento_libero(self) -> float:
        return self.libero * 100 / self.totale


def lavori_per_tipo(*, adesso: datetime) -> list[Conto]:
    battito = adesso - SILENZI * timedelta(seconds=settings.LAVORO_BATTITO_SECONDI)
    in_ritardo = Q(stato=StatoLavoro.IN_CODA, creato__lt=adesso - ATTESA) | Q(
        stato=StatoLavoro.IN_CORSO, battito__lt=battito
    )
    falliti = Q(stato=StatoLavoro.FALLITO, concluso__gte=adesso - RECENTE)
    righe = (
        Lavoro.objects.filter(Q(stato__in=APERTI) | falliti)
        .order_by("tipo")
        .values("tipo")
        .annotate(
            aperti=Count("pk", filter=Q(stato__in=APERTI)),
            in_ritardo=Count("pk", filter=in_ritardo),
            falliti=Count("pk", filter=falliti),
        )
    )
    return [Conto(**riga) for riga in righe]


def lavoro_piu_vecchio() -> Lavoro | None:
    """Of the open jobs, the one asked for first."""
    return Lavoro.objects.aperti().order_by("creato", "pk").first()


def posta_non_spedita(*, adesso: datetime) -> dict[str, int]:
    """Messages begun and not sent: digests of the week, and reports."""
    dal = (adesso - SETTIMANA).date()
    return {
        "riepiloghi": Riepilogo.objects.filter(spedito_il__isnull=True, giorno__gte=dal).count(),
        "rapporti": InvioRapporto.objects.filter(spedito_il__isnull=True).count(),
    }


def segnali_aperti() -> int:
    return Segnale.objects.filter(cessato_il__isnull=True).count()


def ultima_copia() -> Copia | None:
    """The last backup that was asked for, however it ended."""
    return Copia.objects.order_by("-avviata", "-pk").first()


def ultima_copia_riuscita() -> Copia | None:
    return Copia.objects.filter(esito=EsitoCopia.RIUSCITA).order_by("-conclusa", "-pk").first()


def ultima_verifica() -> Verifica | None:
    """The last integrity check that came to its end."""
    return Verifica.objects.filter(conclusa__isnull=False).order_by("-conclusa", "-pk").first()


def dischi() -> Iterator[Disco]:
    """The file systems that the portal writes to, each once, by the first of the folders that are on it."""
    visti = set()
    for nome, cartella in _cartelle():
        esistente = prima_esistente(cartella)
        dispositivo = esistente.stat().st_dev
        if dispositivo not in visti:
            visti.add(dispositivo)
            uso = shutil.disk_usage(esistente)
            yield Disco(nome, uso.free, uso.total)


def _cartelle() -> Iterator[tuple[str, Path]]:
    yield _("dati del portale"), Path(settings.VAR_DIR)
    if isinstance(default_storage, FileSystemStorage):
        yield _("documenti"), Path(default_storage.location)
    if settings.BACKUP_DIR:
        yield _("copie di sicurezza"), Path(settings.BACKUP_DIR)


def versioni() -> dict[str, str]:
    """By name, the release of the portal and of what it runs on."""
    return {
        "Portale": settings.VERSIONE,
        "Python": platform.python_version(),
        "Django": django.get_version(),
        connection.display_name: ".".join(map(str, connection.get_database_version())),
        **versione_del_servente(),
    }
