"""The documents of an intervento: who sees them, their versions, deleting them by an act, how long they are kept."""

from __future__ import annotations

import hashlib
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.ruoli import Ruolo
from monitoraggio.documenti.contenuto import FORMATI
from monitoraggio.models import CaricamentoDocumento, Documento, TipoDocumento, VersioneDocumento
from monitoraggio.presentazione import documenti as riquadro_documenti
from monitoraggio.services import accettazione
from monitoraggio.services.caricamenti import DatiDocumento, DocumentoRifiutato, inizia_caricamento
from monitoraggio.services.documenti import distruggi_scaduti, elimina_documento
from registro.models import Evento
from tests.enti.persone import crea_persona
from tests.monitoraggio import base, carte
from tests.monitoraggio.test_documenti_caricamento import JSON, CaricamentoTestCase, file_in_deposito


def documento(
    autore: Utente,
    intervento_id: int,
    *,
    seme: int = 1,
    dati: DatiDocumento = carte.DETERMINA,
    di: Documento | None = None,
    nome: str = "determina.pdf",
) -> VersioneDocumento:
    return accettazione.carica_intero(
        intervento_id=intervento_id,
        autore=autore,
        file=SimpleUploadedFile(nome, carte.pdf(seme=seme)),
        dati=None if di is not None else dati,
        documento_id=di.pk if di is not None else None,
    )


class ChiVedeTestCase(CaricamentoTestCase):
    def indirizzi(self, versione: VersioneDocumento) -> list[str]:
        return [
            reverse("documenti", args=[self.opera.pk]),
            reverse("documenti-json", args=[self.opera.pk]),
            reverse("documento", args=[versione.documento_id]),
            reverse("documento-file", args=[versione.pk]),
        ]

    def test_chi_attua_e_chi_vede_tutto_leggono_gli_altri_comuni_no(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        cabina = crea_persona(Ruolo.CABINA)
        amministratrice = crea_persona(Ruolo.AMMINISTRATORE)
        for chi in (self.compilatore, self.responsabile, self.istruttore, self.coordinatore, cabina, amministratrice):
            self.client.force_login(chi)
            for indirizzo in self.indirizzi(versione):
                assert self.client.get(indirizzo).status_code == 200, (chi, indirizzo)
        self.client.force_login(self.altra)
        for indirizzo in self.indirizzi(versione):
            assert self.client.get(indirizzo).status_code == 404, indirizzo
        for nome in ("documento-versione", "documento-elimina"):
            assert self.client.get(reverse(nome, args=[versione.documento_id])).status_code == 404
            assert self.client.post(reverse(nome, args=[versione.documento_id])).status_code == 404

    def test_chi_ha_l_opera_sul_suo_territorio_ma_non_la_attua_non_vede_i_documenti(self) -> None:
        altrui = base.intervento("Bresso")
        base.Localizzazione.objects.filter(intervento=altrui).update(
            comune=base.Comune.objects.get(nome="Rho", zona__isnull=False)
        )
        assert self.client.get(reverse("intervento", args=[altrui.pk])).status_code == 200
        assert self.client.get(reverse("documenti", args=[altrui.pk])).status_code == 404

    def test_la_cabina_legge_e_non_carica(self) -> None:
        self.client.force_login(crea_persona(Ruolo.CABINA))
        pagina = self.client.get(reverse("documenti", args=[self.opera.pk]))
        self.assertNotContains(pagina, reverse("documenti-carica", args=[self.opera.pk]))
        assert self.client.get(reverse("documenti-carica", args=[self.opera.pk])).status_code == 403
        assert self.inizia("a.pdf", carte.pdf()).status_code == 403

    def test_il_servizio_ricontrolla_il_ruolo(self) -> None:
        """A membership of the body is not enough: it must be one that fills in."""
        cabina = crea_persona(Ruolo.CABINA)
        with pytest.raises(DocumentoRifiutato, match="ruolo"):
            inizia_caricamento(
                intervento_id=self.opera.pk, autore=cabina, nome="a.pdf", dimensione=1, dati=carte.DETERMINA
            )
        versione = documento(self.compilatore, self.opera.pk)
        for chi in (cabina, self.compilatore):
            with pytest.raises(DocumentoRifiutato, match="ruolo"):
                elimina_documento(documento_id=versione.documento_id, autore=chi, atto="Atto", motivo="Motivo")
        with pytest.raises(Documento.DoesNotExist):
            elimina_documento(documento_id=versione.documento_id, autore=self.altra, atto="Atto", motivo="Motivo")

    def test_il_file_si_scarica_come_allegato_e_nessuno_lo_trattiene(self) -> None:
        versione = documento(self.compilatore, self.opera.pk, nome="Determina n. 12 – più.pdf")
        risposta = self.client.get(reverse("documento-file", args=[versione.pk]))
        assert risposta["Content-Disposition"].startswith("attachment; filename*=utf-8''Determina%20n.%2012")
        assert (risposta["Content-Type"], risposta["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert (risposta["Cache-Control"], risposta["Content-Length"]) == ("no-store", "400")
        assert risposta.streaming

    def test_il_nome_sul_disco_non_si_indovina(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        (file,) = file_in_deposito()
        assert "determina" not in str(file)
        assert len(file.name) == 32
        assert str(versione.deposito).endswith(file.name)

    def test_l_elenco_da_scegliere_ha_solo_i_presenti(self) -> None:
        tenuto = documento(self.compilatore, self.opera.pk, seme=1).documento
        tolto = documento(self.compilatore, self.opera.pk, seme=2).documento
        elimina_documento(documento_id=tolto.pk, autore=self.responsabile, atto="Atto", motivo="Doppione")
        voci = self.client.get(reverse("documenti-json", args=[self.opera.pk])).json()["documenti"]
        indirizzo = reverse("documento", args=[tenuto.pk])
        assert voci == [
            {
                "pk": tenuto.pk,
                "titolo": "Determina n. 12",
                "data": None,
                "protocollo": "123/2024",
                "indirizzo": indirizzo,
            }
        ]


class PagineTestCase(CaricamentoTestCase):
    def test_l_elenco_si_filtra_per_mese_tipo_e_parole(self) -> None:
        for seme, (titolo, tipo, mese) in enumerate(
            [("Uno", "determina", base.DICEMBRE), ("Due", "contratto", base.DICEMBRE), ("Tre", "contratto", None)]
        ):
            dati = DatiDocumento(tipo=tipo, titolo=titolo, mese=mese, protocollo=f"P/{seme}")
            documento(self.compilatore, self.opera.pk, seme=seme, dati=dati)
        indirizzo = reverse("documenti", args=[self.opera.pk])
        for domanda, attesi in (
            ("", {"Uno", "Due", "Tre"}),
            ("mese=2024-12-01", {"Uno", "Due"}),
            ("mese=2024-12-01&tipo=contratto", {"Due"}),
            ("q=P/2", {"Tre"}),
            ("stato=eliminati", set()),
        ):
            pagina = self.client.get(f"{indirizzo}?{domanda}")
            assert {uno.titolo for uno in pagina.context["pagina"]} == attesi, domanda

    def test_l_elenco_costa_le_stesse_interrogazioni_per_pochi_e_per_molti(self) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as catturate:
                self.client.get(reverse("documenti", args=[self.opera.pk]))
            return len(catturate)

        uno = documento(self.compilatore, self.opera.pk).documento
        poche = quante()
        for seme in range(2, 12):
            documento(self.compilatore, self.opera.pk, seme=seme)
        for seme in range(20, 24):
            documento(self.compilatore, self.opera.pk, seme=seme, di=uno)
        assert quante() == poche <= 18

    def test_i_tipi_e_le_dimensioni_sono_scritti_sul_modulo(self) -> None:
        pagina = self.client.get(reverse("documenti-carica", args=[self.opera.pk])).content.decode()
        for tipo in TipoDocumento.objects.all():
            assert f'data-ammessi="{tipo.ammessi}"' in pagina
            assert f'<span class="sotto-riga">{tipo.ammessi}</span>' in pagina

    def test_i_campi_del_riquadro_non_sono_del_modulo_che_li_contiene(self) -> None:
        inizia_caricamento(
            intervento_id=self.opera.pk, autore=self.compilatore, nome="b.pdf", dimensione=9, dati=carte.DETERMINA
        )
        dati = riquadro_documenti.riquadro(self.opera, self.compilatore)
        riquadro = render_to_string("monitoraggio/documenti/riquadro.html", {"riquadro": dati})
        assert "<form" not in riquadro
        assert riquadro.count('form="documenti-senza-modulo"') == 7
        assert reverse("documenti-carica", args=[self.opera.pk]) in riquadro


class VersioniTestCase(CaricamentoTestCase):
    def test_una_nuova_versione_si_aggiunge_e_le_vecchie_restano(self) -> None:
        prima = documento(self.compilatore, self.opera.pk)
        risposta = self.manda("nuova.pdf", carte.pdf(seme=2), documento=prima.documento_id, tipo="")
        assert (risposta.status_code, risposta.json()["versione"]) == (200, 2)
        uno = Documento.objects.get()
        assert [versione.numero for versione in uno.versioni.all()] == [2, 1]
        assert self.letto(prima) == carte.pdf(seme=1)
        pagina = self.client.get(reverse("documento", args=[uno.pk]))
        for parola in ("Versioni", "nuova.pdf", "determina.pdf", prima.sha256, "Nuova versione caricata"):
            self.assertContains(pagina, parola)

    def test_la_stessa_versione_due_volte_si_rifiuta_e_tornare_a_una_vecchia_si_puo(self) -> None:
        prima = documento(self.compilatore, self.opera.pk)
        with pytest.raises(DocumentoRifiutato, match="identico alla versione 1"):
            documento(self.compilatore, self.opera.pk, di=prima.documento)
        documento(self.compilatore, self.opera.pk, seme=2, di=prima.documento)
        assert documento(self.compilatore, self.opera.pk, seme=1, di=prima.documento).numero == 3

    def test_la_nuova_versione_prende_i_file_del_suo_tipo(self) -> None:
        uno = documento(self.compilatore, self.opera.pk).documento
        risposta = self.manda("foglio.xlsx", carte.xlsx(), documento=uno.pk)
        assert (risposta.status_code, "i file ammessi sono pdf, p7m" in risposta.json()["detail"]) == (422, True)
        indirizzo = reverse("documento-versione", args=[uno.pk])
        pagina = self.client.post(indirizzo, {"file": SimpleUploadedFile("foglio.xlsx", carte.xlsx())})
        self.assertContains(pagina, "i file ammessi sono pdf, p7m")
        pagina = self.client.post(indirizzo, {"file": SimpleUploadedFile("b.pdf", carte.pdf(seme=5))}, follow=True)
        self.assertContains(pagina, "ricevuta n.")
        assert uno.versioni.count() == 2

    def test_la_versione_di_un_documento_di_un_altro_intervento_non_c_e(self) -> None:
        altra = base.intervento("Rho")
        uno = documento(self.compilatore, altra.pk).documento
        assert self.inizia("a.pdf", carte.pdf(seme=3), documento=uno.pk).status_code == 404


class EliminazioneTestCase(CaricamentoTestCase):
    def elimina(self, uno: Documento, **dati: str) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(reverse("documento-elimina", args=[uno.pk]), dati)
        uno.refresh_from_db()

    def test_si_elimina_con_un_atto_e_un_motivo_che_restano_scritti(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        uno = versione.documento
        self.client.force_login(self.responsabile)
        for dati in ({}, {"atto": "Determina n. 1"}, {"motivo": "Sbagliato"}, {"atto": " ", "motivo": " "}):
            self.elimina(uno, **dati)
            assert uno.eliminato_il is None, dati
        self.elimina(uno, atto="Determina n. 1 del 2/1/2025", motivo="Allegato all'opera sbagliata")
        assert (uno.eliminato_da, uno.eliminato_atto) == (self.responsabile, "Determina n. 1 del 2/1/2025")
        evento = Evento.objects.get(verbo="documento eliminato")
        assert (evento.autore, evento.nota) == (self.responsabile, "Allegato all'opera sbagliata")
        self.assertNotContains(self.client.get(reverse("documenti", args=[self.opera.pk])), uno.titolo)
        pagina = self.client.get(reverse("documento", args=[uno.pk]))
        for parola in ("Determina n. 1 del 2/1/2025", "Allegato all&#x27;opera sbagliata", "chiedilo"):
            self.assertContains(pagina, parola)
        elenco = self.client.get(reverse("documenti", args=[self.opera.pk]), {"stato": "eliminati"})
        self.assertContains(elenco, uno.titolo)
        with pytest.raises(DocumentoRifiutato, match="già stato eliminato"):
            elimina_documento(documento_id=uno.pk, autore=self.coordinatore, atto="Atto", motivo="Di nuovo")

    def test_il_file_di_un_documento_eliminato_resta_per_i_controlli(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        elimina_documento(documento_id=versione.documento_id, autore=self.responsabile, atto="Atto", motivo="Motivo")
        assert self.client.get(reverse("documento-file", args=[versione.pk])).status_code == 404
        assert self.manda("b.pdf", carte.pdf(seme=2), documento=versione.documento_id).status_code == 422
        self.client.force_login(self.istruttore)
        assert self.client.get(reverse("documento-file", args=[versione.pk])).status_code == 200

    def test_lo_stesso_file_si_ricarica_dopo_che_quello_di_prima_e_stato_eliminato(self) -> None:
        uno = self.manda("a.pdf", carte.pdf()).json()
        elimina_documento(documento_id=uno["documento"]["pk"], autore=self.responsabile, atto="Atto", motivo="Motivo")
        due = self.manda("a.pdf", carte.pdf()).json()
        assert due["documento"]["pk"] != uno["documento"]["pk"]

    def test_il_file_si_distrugge_solo_dopo_il_termine_e_solo_se_eliminato(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        intatto = documento(self.compilatore, self.opera.pk, seme=2)
        elimina_documento(documento_id=versione.documento_id, autore=self.responsabile, atto="Atto", motivo="Motivo")
        termine = date(2031, 12, 31)
        Documento.objects.update(conservare_fino_al=termine)
        assert distruggi_scaduti(oggi=termine).versioni == []
        assert len(file_in_deposito()) == 2
        assert distruggi_scaduti(oggi=date(2032, 1, 1)).versioni == [versione]
        assert len(file_in_deposito()) == 1
        versione.refresh_from_db()
        intatto.refresh_from_db()
        assert (versione.distrutta_il is None, intatto.distrutta_il) == (False, None)
        assert Evento.objects.filter(verbo="file distrutto").count() == 1
        assert distruggi_scaduti(oggi=date(2032, 1, 1)).versioni == []
        self.client.force_login(self.istruttore)
        assert self.client.get(reverse("documento-file", args=[versione.pk])).status_code == 404
        self.assertContains(self.client.get(reverse("documento", args=[versione.documento_id])), "file distrutto il")

    def test_la_prova_del_comando_non_distrugge(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        elimina_documento(documento_id=versione.documento_id, autore=self.responsabile, atto="Atto", motivo="Motivo")
        Documento.objects.update(conservare_fino_al=date(2020, 1, 1))
        uscita = StringIO()
        call_command("distruggi_documenti", "--prova", stdout=uscita)
        assert "determina.pdf: da conservare fino al 01/01/2020" in uscita.getvalue()
        assert len(file_in_deposito()) == 1
        call_command("distruggi_documenti", stdout=uscita)
        assert "Distrutti: 1 file di documenti" in uscita.getvalue()
        assert file_in_deposito() == []


class ConservazioneTestCase(CaricamentoTestCase):
    def test_ogni_tipo_dice_la_sua_norma_da_quando_si_conta_e_file_che_il_portale_sa_controllare(self) -> None:
        for tipo in TipoDocumento.objects.select_related("fonte"):
            assert tipo.luogo, tipo
            assert tipo.nota, tipo
            assert set(tipo.estensioni) <= set(FORMATI), tipo
            assert tipo.estensioni, tipo

    def test_il_termine_e_il_piu_lungo_fra_gli_anni_e_il_giorno_della_norma(self) -> None:
        tipo = TipoDocumento(anni_conservazione=5, conservare_almeno_fino_al=date(2031, 12, 31))
        assert tipo.da_conservare(date(2026, 12, 31)) == date(2031, 12, 31)
        assert tipo.da_conservare(date(2025, 1, 1)) == date(2031, 12, 31)
        assert tipo.da_conservare(date(2027, 1, 1)) == date(2032, 1, 1)
        tipo.conservare_almeno_fino_al = None
        assert tipo.da_conservare(date(2028, 2, 29)) == date(2033, 3, 1)
        tipo.anni_conservazione = 4
        assert tipo.da_conservare(date(2028, 2, 29)) == date(2032, 2, 29)

    def test_una_fattura_si_conserva_dieci_anni_dal_caricamento_e_la_nuova_versione_li_allunga(self) -> None:
        dati = DatiDocumento(tipo="fattura", titolo="Fattura 7", data=date(2023, 5, 1))
        uno = documento(self.compilatore, self.opera.pk, dati=dati).documento
        oggi = timezone.localdate()
        assert uno.conservare_fino_al == TipoDocumento.objects.get(codice="fattura").da_conservare(oggi)
        assert uno.conservare_fino_al.year == oggi.year + 10
        Documento.objects.update(conservare_fino_al=date(2030, 1, 1))
        documento(self.compilatore, self.opera.pk, seme=2, di=uno)
        uno.refresh_from_db()
        assert uno.conservare_fino_al.year == oggi.year + 10
        Documento.objects.update(conservare_fino_al=date(2099, 1, 1))
        documento(self.compilatore, self.opera.pk, seme=3, di=uno)
        uno.refresh_from_db()
        assert uno.conservare_fino_al == date(2099, 1, 1)

    def test_l_impronta_e_calcolata_qui_e_l_evento_la_ricorda(self) -> None:
        versione = documento(self.compilatore, self.opera.pk)
        sha256 = hashlib.sha256(carte.pdf()).hexdigest()
        assert versione.sha256 == sha256
        evento = Evento.objects.get(verbo="documento caricato")
        assert (evento.dopo or {})["sha256"] == sha256
        assert not Path(versione.deposito.path).suffix
        assert CaricamentoDocumento.objects.get().versione == versione
        assert self.client.get(reverse("documenti-json", args=[self.opera.pk]), headers=JSON).status_code == 200
