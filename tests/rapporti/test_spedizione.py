"""Ready reports reach the members of the Cabina by mail: once each, together where they are of one meeting."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import TestCase, override_settings
from django.utils import timezone

from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from rapporti.domanda import Perimetro
from rapporti.models import InvioRapporto, Rapporto, Riunione
from rapporti.scelte import TipoPerimetro, TipoRapporto
from rapporti.services import archivio, posta, riunioni, spedizione
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import pronti
from tests.rapporti.fili import insieme
from tests.rapporti.test_riunioni import AVANZAMENTO, SINTESI, SPUGNA, dati

POSTA_ROTTA = "tests.monitoraggio.test_riepiloghi.PostaRotta"


def fai(rapporto: Rapporto, byte: bytes = b"") -> Rapporto:
    return archivio.archivia(rapporto_id=rapporto.pk, prodotto=pronti.prodotto(rapporto.codice, byte=byte))


class SpedizioneTestCase(TestCase):
    membri: list[Utente]

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.membri = [crea_persona(Ruolo.CABINA, nome=nome) for nome in ("prima", "seconda")]
        crea_persona(Ruolo.COORDINATORE)

    def riunione(self, **altro: Any) -> Riunione:
        riunione = riunioni.crea(dati=dati(**altro), autore=None)
        return riunioni.prepara(riunione_id=riunione.pk, adesso=timezone.now())

    # --- One asked for by hand ---

    def test_un_rapporto_chiesto_con_la_spedizione_va_a_ogni_membro_una_volta(self) -> None:
        rapporto = pronti.pronto(da_spedire=True)
        assert posta.spedisci_rimasti() == 2
        assert posta.spedisci_rimasti() == 0
        assert sorted(messaggio.to[0] for messaggio in mail.outbox) == sorted(chi.email for chi in self.membri)
        assert InvioRapporto.objects.filter(spedito_il__isnull=False).count() == 2
        testo, oggetto = str(mail.outbox[0].body), mail.outbox[0].subject
        assert oggetto == "Portale PNRR: rapporto di avanzamento, tutto il programma, al 31/12/2024"
        for detto in (
            *pronti.SINTESI,
            f"/rapporti/{rapporto.codice}/",
            f"/rapporti/verifica/?codice={rapporto.codice}",
            "Situazione al 31/12/2024, come era nota il 20/01/2025 alle 10:30",
            "12 pagine, 34 interventi",
        ):
            assert detto in testo
        [(nome, contenuto, tipo)] = mail.outbox[0].attachments
        assert (nome, tipo) == (rapporto.nome_file, "application/pdf")
        assert hashlib.sha256(bytes(contenuto)).hexdigest() == rapporto.impronta

    def test_senza_la_spedizione_non_parte_nulla(self) -> None:
        pronti.pronto()
        assert posta.spedisci_rimasti() == 0
        assert not InvioRapporto.objects.exists()

    def test_finche_non_e_pronto_non_parte_nulla(self) -> None:
        rapporto = pronti.chiesto(pronti.domanda(), da_spedire=True)
        assert spedizione.accoda_invii(rapporto_id=rapporto.pk) == 0
        assert posta.spedisci_rimasti() == 0

    def test_va_solo_a_chi_e_nella_cabina_oggi_e_ancora_entra(self) -> None:
        ieri = timezone.localdate() - timedelta(days=1)
        Appartenenza.objects.filter(utente=self.membri[0]).update(dal=date(2024, 1, 1), al=ieri)
        spento = crea_persona(Ruolo.CABINA, nome="spenta")
        Utente.objects.filter(pk=spento.pk).update(is_active=False)
        domani = crea_persona(Ruolo.CABINA, nome="domani")
        Appartenenza.objects.filter(utente=domani).update(dal=ieri + timedelta(days=2))
        pronti.pronto(da_spedire=True)
        posta.spedisci_rimasti()
        assert [messaggio.to for messaggio in mail.outbox] == [[self.membri[1].email]]

    def test_chi_lascia_la_cabina_prima_della_mail_non_la_riceve(self) -> None:
        pronti.pronto(da_spedire=True)
        Appartenenza.objects.filter(utente=self.membri[0]).update(
            dal=date(2024, 1, 1), al=timezone.localdate() - timedelta(days=1)
        )
        assert posta.spedisci_rimasti() == 1

    def test_chi_entra_dopo_non_riceve_i_rapporti_di_prima(self) -> None:
        rapporto = pronti.pronto(da_spedire=True)
        crea_persona(Ruolo.CABINA, nome="nuova")
        spedizione.accoda_invii(rapporto_id=rapporto.pk)
        assert posta.spedisci_rimasti() == 2

    # --- Faults ---

    def test_se_la_posta_non_parte_si_riprova_e_poi_non_piu(self) -> None:
        pronti.pronto(da_spedire=True)
        with override_settings(EMAIL_BACKEND=POSTA_ROTTA):
            assert posta.spedisci_rimasti() == 0
        assert not InvioRapporto.objects.filter(preso_il__isnull=False).exists()
        assert posta.spedisci_rimasti() == 2
        assert posta.spedisci_rimasti() == 0
        assert len(mail.outbox) == 2

    def test_chi_l_ha_presa_un_altro_lavoratore_la_spedisce_finche_e_vivo(self) -> None:
        pronti.pronto(da_spedire=True)
        InvioRapporto.objects.update(preso_il=timezone.now())
        assert posta.spedisci_rimasti() == 0
        InvioRapporto.objects.update(preso_il=timezone.now() - posta.PRESA - timedelta(seconds=1))
        assert posta.spedisci_rimasti() == 2

    def test_oltre_il_peso_che_la_posta_porta_c_e_solo_il_collegamento(self) -> None:
        giusto, troppo = pronti.pdf("x") + b"0" * 1_000_000, 1_000_000
        pronti.pronto(da_spedire=True, byte=giusto[:troppo])
        with self.settings(RAPPORTO_MEGABYTE_POSTA=1):
            posta.spedisci_rimasti()
        assert len(mail.outbox[0].attachments) == 1
        mail.outbox.clear()
        altra = pronti.domanda(tipo=TipoRapporto.DUP)
        rapporto = pronti.pronto(altra, da_spedire=True, byte=giusto[: troppo + 1])
        with self.settings(RAPPORTO_MEGABYTE_POSTA=1):
            posta.spedisci_rimasti()
        assert not mail.outbox[0].attachments
        testo = str(mail.outbox[0].body)
        assert "Il PDF pesa 2 MB e non è allegato: in tutto la posta ne porta 1." in testo
        assert f"/rapporti/{rapporto.codice}/" in testo

    def test_un_nome_con_un_a_capo_non_rompe_la_mail(self) -> None:
        rapporto = pronti.chiesto(pronti.domanda(), da_spedire=True)
        Rapporto.objects.filter(pk=rapporto.pk).update(nome_perimetro="Piano\nBcc: altri@example.org")
        fai(rapporto)
        assert posta.spedisci_rimasti() == 2
        assert mail.outbox[0].recipients() == mail.outbox[0].to

    # --- Those of a meeting ---

    def test_i_rapporti_di_una_riunione_vanno_insieme_quando_c_e_l_ultimo(self) -> None:
        riunione = self.riunione()
        tre = {(r.tipo, r.chiave): r for r in riunione.rapporti.all()}
        fai(tre["avanzamento", "SPUGNA"])
        fai(tre["sintesi", ""])
        assert posta.spedisci_rimasti() == 0
        fai(tre["avanzamento", ""])
        assert posta.spedisci_rimasti() == 2
        assert posta.spedisci_rimasti() == 0
        messaggio = mail.outbox[0]
        assert messaggio.subject == f"Portale PNRR: i rapporti per la riunione del {riunione.giorno:%d/%m/%Y}"
        nomi = [allegato[0] for allegato in messaggio.attachments]
        # As the meeting lists them.
        ordine = [tre["avanzamento", ""], tre["sintesi", ""], tre["avanzamento", "SPUGNA"]]
        assert nomi == [rapporto.nome_file for rapporto in ordine]
        assert all(rapporto.codice in str(messaggio.body) for rapporto in ordine)

    def test_una_riunione_senza_spedizione_non_spedisce(self) -> None:
        riunione = self.riunione(spedire=False, richieste=[SINTESI])
        fai(riunione.rapporti.get())
        assert posta.spedisci_rimasti() == 0

    def test_alla_vigilia_parte_cio_che_e_pronto_e_il_resto_dopo(self) -> None:
        riunione = self.riunione(richieste=[AVANZAMENTO, SINTESI])
        fai(riunione.rapporti.get(tipo="sintesi"))
        assert posta.spedisci_rimasti() == 0
        Riunione.objects.filter(pk=riunione.pk).update(giorno=timezone.localdate() + timedelta(days=1))
        assert posta.spedisci_rimasti() == 2
        fai(riunione.rapporti.get(tipo="avanzamento"))
        assert posta.spedisci_rimasti() == 2
        assert [len(messaggio.attachments) for messaggio in mail.outbox] == [1, 1, 1, 1]

    def test_gli_allegati_entrano_finche_c_e_posto_gli_altri_hanno_il_collegamento(self) -> None:
        riunione = self.riunione(richieste=[AVANZAMENTO, SPUGNA])
        for rapporto in riunione.rapporti.all():
            fai(rapporto, pronti.pdf(rapporto.codice) + b"0" * 600_000)
        with self.settings(RAPPORTO_MEGABYTE_POSTA=1):
            posta.spedisci_rimasti()
        assert len(mail.outbox[0].attachments) == 1
        assert str(mail.outbox[0].body).count("non è allegato") == 1

    def test_un_rapporto_a_mano_non_aspetta_la_riunione(self) -> None:
        self.riunione(richieste=[AVANZAMENTO])
        pronti.pronto(pronti.domanda(perimetro=Perimetro(TipoPerimetro.PIANO, "SPUGNA")), da_spedire=True)
        assert posta.spedisci_rimasti() == 2


@pytest.mark.django_db(transaction=True)
def test_due_lavoratori_insieme_spediscono_una_mail_sola_con_tutto() -> None:
    crea_persona(Ruolo.CABINA)
    riunione = riunioni.crea(dati=dati(richieste=[AVANZAMENTO, SINTESI]), autore=None)
    riunioni.prepara(riunione_id=riunione.pk, adesso=timezone.now())
    for rapporto in riunione.rapporti.all():
        fai(rapporto)
    spedite: list[int] = []
    insieme(4, lambda _numero: spedite.append(posta.spedisci_rimasti()))
    assert sorted(spedite) == [0, 0, 0, 1]
    assert [len(messaggio.attachments) for messaggio in mail.outbox] == [2]


@pytest.mark.django_db(transaction=True)
def test_due_rapporti_pronti_nello_stesso_momento_accodano_la_mail() -> None:
    crea_persona(Ruolo.CABINA)
    riunione = riunioni.crea(dati=dati(richieste=[AVANZAMENTO, SINTESI]), autore=None)
    riunioni.prepara(riunione_id=riunione.pk, adesso=timezone.now())
    rapporti = list(riunione.rapporti.all())
    insieme(2, lambda numero: fai(rapporti[numero]))
    assert InvioRapporto.objects.count() == 2
    assert posta.spedisci_rimasti() == 1
