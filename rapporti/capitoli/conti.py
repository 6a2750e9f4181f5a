"""The figures of a group of interventi that several chapters tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django.utils.text import slugify

from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors.elenco_situazione import PAROLE, REVOCATO
from rapporti.capitoli.cifre import calcolata, conta, decimale, quota, somma
from rapporti.capitoli.lavori import LAVORI, NOMI_DEI_LAVORI, SENZA_DATI, lavori_di
from rapporti.capitoli.tavole import chiave_comune, dichiarato
from rapporti.documento import Cifra, Unita
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro

# The marks, said of many.
SEGNI_AL_PLURALE = {
    "concluso": "conclusi",
    "in_linea": "in linea",
    "a_rischio": "a rischio",
    "in_ritardo": "in ritardo",
    "non_avviato": "non avviati",
    "non_determinabile": "senza dati",
    REVOCATO: "revocati",
}


@dataclass(frozen=True)
class Conti:
    """How many, where, in what state and for how much; `lavori` and `segni` hold those there are."""

    interventi: Cifra
    comuni: Cifra
    lavori: Mapping[str, Cifra]
    segni: Mapping[str, Cifra]
    finanziamento: Cifra
    impegnato: Cifra
    pagato: Cifra
    economie: Cifra
    impegnato_percento: Cifra
    pagato_percento: Cifra
    senza_importo: Cifra
    # Whether nothing was ever declared of any of them.
    muti: bool
    # The interventi of each state of the works and of each mark.
    per_lavori: Mapping[str, tuple[Opera, ...]]
    per_segno: Mapping[str, tuple[Opera, ...]]


def conti(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Conti:
    """Worked out once for each anchor, with which the keys of the figures begin."""
    nome = f"conti.{ancora}"
    if nome not in quadro.appunti:
        quadro.appunti[nome] = _conti(opere, quadro, ancora)
    return cast(Conti, quadro.appunti[nome])


def _conti(opere: Sequence[Opera], quadro: Quadro, ancora: str) -> Conti:
    per_lavori = {stato: tuple(o for o in opere if lavori_di(o, quadro.al) == stato) for stato in LAVORI}
    per_segno = {segno: tuple(o for o in opere if o.segno == segno) for segno in PAROLE}
    finanziamento = somma(
        f"{ancora}.finanziamento", "Finanziamento", ((o.chiave, o.finanziamento) for o in opere), "finanziamento"
    )
    impegnato = somma(
        f"{ancora}.impegnato", "Impegnato", ((o.chiave, dichiarato(o, o.stato.impegnato)) for o in opere), "impegnato"
    )
    pagato = somma(f"{ancora}.pagato", "Pagato", ((o.chiave, dichiarato(o, o.stato.pagato)) for o in opere), "pagato")
    return Conti(
        interventi=conta(f"{ancora}.interventi", "Interventi", (o.chiave for o in opere)),
        comuni=conta(f"{ancora}.comuni", "Comuni", _comuni(opere, quadro), "comuni"),
        lavori={
            stato: conta(f"{ancora}.lavori.{slugify(stato)}", NOMI_DEI_LAVORI[stato], (o.chiave for o in sue))
            for stato, sue in per_lavori.items()
            if sue
        },
        segni={
            segno: conta(
                f"{ancora}.stato.{segno.replace('_', '-')}",
                f"Interventi {SEGNI_AL_PLURALE[segno]}",
                (o.chiave for o in sue),
            )
            for segno, sue in per_segno.items()
            if sue
        },
        finanziamento=finanziamento,
        impegnato=impegnato,
        pagato=pagato,
        economie=somma(
            f"{ancora}.economie", "Economie", ((o.chiave, o.stato.economie) for o in opere), "economie", Unita.EURO
        ),
        impegnato_percento=quota(
            f"{ancora}.impegnato-percento", "Impegnato, del finanziamento", impegnato, finanziamento
        ),
        pagato_percento=quota(f"{ancora}.pagato-percento", "Pagato, del finanziamento", pagato, finanziamento),
        senza_importo=conta(
            f"{ancora}.senza-importo",
            "Interventi di cui non è noto il finanziamento",
            (o.chiave for o in opere if o.finanziamento is None),
        ),
        muti=len(per_lavori[SENZA_DATI]) == len(opere),
        per_lavori=per_lavori,
        per_segno=per_segno,
    )


def differenza(chiave: str, etichetta: str, da: Cifra, meno: Cifra) -> Cifra:
    """One amount less another."""
    return calcolata(
        chiave, etichetta, decimale(da) - decimale(meno), da.unita, f"{da.etichetta} − {meno.etichetta}", (da, meno)
    )


def _comuni(opere: Sequence[Opera], quadro: Quadro) -> list[str]:
    """The keys of their Comuni, in the order of their names; of a place, those that are in it."""
    toccati = {comune for opera in opere for comune in opera.comuni}
    perimetro = quadro.domanda.perimetro
    trovati = [comune for pk, comune in quadro.comuni.items() if pk in toccati]
    if perimetro.tipo == TipoPerimetro.COMUNE:
        trovati = [comune for comune in trovati if comune.codice_istat == perimetro.chiave]
    if perimetro.tipo == TipoPerimetro.ZONA:
        trovati = [
            comune for comune in trovati if comune.zona is not None and comune.zona.numero == int(perimetro.chiave)
        ]
    return [chiave_comune(comune) for comune in trovati]
