"""The digest: one mail a day to whoever has something new, sent once whatever happens to mail and workers."""

from __future__ import annotations

import re
import threading
from datetime import date, timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from enti.models import Appartenenza, Utente
from monitoraggio.models import Allerta, Riepilogo
from monitoraggio.scelte import TipoAllerta
from monitoraggio.services import allerte, promemoria, riepiloghi
from tests.monitoraggio.test_promemoria import TERMINE, PromemoriaTestCase


class PostaRotta(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: Any) -> int:
        raise SMTPException("il servizio della posta non risponde")


class RiepiloghiTestCase(PromemoriaTestCase):
    def setUp(self) -> None:
        promemoria.aggiorna(oggi=TERMINE)

    def test_una_mail_a_testa_con_cio_che_c_e_di_nuovo(self) -> None:
        assert riepiloghi.spedisci_riepiloghi(oggi=TERMINE) == 2
        assert sorted(messaggio.to[0] for messaggio in mail.outbox) == sorted(
            [self.compilatore.email, self.responsabile.email]
        )
        messaggio = mail.outbox[0]
        assert messaggio.subject == "Portale PNRR, 20/01/2025: una cosa da sapere"
        assert f"Da inviare entro il 20/01/2025: {self.opera.nome}" in str(messaggio.body)
        assert re.search(r"http://\S+/monitoraggio/allerte/\d+/", str(messaggio.body))
        assert Riepilogo.objects.get(utente=self.compilatore).voci == 1

    def test_una_sola_mail_al_giorno_il_resto_domani(self) -> None:
        riepiloghi.spedisci_riepiloghi(oggi=TERMINE)
        domani = TERMINE + timedelta(days=1)
        promemoria.aggiorna(oggi=domani)
        assert riepiloghi.spedisci_riepiloghi(oggi=TERMINE) == 0
        assert riepiloghi.spedisci_riepiloghi(oggi=domani) == 2
        assert len(mail.outbox) == 4
        assert "Da inviare" not in str(mail.outbox[-1].body)

    def test_senza_novita_nessuna_mail(self) -> None:
        riepiloghi.spedisci_riepiloghi(oggi=TERMINE)
        domani = TERMINE + timedelta(days=1)
        assert riepiloghi.spedisci_riepiloghi(oggi=domani) == 0
        assert not Riepilogo.objects.filter(giorno=domani).exists()

    def test_cio_che_e_gia_letto_o_superato_non_si_spedisce(self) -> None:
        allerte.leggi_tutte(utente=self.compilatore, fino_a=max(Allerta.objects.values_list("pk", flat=True)))
        Allerta.objects.filter(utente=self.responsabile).update(superata_il=timezone.now())
        assert riepiloghi.spedisci_riepiloghi(oggi=TERMINE) == 0

    def test_chi_non_entra_piu_nel_portale_o_non_e_piu_del_comune_non_riceve_nulla(self) -> None:
        Utente.objects.filter(pk=self.compilatore.pk).update(is_active=False)
        Appartenenza.objects.filter(utente=self.responsabile).update(al=date(2025, 1, 1))
        assert riepiloghi.spedisci_riepiloghi(oggi=TERMINE) == 0

    def test_se_la_posta_non_parte_si_riprova_e_poi_non_piu(self) -> None:
        with override_settings(EMAIL_BACKEND="tests.monitoraggio.test_riepiloghi.PostaRotta"):
            assert riepiloghi.spedisci_riepiloghi(oggi=TERMINE) == 0
        assert not Riepilogo.objects.filter(spedito_il__isnull=False).exists()
        assert riepiloghi.riprova_riepiloghi(oggi=TERMINE) == 2
        assert riepiloghi.riprova_riepiloghi(oggi=TERMINE) == 0
        assert len(mail.outbox) == 2

    def test_chi_l_ha_preso_un_altro_lavoratore_non_lo_spedisce_finche_quello_e_vivo(self) -> None:
        adesso = timezone.now()
        preso = Riepilogo.objects.create(utente=self.compilatore, giorno=TERMINE, voci=0, preso_il=adesso)
        assert riepiloghi.spedisci_riepiloghi(oggi=TERMINE) == 1
        preso.preso_il = adesso - riepiloghi.PRESA - timedelta(seconds=1)
        preso.save(update_fields=["preso_il"])
        assert riepiloghi.riprova_riepiloghi(oggi=TERMINE) == 1


@pytest.mark.django_db(transaction=True)
def test_due_lavoratori_insieme_spediscono_una_mail_sola() -> None:
    utente = Utente.objects.create_user("persona@example.org", nome="Persona", cognome="Prova")
    Allerta.objects.create(utente=utente, tipo=TipoAllerta.MESSAGGIO, chiave="messaggio:1", titolo="Ciao")
    partenza = threading.Barrier(4, timeout=60)
    spedite: list[int] = []

    def lavora() -> None:
        try:
            partenza.wait()
            spedite.append(riepiloghi.spedisci_riepiloghi(oggi=TERMINE))
        finally:
            connection.close()

    lavoratori = [threading.Thread(target=lavora) for _ in range(4)]
    for lavoratore in lavoratori:
        lavoratore.start()
    for lavoratore in lavoratori:
        lavoratore.join()
    assert sorted(spedite) == [0, 0, 0, 1]
    assert len(mail.outbox) == 1
    assert Riepilogo.objects.get().spedito_il is not None
