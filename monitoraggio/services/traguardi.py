"""Writing the traguardi. Their deadline is moved by an act, with `sposta`, and in no other way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from enti.permessi import Permesso
from monitoraggio.models import SpostamentoTraguardo, Traguardo, Variazione
from monitoraggio.poteri import su_tutti
from monitoraggio.selectors.traguardi import RACCONTATI
from psttm import formati
from registro.services import annota
from registro.storia import salva

DI_CHI = ("misura", "piano", "intervento")
# What may be corrected afterwards. Whose it is, its code and its deadline stay.
CORREGGIBILI = tuple(campo for campo in RACCONTATI if campo not in {"codice", "scadenza"})
ALLA_NASCITA = ("codice", "scadenza", *CORREGGIBILI)


class TraguardoRifiutato(Exception):
    """What was asked of a traguardo cannot be done; `campo` is the field to mend, "" for none in particular."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


@transaction.atomic
def crea(*, dati: Mapping[str, Any], autore: Utente) -> Traguardo:
    """Add a traguardo of one misura, one piano or one intervento. Raises TraguardoRifiutato, PermissionDenied."""
    _puo_gestire(autore)
    di_chi = {nome: dati.get(nome) for nome in DI_CHI if dati.get(nome) is not None}
    if len(di_chi) != 1:
        raise TraguardoRifiutato(_("Un traguardo è di una misura, di un piano o di un intervento: scegline uno solo."))
    valori = {nome: dati[nome] for nome in ALLA_NASCITA if nome in dati}
    _controlla(valori)
    traguardo = Traguardo(**di_chi, **valori, scadenza_iniziale=valori["scadenza"])
    try:
        with transaction.atomic():
            salva(traguardo, autore=autore)
    except IntegrityError as errore:
        raise TraguardoRifiutato(
            _("C'è già un traguardo con il codice «%(codice)s»: scegline un altro.") % {"codice": valori["codice"]},
            "codice",
        ) from errore
    annota(traguardo, "creato", autore=autore, dopo=_in_parole({**di_chi, **valori}))
    return traguardo


@transaction.atomic
def modifica(*, traguardo_id: int, dati: Mapping[str, Any], vista: int, autore: Utente) -> Traguardo:
    """Correct a traguardo, or say how it goes; `vista` is the version that was read (`versione_di`).

    The deadline is not among what can be given. Raises TraguardoRifiutato, PermissionDenied, Traguardo.DoesNotExist.
    """
    _puo_gestire(autore)
    estranei = set(dati) - set(CORREGGIBILI)
    if estranei:
        raise TraguardoRifiutato(_("La scadenza si sposta soltanto con un atto."), sorted(estranei)[0])
    traguardo = Traguardo.objects.select_for_update(of=("self",)).get(pk=traguardo_id)
    if versione_di(traguardo.pk) != vista:
        raise TraguardoRifiutato(
            _("Qualcun altro ha salvato questo traguardo mentre lo modificavi: ricarica la pagina e ripeti.")
        )
    prima = {nome: getattr(traguardo, nome) for nome in dati}
    cambiati = {nome: valore for nome, valore in dati.items() if valore != prima[nome]}
    if not cambiati:
        return traguardo
    _controlla({nome: getattr(traguardo, nome) for nome in CORREGGIBILI} | cambiati)
    for nome, valore in cambiati.items():
        setattr(traguardo, nome, valore)
    salva(traguardo, autore=autore, campi=list(cambiati))
    annota(
        traguardo,
        "modificato",
        autore=autore,
        prima=_in_parole({nome: prima[nome] for nome in cambiati}),
        dopo=_in_parole(cambiati),
    )
    return traguardo


@transaction.atomic
def sposta(
    *, traguardo_id: int, scadenza: date, atto: str, data_atto: date, motivo: str, autore: Utente
) -> SpostamentoTraguardo:
    """Move a deadline by an act. Raises TraguardoRifiutato, PermissionDenied, Traguardo.DoesNotExist."""
    _puo_gestire(autore)
    traguardo = Traguardo.objects.select_for_update(of=("self",)).get(pk=traguardo_id)
    return sposta_con_atto(traguardo, scadenza, atto=atto, data_atto=data_atto, motivo=motivo, autore=autore)


def sposta_con_atto(
    traguardo: Traguardo,
    scadenza: date,
    *,
    atto: str,
    data_atto: date,
    motivo: str,
    autore: Utente,
    variazione: Variazione | None = None,
) -> SpostamentoTraguardo:
    """Move the deadline of a traguardo already locked, for who may: by its own page, or granting a proroga."""
    if traguardo.conseguito_il is not None:
        raise TraguardoRifiutato(
            _("Il traguardo è stato conseguito il %(giorno)s: la sua scadenza non si sposta più.")
            % {"giorno": formati.data_breve(traguardo.conseguito_il)}
        )
    if not atto.strip():
        raise TraguardoRifiutato(_("Manca l'atto: scrivine il tipo e il numero."), "atto")
    if not motivo.strip():
        raise TraguardoRifiutato(_("Manca il motivo: scrivi perché la scadenza cambia."), "motivo")
    _non_futura(data_atto, "data_atto", _("La data dell'atto (%(giorno)s) è nel futuro: controllala."))
    if scadenza == traguardo.scadenza:
        raise TraguardoRifiutato(
            _("La scadenza è già il %(giorno)s: scrivi quella nuova.") % {"giorno": formati.data_breve(scadenza)},
            "scadenza",
        )
    spostamento = SpostamentoTraguardo.objects.create(
        traguardo=traguardo,
        da=traguardo.scadenza,
        a=scadenza,
        atto=atto.strip(),
        data_atto=data_atto,
        motivo=motivo.strip(),
        variazione=variazione,
        autore=autore,
    )
    traguardo.scadenza = scadenza
    salva(traguardo, autore=autore, campi=["scadenza"])
    annota(
        traguardo,
        "scadenza spostata",
        autore=autore,
        prima={"scadenza": spostamento.da},
        dopo={"scadenza": spostamento.a, "atto": spostamento.atto, "data_atto": spostamento.data_atto},
        nota=spostamento.motivo,
    )
    return spostamento


def versione_di(traguardo_id: int) -> int:
    """The last version of a traguardo, by which a form knows that nobody wrote after it was opened; 0 if none."""
    ultima = Traguardo.storico.filter(id=traguardo_id).order_by("-history_date", "-history_id")
    return int(ultima.values_list("history_id", flat=True).first() or 0)


def _puo_gestire(autore: Utente) -> None:
    if not su_tutti(autore, Permesso.GESTIRE_TRAGUARDI):
        raise PermissionDenied(_("I traguardi li gestisce il coordinatore della Città metropolitana."))


def _controlla(valori: Mapping[str, Any]) -> None:
    conseguito = valori.get("conseguito_il")
    if conseguito is None:
        return
    _non_futura(conseguito, "conseguito_il", _("Il giorno del conseguimento (%(giorno)s) è nel futuro: controllalo."))
    if not (valori.get("evidenza") or "").strip():
        raise TraguardoRifiutato(_("Manca l'evidenza: scrivi che cosa prova il conseguimento."), "evidenza")


def _non_futura(giorno: date, campo: str, testo: str) -> None:
    if giorno > timezone.localdate():
        raise TraguardoRifiutato(testo % {"giorno": formati.data_breve(giorno)}, campo)


def _in_parole(valori: Mapping[str, Any]) -> dict[str, Any]:
    """What the registro keeps: rows by their name, empty values left out."""
    return {
        nome: str(valore) if isinstance(valore, Model) else valore
        for nome, valore in valori.items()
        if valore not in (None, "")
    }
