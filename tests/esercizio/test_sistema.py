"""The page of the state of the system."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from enti.ruoli import Ruolo
from esercizio import orario, segni, stato
from esercizio.models import Copia, EsitoCopia, Segno, Verifica
from esercizio.voci import Grado, Voce
from registro.models import Lavoro, StatoLavoro
from tests.enti.persone import crea_persona
from tests.psttm.test_pagine import leggi

pytestmark = pytest.mark.django_db


@pytest.fixture
def adesso() -> datetime:
    return timezone.now()


@pytest.fixture(autouse=True)
def tutto_bene(adesso: datetime, settings: Settings) -> None:
    """A plant where all is well; each test spoils one thing."""
    settings.DISCO_LIBERO_PERCENTO = 0
    orario.recupera(adesso=adesso)
    segni.segna(segni.GIRO)
    segni.segna(segni.LAVORATORE + "uno@qui")
    Copia.objects.create(conclusa=adesso, esito=EsitoCopia.RIUSCITA, byte=5_000_000)
    Verifica.objects.create(conclusa=adesso)


def voce(titolo: str, adesso: datetime) -> Voce:
    [trovata] = [voce for voce in stato.leggi(adesso=adesso).voci if voce.titolo.startswith(titolo)]
    return trovata


def grado(titolo: str, adesso: datetime) -> Grado:
    return voce(titolo, adesso).grado


def test_quando_tutto_va_bene_la_prima_riga_lo_dice(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.AMMINISTRATORE))
    pagina = leggi(client, reverse("sistema"))
    assert "Va tutto bene" in pagina
    assert "Da guardare" not in pagina
    for frase in ("Orario dei compiti (beat)", "1 attivo: uno@qui.", "Ultima riuscita:", "Python", "Versioni"):
        assert frase in pagina.replace("&#x27;", "'")


def test_la_pagina_costa_lo_stesso_con_pochi_lavori_e_con_molti(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(crea_persona(Ruolo.AMMINISTRATORE))
    client.get(reverse("sistema"))
    for quanti in (1, 60):
        Lavoro.objects.bulk_create(Lavoro(tipo=f"prova {n % 7}", titolo="Prova") for n in range(quanti))
        with django_assert_max_num_queries(26):
            client.get(reverse("sistema"))


def test_solo_l_amministratore_la_apre(client: Client) -> None:
    client.force_login(crea_persona(Ruolo.COORDINATORE))
    assert client.get(reverse("sistema")).status_code == 403


def test_i_guasti_vengono_prima_e_si_contano(adesso: datetime) -> None:
    Segno.objects.filter(nome=segni.GIRO).delete()
    Lavoro.objects.create(tipo="prova", titolo="Rotto", stato=StatoLavoro.FALLITO, concluso=adesso)
    letto = stato.leggi(adesso=adesso)
    assert [voce.grado for voce in letto.da_fare] == [Grado.GUASTO, Grado.DA_GUARDARE]
    assert letto.frase == f"1 guasto e 1 cosa da guardare su {len(letto.voci)} controlli."
    assert all(voce.rimedio for voce in letto.da_fare)


@pytest.mark.parametrize(
    ("secondi", "atteso"),
    [(90, Grado.BENE), (91, Grado.DA_GUARDARE), (300, Grado.DA_GUARDARE), (301, Grado.GUASTO)],
)
def test_il_giro_da_beat_alla_base_dati_invecchia(adesso: datetime, secondi: int, atteso: Grado) -> None:
    Segno.objects.filter(nome=segni.GIRO).update(quando=adesso - timedelta(seconds=secondi))
    assert grado("Orario", adesso) == atteso


def test_un_worker_che_tace_non_c_e_piu_e_uno_di_un_altra_versione_si_nota(adesso: datetime) -> None:
    Segno.objects.filter(nome__startswith=segni.LAVORATORE).update(versione="0.0.1")
    assert grado("Processi", adesso) == Grado.DA_GUARDARE
    assert grado("Processi", adesso + segni.SILENZIO + timedelta(minutes=1)) == Grado.GUASTO


@pytest.mark.parametrize(("ore", "atteso"), [(26, Grado.BENE), (27, Grado.GUASTO)])
def test_la_copia_di_sicurezza_invecchia(adesso: datetime, ore: int, atteso: Grado) -> None:
    Copia.objects.update(conclusa=adesso - timedelta(hours=ore))
    assert grado("Copia", adesso) == atteso


def test_una_copia_non_riuscita_dopo_una_buona_e_un_guasto_e_dice_perche(adesso: datetime) -> None:
    Copia.objects.create(avviata=adesso + timedelta(minutes=1), esito=EsitoCopia.FALLITA, errore="Il disco è pieno.")
    trovata = voce("Copia", adesso)
    assert trovata.grado == Grado.GUASTO
    assert "Il disco è pieno." in trovata.visto


def test_cio_che_la_verifica_ha_trovato_e_un_guasto(adesso: datetime) -> None:
    Verifica.objects.update(rilievi=["Una riga cambiata"])
    assert grado("Verifica", adesso) == Grado.GUASTO


def test_un_compito_mancato_e_un_guasto_che_si_chiama_per_nome(adesso: datetime) -> None:
    Segno.objects.filter(nome=f"{orario.FATTO}monitoraggio.promemoria").update(quando=adesso - timedelta(days=3))
    trovata = voce("Compiti", adesso)
    assert trovata.grado == Grado.GUASTO
    assert "monitoraggio.promemoria" in trovata.visto


def test_un_lavoro_che_aspetta_da_troppo_si_nota(adesso: datetime) -> None:
    Lavoro.objects.create(tipo="prova", titolo="Prova", creato=adesso - timedelta(minutes=14))
    assert grado("Lavori in corso", adesso) == Grado.BENE
    Lavoro.objects.create(tipo="prova", titolo="Prova", creato=adesso - timedelta(minutes=16))
    trovata = voce("Lavori in corso", adesso)
    assert trovata.grado == Grado.DA_GUARDARE
    assert "16 minuti fa" in trovata.visto


@pytest.mark.parametrize(("soglia", "atteso"), [(0, Grado.BENE), (100, Grado.DA_GUARDARE)])
def test_il_disco_che_si_riempie_si_nota(adesso: datetime, settings: Settings, soglia: int, atteso: Grado) -> None:
    settings.DISCO_LIBERO_PERCENTO = soglia
    assert grado("Disco", adesso) in {atteso, Grado.GUASTO} - ({Grado.GUASTO} if soglia == 0 else set())
