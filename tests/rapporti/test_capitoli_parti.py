"""Tables and charts of the chapters: what is in them, in what order, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Denaro, Opera
from psttm.grafici.tipi import Barre, LineaDelTempo
from rapporti.capitoli.capitolo import mancanti
from rapporti.capitoli.conti import conti
from rapporti.capitoli.criticita import criticita
from rapporti.capitoli.denaro import denaro
from rapporti.capitoli.elenco import comuni, tabella
from rapporti.capitoli.fasi import fasi
from rapporti.capitoli.gruppi import insiemi
from rapporti.capitoli.ritardi import da_seguire
from rapporti.capitoli.stati import riquadri, stati
from rapporti.capitoli.tavole import tavole
from rapporti.capitoli.traguardi import traguardi
from rapporti.documento import Blocco, Cifra, Grafico, Legame, Paragrafo, Segno, Sezione, Tabella
from tests.rapporti.quadri import AL, concluso, in_corso, opera, problema, quadro, scadenza, stato

Tipo = TypeVar("Tipo", bound=Blocco)


def solo(sezione: Sezione | None, tipo: type[Tipo]) -> Tipo:
    """The only block of that kind."""
    assert sezione is not None
    (unico,) = [blocco for blocco in sezione.blocchi if isinstance(blocco, tipo)]
    return unico


# --- Money -----------------------------------------------------------------------------------------------------------


def con_fonti() -> list[Opera]:
    pnrr, comune = Denaro("pnrr", Decimal("600000.00"), Decimal("50.00")), Denaro("comune", Decimal("400000.00"), None)
    return [
        opera(1, in_corso(pagato=Decimal("100.00")), denari=[pnrr, comune], pagamenti_regis=Decimal("130.00")),
        opera(2, in_corso(pagato=Decimal("7.00")), denari=[replace(pnrr, importo=None)], regis_al=AL),
    ]


def test_le_fonti_sommano_cio_che_e_noto_e_dicono_quanto_manca() -> None:
    opere = con_fonti()
    tabella_fonti = solo(denaro(opere, quadro(opere), "p"), Tabella)
    valori = [[c.valore if isinstance(c, Cifra) else c for c in riga] for riga in tabella_fonti.righe]
    assert valori == [
        ["PNRR", 2, Decimal("600000.00"), Decimal("60.00"), Decimal("100.00")],
        ["Comune", 1, Decimal("400000.00"), Decimal("40.00"), None],
    ]
    assert tabella_fonti.nota == (
        "La somma delle fonti è 1.000.000,00\xa0€ in meno del finanziamento complessivo degli interventi."
    )


def test_i_pagamenti_di_regis_si_confrontano_con_gli_stessi_interventi() -> None:
    opere = con_fonti()
    sezione = denaro(opere, quadro(opere), "p")
    assert sezione is not None
    nota = sezione.blocchi[-1]
    assert isinstance(nota, Paragrafo)
    cifre = [parte for frase in nota.frasi for parte in frase.parti if isinstance(parte, Cifra)]
    assert [cifra.valore for cifra in cifre] == [1, Decimal("130.00"), Decimal("100.00"), Decimal("30.00")]


def test_senza_importi_il_denaro_non_c_e() -> None:
    opere = [opera(1, in_corso(), finanziamento=None)]
    assert denaro(opere, quadro(opere), "p") is None


# --- Traguardi -------------------------------------------------------------------------------------------------------


def test_i_traguardi_uguali_di_molti_interventi_sono_una_riga() -> None:
    opere = [opera(n, in_corso()) for n in (1, 2, 3)]
    comune: dict[str, Any] = {"codice": "AGG", "titolo": "Aggiudicazione dei lavori", "piano_id": None}
    giorno, preso = date(2023, 7, 30), StatoTraguardo.CONSEGUITO.value
    sue = [
        scadenza(1, giorno, intervento_id=1, stato=preso, conseguito_il=date(2023, 7, 28), **comune),
        scadenza(2, giorno, intervento_id=2, stato=preso, conseguito_il=date(2023, 7, 1), **comune),
        scadenza(3, giorno, intervento_id=3, stato=StatoTraguardo.IN_RITARDO.value, **comune),
    ]
    sezione = traguardi(opere, quadro(opere, sue), "p")
    grafico = solo(sezione, Grafico)
    assert isinstance(grafico.figura, LineaDelTempo)
    (tappa,) = grafico.figura.tappe
    assert (tappa.nome, tappa.segno, tappa.conseguito) == (
        "Aggiudicazione dei lavori (3 interventi)",
        "in_ritardo",
        None,
    )
    assert tappa.nota == "1 di 3 in ritardo"
    tardi = solo(sezione, Tabella)
    (riga,) = tardi.righe
    assert isinstance(riga[0], Legame)
    assert riga[0].indirizzo.endswith("/righe/traguardi/t3/")
    assert riga[2:6] == ("Comune", giorno, None, (AL - giorno).days)


def test_quando_tutti_lo_hanno_conseguito_si_dice_l_ultimo_giorno() -> None:
    opere = [opera(n, in_corso()) for n in (1, 2)]
    comune: dict[str, Any] = {
        "codice": "AGG",
        "titolo": "Gara",
        "piano_id": None,
        "stato": StatoTraguardo.CONSEGUITO.value,
    }
    giorno = date(2023, 7, 30)
    sue = [
        scadenza(n, giorno, intervento_id=n, conseguito_il=quando, **comune)
        for n, quando in ((1, date(2023, 7, 28)), (2, date(2023, 7, 1)))
    ]
    sezione = traguardi(opere, quadro(opere, sue), "p")
    grafico = solo(sezione, Grafico)
    assert grafico.dati.righe == (
        ("Gara", "2 interventi", "30/07/2023", "ultimo 28/07/2023", Segno("concluso", "2 di 2 conseguiti"), ""),
    )
    assert not [blocco for blocco in sezione.blocchi if isinstance(blocco, Tabella)]  # type: ignore[union-attr]


def test_chi_e_in_ritardo_viene_prima_di_chi_e_a_rischio_e_il_piu_vecchio_per_primo() -> None:
    opere = [opera(1, in_corso())]
    tardi, rischio = StatoTraguardo.IN_RITARDO.value, StatoTraguardo.A_RISCHIO.value
    sue = [
        scadenza(1, date(2025, 3, 1), "A", stato=rischio, previsione=date(2025, 3, 11)),
        scadenza(2, date(2024, 12, 30), "B", stato=tardi),
        scadenza(3, date(2024, 12, 1), "C", stato=tardi, previsione=date(2026, 1, 1)),
    ]
    righe = solo(traguardi(opere, quadro(opere, sue), "p"), Tabella).righe
    assert [(riga[1], riga[5]) for riga in righe] == [("C", 30), ("B", 1), ("A", 10)]


# --- Criticalities ---------------------------------------------------------------------------------------------------


def test_le_criticita_vanno_dalla_piu_grave_e_dalla_piu_vicina() -> None:
    opere = [
        opera(1, in_corso(), problemi=[problema("c1", "media", date(2024, 1, 1)), problema("c2", "bassa")]),
        opera(2, in_corso(), problemi=[problema("c1", "alta"), problema("c3", "alta", AL, responsabile="")]),
    ]
    sezione = criticita(opere, quadro(opere), "p")
    righe = solo(sezione, Tabella).righe
    assert [getattr(riga[1], "parola", "") for riga in righe] == ["Alta", "Alta", "Media", "Bassa"]
    assert [riga[4] for riga in righe] == ["Comune", "Ufficio tecnico", "Ufficio tecnico", "Ufficio tecnico"]
    assert [riga[5] for riga in righe] == [
        "31/12/2024", "senza data", "01/01/2024, scaduta da 365 giorni", "senza data",
    ]  # fmt: skip


def test_se_ne_mostrano_poche_e_si_dice_quante_sono() -> None:
    opere = [opera(1, in_corso(), problemi=[problema(f"c{n}") for n in range(12)])]
    tabella_sua = solo(criticita(opere, quadro(opere), "p"), Tabella)
    assert len(tabella_sua.righe) == 10
    assert tabella_sua.nota.startswith("Le prime 10 di 12;")


# --- Interventi ------------------------------------------------------------------------------------------------------


def test_l_elenco_ha_il_totale_e_dice_come_stanno_i_lavori() -> None:
    rischio = stato(fine_prevista=date(2025, 6, 1), fine_stimata=date(2025, 7, 1))
    opere = [
        opera(1, in_corso(pagato=Decimal("250000.00"))),
        opera(2, rischio),
        opera(3, concluso()),
        opera(4, stato()),
        opera(5),
    ]
    elencate = tabella(opere, quadro(opere), "p")
    assert len(elencate.colonne) <= 10
    assert [getattr(riga[3], "parola", "") for riga in elencate.righe] == [
        "in linea", "a rischio, da avviare", "concluso", "non avviato", "senza dati",
    ]  # fmt: skip
    assert [riga[-1] for riga in elencate.righe] == [Decimal("25.00"), Decimal(0), Decimal(0), Decimal(0), None]
    assert elencate.totale[-2:] == (Decimal("5000000.00"), Decimal("5.00"))


def test_piu_di_tre_comuni_diventano_un_numero() -> None:
    situazione = quadro([])
    assert comuni(opera(1, comuni=[3, 1, 2]), situazione) == "Arese, Bresso, Cesate"
    assert comuni(opera(1, comuni=[4, 3, 1, 2]), situazione) == "Arese, Bresso e altri 2"


def test_chi_e_da_seguire_ha_il_suo_perche() -> None:
    opere = [
        opera(1, in_corso(criticita_aperte=2, criticita_gravi=2)),
        opera(2, in_corso(fine_prevista=date(2024, 12, 30))),
        opera(3, in_corso(fine_stimata=date(2025, 12, 11), criticita_gravi=1)),
        opera(4, in_corso()),
    ]
    tabella_sua = da_seguire(opere, quadro(opere), "p")
    assert tabella_sua is not None
    assert [riga[-1] for riga in tabella_sua.righe] == [
        "fine prevista passata da 1 giorno",
        "fine stimata 10 giorni dopo la prevista; 1 criticità grave",
        "2 criticità gravi",
    ]
    assert da_seguire(opere[3:], quadro(opere), "p") is None


def test_le_fasi_hanno_il_loro_ordine_e_un_nome_solo() -> None:
    opere = [
        opera(1, in_corso(fase="00313")),
        opera(2, stato(fase="00311")),
        opera(3, stato(fase="00103")),
        opera(4, concluso(fase="00314")),
        opera(5),
    ]
    dati = solo(fasi(opere, quadro(opere), "p"), Grafico).dati
    assert [(riga[0], riga[1]) for riga in dati.righe] == [
        ("Aggiudicazione", 2),
        ("Esecuzione dei lavori", 1),
        ("Intervento concluso", 1),
        ("Senza dati", 1),
    ]
    assert fasi(opere[4:], quadro(opere), "p") is None


def test_il_grafico_degli_stati_si_legge_anche_a_parole() -> None:
    opere = [opera(1, concluso()), *(opera(n, in_corso()) for n in (2, 3))]
    opere.append(opera(4, in_corso(fine_prevista=date(2024, 12, 1))))
    grafico = solo(Sezione("", "", stati(opere, quadro(opere), "p").blocchi[:1]), Grafico)  # type: ignore[union-attr]
    assert grafico.descrizione == (
        "Lavori conclusi: 1 concluso. Lavori in corso: 3 interventi, 2 in linea e 1 in ritardo."
    )
    assert isinstance(grafico.figura, Barre)
    assert [barra.valori for barra in grafico.figura.barre] == [(1, 0, 0), (0, 2, 1)]
    assert stati(opere[:1], quadro(opere), "uno") is None


def test_le_cifre_in_evidenza_sono_al_massimo_otto() -> None:
    opere = [opera(1, concluso()), opera(2, in_corso()), opera(3, stato()), opera(4)]
    cifre = riquadri(conti(opere, quadro(opere), "p")).cifre
    assert len(cifre) <= 8
    assert [cifra.valore for cifra in cifre[:4]] == [4, 1, 1, 1]


# --- The whole -------------------------------------------------------------------------------------------------------


def test_chi_non_e_in_un_piano_ha_il_suo_capitolo() -> None:
    opere = [opera(1, in_corso()), opera(2, in_corso(), piano_id=None)]
    assert [(uno.ancora, len(uno.opere)) for uno in insiemi(quadro(opere))] == [("piano-spugna", 1), ("senza-piano", 1)]


def test_cio_che_manca_si_dice_in_una_riga() -> None:
    opere = [opera(1)]
    situazione = quadro(opere)
    (riga,) = mancanti([], insiemi(situazione)[0], situazione)
    assert isinstance(riga, Paragrafo)
    assert riga.frasi[0].testo == (
        "Non ci sono dati su andamento dei lavori, finanziamenti, milestone e target e fasi procedurali."
    )


def test_nella_tavola_ignoto_non_e_zero() -> None:
    opere = [opera(1), opera(2, in_corso())]
    interventi = tavole(quadro(opere))[0]
    posto = [colonna.chiave for colonna in interventi.colonne].index("pagato")
    assert [riga[posto] for riga in interventi.righe.values()] == [None, Decimal("0.00")]
