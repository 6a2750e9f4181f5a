"""The reports that the API answers with: the ready ones; the others only to who may ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from enti.models import Utente
from enti.permessi import Permesso, consente
from interoperabilita.elenco.cursore import Cursore
from interoperabilita.formati import valori
from rapporti import selectors
from rapporti.models import Rapporto, RapportoQuerySet
from registro.models import StatoLavoro

FILTRI = ("tipo", "perimetro", "chiave", "al")
_STATI = {
    StatoLavoro.IN_CODA: "in_attesa",
    StatoLavoro.IN_CORSO: "in_corso",
    StatoLavoro.FALLITO: "non_riuscito",
    StatoLavoro.ANNULLATO: "annullato",
}


def visibili_a(utente: Utente) -> RapportoQuerySet:
    tutti = selectors.archivio()
    return tutti if consente(Permesso.CHIEDERE_RAPPORTI, utente.ruoli) else tutti.pronti()


def pronti(filtri: Mapping[str, str], dopo: Cursore | None) -> RapportoQuerySet:
    """The ready ones, the latest first, from where a pull has come to."""
    trovati = selectors.archivio().pronti().filter(**{nome: filtri[nome] for nome in FILTRI if filtri.get(nome)})
    if dopo is not None:
        trovati = trovati.filter(Q(pronto_il__lt=dopo.istante) | Q(pronto_il=dopo.istante, pk__lt=dopo.oggetto))
    return trovati.order_by("-pronto_il", "-pk")


def riga(rapporto: Rapporto, richiesta: HttpRequest) -> dict[str, Any]:
    """The fields of `risorse.rapporti.RAPPORTO`."""
    lavoro = rapporto.lavoro
    stato = (
        "pronto" if rapporto.pronto else _STATI.get(StatoLavoro(lavoro.stato), "in_attesa") if lavoro else "in_attesa"
    )

    def indirizzo(nome: str, *, serve: bool = True) -> str:
        return richiesta.build_absolute_uri(reverse(nome, args=[rapporto.codice])) if serve else ""

    return {
        "codice": rapporto.codice,
        "tipo": rapporto.tipo,
        "perimetro": rapporto.perimetro,
        "chiave": rapporto.chiave,
        "nome_perimetro": rapporto.nome_perimetro,
        "al": valori.giorno(rapporto.al),
        "noto_al": valori.istante(rapporto.noto_al),
        "confronto_al": valori.giorno(rapporto.confronto_al),
        "confronto_noto_al": valori.istante(rapporto.confronto_noto_al),
        "stato": stato,
        "avanzamento": "" if rapporto.pronto or lavoro is None else lavoro.errore or lavoro.frase,
        "avanzamento_percento": 100 if rapporto.pronto else lavoro.percentuale if lavoro else None,
        "richiesto_il": valori.istante(rapporto.richiesto_il),
        "pronto_il": valori.istante(rapporto.pronto_il),
        "interventi": rapporto.interventi,
        "pagine": rapporto.pagine,
        "byte": rapporto.byte,
        "impronta": rapporto.impronta,
        "impronta_dati": rapporto.impronta_dati,
        "sintesi": rapporto.sintesi,
        "indirizzo": indirizzo("api-rapporto"),
        "documento": indirizzo("api-rapporto-documento", serve=rapporto.pronto),
        "dati": indirizzo("api-rapporto-dati", serve=rapporto.pronto),
        "pagina": indirizzo("rapporto"),
    }
