"""The rows of the reference lists: each is small, and is always read whole, in two to four queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Prefetch

from enti.models import Comune
from enti.selectors import comuni_metropolitani
from interoperabilita.formati import valori
from interoperabilita.pubblicazione.tipi import Costruttore, Riga
from psttm.models import Driver, Missione, Obiettivo, Strategia


def _fonte(oggetto: Any) -> dict[str, str]:
    return {"fonte": valori.riga(oggetto.fonte.titolo), "fonte_luogo": valori.riga(oggetto.luogo)}


def _numeri(oggetti: Any) -> list[int]:
    return sorted(oggetto.numero for oggetto in oggetti.all())


def missioni(oggetti: Collection[int]) -> Iterator[Riga]:
    obiettivi = Obiettivo.objects.prefetch_related("driver").order_by("numero")
    for missione in Missione.objects.select_related("fonte").prefetch_related(Prefetch("obiettivi", obiettivi)):
        suoi = [_obiettivo(missione, obiettivo) for obiettivo in missione.obiettivi.all()]
        yield Riga(
            oggetto=missione.pk,
            chiave=missione.codice,
            dati={
                "id": missione.pk,
                "numero": missione.numero,
                "codice": missione.codice,
                "titolo": valori.riga(missione.titolo),
                "descrizione": valori.riga(missione.descrizione),
                "temi": [valori.riga(tema) for tema in missione.temi],
                "obiettivi_nella_fonte": missione.obiettivi_nella_fonte,
                "numero_obiettivi": len(suoi),
                "obiettivi": suoi,
                **_fonte(missione),
            },
        )


def _obiettivo(missione: Missione, obiettivo: Obiettivo) -> dict[str, Any]:
    return {
        "codice": f"{missione.codice}.{obiettivo.numero}",
        "numero": obiettivo.numero,
        "testo": valori.riga(obiettivo.testo),
        "destinatari": [destinatario.value for destinatario in obiettivo.destinatari],
        "aggiunto_dal_personale": obiettivo.aggiunto_dal_personale,
        "driver": _numeri(obiettivo.driver),
    }


def driver(oggetti: Collection[int]) -> Iterator[Riga]:
    obiettivi = Obiettivo.objects.select_related("missione")
    letti = Driver.objects.select_related("fonte").prefetch_related("strategie", Prefetch("obiettivi", obiettivi))
    for uno in letti:
        ripresi = sorted(uno.obiettivi.all(), key=lambda obiettivo: (obiettivo.missione.numero, obiettivo.numero))
        yield Riga(
            oggetto=uno.pk,
            chiave=uno.codice,
            dati={
                "id": uno.pk,
                "numero": uno.numero,
                "codice": uno.codice,
                "titolo": valori.riga(uno.titolo),
                "sottotitolo": valori.riga(uno.sottotitolo),
                "descrizione": valori.riga(uno.descrizione),
                "linee": [valori.riga(linea) for linea in uno.linee],
                "strategie": _numeri(uno.strategie),
                "obiettivi": [obiettivo.codice for obiettivo in ripresi],
                **_fonte(uno),
            },
        )


def strategie(oggetti: Collection[int]) -> Iterator[Riga]:
    for strategia in Strategia.objects.select_related("fonte").prefetch_related("driver", "strumenti"):
        yield Riga(
            oggetto=strategia.pk,
            chiave=strategia.codice,
            dati={
                "id": strategia.pk,
                "numero": strategia.numero,
                "codice": strategia.codice,
                "titolo": valori.riga(strategia.titolo),
                "descrizione": valori.riga(strategia.descrizione),
                "approvata": valori.riga(strategia.approvata),
                "driver": _numeri(strategia.driver),
                "strumenti": sorted(valori.riga(strumento.nome) for strumento in strategia.strumenti.all()),
                **_fonte(strategia),
            },
        )


def comuni(oggetti: Collection[int]) -> Iterator[Riga]:
    for comune in comuni_metropolitani().select_related("ente"):
        yield Riga(oggetto=comune.pk, chiave=comune.codice_istat, dati=_comune(comune))


def _comune(comune: Comune) -> dict[str, Any]:
    ente = getattr(comune, "ente", None)
    zona, unione = comune.zona, comune.unione
    return {
        "id": comune.pk,
        "codice_istat": comune.codice_istat,
        "codice_catastale": comune.codice_catastale,
        "nome": valori.riga(comune.nome),
        "sigla_provincia": comune.sigla_provincia,
        "cap": comune.cap,
        "codice_fiscale": ente.codice_fiscale if ente is not None else "",
        "codice_ipa": ente.codice_ipa if ente is not None else "",
        "zona": zona.numero if zona is not None else None,
        "zona_nome": valori.riga(zona.nome) if zona is not None else "",
        "unione_id": comune.unione_id,
        "unione": valori.riga(unione.nome) if unione is not None else "",
        "residenti": comune.residenti,
        "residenti_anno": comune.residenti_anno,
        "superficie_km2": valori.numero(comune.superficie_km2),
        "ivsm": valori.numero(comune.ivsm),
        "ivsm_anno": comune.ivsm_anno,
        "latitudine": comune.latitudine,
        "longitudine": comune.longitudine,
    }


MISSIONI = Costruttore(risorsa="missioni", righe=missioni, intera=True)
DRIVER = Costruttore(risorsa="driver", righe=driver, intera=True)
STRATEGIE = Costruttore(risorsa="strategie", righe=strategie, intera=True)
COMUNI = Costruttore(risorsa="comuni", righe=comuni, intera=True)
