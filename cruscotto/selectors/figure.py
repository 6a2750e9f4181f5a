"""The figures of the Cruscotto: of a day that was counted, for the interventi that the filters choose.

Nothing here walks the interventi: `cruscotto.services.fotografie` counted them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from cruscotto.conteggio.giorno import LAVORO, del_tempo
from cruscotto.conteggio.somme import DECIMALI, Somme
from cruscotto.models import DaRicontare, Fotografia, Sorvegliato, TipoFotografia
from cruscotto.selectors import letture
from cruscotto.selectors.letture import Letto, Parziale, Scelta
from cruscotto.selectors.nomi import Nomi, con_comuni, nomi
from cruscotto.tipi import Attenzione, Curva, Dimensione, Figure, Filtri, Gruppo, Istantanea, Quantita, Totali
from monitoraggio.calcolo.passi import Andamento, andamento, ultimo_completo
from monitoraggio.tempo import Tempo
from registro.models import Lavoro

NESSUNO: Mapping[str, Any] = {}


# --- Which count -----------------------------------------------------------------------------------------------------


def istantanea(tempo: Tempo) -> Istantanea | None:
    """The count of a day; None where nobody has counted it yet. One query."""
    fotografie = Fotografia.objects.filter(**del_tempo(tempo).campi)
    corrente_ora = Fotografia.objects.filter(tipo=TipoFotografia.CORRENTE).values("versione")[:1]
    cambiati = DaRicontare.objects.filter(dati=True, quando__gt=OuterRef("contata_il"))
    fotografia = fotografie.annotate(
        attesa=_in_attesa(), versione_ora=Subquery(corrente_ora), da_contare=Exists(cambiati)
    ).first()
    if fotografia is None:
        return None
    corrente = fotografia.tipo == TipoFotografia.CORRENTE
    return Istantanea(
        fotografia_id=fotografia.pk,
        al=fotografia.al,
        noto_al=fotografia.noto_al or fotografia.contata_il,
        corrente=corrente,
        interventi=fotografia.interventi,
        in_attesa=fotografia.attesa if corrente else 0,
        contata_il=fotografia.contata_il,
        superata=not corrente and _superata(fotografia),
        di_tutti=fotografia.comune_a_tutti,
    )


def _in_attesa() -> Any:
    """How many interventi changed and are to be counted again."""
    cambiati = DaRicontare.objects.filter(intervento__isnull=False).order_by().values(tutti=Value(1))
    return Coalesce(Subquery(cambiati.annotate(quanti=Count("intervento", distinct=True)).values("quanti")), 0)


def ultimo_conteggio(tempo: Tempo) -> Lavoro | None:
    """The last job that counted a day, or that is counting it: one query."""
    return Lavoro.objects.filter(tipo=LAVORO, chiave=del_tempo(tempo).chiave).first()


def _superata(fotografia: Any) -> bool:
    """Whether data changed after a past day was counted; what was known at an instant of before stays so."""
    if fotografia.noto_al is not None and fotografia.noto_al <= fotografia.contata_il:
        return False
    if fotografia.versione_ora not in {None, fotografia.versione}:
        return True
    return bool(fotografia.da_contare)


# --- Figures ---------------------------------------------------------------------------------------------------------


def leggi(istantanea: Istantanea, filtri: Filtri, chi: Nomi | None = None) -> Figure:
    """All that the first page shows of a selection: three queries at most, whatever the number of interventi.

    `chi` are the names, where they were read already.
    """
    chi, scelta, letto, extra = _leggi(istantanea, filtri, chi, gruppi=True)
    curva = _andamento(letto.somme, istantanea.al)
    return Figure(
        istantanea=istantanea,
        filtri=filtri,
        totali=_totali(letto, curva, scelta, extra),
        gruppi={uno: _gruppi(uno, letto, curva.fino, chi, filtri, scelta, extra) for uno in Dimensione},
        quantita=_quantita(letto.somme.conti, extra),
        curva=_curva(letto.somme, curva),
        attenzione=_attenzione(istantanea, letto.somme, len(letto.somme.primi)),
    )


def totali(istantanea: Istantanea, filtri: Filtri) -> Totali:
    _chi, scelta, letto, extra = _leggi(istantanea, filtri, gruppi=False)
    return _totali(letto, _andamento(letto.somme, istantanea.al), scelta, extra)


def gruppi(istantanea: Istantanea, filtri: Filtri, dimensione: Dimensione) -> list[Gruppo]:
    chi, scelta, letto, extra = _leggi(istantanea, filtri, gruppi=True)
    fino = ultimo_completo(letto.somme.passi, istantanea.al)
    return _gruppi(dimensione, letto, fino, chi, filtri, scelta, extra)


@dataclass(frozen=True)
class Selezione:
    """Totals and groups of a kind; `fino` is the end of the month that the value of the works speaks of."""

    totali: Totali
    gruppi: list[Gruppo]
    fino: date


def selezione(istantanea: Istantanea, filtri: Filtri, dimensione: Dimensione) -> Selezione:
    """Totals and groups with the queries of one of them."""
    chi, scelta, letto, extra = _leggi(istantanea, filtri, gruppi=True)
    curva = _andamento(letto.somme, istantanea.al)
    gruppi = _gruppi(dimensione, letto, curva.fino, chi, filtri, scelta, extra)
    return Selezione(_totali(letto, curva, scelta, extra), gruppi, curva.fino)


def di_letto(letto: Letto, al: date, filtri: Filtri, dimensione: Dimensione, altrove: Mapping[str, str]) -> Selezione:
    """The same of interventi counted apart, whose sums are all of the selection: one query.

    `altrove` are the Comuni outside the Città metropolitana, by ISTAT code.
    """
    curva = _andamento(letto.somme, al)
    gruppi = _gruppi(dimensione, letto, curva.fino, con_comuni(nomi(), altrove), filtri, {}, {})
    return Selezione(_totali(letto, curva, {}, {}), gruppi, curva.fino)


def curva(istantanea: Istantanea, filtri: Filtri) -> Curva:
    _chi, _scelta, letto, _extra = _leggi(istantanea, filtri, gruppi=False)
    return _curva(letto.somme, _andamento(letto.somme, istantanea.al))


def attenzione(istantanea: Istantanea, filtri: Filtri, quanti: int = 10) -> list[Attenzione]:
    """Those most at risk, the first ten at most: the others are in the list of the early warnings."""
    _chi, _scelta, letto, _extra = _leggi(istantanea, filtri, gruppi=False)
    return _attenzione(istantanea, letto.somme, quanti)


def _leggi(
    istantanea: Istantanea, filtri: Filtri, chi: Nomi | None = None, *, gruppi: bool
) -> tuple[Nomi, Scelta, Letto, dict[str, Any]]:
    """Names, what was chosen, its sums, and what belongs to no intervento: two queries."""
    extra = dict(istantanea.di_tutti)
    chi = con_comuni(chi or nomi(), extra.get("comuni", {}))
    scelti = {dimensione: chi.valore(dimensione, filtri) for dimensione in Dimensione}
    scelta = {dimensione: valore for dimensione, valore in scelti.items() if valore is not None}
    letto = letture.leggi(istantanea.fotografia_id, scelta, chi.zone, gruppi=gruppi)
    return chi, scelta, letto, extra


def _andamento(somme: Somme, al: date) -> Andamento:
    return andamento(somme.passi, ultimo_completo(somme.passi, al), al)


def _totali(letto: Letto, curva: Andamento, scelta: Scelta, extra: dict[str, Any]) -> Totali:
    return _conti(
        letto.somme.conti,
        _dei_piani(scelta, extra),
        comuni=letto.comuni,
        valore=curva.totale,
        previsto=curva.previsto,
        fatto=curva.fatto,
    )


def _dei_piani(scelta: Scelta, extra: dict[str, Any]) -> dict[str, int]:
    """The traguardi of measures and piani, which a selection by place or by aim leaves out, as reports do."""
    traguardi: dict[str, dict[str, int]] = extra.get("traguardi", {})
    if not scelta:
        somma: dict[str, int] = {}
        for suoi in traguardi.values():
            for stato, quanti in suoi.items():
                somma[stato] = somma.get(stato, 0) + quanti
        return somma
    return traguardi.get(scelta[Dimensione.PIANO], {}) if set(scelta) == {Dimensione.PIANO} else {}


def _conti(conti: dict[str, int], dei_piani: Mapping[str, int], **altri: Any) -> Totali:
    def di(prefisso: str) -> dict[str, int]:
        inizio = f"{prefisso}:"
        return {nome.removeprefix(inizio): n for nome, n in conti.items() if n and nome.startswith(inizio)}

    traguardi = di("traguardo")
    for stato, quanti in dei_piani.items():
        traguardi[stato] = traguardi.get(stato, 0) + quanti
    return Totali(
        interventi=conti.get("interventi", 0),
        finanziamento=_euro(conti.get("finanziamento", 0)),
        senza_importo=conti.get("senza_importo", 0),
        impegnato=_euro(conti.get("impegnato", 0)),
        pagato=_euro(conti.get("pagato", 0)),
        economie=_euro(conti.get("economie", 0)),
        segni=di("segno"),
        lavori=di("lavori"),
        traguardi=traguardi,
        segnali=di("segnale"),
        lacune=di("lacuna"),
        con_segnali=conti.get("con_segnali", 0),
        con_lacune=conti.get("con_lacune", 0),
        **altri,
    )


# --- Groups ----------------------------------------------------------------------------------------------------------


def _gruppi(
    dimensione: Dimensione, letto: Letto, fino: date, chi: Nomi, filtri: Filtri, scelta: Scelta, extra: dict[str, Any]
) -> list[Gruppo]:
    """In the order in which people name them; those of none come last."""
    trovati = letto.gruppi(dimensione, fino)
    in_ordine = sorted(trovati, key=lambda valore: chi.di(dimensione, valore).posto)
    return [_gruppo(dimensione, valore, trovati[valore], chi, filtri, scelta, extra) for valore in in_ordine]


def _gruppo(
    dimensione: Dimensione,
    valore: str,
    parziale: Parziale,
    chi: Nomi,
    filtri: Filtri,
    scelta: Scelta,
    extra: dict[str, Any],
) -> Gruppo:
    nome = chi.di(dimensione, valore)
    inizio, fine, stimata = (None if giorno is None else date.fromisoformat(giorno) for giorno in parziale.giorni)
    del_gruppo = {**scelta, dimensione: valore}
    return Gruppo(
        dimensione=dimensione,
        chiave=nome.chiave,
        nome=nome.nome,
        totali=_conti(
            parziale.conti,
            _dei_piani(del_gruppo, extra) if valore else NESSUNO,
            comuni=parziale.comuni,
            valore=_euro(parziale.valore),
            previsto=_euro(parziale.previsto),
            fatto=_euro(parziale.fatto),
        ),
        filtri=_con(filtri, dimensione, nome.chiave) if nome.chiave else filtri,
        inizio=inizio,
        fine=fine,
        fine_stimata=stimata,
    )


def _con(filtri: Filtri, dimensione: Dimensione, chiave: str) -> Filtri:
    testi = {Dimensione.PIANO, Dimensione.COMUNE}
    scelto: dict[str, Any] = {dimensione.value: chiave if dimensione in testi else int(chiave)}
    return replace(filtri, **scelto)


# --- What belongs to the selection as a whole ------------------------------------------------------------------------


def _quantita(conti: dict[str, int], extra: dict[str, Any]) -> list[Quantita]:
    descritti: dict[str, list[str]] = extra.get("indicatori", {})
    codici = sorted(nome.removeprefix("indicatore:") for nome in conti if nome.startswith("indicatore:"))
    return [
        Quantita(
            codice=codice,
            descrizione=descritti.get(codice, ["", ""])[0],
            unita=descritti.get(codice, ["", ""])[1],
            programmato=Decimal(conti.get(f"programmato:{codice}", 0)).scaleb(-DECIMALI),
            realizzato=Decimal(conti.get(f"realizzato:{codice}", 0)).scaleb(-DECIMALI),
            interventi=conti[f"indicatore:{codice}"],
        )
        for codice in codici
    ]


def _curva(somme: Somme, serie: Andamento) -> Curva:
    importi = somme.di("importo_fuori")
    return Curva(
        mesi=serie.mesi,
        piano=serie.piano,
        effettivo=serie.effettivo,
        proiezione=serie.proiezione,
        fino=serie.fino,
        totale=serie.totale,
        previsto=serie.previsto,
        fatto=serie.fatto,
        stima=serie.stima,
        inizio=serie.inizio,
        fine=serie.fine,
        fuori={motivo: (n, _euro(importi.get(motivo, 0))) for motivo, n in sorted(somme.di("fuori").items())},
    )


def _attenzione(istantanea: Istantanea, somme: Somme, quanti: int) -> list[Attenzione]:
    posti = [posto.intervento for posto in somme.primi[:quanti]]
    righe = Sorvegliato.objects.filter(profilo__fotografia=istantanea.fotografia_id, intervento__in=posti)
    per_pk = {riga.intervento: riga for riga in righe}
    return [
        Attenzione(
            intervento_id=riga.intervento,
            nome=riga.nome,
            codice=riga.codice,
            piano=riga.piano,
            comuni=riga.comuni,
            attuatore=riga.attuatore,
            rischio=riga.rischio,
            motivi=tuple(riga.motivi),
            importo=riga.importo,
            codici=tuple(riga.codici),
        )
        for pk in posti
        if (riga := per_pk.get(pk)) is not None
    ]


def _euro(centesimi: int) -> Decimal:
    return Decimal(centesimi).scaleb(-2)
