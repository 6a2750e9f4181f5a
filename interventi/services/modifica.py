"""Writing an intervento by hand: one transaction for the intervento and all its parts.

`dati` holds fields of the intervento. `parti` holds, by name: for the lists (`istantanea.PARTI`) the rows to write,
each a dict with its fields, the `id` of the row if there is one already, and `togli` to take it away; for the single
rows (`istantanea.UNICHE`) a dict of fields; in `classificazione` the codes of one that is not in the register yet.
What is not named stays as it is. Amounts in EUR.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from enti.models import Utente
from interventi import cig, cup, ricerca
from interventi.controlli import Rilievo, controlla
from interventi.estensioni import VINCOLI
from interventi.istantanea import PARTI, UNICHE, Istantanea, Parte, Valori, con, leggi, semplice
from interventi.models import Classificazione, Intervento, Submisura
from interventi.models.intervento import FUORI_PNRR
from interventi.models.origine import DatoRegis
from interventi.regioni import luogo
from psttm import formati
from registro.models import Evento
from registro.services import annota
from registro.storia import elimina, salva

PREFISSO_LOCALE = "CMMI-"
_LOCALE = re.compile(r"CMMI-(\d+)")
# Fields that no extract of ReGiS brings: an import has nothing to overwrite there.
SOLO_NOSTRI = frozenset({"cup", "clp", "submisura", "livello_progettuale"})

# What changed, by the name people read: the value before and the one after.
Cambiamenti = dict[str, tuple[Any, Any]]


class DatiRifiutati(Exception):
    """What was typed cannot be saved; `rilievi` say what and where."""

    def __init__(self, rilievi: list[Rilievo]) -> None:
        super().__init__(" ".join(rilievo.testo for rilievo in rilievi))
        self.rilievi = rilievi


class ModificaConcorrente(Exception):
    """Somebody else saved the intervento after it was opened."""

    def __init__(self, chi: str, quando: datetime) -> None:
        super().__init__(
            _("%(chi)s ha salvato questo intervento il %(quando)s, mentre lo stavi modificando.")
            % {"chi": chi, "quando": formati.data_ora(quando)}
        )
        self.chi = chi
        self.quando = quando


@transaction.atomic
def crea_intervento(*, dati: Mapping[str, Any], parti: Mapping[str, Any], autore: Utente) -> Intervento:
    """Add an intervento. Without CUP and without local code it takes the next of ours (CMMI-0001, CMMI-0002…).

    Raises DatiRifiutati.
    """
    pronti, pronte = _con_codice_locale(_normali(dati)), _parti_normali(parti)
    _rifiuta(controlla(Istantanea(), con(Istantanea(), pronti, pronte), intervento_id=None))
    intervento = Intervento()
    cambiamenti = _scrivi(intervento, pronti, pronte, autore)
    annota(intervento, "creato", autore=autore, dopo={nome: dopo for nome, (_prima, dopo) in cambiamenti.items()})
    return intervento


@transaction.atomic
def modifica_intervento(
    *,
    intervento_id: int,
    dati: Mapping[str, Any],
    parti: Mapping[str, Any],
    autore: Utente,
    visto_alle: datetime,
    per_atto: bool = False,
) -> Intervento:
    """Change an intervento seen at `visto_alle` (its `aggiornato` then). What is equal is not written.

    `per_atto`: a room above makes the change by an act of its own, so what the rooms above hold to is not asked.
    Raises ModificaConcorrente when somebody saved in the meantime, DatiRifiutati, Intervento.DoesNotExist.
    """
    intervento = Intervento.objects.select_for_update(of=("self",)).visibili_a(autore).get(pk=intervento_id)
    if intervento.aggiornato != visto_alle:
        raise _concorrente(intervento)
    prima = leggi(intervento_id)
    pronti, pronte = _con_codice_locale({**_chiave(prima), **_normali(dati)}), _parti_normali(parti)
    _esistono(prima, pronte)
    dopo = con(prima, pronti, pronte)
    _rifiuta(controlla(prima, dopo, intervento_id=intervento_id))
    if not per_atto:
        _rifiuta([rilievo for vincolo in VINCOLI for rilievo in vincolo(intervento_id, prima, dopo)])
    cambiamenti = _scrivi(intervento, pronti, pronte, autore)
    if cambiamenti:
        annota(
            intervento,
            "modificato",
            autore=autore,
            prima={nome: vecchio for nome, (vecchio, _nuovo) in cambiamenti.items()},
            dopo={nome: nuovo for nome, (_vecchio, nuovo) in cambiamenti.items()},
        )
    return intervento


def _rifiuta(rilievi: list[Rilievo]) -> None:
    if rilievi:
        raise DatiRifiutati(rilievi)


def _concorrente(intervento: Intervento) -> ModificaConcorrente:
    ultimo = (
        Evento.objects.filter(tipo_oggetto=Intervento._meta.label_lower, id_oggetto=str(intervento.pk))
        .select_related("autore")
        .order_by("-quando", "-pk")
        .first()
    )
    chi = str(ultimo.autore) if ultimo is not None and ultimo.autore is not None else _("Un'importazione")
    return ModificaConcorrente(chi, intervento.aggiornato)


def _chiave(prima: Istantanea) -> Valori:
    return {campo: prima.dati[campo] for campo in ("cup", "clp")}


def _normali(dati: Mapping[str, Any]) -> Valori:
    pronti = dict(dati)
    if pronti.get("cup"):
        pronti["cup"] = cup.normalizza(pronti["cup"])
    return pronti


def _parti_normali(parti: Mapping[str, Any]) -> Valori:
    pronte = dict(parti)
    pronte["procedure"] = [
        {**gara, "cig": cig.normalizza(gara["cig"])} if gara.get("cig") else gara for gara in parti.get("procedure", ())
    ]
    return pronte


def _con_codice_locale(dati: Valori) -> Valori:
    """A free local code where there is neither CUP nor code; the lock keeps two people from taking the same."""
    if dati.get("cup") or dati.get("clp"):
        return dati
    Submisura.objects.select_for_update().get(codice=FUORI_PNRR)
    usati = Intervento.objects.filter(clp__startswith=PREFISSO_LOCALE).values_list("clp", flat=True)
    numeri = [int(trovato[1]) for codice in usati if (trovato := _LOCALE.fullmatch(codice))]
    return {**dati, "clp": f"{PREFISSO_LOCALE}{max(numeri, default=0) + 1:04}"}


def _esistono(prima: Istantanea, parti: Valori) -> None:
    """Rows named by their pk belong to this intervento."""
    for nome in PARTI:
        for riga in parti.get(nome, ()):
            if riga.get("id") and riga["id"] not in prima.righe[nome]:
                raise DatiRifiutati([Rilievo(_("Questa riga non c'è più: ricarica la pagina."), "", nome, riga["id"])])


def _scrivi(intervento: Intervento, dati: Valori, parti: Valori, autore: Utente) -> Cambiamenti:
    """Write what differs, each row with its version; say what changed."""
    cambiamenti: Cambiamenti = {}
    try:
        with transaction.atomic():
            nuova_classe = parti.get("classificazione")
            if nuova_classe:
                dati = {**dati, "classificazione": _classificazione(nuova_classe)}
            cambiamenti |= _scrivi_riga(intervento, dati, autore)
            for nome, (modello, campi) in UNICHE.items():
                cambiamenti |= _scrivi_unica(intervento, modello, campi, parti.get(nome) or {}, autore)
            for nome, parte in PARTI.items():
                cambiamenti |= _scrivi_parte(intervento, parte, list(parti.get(nome, ())), autore)
    except IntegrityError as errore:
        raise DatiRifiutati(
            [Rilievo(_("Due righe si contendono lo stesso posto: salva prima una delle due modifiche, poi l'altra."))]
        ) from errore
    if cambiamenti:
        ricerca.aggiorna([intervento.pk])
        # Written last, after every version: what was known at this instant is all that was saved.
        intervento.aggiornato = timezone.now()
        Intervento.objects.filter(pk=intervento.pk).update(aggiornato=intervento.aggiornato)
    return cambiamenti


def _classificazione(valori: Mapping[str, str]) -> Classificazione:
    codici = {campo: valori.get(campo, "") for campo in ("natura", "tipologia", "settore", "sottosettore", "categoria")}
    nomi = {campo: testo for campo, testo in valori.items() if campo not in codici}
    classe, _nuova = Classificazione.objects.get_or_create(**codici, defaults=nomi)
    return classe


def _scrivi_riga(riga: Model, valori: Mapping[str, Any], autore: Utente, anche: Valori | None = None) -> Cambiamenti:
    """Save the fields that differ; those that ReGiS holds too become ours. `anche` are fields that follow from them."""
    nuova = riga.pk is None
    cambiati = [campo for campo, valore in valori.items() if semplice(valore) != _attuale(riga, campo)]
    if not cambiati and not nuova:
        return {}
    prima = {} if nuova else {campo: _leggibile(riga, campo) for campo in cambiati}
    seguono = (anche or {}) if cambiati or nuova else {}
    for campo in cambiati:
        _assegna(riga, campo, valori[campo])
    for campo, valore in seguono.items():
        setattr(riga, campo, valore)
    scritti = [*cambiati, *seguono]
    if isinstance(riga, DatoRegis):
        nostri = [campo for campo in cambiati if campo not in SOLO_NOSTRI and campo not in riga.campi_nostri]
        if nostri:
            riga.campi_nostri = [*riga.campi_nostri, *nostri]
            scritti.append("campi_nostri")
    salva(riga, autore=autore, campi=None if nuova else scritti)
    return {_etichetta(riga, campo): (prima.get(campo), _leggibile(riga, campo)) for campo in cambiati}


def _etichetta(riga: Model, campo: str) -> str:
    del_modello: Any = riga._meta.get_field(campo)
    return str(del_modello.verbose_name)


def _attuale(riga: Model, campo: str) -> Any:
    """The value of a field as snapshots keep it, without reading the object a foreign key points to."""
    del_modello: Any = riga._meta.get_field(campo)
    return getattr(riga, del_modello.attname)


def _assegna(riga: Model, campo: str, valore: Any) -> None:
    """Foreign keys may come as objects or as pks."""
    if riga._meta.get_field(campo).is_relation and not isinstance(valore, Model):
        setattr(riga, f"{campo}_id", valore)
    else:
        setattr(riga, campo, valore)


def _scrivi_unica(
    intervento: Intervento, modello: type[Model], campi: tuple[str, ...], valori: Valori, autore: Utente
) -> Cambiamenti:
    riga = modello._default_manager.filter(intervento=intervento).first()
    detti = {campo: valori[campo] for campo in campi if campo in valori}
    if riga is None:
        if all(valore in (None, "") for valore in detti.values()):
            return {}
        riga = modello(intervento=intervento)
    return _scrivi_riga(riga, detti, autore)


def _scrivi_parte(intervento: Intervento, parte: Parte, righe: list[Valori], autore: Utente) -> Cambiamenti:
    """First what is taken away, then what changes, then what is new: so that a place is free when it is taken."""
    if not righe:
        return {}
    attuali = {riga.pk: riga for riga in parte.modello._default_manager.filter(intervento=intervento)}
    cambiamenti: Cambiamenti = {}
    for voce in (v for v in righe if v.get("id") and v.get("togli")):
        riga = attuali[voce["id"]]
        nome = _nome(parte, riga)
        cambiamenti[nome] = (
            {str(c): _leggibile(riga, c) for c in parte.campi if _attuale(riga, c) not in (None, "")},
            None,
        )
        elimina(riga, autore=autore)
    for voce in sorted((v for v in righe if not v.get("togli")), key=lambda v: v.get("id") is None):
        riga = attuali[voce["id"]] if voce.get("id") else parte.modello(intervento=intervento)
        detti = {campo: voce[campo] for campo in parte.campi if campo in voce}
        diversi = _scrivi_riga(riga, detti, autore, anche=_luogo(riga, detti))
        if diversi:
            prima = {campo: valori[0] for campo, valori in diversi.items() if valori[0] not in (None, "")}
            dopo = {campo: valori[1] for campo, valori in diversi.items()}
            nome = _nome(parte, riga)
            cambiamenti[nome if nome not in cambiamenti else f"{nome} ({riga.pk})"] = (prima or None, dopo)
    return cambiamenti


def _luogo(riga: Model, detti: Valori) -> Valori:
    """The codes of a place follow its Comune."""
    comune = detti.get("comune")
    return luogo(comune) if comune is not None and semplice(comune) != getattr(riga, "comune_id", None) else {}


def _nome(parte: Parte, riga: Model) -> str:
    """A row as the registro calls it: "finanziamenti: PNRR"."""
    campo = riga._meta.get_field(parte.chiave[0])
    quale = getattr(riga, campo.name) if campo.is_relation else None
    return f"{riga._meta.verbose_name_plural}: {quale or riga}"


def _leggibile(riga: Model, campo: str) -> Any:
    """A value as the registro keeps it: choices and objects by their name."""
    mostra = getattr(riga, f"get_{campo}_display", None)
    if mostra is not None:
        return str(mostra()) if getattr(riga, campo) not in (None, "") else None
    valore = getattr(riga, campo)
    return str(valore) if isinstance(valore, Model) else valore
