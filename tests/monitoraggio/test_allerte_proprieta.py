"""What holds of every warning, whatever the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interventi.scelte import StatoCup
from monitoraggio import mesi
from monitoraggio.allerte.catalogo import CATALOGO, PER_CODICE
from monitoraggio.allerte.giudizio import giudica
from monitoraggio.allerte.tipi import Caso, DaDecidere, Dnsh, Gara
from monitoraggio.opere.tipi import Denaro, Mese
from monitoraggio.selectors.elenco_situazione import segno_di
from tests.monitoraggio.casi import AL, caso, contesto
from tests.rapporti.quadri import in_corso, lavori, problema, scadenza, stato

GIORNI = st.dates(date(2022, 1, 1), date(2028, 12, 31))
PASSATI = st.dates(date(2022, 1, 1), AL)
PERCENTI = st.decimals(0, 100, places=2)
EURO = st.decimals(0, 2_000_000, places=2)


def forse(strategia: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategia


@st.composite
def mesi_detti(draw: st.DrawFn) -> list[Mese]:
    quanti = draw(st.integers(0, 20))
    primo = date(2023, 1, 1)
    return [
        Mese(mesi.ultimo(mesi.avanti(primo, posto)), draw(forse(PERCENTI)), Decimal(0), draw(EURO))
        for posto in range(quanti)
    ]


@st.composite
def casi(draw: st.DrawFn) -> Caso:
    """Any intervento, coherent or not."""
    detti = draw(mesi_detti())
    situazione = stato(
        riferita_al=detti[-1].riferito_al if detti else None,
        avanzamento_id=1 if detti else None,
        percentuale=detti[-1].percentuale if detti else None,
        inizio_lavori=draw(forse(PASSATI)),
        fine_prevista=draw(forse(GIORNI)),
        fine_stimata=draw(forse(GIORNI)),
        fine_effettiva=draw(forse(PASSATI)),
        pagato=draw(EURO),
    )
    estremi = sorted((draw(GIORNI), draw(GIORNI)))
    sua = scadenza(1, draw(GIORNI), previsione=draw(forse(GIORNI)), conseguito_il=draw(forse(PASSATI)))
    return caso(
        situazione,
        mesi=detti,
        base=draw(st.none() | st.just((estremi[0], estremi[1]))),
        finanziamento=draw(forse(EURO)),
        cup=draw(st.sampled_from(["", "B41J22000010001"])),
        stato_cup=draw(st.sampled_from(["", *StatoCup.values])),
        pagamenti_regis=draw(forse(EURO)),
        pagamenti_al=draw(forse(PASSATI)),
        denari=[Denaro("privato", draw(forse(EURO)), None)] * draw(st.integers(0, 1)),
        fasi=lavori(inizio_previsto=draw(forse(GIORNI))),
        problemi=[problema(gravita=draw(st.sampled_from(["alta", "bassa"])), scadenza=draw(forse(GIORNI)))],
        scadenze=[sua],
        gare=[Gara("A", "", draw(forse(PASSATI)), draw(forse(PASSATI)))],
        atteso_dal=draw(forse(PASSATI)),
        dnsh=draw(st.none() | st.builds(Dnsh, st.booleans(), forse(GIORNI))),
        da_decidere=[DaDecidere("Titolo", "a", "b", draw(PASSATI))] * draw(st.integers(0, 1)),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(casi())
def test_ogni_trovato_ha_un_rischio_fra_uno_e_cento_un_motivo_e_le_sue_prove(di: Caso) -> None:
    for allarme, trovato in giudica(di, contesto()):
        assert 1 <= allarme.scala.da <= trovato.peso <= allarme.scala.a <= 100
        assert trovato.motivo.endswith((".", "».", "%."))
        assert "None" not in trovato.motivo
        assert "%(" not in trovato.motivo
        assert trovato.evidenza
        assert all(nome and testo and "None" not in testo for nome, testo in trovato.evidenza)
        assert len(trovato.riga) <= 60


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(casi())
def test_di_un_intervento_ogni_segnale_si_dice_una_volta_sola_e_sempre_nello_stesso_ordine(di: Caso) -> None:
    trovati = [(allarme.codice, trovato.riga) for allarme, trovato in giudica(di, contesto())]
    assert len(set(trovati)) == len(trovati)
    posti = {allarme.codice: posto for posto, allarme in enumerate(CATALOGO)}
    assert [posti[codice] for codice, _riga in trovati] == sorted(posti[codice] for codice, _riga in trovati)
    assert list(giudica(di, contesto())) == list(giudica(di, contesto()))


# What may be missing, and no warning is about its being missing.
TOLTI: dict[str, Any] = {
    "finanziamento": None,
    "pagamenti_regis": None,
    "pagamenti_al": None,
    "base": None,
    "stato_cup": "",
    "denari": [],
    "fasi": [],
    "problemi": [],
}
TOLTI_DALLO_STATO = ("percentuale", "fine_prevista")
TOLTI_DAL_CASO: dict[str, Any] = {"scadenze": (), "gare": (), "dnsh": None, "da_decidere": (), "atteso_dal": None}


@given(casi(), st.sampled_from([*TOLTI, *TOLTI_DALLO_STATO, *TOLTI_DAL_CASO]))
def test_un_dato_che_manca_non_fa_scattare_nulla(di: Caso, tolto: str) -> None:
    if tolto in TOLTI:
        senza = replace(di, opera=replace(di.opera, **{tolto: TOLTI[tolto]}))
    elif tolto in TOLTI_DAL_CASO:
        senza = replace(di, **{tolto: TOLTI_DAL_CASO[tolto]})
    else:
        vuoto: dict[str, Any] = {tolto: None}
        situazione = replace(di.opera.stato, **vuoto)
        senza = replace(di, opera=replace(di.opera, stato=situazione))
    prima = {allarme.codice for allarme, _trovato in giudica(di, contesto())}
    dopo = {allarme.codice for allarme, _trovato in giudica(senza, contesto())}
    # Where no traguardo waits for the end of the works, it is the planned end that their pace is judged by.
    ammessi = {"fine_a_rischio"} if tolto in {"scadenze", "base"} else set()
    assert dopo - prima <= ammessi


@given(st.sampled_from([allarme.codice for allarme in CATALOGO]), st.lists(st.decimals(-500, 5_000), min_size=2))
def test_il_rischio_cresce_con_la_distanza_e_resta_nella_sua_scala(codice: str, distanze: list[Decimal]) -> None:
    scala = PER_CODICE[codice].scala
    pesi = [scala.peso(distanza) for distanza in sorted(distanze)]
    assert pesi == sorted(pesi)
    assert scala.peso(0) == scala.da
    assert scala.peso(scala.pieno) == scala.a
    assert all(scala.da <= peso <= scala.a for peso in pesi)


@given(st.integers(1, 2_000), st.integers(1, 2_000))
def test_piu_giorni_sono_passati_piu_il_segnale_e_grave(pochi: int, altri: int) -> None:
    def rischi(giorni: int) -> dict[str, int]:
        giorno = AL - timedelta(days=giorni)
        di = caso(
            in_corso(fine_prevista=giorno, riferita_al=AL - timedelta(days=31)),
            gare=[Gara("A", "", giorno, None)],
            scadenze=[scadenza(1, giorno)],
            problemi=[problema(gravita="alta", scadenza=giorno)],
        )
        assert segno_di(di.opera.stato, AL) == "in_ritardo"
        return {allarme.codice: trovato.peso for allarme, trovato in giudica(di, contesto())}

    prima, dopo = rischi(pochi), rischi(pochi + altri)
    assert set(prima) <= set(dopo)
    assert all(prima[codice] <= dopo[codice] for codice in prima)
