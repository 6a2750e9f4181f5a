"""Saved views: a person's own, kept as the list would write them, in the registro like any other change."""

from __future__ import annotations

from django.test import TestCase
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from interventi.models import VistaSalvata
from interventi.viste import pagina_di
from registro.selectors import cronologia
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import di_rho, opera
from tests.psttm.test_pagine import leggi
from tests.registro.annulla import annulla, offerto


class VisteTestCase(TestCase):
    persona: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.persona = crea_persona(Ruolo.CABINA)

    def setUp(self) -> None:
        self.client.force_login(self.persona)

    def salva(self, nome: str, filtri: str) -> str:
        risposta = self.client.post(reverse("vista-salva"), {"nome": nome, "filtri": filtri})
        assert risposta.status_code == 302
        return str(risposta.headers["Location"])

    def test_una_vista_tiene_filtri_ordine_e_colonne_e_nient_altro(self) -> None:
        dove = self.salva("Rho", "comune=015182&ordine=-pagato&colonne=cup,pagato&pagina=3&estraneo=1&zona=")
        assert dove == f"{reverse('interventi')}?comune=015182&ordine=-pagato&colonne=titolo,cup,pagato"
        vista = VistaSalvata.objects.get(utente=self.persona)
        assert vista.indirizzo == "comune=015182&ordine=-pagato&colonne=titolo,cup,pagato"
        assert f'href="{dove}">Rho</a>' in leggi(self.client, reverse("interventi"))

    def test_lo_stesso_nome_sostituisce_e_resta_scritto_che_cosa_diceva(self) -> None:
        self.salva("Mia", "stato=attivo")
        self.salva("Mia", "stato=chiuso")
        vista = VistaSalvata.objects.get(utente=self.persona)
        assert vista.indirizzo == "stato=chiuso"
        assert [(e.prima, e.dopo) for e in cronologia(vista)] == [
            ({"filtri": "stato=attivo"}, {"filtri": "stato=chiuso"}),
            (None, {"filtri": "stato=attivo"}),
        ]

    def test_senza_nome_o_col_nome_troppo_lungo_non_si_salva_e_si_dice_perche(self) -> None:
        for nome, frase in (
            ("", "Scrivi un nome per ritrovare la vista."),
            ("x" * 81, "Il nome della vista ha 81 caratteri: al massimo sono 80."),
        ):
            self.salva(nome, "stato=attivo")
            assert frase in leggi(self.client, reverse("interventi"))
        self.salva("x" * 80, "")
        assert VistaSalvata.objects.count() == 1

    def test_filtri_troppo_lunghi_non_si_salvano(self) -> None:
        self.salva("Lunga", f"q={'a' * 2500}")
        assert "troppi filtri" in leggi(self.client, reverse("interventi"))
        assert not VistaSalvata.objects.exists()

    def test_le_viste_sono_di_chi_le_salva(self) -> None:
        self.salva("Solo mia", "stato=attivo")
        vista = VistaSalvata.objects.get()
        self.client.force_login(crea_persona(Ruolo.COORDINATORE))
        assert ">Solo mia</a>" not in leggi(self.client, reverse("interventi"))
        assert self.client.post(reverse("vista-togli", args=[vista.pk])).status_code == 404
        self.salva("Solo mia", "stato=chiuso")
        assert VistaSalvata.objects.count() == 2

    def test_una_vista_si_toglie_solo_con_un_invio(self) -> None:
        self.salva("Da togliere", "")
        vista = VistaSalvata.objects.get()
        assert self.client.get(reverse("vista-togli", args=[vista.pk])).status_code == 405
        self.client.post(reverse("vista-togli", args=[vista.pk]))
        assert not VistaSalvata.objects.exists()

    def test_gli_indirizzi_di_prima_valgono_ancora(self) -> None:
        self.client.post("/interventi/viste/salva/", {"nome": "Mia", "filtri": "stato=attivo"})
        vista = VistaSalvata.objects.get(pagina="interventi", nome="Mia")
        self.client.post(f"/interventi/viste/{vista.pk}/togli/")
        assert not VistaSalvata.objects.exists()

    def test_una_vista_tolta_torna_e_una_sostituita_dice_di_nuovo_quel_che_diceva(self) -> None:
        self.salva("Mia", "stato=attivo")
        self.salva("Mia", "stato=chiuso")
        assert annulla(self.client) == "La vista «Mia» è di nuovo quella di prima."
        vista = VistaSalvata.objects.get()
        assert vista.indirizzo == "stato=attivo"
        self.client.post(reverse("vista-togli", args=[vista.pk]))
        assert annulla(self.client) == "La vista «Mia» è di nuovo fra le tue."
        assert VistaSalvata.objects.get().indirizzo == "stato=attivo"

    def test_cio_che_e_cambiato_dopo_non_si_annulla(self) -> None:
        self.salva("Mia", "stato=attivo")
        self.salva("Mia", "stato=chiuso")
        chiave = offerto().chiave
        self.salva("Mia", "q=scuola")
        assert annulla(self.client, chiave).startswith("Intanto la vista è cambiata")
        vista = VistaSalvata.objects.get()
        self.client.post(reverse("vista-togli", args=[vista.pk]))
        chiave = offerto().chiave
        self.salva("Mia", "q=parco")
        assert annulla(self.client, chiave).startswith("Intanto hai salvato un'altra vista «Mia»")
        assert VistaSalvata.objects.get().indirizzo == "q=parco"


class VistePagineTestCase(TestCase):
    """Every page with filters keeps its own views, each for who may open it; one may open the portal."""

    coordinatore: Utente
    di_rho: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)
        cls.di_rho = di_rho()

    def setUp(self) -> None:
        self.client.force_login(self.coordinatore)

    def salva(self, pagina: str, filtri: str, nome: str = "Mia", **altro: str) -> str:
        dati = {"pagina": pagina, "nome": nome, "filtri": filtri, **altro}
        risposta = self.client.post(reverse("vista-salva"), dati)
        assert risposta.status_code == 302, risposta.status_code
        return str(risposta.headers["Location"])

    def test_ogni_pagina_tiene_i_suoi_filtri_e_nient_altro(self) -> None:
        for pagina, filtri, tenuti in (
            ("monitoraggio", "piano=SPUGNA&ordine=-pagato&pagina=3&boh=1&q=", "piano=SPUGNA&ordine=-pagato"),
            ("traguardi", "stato=in_ritardo&pagina=2&noto_al=2025-01-15", "stato=in_ritardo&noto_al=2025-01-15"),
            ("istruttoria", "stato=correzioni&per_pagina=100&azione=x", "stato=correzioni&per_pagina=100"),
            ("variazioni", "tipo=proroga&pagina=2", "tipo=proroga"),
            ("segnali", "q=ponte&x=y", "q=ponte"),
            ("rapporti", "anno=2024&x=y", "anno=2024"),
            ("differenze", "stato=tutte&x=y", "stato=tutte"),
            ("cruscotto", "piano=SPUGNA&zona=7&al=2024-12-31&x=y", "piano=SPUGNA&zona=7&al=2024-12-31"),
            ("tempi", "driver=2&x=y", "driver=2"),
            ("mappa", "misura=interventi&x=y", "misura=interventi"),
        ):  # fmt: skip
            dove = self.salva(pagina, filtri)
            vista = VistaSalvata.objects.get(pagina=pagina)
            assert vista.indirizzo == tenuti, pagina
            trovata = pagina_di(pagina)
            assert trovata is not None
            assert dove == f"{reverse(trovata.rotta)}?{tenuti}"
            assert f'href="{dove}" aria-current="true">Mia</a>' in leggi(self.client, dove), pagina

    def test_le_viste_dei_documenti_valgono_per_qualunque_intervento_e_si_torna_al_suo(self) -> None:
        uno, altro = (reverse("documenti", args=[opera(nome).pk]) for nome in ("Ponte", "Scuola"))
        assert self.salva("documenti", "tipo=determina&x=y", dove=uno) == f"{uno}?tipo=determina"
        assert f'href="{altro}?tipo=determina">Mia</a>' in leggi(self.client, altro)
        assert self.salva("documenti", "tipo=determina", dove="/territorio/") == "/?tipo=determina"

    def test_si_torna_solo_a_un_indirizzo_di_quella_pagina(self) -> None:
        for dove in ("/monitoraggio/", "https://esempio.org/monitoraggio/traguardi/", "//esempio.org", "\0", ""):
            assert self.salva("traguardi", "q=a", dove=dove) == f"{reverse('traguardi')}?q=a", dove

    def test_di_una_pagina_che_non_si_puo_aprire_non_si_salvano_viste(self) -> None:
        self.client.force_login(self.di_rho)
        for pagina in ("istruttoria", "rapporti", "differenze", "inventata"):
            dati = {"pagina": pagina, "nome": "Mia", "filtri": ""}
            assert self.client.post(reverse("vista-salva"), dati).status_code == 404, pagina
        self.salva("traguardi", "q=a")
        assert VistaSalvata.objects.get().utente == self.di_rho

    def test_le_viste_di_una_pagina_non_stanno_in_un_altra(self) -> None:
        self.salva("traguardi", "q=a", nome="Dei traguardi")
        assert ">Dei traguardi</a>" in leggi(self.client, reverse("traguardi"))
        assert ">Dei traguardi</a>" not in leggi(self.client, reverse("variazioni"))

    def test_una_vista_del_cruscotto_puo_aprire_il_portale(self) -> None:
        assert self.client.get("/").headers["Location"] == reverse("cruscotto")
        self.salva("cruscotto", "zona=7", nome="Zona 7")
        self.salva("cruscotto", "piano=SPUGNA", nome="Spugna")
        for nome, dove in (("Zona 7", "?zona=7"), ("Spugna", "?piano=SPUGNA")):
            vista = VistaSalvata.objects.get(nome=nome)
            self.client.post(reverse("vista-apri", args=[vista.pk]), {"apre": "1"})
            assert self.client.get("/").headers["Location"] == f"{reverse('cruscotto')}{dove}"
        assert VistaSalvata.objects.filter(apre=True).count() == 1
        assert self.client.get(reverse("cruscotto")).status_code == 200, "dal menu resta tutto il programma"
        self.client.post(reverse("vista-apri", args=[vista.pk]))
        assert self.client.get("/").headers["Location"] == reverse("cruscotto")

    def test_solo_le_proprie_e_solo_del_cruscotto(self) -> None:
        self.salva("cruscotto", "zona=7", nome="Sua")
        self.salva("traguardi", "q=a", nome="Altra")
        sua, altra = (VistaSalvata.objects.get(nome=nome) for nome in ("Sua", "Altra"))
        assert self.client.post(reverse("vista-apri", args=[altra.pk]), {"apre": "1"}).status_code == 404
        self.client.force_login(self.di_rho)
        assert self.client.post(reverse("vista-apri", args=[sua.pk]), {"apre": "1"}).status_code == 404

    def test_la_vista_che_apre_se_torna_apre_ancora(self) -> None:
        self.salva("cruscotto", "zona=7")
        vista = VistaSalvata.objects.get()
        self.client.post(reverse("vista-apri", args=[vista.pk]), {"apre": "1"})
        self.client.post(reverse("vista-togli", args=[vista.pk]))
        assert self.client.get("/").headers["Location"] == reverse("cruscotto")
        annulla(self.client)
        assert self.client.get("/").headers["Location"] == f"{reverse('cruscotto')}?zona=7"
