"""The body of a draft is read to the letter: every error with its place, and nothing written until there are none."""

from __future__ import annotations

from typing import Any

from monitoraggio.models import Avanzamento
from tests.interoperabilita.scritture import ScritturaTestCase, bozza, campi_errati, indirizzo, manda


class TestCorpo(ScritturaTestCase):
    def errati(self, **contenuto: Any) -> set[str]:
        risposta = bozza(self.rho, self.opera, contenuto=contenuto)
        assert risposta.status_code == 422, risposta.content
        assert risposta.headers["Content-Type"] == "application/problem+json"
        return {campo.removeprefix("/contenuto/") for campo in campi_errati(risposta)}

    def tearDown(self) -> None:
        """Whatever was wrong, nothing was written."""
        assert not Avanzamento.objects.exists()

    def test_tutti_gli_errori_insieme_ognuno_con_il_suo_posto(self) -> None:
        assert self.errati(
            percentuale=45.5,
            senza_movimenti="si",
            fasi=[{"fase": "99999"}, {"inizio_effettivo": "2024-02-30"}, "no"],
            impegni=[{"importo_eur": 1000, "data": "02/12/2024"}, {"importo_eur": "1.234", "codice": None}],
            pagamenti={},
            piano_costi=[{"anno": "2024"}, {"anno": True}, {"anno": 1989}],
            sconosciuto=1,
            sal=[{"documento": 1.0, "ignoto": "x"}],
        ) == {
            "percentuale",
            "senza_movimenti",
            "fasi/0/fase",
            "fasi/1/fase",
            "fasi/1/inizio_effettivo",
            "fasi/2",
            "impegni/0/importo_eur",
            "impegni/0/data",
            "impegni/1/importo_eur",
            "impegni/1/codice",
            "pagamenti",
            "piano_costi/0/anno",
            "piano_costi/1/anno",
            "piano_costi/2/anno",
            "sconosciuto",
            "sal/0/documento",
            "sal/0/ignoto",
        }

    def test_numeri_esatti_o_niente(self) -> None:
        for sbagliato in ("1.234", "-1", "1,00", "1e3", "", " 1", "1.", ".5", "1\n", "٣", "1234567890123"):
            assert self.errati(impegni=[{"importo_eur": sbagliato}]) == {"impegni/0/importo_eur"}, sbagliato
        for sbagliata in ("100.01", "101", "-1", "45.555"):
            assert self.errati(percentuale=sbagliata) == {"percentuale"}, sbagliata
        assert self.errati(indicatori=[{"realizzato": "0.12345"}]) == {"indicatori/0/realizzato"}

    def test_testi_troppo_lunghi_o_con_caratteri_di_controllo(self) -> None:
        assert self.errati(note="a" * 5_001) == {"note"}
        assert self.errati(note="zero\x00") == {"note"}
        assert self.errati(impegni=[{"codice": "1" * 21}]) == {"impegni/0/codice"}

    def test_date_e_codici_che_non_possono_essere(self) -> None:
        assert self.errati(fasi=[{"fase": "00313", "fine_stimata": "1989-12-31"}]) == {"fasi/0/fine_stimata"}
        assert self.errati(impegni=[{"cig": "B000"}]) == {"impegni/0/cig"}
        assert self.errati(impegni=[{"tipo": "X"}]) == {"impegni/0/tipo"}

    def test_la_stessa_riga_due_volte(self) -> None:
        assert self.errati(quadro_economico=[{"voce": "lavori"}, {"voce": "lavori"}]) == {"quadro_economico/1/voce"}
        assert self.errati(impegni=[{"riga": "n1"}, {"riga": "n1"}]) == {"impegni/1/riga"}

    def test_troppe_righe(self) -> None:
        assert self.errati(impegni=[{}] * 1_001) == {"impegni"}

    def test_un_traguardo_di_altri_non_si_dichiara(self) -> None:
        assert self.errati(traguardi=[{"traguardo": 1, "conseguito_il": "2024-12-01"}]) == {"traguardi/0/traguardo"}

    def test_il_mese_serve_ed_e_gia_cominciato(self) -> None:
        for corpo, dove in (
            ({}, "/mese"),
            ({"mese": "2024-13"}, "/mese"),
            ({"mese": "2024-12-01"}, "/mese"),
            ({"mese": "0000-01"}, "/mese"),
            ({"mese": "2099-01"}, "/mese"),
            ({"mese": "2024-12", "correzione": "non serve"}, "/correzione"),
            ({"mese": "2024-12", "revisione": 7}, "/revisione"),
            ([], ""),
        ):
            risposta = manda(self.rho, indirizzo(self.opera), corpo)
            assert (risposta.status_code, campi_errati(risposta)) == (422, {dove}), corpo

    def test_solo_json_ben_formato_e_non_troppo(self) -> None:
        dove = indirizzo(self.opera)
        assert self.rho.post(dove, "mese=2024-12", content_type="application/x-www-form-urlencoded").status_code == 415
        assert self.rho.post(dove, "{}", content_type="").status_code == 415
        for rotto in ('{"mese": ', '{"mese": NaN}', '{"mese": "\ud800"}', b"\xff", "[" * 100_000):
            byte = rotto.encode("utf-8", "surrogatepass") if isinstance(rotto, str) else rotto
            assert self.rho.post(dove, byte, content_type="application/json").status_code == 400, rotto[:20]
        for quanti in (2_000_001, 3_000_000):
            grande = self.rho.post(dove, '{"mese": "' + "a" * quanti + '"}', content_type="application/json")
            assert (grande.status_code, grande.headers["Content-Type"]) == (413, "application/problem+json")

    def test_nessun_parametro_e_nessun_altro_formato(self) -> None:
        assert manda(self.rho, f"{indirizzo(self.opera)}?limit=1", {"mese": "2024-12"}).status_code == 400
        assert manda(self.rho, f"{indirizzo(self.opera)}.csv", {"mese": "2024-12"}).status_code == 405
        assert manda(self.rho, indirizzo(self.opera), {"mese": "2024-12"}, Accept="text/csv").status_code == 406
