"""GET interventi/{cup}/avanzamenti: what was approved, version by version, to who may see it; no drafts, no people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from enti.models import Ente
from interoperabilita.models import Ambito
from interoperabilita.pubblicazione.avanzamenti import righe
from interoperabilita.risorse.avanzamenti import CAMPI
from interoperabilita.services import pubblicazione
from interventi.models import Intervento
from monitoraggio.models import Avanzamento, Documento, TipoDocumento, Traguardo, VersioneDocumento
from monitoraggio.services import bozze, passaggi
from registro.models import Fonte
from tests.interoperabilita.chiavi import Consumatore, consumatore
from tests.interoperabilita.scritture import del_comune, indirizzo
from tests.interoperabilita.test_interventi import forme
from tests.monitoraggio.base import DICEMBRE, NOVEMBRE, MonitoraggioTestCase, celle_buone, intervento

PERSONA, SUO_CODICE = "Rossi Mario", "RSSMRA70A01F205X"


def movimenti(documento: str = "", **altre: str) -> dict[str, str]:
    """A month with a payment to a company and one to a person."""
    celle = {
        "testa-0-senza_movimenti": "",
        "impegni-n1-tipo": "I",
        "impegni-n1-codice": "12/2024",
        "impegni-n1-data": "2024-12-02",
        "impegni-n1-importo": "5000",
        "impegni-n1-beneficiario": "Edilizia Lombarda S.r.l.",
        "impegni-n1-beneficiario_cf": "01234567890",
        "impegni-n1-note": "Determina 4",
    }
    for riga, nome, codice in (("n1", "Edilizia Lombarda S.r.l.", "01234567890"), ("n2", PERSONA, SUO_CODICE)):
        celle |= {
            f"pagamenti-{riga}-tipo": "P",
            f"pagamenti-{riga}-codice": riga,
            f"pagamenti-{riga}-data": "2024-12-12",
            f"pagamenti-{riga}-importo": "1000,50",
            f"pagamenti-{riga}-percettore": nome,
            f"pagamenti-{riga}-percettore_cf": codice,
            f"pagamenti-{riga}-impegno": "12/2024",
            f"pagamenti-{riga}-causale": f"A {nome}",
            f"pagamenti-{riga}-documento": documento,
            f"spiegazioni-giustificativo_{riga}-testo": "In arrivo",
        }
    celle |= {
        "criticita-n1-tipo": "gara",
        "criticita-n1-gravita": "bassa",
        "criticita-n1-descrizione": f"Ritardo ({SUO_CODICE})",
        "criticita-n1-responsabile": "Bianchi Anna",
    }
    return celle_buone() | celle | altre


class AvanzamentiTest(MonitoraggioTestCase):
    ministero: Consumatore
    rho: Consumatore

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        cls.ministero, cls.rho = consumatore(), del_comune()

    def elenco(self, chi: Consumatore | None = None, **parametri: Any) -> Any:
        return (chi or self.ministero).get(indirizzo(self.opera), parametri)

    def dati(self, chi: Consumatore | None = None, **parametri: Any) -> list[dict[str, Any]]:
        risposta = self.elenco(chi, **parametri)
        assert risposta.status_code == 200, risposta.content
        righe_date: list[dict[str, Any]] = risposta.json()["dati"]
        return righe_date

    def correggi(self, vecchio: Avanzamento, percentuale: str) -> Avanzamento:
        nuovo = bozze.correggi(avanzamento_id=vecchio.pk, motivo="Era sbagliato", autore=self.compilatore)
        celle = {"testa-0-percentuale": percentuale}
        bozze.salva(avanzamento_id=nuovo.pk, revisione=0, celle=celle, autore=self.compilatore)
        passaggi.invia(avanzamento_id=nuovo.pk, autore=self.responsabile)
        return passaggi.approva(avanzamento_id=nuovo.pk, autore=self.istruttore)

    def documento(self, titolo: str = "Mandato") -> Documento:
        tipo = TipoDocumento.objects.first()
        assert tipo is not None
        documento = Documento.objects.create(
            intervento=self.opera,
            tipo=tipo,
            titolo=titolo,
            creato_da=self.compilatore,
            conservare_fino_al=date(2040, 1, 1),
        )
        self.versione(documento, 1, "a" * 64)
        return documento

    def versione(self, documento: Documento, numero: int, sha256: str) -> None:
        VersioneDocumento.objects.create(
            documento=documento, numero=numero, nome="m.pdf", dimensione=1, sha256=sha256, caricata_da=self.compilatore
        )


class TestContenuto(AvanzamentiTest):
    def test_solo_cio_che_e_approvato(self) -> None:
        self.bozza(mese=NOVEMBRE)
        inviato = self.inviato()
        assert self.dati() == []
        passaggi.approva(avanzamento_id=inviato.pk, autore=self.istruttore)
        (riga,) = self.dati()
        assert not forme(CAMPI, riga)
        assert (riga["id"], riga["intervento"], riga["cup"]) == (inviato.pk, self.opera.pk, self.opera.cup)
        assert (riga["mese"], riga["versione"], riga["superato"]) == ("2024-12", 1, False)

    def test_ci_sono_tutte_le_righe_e_nessuna_persona(self) -> None:
        Traguardo.objects.create(
            intervento=self.opera,
            codice="T-1",
            titolo="Fine",
            tipo="milestone",
            scadenza=date(2026, 6, 30),
            scadenza_iniziale=date(2026, 6, 30),
            fonte=Fonte.objects.all()[0],
        )
        dei_traguardi = {f"traguardi-t{Traguardo.objects.get(codice='T-1').pk}-previsione": "2026-06-01"}
        self.approvato(celle=movimenti(**dei_traguardi))
        risposta = self.elenco()
        (riga,) = risposta.json()["dati"]
        assert not forme(CAMPI, riga)
        ditta, persona = riga["pagamenti"]
        assert (ditta["percettore"], ditta["percettore_cf"]) == ("Edilizia Lombarda S.r.l.", "01234567890")
        assert (ditta["importo_eur"], ditta["causale"]) == ("1000.50", "A Edilizia Lombarda S.r.l.")
        assert (persona["percettore"], persona["percettore_cf"], persona["causale"]) == ("", "", "")
        assert persona["importo_eur"] == "1000.50"
        assert (riga["impegni"][0]["note"], riga["impegnato_eur"], riga["pagato_eur"]) == (
            "Determina 4",
            "5000.00",
            "2001.00",
        )
        assert [(t["codice"], t["previsione"]) for t in riga["traguardi"]] == [("T-1", "2026-06-01")]
        assert {voce["avviso"] for voce in riga["spiegazioni"]} == {"giustificativo_n1", "giustificativo_n2"}
        tutto = risposta.content.decode()
        for nome in (PERSONA, SUO_CODICE, "Bianchi", "Compilatore", "Responsabile", "Istruttore", "@example.org"):
            assert nome not in tutto, nome

    def test_un_percettore_senza_codice_puo_essere_una_persona(self) -> None:
        self.approvato(celle=movimenti(**{"pagamenti-n1-percettore_cf": ""}))
        (riga,) = self.dati()
        assert [pagamento["percettore"] for pagamento in riga["pagamenti"]] == ["", ""]

    def test_i_documenti_sono_quelli_dell_approvazione_e_non_quelli_eliminati(self) -> None:
        documento = self.documento("Mandato 987")
        celle = movimenti(**{"pagamenti-n1-documento": str(documento.pk)})
        self.approvato(celle=celle)
        self.versione(documento, 2, "b" * 64)
        (riga,) = self.dati()
        assert [(d["id"], d["titolo"], d["sha256"]) for d in riga["documenti"]] == [
            (documento.pk, "Mandato 987", "a" * 64)
        ]
        assert riga["pagamenti"][0]["documento"] == documento.pk
        documento.eliminato_il, documento.eliminato_da = riga["approvato_il"], self.coordinatore
        documento.eliminato_motivo = "Doppio"
        documento.save()
        assert self.dati()[0]["documenti"] == []

    def test_del_documento_di_un_pagamento_a_una_persona_non_si_dice_il_titolo(self) -> None:
        documento = self.documento(f"Mandato a {PERSONA}")
        self.approvato(celle=movimenti(documento=str(documento.pk)))
        (riga,) = self.dati()
        assert [(d["titolo"], d["sha256"]) for d in riga["documenti"]] == [("", "a" * 64)]

    def test_pubblicarne_molti_costa_quanto_uno(self) -> None:
        conti = []
        for mese in (NOVEMBRE, DICEMBRE):
            self.approvato(mese=mese)
            with CaptureQueriesContext(connection) as letture:
                list(righe(list(Avanzamento.objects.values_list("pk", flat=True))))
            conti.append(len(letture))
        assert conti[0] == conti[1] <= 13


class TestVersioni(AvanzamentiTest):
    def test_una_correzione_supera_la_versione_di_prima(self) -> None:
        novembre = self.approvato(mese=NOVEMBRE)
        dicembre = self.approvato(celle=celle_buone(testa__0__percentuale="20"))
        assert self.dati(fields="superato") == [{"superato": False}, {"superato": False}]
        corretto = self.correggi(dicembre, "30")
        tutti = self.dati()
        assert [(r["id"], r["superato"]) for r in tutti] == [
            (novembre.pk, False),
            (dicembre.pk, True),
            (corretto.pk, False),
        ]
        assert (tutti[2]["versione"], tutti[2]["motivo_correzione"]) == (2, "Era sbagliato")

        def quali(**parametri: Any) -> list[int]:
            return [riga["id"] for riga in self.dati(fields="id", **parametri)]

        assert quali(superati="inclusi") == [novembre.pk, dicembre.pk, corretto.pk]
        assert quali(superati="esclusi") == [novembre.pk, corretto.pk]
        assert quali(superati="soli") == [dicembre.pk]
        assert quali(mese_da="2024-12") == [dicembre.pk, corretto.pk]
        assert quali(mese_a="2024-11") == [novembre.pk]
        assert quali(mese_da="2024-11", mese_a="2024-11", superati="soli") == []
        assert quali(al="2024-12-31") == [novembre.pk, corretto.pk]
        assert quali(al="2024-12-30") == [novembre.pk]
        assert quali(al="2024-11-29") == []
        assert quali(sort="-versione")[0] == corretto.pk
        assert quali(sort="-mese")[-1] == novembre.pk

    def test_i_parametri_sbagliati_si_dicono(self) -> None:
        for nome, scritto in (("mese_da", "2024"), ("mese_a", "2024-13"), ("superati", "si"), ("stato", "bozza")):
            assert self.elenco(None, **{nome: scritto}).status_code == 400, nome

    def test_dicono_che_cosa_e_cambiato(self) -> None:
        dicembre = self.approvato()
        prima = self.elenco().json()["aggiornato_al"]
        assert self.dati(modificati_dal=prima) == []
        corretto = self.correggi(dicembre, "30")
        cambiate = self.dati(modificati_dal=prima)
        assert [(r["id"], r["superato"]) for r in cambiate] == [(dicembre.pk, True), (corretto.pk, False)]
        esclusi = self.elenco(modificati_dal=prima, superati="esclusi").json()
        assert [riga["id"] for riga in esclusi["dati"]] == [corretto.pk]
        assert esclusi["rimossi"] == [{"id": dicembre.pk, "cup": self.opera.cup, "mese": "2024-12", "versione": 1}]

    def test_cambia_la_riga_se_cambia_il_cup(self) -> None:
        self.approvato()
        prima = self.elenco().json()["aggiornato_al"]
        Intervento.objects.filter(pk=self.opera.pk).update(titolo="Un altro titolo")
        assert self.dati(modificati_dal=prima) == []
        Intervento.objects.filter(pk=self.opera.pk).update(cup="B99M24999990009")
        self.opera.refresh_from_db()
        assert [riga["cup"] for riga in self.dati(modificati_dal=prima)] == ["B99M24999990009"]

    def test_304_finche_non_se_ne_approva_un_altro(self) -> None:
        self.approvato(mese=NOVEMBRE)
        etag = self.elenco().headers["ETag"]
        self.inviato()
        dove = indirizzo(self.opera)
        with CaptureQueriesContext(connection) as letture:
            assert self.ministero.get(dove, headers={"If-None-Match": etag}).status_code == 304
        # The key, how far the publication is, the interventi of the CUP, and the line of the log.
        assert len(letture) == 4
        passaggi.approva(avanzamento_id=Avanzamento.objects.get(mese=DICEMBRE).pk, autore=self.istruttore)
        assert self.ministero.get(dove, headers={"If-None-Match": etag}).status_code == 200

    def test_gli_altri_formati_danno_tutto(self) -> None:
        self.approvato(mese=NOVEMBRE)
        self.approvato()
        assert len(b"".join(self.ministero.get(f"{indirizzo(self.opera)}.ndjson").streaming_content).splitlines()) == 2
        testo = b"".join(self.ministero.get(f"{indirizzo(self.opera)}.csv").streaming_content).decode()
        assert testo.splitlines()[0].startswith("id;intervento;cup;mese")
        assert len(testo.splitlines()) == 3
        assert self.ministero.get(f"{indirizzo(self.opera)}.xlsx").status_code == 200


class TestChiLiVede(AvanzamentiTest):
    def test_chi_attua_li_vede_e_chi_li_ha_solo_sul_territorio_no(self) -> None:
        approvato = self.approvato()
        bresso = del_comune("Bresso")
        assert [riga["id"] for riga in self.dati(self.rho)] == [approvato.pk]
        assert self.elenco(bresso).status_code == 404
        Intervento.objects.filter(pk=self.opera.pk).update(soggetto_attuatore=Ente.objects.get(comune__nome="Bresso"))
        assert self.dati(self.rho) == []
        assert [riga["id"] for riga in self.dati(bresso)] == [approvato.pk]

    def test_di_un_cup_che_ne_ha_piu_d_uno_ciascuno_vede_i_suoi(self) -> None:
        di_bresso = intervento("Bresso", cup=self.opera.cup, clp="ALTRO")
        self.approvato()
        altro = passaggi.invia(avanzamento_id=self._di(di_bresso).pk, autore=self.altra)
        passaggi.approva(avanzamento_id=altro.pk, autore=self.istruttore)
        assert {riga["intervento"] for riga in self.dati()} == {self.opera.pk, di_bresso.pk}
        assert {riga["intervento"] for riga in self.dati(self.rho)} == {self.opera.pk}

    def _di(self, opera: Intervento) -> Avanzamento:
        aperto = bozze.apri(intervento_id=opera.pk, mese=DICEMBRE, autore=self.altra)
        return bozze.salva(avanzamento_id=aperto.pk, revisione=0, celle=celle_buone(), autore=self.altra).avanzamento

    def test_serve_una_chiave_che_legga_il_monitoraggio(self) -> None:
        assert self.elenco(consumatore(ambiti=(Ambito.CUP,))).status_code == 403
        assert self.elenco(consumatore(ruoli=())).status_code == 403

    def test_un_cup_che_non_c_e_non_ha_un_elenco(self) -> None:
        assert self.ministero.get("/api/v1/interventi/B99M24999990001/avanzamenti").status_code == 404

    def test_chi_pubblica_prima_e_dopo_da_le_stesse_righe(self) -> None:
        self.approvato()
        prima = self.dati()
        pubblicazione.pubblica()
        assert self.dati() == prima
