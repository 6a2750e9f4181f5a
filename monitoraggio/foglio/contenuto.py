"""From the drafts to a workbook: rows in the order of the form, and some blank ones for what is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from interventi.models import Intervento
from interventi.scelte import VoceDiSpesa
from monitoraggio import fasi, scheda
from monitoraggio.bozza.lettura import righe_per_sezione
from monitoraggio.bozza.precompilazione import fasi_da_mostrare
from monitoraggio.controlli.tipi import Rilievo
from monitoraggio.foglio import colonne
from monitoraggio.foglio.tipi import Celle, Libro, RigaFoglio, Scheda, Soggetto, nuova_identita
from monitoraggio.models import Traguardo
from monitoraggio.scheda import Sezione
from psttm import formati

# Blank rows under those of an intervento, with their names: filled in twice, they are still the same rows.
VUOTE = {"indicatori": 1, "sal": 1, "impegni": 3, "pagamenti": 3, "costi": 1, "criticita": 1}
DATE_DEL_PIANO = {"inizio_previsto": 0, "fine_prevista": 1}
Pianificate = Mapping[str, tuple[date | None, date | None]]


@dataclass
class Pratica:
    """An intervento with what the workbook needs to know of it. `intervento.classificazione` is already read."""

    intervento: Intervento
    soggetto: Soggetto
    celle: Celle
    traguardi: Sequence[Traguardo] = ()
    # The planned dates in force, by phase: they change by a proroga only.
    pianificate: Pianificate = field(default_factory=dict)
    rilievi: Sequence[Rilievo] = ()


def componi(mese: date, pratiche: Iterable[Pratica], scaricato: datetime, identita: str = "") -> Libro:
    """The workbook of a month. The warnings have a sheet only if there are any."""
    libro = Libro(mese=mese, scaricato=scaricato, identita=identita or nuova_identita())
    for sezione in scheda.SEZIONI:
        libro.schede[sezione.nome] = Scheda(sezione.nome)
    for pratica in pratiche:
        pk = pratica.intervento.pk
        libro.soggetti[pk] = pratica.soggetto
        libro.base[pk] = dict(pratica.celle)
        presenti = righe_per_sezione(pratica.celle)
        for sezione in scheda.SEZIONI:
            righe = libro.schede[sezione.nome].righe
            for nome, fissa in _righe(sezione, pratica, presenti.get(sezione.nome, [])):
                righe.append(riga(sezione, pratica, nome, fissa))
            righe += [
                riga(sezione, pratica, f"f{libro.identita}{numero}", "")
                for numero in range(VUOTE.get(sezione.nome, 0))
                if f"f{libro.identita}{numero}" not in presenti.get(sezione.nome, [])
            ]
    if not libro.schede[scheda.SPIEGAZIONI.nome].righe:
        del libro.schede[scheda.SPIEGAZIONI.nome]
    return libro


def riga(sezione: Sezione, pratica: Pratica, nome: str, fissa: str) -> RigaFoglio:
    soggetto = pratica.soggetto
    return RigaFoglio(
        intervento=soggetto.intervento,
        nome=nome,
        cup=soggetto.cup,
        clp=soggetto.clp,
        titolo=soggetto.titolo,
        fissa=fissa,
        valori={
            campo.nome: colonne.in_cella(campo, pratica.celle.get(scheda.cella(sezione.nome, nome, campo.nome), ""))
            for campo in colonne.campi(sezione).values()
        },
        bloccati=bloccati(sezione, pratica.pianificate, nome),
    )


def bloccati(sezione: Sezione, pianificate: Pianificate, nome: str) -> frozenset[str]:
    """The fields of a row that are shown and not typed."""
    if sezione is not scheda.FASI:
        return frozenset()
    date_ = pianificate.get(nome, (None, None))
    return frozenset(campo for campo, posto in DATE_DEL_PIANO.items() if date_[posto] is not None)


def _righe(sezione: Sezione, pratica: Pratica, presenti: Sequence[str]) -> list[tuple[str, str]]:
    """The names of the rows of a section, with what the portal calls each."""
    if sezione is scheda.TESTA:
        return [("0", "")]
    if sezione is scheda.FASI:
        classificazione = pratica.intervento.classificazione
        natura = classificazione.natura if classificazione is not None else ""
        return [(fase.codice, nome_fase(fase.codice)) for fase in fasi_da_mostrare(natura, pratica.celle)]
    if sezione is scheda.QUADRO:
        return [(voce.value, str(voce.label)) for voce in VoceDiSpesa]
    if sezione is scheda.TRAGUARDI:
        return [(f"t{traguardo.pk}", nome_traguardo(traguardo)) for traguardo in pratica.traguardi]
    if sezione is scheda.SPIEGAZIONI:
        return [(rilievo.chiave, rilievo.testo) for rilievo in pratica.rilievi if not rilievo.errore]
    return [(nome, "") for nome in presenti]


def nome_fase(codice: str) -> str:
    return f"{codice} {fasi.nome(codice)}"


def nome_traguardo(traguardo: Traguardo) -> str:
    return _("%(traguardo)s, entro il %(scadenza)s") % {
        "traguardo": traguardo,
        "scadenza": formati.data_breve(traguardo.scadenza),
    }
