"""The glossary and the terms that the pages explain."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from psttm.aiuto.glossario import PER_ANCORA, TERMINI

TERMINE = re.compile(r'{%\s*termine\s+"([^"]+)"')
PAROLE = re.compile(r"{%\s*parole\s+([^%]+)%}")
COLLEGATO = re.compile(r"/glossario/#([a-z-]+)")
# The page had these before it was made from data: other pages, and people, may point there.
DI_SEMPRE = {
    "avanzamento", "avviso", "belfiore", "cabina", "cig", "classificazione", "clp", "criticita", "cup", "deroga",
    "differenza", "dnsh", "documento", "driver-voce", "dup", "economia", "esito", "fase", "impegno", "importazione",
    "intervento", "indicatore", "ivsm", "linea-finanziamento", "lum", "missione-voce", "pagamento", "piano-costi",
    "piano-integrato", "pinqua", "proroga", "proposta", "psttm-voce", "quadro", "regola", "regis", "rilievo", "rup",
    "sal", "scenario", "situazione", "sttm", "submisura", "traguardo", "unione", "variazione", "zona",
}  # fmt: skip


def _nei_testi(espressione: re.Pattern[str], cartella: str, genere: str) -> set[str]:
    file = Path(settings.BASE_DIR, cartella).rglob(genere)
    return {ancora for uno in file for ancora in espressione.findall(uno.read_text(encoding="utf-8"))}


def _spiegati_dalle_pagine() -> set[str]:
    testi = [uno.read_text(encoding="utf-8") for uno in Path(settings.BASE_DIR, "templates").rglob("*.html")]
    in_riga = {
        ancora for testo in testi for righe in PAROLE.findall(testo) for ancora in re.findall(r'"([^"]+)"', righe)
    }
    return in_riga | {ancora for testo in testi for ancora in TERMINE.findall(testo)}


def _disegna(testo: str, **contesto: object) -> str:
    return Template(testo).render(Context({"request": RequestFactory().get("/"), **contesto}))


def test_le_ancore_sono_uniche_e_quelle_di_sempre_restano() -> None:
    assert len(PER_ANCORA) == len(TERMINI)
    assert set(PER_ANCORA) >= DI_SEMPRE


def test_i_rimandi_portano_a_termini_che_esistono_e_mai_a_se_stessi() -> None:
    for termine in TERMINI:
        assert set(termine.vedi) <= set(PER_ANCORA), termine.ancora
        assert termine.ancora not in termine.vedi


def test_i_termini_sono_in_ordine_alfabetico() -> None:
    nomi = [str(termine.nome).casefold() for termine in TERMINI]
    assert nomi == sorted(nomi)


def test_ogni_termine_che_le_pagine_spiegano_esiste() -> None:
    assert _spiegati_dalle_pagine() <= set(PER_ANCORA)


def test_ogni_termine_e_spiegato_in_una_pagina_o_richiamato_da_guida_o_glossario() -> None:
    usati = _spiegati_dalle_pagine() | _nei_testi(COLLEGATO, "docs/guida", "*.md")
    richiamati = {ancora for termine in TERMINI for ancora in termine.vedi}
    assert not set(PER_ANCORA) - usati - richiamati


@pytest.mark.django_db
def test_la_pagina_ha_ogni_termine_con_la_sua_definizione_e_i_rimandi(client: Client) -> None:
    pagina = html.unescape(client.get(reverse("glossario")).content.decode())
    for termine in TERMINI:
        assert f'<dt id="{termine.ancora}">{termine.nome}</dt>' in pagina
        assert str(termine.definizione) in pagina
    assert '<a href="#spi-t">SPI(t)</a>' in pagina


def test_un_termine_ha_la_definizione_a_portata_di_tastiera() -> None:
    scritto = _disegna('Un {% termine "traguardo" %} e due {% termine "segnale" "segnali" %}.')
    assert '<button type="button" class="termine" popovertarget="termine-traguardo">traguardo</button>' in scritto
    assert 'id="termine-traguardo" popover' in scritto
    assert str(PER_ANCORA["traguardo"].definizione) in html.unescape(scritto)
    assert f'href="{reverse("glossario")}#traguardo"' in scritto
    assert ">segnali</button>" in scritto


def test_un_termine_si_spiega_una_volta_per_pagina() -> None:
    scritto = _disegna('{% termine "cup" %}, {% termine "cup" "codici" %}')
    assert scritto.count("popovertarget") == 1
    assert scritto.endswith(", codici")


def test_senza_una_pagina_il_termine_si_spiega_lo_stesso() -> None:
    assert "termine-cup" in Template('{% termine "cup" %}').render(Context())


def test_un_termine_inesistente_si_scopre_subito() -> None:
    with pytest.raises(KeyError):
        _disegna('{% termine "astronave" %}')
