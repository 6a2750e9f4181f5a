"""Every page costs a constant number of queries: the same for a few rows and for many."""

from __future__ import annotations

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Comune, Utente
from enti.ruoli import Ruolo
from psttm.models import LegameDriverObiettivo, Obiettivo
from registro.models import Lavoro
from registro.services import annota
from tests import riferimenti
from tests.enti.persone import crea_persona

# Budget of a page, session and person included; the two of the second factor and the one of the alerts are among them.
BUDGET = 22
PAGINE = [
    reverse("programma"),
    reverse("piano"),
    reverse("missione", args=[1]),
    reverse("obiettivi"),
    reverse("obiettivo", args=[2, 15]),
    reverse("driver", args=[2]),
    reverse("strategia", args=[1]),
    reverse("matrice"),
    reverse("misure"),
    reverse("attuazione"),
    reverse("risultati"),
    reverse("numeri"),
    reverse("territorio"),
    reverse("comuni"),
    reverse("comune", args=["015182"]),
    reverse("zona", args=[7]),
    reverse("ivsm"),
    reverse("importazioni"),
    reverse("differenze"),
    reverse("lavori"),
    reverse("registro"),
    reverse("sessioni"),
    reverse("fonti"),
    reverse("glossario"),
    reverse("guida"),
    reverse("guida-pagina", args=["compilare"]),
    reverse("guida-primi-passi", args=["coordinatore"]),
    reverse("cerca"),
    f"{reverse('cerca')}?q=spugna",
    f"{reverse('cerca-suggerimenti')}?q=spugna",
    reverse("piani-integrati"),
    reverse("piano-integrato", args=["spugna"]),
    reverse("piano-integrato-nuovo"),
    reverse("piano-integrato-modifica", args=["pinqua"]),
    reverse("piano-integrato-proposta", args=["spugna"]),
    reverse("piano-integrato-passaggio", args=["spugna", "concludi"]),
    reverse("piano-integrato-cup", args=["spugna"]),
    reverse("piano-integrato-cup-csv", args=["spugna"]),
    reverse("piano-integrato-deroghe", args=["spugna"]),
    reverse("deroga-nuova", args=["spugna"]),
    reverse("verifica-mancanze"),
    reverse("verifica-mancanze-ente", args=[0]),
    reverse("verifica-mancanze-csv", args=[0]),
    reverse("piano-integrato-scenari", args=["spugna"]),
    reverse("scenario-nuovo", args=["spugna"]),
    reverse("scenari-confronta", args=["spugna"]),
    reverse("piani-assegna"),
    reverse("piani-assegna-file"),
    reverse("foglio"),
    reverse("verifica"),
    reverse("allerte"),
    reverse("miei-dati"),
    reverse("tempi"),
    f"{reverse('tempi')}?apri=SPUGNA",
    reverse("mappa"),
    reverse("attese"),
    reverse("piano-integrato-verifica", args=["spugna"]),
    reverse("piano-integrato-regola", args=["spugna", "quota_privata"]),
    reverse("segnali"),
    f"{reverse('segnali')}?mostra=tutti&piano=SPUGNA&strategia=1&zona=1",
    reverse("segnali-csv"),
    f"{reverse('allerte')}?vista=tutte&tipo=segnale",
    reverse("traguardi"),
    f"{reverse('traguardi')}?al=2024-12-31&noto_al=2025-01-15",
    reverse("monitoraggio"),
    f"{reverse('monitoraggio')}?al=2024-12-31",
    reverse("monitoraggio-csv"),
    reverse("cruscotto"),
    f"{reverse('cruscotto')}?piano=SPUGNA&per=zona&al=2024-12-31",
    reverse("cruscotto-righe", args=["lavori"]),
    f"{reverse('cruscotto-righe', args=['lacuna-date'])}?driver=9&zona=1",
    reverse("istruttoria"),
    reverse("istruttoria-mancanti"),
    reverse("istruttoria-blocco"),
    reverse("traguardo-nuovo"),
    reverse("variazioni"),
    f"{reverse('variazioni')}?al=2024-12-31",
    reverse("regis"),
    reverse("regis-differenze"),
    reverse("regis-differenze-csv"),
    reverse("documentazione-api"),
    reverse("documentazione-api-operazione", args=["elenco_cup"]),
    reverse("open-data"),
    reverse("open-data-dataset", args=["interventi"]),
    reverse("token-personali"),
    reverse("token-personale-nuovo"),
    reverse("rapporti"),
    f"{reverse('rapporti')}?q=spugna&anno=2024",
    reverse("rapporto-nuovo"),
    reverse("riunioni"),
    reverse("riunione-nuova"),
    reverse("rapporti-verifica"),
    f"{reverse('rapporti-verifica')}?codice=7K3M-Q9TD-X20B",
]


class InterrogazioniTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.COORDINATORE)

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def conta(self) -> dict[str, int]:
        conti = {}
        for indirizzo in PAGINE:
            with CaptureQueriesContext(connection) as catturate:
                assert self.client.get(indirizzo).status_code == 200, indirizzo
            conti[indirizzo] = len(catturate)
        return conti

    def test_le_interrogazioni_non_crescono_con_le_righe(self) -> None:
        # What a process reads once and keeps must not count as asked by the rows.
        self.conta()
        molte_righe = self.conta()
        LegameDriverObiettivo.objects.exclude(driver__numero=2, obiettivo__missione__numero=2).delete()
        Obiettivo.objects.exclude(missione__numero=2).filter(numero__gt=1).delete()
        Comune.objects.metropolitani().exclude(nome__in=["Rho", "Bresso", "Magenta"]).update(zona=None, unione=None)
        poche_righe = self.conta()
        for numero in range(60):
            annota(None, "prova", autore=self.persona, nota=str(numero))
            Lavoro.objects.create(tipo="prova", titolo=f"Prova {numero}", richiesto_da=self.persona)
        molti_eventi = self.conta()
        for indirizzo in PAGINE:
            assert molte_righe[indirizzo] <= poche_righe[indirizzo], indirizzo
            # one more page of a long list is one count and one slice, not a query a row
            assert molti_eventi[indirizzo] <= poche_righe[indirizzo] + 1, indirizzo

    def test_ogni_pagina_sta_nel_suo_bilancio(self) -> None:
        oltre = {indirizzo: quante for indirizzo, quante in self.conta().items() if quante > BUDGET}
        assert not oltre
