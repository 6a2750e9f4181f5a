"""The guided tour: offered once to each person, and readable as a page."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.template import Context
from django.test import Client
from django.urls import reverse

from enti.permessi import CHI_PUO, Permesso
from enti.ruoli import Ruolo
from psttm.aiuto.giri import GIRI, giro_di
from psttm.aiuto.modelli import EsitoGiro, GiroVisto
from psttm.aiuto.services import segna_giro
from psttm.templatetags.aiuto import offri_giro
from tests.enti.persone import accesso_di_prova, crea_persona

__all__ = ["accesso_di_prova"]
OFFERTA = "Prima volta qui? Un giro di due minuti."


def _offerta(rf: object, utente: object, indirizzo: str = "/cruscotto/") -> dict[str, object]:
    richiesta = rf.get(indirizzo)  # type: ignore[attr-defined]
    richiesta.user = utente
    return offri_giro(Context({"request": richiesta}))


def test_ogni_ruolo_che_ha_un_cruscotto_ha_un_giro_di_quattro_sette_passi() -> None:
    assert {giro.ruolo for giro in GIRI} == CHI_PUO[Permesso.LEGGERE_MONITORAGGIO]
    for giro in GIRI:
        assert 4 <= len(giro.passi) <= 7
        assert len({str(passo.titolo) for passo in giro.passi}) == len(giro.passi)


def test_chi_ha_piu_ruoli_ha_il_giro_del_primo_e_un_ministero_nessuno() -> None:
    assert giro_di({Ruolo.COMPILATORE, Ruolo.RESPONSABILE}).ruolo == Ruolo.RESPONSABILE  # type: ignore[union-attr]
    assert giro_di({Ruolo.CABINA, Ruolo.COORDINATORE}).ruolo == Ruolo.COORDINATORE  # type: ignore[union-attr]
    assert giro_di({Ruolo.MINISTERO}) is None
    assert giro_di(set()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("ruolo", [giro.ruolo for giro in GIRI])
def test_il_cruscotto_offre_il_giro_del_proprio_ruolo(client: Client, ruolo: Ruolo) -> None:
    client.force_login(crea_persona(ruolo))
    pagina = client.get(reverse("cruscotto")).content.decode()
    assert OFFERTA in pagina
    assert reverse("guida-primi-passi", args=[ruolo]) in pagina
    dati = re.search(r'<script id="giro-passi" type="application/json">(.*?)</script>', pagina, re.S)
    assert dati is not None
    assert len(dati[1].encode()) < 4_000
    passi = json.loads(dati[1])
    assert all(passo["elemento"] and passo["titolo"] and passo["testo"] for passo in passi)


@pytest.mark.django_db
@pytest.mark.parametrize("esito", EsitoGiro.values)
def test_visto_o_rimandato_non_si_offre_piu_neppure_altrove(client: Client, esito: str) -> None:
    persona = crea_persona(Ruolo.CABINA)
    client.force_login(persona)
    assert client.post(reverse("giro-visto"), {"esito": esito}).url == reverse("cruscotto")  # type: ignore[attr-defined]
    assert GiroVisto.objects.get(utente=persona).esito == esito
    altrove = Client()
    altrove.force_login(persona)
    assert OFFERTA not in altrove.get(reverse("cruscotto")).content.decode()


@pytest.mark.django_db
def test_il_giro_rimandato_si_rifa_dal_menu(client: Client, rf: object) -> None:
    persona = crea_persona(Ruolo.CABINA)
    segna_giro(utente=persona, giro=Ruolo.CABINA, esito=EsitoGiro.RIMANDATO)
    client.force_login(persona)
    assert (
        f'<a href="{reverse("cruscotto")}?giro=si">Rifai il giro</a>' in client.get(reverse("guida")).content.decode()
    )
    assert _offerta(rf, persona)["giro"] is None
    assert _offerta(rf, persona, "/cruscotto/?giro=si")["subito"] is True


@pytest.mark.django_db
def test_un_giro_visto_resta_visto_anche_se_poi_lo_si_rimanda() -> None:
    persona = crea_persona(Ruolo.CABINA)
    for esito in (EsitoGiro.RIMANDATO, EsitoGiro.VISTO, EsitoGiro.RIMANDATO):
        segna_giro(utente=persona, giro=Ruolo.CABINA, esito=esito)
    assert GiroVisto.objects.get().esito == EsitoGiro.VISTO


@pytest.mark.django_db
def test_un_esito_sconosciuto_non_si_segna(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.CABINA))
    client.post(reverse("giro-visto"), {"esito": "boh"})
    assert not GiroVisto.objects.exists()


@pytest.mark.django_db
def test_lo_script_non_riceve_una_pagina(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.CABINA))
    risposta = client.post(reverse("giro-visto"), {"esito": "visto"}, headers={"X-Requested-With": "XMLHttpRequest"})
    assert (risposta.status_code, risposta.content) == (204, b"")


@pytest.mark.django_db
@pytest.mark.parametrize("giro", GIRI, ids=lambda giro: giro.ruolo)
def test_gli_stessi_passi_si_leggono_come_pagina_anche_senza_accesso(client: Client, giro: object) -> None:
    pagina = html.unescape(client.get(reverse("guida-primi-passi", args=[giro.ruolo])).content.decode())  # type: ignore[attr-defined]
    for passo in giro.passi:  # type: ignore[attr-defined]
        assert f"<h2>{passo.titolo}</h2>" in pagina
    assert "Fai il giro sul Cruscotto" not in pagina


@pytest.mark.django_db
def test_dalla_pagina_si_fa_solo_il_proprio_giro(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.CABINA))
    bottone = "Fai il giro sul Cruscotto"
    assert bottone in client.get(reverse("guida-primi-passi", args=["cabina"])).content.decode()
    assert bottone not in client.get(reverse("guida-primi-passi", args=["istruttore"])).content.decode()
    assert client.get(reverse("guida-primi-passi", args=["astronauta"])).status_code == 404
