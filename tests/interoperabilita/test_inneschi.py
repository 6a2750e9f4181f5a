"""Whatever writes to a table that the API reads notes what is to be published, in the same transaction."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from enti.ruoli import Ruolo
from interoperabilita import inneschi
from interoperabilita.models import Pendente
from interoperabilita.pubblicazione.costruttori import COSTRUTTORI
from interoperabilita.services import pubblicazione
from interventi.models import Intervento, Localizzazione
from monitoraggio import inviolabile as approvati
from piani_integrati.models import PianoIntegrato
from piani_integrati.services import assegnazione
from registro import inviolabile
from tests.enti.persone import crea_persona
from tests.interoperabilita.sorgenti import SorgentiTestCase, pendenti
from tests.interventi.opere import opera


def nella_base_dati() -> set[str]:
    comando = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(comando)
        return {nome for (nome,) in cursor.fetchall() if "_da_pubblicare_" in nome}


@pytest.mark.django_db
def test_ogni_tabella_ha_i_suoi_tre_inneschi() -> None:
    """A migration that rebuilds a table on SQLite drops them: it must end with `inneschi.installa`."""
    attesi = {inneschi.nome(tabella, gesto) for tabella in inneschi.TABELLE for gesto in ("INSERT", "UPDATE", "DELETE")}
    assert nella_base_dati() == attesi
    assert len(attesi) == 3 * len(inneschi.TABELLE)


@pytest.mark.django_db(transaction=True)
def test_dopo_che_la_base_dati_e_stata_svuotata_gli_inneschi_ci_sono() -> None:
    assert nella_base_dati()
    assert ("cup", opera("Prima").pk) in pendenti()


def test_quello_che_gli_inneschi_annotano_qualcuno_lo_pubblica() -> None:
    attraverso = {nome for costruttore in COSTRUTTORI.values() for nome in costruttore.attraverso}
    annotate = {innesco.risorsa for innesco in inneschi.INNESCHI}
    assert annotate == set(COSTRUTTORI) | attraverso
    assert {nome.partition("/")[0] for nome in attraverso} <= set(COSTRUTTORI)


def attesi(tabella: str, pk: int) -> set[tuple[str, int]]:
    """What this row changes, asked for as a plain query."""
    trovati: set[tuple[str, int]] = set()
    with connection.cursor() as cursor:
        for innesco in inneschi.INNESCHI:
            if innesco.tabella == tabella:
                dove = f"({innesco.dove}) AND " if innesco.dove else ""
                domanda = f"SELECT {innesco.oggetto} FROM {tabella} r WHERE {dove} r.id = %s"  # noqa: S608 our own names
                cursor.execute(domanda.replace("{r}", "r"), [pk])
                trovati |= {(innesco.risorsa, oggetto) for (oggetto,) in cursor.fetchall()}
    return trovati


class UnaRigaAllaVolta(SorgentiTestCase):
    """Raw SQL on one row of each table: what it says of the published objects is exactly what becomes pending."""

    def setUp(self) -> None:
        # The guards of what is approved would stop us before the triggers are reached.
        approvati.rimuovi(connection)
        inviolabile.rimuovi(connection)

    def _righe(self, tabella: str) -> list[tuple[int, list[str], tuple[Any, ...]]]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {tabella} ORDER BY id")  # noqa: S608
            nomi = [colonna[0] for colonna in cursor.description]
            return [(riga[nomi.index("id")], nomi, riga) for riga in cursor.fetchall()]

    def test_modificare_togliere_e_rimettere_una_riga(self) -> None:
        for tabella in inneschi.TABELLE:
            righe = self._righe(tabella)
            assert righe, f"{tabella} è vuota: la prova non direbbe nulla"
            scelta = next((riga for riga in righe if attesi(tabella, riga[0])), None)
            assert scelta is not None, tabella
            pk, nomi, valori = scelta
            previsti = attesi(tabella, pk)
            posti = ", ".join(["%s"] * len(nomi))
            colonne = ", ".join(f'"{nome}"' for nome in nomi)
            punto = transaction.savepoint()
            for gesto, comando, parametri in (
                ("UPDATE", f"UPDATE {tabella} SET id = id WHERE id = %s", [pk]),  # noqa: S608
                ("DELETE", f"DELETE FROM {tabella} WHERE id = %s", [pk]),  # noqa: S608
                ("INSERT", f"INSERT INTO {tabella} ({colonne}) VALUES ({posti})", list(valori)),  # noqa: S608
            ):
                Pendente.objects.all().delete()
                with connection.cursor() as cursor:
                    cursor.execute(comando, parametri)
                with self.subTest(tabella=tabella, gesto=gesto):
                    assert pendenti() == previsti
            transaction.savepoint_rollback(punto)
            with self.subTest(tabella=tabella, gesto="annullato"):
                assert pendenti() == set()

    def test_una_parte_che_passa_a_un_altro_intervento_cambia_tutti_e_due(self) -> None:
        altra = opera("Altra")
        Pendente.objects.all().delete()
        Localizzazione.objects.filter(intervento=self.opera).update(intervento=altra)
        assert pendenti() == {("cup", self.opera.pk), ("cup", altra.pk)}

    def test_quello_che_e_annullato_non_resta_da_pubblicare(self) -> None:
        with transaction.atomic():
            Intervento.objects.filter(pk=self.opera.pk).update(titolo="Altro titolo")
            assert pendenti() == {("cup", self.opera.pk)}
            transaction.set_rollback(True)
        assert pendenti() == set()

    def test_una_bozza_non_e_da_pubblicare(self) -> None:
        opera_ = self.opera
        opera_.avanzamenti.create(mese="2024-12-01", riferito_al="2024-12-31")
        assert pendenti() == set()
        opera_.avanzamenti.filter(mese="2024-12-01").update(completezza=50)
        assert pendenti() == set()

    def test_un_blocco_scritto_in_una_volta_annota_ogni_riga(self) -> None:
        nuovi = [
            Intervento(clp=f"BLOCCO-{numero}", submisura_id=self.opera.submisura_id, titolo=f"N. {numero}")
            for numero in range(50)
        ]
        Intervento.objects.bulk_create(nuovi)
        assert pendenti() == {("cup", nuovo.pk) for nuovo in Intervento.objects.filter(clp__startswith="BLOCCO-")}

    def test_l_assegnazione_a_un_piano_pubblica_gli_interventi(self) -> None:
        altro = PianoIntegrato.objects.exclude(pk=self.piano.pk).filter(stato="bozza").first()
        altro = altro or PianoIntegrato.objects.create(
            codice="NUOVO", slug="nuovo", titolo="Nuovo", fonte=self.piano.fonte
        )
        pubblicazione.pubblica()
        libera = opera("Libera")
        pubblicazione.pubblica()
        assegnazione.assegna(piano_id=altro.pk, interventi_ids=[libera.pk], autore=crea_persona(Ruolo.COORDINATORE))
        assert ("cup", libera.pk) in pendenti()

    def test_ricaricare_i_riferimenti_uguali_non_pubblica_nulla(self) -> None:
        prima = pubblicazione.pubblica().ultima
        call_command("carica_riferimenti", stdout=io.StringIO())
        assert pubblicazione.pubblica().ultima == prima
