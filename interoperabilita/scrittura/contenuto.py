"""From the cells of a draft to JSON, with the place of each: what is read can be changed and sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from interoperabilita.risorse.bozza import CHIAVI, RIGA, nome_campo, nome_sezione
from interoperabilita.risorse.tipi import NON_NOTO
from interventi.scelte import VoceDiSpesa
from monitoraggio import fasi, scheda
from monitoraggio.bozza.lettura import leggi_valore, righe_per_sezione
from monitoraggio.scheda import Campo, Genere, Sezione

RADICE = "/contenuto"


@dataclass
class Contenuto:
    """The JSON, and the JSON Pointer of each cell of the form that is in it."""

    dati: dict[str, Any] = field(default_factory=dict)
    dove: dict[str, str] = field(default_factory=dict)

    def puntatore(self, cella: str) -> str:
        """Where a cell is; where it is not, the section that it would be in."""
        if cella in self.dove:
            return self.dove[cella]
        parti = scheda.leggi_cella(cella)
        return RADICE if parti is None else f"{RADICE}/{nome_sezione(parti.sezione)}"


def componi(bozza: Mapping[str, str], ordine: Mapping[str, Sequence[str]] | None = None) -> Contenuto:
    """`ordine` are rows that come first, by section: those of the request that is being answered."""
    contenuto = Contenuto()
    vive = righe_per_sezione(bozza)
    for campo in scheda.TESTA.campi:
        cella, nome = scheda.cella("testa", "0", campo.nome), nome_campo(campo)
        contenuto.dati[nome] = _valore(campo, bozza.get(cella, ""))
        contenuto.dove[cella] = f"{RADICE}/{nome}"
    for sezione in scheda.SEZIONI:
        if sezione is scheda.TESTA:
            continue
        prime = list((ordine or {}).get(sezione.nome, ()))
        altre = [r for r in vive.get(sezione.nome, []) if r not in prime and _piena(sezione, r, bozza)]
        righe: list[dict[str, Any]] = []
        for riga in [*prime, *altre]:
            chiave = _chiave(sezione, riga)
            if chiave is not None:
                dove = f"{RADICE}/{nome_sezione(sezione)}/{len(righe)}"
                contenuto.dove |= {c: f"{dove}/{nome_campo(campo)}" for c, campo in scheda.celle(sezione, riga)}
                valori = {
                    nome_campo(campo): _valore(campo, bozza.get(c, "")) for c, campo in scheda.celle(sezione, riga)
                }
                righe.append({CHIAVI.get(sezione.nome, RIGA).nome: chiave, **valori})
        contenuto.dati[nome_sezione(sezione)] = righe
    return contenuto


def _piena(sezione: Sezione, riga: str, bozza: Mapping[str, str]) -> bool:
    return any(
        bozza.get(cella, "").strip()
        for cella, campo in scheda.celle(sezione, riga)
        if campo.nome not in sezione.di_contorno
    )


def _chiave(sezione: Sezione, riga: str) -> Any:
    """What names a row; None where it cannot be one of this section."""
    if sezione is scheda.FASI:
        return riga if riga in fasi.PER_CODICE else None
    if sezione is scheda.QUADRO:
        return riga if riga in VoceDiSpesa.values else None
    if sezione is scheda.TRAGUARDI:
        return int(riga[1:]) if riga[:1] == "t" and riga[1:].isdecimal() else None
    return riga


def _valore(campo: Campo, testo: str) -> Any:
    """A cell as JSON; what cannot be read is not there, and a remark says so."""
    testo = testo.strip()
    try:
        valore = leggi_valore(campo, testo)
    except ValidationError:
        valore = testo if campo.genere in {Genere.TESTO, Genere.AREA, Genere.CIG} else None
    match campo.genere:
        case Genere.SCELTA:
            return valore or NON_NOTO
        case Genere.SPUNTA:
            return bool(valore)
    if valore is None:
        return None
    match campo.genere:
        case Genere.IMPORTO | Genere.PERCENTO:
            return f"{valore:.2f}"
        case Genere.QUANTITA:
            scritto = f"{valore:f}"
            return scritto.rstrip("0").rstrip(".") if "." in scritto else scritto
        case Genere.DATA:
            return valore.isoformat()
    return valore
