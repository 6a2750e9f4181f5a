"""The reference lists: the strategic plan (Missioni, Driver, STTM) and the 133 metropolitan Comuni.

Whoever may read them reads all of them; on a day they are what was published then.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso
from enti.selectors import comuni_metropolitani
from interoperabilita.filtri import ComuniFilter, DriverFilter, MissioneFilter, StrategiaFilter
from interoperabilita.models.chiavi import Ambito
from interoperabilita.risorse.tipi import Campo, Risorsa, Tipo
from psttm.models import Driver, Missione, Strategia

_MODIFICATO_IL = Campo(
    "modificato_il",
    Tipo.ISTANTE,
    "Da quando la riga è questa: con modificati_dal si chiedono quelle cambiate dopo.",
    "2026-11-18T10:12:03.125000Z",
)
_FONTE = (
    Campo("fonte", Tipo.TESTO, "Documento da cui vengono i dati.", "Piano strategico 2025-2027"),
    Campo("fonte_luogo", Tipo.TESTO, "Punto della fonte.", "cap. 3, Missione 2"),
)

# --- Strategic plan ---------------------------------------------------------------------------------------------------

_OBIETTIVO = (
    Campo("codice", Tipo.TESTO, "Codice dell'obiettivo.", "M2.3"),
    Campo("numero", Tipo.INTERO, "Numero dell'obiettivo nella Missione.", 3),
    Campo("testo", Tipo.TESTO, "L'obiettivo, con le parole del Piano.", "Tutela e valorizzazione del sistema idrico"),
    Campo("destinatari", Tipo.TESTI, "A chi è rivolto.", ["citta_metropolitana", "comuni"]),
    Campo("aggiunto_dal_personale", Tipo.BOOLEANO, "Se non è nel testo del Piano: l'ha aggiunto il personale.", False),
    Campo("driver", Tipo.INTERI, "Numeri dei Driver che lo riprendono.", [2, 4]),
)

MISSIONI = Risorsa(
    nome="missioni",
    titolo=str(_("Missioni e obiettivi")),
    descrizione="Le Missioni del PNRR lungo cui il Piano strategico ordina i suoi obiettivi, con gli obiettivi.",
    campi=(
        Campo("id", Tipo.INTERO, "Identificativo della Missione nel portale: non cambia mai.", 2),
        Campo("numero", Tipo.INTERO, "Numero della Missione.", 2),
        Campo("codice", Tipo.TESTO, "Codice della Missione.", "M2"),
        Campo("titolo", Tipo.TESTO, "Titolo della Missione.", "Rivoluzione verde e transizione ecologica"),
        Campo("descrizione", Tipo.TESTO, "Di che cosa si occupa.", "Agricoltura sostenibile, economia circolare."),
        Campo("temi", Tipo.TESTI, "Temi che la fonte elenca.", ["Logistica", "Intermodalità"]),
        Campo("obiettivi_nella_fonte", Tipo.BOOLEANO, "Se la fonte ne elenca gli obiettivi.", True),
        Campo("numero_obiettivi", Tipo.INTERO, "Quanti obiettivi ha.", 12),
        Campo(
            "obiettivi",
            Tipo.OGGETTI,
            "Gli obiettivi, in ordine di numero.",
            [
                {
                    "codice": "M2.3",
                    "numero": 3,
                    "testo": "Tutela e valorizzazione del sistema idrico",
                    "destinatari": ["citta_metropolitana", "comuni"],
                    "aggiunto_dal_personale": False,
                    "driver": [2, 4],
                }
            ],
            campi=_OBIETTIVO,
        ),
        *_FONTE,
        _MODIFICATO_IL,
    ),
    ambito=Ambito.RIFERIMENTI,
    permesso=Permesso.LEGGERE_API,
    filtro=MissioneFilter,
    righe=lambda utente: Missione.objects.all(),
    ordini=("id", "numero", "titolo", "numero_obiettivi"),
    chiave=("codice",),
    nome_schema="Missione",
    per_ente=False,
)

DRIVER = Risorsa(
    nome="driver",
    titolo=str(_("Driver")),
    descrizione="Le linee di lavoro prioritarie dell'agenda strategica, con le STTM e gli obiettivi che riprendono.",
    campi=(
        Campo("id", Tipo.INTERO, "Identificativo del Driver nel portale: non cambia mai.", 2),
        Campo("numero", Tipo.INTERO, "Numero del Driver.", 2),
        Campo("codice", Tipo.TESTO, "Codice del Driver.", "Driver 2"),
        Campo("titolo", Tipo.TESTO, "Titolo del Driver.", "Politiche verdi e blu"),
        Campo("sottotitolo", Tipo.TESTO, "Sottotitolo.", "Città metropolitana per la tutela dell'ambiente"),
        Campo("descrizione", Tipo.TESTO, "Che cosa si propone.", "Suolo libero, verde, paesaggio e acque."),
        Campo("linee", Tipo.TESTI, "Linee di lavoro.", ["Completare la Rete Verde Metropolitana"]),
        Campo("strategie", Tipo.INTERI, "Numeri delle STTM che lo sviluppano.", [1]),
        Campo("obiettivi", Tipo.TESTI, "Codici degli obiettivi che riprende.", ["M2.1", "M2.3"]),
        *_FONTE,
        _MODIFICATO_IL,
    ),
    ambito=Ambito.RIFERIMENTI,
    permesso=Permesso.LEGGERE_API,
    filtro=DriverFilter,
    righe=lambda utente: Driver.objects.all(),
    ordini=("id", "numero", "titolo"),
    chiave=("codice",),
    nome_schema="Driver",
    per_ente=False,
)

STRATEGIE = Risorsa(
    nome="strategie",
    titolo=str(_("Strategie tematico-territoriali metropolitane")),
    descrizione="Le STTM del Piano territoriale metropolitano, con i Driver che sviluppano e i loro strumenti.",
    campi=(
        Campo("id", Tipo.INTERO, "Identificativo della STTM nel portale: non cambia mai.", 1),
        Campo("numero", Tipo.INTERO, "Numero della STTM.", 1),
        Campo("codice", Tipo.TESTO, "Codice della STTM.", "STTM 1"),
        Campo("titolo", Tipo.TESTO, "Titolo della STTM.", "Strategia per la sostenibilità e le emergenze ambientali"),
        Campo("descrizione", Tipo.TESTO, "Che cosa si propone.", "Sviluppa il PTM sul versante dell'ambiente."),
        Campo("approvata", Tipo.TESTO, "Quando è stata approvata.", "febbraio 2024"),
        Campo("driver", Tipo.INTERI, "Numeri dei Driver che sviluppa.", [2, 3]),
        Campo("strumenti", Tipo.TESTI, "Strumenti di attuazione che la servono.", ["Rete Verde Metropolitana"]),
        *_FONTE,
        _MODIFICATO_IL,
    ),
    ambito=Ambito.RIFERIMENTI,
    permesso=Permesso.LEGGERE_API,
    filtro=StrategiaFilter,
    righe=lambda utente: Strategia.objects.all(),
    ordini=("id", "numero", "titolo"),
    chiave=("codice",),
    nome_schema="Strategia",
    per_ente=False,
)

# --- Territory --------------------------------------------------------------------------------------------------------


def _comuni(utente: Utente) -> QuerySet[Any]:
    return comuni_metropolitani()


COMUNI = Risorsa(
    nome="comuni",
    titolo=str(_("Comuni")),
    descrizione="I 133 Comuni della Città metropolitana di Milano, con i codici, la zona e i dati più recenti.",
    campi=(
        Campo("id", Tipo.INTERO, "Identificativo del Comune nel portale: non cambia mai.", 3012),
        Campo("codice_istat", Tipo.TESTO, "Codice ISTAT, sei cifre.", "015182"),
        Campo("codice_catastale", Tipo.TESTO, "Codice catastale (Belfiore).", "H264"),
        Campo("nome", Tipo.TESTO, "Nome del Comune.", "Rho"),
        Campo("sigla_provincia", Tipo.TESTO, "Sigla della provincia.", "MI"),
        Campo("cap", Tipo.TESTO, "CAP; vuoto se il Comune ne ha più d'uno.", "20017"),
        Campo("codice_fiscale", Tipo.TESTO, "Codice fiscale dell'ente.", "00893240150"),
        Campo("codice_ipa", Tipo.TESTO, "Codice IPA dell'ente.", "c_h264"),
        Campo("zona", Tipo.INTERO, "Numero della zona omogenea (8: il capoluogo).", 2),
        Campo("zona_nome", Tipo.TESTO, "Nome della zona omogenea.", "Nord Ovest"),
        Campo("unione_id", Tipo.INTERO, "Identificativo dell'unione di Comuni di cui fa parte.", None, nullo=True),
        Campo("unione", Tipo.TESTO, "Nome dell'unione di Comuni.", ""),
        Campo("residenti", Tipo.INTERO, "Residenti al 1° gennaio dell'anno più recente che si conosce.", 50299, True),
        Campo("residenti_anno", Tipo.INTERO, "Anno a cui si riferiscono i residenti.", 2023, nullo=True),
        Campo("superficie_km2", Tipo.NUMERO, "Superficie, in km².", 22.37, nullo=True),
        Campo("ivsm", Tipo.NUMERO, "Indice di vulnerabilità sociale e materiale (Italia: circa 99).", 98.31, True),
        Campo("ivsm_anno", Tipo.INTERO, "Anno dell'indice.", 2018, nullo=True),
        Campo("latitudine", Tipo.NUMERO, "Latitudine del centroide (WGS84, gradi).", 45.5283, nullo=True),
        Campo("longitudine", Tipo.NUMERO, "Longitudine del centroide (WGS84, gradi).", 9.0402, nullo=True),
        _MODIFICATO_IL,
    ),
    ambito=Ambito.RIFERIMENTI,
    permesso=Permesso.LEGGERE_API,
    filtro=ComuniFilter,
    righe=_comuni,
    ordini=("id", "codice_istat", "nome", "zona", "residenti", "superficie_km2", "ivsm"),
    chiave=("codice_istat",),
    nome_schema="Comune",
    per_ente=False,
)
