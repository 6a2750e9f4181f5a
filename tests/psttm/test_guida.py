"""The guide speaks of the portal as it is: its links lead somewhere, the labels it quotes stand on the pages."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from psttm.aiuto import guida
from psttm.aiuto.glossario import PER_ANCORA
from psttm.aiuto.indice import AREE, PAGINE, pagina_per
from psttm.contesto import MENU, MENU_SERVIZIO, SOTTOMENU

CITATO = re.compile(r"\*\*([^*]+)\*\*")
COLLEGAMENTO = re.compile(r'href="([^"]+)"')
STANZE = ("psttm", "enti", "registro", "interventi", "piani_integrati", "monitoraggio", "rapporti", "interoperabilita")


@cache
def parole_del_portale() -> str:
    """All that templates, scripts and Python can show, in one text with single spaces."""
    file = [
        *Path(settings.BASE_DIR, "templates").rglob("*.html"),
        *Path(settings.BASE_DIR, "static", "js").glob("*.js"),
        *(uno for stanza in (*STANZE, "cruscotto") for uno in Path(settings.BASE_DIR, stanza).rglob("*.py")),
    ]
    testi = [uno.read_text(encoding="utf-8") for uno in file if "aiuto" not in uno.parts and "guida" not in uno.parts]
    return re.sub(r"\s+", " ", html.unescape(" ".join(testi))).casefold()


@pytest.mark.parametrize("codice", [guida.INTRODUZIONE, *PAGINE])
def test_i_nomi_che_la_guida_cita_in_neretto_sono_scritti_sulle_pagine(codice: str) -> None:
    sorgente = (guida.SORGENTI / f"{codice}.md").read_text(encoding="utf-8")
    mancanti = [nome for nome in CITATO.findall(sorgente) if nome.casefold() not in parole_del_portale()]
    assert not mancanti


@pytest.mark.parametrize("codice", [guida.INTRODUZIONE, *PAGINE])
def test_ogni_collegamento_della_guida_porta_a_qualcosa(codice: str) -> None:
    sbagliati = [verso for verso in COLLEGAMENTO.findall(guida.leggi_sorgente(codice).html) if not _esiste(verso)]
    assert not sbagliati


def _esiste(verso: str) -> bool:
    indirizzo, _, ancora = verso.partition("#")
    try:
        rotta = resolve(indirizzo)
    except Resolver404:
        return False
    if rotta.url_name == "glossario":
        return not ancora or ancora in PER_ANCORA
    if rotta.url_name == "guida-pagina":
        return _parte_esiste(rotta.kwargs["codice"], ancora)
    return not ancora


def _parte_esiste(codice: str, ancora: str) -> bool:
    return codice in PAGINE and (not ancora or ancora in dict(guida.leggi_sorgente(codice).indice))


def test_ogni_sorgente_sta_nell_indice_e_ogni_pagina_una_volta_sola() -> None:
    sorgenti = {file.stem for file in guida.SORGENTI.glob("*.md")}
    assert sorgenti == {guida.INTRODUZIONE, *PAGINE}
    assert len(PAGINE) == len(set(PAGINE))


def test_ogni_area_dei_menu_ha_la_sua_pagina_della_guida() -> None:
    indirizzi = [voce[2] for voce in MENU]
    indirizzi += [voce[2] for voci in SOTTOMENU.values() for voce in voci]
    indirizzi += [reverse(rotta) for _, rotta, _ in MENU_SERVIZIO if rotta != "componenti"]
    senza = [indirizzo for indirizzo in indirizzi if not pagina_per(indirizzo)]
    assert not senza
    inesistenti = [pagina for pagina in AREE.values() if not _parte_esiste(*pagina.partition("#")[::2])]
    assert not inesistenti


def test_vale_la_pagina_del_prefisso_piu_lungo() -> None:
    assert pagina_per("/monitoraggio/") == "situazione"
    assert pagina_per("/monitoraggio/traguardi/3/sposta/") == "traguardi"
    assert pagina_per("/glossario/") == ""


@pytest.mark.django_db
def test_la_guida_si_legge_senza_accesso_e_ogni_pagina_porta_alle_vicine(client: Client) -> None:
    indice = client.get(reverse("guida")).content.decode()
    for codice in PAGINE:
        assert f'href="{reverse("guida-pagina", args=[codice])}"' in indice
        pagina = client.get(reverse("guida-pagina", args=[codice]))
        assert pagina.status_code == 200
        testo = html.unescape(pagina.content.decode())
        assert f"<h1>{guida.pagine()[codice].titolo}</h1>" in testo
        assert 'aria-current="page"' in testo
    assert client.get(reverse("guida-pagina", args=["astronavi"])).status_code == 404


@pytest.mark.django_db
def test_in_fondo_a_ogni_pagina_la_sua_guida(client: Client) -> None:
    pagina = client.get(reverse("open-data")).content.decode()
    assert f'<a href="{reverse("guida-pagina", args=["api"])}#i-dati-aperti">Guida a questa pagina</a>' in pagina
    pagina = client.get(reverse("glossario")).content.decode()
    assert f'<a href="{reverse("guida")}">Guida</a>' in pagina


@pytest.mark.django_db
def test_una_guida_mai_costruita_lo_dice(client: Client, settings: object, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    assert "manage.py costruisci_guida" in client.get(reverse("guida")).content.decode()
    assert client.get(reverse("guida-pagina", args=["compilare"])).status_code == 404


def test_una_sorgente_senza_titolo_o_mancante_ferma_la_costruzione(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(guida, "SORGENTI", tmp_path)
    with pytest.raises(CommandError, match="mancano le pagine: index"):
        call_command("costruisci_guida")
    (tmp_path / "index.md").write_text("Una riga senza titolo.", encoding="utf-8")
    with pytest.raises(guida.GuidaSbagliata, match=r"index\.md deve cominciare con il titolo"):
        guida.leggi_sorgente("index")


def test_una_sorgente_non_porta_html_suo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(guida, "SORGENTI", tmp_path)
    scritta = "# Titolo\n\nFrase.\n\n## Una parte\n\n<script>alert(1)</script> e [un'altra](api.md#avere-una-chiave).\n"
    (tmp_path / "prova.md").write_text(scritta, encoding="utf-8")
    pagina = guida.leggi_sorgente("prova")
    assert "<script>" not in pagina.html
    assert 'href="/guida/api/#avere-una-chiave"' in pagina.html
    assert (pagina.titolo, pagina.sommario, pagina.indice) == ("Titolo", "Frase.", (("una-parte", "Una parte"),))


def test_la_guida_costruita_e_quella_delle_sorgenti() -> None:
    scritte = json.loads(guida.costruisci().read_text(encoding="utf-8"))
    assert [pagina["codice"] for pagina in scritte] == [guida.INTRODUZIONE, *PAGINE]
    assert guida.pagine()["compilare"] == guida.leggi_sorgente("compilare")
    assert guida.introduzione() == guida.leggi_sorgente("index")
