"""Asking for the count of a past day, from the page to the job."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.messages import get_messages
from django.db import connection
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from cruscotto import tasks
from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import DaRicontare, Fotografia, TipoFotografia
from cruscotto.selectors import figure
from cruscotto.services import fotografie, marche
from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento
from monitoraggio.tempo import Tempo
from registro.dopo_il_commit import Messaggio
from registro.esecutori import Avanzatore
from registro.esecuzione import esegui
from registro.models import Lavoro, StatoLavoro
from registro.storia import salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import persona
from tests.rapporti import scena


class ContaTestCase(TestCase):
    coordinatore: Utente
    compilatore: Utente
    opere: list[Intervento]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.opere = scena.crea()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)
        cls.compilatore = persona(Ruolo.COMPILATORE)

    def chiede(self, **campi: str) -> str:
        self.client.force_login(self.coordinatore)
        return str(self.client.post(reverse("cruscotto-conta"), campi).headers["Location"])

    def test_si_chiede_un_giorno_e_il_lavoro_lo_conta(self) -> None:
        assert self.chiede(al="2024-12-31") == f"{reverse('cruscotto')}?al=2024-12-31"
        lavoro = Lavoro.objects.get(tipo="conteggio")
        tempo = Tempo(oggi=timezone.localdate(), al=date(2024, 12, 31))
        assert (lavoro.richiesto_da, figure.istantanea(tempo)) == (self.coordinatore, None)
        assert figure.ultimo_conteggio(tempo) == lavoro
        esegui(lavoro.pk)
        lavoro.refresh_from_db()
        assert (lavoro.stato, lavoro.fatti, lavoro.totale) == (StatoLavoro.RIUSCITO, len(self.opere), len(self.opere))
        assert lavoro.risultato == {"al": "2024-12-31", "interventi": len(self.opere)}
        foto = figure.istantanea(tempo)
        assert foto is not None
        assert (foto.al, foto.corrente, foto.superata) == (date(2024, 12, 31), False, False)

    def test_chiesto_due_volte_e_un_lavoro_solo_e_contato_non_si_riconta(self) -> None:
        for _volta in range(2):
            self.chiede(al="2024-12-31")
        assert Lavoro.objects.filter(tipo="conteggio").count() == 1
        esegui(Lavoro.objects.get(tipo="conteggio").pk)
        self.chiede(al="2024-12-31")
        assert Lavoro.objects.filter(tipo="conteggio").count() == 1
        salva(self.opere[0], autore=None)
        self.chiede(al="2024-12-31")
        assert Lavoro.objects.filter(tipo="conteggio").count() == 2

    def test_un_giorno_come_era_noto_a_un_istante(self) -> None:
        self.chiede(al="2024-12-31", noto_al="2025-01-16T12:00:00")
        lavoro = Lavoro.objects.get(tipo="conteggio")
        esegui(lavoro.pk)
        foto = Fotografia.objects.get(tipo=TipoFotografia.ISTANTE)
        assert timezone.localtime(foto.noto_al).isoformat()[:16] == "2025-01-16T12:00"
        tempo = Tempo(oggi=timezone.localdate(), al=date(2024, 12, 31), noto_al=foto.noto_al)
        letta = figure.istantanea(tempo)
        assert letta is not None
        assert letta.noto_al == foto.noto_al
        salva(self.opere[0], autore=None)
        ancora = figure.istantanea(tempo)
        assert ancora is not None
        assert not ancora.superata

    def test_si_torna_alla_pagina_che_lo_ha_chiesto(self) -> None:
        torna = "/cruscotto/mappa/?al=2024-12-31&zona=4"
        assert self.chiede(al="2024-12-31", torna=torna) == torna
        assert self.chiede(al="2024-12-31", torna="//altrove.example.org/") == f"{reverse('cruscotto')}?al=2024-12-31"

    def test_un_giorno_che_non_si_legge_si_dice(self) -> None:
        self.client.force_login(self.coordinatore)
        risposta = self.client.post(reverse("cruscotto-conta"), {"al": "31 brumaio"})
        assert "non è un giorno" in str([str(messaggio) for messaggio in get_messages(risposta.wsgi_request)])
        assert risposta.headers["Location"] == reverse("cruscotto")
        assert not Lavoro.objects.filter(tipo="conteggio").exists()

    def test_lo_chiede_solo_chi_vede_tutto_e_solo_con_un_post(self) -> None:
        self.client.force_login(self.compilatore)
        rifiuto = self.client.post(reverse("cruscotto-conta"), {"al": "2024-12-31"})
        assert "chi vede tutto il programma" in str([str(testo) for testo in get_messages(rifiuto.wsgi_request)])
        self.client.force_login(self.coordinatore)
        assert self.client.get(reverse("cruscotto-conta")).status_code == 405
        assert not Lavoro.objects.filter(tipo="conteggio").exists()

    def test_i_compiti_contano_quel_che_manca(self) -> None:
        fotografie.conta_tutto(Giorno(), Avanzatore())
        salva(self.opere[0], autore=None)
        tasks.sveglia()
        assert DaRicontare.objects.exists()
        DaRicontare.objects.update(quando=timezone.now() - timedelta(minutes=5))
        tasks.sveglia()
        assert not DaRicontare.objects.exists()
        tasks.conteggio_notturno()
        assert Lavoro.objects.filter(tipo="conteggio", chiave="corrente").exists()

    def test_dopo_il_commit_si_chiama_una_volta_sola(self) -> None:
        for opera in self.opere[:3]:
            salva(opera, autore=None)
        assert [voce[1] == Messaggio(marche.COMPITO) for voce in connection.run_on_commit].count(True) == 1
