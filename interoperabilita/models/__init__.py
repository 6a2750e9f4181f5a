"""What is published to other systems, who may read it, what was asked for."""

from interoperabilita.models.accessi import AccessoApi, RichiestaIdempotente
from interoperabilita.models.chiavi import Ambito, ChiaveApi
from interoperabilita.models.dataset import DatasetPubblico, FileDataset
from interoperabilita.models.voci import Pendente, Pubblicazione, Voce, VoceCup

__all__ = [
    "AccessoApi",
    "Ambito",
    "ChiaveApi",
    "DatasetPubblico",
    "FileDataset",
    "Pendente",
    "Pubblicazione",
    "RichiestaIdempotente",
    "Voce",
    "VoceCup",
]
