"""Undoing in the monitoring: allerte read, corrections seen, what was sent, deleted, corrected, set aside."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from monitoraggio.flusso import StatoAvanzamento
from monitoraggio.models import Allerta, Avanzamento, Documento, Segnale, Traguardo, VersioneDocumento, Visto
from monitoraggio.models.documenti import TipoDocumento
from monitoraggio.scelte import ChiAgisce, TipoAllerta, TipoTraguardo
from monitoraggio.services import allerte, bozze, passaggi, silenzi
from registro.models import Fonte, Ripensamento
from registro.selectors import cronologia
from registro.storia import salva
from tests.monitoraggio.base import MonitoraggioTestCase
from tests.registro.annulla import annulla, offerto


class AllerteTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.compilatore)

    def avvisa(self, chiave: str, utente: Utente | None = None) -> Allerta:
        avviso = allerte.Avviso(tipo=TipoAllerta.MESSAGGIO, chiave=chiave, titolo=f"Allerta {chiave}")
        chi = utente or self.compilatore
        allerte.avvisa(utenti=[chi.pk], avviso=avviso)
        return Allerta.objects.get(utente=chi, chiave=chiave)

    def da_leggere(self) -> set[str]:
        sue = Allerta.objects.filter(utente=self.compilatore, letta_il__isnull=True)
        return set(sue.values_list("chiave", flat=True))

    def test_un_allerta_letta_torna_da_leggere(self) -> None:
        allerta = self.avvisa("a")
        self.client.post(reverse("allerta-letta", args=[allerta.pk]))
        assert annulla(self.client) == "Un'allerta è di nuovo da leggere."
        assert self.da_leggere() == {"a"}

    def test_di_tutte_tornano_solo_quelle_lette_con_quel_gesto(self) -> None:
        prima = self.avvisa("prima")
        allerte.leggi(allerta_id=prima.pk, utente=self.compilatore)
        self.avvisa("a")
        ultima = self.avvisa("b")
        self.client.post(reverse("allerte-lette"), {"fino_a": ultima.pk})
        assert self.da_leggere() == set()
        assert annulla(self.client) == "2 allerte sono di nuovo da leggere."
        assert self.da_leggere() == {"a", "b"}

    def test_cio_che_era_gia_letto_non_offre_nulla(self) -> None:
        allerta = self.avvisa("a")
        allerte.leggi(allerta_id=allerta.pk, utente=self.compilatore)
        self.client.post(reverse("allerta-letta", args=[allerta.pk]))
        self.client.post(reverse("allerte-lette"), {"fino_a": allerta.pk})
        assert not Ripensamento.objects.exists()

    def test_cio_che_intanto_non_vale_piu_resta_letto(self) -> None:
        allerta = self.avvisa("a")
        self.client.post(reverse("allerta-letta", args=[allerta.pk]))
        allerte.supera(chiavi=["a"])
        assert "non c'è niente da riportare" in annulla(self.client)
        assert self.da_leggere() == set()


class InvioTestCase(MonitoraggioTestCase):
    def invia(self) -> Avanzamento:
        bozza = self.bozza()
        self.client.force_login(self.responsabile)
        self.client.post(reverse("avanzamento-invia", args=[bozza.pk]), {"revisione": str(bozza.revisione)})
        return bozza

    def stato(self, avanzamento: Avanzamento) -> str:
        return Avanzamento.objects.get(pk=avanzamento.pk).stato

    def test_un_invio_torna_in_bozza_con_cio_che_c_era_scritto(self) -> None:
        bozza = self.invia()
        celle = Avanzamento.objects.get(pk=bozza.pk).bozza
        assert annulla(self.client) == "L'avanzamento è di nuovo in bozza: non è più fra quelli da istruire."
        tornata = Avanzamento.objects.get(pk=bozza.pk)
        assert (tornata.stato, tornata.bozza) == (StatoAvanzamento.BOZZA, celle)
        assert [evento.verbo for evento in cronologia(tornata)[:2]] == ["annullato", "ripreso in bozza"]

    def test_una_volta_approvato_non_si_annulla_piu(self) -> None:
        bozza = self.invia()
        passaggi.approva(avanzamento_id=bozza.pk, autore=self.istruttore)
        assert "lo stato è già «approvato»" in annulla(self.client)
        assert self.stato(bozza) == StatoAvanzamento.APPROVATO

    def test_un_altro_invio_fatto_dopo_non_e_quello(self) -> None:
        bozza = self.invia()
        chiave = offerto().chiave
        passaggi.ritira(avanzamento_id=bozza.pk, autore=self.responsabile)
        passaggi.invia(avanzamento_id=bozza.pk, autore=self.responsabile)
        assert "ripreso e inviato di nuovo" in annulla(self.client, chiave)
        assert self.stato(bozza) == StatoAvanzamento.INVIATO

    def test_chi_non_e_piu_responsabile_non_lo_riprende(self) -> None:
        bozza = self.invia()
        Appartenenza.objects.filter(utente=self.responsabile).update(ruolo=Ruolo.COMPILATORE)
        assert "non spetta a te" in annulla(self.client)
        assert self.stato(bozza) == StatoAvanzamento.INVIATO

    def test_cio_che_era_tornato_da_correggere_non_si_offre_di_annullare(self) -> None:
        """As a draft it would have lost the reason it came back for."""
        inviato = self.inviato()
        passaggi.restituisci(avanzamento_id=inviato.pk, autore=self.istruttore, motivo="Manca il SAL.")
        restituito = Avanzamento.objects.get(pk=inviato.pk)
        self.client.force_login(self.responsabile)
        self.client.post(reverse("avanzamento-invia", args=[inviato.pk]), {"revisione": str(restituito.revisione)})
        assert self.stato(inviato) == StatoAvanzamento.INVIATO
        assert not Ripensamento.objects.exists()


class CorrezioneVistaTestCase(MonitoraggioTestCase):
    def vista(self) -> Avanzamento:
        approvato = self.approvato()
        nuova = bozze.correggi(avanzamento_id=approvato.pk, motivo="Refuso.", autore=self.compilatore)
        self.client.force_login(self.istruttore)
        self.client.post(reverse("avanzamento-vista", args=[nuova.pk]))
        assert Visto.objects.filter(avanzamento=nuova).exists()
        return nuova

    def test_una_correzione_vista_torna_da_vedere(self) -> None:
        nuova = self.vista()
        assert annulla(self.client) == "La correzione è di nuovo fra quelle da vedere."
        assert not Visto.objects.filter(avanzamento=nuova).exists()

    def test_se_intanto_l_ha_vista_un_altra_persona_resta_vista(self) -> None:
        nuova = self.vista()
        Visto.objects.filter(avanzamento=nuova).update(autore=self.coordinatore)
        assert "non risulta più vista da te" in annulla(self.client)
        assert Visto.objects.filter(avanzamento=nuova).exists()

    def test_chi_ritrova_gia_vista_una_correzione_non_puo_disfare_il_visto_di_altri(self) -> None:
        nuova = self.vista()
        Ripensamento.objects.all().delete()
        self.client.force_login(self.coordinatore)
        self.client.post(reverse("avanzamento-vista", args=[nuova.pk]))
        assert not Ripensamento.objects.exists()


class DocumentoEliminatoTestCase(MonitoraggioTestCase):
    def elimina(self) -> Documento:
        documento = Documento.objects.create(
            intervento=self.opera,
            tipo=TipoDocumento.objects.get(codice="determina"),
            titolo="Determina n. 12",
            creato_da=self.compilatore,
            conservare_fino_al=date(2040, 1, 1),
        )
        VersioneDocumento.objects.create(
            documento=documento,
            numero=1,
            nome="determina.pdf",
            deposito=ContentFile(b"%PDF-1.7 i byte di prima", name="x"),
            dimensione=24,
            sha256="a" * 64,
            tipo_contenuto="application/pdf",
            caricata_da=self.compilatore,
        )
        self.client.force_login(self.responsabile)
        dati = {"atto": "Determina n. 13", "motivo": "Doppione."}
        assert self.client.post(reverse("documento-elimina", args=[documento.pk]), dati).status_code == 302
        return documento

    def presente(self, documento: Documento) -> bool:
        return Documento.objects.presenti().filter(pk=documento.pk).exists()

    def test_un_documento_eliminato_torna_col_suo_file(self) -> None:
        documento = self.elimina()
        assert not self.presente(documento)
        assert annulla(self.client) == "Il documento «Determina n. 12» c'è di nuovo."
        tornato = Documento.objects.get(pk=documento.pk)
        assert (tornato.eliminato_il, tornato.eliminato_atto, tornato.eliminato_motivo) == (None, "", "")
        assert Path(tornato.versioni.get().deposito.path).read_bytes() == b"%PDF-1.7 i byte di prima"
        assert [evento.verbo for evento in cronologia(tornato)] == ["annullato", "documento eliminato"]

    def test_se_il_file_e_stato_distrutto_non_torna(self) -> None:
        documento = self.elimina()
        documento.versioni.update(distrutta_il=timezone.now())
        assert "il suo file non c'è più" in annulla(self.client)
        assert not self.presente(documento)

    def test_chi_non_e_piu_di_quell_ente_non_lo_riporta(self) -> None:
        documento = self.elimina()
        Appartenenza.objects.filter(utente=self.responsabile).update(ruolo=Ruolo.COMPILATORE)
        assert "Il tuo ruolo su questo intervento è cambiato" in annulla(self.client)
        assert not self.presente(documento)


class TraguardoTestCase(MonitoraggioTestCase):
    def setUp(self) -> None:
        self.client.force_login(self.coordinatore)
        self.suo = Traguardo(
            intervento=self.opera,
            codice="FINE",
            titolo="Fine dei lavori",
            tipo=TipoTraguardo.MILESTONE,
            scadenza=date(2026, 6, 30),
            scadenza_iniziale=date(2026, 6, 30),
            fonte=Fonte.objects.get(codice="portale"),
        )
        salva(self.suo, autore=None)

    def correggi(self, **cambi: Any) -> None:
        modulo = self.client.get(reverse("traguardo-modifica", args=[self.suo.pk])).context["modulo"]
        dati = {nome: modulo[nome].value() or "" for nome in modulo.fields} | cambi
        risposta = self.client.post(reverse("traguardo-modifica", args=[self.suo.pk]), dati)
        assert risposta.status_code == 302, risposta.context["modulo"].errors
        self.suo.refresh_from_db()

    def test_una_correzione_torna_indietro_e_resta_nella_sua_storia(self) -> None:
        self.correggi(titolo="Collaudo", previsione="2026-05-31")
        assert (self.suo.titolo, self.suo.previsione) == ("Collaudo", date(2026, 5, 31))
        assert annulla(self.client) == "Il traguardo FINE è tornato com'era."
        self.suo.refresh_from_db()
        assert (self.suo.titolo, self.suo.previsione) == ("Fine dei lavori", None)
        assert Traguardo.storico.filter(id=self.suo.pk).count() == 3

    def test_se_qualcun_altro_l_ha_salvato_dopo_resta_il_suo(self) -> None:
        self.correggi(titolo="Collaudo")
        chiave = offerto().chiave
        self.correggi(titolo="Collaudo finale")
        assert "Qualcun altro ha salvato questo traguardo" in annulla(self.client, chiave)
        self.suo.refresh_from_db()
        assert self.suo.titolo == "Collaudo finale"

    def test_salvare_senza_cambiare_nulla_non_offre_nulla(self) -> None:
        self.correggi()
        assert not Ripensamento.objects.exists()

    def test_chi_non_gestisce_piu_i_traguardi_non_annulla(self) -> None:
        self.correggi(titolo="Collaudo")
        Appartenenza.objects.filter(utente=self.coordinatore).update(ruolo=Ruolo.ISTRUTTORE)
        assert "I traguardi li gestisce il coordinatore" in annulla(self.client)
        self.suo.refresh_from_db()
        assert self.suo.titolo == "Collaudo"


class SegnaleTestCase(MonitoraggioTestCase):
    def silenzia(self) -> Segnale:
        segnale = Segnale.objects.create(
            intervento=self.opera, codice="mese_mancante", peso=40, motivo="Manca un mese.", tocca=ChiAgisce.COMUNE
        )
        self.client.force_login(self.responsabile)
        fino = timezone.localdate() + timedelta(days=7)
        dati = {"motivo": "Arriva lunedì.", "fino_al": fino.isoformat()}
        assert self.client.post(reverse("segnale-silenzia", args=[segnale.pk]), dati).status_code == 302
        return segnale

    def attivo(self, segnale: Segnale) -> bool:
        return Segnale.objects.attivi().filter(pk=segnale.pk).exists()

    def test_un_segnale_messo_da_parte_torna_fra_quelli_da_guardare(self) -> None:
        segnale = self.silenzia()
        assert not self.attivo(segnale)
        assert annulla(self.client) == "Il segnale è di nuovo fra quelli da guardare."
        assert self.attivo(segnale)

    def test_se_intanto_qualcuno_l_ha_ripreso_non_cambia_nulla(self) -> None:
        segnale = self.silenzia()
        silenzi.riattiva(segnale_id=segnale.pk, autore=self.coordinatore)
        assert "è già stato ripreso" in annulla(self.client)
        assert self.attivo(segnale)
