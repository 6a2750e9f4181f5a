"""What is left of a person when she is made anonymous: her number, and what she did under it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from enti import services as enti
from enti.models import Appartenenza, Utente
from enti.ruoli import Ruolo
from esercizio.dati_personali.catalogo import CATALOGO
from esercizio.dati_personali.services import AnonimatoRifiutato, Fatto, etichetta, rendi_anonimo
from interoperabilita.models import Ambito, ChiaveApi
from interoperabilita.services import chiavi
from monitoraggio.models import Allerta
from registro.models import Evento, Fonte
from registro.services import annota
from tests.enti.persone import crea_persona, entra

MOTIVO = "Richiesta della persona del 3/2/2027"


def rendi(utente: Utente, autore: Utente | None, **altro: Any) -> Fatto:
    """As it is done from the page, when all is in order."""
    return rendi_anonimo(
        **{"utente_id": utente.pk, "conferma": etichetta(utente), "motivo": MOTIVO, "autore": autore, **altro}
    )


def ogni_testo() -> str:
    """Every value of every row of the database, but the events: what can be searched for a name."""
    pezzi = []
    with connection.cursor() as cursore:
        for tabella in connection.introspection.table_names(cursore):
            cursore.execute(f"SELECT * FROM {connection.ops.quote_name(tabella)}")  # noqa: S608 — names of our own tables
            pezzi += [str(riga) for riga in cursore.fetchall()]
    return "\n".join(pezzi).lower()


class AnonimatoTest(TestCase):
    capo: Utente
    ada: Utente
    token: ChiaveApi

    @classmethod
    def setUpTestData(cls) -> None:
        cls.capo = crea_persona(Ruolo.AMMINISTRATORE, nome="capo")
        cls.ada = crea_persona(Ruolo.COORDINATORE, nome="colnaghi")
        Utente.objects.filter(pk=cls.ada.pk).update(codice_fiscale="CLNDAA80A41F205X")
        EmailAddress.objects.create(user=cls.ada, email=cls.ada.email, verified=True, primary=True)
        Allerta.objects.create(utente=cls.ada, tipo="termine", chiave="x", titolo="per Colnaghi")
        cls.token, _segreto = chiavi.crea_personale(
            nome="di Colnaghi", ambiti=[Ambito.CUP], fino_al=timezone.localdate(), autore=cls.ada
        )
        annota(Fonte.objects.create(codice="x", titolo="X", editore="Y"), "corretta", autore=cls.ada)

    def test_dopo_il_suo_nome_non_e_piu_in_nessuna_tabella(self) -> None:
        entra(self.client, self.ada)
        fatto = rendi(self.ada, self.capo)
        assert (fatto.ruoli, fatto.token, fatto.sessioni) == (1, 1, 1)
        # The name she gave to her token stays in the event that says it was made: the registro is not rewritten.
        testo = ogni_testo().replace("di colnaghi (", "")
        for parola in ("colnaghi", "clndaa80a41f205x"):
            assert parola not in testo
        assert str(Utente.objects.get(pk=self.ada.pk)) == f"Utente n. {self.ada.pk}"

    def test_il_conto_e_chiuso_per_sempre(self) -> None:
        entra(self.client, self.ada)
        rendi(self.ada, self.capo)
        assert self.client.get(reverse("miei-dati")).status_code == 302
        ada = Utente.objects.get(pk=self.ada.pk)
        assert (ada.is_active, ada.has_usable_password(), ada.ruoli) == (False, False, frozenset())
        assert not Authenticator.objects.filter(user=ada).exists()
        assert ChiaveApi.objects.get(pk=self.token.pk).revocata_il is not None
        ente = Appartenenza.objects.select_related("ente").filter(utente=self.capo).get().ente
        with self.assertRaisesMessage(enti.RuoloNonAmmesso, "resa anonima"):
            enti.assegna_ruolo(utente_id=ada.pk, ente_id=ente.pk, ruolo=Ruolo.COORDINATORE, autore=self.capo)
        entra(self.client, self.capo)
        pagina = self.client.post(reverse("admin:enti_utente_change", args=[ada.pk]), {"nome": "Altra"})
        assert pagina.status_code == 403

    def test_cio_che_ha_fatto_resta_sotto_il_suo_numero(self) -> None:
        suoi = set(Evento.objects.filter(autore=self.ada).values_list("pk", flat=True))
        rendi(self.ada, self.capo)
        assert suoi <= set(Evento.objects.filter(autore=self.ada).values_list("pk", flat=True))
        evento = Evento.objects.get(verbo="reso anonimo")
        assert (evento.oggetto, evento.autore, evento.nota) == (etichetta(self.ada), self.capo, MOTIVO)
        assert "righe eliminate" in (evento.dopo or {})
        self.client.force_login(self.capo)
        self.assertContains(self.client.get(reverse("registro")), etichetta(self.ada))

    def test_non_succede_per_sbaglio(self) -> None:
        casi: list[tuple[Utente, dict[str, Any], str]] = [
            (self.ada, {"conferma": "Utente n. 0"}, "Per confermare scrivi"),
            (self.ada, {"conferma": etichetta(self.ada).lower()}, "Per confermare scrivi"),
            (self.ada, {"motivo": "  "}, "Manca il motivo"),
            (self.capo, {}, "Nessuno rende anonimo sé stesso"),
            (self.capo, {"autore": None}, "È l'unico amministratore"),
            (chiavi.crea(**self._chiave())[0].utente, {}, "È un'utenza tecnica"),
        ]
        for utente, altro, detto in casi:
            with self.subTest(detto=detto), self.assertRaisesMessage(AnonimatoRifiutato, detto):
                rendi(utente, altro.pop("autore", self.capo), **altro)
        rendi(self.ada, self.capo)
        with self.assertRaisesMessage(AnonimatoRifiutato, "è già senza nome"):
            rendi(self.ada, self.capo)

    def _chiave(self) -> dict[str, Any]:
        ente = self.capo.appartenenze.get().ente
        return {"ente_id": ente.pk, "nome": "programma", "ambiti": [Ambito.CUP], "autore": self.capo}

    def test_l_ultimo_amministratore_si_puo_quando_ce_n_e_un_altro(self) -> None:
        altro = crea_persona(Ruolo.AMMINISTRATORE, nome="altro")
        rendi(self.capo, altro)
        assert Utente.objects.get(pk=self.capo.pk).anonimo

    def test_dalla_pagina_si_conferma_scrivendo_chi_sara(self) -> None:
        entra(self.client, self.capo)
        indirizzo = reverse("dati-personali-anonimo", args=[self.ada.pk])
        pagina = self.client.get(indirizzo)
        self.assertContains(pagina, "Che cosa resta, e perché")
        pagina = self.client.post(indirizzo, {"motivo": MOTIVO, "conferma": "sì"})
        self.assertContains(pagina, "Per confermare scrivi")
        assert not Utente.objects.get(pk=self.ada.pk).anonimo
        self.client.post(indirizzo, {"motivo": MOTIVO, "conferma": etichetta(self.ada)})
        assert Utente.objects.get(pk=self.ada.pk).anonimo

    def test_il_comando_senza_conferma_non_tocca_nulla(self) -> None:
        uscita = io.StringIO()
        call_command("rendi_anonimo", str(self.ada.pk), "--motivo", MOTIVO, stdout=uscita)
        assert "Niente è cambiato" in uscita.getvalue()
        assert not Utente.objects.get(pk=self.ada.pk).anonimo
        call_command(
            "rendi_anonimo", str(self.ada.pk), "--motivo", MOTIVO, "--conferma", etichetta(self.ada), stdout=uscita
        )
        assert "Fatto" in uscita.getvalue()
        assert Utente.objects.get(pk=self.ada.pk).anonimo

    def test_un_solo_guasto_e_non_cambia_niente(self) -> None:
        """All or nothing: the last step fails on an address that is taken already."""
        crea_persona(nome="intrusa")
        Utente.objects.filter(email="intrusa@example.org").update(email=f"utente-{self.ada.pk}@anonimi.invalid")
        with pytest.raises(IntegrityError), transaction.atomic():
            rendi(self.ada, self.capo)
        ada = Utente.objects.get(pk=self.ada.pk)
        assert ada.cognome == "Prova"


def test_le_sessioni_non_si_contano_due_volte() -> None:
    """`sessions.Session` is the key, `usersessions.UserSession` who it belongs to: the first names nobody."""
    assert CATALOGO[Session._meta.label].persona == ""
    assert CATALOGO["usersessions.UserSession"].persona == "user"
