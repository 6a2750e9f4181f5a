"""What is already known when a month is opened: nobody types again what the portal holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from interventi.models import Intervento
from monitoraggio import fasi, scheda
from monitoraggio.bozza.lettura import leggi, righe_per_sezione, scrivi_valore
from monitoraggio.bozza.righe import celle_di
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Avanzamento, FasePianificata, Traguardo

Celle = dict[str, str]


def celle_adesso(avanzamento: Avanzamento) -> Celle:
    """The cells of an avanzamento in any state: of its rows once they are written, of its draft before."""
    if avanzamento.stato in {StatoAvanzamento.INVIATO, StatoAvanzamento.APPROVATO}:
        return celle_di(avanzamento)
    return dict(avanzamento.bozza)


def precedente(intervento_id: int, mese: date) -> Avanzamento | None:
    """The newest version of the last month before this one that has anything in it."""
    return (
        Avanzamento.objects.filter(intervento=intervento_id, mese__lt=mese)
        .order_by("-mese", "-versione")
        .select_related("intervento")
        .first()
    )


def precompila(intervento: Intervento, mese: date) -> Celle:
    """The cells of a new draft: the month before carried over, or what the register knows; then the plan on top."""
    prima = precedente(intervento.pk, mese)
    celle = riporta(celle_adesso(prima)) if prima is not None else _dal_registro(intervento, mese)
    celle |= _dal_piano(intervento)
    celle |= _traguardi(intervento, celle)
    celle |= _indicatori_nuovi(intervento, celle)
    return {cella: testo for cella, testo in celle.items() if testo}


def riporta(celle: Mapping[str, str]) -> Celle:
    """What of a month holds for the next: states, not movements; criticalities until they are closed."""
    chiuse = {riga.nome for riga in leggi(celle)["criticita"] if riga["chiusa_il"] is not None}
    vive = righe_per_sezione(celle)
    riportate = {}
    for nome, testo in celle.items():
        parti = scheda.leggi_cella(nome)
        if parti is None or not parti.sezione.riportata or parti.riga not in vive.get(parti.sezione.nome, ()):
            continue
        if (parti.sezione.nome, parti.campo) in {("testa", "note"), ("testa", "senza_movimenti")}:
            continue
        if parti.sezione is scheda.CRITICITA and (parti.riga in chiuse or parti.campo == "seguito"):
            continue
        if parti.campo != scheda.TOLTA:
            riportate[nome] = testo
    return riportate


def _dal_registro(intervento: Intervento, mese: date) -> Celle:
    celle: Celle = {}
    for voce in intervento.quadro_economico.all():
        campo = scheda.QUADRO.campo("importo")
        celle[scheda.cella("quadro", voce.voce, "importo")] = scrivi_valore(campo, voce.importo)
    celle[scheda.cella("costi", f"a{mese.year}", "anno")] = str(mese.year)
    return celle


def _dal_piano(intervento: Intervento) -> Celle:
    """The planned dates in force, which the form shows and nobody types over."""
    celle = {}
    for fase in FasePianificata.objects.filter(intervento=intervento):
        for campo in ("inizio_previsto", "fine_prevista"):
            nome = scheda.cella("fasi", fase.fase, campo)
            celle[nome] = scrivi_valore(scheda.FASI.campo(campo), getattr(fase, campo))
    return celle


def _traguardi(intervento: Intervento, celle: Celle) -> Celle:
    """What the register knows of the traguardi that the month before did not speak of."""
    gia = set(righe_per_sezione(celle).get("traguardi", ()))
    nuove = {}
    for traguardo in Traguardo.objects.filter(intervento=intervento):
        riga = f"t{traguardo.pk}"
        if riga in gia:
            continue
        valori = {
            "previsione": traguardo.previsione,
            "conseguito_il": traguardo.conseguito_il,
            "valore": traguardo.valore_raggiunto,
            "evidenza": traguardo.evidenza,
        }
        for campo, valore in valori.items():
            nuove[scheda.cella("traguardi", riga, campo)] = scrivi_valore(scheda.TRAGUARDI.campo(campo), valore)
    return nuove


def _indicatori_nuovi(intervento: Intervento, celle: Celle) -> Celle:
    """The indicators of the register that the draft does not have yet, by their code."""
    presenti = {riga["codice"] for riga in leggi(celle)["indicatori"]}
    nuove = {}
    for indicatore in intervento.indicatori.all():
        if indicatore.codice in presenti:
            continue
        presenti.add(indicatore.codice)
        for campo in scheda.INDICATORI.campi:
            nome = scheda.cella("indicatori", f"i{indicatore.pk}", campo.nome)
            nuove[nome] = scrivi_valore(campo, getattr(indicatore, campo.nome))
    return nuove


def fasi_da_mostrare(natura: str, celle: Mapping[str, str]) -> list[fasi.Fase]:
    """The phases that the form shows: the usual ones of the nature, and every other that has something in it."""
    presenti = set(righe_per_sezione(celle).get("fasi", ()))
    consuete = fasi.CONSUETE.get(natura) or fasi.CONSUETE["03"]
    scelte = [fase for fase in fasi.della_natura(natura) if fase.codice in consuete or fase.codice in presenti]
    conosciute = {fase.codice for fase in scelte}
    return scelte + [fasi.PER_CODICE[c] for c in sorted(presenti - conosciute) if c in fasi.PER_CODICE]
