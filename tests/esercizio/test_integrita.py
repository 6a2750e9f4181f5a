"""The integrity check: a portal at work has nothing wrong with it, and whatever is spoilt in it is found."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import Fotografia
from cruscotto.services.fotografie import conta_tutto
from enti.models import Utente
from enti.ruoli import Ruolo
from esercizio import file_conservati
from esercizio.integrita import Quali, documenti, verifica
from esercizio.integrita.compiti import verifica_notturna
from esercizio.integrita.verifica import CONTROLLI, RIMEDI
from esercizio.istantanea import istantanea
from esercizio.models import Verifica
from monitoraggio import inviolabile as approvati
from monitoraggio.models import Allerta, VersioneDocumento
from monitoraggio.services import accettazione
from rapporti import inviolabile as rapporti
from registro import catena, inviolabile
from registro.esecutori import Avanzatore
from registro.models import Lavoro
from registro.services import annota
from tests.enti.persone import crea_persona
from tests.monitoraggio import base, carte

SQL = {
    "registro": "UPDATE registro_evento SET nota = 'cambiata' WHERE id = (SELECT MIN(id) FROM registro_evento)",
    "conti": "UPDATE monitoraggio_avanzamento SET pagato = pagato + 1",
    "situazione": "UPDATE monitoraggio_situazione SET impegnato = impegnato + 1",
    "storia": "UPDATE interventi_finanziamento SET importo = importo + 1",
    "pubblicazione": "UPDATE interoperabilita_vocecup SET corpo = replace(corpo, 'Opera', 'Altra')",
    "somme pubblicate": "UPDATE interoperabilita_vocecup SET finanziamento_pnrr_eur = finanziamento_pnrr_eur + 1",
    "cruscotto": "UPDATE cruscotto_profilo SET somme = replace(CAST(somme AS text), '100000000', '100000001')",
}


@pytest.fixture(autouse=True)
def _deposito(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


class VerificaTestCase(base.MonitoraggioTestCase):
    amministratore: Utente
    versione: VersioneDocumento

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.amministratore = crea_persona(Ruolo.AMMINISTRATORE)

    def setUp(self) -> None:
        self.approvato()
        self.versione = accettazione.carica_intero(
            intervento_id=self.opera.pk,
            autore=self.compilatore,
            file=SimpleUploadedFile("determina.pdf", carte.pdf(seme=1)),
            dati=carte.DETERMINA,
            documento_id=None,
        )
        conta_tutto(Giorno(), Avanzatore())

    def trovati(self) -> set[str]:
        return {rilievo["controllo"] for rilievo in verifica(quali_documenti=Quali.TUTTI).rilievi}

    def rovina(self, comando: str) -> None:
        """What somebody who can write in the database does, once the guards are out of the way."""
        for guardia in (inviolabile, approvati, rapporti):
            guardia.rimuovi(connection)
        with connection.cursor() as cursore:
            if connection.vendor == "postgresql" and "cruscotto_profilo" in comando:
                comando = comando.replace("'100000001')", "'100000001')::jsonb")
            cursore.execute(comando)
            assert cursore.rowcount > 0
        for guardia in (inviolabile, approvati, rapporti):
            guardia.installa(connection)


class SanoTestCase(VerificaTestCase):
    def test_un_portale_al_lavoro_e_integro_e_la_verifica_lo_ricorda(self) -> None:
        fatta = verifica(quali_documenti=Quali.TUTTI)
        assert fatta.rilievi == []
        assert "rinviati" not in fatta.controllati
        assert fatta.controllati == {"catena": str(catena.testa()), "documenti": 1}
        assert Verifica.objects.get(conclusa__isnull=False) == fatta

    def test_il_comando_lo_dice_in_italiano_e_in_json(self) -> None:
        uscita = io.StringIO()
        call_command("verifica_integrita", stdout=uscita)
        assert "Tutto è integro." in uscita.getvalue()
        uscita = io.StringIO()
        call_command("verifica_integrita", "--json", stdout=uscita)
        assert json.loads(uscita.getvalue())["esito"] == "integro"

    def test_ogni_controllo_ha_un_rimedio(self) -> None:
        assert RIMEDI.keys() == {controllo.codice for controllo in CONTROLLI} | {"registro", "documenti"}
        assert all(RIMEDI.values())

    def test_cio_che_il_conteggio_non_ha_ancora_contato_e_rinviato_e_non_sbagliato(self) -> None:
        Fotografia.objects.all().delete()
        fatta = verifica()
        assert (fatta.rilievi, list(fatta.controllati["rinviati"])) == ([], ["cruscotto"])

    def test_la_verifica_notturna_e_un_lavoro_solo(self) -> None:
        verifica_notturna()
        verifica_notturna()
        assert Lavoro.objects.filter(tipo="verifica_integrita").count() == 1


class RovinatoTestCase(VerificaTestCase):
    def test_cio_che_si_cambia_nella_base_dati_e_trovato(self) -> None:
        verifica()
        for controllo, comando in SQL.items():
            with self.subTest(controllo):
                self.rovina(comando)
                assert controllo in self.trovati()

    def test_un_innesco_tolto_e_trovato(self) -> None:
        for guardia in (inviolabile, approvati, rapporti):
            with self.subTest(guardia.__name__):
                guardia.rimuovi(connection)
                assert self.trovati() == {"inneschi"}
                guardia.installa(connection)
                assert self.trovati() == set()

    def test_una_riga_scritta_o_tolta_senza_storia_e_trovata(self) -> None:
        for comando in ("DELETE FROM interventi_storicofinanziamento", "DELETE FROM interventi_indicatore"):
            with self.subTest(comando):
                self.rovina(comando)
                assert "storia" in self.trovati()

    def test_un_documento_mancante_cambiato_o_troncato_e_trovato(self) -> None:
        nome = str(self.versione.deposito.name)
        for problema, contenuto in (
            ("non c'è nel deposito", None),
            ("byte invece di", carte.pdf(seme=1)[:-1]),
            ("non è quello ricevuto", carte.pdf(seme=1)[:-1] + b"x"),
        ):
            with self.subTest(problema):
                default_storage.delete(nome)
                if contenuto is not None:
                    default_storage.save(nome, ContentFile(contenuto))
                (rilievo,) = verifica(quali_documenti=Quali.TUTTI).rilievi
                assert (rilievo["controllo"], problema in rilievo["problema"]) == ("documenti", True)
                assert verifica(quali_documenti=Quali.NESSUNO).rilievi == []

    def test_il_comando_dice_dove_e_che_cosa_fare_ed_esce_con_1(self) -> None:
        default_storage.delete(str(self.versione.deposito.name))
        errori = io.StringIO()
        with pytest.raises(SystemExit) as uscita:
            call_command(
                "verifica_integrita", "--documenti", "tutti", stdout=io.StringIO(), stderr=errori, no_color=True
            )
        assert uscita.value.code == 1
        assert f"documento n. {self.versione.documento_id}, versione 1" in errori.getvalue()
        assert RIMEDI["documenti"] in errori.getvalue()

    def test_una_testa_annotata_altrove_che_la_catena_non_ha_e_trovata(self) -> None:
        verifica()
        altrove = f"{catena.testa().numero}:{'a' * 64}"
        with pytest.raises(SystemExit):
            call_command("verifica_integrita", "--testa", altrove, stdout=io.StringIO(), stderr=io.StringIO())
        with pytest.raises(CommandError, match="non è una testa della catena"):
            call_command("verifica_integrita", "--testa", "12")

    def test_la_coda_della_catena_tagliata_dopo_una_verifica_e_trovata(self) -> None:
        verifica()
        self.rovina("DELETE FROM registro_anello WHERE numero = (SELECT MAX(numero) FROM registro_anello)")
        self.rovina("DELETE FROM registro_evento WHERE id NOT IN (SELECT evento_id FROM registro_anello)")
        assert self.trovati() == {"registro"}

    def test_chi_amministra_lo_sa_una_volta_e_non_piu_quando_e_rimediato(self) -> None:
        nome = str(self.versione.deposito.name)
        default_storage.delete(nome)
        verifica()
        verifica()
        allerta = Allerta.objects.get(utente=self.amministratore)
        assert (allerta.titolo, allerta.superata_il) == ("La verifica di integrità ha 1 rilievo", None)
        assert Allerta.objects.filter(chiave=allerta.chiave).count() == 1
        default_storage.save(nome, ContentFile(carte.pdf(seme=1)))
        verifica()
        allerta.refresh_from_db()
        assert allerta.superata_il is not None

    def test_i_rilievi_di_un_controllo_sono_detti_fino_a_cento(self) -> None:
        for numero in range(120):
            annota(None, "provato", nota=str(numero))
        verifica()
        self.rovina("UPDATE registro_evento SET nota = 'cambiata' WHERE verbo = 'provato'")
        rilievi = verifica().rilievi
        assert len(rilievi) == 101
        assert "ancora 20" in rilievi[-1]["problema"]


def test_in_trenta_notti_il_campione_rilegge_ogni_file(monkeypatch: pytest.MonkeyPatch) -> None:
    tutti = [
        file_conservati.FileConservato(f"monitoraggio/{numero}", "documento") for numero in range(documenti.POCHI + 1)
    ]
    monkeypatch.setattr(documenti, "file_conservati", lambda: iter(tutti))
    notti = [documenti.da_leggere(Quali.CAMPIONE, date(2025, 1, 1) + timedelta(days=n)) for n in range(30)]
    assert sorted(uno.nome for notte in notti for uno in notte) == sorted(uno.nome for uno in tutti)
    assert max(map(len, notti)) < len(tutti) / 10
    tutti.pop()
    assert len(documenti.da_leggere(Quali.CAMPIONE, date(2025, 1, 1))) == documenti.POCHI


def _orfano() -> None:
    """A row that refers to one that is not there, as a program that switches the checks off can write."""
    su_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursore:
        cursore.execute("PRAGMA foreign_keys=OFF" if su_sqlite else "SET session_replication_role = replica")
        cursore.execute(
            "INSERT INTO registro_anello (numero, evento_id, precedente, impronta) VALUES (1, 999, %s, %s)",
            [catena.ORIGINE, catena.ORIGINE],
        )
        cursore.execute("PRAGMA foreign_keys=ON" if su_sqlite else "SET session_replication_role = DEFAULT")


@pytest.mark.django_db(transaction=True)
def test_una_riga_che_rimanda_a_un_altra_che_non_c_e_e_trovata() -> None:
    _orfano()
    trovati = {(rilievo["controllo"], rilievo["dove"]) for rilievo in verifica().rilievi}
    assert {controllo for controllo, _ in trovati} == {"riferimenti", "registro"}
    assert ("registro", "evento n. 999") in trovati


@pytest.mark.django_db(transaction=True)
def test_mentre_si_verifica_gli_altri_scrivono_e_chi_verifica_non_lo_vede() -> None:
    def in_un_altro_filo() -> None:
        try:
            annota(None, "provato")
        finally:
            connection.close()

    with istantanea(), connection.cursor() as cursore:
        filo = Thread(target=in_un_altro_filo)
        filo.start()
        filo.join(timeout=15)
        assert not filo.is_alive()
        cursore.execute("SELECT COUNT(*) FROM registro_evento")
        assert cursore.fetchone() == (0,)
    with connection.cursor() as cursore:
        cursore.execute("SELECT COUNT(*) FROM registro_evento")
        assert cursore.fetchone() == (1,)
