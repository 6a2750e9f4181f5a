"""Whether the API works: for who watches over it, without a key."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.db.models import Exists
from django.http import HttpResponse
from rest_framework.request import Request

from interoperabilita.api.base import Vista
from interoperabilita.api.singolo import etichettata
from interoperabilita.formati import valori
from interoperabilita.models import Pendente, Pubblicazione
from interoperabilita.risorse.tipi import Campo, Tipo
from interoperabilita.schema.operazioni import Gruppo, Operazione

CAMPI = (
    Campo("status", Tipo.SCELTA, "Il servizio risponde.", "ok", scelte=("ok",)),
    Campo("version", Tipo.TESTO, "Versione del portale e dell'API.", "0.1.0"),
    Campo(
        "aggiornato_al",
        Tipo.ISTANTE,
        "Quando è cambiato l'ultimo dato pubblicato; null se non ne è stato ancora pubblicato nessuno.",
        "2026-11-18T10:12:03.125000Z",
        nullo=True,
    ),
    Campo("da_pubblicare", Tipo.BOOLEANO, "Se ci sono cambiamenti che aspettano di essere pubblicati.", False),
)


class Stato(Vista):
    """One query: where the database does not answer, so does this view (503, as `interoperabilita.api.errori` says)."""

    operazioni: Mapping[str, Operazione] = {
        "GET": Operazione(
            "stato_del_servizio",
            "Stato del servizio",
            "Se il servizio risponde, e a quando sono aggiornati i dati. Se la base dati non risponde è 503, con "
            "Retry-After. Non serve una chiave.",
            Gruppo.SERVIZIO,
            campi=CAMPI,
            nome_schema="StatoDelServizio",
        )
    }

    def get(self, request: Request) -> HttpResponse:
        riga = Pubblicazione.objects.annotate(pendenti=Exists(Pendente.objects.all())).order_by("pk").first()
        corpo = {
            "status": "ok",
            "version": settings.SPECTACULAR_SETTINGS["VERSION"],
            "aggiornato_al": valori.istante(riga.ultima) if riga is not None else None,
            "da_pubblicare": riga is None or riga.pendenti,
        }
        return etichettata(self.richiesta, valori.json(corpo).encode())
