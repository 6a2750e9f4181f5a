"""Reference data of the monitoring: traguardi of measures and piani, until people change them, and terms."""

from __future__ import annotations

from django.conf import settings
from django.db.models import BigIntegerField, Model, Q
from django.db.models.functions import Cast

from monitoraggio.models import SpostamentoTraguardo, TermineInvio, TipoDocumento, Traguardo
from piani_integrati.models import PianoIntegrato
from psttm.riferimenti import MISURA
from registro.models import Evento
from registro.riferimenti import FONTE, Rimando, Tabella

CARTELLA = settings.FIXTURE_DIR / "monitoraggio"
# A deadline moved by an act stays moved, whoever moved it.
DI_PERSONE = Q(pk__in=Traguardo.storico.filter(history_user__isnull=False).values("id")) | Q(
    pk__in=SpostamentoTraguardo.objects.values("traguardo")
)


def cambiati_qui(modello: type[Model]) -> Q:
    """The rows that somebody added or changed in the administration site."""
    eventi = Evento.objects.filter(tipo_oggetto=modello._meta.label_lower)
    return Q(pk__in=eventi.annotate(riga=Cast("id_oggetto", BigIntegerField())).values("riga"))


TABELLE: tuple[Tabella, ...] = (
    Tabella(
        CARTELLA / "termini_invio.yaml",
        TermineInvio,
        ("dal",),
        {"fonte": FONTE},
        intoccabili=cambiati_qui(TermineInvio),
    ),
    Tabella(
        CARTELLA / "traguardi_misure.yaml",
        Traguardo,
        ("codice", "misura"),
        {"fonte": FONTE, "misura": MISURA},
        intoccabili=DI_PERSONE,
        solo=Q(misura__isnull=False),
    ),
    Tabella(
        CARTELLA / "traguardi_piani.yaml",
        Traguardo,
        ("codice", "piano"),
        {"fonte": FONTE, "piano": Rimando(PianoIntegrato, ("codice",))},
        intoccabili=DI_PERSONE,
        solo=Q(piano__isnull=False),
    ),
    Tabella(
        CARTELLA / "tipi_documento.yaml",
        TipoDocumento,
        ("codice",),
        {"fonte": FONTE},
        intoccabili=cambiati_qui(TipoDocumento),
    ),
)
