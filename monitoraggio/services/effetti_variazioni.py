"""What each kind of variazione asks and does: one pair of functions a kind, and the two tables that name them.

`prepara` reads the present state into the request, and refuses what makes no sense; `applica` makes the change, and
refuses if the present state is no longer the one that the request speaks of. Both find the intervento locked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from enti.models import Ente, Utente
from interventi.models import Intervento, VoceQuadroEconomico
from interventi.scelte import VoceDiSpesa
from interventi.services.modifica import DatiRifiutati, modifica_intervento
from monitoraggio import fasi
from monitoraggio.flusso import StatoVariazione
from monitoraggio.models import FasePianificata, Traguardo, Variazione, VoceVariante
from monitoraggio.scelte import TipoVariazione
from monitoraggio.services.traguardi import TraguardoRifiutato, sposta_con_atto
from psttm import formati
from registro.services import annota
from registro.storia import salva

ZERO = Decimal("0.00")


class VariazioneRifiutata(Exception):
    """What was asked cannot be done; `campo` is the field to mend, "" for none in particular."""

    def __init__(self, testo: str, campo: str = "") -> None:
        super().__init__(testo)
        self.campo = campo


@dataclass(frozen=True)
class Chiesto:
    """What a request asks, by kind: only what its kind uses is read. `voci` are the new amounts, in EUR, by item."""

    traguardo_id: int | None = None
    fase: str = ""
    data_dopo: date | None = None
    importo_dopo: Decimal | None = None
    voci: Mapping[str, Decimal] = field(default_factory=dict)
    attuatore_dopo_id: int | None = None


# --- Proroga ------------------------------------------------------------------------------------------------------


def _prepara_proroga(variazione: Variazione, chiesto: Chiesto) -> list[VoceVariante]:
    if (chiesto.traguardo_id is None) == (not chiesto.fase):
        raise VariazioneRifiutata(_("Scegli che cosa prorogare: un traguardo o una fase, uno solo."), "oggetto")
    if chiesto.traguardo_id is not None:
        traguardo = Traguardo.objects.filter(intervento=variazione.intervento, pk=chiesto.traguardo_id).first()
        if traguardo is None:
            raise VariazioneRifiutata(_("Questo traguardo non è dell'intervento: scegline uno dell'elenco."), "oggetto")
        if traguardo.conseguito_il is not None:
            raise VariazioneRifiutata(
                _("Il traguardo è già conseguito: la sua scadenza non si proroga più."), "oggetto"
            )
        variazione.traguardo, prima = traguardo, traguardo.scadenza
    else:
        fase = FasePianificata.objects.filter(intervento=variazione.intervento, fase=chiesto.fase).first()
        if fase is None or fase.fine_prevista is None:
            raise VariazioneRifiutata(_("Questa fase non ha una fine prevista da prorogare."), "oggetto")
        variazione.fase, prima = fase.fase, fase.fine_prevista
    if chiesto.data_dopo is None:
        raise VariazioneRifiutata(_("Manca la nuova data."), "data_dopo")
    if chiesto.data_dopo <= prima:
        raise VariazioneRifiutata(
            _("La nuova data deve venire dopo quella di adesso, il %(giorno)s.")
            % {"giorno": formati.data_breve(prima)},
            "data_dopo",
        )
    variazione.data_prima, variazione.data_dopo = prima, chiesto.data_dopo
    return []


def _applica_proroga(variazione: Variazione, autore: Utente) -> None:
    dopo = variazione.data_dopo
    if dopo is None:
        raise VariazioneRifiutata(_("Manca la nuova data."))
    if variazione.traguardo_id is not None:
        traguardo = Traguardo.objects.select_for_update(of=("self",)).get(pk=variazione.traguardo_id)
        _stessa_data(variazione, traguardo.scadenza)
        try:
            sposta_con_atto(
                traguardo,
                dopo,
                atto=variazione.atto,
                data_atto=variazione.data_atto,
                motivo=variazione.motivo,
                autore=autore,
                variazione=variazione,
            )
        except TraguardoRifiutato as rifiuto:
            raise VariazioneRifiutata(str(rifiuto)) from rifiuto
        return
    fasi_sue = FasePianificata.objects.select_for_update(of=("self",)).filter(intervento=variazione.intervento_id)
    fase = fasi_sue.filter(fase=variazione.fase).first()
    _stessa_data(variazione, None if fase is None else fase.fine_prevista)
    if fase is None:
        return
    fase.fine_prevista = dopo
    salva(fase, autore=autore, campi=["fine_prevista"])
    nome = fasi.nome(variazione.fase)
    annota(
        variazione.intervento,
        "fase prorogata",
        autore=autore,
        prima={nome: variazione.data_prima},
        dopo={nome: dopo, "atto": variazione.atto},
        nota=variazione.motivo,
    )


def _stessa_data(variazione: Variazione, adesso: date | None) -> None:
    if adesso != variazione.data_prima:
        raise VariazioneRifiutata(
            _(
                "La richiesta parla di una scadenza al %(prima)s, che adesso è %(adesso)s: è cambiata nel frattempo. "
                "Respingi la richiesta e fanne fare una nuova."
            )
            % {"prima": formati.data_breve(variazione.data_prima), "adesso": formati.data_breve(adesso)}
        )


# --- Variante -----------------------------------------------------------------------------------------------------


def _prepara_variante(variazione: Variazione, chiesto: Chiesto) -> list[VoceVariante]:
    attuali = _quadro(variazione.intervento_id)
    ignote = set(chiesto.voci) - set(VoceDiSpesa.values)
    if ignote:
        raise VariazioneRifiutata(_("Una voce di spesa non esiste: ricarica la pagina."), "voci")
    if any(importo < 0 for importo in chiesto.voci.values()):
        raise VariazioneRifiutata(_("Un importo è negativo: qui servono importi da zero in su."), "voci")
    cambiate = [
        VoceVariante(voce=voce, importo_prima=attuali.get(voce, ZERO), importo_dopo=chiesto.voci[voce])
        for voce in VoceDiSpesa.values
        if voce in chiesto.voci and chiesto.voci[voce] != attuali.get(voce, ZERO)
    ]
    if not cambiate:
        raise VariazioneRifiutata(_("Nessun importo è diverso da quello di adesso: scrivi quelli nuovi."), "voci")
    variazione.importo_prima = sum(attuali.values(), ZERO)
    variazione.importo_dopo = variazione.importo_prima + sum((v.importo_dopo - v.importo_prima for v in cambiate), ZERO)
    return cambiate


def _applica_variante(variazione: Variazione, autore: Utente) -> None:
    """The items change as by hand: with their versions, the event, and whoever has the form open is told."""
    righe = {riga.voce: riga for riga in VoceQuadroEconomico.objects.filter(intervento=variazione.intervento_id)}
    voci = list(variazione.voci.all())
    diverse = [voce for voce in voci if _importo(righe.get(voce.voce)) != voce.importo_prima]
    totale = sum((riga.importo for riga in righe.values()), ZERO)
    if diverse or totale != variazione.importo_prima:
        quali = ", ".join(str(voce) for voce in diverse) or _("altre voci")
        raise VariazioneRifiutata(
            _(
                "Il quadro economico è cambiato dopo la richiesta (%(quali)s): partiva da %(prima)s, adesso è "
                "%(adesso)s. Respingi la richiesta e fanne fare una nuova."
            )
            % {"quali": quali, "prima": formati.euro(variazione.importo_prima), "adesso": formati.euro(totale)}
        )
    nuove: list[dict[str, Any]] = []
    for voce in voci:
        riga = righe.get(voce.voce)
        chiave = {"voce": voce.voce} if riga is None else {"id": riga.pk}
        nuove.append({**chiave, "importo": voce.importo_dopo})
    _modifica(variazione.intervento, autore, parti={"quadro_economico": nuove})


def _quadro(intervento_id: int) -> dict[str, Decimal]:
    return {riga.voce: riga.importo for riga in VoceQuadroEconomico.objects.filter(intervento=intervento_id)}


def _importo(riga: VoceQuadroEconomico | None) -> Decimal:
    return ZERO if riga is None else riga.importo


def _modifica(
    intervento: Intervento,
    autore: Utente,
    *,
    dati: Mapping[str, Any] | None = None,
    parti: Mapping[str, Any] | None = None,
) -> None:
    try:
        modifica_intervento(
            intervento_id=intervento.pk,
            dati=dati or {},
            parti=parti or {},
            autore=autore,
            visto_alle=intervento.aggiornato,
            per_atto=True,
        )
    except DatiRifiutati as rifiuto:
        raise VariazioneRifiutata(str(rifiuto)) from rifiuto


# --- Economia -----------------------------------------------------------------------------------------------------


def _prepara_economia(variazione: Variazione, chiesto: Chiesto) -> list[VoceVariante]:
    if chiesto.importo_dopo is None or chiesto.importo_dopo <= 0:
        raise VariazioneRifiutata(_("Manca l'importo dell'economia: scrivine uno sopra lo zero."), "importo_dopo")
    variazione.importo_prima = economie_accolte(variazione.intervento_id)
    variazione.importo_dopo = chiesto.importo_dopo
    _entro_il_finanziamento(variazione, chiesto.importo_dopo)
    return []


def _applica_economia(variazione: Variazione, _autore: Utente) -> None:
    """Nothing to write elsewhere: the situazione adds up the economies granted."""
    _entro_il_finanziamento(variazione, variazione.importo_dopo or ZERO)


def economie_accolte(intervento_id: int) -> Decimal:
    """The economies of an intervento granted so far, in EUR."""
    accolte = Variazione.objects.filter(
        intervento=intervento_id, tipo=TipoVariazione.ECONOMIA, stato=StatoVariazione.ACCOLTA
    )
    return sum((importo for importo in accolte.values_list("importo_dopo", flat=True) if importo is not None), ZERO)


def _entro_il_finanziamento(variazione: Variazione, importo: Decimal) -> None:
    totale = variazione.intervento.finanziamento_totale
    gia = economie_accolte(variazione.intervento_id)
    if totale is not None and gia + importo > totale:
        raise VariazioneRifiutata(
            _(
                "Le economie supererebbero il finanziamento: %(importo)s, più %(gia)s già accolte, contro un "
                "finanziamento totale di %(totale)s."
            )
            % {"importo": formati.euro(importo), "gia": formati.euro(gia), "totale": formati.euro(totale)},
            "importo_dopo",
        )


# --- Revoca -------------------------------------------------------------------------------------------------------


def _prepara_revoca(variazione: Variazione, chiesto: Chiesto) -> list[VoceVariante]:
    if chiesto.data_dopo is None:
        raise VariazioneRifiutata(_("Manca il giorno della revoca."), "data_dopo")
    variazione.data_dopo = chiesto.data_dopo
    return []


def _applica_revoca(variazione: Variazione, _autore: Utente) -> None:
    """Nothing to write elsewhere: the situazione takes the day of the revoca granted."""


def revocato_il(intervento_id: int) -> date | None:
    """The day an intervento was revoked on, by a variazione granted."""
    accolte = Variazione.objects.filter(
        intervento=intervento_id, tipo=TipoVariazione.REVOCA, stato=StatoVariazione.ACCOLTA
    )
    return accolte.order_by("data_dopo").values_list("data_dopo", flat=True).first()


# --- Soggetto attuatore -------------------------------------------------------------------------------------------


def _prepara_attuatore(variazione: Variazione, chiesto: Chiesto) -> list[VoceVariante]:
    nuovo = Ente.objects.filter(pk=chiesto.attuatore_dopo_id or 0).first()
    if nuovo is None:
        raise VariazioneRifiutata(_("Manca il nuovo soggetto attuatore: sceglilo dall'elenco."), "attuatore_dopo")
    if nuovo.pk == variazione.intervento.soggetto_attuatore_id:
        raise VariazioneRifiutata(
            _("%(ente)s è già il soggetto attuatore: scegline un altro.") % {"ente": nuovo}, "attuatore_dopo"
        )
    variazione.attuatore_prima = variazione.intervento.soggetto_attuatore
    variazione.attuatore_dopo = nuovo
    return []


def _applica_attuatore(variazione: Variazione, autore: Utente) -> None:
    attuale = variazione.intervento.soggetto_attuatore
    if variazione.intervento.soggetto_attuatore_id != variazione.attuatore_prima_id:
        raise VariazioneRifiutata(
            _(
                "Dopo la richiesta il soggetto attuatore è cambiato: era %(prima)s, adesso è %(adesso)s. Respingi la "
                "richiesta e fanne fare una nuova."
            )
            % {"prima": variazione.attuatore_prima or _("nessuno"), "adesso": attuale or _("nessuno")}
        )
    _modifica(variazione.intervento, autore, dati={"soggetto_attuatore": variazione.attuatore_dopo_id})


PREPARA: dict[str, Callable[[Variazione, Chiesto], list[VoceVariante]]] = {
    TipoVariazione.PROROGA: _prepara_proroga,
    TipoVariazione.VARIANTE: _prepara_variante,
    TipoVariazione.ECONOMIA: _prepara_economia,
    TipoVariazione.REVOCA: _prepara_revoca,
    TipoVariazione.ATTUATORE: _prepara_attuatore,
}
APPLICA: dict[str, Callable[[Variazione, Utente], None]] = {
    TipoVariazione.PROROGA: _applica_proroga,
    TipoVariazione.VARIANTE: _applica_variante,
    TipoVariazione.ECONOMIA: _applica_economia,
    TipoVariazione.REVOCA: _applica_revoca,
    TipoVariazione.ATTUATORE: _applica_attuatore,
}
