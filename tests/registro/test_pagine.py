"""The pages of jobs and events."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from enti.ruoli import Ruolo
from registro.models import Lavoro, StatoLavoro
from registro.services import annota
from tests.enti.persone import crea_persona
from tests.psttm.test_pagine import leggi

pytestmark = pytest.mark.django_db


def test_il_coordinatore_avvia_un_lavoro_e_ne_segue_lo_stato(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    risposta = client.post(reverse("lavoro-prova"))
    lavoro = Lavoro.objects.get()
    assert risposta.headers["Location"] == reverse("lavoro", args=[lavoro.pk])
    assert "In attesa di essere preso in carico" in leggi(client, reverse("lavoro", args=[lavoro.pk]))
    Lavoro.objects.update(stato=StatoLavoro.IN_CORSO, passo="Passo 3", fatti=3, totale=20)
    stato = client.get(reverse("lavoro-stato", args=[lavoro.pk])).json()
    assert stato["aperto"] is True
    assert (stato["fatti"], stato["totale"]) == (3, 20)
    assert stato["frase"] == "Passo 3 · 3 di 20, ne mancano 17"
    assert f"n. {lavoro.pk}" in leggi(client, reverse("lavori"))


def test_un_lavoro_in_coda_si_annulla_e_poi_si_ripete(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    client.post(reverse("lavoro-prova"))
    lavoro = Lavoro.objects.get()
    client.post(reverse("lavoro-annulla", args=[lavoro.pk]))
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.ANNULLATO
    assert "Ripeti il lavoro" in leggi(client, reverse("lavoro", args=[lavoro.pk]))
    client.post(reverse("lavoro-ripeti", args=[lavoro.pk]))
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.IN_CODA


def test_cio_che_non_si_puo_fare_a_un_lavoro_si_dice_e_non_rompe_la_pagina(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    client.post(reverse("lavoro-prova"))
    Lavoro.objects.update(stato=StatoLavoro.RIUSCITO)
    lavoro = Lavoro.objects.get()
    for nome in ("lavoro-annulla", "lavoro-ripeti"):
        risposta = client.post(reverse(nome, args=[lavoro.pk]), follow=True)
        assert risposta.status_code == 200
        assert "alert-danger" in risposta.content.decode()
    lavoro.refresh_from_db()
    assert lavoro.stato == StatoLavoro.RIUSCITO


def test_un_lavoro_fallito_dice_perche_e_un_lavoro_concluso_lascia_la_ricevuta(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.CABINA))
    fallito = Lavoro.objects.create(tipo="prova", titolo="Prova", stato=StatoLavoro.FALLITO, errore="Manca il file.")
    concluso = Lavoro.objects.create(tipo="prova", titolo="Prova", stato=StatoLavoro.RIUSCITO, risultato={"passi": 20})
    assert "Manca il file." in leggi(client, reverse("lavoro", args=[fallito.pk]))
    pagina = leggi(client, reverse("lavoro", args=[concluso.pk]))
    assert f"Ricevuta n. {concluso.pk}" in pagina
    assert "Annulla il lavoro" not in pagina


def test_il_registro_mostra_chi_ha_fatto_che_cosa_e_si_filtra(client: Client) -> None:
    persona = crea_persona(Ruolo.COORDINATORE)
    client.force_login(persona)
    annota(persona, "cambiato", autore=persona, prima={"nome": "Anna"}, dopo={"nome": "Ada"})
    pagina = leggi(client, reverse("registro"))
    for frase in ("cambiato", "<del>Anna</del>", "<ins>Ada</ins>"):
        assert frase in pagina
    assert "Nessun evento corrisponde" in leggi(client, f"{reverse('registro')}?oggetto=zzzz")
    assert "Nessun evento corrisponde" in leggi(client, f"{reverse('registro')}?al=2020-01-01")
    assert "cambiato" in leggi(client, f"{reverse('registro')}?dal=2020-01-01&autore=coordinatore")


def test_il_registro_si_sfoglia_a_pagine(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    for numero in range(60):
        annota(None, "prova", nota=f"evento {numero}")
    assert "Pagina 1 di 2" in leggi(client, reverse("registro"))
    assert "Pagina 2 di 2" in leggi(client, f"{reverse('registro')}?pagina=2")
