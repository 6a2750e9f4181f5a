"""One search over everything: each kind is found by who may see it, and suggestions cost one query for all kinds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enti.models import Appartenenza, Ente, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento, VistaSalvata
from monitoraggio.models import Documento, TipoDocumento, Traguardo, VersioneDocumento
from monitoraggio.scelte import TipoTraguardo
from rapporti.models import Rapporto
from registro import ricerca
from registro.models import Fonte
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.interventi.opere import opera
from tests.rapporti.archiviati import pronto

# What a person of no body of ours, of Rho, and of the staff, have in common: the word that everything here is named by.
PAROLA = "zafferano"


def documento(intervento: Intervento, titolo: str, *, nome: str, autore: Utente, **campi: Any) -> Documento:
    """With one file, whose bytes nobody reads."""
    fatto = Documento.objects.create(
        intervento=intervento,
        tipo=TipoDocumento.objects.get(codice="determina"),
        titolo=titolo,
        creato_da=autore,
        conservare_fino_al=date(2040, 1, 1),
        **campi,
    )
    VersioneDocumento.objects.create(
        documento=fatto,
        numero=1,
        nome=nome,
        deposito=ContentFile(b"x", name="x"),
        dimensione=1,
        sha256="a" * 64,
        tipo_contenuto="application/pdf",
        caricata_da=autore,
    )
    return fatto


class CosaTestCase(TestCase):
    """One thing of each kind, of Rho and of Magenta, all with the same word in their names."""

    coordinatore: Utente
    amministratore: Utente
    cabina: Utente
    di_rho: Utente
    rho: Intervento
    magenta: Intervento
    rapporto: Rapporto

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.coordinatore = crea_persona(Ruolo.COORDINATORE)
        cls.amministratore = crea_persona(Ruolo.AMMINISTRATORE)
        cls.cabina = crea_persona(Ruolo.CABINA)
        cls.di_rho = cls.di("Rho", "rosa")
        cls.di("Magenta", "marta")
        cls.rho, cls.magenta = (
            opera(
                f"Campo di {PAROLA}",
                comuni=[comune],
                soggetto_attuatore=Ente.objects.get(comune__nome=comune),
                finanziamento_totale="12.00",
            )
            for comune in ("Rho", "Magenta")
        )
        for intervento in (cls.rho, cls.magenta):
            documento(
                intervento,
                f"Determina {PAROLA} {intervento.pk}",
                nome=f"bulbi_{intervento.pk}.pdf",
                autore=cls.coordinatore,
                protocollo=f"PG-{intervento.pk}/2024",
            )
            Traguardo.objects.create(
                intervento=intervento,
                codice=f"ZAF-{intervento.pk}",
                titolo=f"Raccolto di {PAROLA}",
                tipo=TipoTraguardo.MILESTONE,
                scadenza=date(2026, 6, 30),
                scadenza_iniziale=date(2026, 6, 30),
                fonte=Fonte.objects.get(codice="portale"),
            )
        cls.rapporto = pronto()
        VistaSalvata.objects.create(
            utente=cls.di_rho, pagina="traguardi", nome=f"Solo {PAROLA}", indirizzo="stato=in_ritardo"
        )

    @classmethod
    def di(cls, comune: str, nome: str) -> Utente:
        chi = crea_persona(nome=f"{nome}-{PAROLA}")
        ente = Ente.objects.get(comune__nome=comune)
        Appartenenza.objects.create(utente=chi, ente=ente, ruolo=Ruolo.COMPILATORE)
        return Utente.objects.get(pk=chi.pk)

    def trovati(self, chi: Utente, testo: str) -> dict[str, list[str]]:
        """Titles by kind, as the page shows them."""
        self.client.force_login(chi)
        risposta = self.client.get(reverse("cerca"), {"q": testo})
        assert risposta.status_code == 200, risposta.headers.get("Location")
        return {
            sezione.fornitore.genere: [uno.titolo for uno in sezione.trovati.risultati]
            for sezione in risposta.context.get("sezioni", [])
        }

    def suggeriti(self, chi: Utente, testo: str) -> list[dict[str, str]]:
        self.client.force_login(chi)
        risposta = self.client.get(reverse("cerca-suggerimenti"), {"q": testo})
        assert risposta.status_code == 200
        voci: list[dict[str, str]] = risposta.json()["voci"]
        return voci


class ChiTrovaCheCosaTestCase(CosaTestCase):
    def test_chi_vede_tutto_trova_di_ogni_ente(self) -> None:
        trovati = self.trovati(self.coordinatore, PAROLA)
        assert {genere: len(voci) for genere, voci in trovati.items()} == {
            "interventi": 2,
            "traguardi": 2,
            "documenti": 2,
            "persone": 2,
        }

    def test_un_comune_trova_solo_cio_che_e_suo(self) -> None:
        trovati = self.trovati(self.di_rho, PAROLA)
        assert trovati == {
            "interventi": [f"Campo di {PAROLA}"],
            "traguardi": [f"ZAF-{self.rho.pk} Raccolto di {PAROLA}"],
            "documenti": [f"Determina {PAROLA} {self.rho.pk}"],
            "persone": [str(self.di_rho)],
            "viste": [f"Solo {PAROLA}"],
        }

    def test_le_persone_le_trovano_il_personale_e_i_colleghi(self) -> None:
        persone = {
            chi: set(self.trovati(chi, "prova").get("persone", []))
            for chi in (self.coordinatore, self.cabina, self.di_rho)
        }
        tutti = {str(utente) for utente in Utente.objects.all()}
        assert persone[self.coordinatore] == tutti
        assert persone[self.di_rho] == {str(self.di_rho)}
        # The Cabina is of the Città metropolitana: of that body it finds everybody, of the Comuni nobody.
        assert persone[self.cabina] == {str(self.coordinatore), str(self.amministratore), str(self.cabina)}

    def test_le_utenze_tecniche_e_chi_non_e_attivo_non_si_trovano(self) -> None:
        software = crea_persona(nome=f"sw-{PAROLA}")
        Utente.objects.filter(pk=software.pk).update(tecnico=True)
        Utente.objects.filter(pk=self.di_rho.pk).update(is_active=False)
        assert [nome for nome in self.trovati(self.coordinatore, PAROLA)["persone"] if "Rosa" in nome] == []
        dell_amministratore = self.trovati(self.amministratore, PAROLA)["persone"]
        assert len(dell_amministratore) == 2
        assert not [nome for nome in dell_amministratore if nome.startswith("Sw-")]

    def test_solo_l_amministratore_arriva_alla_scheda_di_una_persona(self) -> None:
        for chi, scheda in ((self.amministratore, True), (self.coordinatore, False)):
            self.client.force_login(chi)
            pagina = self.client.get(reverse("cerca"), {"q": self.di_rho.email}).content.decode()
            assert (reverse("admin:enti_utente_change", args=[self.di_rho.pk]) in pagina) is scheda
            assert f'href="mailto:{self.di_rho.email}"' in pagina
            assert "Compilatore del Comune, Comune di Rho" in pagina

    def test_i_rapporti_li_trova_chi_li_legge_per_codice_e_per_perimetro(self) -> None:
        assert self.trovati(self.cabina, "spugna")["rapporti"] == ["SPUGNA al 31/12/2024"]
        assert "rapporti" not in self.trovati(self.di_rho, "spugna")
        indirizzo = reverse("rapporto", args=[self.rapporto.codice])
        for scritto in (self.rapporto.codice, self.rapporto.codice.replace("-", " ").lower()):
            self.client.force_login(self.cabina)
            assert self.client.get(reverse("cerca"), {"q": scritto}).headers["Location"] == indirizzo
            self.client.force_login(self.di_rho)
            assert self.client.get(reverse("cerca"), {"q": scritto}).status_code == 200

    def test_i_documenti_si_trovano_per_titolo_protocollo_e_nome_del_file_finche_ci_sono(self) -> None:
        suo = Documento.objects.get(intervento=self.rho)
        for testo in (f"determina {self.rho.pk}", f"PG-{self.rho.pk}/2024", f"bulbi_{self.rho.pk}"):
            assert suo.titolo in self.trovati(self.di_rho, testo).get("documenti", []), testo
            assert f"Determina {PAROLA} {self.magenta.pk}" not in str(self.trovati(self.di_rho, testo))
        Documento.objects.filter(pk=suo.pk).update(
            eliminato_il="2025-01-01T00:00Z", eliminato_da=self.coordinatore, eliminato_motivo="Doppione."
        )
        assert "documenti" not in self.trovati(self.di_rho, PAROLA)

    def test_le_viste_sono_di_chi_le_ha_salvate(self) -> None:
        assert "viste" not in self.trovati(self.coordinatore, PAROLA)
        (vista,) = [voce for voce in self.suggeriti(self.di_rho, PAROLA) if voce["genere"] == "vista salvata"]
        assert vista["indirizzo"] == f"{reverse('traguardi')}?stato=in_ritardo"

    def test_i_piani_e_le_parole_del_glossario_sono_di_tutti(self) -> None:
        for chi in (self.coordinatore, self.di_rho):
            assert self.trovati(chi, "spugna")["piani"][0].startswith("SPUGNA · ")
            assert "Traguardo" in self.trovati(chi, "traguardo")["aiuto"]

    def test_senza_ruolo_non_si_cerca(self) -> None:
        self.client.force_login(crea_persona(nome="nessuno"))
        for rotta in ("cerca", "cerca-suggerimenti"):
            assert self.client.get(reverse(rotta), {"q": PAROLA}).status_code == 403
        self.client.logout()
        assert self.client.get(reverse("cerca"), {"q": PAROLA}).status_code == 302


class PaginaTestCase(CosaTestCase):
    def test_ogni_genere_ha_il_suo_conto_e_porta_al_suo_elenco(self) -> None:
        for numero in range(12):
            opera(f"Serra {PAROLA} {numero}")
        self.client.force_login(self.coordinatore)
        risposta = self.client.get(reverse("cerca"), {"q": PAROLA})
        self.assertContains(risposta, '<a href="#trovati-interventi">14\xa0interventi</a>')
        self.assertContains(risposta, f'<a href="{reverse("interventi")}?q={PAROLA}">Tutti: 14\xa0interventi</a>')
        self.assertContains(risposta, f'<a href="{reverse("traguardi")}?q={PAROLA}">Nell')
        elenco = self.client.get(reverse("traguardi"), {"q": PAROLA})
        assert elenco.context["conti"].totale == 2

    def test_l_indirizzo_di_prima_porta_a_quello_nuovo(self) -> None:
        self.client.force_login(self.coordinatore)
        risposta = self.client.get("/interventi/cerca/", {"q": "rho & co"})
        assert (risposta.status_code, risposta.headers["Location"]) == (301, "/cerca/?q=rho+%26+co")
        assert self.client.get("/interventi/cerca/").headers["Location"] == "/cerca/"

    def test_la_ricerca_costa_le_stesse_interrogazioni_per_poche_righe_e_per_molte(self) -> None:
        self.client.force_login(self.coordinatore)

        def conta() -> int:
            self.client.get(reverse("cerca"), {"q": PAROLA})
            with CaptureQueriesContext(connection) as catturate:
                assert self.client.get(reverse("cerca"), {"q": PAROLA}).status_code == 200
            return len(catturate)

        poche = conta()
        for numero in range(30):
            intervento = opera(f"Serra {PAROLA} {numero}", comuni=["Bresso"])
            documento(intervento, f"Verbale {PAROLA}", nome="v.pdf", autore=self.coordinatore)
            self.di("Bresso", f"chi-{numero}")
        assert conta() == poche
        assert poche <= 22


class SuggerimentiTestCase(CosaTestCase):
    def test_dicono_che_cosa_e_e_portano_li(self) -> None:
        voci = self.suggeriti(self.di_rho, "campo di zaff")
        assert voci == [
            {
                "genere": "intervento",
                "titolo": f"Campo di {PAROLA}",
                "sottotitolo": f"CUP {self.rho.cup}",
                "indirizzo": reverse("intervento", args=[self.rho.pk]),
            }
        ]

    def test_sono_al_massimo_otto_di_generi_diversi_e_non_si_conservano(self) -> None:
        for numero in range(12):
            opera(f"Serra {PAROLA} {numero}")
        voci = self.suggeriti(self.coordinatore, PAROLA)
        assert len(voci) == 8
        assert len({voce["genere"] for voce in voci}) > 2
        risposta = self.client.get(reverse("cerca-suggerimenti"), {"q": PAROLA})
        assert risposta.headers["Cache-Control"] == "no-store"
        assert risposta.json()["tutti"] == f"{reverse('cerca')}?q={PAROLA}"

    def test_chi_si_chiama_proprio_cosi_viene_prima(self) -> None:
        opera("Il ponte di Rho sul fiume Olona")
        assert self.suggeriti(self.coordinatore, "rho")[0]["titolo"] == "Rho"

    def test_un_comune_non_vede_il_nome_di_cio_che_e_di_altri(self) -> None:
        assert str(self.magenta.pk) not in str(
            [voce["indirizzo"] for voce in self.suggeriti(self.di_rho, PAROLA) if voce["genere"] == "intervento"]
        )
        assert self.suggeriti(self.di_rho, f"ZAF-{self.magenta.pk}") == []

    def test_un_testo_corto_non_chiede_nulla_alla_banca_dati(self) -> None:
        assert self.suggeriti(self.coordinatore, "za") == []
        assert self.suggeriti(self.coordinatore, "  ") == []

    def test_costano_meno_di_dieci_interrogazioni_e_una_sola_per_tutti_i_generi(self) -> None:
        self.client.force_login(self.coordinatore)
        with CaptureQueriesContext(connection) as vuote:
            self.client.get(reverse("cerca-suggerimenti"), {"q": "za"})
        with CaptureQueriesContext(connection) as piene:
            assert self.client.get(reverse("cerca-suggerimenti"), {"q": PAROLA}).json()["voci"]
        assert len(piene) == len(vuote) + 1
        assert len(piene) < 10


class QualunqueTestoTestCase(TestCase):
    """Whatever somebody types or pastes, the search answers: nothing breaks it, the null character included."""

    def test_nessun_testo_rompe_la_ricerca(self) -> None:
        riferimenti.carica()
        self.client.force_login(crea_persona(Ruolo.COORDINATORE))
        strani = st.text("%_\\'\"\0-.*/ 0A", min_size=3, max_size=40)

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(testo=st.one_of(st.text(max_size=300), strani))
        def cerca(testo: str) -> None:
            byte = testo.encode("utf-8", "surrogatepass")
            for rotta in ("cerca", "cerca-suggerimenti"):
                risposta = self.client.get(f"{reverse(rotta)}?q={''.join(f'%{uno:02X}' for uno in byte)}")
                assert risposta.status_code in {200, 302}

        cerca()


@given(testo=st.text(max_size=3000))
def test_cio_che_si_cerca_sta_su_una_riga_e_nella_misura(testo: str) -> None:
    pulito = ricerca.pulito(testo)
    assert len(pulito) <= ricerca.MASSIMO
    assert pulito == pulito.strip()
    assert not {"\0", "\n", "\r", "\t"} & set(pulito)
    assert ricerca.pulito(pulito) == pulito
