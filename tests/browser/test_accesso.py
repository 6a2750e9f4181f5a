"""The warning before the session ends, in a real browser with a quick clock."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Finestre

pytestmark = [pytest.mark.browser, pytest.mark.aspetto]

MINUTO = 60_000  # milliseconds


def test_tre_minuti_prima_della_fine_un_avviso_permette_di_restare_collegati(apri: Finestre) -> None:
    pagina = apri("/programma/", chi="cabina")
    pagina.clock.install()
    pagina.reload()
    pagina.clock.fast_forward(56 * MINUTO)
    assert pagina.get_by_role("alert").inner_text() == ""
    pagina.clock.fast_forward(MINUTO + 1000)
    pagina.get_by_role("alert").get_by_text("La sessione finisce alle").wait_for()
    pagina.get_by_role("button", name="Resta collegato").click()
    pagina.get_by_role("alert").get_by_text("Sei collegato fino alle").wait_for()
    pagina.clock.fast_forward(56 * MINUTO)
    assert pagina.get_by_role("alert").inner_text() == ""
    pagina.clock.fast_forward(5 * MINUTO)
    pagina.get_by_role("alert").get_by_text("La sessione è scaduta").wait_for()
