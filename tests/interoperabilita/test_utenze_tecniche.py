"""The software of a body is nobody: it never signs in, gets no mail, and is never among the people to choose from."""

from __future__ import annotations

from http import HTTPStatus

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import authenticate
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.test import RequestFactory, TestCase
from django.urls import reverse
from django.utils import timezone

from enti.forms import RuoloForm
from enti.models import Utente
from enti.permessi import Permesso
from enti.ruoli import Ruolo
from interoperabilita.models import Ambito
from interoperabilita.services import chiavi as servizi
from monitoraggio.models import Allerta
from monitoraggio.scelte import TipoAllerta
from monitoraggio.selectors import destinatari
from monitoraggio.services import riepiloghi
from tests import riferimenti
from tests.enti.persone import PASSWORD, crea_persona
from tests.monitoraggio.base import persona


class UtenzaTecnicaTest(TestCase):
    ada: Utente
    carla: Utente
    software: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        cls.carla = persona(Ruolo.COMPILATORE, "Rho")
        cls.ada = crea_persona(Ruolo.AMMINISTRATORE)
        ente = cls.carla.appartenenze.get().ente
        chiave, _ = servizi.crea(
            ente_id=ente.pk, nome="Gestionale", ambiti=[Ambito.SCRITTURA], invia=True, autore=cls.ada
        )
        cls.software = Utente.objects.get(pk=chiave.utente_id)

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)

    def entra(self, utente: Utente) -> bool:
        self.client.post(reverse("account_login"), {"login": utente.email, "password": PASSWORD})
        return bool(self.client.get(reverse("interventi")).wsgi_request.user.is_authenticated)

    def test_non_entra_nemmeno_con_una_password(self) -> None:
        assert self.entra(self.carla)
        self.client.logout()
        assert not self.entra(self.software)
        # Even if somebody gave it one in the database.
        self.software.set_password(PASSWORD)
        self.software.save()
        assert not self.entra(self.software)
        richiesta = RequestFactory().post("/")
        assert authenticate(richiesta, email=self.carla.email, password=PASSWORD) == self.carla
        assert authenticate(richiesta, email=self.software.email, password=PASSWORD) is None

    def test_una_sessione_aperta_a_suo_nome_non_e_di_nessuno(self) -> None:
        for indirizzo in (reverse("interventi"), "/api/v1/cup"):
            self.client.force_login(self.carla)
            assert self.client.get(indirizzo).status_code == HTTPStatus.OK
            self.client.force_login(self.software)
            risposta = self.client.get(indirizzo)
            assert not risposta.wsgi_request.user.is_authenticated
            assert risposta.status_code in {HTTPStatus.FOUND, HTTPStatus.UNAUTHORIZED}

    def test_non_riceve_il_collegamento_per_una_password_nuova(self) -> None:
        self.client.post(reverse("account_reset_password"), {"email": self.software.email})
        assert mail.outbox == []
        self.client.post(reverse("account_reset_password"), {"email": self.carla.email})
        assert [messaggio.to for messaggio in mail.outbox] == [[self.carla.email]]

    def test_un_collegamento_fabbricato_non_le_da_una_password(self) -> None:
        for utente, riesce in ((self.carla, True), (self.software, False)):
            chiave = PasswordResetTokenGenerator().make_token(utente)
            dove = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(utente), chiave])
            pagina = self.client.get(dove, follow=True)
            nuova = "quattro-gatti-al-ponte"
            self.client.post(pagina.request["PATH_INFO"], {"password1": nuova, "password2": nuova})
            utente.refresh_from_db()
            assert utente.check_password(nuova) is riesce

    def test_non_e_fra_le_persone_a_cui_dare_un_ruolo(self) -> None:
        scelte = RuoloForm().fields["utente"].queryset  # type: ignore[attr-defined]
        assert self.carla in scelte
        assert self.software not in scelte

    def test_non_e_nell_amministrazione(self) -> None:
        self.client.force_login(self.ada)
        for elenco in ("admin:enti_utente_changelist", "admin:enti_appartenenza_changelist"):
            pagina = self.client.get(reverse(elenco)).content.decode()
            assert str(self.carla) in pagina or self.carla.email in pagina
            assert "Gestionale" not in pagina
        assert self.client.get(reverse("admin:enti_utente_change", args=[self.carla.pk])).status_code == HTTPStatus.OK
        assert self.client.get(reverse("admin:enti_utente_change", args=[self.software.pk])).status_code == 302

    def test_non_e_fra_chi_va_avvisato(self) -> None:
        oggi = timezone.localdate()
        ente = self.carla.appartenenze.get().ente_id
        for permesso in (Permesso.COMPILARE_AVANZAMENTI, Permesso.SCRIVERE_MESSAGGI):
            assert destinatari.per_ente(permesso, oggi=oggi, enti=[ente]) == {ente: {self.carla.pk}}
        assert destinatari.per_ente(Permesso.INVIARE_AVANZAMENTI, oggi=oggi, enti=[ente]) == {}

    def test_il_software_della_citta_metropolitana_non_e_dell_ufficio(self) -> None:
        ente = self.ada.appartenenze.get().ente
        chiave, _ = servizi.crea(ente_id=ente.pk, nome="Cruscotto", ambiti=[Ambito.CUP], autore=self.ada)
        assert chiave.utente_id not in destinatari.dell_ufficio(
            Permesso.LEGGERE_MONITORAGGIO, oggi=timezone.localdate()
        )
        assert not chiave.utente.personale

    def test_non_riceve_posta_nemmeno_se_un_avviso_era_per_lei(self) -> None:
        oggi = timezone.localdate()
        for chi in (self.software, self.carla):
            Allerta.objects.create(utente=chi, tipo=TipoAllerta.RESTITUITO, chiave="prova", titolo="Prova")
        assert riepiloghi.spedisci_riepiloghi(oggi=oggi) == 1
        assert [messaggio.to for messaggio in mail.outbox] == [[self.carla.email]]
        assert riepiloghi.riprova_riepiloghi(oggi=oggi) == 0
