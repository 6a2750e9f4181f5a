"""What is answered of a draft: how it stands, what the checks say of it and where, what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from interoperabilita.formati import valori
from interoperabilita.scrittura.contenuto import Contenuto, componi
from monitoraggio.bozza.completezza import percentuale, voci
from monitoraggio.bozza.precompilazione import celle_adesso
from monitoraggio.controlli.giudizio import fermano
from monitoraggio.controlli.tipi import Contesto, Rilievo
from monitoraggio.models import Avanzamento
from monitoraggio.selectors.avanzamenti import impronta


def bozza(
    avanzamento: Avanzamento,
    contesto: Contesto,
    rilievi: Sequence[Rilievo],
    ordine: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The fields of `risorse.bozza.BOZZA`. `contesto.intervento` is already read."""
    celle = celle_adesso(avanzamento)
    contenuto = componi(celle, ordine)
    intervento = contesto.intervento
    detti = [rilievo_detto(rilievo, contenuto) for rilievo in rilievi]
    return {
        "id": avanzamento.pk,
        "intervento": intervento.pk,
        "cup": intervento.cup,
        "clp": intervento.clp,
        "submisura": intervento.submisura.codice,
        "mese": f"{avanzamento.mese:%Y-%m}",
        "riferito_al": valori.giorno(avanzamento.riferito_al),
        "versione": avanzamento.versione,
        "stato": avanzamento.stato,
        "motivo_correzione": avanzamento.motivo_correzione,
        "motivo": avanzamento.motivo,
        "revisione": avanzamento.revisione,
        "modificato_il": valori.istante(avanzamento.modificato_il),
        "inviato_il": valori.istante(avanzamento.inviato_il),
        "approvato_il": valori.istante(avanzamento.approvato_il),
        "impronta": "" if avanzamento.scrivibile else impronta(celle),
        "completezza_percento": percentuale(voci(contesto)),
        "inviabile": avanzamento.scrivibile and not fermano(rilievi),
        "errori": [detto for detto, rilievo in zip(detti, rilievi, strict=True) if rilievo.errore],
        "avvisi": [detto for detto, rilievo in zip(detti, rilievi, strict=True) if not rilievo.errore],
        "contenuto": contenuto.dati,
    }


def rilievo_detto(rilievo: Rilievo, contenuto: Contenuto) -> dict[str, str]:
    controllo = rilievo.controllo
    return {
        "controllo": controllo.codice,
        "titolo": str(controllo.titolo),
        "messaggio": rilievo.testo,
        "rimedio": str(controllo.rimedio),
        "campo": contenuto.puntatore(rilievo.cella),
        "avviso": "" if rilievo.errore else rilievo.chiave,
        "spiegazione": rilievo.spiegazione,
    }
