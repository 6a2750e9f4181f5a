"""Nothing personal in the open data: nobody's codice fiscale, nobody's name, nobody who was paid."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interoperabilita.dataset import riservatezza
from interoperabilita.dataset.elenco import DATASET
from interventi.models import Intervento, SoggettoCollegato
from interventi.scelte import RuoloSoggetto
from monitoraggio.models import Traguardo
from registro.models import Fonte
from tests.interoperabilita.base_open_data import OpenDataTestCase
from tests.interventi.opere import opera
from tests.monitoraggio.base import DICEMBRE, celle_buone

LETTERE = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# A digit, or the letter that stands for it where two people would have the same code.
CIFRE = st.sampled_from("0123456789LMNPQRSTUV")
FORMA = [*[LETTERE] * 6, CIFRE, CIFRE, st.sampled_from("ABCDEHLMPRST"), CIFRE, CIFRE, LETTERE, *[CIFRE] * 3, LETTERE]
CODICI = st.tuples(*FORMA).map("".join)
# What may stand right before or after a code without making it another word.
INTORNO = st.text(st.sampled_from(" .,;:()/-'\"àè\n"), max_size=5)
PERSONA, CODICE = "Maria Rossi", "RSSMRA80A41F205K"
PAGATA, CODICE_PAGATA = "Bianchi Anna", "BNCNNA75B42F205X"
MOVIMENTI = {
    "testa-0-senza_movimenti": "",
    "impegni-n1-tipo": "I",
    "impegni-n1-codice": "100/2024",
    "impegni-n1-data": "2024-12-02",
    "impegni-n1-importo": "500.000,00",
    "impegni-n1-beneficiario": PAGATA,
    "impegni-n1-beneficiario_cf": CODICE_PAGATA,
    "impegni-n1-cig": "A000000001",
    "pagamenti-n2-tipo": "P",
    "pagamenti-n2-codice": "M-1",
    "pagamenti-n2-data": "2024-12-20",
    "pagamenti-n2-importo": "120.000,10",
    "pagamenti-n2-impegno": "100/2024",
    "pagamenti-n2-percettore": PAGATA,
    "pagamenti-n2-percettore_cf": CODICE_PAGATA,
    "spiegazioni-giustificativo_n2-testo": "Arriva con il prossimo mese.",
}


@given(codice=CODICI, minuscolo=st.booleans(), prima=INTORNO, dopo=INTORNO)
@settings(max_examples=300, deadline=None)
def test_nessun_codice_fiscale_di_persona_resta_in_un_testo(
    codice: str, minuscolo: bool, prima: str, dopo: str
) -> None:
    scritto = codice.lower() if minuscolo else codice
    pulito = riservatezza.testo(f"Lavori{prima or ' '}{scritto}{dopo or ' '}e altri")
    assert codice not in pulito.upper()
    assert riservatezza.OMESSO in pulito


@given(codice=CODICI, spazi=st.sampled_from(["", " "]), nome=st.text(min_size=1, max_size=40))
@settings(max_examples=200, deadline=None)
def test_di_un_attuatore_persona_fisica_non_si_dicono_ne_nome_ne_codice(codice: str, spazi: str, nome: str) -> None:
    assert riservatezza.soggetto(nome, spazi + codice + spazi) == (riservatezza.PERSONA_FISICA, "")


@given(codice=st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_il_codice_di_un_ente_resta(codice: str) -> None:
    assert riservatezza.soggetto("Comune di Rho", codice) == ("Comune di Rho", codice)


def test_i_codici_dei_progetti_non_sono_presi_per_persone() -> None:
    for testo in ("B45E22000120006", "PUI-MI-2022-031", "A000000001", "M5C2I2.02.03", "XRSSMRA80A41F205K2"):
        assert riservatezza.testo(testo) == testo


class PersoneTestCase(OpenDataTestCase):
    def test_in_nessun_file_c_e_una_persona(self) -> None:
        """An attuatore who is a natural person, payees, people tied to the intervento, a code written in a title."""
        self.approvato(celle=celle_buone() | MOVIMENTI)
        privata = opera(f"Opera di {CODICE}", comuni=("Rho",), clp=f"CLP {CODICE}", pnrr="1.00")
        Intervento.objects.filter(pk=privata.pk).update(attuatore_denominazione=PERSONA, attuatore_cf=CODICE)
        SoggettoCollegato.objects.create(
            intervento=privata, ruolo=RuoloSoggetto.PROGRAMMATORE, denominazione=PERSONA, codice_fiscale=CODICE
        )
        Traguardo.objects.create(
            intervento=privata,
            codice="T-1",
            titolo=f"Firma di {CODICE.lower()}",
            evidenza=f"Lo dice {PERSONA}",
            nota=f"Vedi {PERSONA}",
            tipo="milestone",
            scadenza_iniziale=DICEMBRE,
            scadenza=DICEMBRE,
            fonte=Fonte.objects.get(codice="portale"),
        )
        self.rifai()
        for dataset in DATASET:
            for formato in ("csv", "json"):
                testo = self.contenuto(dataset, formato).decode().upper()
                for segreto in (PERSONA, CODICE, PAGATA, CODICE_PAGATA):
                    assert segreto.upper() not in testo, (dataset, formato)
        assert self.riga("interventi", id=privata.pk)["soggetto_attuatore"] == riservatezza.PERSONA_FISICA
        assert self.riga("avanzamenti", id_intervento=self.opera.pk)["pagato_eur"] == "120000.10"
        assert self.riga("traguardi", codice="T-1")["titolo"] == f"Firma di {riservatezza.OMESSO}"
