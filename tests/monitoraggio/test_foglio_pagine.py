"""The pages of the workbook: who sees what, and the steps from the download to the drafts."""

from __future__ import annotations

import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio.foglio.tipi import Genere
from monitoraggio.models import Avanzamento, FoglioCaricato
from monitoraggio.models.fogli import StatoFoglio
from tests.enti.persone import crea_persona
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, intervento, persona
from tests.monitoraggio.base_foglio import FoglioTestCase, libro_di, riga

DEL_MESE = {"mese": DICEMBRE.isoformat()}


@override_settings(FOGLIO_GIORNI=30)
class PagineFoglioTestCase(FoglioTestCase):
    def entra(self, chi: Utente) -> None:
        self.client.force_login(chi)

    def invia(self, byte: bytes, nome: str = "foglio.xlsx", mese: str = DICEMBRE.isoformat()) -> object:
        return self.client.post(reverse("foglio"), {"mese": mese, "file": SimpleUploadedFile(nome, byte)})

    def test_dal_foglio_scaricato_alle_bozze(self) -> None:
        self.entra(self.compilatore)
        pagina = self.client.get(reverse("foglio"), DEL_MESE)
        self.assertContains(pagina, "Per dicembre 2024 c'è un intervento da compilare")
        scaricato = self.client.get(reverse("foglio-scarica"), DEL_MESE)
        assert scaricato["Content-Disposition"] == 'attachment; filename="avanzamenti-2024-12.xlsx"'
        assert scaricato["X-Content-Type-Options"] == "nosniff"
        byte = self.modificato(
            lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(20)), scaricato.content
        )
        self.invia(byte)
        foglio = FoglioCaricato.objects.get()
        esito = reverse("foglio-esito", args=[foglio.pk])
        self.assertContains(self.client.get(esito), "senza scrivere nulla")
        assert self.client.get(reverse("foglio-stato", args=[foglio.pk])).json()["aperto"] is True
        self.lavorato(foglio)
        assert not Avanzamento.objects.exists()
        self.assertContains(self.client.get(esito), "Scrivi nelle bozze un valore")
        self.client.post(reverse("foglio-applica", args=[foglio.pk]))
        self.lavorato(foglio)
        self.assertContains(self.client.get(esito), "Scritto nelle bozze")
        restituito = self.client.get(reverse("foglio-restituito", args=[foglio.pk]))
        assert libro_di(b"".join(restituito)).mese == DICEMBRE
        assert self.bozza_di()["testa-0-percentuale"] == "20,00"

    def test_un_file_rifiutato_si_dice_accanto_al_campo(self) -> None:
        self.entra(self.compilatore)
        risposta = self.invia(b"CUP;Importo", "foglio.csv")
        self.assertContains(risposta, "non è un file .xlsx")  # type: ignore[arg-type]
        assert not FoglioCaricato.objects.exists()

    def test_il_foglio_di_un_altra_persona_non_si_trova(self) -> None:
        foglio = self.carica(self.scarica())
        for chi in (self.altra, self.responsabile, self.coordinatore):
            self.entra(chi)
            for nome in ("foglio-esito", "foglio-stato", "foglio-restituito"):
                assert self.client.get(reverse(nome, args=[foglio.pk])).status_code == 404, (chi, nome)
            for nome in ("foglio-applica", "foglio-scarta", "foglio-riprova"):
                assert self.client.post(reverse(nome, args=[foglio.pk])).status_code == 404, (chi, nome)
        foglio.refresh_from_db()
        assert foglio.stato == StatoFoglio.DA_CONFERMARE

    def test_chi_non_compila_non_entra(self) -> None:
        for ruolo in (Ruolo.CABINA, Ruolo.AMMINISTRATORE):
            self.entra(crea_persona(ruolo))
            assert self.client.get(reverse("foglio")).status_code == 403

    def test_il_comune_ha_nel_foglio_solo_i_suoi(self) -> None:
        di_bresso = intervento("Bresso")
        self.entra(self.compilatore)
        libro = libro_di(self.client.get(reverse("foglio-scarica"), DEL_MESE | {"ente": str(di_bresso.pk)}).content)
        assert set(libro.soggetti) == {self.opera.pk}

    def test_il_personale_sceglie_l_ente(self) -> None:
        di_bresso = intervento("Bresso")
        self.entra(self.istruttore)
        ente = str(di_bresso.soggetto_attuatore_id)
        libro = libro_di(self.client.get(reverse("foglio-scarica"), DEL_MESE | {"ente": ente}).content)
        assert set(libro.soggetti) == {di_bresso.pk}
        assert set(libro_di(self.client.get(reverse("foglio-scarica"), DEL_MESE).content).soggetti) == {
            self.opera.pk,
            di_bresso.pk,
        }

    def test_troppi_interventi_vogliono_una_scelta(self) -> None:
        intervento("Bresso")
        self.entra(self.istruttore)
        for massimo, detto in ((1, True), (2, False)):
            with override_settings(FOGLIO_INTERVENTI=massimo):
                pagina = self.client.get(reverse("foglio"), DEL_MESE)
                assert ("Un foglio tiene al massimo" in pagina.content.decode()) is detto
                assert (self.client.get(reverse("foglio-scarica"), DEL_MESE).status_code == 302) is detto

    def test_un_ruolo_vale_solo_per_il_suo_ente(self) -> None:
        """Compilatore of Bresso and nothing of Rho: a workbook of Rho that is at hand writes nothing."""
        byte = self.modificato(lambda libro: riga(libro, "testa", "0").valori.update(percentuale=Decimal(20)))
        foglio = self.carica(byte, persona(Ruolo.COMPILATORE, "Bresso"))
        assert self.esiti(foglio, Genere.CAMBIO) == []

    def test_la_pagina_degli_esiti_costa_lo_stesso_per_uno_e_per_molti(self) -> None:
        self.entra(self.compilatore)
        conti = []
        for quanti in (1, 12):
            for _volta in range(quanti - 1):
                intervento()

            def modifica(libro: object) -> None:
                for letta in libro.schede["testa"].righe:  # type: ignore[attr-defined]
                    letta.valori["percentuale"] = Decimal(20)

            foglio = self.carica(self.modificato(modifica))
            assert foglio.interventi.count() == quanti
            with CaptureQueriesContext(connection) as catturate:
                self.client.get(reverse("foglio-esito", args=[foglio.pk]))
            conti.append(len(catturate))
        assert conti[1] <= conti[0]
        assert conti[0] <= 18

    def test_il_mese_scelto_deve_essere_quello_del_foglio(self) -> None:
        self.entra(self.compilatore)
        self.invia(self.scarica(mese=NOVEMBRE))
        foglio = self.lavorato(FoglioCaricato.objects.get())
        pagina = self.client.get(reverse("foglio-esito", args=[foglio.pk]))
        self.assertContains(pagina, "Questo foglio è di novembre 2024, mentre stai caricando dicembre 2024")

    def test_il_nome_nel_deposito_non_dice_nulla(self) -> None:
        self.entra(self.compilatore)
        self.invia(self.scarica(), "Rho dicembre.xlsx")
        foglio = FoglioCaricato.objects.get()
        assert foglio.nome == "Rho dicembre.xlsx"
        assert "Rho" not in str(foglio.deposito.name)
        assert io.BytesIO(foglio.deposito.read()).getbuffer().nbytes == foglio.dimensione
