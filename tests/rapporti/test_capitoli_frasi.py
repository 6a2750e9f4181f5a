"""What the sentences say, word by word, in every number and state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from monitoraggio.models.traguardi import StatoTraguardo
from monitoraggio.opere.tipi import Opera
from monitoraggio.selectors.elenco_situazione import segno_di
from rapporti.capitoli import frasi, frasi_tempi
from rapporti.capitoli.conti import conti
from rapporti.capitoli.denaro import frase_del_denaro
from rapporti.capitoli.lavori import lavori_di
from rapporti.domanda import Perimetro
from rapporti.scelte import TipoPerimetro
from tests.rapporti.quadri import (
    AL,
    concluso,
    gara,
    in_corso,
    lavori,
    opera,
    problema,
    quadro,
    scadenza,
    stato,
)

FINE = date(2026, 6, 30)


def composte(opere: list[Opera]) -> str:
    situazione = quadro(opere)
    return frasi.composizione("SPUGNA comprende", conti(opere, situazione, "p"), situazione).testo


def detto(frase: object) -> str | None:
    return getattr(frase, "testo", None)


# --- How many, how far -----------------------------------------------------------------------------------------------


def test_si_dice_dove_sono_e_a_che_punto_sono_i_lavori() -> None:
    opere = [opera(1, concluso()), opera(2, concluso()), *(opera(n, in_corso()) for n in (3, 4, 5)), opera(6, stato())]
    assert composte(opere) == (
        "SPUGNA comprende 6 interventi in 6 Comuni: i lavori sono conclusi in 2 (Arese e Bresso), in corso in 3 "
        "(Cesate, Dairago e Opera) e da avviare in 1 (Rho)."
    )


def test_di_uno_solo_si_parla_al_singolare() -> None:
    assert composte([opera(1, in_corso())]) == "SPUGNA comprende 1 intervento in 1 Comune: i lavori sono in corso."


def test_se_lo_stato_e_uno_vale_per_tutti() -> None:
    assert composte([opera(n, in_corso()) for n in (1, 2)]).endswith(": i lavori sono in corso in tutti.")


def test_di_chi_non_ci_sono_dati_si_dice() -> None:
    assert composte([opera(1, in_corso()), opera(2)]).endswith("Di 1 intervento (Bresso) non ci sono dati.")
    assert composte([opera(1), opera(2)]).endswith("Nessun dato di avanzamento è stato ancora approvato.")


def test_i_revocati_si_dicono_a_parte() -> None:
    revocato = in_corso(revocata_il=date(2024, 6, 1))
    testo = composte([opera(1, in_corso()), opera(2, revocato)])
    assert testo.endswith("i lavori sono in corso in 1 (Arese). 1 intervento è revocato (Bresso).")


def test_in_un_solo_comune_non_si_contano_i_comuni() -> None:
    opere = [opera(1, in_corso())]
    situazione = quadro(opere)
    luogo = Perimetro(TipoPerimetro.COMUNE, "015001")
    situazione.domanda = replace(situazione.domanda, perimetro=luogo)
    testo = frasi.composizione("Nel Comune c'è", conti(opere, situazione, "p"), situazione).testo
    assert testo == "Nel Comune c'è 1 intervento: i lavori sono in corso."


def test_i_lavori_finiti_aspettano_il_collaudo() -> None:
    finita = opera(1, in_corso(), fasi=lavori(fine_effettiva=date(2024, 12, 31)))
    aperta = opera(2, in_corso(), fasi=lavori(fine_effettiva=date(2025, 1, 1)))
    assert lavori_di(finita, AL) == "in collaudo"
    assert lavori_di(aperta, AL) == "in corso"


def test_i_lavori_cominciano_il_giorno_del_loro_inizio() -> None:
    assert lavori_di(opera(1, stato(inizio_lavori=AL)), AL) == "in corso"
    assert lavori_di(opera(1, stato(inizio_lavori=date(2025, 1, 1))), AL) == "da avviare"


def test_un_intervento_da_avviare_puo_essere_a_rischio() -> None:
    situazione = stato(fine_prevista=date(2025, 6, 1), fine_stimata=date(2025, 7, 1))
    assert segno_di(situazione, AL) == "a_rischio"
    assert lavori_di(opera(1, situazione), AL) == "da avviare"


def test_di_poche_opere_si_dice_la_percentuale_di_ognuna() -> None:
    opere = [
        opera(1, in_corso(percentuale=Decimal(50)), linea="Linea 2"),
        opera(2, in_corso(percentuale=Decimal("7.5")), linea="Linea 5"),
    ]
    frase = frasi.percentuali(opere, quadro(opere), "p")
    assert frase is not None
    assert frase.testo == "Avanzamento dei lavori: Linea 2 50,0\xa0% e Linea 5 7,5\xa0%."
    assert frasi.percentuali([opera(n, in_corso()) for n in range(1, 7)], quadro(opere), "p") is None


# --- Money and funds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("linee", "atteso"),
    [
        (["pnrr"], "È finanziato dal PNRR."),
        (["nazionale", "nazionale"], "Sono tutti finanziati con fondi nazionali."),
        (
            ["pnrr", "pnrr", "nazionale"],
            "2 interventi sono finanziati dal PNRR e 1 con fondi nazionali (Cesate).",
        ),
        (
            ["pnrr", "mista", ""],
            "1 intervento è finanziato dal PNRR e 1 dal PNRR e con fondi nazionali (Bresso).",
        ),
        (["", ""], None),
    ],
)
def test_si_dice_chi_paga(linee: list[str], atteso: str | None) -> None:
    opere = [opera(n, in_corso(), linea_finanziamento=linea) for n, linea in enumerate(linee, start=1)]
    assert detto(frasi.finanziati(opere, quadro(opere), "p")) == atteso


def test_il_denaro_e_finanziato_impegnato_e_pagato() -> None:
    opere = [
        opera(1, in_corso(impegnato=Decimal("1200000.00"), pagato=Decimal("500000.00"), economie=Decimal("10.50"))),
        opera(2, in_corso()),
        opera(3, in_corso(), finanziamento=None),
    ]
    frase = frase_del_denaro(conti(opere, quadro(opere), "p"))
    assert detto(frase) == (
        "Il finanziamento è di 2,0 mln €; sono impegnati 1,2 mln € (60,0 %) e pagati 0,5 mln € (25,0 %), con economie "
        "di 10,50 €. Di 1 intervento il finanziamento non è noto."
    ).replace(" mln €", "\xa0mln\xa0€").replace(" %", "\xa0%").replace("50 €", "50\xa0€")


def test_senza_dati_non_si_dice_che_non_si_e_speso_nulla() -> None:
    opere = [opera(1), opera(2)]
    assert detto(frase_del_denaro(conti(opere, quadro(opere), "p"))) == "Il finanziamento è di 2,0\xa0mln\xa0€."
    senza = [opera(1, finanziamento=None)]
    assert frase_del_denaro(conti(senza, quadro(senza), "p")) is None


# --- Late, at risk, criticalities ------------------------------------------------------------------------------------


def test_chi_e_in_ritardo_o_a_rischio_si_nomina() -> None:
    tardi = in_corso(fine_prevista=date(2024, 12, 30))
    rischio = in_corso(fine_stimata=date(2026, 1, 1))

    def frase(*stati: object) -> str | None:
        opere = [opera(n, uno) for n, uno in enumerate(stati, start=1)]  # type: ignore[arg-type]
        situazione = quadro(opere)
        return detto(frasi.ritardi(conti(opere, situazione, "p"), situazione))

    assert frase(in_corso(), in_corso()) == "Nessun intervento è in ritardo o a rischio."
    assert frase(in_corso()) == "Non è in ritardo né a rischio."
    assert frase(tardi, in_corso()) == "1 intervento è in ritardo (Arese)."
    assert frase(tardi, tardi, rischio) == "2 interventi sono in ritardo (Arese e Bresso) e 1 è a rischio (Cesate)."
    assert frase(rischio, rischio) == "Nessun intervento è in ritardo; 2 interventi sono a rischio (Arese e Bresso)."


def test_le_criticita_si_contano_gravi_e_scadute() -> None:
    def frase(*problemi: object) -> str | None:
        opere = [opera(1, in_corso(), problemi=list(problemi))]
        return detto(frasi.criticita(opere, quadro(opere), "p"))

    assert frase() is None
    assert frase(problema()) == "È aperta 1 criticità."
    assert frase(problema(scadenza=AL)) == "È aperta 1 criticità."
    assert frase(problema(gravita="alta", scadenza=date(2024, 12, 30))) == (
        "È aperta 1 criticità, di gravità alta, oltre la data entro cui andava risolta."
    )
    assert frase(problema(), problema("c2", "alta"), problema("c3", "bassa", date(2024, 1, 1))) == (
        "Sono aperte 3 criticità, 1 di gravità alta, 1 oltre la data entro cui andava risolta."
    )


# --- Awards and deadlines --------------------------------------------------------------------------------------------


def aggiudicate(*giorni: date | None, scade: date | None = None) -> str | None:
    opere = [opera(n, in_corso(), fasi=[gara(g)] if g else []) for n, g in enumerate(giorni, start=1)]
    scadenze = [scadenza(1, scade, "Aggiudicazione dei lavori")] if scade else []
    return detto(frasi_tempi.gare(opere, quadro(opere, scadenze), "p"))


def test_le_gare_aggiudicate_si_confrontano_con_la_scadenza() -> None:
    primo, secondo = date(2023, 7, 1), date(2023, 7, 28)
    assert aggiudicate(primo, secondo, primo, scade=date(2023, 7, 30)) == (
        "I lavori sono aggiudicati in tutti i 3 interventi, l'ultimo il 28/07/2023, entro la scadenza del 30/07/2023."
    )
    assert aggiudicate(primo, secondo, scade=secondo) == (
        "I lavori sono aggiudicati in entrambi gli interventi, l'ultimo il 28/07/2023, entro la scadenza del "
        "28/07/2023."
    )
    assert aggiudicate(primo, secondo, None, scade=date(2023, 7, 27)) == (
        "I lavori sono aggiudicati in 2 interventi su 3, l'ultimo il 28/07/2023; 1 è stato aggiudicato dopo la "
        "scadenza del 27/07/2023."
    )
    assert aggiudicate(primo) == "I lavori sono stati aggiudicati il 01/07/2023."
    assert aggiudicate(secondo, scade=primo) == (
        "I lavori sono stati aggiudicati il 28/07/2023, dopo la scadenza del 01/07/2023."
    )
    assert aggiudicate(None, scade=primo) is None


def test_una_gara_del_giorno_dopo_non_e_ancora_aggiudicata() -> None:
    assert aggiudicate(date(2025, 1, 1)) is None


def oltre(*fini: date, fondi: str = "pnrr", al: date = AL) -> str | None:
    opere = [opera(n, in_corso(), fasi=lavori(fine), linea_finanziamento=fondi) for n, fine in enumerate(fini, 1)]
    return detto(frasi_tempi.oltre_la_scadenza(opere, quadro(opere, [scadenza(1, FINE)], al=al), "p"))


def test_chi_finisce_dopo_la_scadenza_in_vigore() -> None:
    giorno_dopo = date(2026, 7, 1)
    assert oltre(FINE, FINE) == "Tutti prevedono di finire i lavori entro la scadenza del 30/06/2026."
    assert oltre(FINE, giorno_dopo) == (
        "1 intervento prevede di finire i lavori dopo la scadenza del 30/06/2026 (Bresso)."
    )
    assert oltre(FINE) == "Prevede di finire i lavori entro la scadenza del 30/06/2026."
    assert oltre(giorno_dopo) == "Prevede di finire i lavori dopo la scadenza del 30/06/2026."


def test_passata_la_scadenza_chi_non_ha_finito_l_ha_mancata() -> None:
    assert oltre(FINE, FINE, al=date(2026, 10, 31)) == (
        "2 interventi non hanno finito i lavori entro la scadenza del 30/06/2026 (Arese e Bresso)."
    )


def test_molti_oltre_la_scadenza_si_dividono_per_fondi() -> None:
    tardi = date(2027, 1, 1)
    opere = [opera(n, in_corso(), fasi=lavori(tardi if n != 1 else FINE)) for n in range(1, 7)]
    opere += [opera(n, in_corso(), fasi=lavori(tardi), linea_finanziamento="nazionale") for n in (7, 8)]
    assert detto(frasi_tempi.oltre_la_scadenza(opere, quadro(opere, [scadenza(1, FINE)]), "p")) == (
        "7 interventi prevedono di finire i lavori dopo la scadenza del 30/06/2026: 5 finanziati dal PNRR e tutti e 2 "
        "quelli finanziati con fondi nazionali."
    )


def test_senza_scadenza_non_si_dice_nulla() -> None:
    opere = [opera(1, in_corso(), fasi=lavori(FINE))]
    assert frasi_tempi.oltre_la_scadenza(opere, quadro(opere), "p") is None


def test_i_traguardi_del_piano_sono_conseguiti_mancati_o_prossimi() -> None:
    settembre = date(2024, 9, 30)
    preso = {"conseguito_il": settembre, "stato": StatoTraguardo.CONSEGUITO.value}
    scadenze = [
        scadenza(1, settembre, "Metà dei lavori", **preso, valore_raggiunto=Decimal("33.5"), unita="% dei lavori"),
        scadenza(2, date(2024, 9, 28), "Consegna", **preso),
        scadenza(3, date(2024, 10, 1), "Superficie", **{**preso, "tipo": "target"}),
        scadenza(4, date(2024, 12, 30), "Pagamenti", stato=StatoTraguardo.IN_RITARDO.value),
        scadenza(5, date(2025, 1, 1), "Conclusione"),
        scadenza(6, date(2026, 1, 1), "Collaudo"),
    ]
    opere = [opera(1, in_corso())]
    dette = [frase.testo for frase in frasi_tempi.traguardi_del_piano(1, quadro(opere, scadenze), "p")]
    assert dette == [
        "La milestone «Metà dei lavori» risulta conseguita il 30/09/2024, giorno della scadenza: 33,5\xa0% dei lavori.",
        "La milestone «Consegna» risulta conseguita il 30/09/2024, 2 giorni dopo la scadenza del 28/09/2024.",
        "Il target «Superficie» risulta conseguito il 30/09/2024, entro la scadenza del 01/10/2024.",
        "La milestone «Pagamenti» è in ritardo di 1 giorno sulla scadenza del 30/12/2024.",
        "La milestone «Conclusione» scade il 01/01/2025, fra 1 giorno.",
    ]
