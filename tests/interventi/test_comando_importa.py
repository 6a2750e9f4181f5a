"""`manage.py importa`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command

from interventi.importazione.rapporto import innocua
from interventi.models import Importazione, Intervento
from interventi.models.importazioni import StatoImportazione
from tests.interventi.estratti import ConRiferimenti, Estratto, localizzazioni, progetti


class Comando(ConRiferimenti):
    def setUp(self) -> None:
        temporanea = TemporaryDirectory()
        self.addCleanup(temporanea.cleanup)
        self.cartella = Path(temporanea.name)

    def importa(self, *estratti: Estratto, **opzioni: object) -> tuple[str, str]:
        percorsi = []
        for nome, byte in estratti:
            (self.cartella / nome).write_bytes(byte)
            percorsi.append(str(self.cartella / nome))
        uscita, errori = io.StringIO(), io.StringIO()
        call_command("importa", *percorsi, stdout=uscita, stderr=errori, **opzioni)
        return uscita.getvalue(), errori.getvalue()

    def test_importa_subito_e_riassume_per_tabella(self) -> None:
        uscita, errori = self.importa(progetti(), localizzazioni())
        assert "progetti.csv (Progetti, CSV con «;», UTF-8 con BOM): 1 lette, 1 nuove" in uscita
        assert "2 cambiamenti" in uscita
        assert "Progetti, progetti.csv: righe dalla 2" in errori
        assert Importazione.objects.get().stato == StatoImportazione.APPLICATA
        assert Intervento.objects.count() == 1

    def test_con_prova_non_scrive(self) -> None:
        uscita, _ = self.importa(progetti(), localizzazioni(), prova=True)
        assert "nulla è stato scritto" in uscita
        assert not Intervento.objects.exists()
        assert Importazione.objects.get().stato == StatoImportazione.DA_CONFERMARE

    def test_di_suo_lascia_fuori_gli_altri_territori_con_tutti_li_prende(self) -> None:
        uscita, _ = self.importa(progetti())
        assert "1 rifiutate (di cui 1 fuori perimetro)" in uscita
        self.importa(progetti(), tutti=True)
        assert Intervento.objects.count() == 1

    def test_il_rapporto_ha_le_righe_rifiutate_e_nessuna_formula(self) -> None:
        rapporto = self.cartella / "esiti.csv"
        cattiva = {"CUP": "=CMD()", "Codice Locale Progetto": "=CMD()"}
        self.importa(progetti({}, cattiva), localizzazioni(), rapporto=rapporto)
        testo = rapporto.read_bytes()
        assert testo.startswith(b"\xef\xbb\xbf")
        intestazione, *righe = csv.reader(io.StringIO(testo.decode("utf-8-sig")), delimiter=";")
        assert intestazione == ["File", "Tabella", "Riga", "CUP", "Colonna", "Valore", "Motivo", "Esito"]
        rifiutate = [riga for riga in righe if riga[2] == "3"]
        assert rifiutate
        assert all(riga[7] == "rifiutata" for riga in rifiutate)
        assert not any(cella.startswith("=") for riga in righe for cella in riga)

    def test_se_niente_si_legge_finisce_con_un_errore(self) -> None:
        with pytest.raises(CommandError, match="Niente da importare"):
            self.importa(("immagine.csv", b"\x89PNG\r\n\x1a\n\x00\x00"))
        assert Importazione.objects.get().stato == StatoImportazione.RESPINTA

    def test_un_file_che_non_c_e_si_dice(self) -> None:
        with pytest.raises(CommandError, match="non si può aprire"):
            call_command("importa", str(self.cartella / "assente.csv"))


@pytest.mark.django_db
def test_senza_dati_di_riferimento_si_dice_come_caricarli(tmp_path: Path) -> None:
    nome, byte = progetti()
    (tmp_path / nome).write_bytes(byte)
    with pytest.raises(CommandError, match="carica_riferimenti"):
        call_command("importa", str(tmp_path / nome), stderr=io.StringIO())


@pytest.mark.parametrize(
    ("cella", "attesa"),
    [
        ("=1+1", "'=1+1"),
        ("+39", "+39"),
        ("-12,50", "-12,50"),
        ("-cmd", "'-cmd"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a", "a"),
    ],
)
def test_una_formula_diventa_testo_e_un_numero_resta_numero(cella: str, attesa: str) -> None:
    assert innocua(cella) == attesa
