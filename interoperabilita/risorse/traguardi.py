"""The milestones and targets of measures, piani and interventi, with their state on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso
from interoperabilita.filtri import TraguardiFilter
from interoperabilita.formati import valori
from interoperabilita.models.chiavi import Ambito
from interoperabilita.risorse.tipi import Campo, Risorsa, Tipo
from monitoraggio.filters.traguardi import DI_CHI
from monitoraggio.models import Traguardo
from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.scelte import LivelloTraguardo, TipoTraguardo
from monitoraggio.selectors import traguardi as letture
from registro import storia

CAMPI: tuple[Campo, ...] = (
    Campo("id", Tipo.INTERO, "Identificativo del traguardo nel portale: non cambia mai.", 7),
    Campo("codice", Tipo.TESTO, "Codice del traguardo: unico fra quelli della stessa misura, o piano.", "M5C2-14"),
    Campo("titolo", Tipo.TESTO, "Che cosa si deve raggiungere.", "Completamento dei progetti di rigenerazione"),
    Campo("tipo", Tipo.SCELTA, "Se è una milestone o un target.", "target", scelte=TipoTraguardo.values),
    Campo("livello", Tipo.SCELTA, "Chi lo ha fissato.", "ue", scelte=LivelloTraguardo.values),
    Campo("di", Tipo.SCELTA, "Di che cosa è il traguardo.", "misura", scelte=tuple(nome for nome, _parole in DI_CHI)),
    Campo("misura", Tipo.TESTO, "Codice della misura, se è di una misura.", "M5C2I2.02.03"),
    Campo("piano", Tipo.TESTO, "Codice del piano di cui è, o a cui appartiene il suo intervento.", "COME IN"),
    Campo("cup", Tipo.TESTO, "CUP dell'intervento, se è di un intervento.", "B45E22000120006"),
    Campo("clp", Tipo.TESTO, "Codice locale progetto dell'intervento.", "PUI-MI-2022-031"),
    Campo("scadenza", Tipo.DATA, "Scadenza in vigore.", "2026-06-30"),
    Campo("scadenza_iniziale", Tipo.DATA, "Scadenza fissata all'origine.", "2026-06-30"),
    Campo("spostato", Tipo.BOOLEANO, "Se la scadenza è stata spostata con un atto.", False),
    Campo("previsione", Tipo.DATA, "Giorno per cui si prevede.", "2026-06-15", nullo=True),
    Campo("conseguito_il", Tipo.DATA, "Giorno in cui è stato conseguito.", None, nullo=True),
    Campo("valore_obiettivo", Tipo.NUMERO, "Valore da raggiungere, nella sua unità.", 3000000.0, nullo=True),
    Campo("valore_raggiunto", Tipo.NUMERO, "Valore raggiunto, nella sua unità.", None, nullo=True),
    Campo("unita", Tipo.TESTO, "Unità di misura dei valori.", "m²"),
    Campo(
        "stato",
        Tipo.SCELTA,
        "Stato del giorno: conseguito (concluso), in linea, a rischio, in ritardo; di una misura di cui nulla si sa "
        "dopo la scadenza, non determinabile.",
        "in_linea",
        scelte=StatoTraguardo.values,
    ),
    Campo("evidenza", Tipo.TESTO, "Che cosa prova che è stato conseguito.", "Certificati di collaudo."),
    Campo("nota", Tipo.TESTO, "Nota.", "Scadenza pubblicata: secondo trimestre 2026."),
    Campo("fonte", Tipo.TESTO, "Documento che fissa la scadenza.", "Italia Domani: traguardi e obiettivi"),
    Campo("fonte_luogo", Tipo.TESTO, "Punto della fonte.", "Milestone e target, M5C2I2.02.03, M5C2-14"),
    Campo(
        "modificato_il",
        Tipo.ISTANTE,
        "Da quando la riga è questa: con modificati_dal si chiedono quelle cambiate dopo.",
        "2026-11-18T10:12:03.125000Z",
    ),
)


def righe(utente: Utente) -> QuerySet[Any]:
    return letture.elenco(utente)


def righe_al(utente: Utente, giorno: date) -> QuerySet[Any]:
    return letture.elenco(utente, al=giorno)


def del_giorno(traguardo: Any, giorno: date) -> dict[str, Any]:
    """The fields that depend on the day, of a traguardo, or of a version of it, judged on that day."""
    letta = letture.Riga(traguardo, giorno, di="", indirizzo_di="")
    return {
        "scadenza": valori.giorno(letta.scadenza),
        "spostato": letta.spostata,
        "conseguito_il": valori.giorno(letta.conseguito_il),
        "valore_raggiunto": None if letta.da_conseguire else valori.numero(traguardo.valore_raggiunto),
        "stato": traguardo.stato,
        "evidenza": valori.riga(letta.evidenza),
    }


def al(pagina: list[dict[str, Any]], giorno: date, noto_al: datetime) -> None:
    """The same rows judged on a day, as known when the list was published."""
    versioni = storia.noto_al(Traguardo, noto_al).filter(id__in=[riga["id"] for riga in pagina])
    campi = {v.id: del_giorno(v, giorno) for v in letture.giudicati(versioni, al=giorno, noto_al=noto_al)}
    for riga in pagina:
        riga.update(campi.get(riga["id"], {}))


TRAGUARDI = Risorsa(
    nome="traguardi",
    titolo=str(_("Milestone e target")),
    descrizione="I traguardi delle misure, dei piani e degli interventi, con la scadenza, la sua fonte e lo stato.",
    campi=CAMPI,
    ambito=Ambito.MONITORAGGIO,
    permesso=Permesso.LEGGERE_API,
    filtro=TraguardiFilter,
    righe=righe,
    righe_al=righe_al,
    ordini=("id", "codice", "titolo", "scadenza", "previsione", "stato"),
    al=al,
    chiave=("codice", "misura", "piano", "cup"),
    nome_schema="Traguardo",
)
