"""The pages of the territory: every Comune where it belongs, on the map and in its twin table."""

from __future__ import annotations

import re
from decimal import Decimal

from django.test import TestCase
from django.urls import reverse

from enti import selectors
from enti.models import Comune, IndiceVulnerabilita, Utente
from enti.ruoli import Ruolo
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.psttm.test_pagine import leggi

COMUNI_PER_ZONA = {1: 22, 2: 16, 3: 6, 4: 29, 5: 15, 6: 16, 7: 28, 8: 1}


class TerritorioTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.CABINA)

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def test_la_pagina_conta_comuni_zone_e_unioni(self) -> None:
        pagina = leggi(self.client, reverse("territorio"))
        assert "133 Comuni in 7 zone omogenee più Milano, 3 unioni di Comuni" in pagina
        for quanti in COMUNI_PER_ZONA.values():
            assert f'<td class="numero" data-colonna="Comuni">{quanti}</td>' in pagina

    def test_la_mappa_ha_133_comuni_ciascuno_con_nome_e_pagina(self) -> None:
        pagina = leggi(self.client, reverse("territorio"))
        sulla_mappa = set(re.findall(r'<a href="([^"]+)" class="z\d" data-nome=', pagina))
        nella_tabella = set(re.findall(r'<th scope="row"><a href="([^"]+)"', leggi(self.client, reverse("comuni"))))
        assert len(sulla_mappa) == 133
        assert sulla_mappa == nella_tabella

    def test_ogni_zona_elenca_i_suoi_comuni(self) -> None:
        for numero, quanti in COMUNI_PER_ZONA.items():
            assert leggi(self.client, reverse("zona", args=[numero])).count("<tr data-riga>") == quanti

    def test_la_pagina_di_un_comune_ha_codici_zona_unione_e_popolazione(self) -> None:
        pagina = leggi(self.client, reverse("comune", args=[Comune.objects.get(nome="Noviglio").codice_istat]))
        for frase in ("015158", "F968", "Magentino Abbiatense", "dei Fontanilli", "4.530"):
            assert frase in pagina

    def test_di_ogni_comune_metropolitano_c_e_la_pagina_degli_altri_no(self) -> None:
        for comune in Comune.objects.metropolitani().order_by("?")[:5]:
            assert comune.nome in leggi(self.client, reverse("comune", args=[comune.codice_istat]))
        roma = Comune.objects.get(nome="Roma")
        assert self.client.get(reverse("comune", args=[roma.codice_istat])).status_code == 404

    def test_i_comuni_si_cercano_per_nome_e_per_codice_e_si_ordinano(self) -> None:
        elenco = reverse("comuni")
        assert leggi(self.client, f"{elenco}?q=navigl").count("<tr data-riga>") == 3
        assert leggi(self.client, f"{elenco}?q=015146").count("<tr data-riga>") == 1
        assert leggi(self.client, f"{elenco}?q=f205").count("<tr data-riga>") == 1
        assert "Nessun Comune corrisponde" in leggi(self.client, f"{elenco}?q=zzzz")
        primo = re.search(r'scope="row"><a[^>]*>([^<]+)', leggi(self.client, f"{elenco}?ordine=-residenti"))
        assert primo is not None
        assert primo[1] == "Milano"

    def test_un_filtro_insensato_non_rompe_la_pagina(self) -> None:
        assert "133 Comuni" in leggi(self.client, f"{reverse('comuni')}?zona=boh&ordine=boh")

    def test_la_mappa_si_colora_per_densita_in_cinque_classi_piene(self) -> None:
        disegno = selectors.mappa("densita")
        per_classe = [sum(voce.classe == f"c{n}" for voce in disegno.voci) for n in range(6)]
        assert per_classe[0] == 0
        assert all(25 <= quanti <= 28 for quanti in per_classe[1:])
        assert "Densità" in leggi(self.client, f"{reverse('territorio')}?misura=densita")

    def test_senza_indice_la_mappa_lo_dice_e_con_pochi_conta_chi_manca(self) -> None:
        indirizzo = f"{reverse('territorio')}?misura=ivsm"
        assert "Nessun Comune ha ancora questo dato" in leggi(self.client, indirizzo)
        fonte = Fonte.objects.get(codice="istat-comuni")
        for nome, valore in (("Rho", "97.5"), ("Bresso", "99.1")):
            IndiceVulnerabilita.objects.create(
                comune=Comune.objects.get(nome=nome), anno=2018, valore=Decimal(valore), fonte=fonte
            )
        assert "dato mancante: 131 Comuni" in leggi(self.client, indirizzo)
        assert "99,10" in leggi(self.client, reverse("comune", args=[Comune.objects.get(nome="Bresso").codice_istat]))
