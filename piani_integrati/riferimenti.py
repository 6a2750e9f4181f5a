"""Reference data of the piani: the piani themselves, until people change them, and the acts that the sources name."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from enti.models import Ente
from piani_integrati.models import Passaggio, PianoIntegrato
from psttm.riferimenti import DRIVER, MISURA, STRATEGIA
from registro.riferimenti import FONTE, Rimando, Tabella, caricamento_dovuto, registra_caricamento
from registro.righe import DatoErrato, leggi
from registro.services import annota

CARTELLA = settings.FIXTURE_DIR / "piani_integrati"
PASSAGGI = CARTELLA / "passaggi.yaml"
CAMBIATI_DA_PERSONE = PianoIntegrato.storico.filter(history_user__isnull=False).values("id")

TABELLE = (
    Tabella(
        CARTELLA / "piani.yaml",
        PianoIntegrato,
        ("codice",),
        rimandi={"fonte": FONTE, "misura": MISURA, "proponente": Rimando(Ente, ("denominazione",))},
        rimandi_multipli={"strategie": STRATEGIA, "driver": DRIVER},
        intoccabili=Q(pk__in=CAMBIATI_DA_PERSONE),
    ),
)


@transaction.atomic
def carica_passaggi() -> int:
    """Add the passages named by the sources to the piani that have none; how many were added.

    Passages are only added, never changed: those of a piano that has some already are left as they are. Raises
    DatoErrato when the file names a piano that is not there.
    """
    nome = f"{CARTELLA.name}/{PASSAGGI.name}"
    if not caricamento_dovuto(nome, [PASSAGGI]):
        return 0
    piani = {piano.codice: piano for piano in PianoIntegrato.objects.filter(passaggi__isnull=True)}
    tutti = set(PianoIntegrato.objects.values_list("codice", flat=True))
    righe = leggi(PASSAGGI)
    nuovi = []
    for riga in righe:
        codice = riga.pop("piano")
        if codice not in tutti:
            raise DatoErrato(riga.posto, f"«{codice}» non c'è nella tabella «piani».", campo="piano")
        if codice in piani:
            nuovi.append(Passaggio(piano=piani[codice], **riga))
    Passaggio.objects.bulk_create(nuovi)
    registra_caricamento(nome, [PASSAGGI], len(righe))
    if nuovi:
        annota(None, "caricato", dopo={"file": nome, "righe": len(righe), "nuove": len(nuovi)})
    return len(nuovi)
