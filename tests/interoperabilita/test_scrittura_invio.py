"""A Comune's software sends the month that it wrote: blocked by what blocks a person, and approved by somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from enti.ruoli import Ruolo
from monitoraggio.flusso import StatoAvanzamento, TransizioneNonPermessa
from monitoraggio.models import Avanzamento
from monitoraggio.services import bozze, passaggi
from registro.models import Evento
from tests.interoperabilita.chiavi import Consumatore
from tests.interoperabilita.scritture import bozza, buono, campi_errati, del_comune, indirizzo, manda
from tests.monitoraggio.base import MonitoraggioTestCase

VECCHIO = {"codice": "12/2024", "data": "2024-10-02", "importo_eur": "1000.50"}


class TestInvio(MonitoraggioTestCase):
    rho: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.rho = del_comune()

    def invia(self, dati: dict[str, Any], chi: Consumatore | None = None, **corpo: Any) -> Any:
        corpo.setdefault("revisione", dati["revisione"])
        return manda(chi or self.rho, indirizzo(self.opera, dati["id"], "invia"), corpo)

    def test_si_invia_cio_che_si_e_letto(self) -> None:
        dati = bozza(self.rho, self.opera).json()
        risposta = self.invia(dati)
        inviato = risposta.json()
        assert (risposta.status_code, inviato["stato"], inviato["inviabile"]) == (200, "inviato", False)
        assert len(inviato["impronta"]) == 64
        assert inviato["contenuto"]["fasi"][1]["fine_stimata"] == "2026-03-31"
        salvato = Avanzamento.objects.get(pk=dati["id"])
        assert (salvato.stato, salvato.inviato_da) == (StatoAvanzamento.INVIATO, self.rho.chiave.utente)
        assert salvato.fasi.count() == 2
        assert Evento.objects.filter(verbo="inviato", autore=self.rho.chiave.utente).count() == 1

    def test_gli_errori_fermano_l_invio_e_si_dicono_tutti(self) -> None:
        dati = bozza(self.rho, self.opera, contenuto={"percentuale": "10"}).json()
        risposta = self.invia(dati)
        assert risposta.status_code == 422
        assert campi_errati(risposta) == {voce["campo"] for voce in [*dati["errori"], *dati["avvisi"]]}
        assert Avanzamento.objects.get(pk=dati["id"]).stato == StatoAvanzamento.BOZZA

    def test_gli_avvisi_si_spiegano_inviando(self) -> None:
        contenuto = buono(senza_movimenti=False, impegni=[VECCHIO])
        dati = bozza(self.rho, self.opera, contenuto=contenuto).json()
        (avviso,) = dati["avvisi"]
        assert (avviso["controllo"], avviso["campo"], dati["inviabile"]) == (
            "altro_mese",
            "/contenuto/impegni/0/data",
            False,
        )
        assert self.invia(dati).status_code == 422
        bianca = self.invia(dati, spiegazioni=[{"avviso": avviso["avviso"], "testo": "  "}])
        assert (bianca.status_code, campi_errati(bianca)) == (422, {avviso["campo"]})
        assert Avanzamento.objects.get(pk=dati["id"]).revisione == dati["revisione"]
        spiegata = self.invia(dati, spiegazioni=[{"avviso": avviso["avviso"], "testo": "Trovato tardi"}])
        assert spiegata.status_code == 200
        assert spiegata.json()["avvisi"][0]["spiegazione"] == "Trovato tardi"
        salvato = Avanzamento.objects.get(pk=dati["id"])
        assert [riga.testo for riga in salvato.spiegazioni.all()] == ["Trovato tardi"]

    def test_gli_avvisi_si_spiegano_anche_nella_bozza(self) -> None:
        contenuto = buono(senza_movimenti=False, impegni=[VECCHIO])
        (avviso,) = bozza(self.rho, self.opera, contenuto=contenuto).json()["avvisi"]
        spiegazioni = [{"avviso": avviso["avviso"], "testo": "Trovato tardi"}]
        dati = bozza(self.rho, self.opera, contenuto={"spiegazioni": spiegazioni}).json()
        assert dati["inviabile"]
        assert self.invia(dati).status_code == 200

    def test_se_qualcuno_ha_cambiato_la_bozza_non_si_invia(self) -> None:
        dati = bozza(self.rho, self.opera).json()
        celle = {"testa-0-note": "di una persona"}
        bozze.salva(avanzamento_id=int(dati["id"]), revisione=1, celle=celle, autore=self.compilatore)
        risposta = self.invia(dati)
        assert (risposta.status_code, campi_errati(risposta)) == (409, {"/revisione"})
        assert self.invia(dati, revisione=2).status_code == 200

    def test_una_seconda_volta_e_gia_inviato(self) -> None:
        dati = bozza(self.rho, self.opera).json()
        assert self.invia(dati).status_code == 200
        assert self.invia(dati).status_code == 409

    def test_la_revisione_serve(self) -> None:
        dati = bozza(self.rho, self.opera).json()
        risposta = manda(self.rho, indirizzo(self.opera, dati["id"], "invia"), {"spiegazioni": [{"testo": 1}]})
        assert risposta.status_code == 422
        assert campi_errati(risposta) == {"/revisione", "/spiegazioni/0/avviso", "/spiegazioni/0/testo"}

    def test_chi_compila_soltanto_non_invia(self) -> None:
        compila = del_comune(ruoli=(Ruolo.COMPILATORE,))
        dati = bozza(compila, self.opera).json()
        assert self.invia(dati, compila).status_code == 403
        assert self.invia(dati).status_code == 200

    def test_lo_approva_un_altro(self) -> None:
        dati = bozza(self.rho, self.opera).json()
        self.invia(dati)
        inviato = Avanzamento.objects.get(pk=dati["id"])
        assert passaggi.ha_compilato(inviato, self.rho.chiave.utente)
        with pytest.raises(TransizioneNonPermessa):
            passaggi.approva(avanzamento_id=inviato.pk, autore=self.rho.chiave.utente)
        assert passaggi.approva(avanzamento_id=inviato.pk, autore=self.istruttore).stato == StatoAvanzamento.APPROVATO
        assert self.invia(dati).status_code == 409
