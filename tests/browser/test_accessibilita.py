"""Every page at both widths: no axe violation, no sideways scroll, nothing asked of another machine."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import LARGHEZZE, Apri

pytestmark = pytest.mark.browser

ANONIMO = [
    "/",
    "/accesso/",
    "/accesso/password/dimenticata/",
    "/glossario/",
    "/fonti/",
    "/privacy/",
    "/note-legali/",
    "/accessibilita/",
    "/questa-pagina-non-esiste/",
]
COORDINATORE = [
    "/",
    "/piano-strategico/",
    "/piano-strategico/missioni/1/",
    "/piano-strategico/missioni/4/",
    "/piano-strategico/obiettivi/",
    "/piano-strategico/obiettivi/?q=zzzz",
    "/piano-strategico/obiettivi/?driver=2&missione=2",
    "/piano-strategico/obiettivi/2/15/",
    "/piano-strategico/obiettivi/nuovo/",
    "/piano-strategico/driver/2/",
    "/piano-strategico/strategie/1/",
    "/piano-strategico/matrice/",
    "/piano-strategico/misure/",
    "/piano-strategico/attuazione/",
    "/piano-strategico/risultati/",
    "/territorio/",
    "/territorio/?misura=densita",
    "/territorio/?misura=ivsm",
    "/territorio/numeri/",
    "/territorio/comuni/",
    "/territorio/comuni/?q=zzzz",
    "/territorio/comuni/015182/",
    "/territorio/zone/7/",
    "/lavori/",
    "/registro/",
    "/componenti/",
    "/accesso/password/",
    "/accesso/secondo-fattore/",
    "/amministrazione/",
]
PROVE = [(None, indirizzo) for indirizzo in ANONIMO] + [("coordinatore", indirizzo) for indirizzo in COORDINATORE]
# The table of a matrix or of figures may scroll inside its own frame; the page itself may not.
SCORRE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("larghezza", LARGHEZZE)
@pytest.mark.parametrize(("chi", "indirizzo"), PROVE)
def test_la_pagina_e_accessibile_e_non_scorre_di_lato(
    apri: Apri, chi: str | None, indirizzo: str, larghezza: str
) -> None:
    pagina = apri(indirizzo, chi=chi, larghezza=larghezza)
    esito = Axe().run(pagina)
    assert esito.violations_count == 0, esito.generate_report()
    assert not pagina.evaluate(SCORRE)
