"""Anybody, without an account, finds out whether a report is ours and as we made it; nothing is kept of the file."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client, TestCase
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from enti.models import Utente
from enti.ruoli import Ruolo
from rapporti.models import Rapporto
from rapporti.scelte import TipoRapporto
from rapporti.services import verifica
from rapporti.services.produzione import componi_file
from rapporti.services.verifica import Esito
from registro.esecutori import Avanzatore
from registro.models import Evento
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import pronti, scena

PAGINA = "/rapporti/verifica/"
CODICE = "7K3M-Q9TD-X20B"


class VerificaTestCase(TestCase):
    autore: Utente
    rapporto: Rapporto
    pdf: bytes

    @classmethod
    def setUpTestData(cls) -> None:
        cls.autore = crea_persona(Ruolo.ISTRUTTORE, nome="ermenegilda")
        cls.rapporto = pronti.pronto(autore=cls.autore)
        cls.pdf = pronti.pdf(cls.rapporto.codice)

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)

    def dai(self, contenuto: bytes, nome: str = "rapporto.pdf", **altro: Any) -> Any:
        file = SimpleUploadedFile(nome, contenuto, "application/pdf")
        return self.client.post(PAGINA, {"file": file}, **altro)

    def test_senza_chiedere_nulla_la_pagina_dice_che_cosa_serve(self) -> None:
        risposta = self.client.get(PAGINA)
        assert risposta.status_code == 200
        self.assertContains(risposta, "Verifica il file")
        self.assertContains(risposta, "Cerca il codice")
        assert risposta.context["verifica"] is None

    def test_il_nostro_file_e_nostro_e_intatto_qualunque_nome_abbia(self) -> None:
        risposta = self.dai(self.pdf, "copia (1).bin")
        assert risposta.context["verifica"].esito == Esito.INTATTO
        self.assertContains(risposta, "È nostro e non è stato modificato")
        for detto in (self.rapporto.codice, self.rapporto.impronta, "31/12/2024", "tutto il programma", "12"):
            self.assertContains(risposta, detto)

    def test_un_byte_cambiato_e_il_file_e_modificato(self) -> None:
        posto = self.pdf.index(b"endstream") - 3
        cambiato = self.pdf[:posto] + bytes([self.pdf[posto] ^ 1]) + self.pdf[posto + 1 :]
        for altro in (cambiato, self.pdf + b"\n", b"\n" + self.pdf):
            risposta = self.dai(altro)
            assert risposta.context["verifica"].esito == Esito.MODIFICATO
            assert risposta.context["verifica"].rapporto == self.rapporto
            self.assertContains(risposta, "È un nostro rapporto, ma il file è stato modificato")

    def test_un_altro_pdf_non_e_nostro_nemmeno_con_un_codice_che_non_c_e(self) -> None:
        for altro in (pronti.pdf("senza codice"), pronti.pdf(CODICE)):
            risposta = self.dai(altro)
            assert risposta.context["verifica"].esito == Esito.NON_NOSTRO
            self.assertContains(risposta, "Non è un nostro rapporto")

    def test_un_rapporto_non_ancora_pronto_non_si_riconosce(self) -> None:
        altro = pronti.chiesto(pronti.domanda(noto_al=pronti.NOTO_AL.replace(minute=31)))
        assert self.dai(pronti.pdf(altro.codice)).context["verifica"].esito == Esito.NON_NOSTRO
        assert self.client.get(PAGINA, {"codice": altro.codice}).context["verifica"].esito == Esito.CODICE_IGNOTO

    def test_cio_che_non_e_un_pdf_ha_la_sua_risposta(self) -> None:
        archivio = io.BytesIO()
        with zipfile.ZipFile(archivio, "w", zipfile.ZIP_DEFLATED) as zip_:
            zip_.writestr("rapporto.pdf", self.pdf)
        for contenuto, esito in (
            (archivio.getvalue(), Esito.NON_PDF),
            (b"\x00" * 5000 + self.pdf, Esito.NON_PDF),
            (f"<script>{self.rapporto.codice}</script>".encode(), Esito.NON_PDF),
            (b"", Esito.VUOTO),
        ):
            risposta = self.dai(contenuto, "<b>nome</b>.pdf")
            assert risposta.status_code == 200
            assert risposta.context["verifica"].esito == esito
            self.assertNotContains(risposta, "<b>nome")

    def test_un_file_troppo_grande_si_rifiuta_senza_leggerlo(self) -> None:
        risposta = self.dai(self.pdf, CONTENT_LENGTH=str(verifica.MASSIMO_BYTE * 2))
        assert risposta.status_code == 413
        assert risposta.context["verifica"].esito == Esito.TROPPO_GRANDE
        assert "_files" not in vars(risposta.wsgi_request)

    def test_richieste_malformate_hanno_la_loro_risposta(self) -> None:
        for dati, tipo, stato, esito in (
            (b"%PDF-1.7", "application/pdf", 200, Esito.MANCANTE),
            (b"file=ciao", "application/x-www-form-urlencoded", 200, Esito.MANCANTE),
            (b"--x\r\n", "multipart/form-data", 400, Esito.ILLEGGIBILE),
            (b"--x\r\n", "multipart/form-data; boundary=" + "x" * 300, 400, Esito.ILLEGGIBILE),
        ):
            risposta = self.client.generic("POST", PAGINA, dati, content_type=tipo)
            assert risposta.status_code == stato, (dati, tipo)
            assert risposta.context["verifica"].esito == esito
        assert self.client.post(PAGINA, {"altro": SimpleUploadedFile("x.pdf", self.pdf)}).status_code == 200
        assert self.client.post(PAGINA, {"file": "un testo"}).context["verifica"].esito == Esito.MANCANTE

    def test_del_file_non_resta_nulla(self) -> None:
        eventi = Evento.objects.count()
        prima = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
        grande = self.pdf + b"0" * 3_000_000
        with self.settings(FILE_UPLOAD_TEMP_DIR="/nessuna/cartella"):
            assert self.dai(grande).context["verifica"].esito == Esito.MODIFICATO
        assert Evento.objects.count() == eventi
        assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == prima

    def test_senza_script_e_senza_biscotti_funziona(self) -> None:
        severo = Client(enforce_csrf_checks=True)
        risposta = severo.post(PAGINA, {"file": SimpleUploadedFile("r.pdf", self.pdf)})
        assert risposta.context["verifica"].esito == Esito.INTATTO
        self.assertNotContains(severo.get(PAGINA), "style=")

    # --- By code ---

    def test_il_codice_si_trova_comunque_sia_scritto(self) -> None:
        codice = self.rapporto.codice
        for scritto in (codice, codice.lower(), codice.replace("-", ""), f" {codice.replace('-', ' ')} "):
            risposta = self.client.get(PAGINA, {"codice": scritto})
            assert risposta.context["verifica"].rapporto == self.rapporto
            self.assertContains(risposta, "Il codice esiste")
            self.assertContains(risposta, self.rapporto.impronta)
            self.assertContains(risposta, "sha256sum")

    def test_un_codice_che_non_c_e_o_che_non_e_un_codice(self) -> None:
        for scritto, esito, detto in (
            (CODICE, Esito.CODICE_IGNOTO, "Il codice non esiste"),
            ("<b>", Esito.CODICE_NON_LETTO, "&lt;b&gt;"),
            ("7K3M", Esito.CODICE_NON_LETTO, "Questo non è un codice"),
            ("x" * 5000, Esito.CODICE_NON_LETTO, "Questo non è un codice"),
        ):
            risposta = self.client.get(PAGINA, {"codice": scritto})
            assert risposta.context["verifica"].esito == esito
            self.assertContains(risposta, detto)

    # --- Who sees what ---

    def test_un_estraneo_vede_solo_cio_che_sta_sulla_copertina(self) -> None:
        for risposta in (self.dai(self.pdf), self.client.get(PAGINA, {"codice": self.rapporto.codice})):
            contenuto = risposta.content.decode()
            assert "rmenegilda" not in contenuto
            assert f"/rapporti/{self.rapporto.codice}/" not in contenuto
            assert not any(frase in contenuto for frase in pronti.SINTESI)

    def test_chi_e_entrato_ma_non_legge_i_rapporti_vede_come_un_estraneo(self) -> None:
        self.client.force_login(crea_persona(None))
        assert f"/rapporti/{self.rapporto.codice}/" not in self.dai(self.pdf).content.decode()

    def test_chi_legge_i_rapporti_ha_il_collegamento(self) -> None:
        self.client.force_login(crea_persona(Ruolo.CABINA))
        for risposta in (self.dai(self.pdf), self.client.get(PAGINA, {"codice": self.rapporto.codice})):
            self.assertContains(risposta, f'href="{reverse("rapporto", args=[self.rapporto.codice])}"')

    # --- How often ---

    def test_troppe_verifiche_da_un_indirizzo_aspettano_gli_altri_no(self) -> None:
        for _volta in range(30):
            assert self.client.get(PAGINA, {"codice": CODICE}).status_code == 200
        for risposta in (self.client.get(PAGINA, {"codice": CODICE}), self.dai(self.pdf)):
            assert risposta.status_code == 429
            assert risposta["Retry-After"] == "60"
            assert risposta.context["verifica"] is None
            self.assertContains(risposta, "troppe verifiche in poco tempo", status_code=429)
        assert self.client.get(PAGINA).status_code == 200
        assert self.client.get(PAGINA, {"codice": CODICE}, REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.django_db
def test_il_comando_risponde_di_ogni_file_ed_esce_con_uno_stato(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rapporto = pronti.pronto()
    buono, rotto, manca = tmp_path / "buono.pdf", tmp_path / "rotto.pdf", tmp_path / "manca.pdf"
    buono.write_bytes(pronti.pdf(rapporto.codice))
    rotto.write_bytes(pronti.pdf(rapporto.codice) + b" ")
    call_command("verifica_rapporto", str(buono))
    assert (
        f"{buono}: è nostro e non è stato modificato. Rapporto di avanzamento {rapporto.codice}"
        in capsys.readouterr().out
    )
    with pytest.raises(CommandError, match="2 file su 3") as uscita:
        call_command("verifica_rapporto", str(rotto), str(manca), str(buono))
    assert uscita.value.returncode == 1
    detto = capsys.readouterr().out
    assert "il file è stato modificato" in detto
    assert f"{manca}: non si legge" in detto
    assert "è nostro e non è stato modificato" in detto


@pytest.mark.django_db
def test_il_codice_sta_in_chiaro_in_un_rapporto_vero() -> None:
    """Whoever changes a real report must still be told which it was."""
    riferimenti.carica()
    scena.crea()
    domanda = scena.domanda(tipo=TipoRapporto.SINTESI)
    fatto = componi_file(domanda, Avanzatore())
    assert verifica.leggi([fatto.pdf]).codici[:1] == [domanda.codice]
    assert verifica.leggi([fatto.pdf]).e_pdf


@given(prima=st.binary(max_size=60), dopo=st.binary(max_size=60), tagli=st.lists(st.integers(0, 140), max_size=12))
def test_un_codice_si_trova_una_volta_comunque_arrivino_i_pezzi(prima: bytes, dopo: bytes, tagli: list[int]) -> None:
    intero = prima + b" " + CODICE.encode() + b" " + dopo
    posti = sorted({0, len(intero), *(taglio for taglio in tagli if taglio < len(intero))})
    pezzi = [intero[da:a] for da, a in pairwise(posti)]
    tutto, a_pezzi = verifica.leggi([intero]), verifica.leggi(pezzi)
    assert CODICE in a_pezzi.codici
    assert (a_pezzi.impronta, a_pezzi.byte, a_pezzi.codici) == (tutto.impronta, tutto.byte, tutto.codici)


def test_il_codice_piu_frequente_viene_prima() -> None:
    altro = "0000-0000-0001"
    assert verifica.leggi([f"{altro} {CODICE} {CODICE}".encode()]).codici == [CODICE, altro]
