"""The wire format of ReGiS: whatever the texts hold, the file keeps its shape and says what it changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoraggio.regis.scrittura import Ritocco, scrivi, scrivi_riga
from monitoraggio.regis.tracciato import AP00, CAMPO_PROGETTO, FN06, IN01, TABELLE, Genere
from tests.monitoraggio.lettore_puc import leggi_tabella

TITOLO, IMPORTO, GIORNO = AP00.campo("TITOLO_PROGETTO"), FN06.campo("IMPORTO_PAG"), FN06.campo("DATA_PAGAMENTO")
CATTIVI = st.text(st.one_of(st.characters(), st.sampled_from('|"\r\n\t àèéìòù’«»€\x00\x85\u2028')), max_size=700)


@given(titolo=CATTIVI, sintesi=CATTIVI, codice=CATTIVI)
def test_qualunque_testo_lascia_intera_la_forma_del_file(titolo: str, sintesi: str, codice: str) -> None:
    valori = {
        "COD_LOCALE_PROGETTO": codice,
        "TITOLO_PROGETTO": titolo,
        "SINTESI_PRG": sintesi,
        "CUP": "B11B22000000001",
    }
    scritta = scrivi_riga(AP00, valori)
    testo = scritta.testo.encode("utf-8").decode("utf-8")
    (riga,) = leggi_tabella("AP00", testo)
    assert riga["CUP"] == "B11B22000000001"
    assert len(str(riga["TITOLO_PROGETTO"])) <= 500
    assert len(str(riga["SINTESI_PRG"])) <= 1300
    detti = {(nota.campo.nome, nota.ritocco) for nota in scritta.note}
    for nome, scritto in (("TITOLO_PROGETTO", titolo), ("SINTESI_PRG", sintesi)):
        # No word is lost or joined to another without a note.
        if not any(campo == nome for campo, _ritocco in detti):
            assert str(riga[nome]).split() == scritto.split()
        if '"' in scritto or "|" in scritto:
            assert (nome, Ritocco.RIPULITO) in detti


@given(centesimi=st.integers(min_value=-(10**14), max_value=10**14))
def test_un_importo_si_rilegge_al_centesimo(centesimi: int) -> None:
    importo = Decimal(centesimi).scaleb(-2)
    (riga,) = leggi_tabella("FN06", scrivi_riga(FN06, {"IMPORTO_PAG": importo}).testo)
    assert riga["IMPORTO_PAG"] == importo


@given(giorno=st.dates())
def test_una_data_si_rilegge(giorno: date) -> None:
    (riga,) = leggi_tabella("FN06", scrivi_riga(FN06, {"DATA_PAGAMENTO": giorno}).testo)
    assert riga["DATA_PAGAMENTO"] == giorno


@pytest.mark.parametrize(
    ("scritto", "atteso"),
    [
        ("Scuola|palestra", "Scuola palestra"),
        ('La "Casa della Comunità"', "La Casa della Comunità"),
        ("prima riga\r\nseconda", "prima riga seconda"),
        ("tab\tulatore", "tab ulatore"),
        ("a capo strano\u2028fine", "a capo strano fine"),
    ],
)
def test_cio_che_il_tracciato_non_ammette_diventa_uno_spazio_e_si_dice(scritto: str, atteso: str) -> None:
    risultato = scrivi(TITOLO, scritto)
    assert risultato.testo == atteso
    assert [nota.ritocco for nota in risultato.note] == [Ritocco.RIPULITO]


def test_accenti_apostrofi_ed_euro_restano() -> None:
    assert scrivi(TITOLO, "L’età dell'oro: 1.000 € «sì»") == scrivi(TITOLO, " L’età dell'oro: 1.000 € «sì» ")
    assert scrivi(TITOLO, "L’età dell'oro: 1.000 € «sì»").testo == "L’età dell'oro: 1.000 € «sì»"
    assert not scrivi(TITOLO, "L’età dell'oro").note


@pytest.mark.parametrize(("lungo", "tagliato"), [(500, False), (501, True), (600, True)])
def test_un_testo_troppo_lungo_si_taglia_e_si_dice(lungo: int, tagliato: bool) -> None:
    risultato = scrivi(TITOLO, "x" * lungo)
    assert len(risultato.testo) == 500
    assert [nota.ritocco for nota in risultato.note] == ([Ritocco.ACCORCIATO] if tagliato else [])


@pytest.mark.parametrize(("lungo", "detto"), [(60, False), (61, True)])
def test_un_codice_non_si_taglia_mai(lungo: int, detto: bool) -> None:
    risultato = scrivi(CAMPO_PROGETTO, "C" * lungo)
    assert risultato.testo == "C" * lungo
    assert [nota.ritocco for nota in risultato.note] == ([Ritocco.TROPPO_LUNGO] if detto else [])


def test_importi_e_date_hanno_la_forma_del_tracciato() -> None:
    assert scrivi(IMPORTO, Decimal("1234567.5")).testo == "1234567,50"
    assert scrivi(IMPORTO, Decimal("0")).testo == "0,00"
    assert scrivi(IMPORTO, Decimal("-0.00")).testo == "0,00"
    assert scrivi(GIORNO, date(2024, 1, 9)).testo == "09/01/2024"
    assert scrivi(GIORNO, None).testo == scrivi(IMPORTO, None).testo == ""


def test_un_importo_con_tre_decimali_non_si_arrotonda_di_nascosto() -> None:
    with pytest.raises(ValueError, match="due decimali"):
        scrivi(IMPORTO, Decimal("1.005"))


def test_una_misura_con_piu_decimali_si_arrotonda_e_si_dice() -> None:
    risultato = scrivi(IN01.campo("VALORE_REALIZZATO"), Decimal("10.1250"))
    assert risultato.testo == "10,13"
    assert [nota.ritocco for nota in risultato.note] == [Ritocco.ARROTONDATO]
    assert not scrivi(IN01.campo("VALORE_REALIZZATO"), Decimal("10.1200")).note


def test_un_campo_di_sole_virgolette_risulta_mancante() -> None:
    assert [campo.nome for campo in scrivi_riga(FN06, {"CAUSALE_PAGAMENTO": '"'}).vuoti][-1] == "CAUSALE_PAGAMENTO"


def test_ogni_tabella_comincia_con_il_progetto_e_finisce_con_la_cancellazione() -> None:
    for tabella in TABELLE:
        assert (tabella.campi[0].nome, tabella.campi[-1].nome) == ("COD_LOCALE_PROGETTO", "FLG_CANCELLAZIONE")
        assert tabella.campi[0].lunghezza == 60
        assert set(tabella.chiave) <= {campo.nome for campo in tabella.propri}
        assert all(campo.genere is not Genere.TESTO for campo in tabella.campi if campo.lunghezza < 20)
