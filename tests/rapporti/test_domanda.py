"""The question: the same one has the same code for ever, another one another code, and people may type it badly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from rapporti.domanda import ALFABETO, Domanda, Perimetro, codice_letto
from rapporti.scelte import TipoPerimetro, TipoRapporto

ISTANTE = datetime(2025, 1, 15, 9, 42, 7, tzinfo=UTC)
DOMANDA = Domanda(
    tipo=TipoRapporto.AVANZAMENTO,
    perimetro=Perimetro(TipoPerimetro.PIANO, "COME IN"),
    al=date(2024, 12, 31),
    noto_al=ISTANTE,
    confronto_al=date(2024, 9, 30),
    confronto_noto_al=ISTANTE,
)
domande = st.builds(
    Domanda,
    tipo=st.sampled_from(TipoRapporto),
    perimetro=st.one_of(
        st.just(Perimetro()),
        st.builds(Perimetro, st.just(TipoPerimetro.PIANO), st.sampled_from(["COME IN", "SPUGNA", "CAMBIO", "MICA"])),
        st.builds(Perimetro, st.just(TipoPerimetro.COMUNE), st.from_regex(r"\A015\d{3}\Z")),
    ),
    al=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    noto_al=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 given above
    confronto_al=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    confronto_noto_al=st.just(ISTANTE),
)


def test_il_codice_di_una_domanda_non_cambia_mai() -> None:
    """Written down once: a change of it would leave every printed report without its code."""
    assert DOMANDA.testo == (
        "avanzamento|piano:COME IN|2024-12-31|2025-01-15T09:42:07Z|2024-09-30|2025-01-15T09:42:07Z"
    )
    assert DOMANDA.codice == "757S-FB0G-7EJ8"


def test_lo_stesso_istante_in_un_altro_fuso_e_la_stessa_domanda() -> None:
    a_roma = ISTANTE.astimezone(timezone(timedelta(hours=1)))
    assert replace(DOMANDA, noto_al=a_roma, confronto_noto_al=a_roma).codice == DOMANDA.codice


def test_ogni_parte_della_domanda_cambia_il_codice() -> None:
    altre = [
        replace(DOMANDA, tipo=TipoRapporto.SINTESI),
        replace(DOMANDA, perimetro=Perimetro()),
        replace(DOMANDA, al=date(2024, 12, 30)),
        replace(DOMANDA, noto_al=ISTANTE + timedelta(seconds=1)),
        replace(DOMANDA, confronto_al=date(2024, 6, 30)),
        replace(DOMANDA, confronto_noto_al=ISTANTE - timedelta(seconds=1)),
    ]
    assert len({domanda.codice for domanda in [DOMANDA, *altre]}) == len(altre) + 1


@given(domande)
def test_il_codice_ha_dodici_cifre_che_non_si_confondono_e_si_rilegge(domanda: Domanda) -> None:
    cifre = domanda.codice.replace("-", "")
    assert len(cifre) == 12
    assert set(cifre) <= set(ALFABETO)
    assert codice_letto(domanda.codice) == domanda.codice


@given(domande, st.sampled_from(["", " ", "-", ".", "–"]), st.booleans())
def test_il_codice_si_rilegge_comunque_lo_si_scriva(domanda: Domanda, fra: str, minuscole: bool) -> None:
    scritto = fra.join(domanda.codice.replace("-", "")).replace("0", "o").replace("1", "l")
    assert codice_letto(scritto if not minuscole else scritto.lower()) == domanda.codice


@given(st.text(max_size=40))
def test_un_testo_qualsiasi_e_un_codice_intero_oppure_niente(testo: str) -> None:
    letto = codice_letto(testo)
    assert letto == "" or codice_letto(letto) == letto
