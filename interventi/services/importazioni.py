"""Importing extracts of ReGiS: hand in files, look at what would change, confirm, undo, settle differences.

The row of the import says how far it got; the long work is done by jobs (`interventi.importazione.lavori`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi import ricerca
from interventi.importazione.differenze import da_json
from interventi.importazione.lavori import ANNULLA, APPLICA, PROVA
from interventi.models import Differenza, FileImportato, Importazione, Intervento
from interventi.models.importazioni import Perimetro, StatoDifferenza, StatoImportazione
from registro import lavori
from registro.osservatori import avvisa
from registro.services import annota
from registro.storia import salva

AMMESSI = (".csv", ".txt", ".xlsx", ".zip")
_MEGA = 1_000_000


class ImportazioneNonAmmessa(Exception):
    """What was asked cannot be done; the message, in Italian, says why."""


def carica_file(*, file: Sequence[tuple[str, File[bytes]]], perimetro: str, autore: Utente | None) -> Importazione:
    """Take in files and have them rehearsed by a job. Raises ImportazioneNonAmmessa."""
    importazione = ricevi(file=file, perimetro=perimetro, autore=autore)
    with transaction.atomic():
        _accoda(importazione, PROVA, autore)
    return importazione


@transaction.atomic
def ricevi(*, file: Sequence[tuple[str, File[bytes]]], perimetro: str, autore: Utente | None) -> Importazione:
    """Take in files, without rehearsing them yet: each by its name and content. Raises ImportazioneNonAmmessa."""
    _controlla(file, perimetro)
    importazione = Importazione.objects.create(perimetro=perimetro, autore=autore)
    for nome, contenuto in file:
        breve = PurePath(nome.replace("\\", "/")).name[-255:]
        FileImportato.objects.create(
            importazione=importazione,
            nome=breve,
            deposito=File(contenuto.file, name=breve),
            dimensione=contenuto.size,
            sha256=_impronta(contenuto),
        )
    annota(importazione, "caricata", autore=autore, dopo={"file": [nome for nome, _contenuto in file]})
    return importazione


@transaction.atomic
def conferma(*, importazione_id: int, autore: Utente | None) -> Importazione:
    """Have a rehearsed import applied. Raises ImportazioneNonAmmessa, Importazione.DoesNotExist."""
    importazione = _bloccata(importazione_id)
    _esige(importazione, StatoImportazione.DA_CONFERMARE)
    importazione.stato, importazione.errore = StatoImportazione.IN_APPLICAZIONE, ""
    importazione.save(update_fields=["stato", "errore"])
    annota(importazione, "confermata", autore=autore, dopo=importazione.conteggi)
    _accoda(importazione, APPLICA, autore)
    return importazione


@transaction.atomic
def scarta(*, importazione_id: int, autore: Utente | None) -> Importazione:
    """Give up an import that was not applied. Raises ImportazioneNonAmmessa, Importazione.DoesNotExist."""
    importazione = _bloccata(importazione_id)
    _esige(importazione, StatoImportazione.IN_PROVA, StatoImportazione.DA_CONFERMARE, StatoImportazione.RESPINTA)
    if importazione.lavoro is not None and importazione.lavoro.aperto:
        lavori.annulla(lavoro_id=importazione.lavoro.pk, autore=autore)
    importazione.stato = StatoImportazione.SCARTATA
    importazione.save(update_fields=["stato"])
    annota(importazione, "scartata", autore=autore)
    return importazione


@transaction.atomic
def riprova(*, importazione_id: int, autore: Utente | None) -> Importazione:
    """Rehearse again, also what was interrupted: nothing was written then. Raises ImportazioneNonAmmessa."""
    importazione = _bloccata(importazione_id)
    _esige(
        importazione,
        StatoImportazione.IN_PROVA,
        StatoImportazione.IN_APPLICAZIONE,
        StatoImportazione.DA_CONFERMARE,
        StatoImportazione.RESPINTA,
    )
    _nessun_lavoro(importazione)
    importazione.stato, importazione.errore = StatoImportazione.IN_PROVA, ""
    importazione.save(update_fields=["stato", "errore"])
    annota(importazione, "riprovata", autore=autore)
    _accoda(importazione, PROVA, autore)
    return importazione


@transaction.atomic
def annulla(*, importazione_id: int, autore: Utente | None, motivo: str) -> Importazione:
    """Have an applied import undone as a whole; the job refuses if something depends on it.

    Raises ImportazioneNonAmmessa, Importazione.DoesNotExist.
    """
    importazione = _bloccata(importazione_id)
    _esige(importazione, StatoImportazione.APPLICATA)
    _nessun_lavoro(importazione)
    if not motivo.strip():
        raise ImportazioneNonAmmessa(_("Scrivi perché annulli l'importazione: resta nel registro."))
    parametri = {"autore_id": autore.pk if autore is not None else None, "motivo": motivo.strip()}
    annota(importazione, "annullamento chiesto", autore=autore, nota=motivo.strip())
    _accoda(importazione, ANNULLA, autore, parametri)
    return importazione


@transaction.atomic
def decidi(*, differenza_id: int, scelta: str, autore: Utente | None, motivo: str = "") -> Differenza:
    """Settle a difference: keep ours (NOSTRO), or take the value of ReGiS (REGIS), which from now on follows ReGiS.

    Raises ImportazioneNonAmmessa, Differenza.DoesNotExist.
    """
    differenza = Differenza.objects.select_for_update().select_related("intervento").get(pk=differenza_id)
    if differenza.stato != StatoDifferenza.APERTA:
        raise ImportazioneNonAmmessa(
            _("La differenza è già stata decisa: %(stato)s.") % {"stato": differenza.get_stato_display()}
        )
    if scelta not in {StatoDifferenza.NOSTRO, StatoDifferenza.REGIS}:
        raise ImportazioneNonAmmessa(_("Scegli se tenere il nostro valore o prendere quello di ReGiS."))
    if scelta == StatoDifferenza.REGIS:
        _prendi_da_regis(differenza, autore)
    differenza.stato, differenza.decisa_da, differenza.decisa_il = scelta, autore, timezone.now()
    differenza.motivo = motivo.strip()[:300]
    differenza.save(update_fields=["stato", "decisa_da", "decisa_il", "motivo"])
    avvisa(Differenza, [differenza.pk])
    annota(
        differenza.intervento,
        "differenza decisa",
        autore=autore,
        prima={differenza.etichetta: differenza.valore_nostro},
        dopo={differenza.etichetta: _tenuto(differenza)},
        nota=motivo.strip(),
    )
    return differenza


def _tenuto(differenza: Differenza) -> str:
    return differenza.valore_regis if differenza.stato == StatoDifferenza.REGIS else differenza.valore_nostro


def _prendi_da_regis(differenza: Differenza, autore: Utente | None) -> None:
    modello = apps.get_model(differenza.tipo_oggetto)
    oggetto: Any = modello._default_manager.select_for_update().filter(pk=differenza.id_oggetto).first()
    if oggetto is None:
        raise ImportazioneNonAmmessa(
            _("Il dato «%(dato)s» non c'è più: tieni il nostro valore.") % {"dato": differenza.etichetta}
        )
    campo = modello._meta.get_field(differenza.campo)
    setattr(oggetto, campo.attname, da_json(differenza))
    oggetto.campi_nostri = [nome for nome in oggetto.campi_nostri if nome != differenza.campo]
    try:
        with transaction.atomic():
            salva(oggetto, autore=autore, campi=[differenza.campo, "campi_nostri"])
    except IntegrityError as errore:
        raise ImportazioneNonAmmessa(
            _("Il valore di ReGiS per «%(dato)s» non va d'accordo con gli altri dati: correggi prima quelli.")
            % {"dato": differenza.etichetta}
        ) from errore
    Intervento.objects.filter(pk=differenza.intervento_id).update(aggiornato=timezone.now())
    ricerca.aggiorna([differenza.intervento_id])


# --- Helpers --------------------------------------------------------------------------------------------------------


def _bloccata(importazione_id: int) -> Importazione:
    return Importazione.objects.select_for_update().get(pk=importazione_id)


def _esige(importazione: Importazione, *stati: StatoImportazione) -> None:
    if importazione.stato not in stati:
        raise ImportazioneNonAmmessa(
            _("L'%(importazione)s è %(stato)s: questa operazione non si può fare.")
            % {"importazione": str(importazione).lower(), "stato": importazione.get_stato_display()}
        )


def _nessun_lavoro(importazione: Importazione) -> None:
    if importazione.lavoro is not None and importazione.lavoro.aperto:
        raise ImportazioneNonAmmessa(
            _("C'è già un lavoro in corso su questa importazione: aspetta che finisca, oppure annullalo.")
        )


def _accoda(
    importazione: Importazione, tipo: str, autore: Utente | None, parametri: dict[str, Any] | None = None
) -> None:
    importazione.lavoro = lavori.accoda(
        tipo=tipo,
        parametri={"importazione_id": importazione.pk, **(parametri or {})},
        chiave=str(importazione.pk),
        autore=autore,
    )
    importazione.save(update_fields=["lavoro"])


def _controlla(file: Sequence[tuple[str, File[bytes]]], perimetro: str) -> None:
    if perimetro not in Perimetro.values:
        raise ImportazioneNonAmmessa(_("Scegli quali interventi prendere dai file."))
    if not file:
        raise ImportazioneNonAmmessa(_("Scegli almeno un file da importare."))
    if len(file) > settings.IMPORTAZIONE_FILE:
        raise ImportazioneNonAmmessa(
            _("Sono %(quanti)s file, se ne caricano al massimo %(massimo)s per volta.")
            % {"quanti": len(file), "massimo": settings.IMPORTAZIONE_FILE}
        )
    for nome, contenuto in file:
        _controlla_file(nome, contenuto)


def _controlla_file(nome: str, contenuto: File[bytes]) -> None:
    if PurePath(nome).suffix.lower() not in AMMESSI:
        raise ImportazioneNonAmmessa(
            _("«%(nome)s» non è un file CSV, XLSX o zip: si importano solo questi.") % {"nome": nome}
        )
    if not contenuto.size:
        raise ImportazioneNonAmmessa(_("«%(nome)s» è vuoto: scaricalo di nuovo dalla fonte.") % {"nome": nome})
    if contenuto.size > settings.IMPORTAZIONE_MEGABYTE * _MEGA:
        raise ImportazioneNonAmmessa(
            _("«%(nome)s» è più grande di %(massimo)s MB: comprimilo in uno zip o dividilo.")
            % {"nome": nome, "massimo": settings.IMPORTAZIONE_MEGABYTE}
        )


def _impronta(contenuto: File[bytes]) -> str:
    calcolo = hashlib.sha256()
    contenuto.open()
    for pezzo in contenuto.chunks():
        calcolo.update(pezzo)
    contenuto.seek(0)
    return calcolo.hexdigest()
