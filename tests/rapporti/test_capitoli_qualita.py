"""Data quality, rules, strategy and method of a small programme; every figure adds up to its rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.test import TestCase

from monitoraggio.opere.tipi import DerogaConcessa
from piani_integrati.esiti import Esito
from rapporti.capitoli import confronto, contesto, curva, metodo, previsione, qualita, regole, strategia
from rapporti.capitoli.gruppi import del_tutto, insiemi
from rapporti.capitoli.lacune import Lacuna, tutte
from rapporti.capitoli.tavole import tavole
from rapporti.documento import Cifra, Legame, Paragrafo, Segno, Sezione, Tabella, scrivi
from rapporti.domanda import Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.lettura.quadro import Quadro
from rapporti.scelte import TipoPerimetro
from tests import riferimenti
from tests.rapporti import scena


def frasi(sezione: Sezione) -> list[str]:
    return [una.testo for blocco in sezione.blocchi if isinstance(blocco, Paragrafo) for una in blocco.frasi]


def tabella(sezione: Sezione, fine: str) -> Tabella:
    return next(b for b in sezione.blocchi if isinstance(b, Tabella) and b.chiave.endswith(fine))


def scritte(riga: tuple[Any, ...]) -> list[str]:
    return [cella.testo if isinstance(cella, Cifra | Legame) else str(cella) for cella in riga]


def cifre(parte: Any) -> Iterator[Cifra]:
    """Every figure inside a part of a document."""
    if isinstance(parte, Cifra):
        yield parte
    elif dataclasses.is_dataclass(parte):
        for campo in dataclasses.fields(parte):
            yield from cifre(getattr(parte, campo.name))
    elif isinstance(parte, tuple | list):
        for pezzo in parte:
            yield from cifre(pezzo)


def capitoli(quadro: Quadro) -> list[Sezione]:
    """Those of this half of the report, of the whole and of every piano."""
    tutte_le_parti = [del_tutto(quadro), *insiemi(quadro)]
    sezioni: list[Sezione | None] = []
    for uno in tutte_le_parti:
        dati = (uno.opere, quadro, uno.ancora)
        sezioni += [capitolo(*dati) for capitolo in (
            curva.curva, previsione.previsione, confronto.confronto, qualita.qualita, strategia.strategia,
        )]  # fmt: skip
        if uno.gruppo is not None:
            sezioni.append(regole.regole(uno.gruppo, quadro, uno.ancora))
    sezioni += [*strategia.dup(quadro), contesto.contesto(quadro), metodo.metodo(quadro)]
    return [sezione for sezione in sezioni if sezione is not None]


class ICapitoli(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()

    def quadro(self, dove: Perimetro | None = None, **altro: Any) -> Quadro:
        return leggi(replace(scena.domanda(dove), **altro))

    # --- Figures ---

    def controlla(self, quadro: Quadro) -> None:
        sezioni = capitoli(quadro)
        per_chiave = {tavola.chiave: tavola for tavola in (*tavole(quadro), *metodo.tavole_di_c(quadro))}
        viste: dict[str, Cifra] = {}
        for cifra in cifre(tuple(sezioni)):
            assert viste.setdefault(cifra.chiave, cifra) == cifra, cifra.chiave
            righe = per_chiave[cifra.tavola].righe
            assert set(cifra.righe) <= set(righe), cifra.chiave
            if cifra.formula:
                continue
            if not cifra.colonna:
                assert cifra.valore == len(cifra.righe), cifra.chiave
                continue
            posto = [colonna.chiave for colonna in per_chiave[cifra.tavola].colonne].index(cifra.colonna)
            valori = [righe[riga][posto] for riga in cifra.righe]
            assert cifra.valore == sum((v for v in valori if v is not None), Decimal(0)), cifra.chiave
        assert viste
        for cifra in viste.values():
            assert set(cifra.da) <= set(viste), cifra.chiave
            assert set(cifra.chiave) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-"), cifra.chiave
        for tavola in per_chiave.values():
            assert all(len(riga) == len(tavola.colonne) for riga in tavola.righe.values()), tavola.chiave

    def test_ogni_cifra_e_il_conto_o_la_somma_delle_sue_righe(self) -> None:
        self.controlla(self.quadro())
        self.controlla(self.quadro(Perimetro(TipoPerimetro.PIANO, "SPUGNA")))
        self.controlla(self.quadro(Perimetro(TipoPerimetro.COMUNE, "015182"), al=date(2024, 7, 15)))

    def test_ogni_cella_si_scrive_con_l_unita_della_sua_colonna(self) -> None:
        def tabelle(parte: Any) -> Iterator[Tabella]:
            for blocco in parte.blocchi:
                if isinstance(blocco, Tabella):
                    yield blocco
            for sotto in parte.sezioni:
                yield from tabelle(sotto)

        for una in [t for sezione in capitoli(self.quadro()) for t in tabelle(sezione)]:
            for riga in (*una.righe, *([una.totale] if una.totale else [])):
                assert len(riga) == len(una.colonne), una.chiave
                for cella, colonna in zip(riga, una.colonne, strict=True):
                    if not isinstance(cella, Cifra | Segno | Legame):
                        assert scrivi(cella, colonna.unita), (una.chiave, colonna.chiave)

    # --- Data quality ---

    def test_senza_lacune_si_dice_che_non_manca_nulla(self) -> None:
        quadro = self.quadro()
        opere = quadro.del_gruppo(quadro.gruppi[0].pk)
        for opera in opere:
            opera.pagamenti_regis = None
        dette = frasi(qualita.qualita(opere, quadro, "prova"))
        assert dette == ["Non manca nulla: i dati sono aggiornati a dicembre 2024 e non ci sono differenze."]

    def test_di_un_intervento_si_trova_tutto_cio_che_manca(self) -> None:
        quadro = self.quadro()
        opera = quadro.opere[0]
        opera.finanziamento, opera.titolo, opera.cup, opera.piano_id, opera.indicatori = None, "", "", None, []
        opera.stato = replace(opera.stato, riferita_al=date(2024, 10, 31), fine_prevista=None, fine_effettiva=None)
        opera.segno, opera.pagamenti_regis = "in_linea", None
        trovate = {una.lacuna: una for una in tutte(quadro)[opera.chiave]}
        assert set(trovate) == {
            Lacuna.VECCHI, Lacuna.FINANZIAMENTO, Lacuna.DATE, Lacuna.PIANO, Lacuna.TITOLO, Lacuna.CUP,
            Lacuna.INDICATORI,
        }  # fmt: skip
        assert trovate[Lacuna.VECCHI].mesi == 2
        assert trovate[Lacuna.VECCHI].testo == "fermi a ottobre 2024, 2 mesi prima di dicembre 2024"

    def test_il_mese_del_giorno_conta_solo_se_e_finito(self) -> None:
        fino_al_30 = self.quadro(al=date(2024, 12, 30))
        assert not [una for sue in tutte(fino_al_30).values() for una in sue if una.lacuna is Lacuna.VECCHI]
        opere = [opera for opera in fino_al_30.opere if opera.segno != "concluso"]
        assert {opera.stato.riferita_al for opera in opere} == {date(2024, 11, 30)}

    def test_un_intervento_concluso_non_deve_altri_mesi(self) -> None:
        quadro = self.quadro()
        concluso = next(opera for opera in quadro.opere if opera.segno == "concluso")
        concluso.stato = replace(concluso.stato, riferita_al=date(2024, 10, 31))
        assert Lacuna.VECCHI not in {una.lacuna for una in tutte(quadro)[concluso.chiave]}

    def test_i_pagamenti_di_regis_si_confrontano_alla_data_dell_estratto(self) -> None:
        quadro = self.quadro()
        opera = quadro.opere[0]
        pagati = sum((mese.pagato for mese in opera.mesi[:11]), Decimal(0))
        opera.pagamenti_al, opera.pagamenti_regis = date(2024, 11, 30), pagati
        assert Lacuna.PAGAMENTI not in {una.lacuna for una in tutte(quadro)[opera.chiave]}
        quadro.appunti.clear()
        opera.pagamenti_regis = pagati + Decimal("0.01")
        assert Lacuna.PAGAMENTI in {una.lacuna for una in tutte(quadro)[opera.chiave]}
        quadro.appunti.clear()
        opera.pagamenti_al = date(2025, 1, 1)
        assert Lacuna.PAGAMENTI not in {una.lacuna for una in tutte(quadro)[opera.chiave]}

    def test_gli_enti_sono_ordinati_per_quanto_manca(self) -> None:
        quadro = self.quadro()
        for opera in quadro.opere:
            opera.pagamenti_regis = None
            if opera.attuatore == "Comune di Segrate":
                opera.titolo = ""
        quadro.opere[1].titolo = ""
        sezione = qualita.qualita(quadro.opere, quadro, "programma")
        righe = [scritte(riga) for riga in tabella(sezione, "-lacune").righe]
        quante = [int(riga[-1]) for riga in righe]
        assert quante == sorted(quante, reverse=True)
        assert righe[0][0] == "Comune di Segrate"
        assert scritte(tabella(sezione, "-lacune").totale)[-1] == str(sum(quante))

    # --- Rules ---

    def test_le_regole_di_un_piano_con_esito_misura_soglia_e_data(self) -> None:
        quadro = self.quadro()
        spugna = next(uno for uno in insiemi(quadro) if uno.nome == "SPUGNA")
        assert spugna.gruppo is not None
        sezione = regole.regole(spugna.gruppo, quadro, spugna.ancora)
        assert sezione is not None
        assert frasi(sezione)[:2] == [
            "Non è conforme: 1 regola non è rispettata.",
            "Non rispettate (1): costo minimo.",
        ]
        assert "9 regole non sono mai state verificate." in frasi(sezione)
        righe = {riga[0]: riga for riga in tabella(sezione, "-regole").righe}
        costo = righe["Il piano costa almeno 50 milioni di euro"]
        assert costo[1] == Segno("non_conforme")
        assert costo[2:4] == ("5.023.333,93\xa0€", "almeno 50.000.000,00\xa0€")
        assert costo[6] == date(2024, 5, 1)
        assert righe["L'intervento non arreca danni significativi all'ambiente (DNSH)"][1] == "mai verificata"

    def test_chi_viola_una_regola_e_nominato_e_gli_altri_contati(self) -> None:
        quadro = self.quadro()
        spugna = next(uno for uno in insiemi(quadro) if uno.nome == "SPUGNA")
        assert spugna.gruppo is not None
        causa = spugna.opere[0]
        quadro.giudizi = [
            replace(uno, esito=Esito.NON_CONFORME, non_conformi=3, cause=(causa.pk, 10**9))
            if uno.regola == "cup" and uno.piano_id == spugna.gruppo.pk
            else uno
            for uno in quadro.giudizi
        ]
        sezione = regole.regole(spugna.gruppo, quadro, spugna.ancora)
        assert sezione is not None
        cause = tabella(sezione, "-cause")
        assert [scritte(riga)[:2] for riga in cause.righe] == [["CUP", causa.nome]]
        assert "altri 2 interventi" in cause.nota

    def test_una_deroga_sta_accanto_all_esito_e_non_lo_nasconde(self) -> None:
        quadro = self.quadro()
        spugna = next(uno for uno in insiemi(quadro) if uno.nome == "SPUGNA")
        assert spugna.gruppo is not None
        quadro.deroghe = [
            DerogaConcessa(spugna.gruppo.pk, "costo_minimo", None, "Decreto 5", date(2024, 3, 1), "Piano in due parti")
        ]
        sezione = regole.regole(spugna.gruppo, quadro, spugna.ancora)
        assert sezione is not None
        assert "Deroga alla regola «Costo minimo»: Decreto 5 del 01/03/2024. Piano in due parti." in frasi(sezione)
        assert tabella(sezione, "-regole").righe[0][1] == Segno("non_conforme")
        assert tabella(sezione, "-regole").righe[0][6] == 1

    # --- Strategy, method ---

    def test_il_contributo_a_un_driver_somma_i_suoi_interventi(self) -> None:
        quadro = self.quadro()
        sezione = strategia.strategia(quadro.opere, quadro, "programma")
        righe = {scritte(riga)[0]: scritte(riga) for riga in tabella(sezione, "-driver").righe}
        mobilita = righe["Driver 5 Il diritto alla mobilità"]
        # 3 000 000 and 480 000 of 9 000 000.
        assert mobilita[1:] == ["2", "9,0\xa0mln\xa0€", "0", "3,5\xa0mln\xa0€", "38,7\xa0%", "CAMBIO 2"]
        assert frasi(sezione)[0] == "Tutti gli interventi sono legati ad almeno un Driver del piano strategico."

    def test_a_una_sttm_contribuiscono_i_driver_che_sviluppa(self) -> None:
        quadro = self.quadro()
        assert quadro.sviluppi == {1: [2, 9], 2: [5], 3: [6]}
        assert len(strategia.della_sttm(quadro.opere, quadro, 1)) == 10
        assert len(strategia.della_sttm(quadro.opere, quadro, 2)) == 2
        assert strategia.della_sttm(quadro.opere, quadro, 3) == []

    def test_l_estratto_per_il_dup_ha_una_parte_per_ogni_driver_con_interventi(self) -> None:
        quadro = self.quadro()
        parti = strategia.dup(quadro)
        assert [parte.ancora for parte in parti[1:]] == ["driver-5", "driver-9"]
        assert any(una.startswith("M3.6 Realizzazione di una rete ciclabile") for una in frasi(parti[1]))
        righe = [scritte(riga) for riga in tabella(parti[1], "-indicatori").righe]
        assert righe[0][:3] == ["Superficie degli interventi (T0039)", "2.000\xa0m²", "720\xa0m²"]

    def test_il_metodo_dice_le_due_date_e_il_codice(self) -> None:
        quadro = self.quadro(confronto_noto_al=datetime(2024, 10, 20, 9, 0, tzinfo=UTC))
        testo = " ".join(una for parte in metodo.metodo(quadro).sezioni for una in frasi(parte))
        for atteso in ("31/12/2024", "20/01/2025 alle 10:30", "20/10/2024 alle 11:00", quadro.domanda.codice):
            assert atteso in testo

    def test_i_numeri_del_territorio_hanno_anno_e_fonte(self) -> None:
        quadro = self.quadro()
        sezione = contesto.contesto(quadro)
        righe = [riga for blocco in sezione.blocchi if isinstance(blocco, Tabella) for riga in blocco.righe]
        assert len(righe) == len(quadro.contesto)
        assert all(riga[3] and riga[4] for riga in righe)
        assert frasi(sezione)[-1].startswith("Fonte: ")
