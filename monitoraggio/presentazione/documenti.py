"""What the upload of documents shows, on its page and on others: fields, addresses, what is halfway, receipts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.forms.documenti import CaricaForm
from monitoraggio.models import CaricamentoDocumento, Documento, VersioneDocumento
from monitoraggio.selectors import documenti as selectors
from psttm import formati


def riquadro(
    intervento: Intervento, chi: Utente, *, documento: Documento | None = None, modulo: forms.Form | None = None
) -> dict[str, Any]:
    """For `monitoraggio/documenti/riquadro.html`. Without `modulo` its fields are of no form, for the middle of one."""
    return {
        "intervento": intervento,
        "documento": documento,
        "modulo": modulo or CaricaForm(sciolto=True, auto_id="documento_%s"),
        "sciolto": modulo is None,
        "inizia": reverse("caricamento-inizia", args=[intervento.pk]),
        "pagina": pagina(intervento.pk, documento),
        "aperti": selectors.aperti(chi, intervento, documento),
    }


def pagina(intervento_id: int, documento: Documento | None = None) -> str:
    """The page where the upload to this place goes on."""
    if documento is not None:
        return reverse("documento-versione", args=[documento.pk])
    return reverse("documenti-carica", args=[intervento_id])


def stato(caricamento: CaricamentoDocumento) -> dict[str, Any]:
    """Where an upload has got to, for the browser that sends it."""
    chiave = caricamento.chiave
    return {
        "chiave": str(chiave),
        "nome": caricamento.nome,
        "dimensione": caricamento.dimensione,
        "ricevuti": caricamento.ricevuti,
        "errore": caricamento.errore,
        "pezzi": reverse("caricamento", args=[chiave]),
        "concludi": reverse("caricamento-concludi", args=[chiave]),
        "annulla": reverse("caricamento-annulla", args=[chiave]),
        "ricevuta": ricevuta(caricamento.versione) if caricamento.versione is not None else None,
    }


def ricevuta(versione: VersioneDocumento) -> dict[str, Any]:
    """That a document was taken in: number, instant, fingerprint."""
    documento = versione.documento
    return {
        "numero": versione.pk,
        "quando": formati.data_ora(versione.caricata_il),
        "nome": versione.nome,
        "versione": versione.numero,
        "dimensione": versione.dimensione,
        "sha256": versione.sha256,
        "antivirus": str(versione.get_antivirus_display()),
        "documento": voce(documento),
    }


def voce(documento: Documento) -> dict[str, Any]:
    """A document in the lists to choose from."""
    return {
        "pk": documento.pk,
        "titolo": documento.titolo,
        "data": documento.data.isoformat() if documento.data else None,
        "protocollo": documento.protocollo,
        "indirizzo": reverse("documento", args=[documento.pk]),
    }
