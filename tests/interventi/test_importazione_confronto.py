"""What an import does to the register, table by table, on small extracts of our own."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from enti.models import Ente
from interventi.models import (
    Differenza,
    Finanziamento,
    Indicatore,
    Intervento,
    Localizzazione,
    Operatore,
    Procedura,
    SoggettoCollegato,
    Submisura,
)
from registro.storia import salva
from tests.interventi.estratti import (
    ALTRO_CUP,
    CUP,
    PUI_PROGETTI,
    ConRiferimenti,
    aggiudicatari,
    conta,
    elenco,
    esiti,
    gare,
    importa,
    indicatori,
    localizzazioni,
    pagamenti,
    progetti,
    ragioni,
    soggetti,
)
from tests.interventi.integrita import quante_versioni, registro, senza_chiavi, verifica_conti, verifica_storia

MILANO = {"Soggetto Attuatore": "COMUNE DI MILANO"}
IMPORTI = {"Finanziamento PNRR": "100,00", "Finanziamento Comune": "50,50", "Finanziamento Totale": "150,50"}


class Confronto(ConRiferimenti):
    def tearDown(self) -> None:
        verifica_storia()
        verifica_conti()

    # --- Progetti

    def test_un_progetto_nuovo_entra_con_fonti_classificazione_e_attuatore(self) -> None:
        importa(progetti({**MILANO, **IMPORTI}), localizzazioni())
        intervento = Intervento.objects.get()
        assert (intervento.cup, intervento.clp, intervento.submisura.codice) == (CUP, CUP, PUI_PROGETTI)
        assert (intervento.finanziamento_totale, intervento.finanziamento_al) == (Decimal("150.50"), date(2024, 12, 13))
        assert (intervento.linea_finanziamento, intervento.monitorato_regis) == ("mista", True)
        assert intervento.classificazione is not None
        assert intervento.soggetto_attuatore == Ente.objects.get(comune__nome="Milano")
        fonti = dict(Finanziamento.objects.values_list("fonte", "importo"))
        assert fonti == {"pnrr": Decimal("100.00"), "comune": Decimal("50.50")}
        assert "PIAZZA NUOVA" in intervento.testo_ricerca
        assert "MILANO" in intervento.testo_ricerca

    def test_la_submisura_incontrata_resta_legata_alla_misura(self) -> None:
        Submisura.objects.all().delete()
        importa(progetti(), localizzazioni())
        submisura = Submisura.objects.get(codice=PUI_PROGETTI)
        assert submisura.descrizione == "Piani urbani integrati"
        assert submisura.misura is not None
        assert submisura.misura.codice == PUI_PROGETTI

    def test_la_linea_di_finanziamento_viene_dalla_quota_pnrr(self) -> None:
        casi = [("100,00", "100,00", "pnrr"), ("99,99", "100,00", "mista"), ("0,00", "100,00", "nazionale")]
        righe = [
            {"CUP": f"B41B2100001000{n}", "Codice Locale Progetto": str(n), "Finanziamento PNRR": pnrr,
             "Finanziamento Totale": totale}
            for n, (pnrr, totale, _) in enumerate(casi, start=1)
        ]  # fmt: skip
        importa(progetti(*righe), perimetro="tutto")
        assert [i.linea_finanziamento for i in Intervento.objects.order_by("cup")] == [linea for *_, linea in casi]

    def test_un_valore_piu_nuovo_cambia_e_dice_prima_e_dopo(self) -> None:
        importa(progetti({"Titolo Progetto": "Prima"}, al="01/01/2024"), localizzazioni())
        importazione = importa(progetti({"Titolo Progetto": "Dopo"}))
        assert conta(importazione, "lette", "cambiate") == (1, 1)
        assert esiti(importazione)[0].cambi == [
            {"campo": "titolo", "etichetta": "Titolo", "prima": "Prima", "dopo": "Dopo"}
        ]

    def test_un_valore_piu_vecchio_non_cambia_nulla_e_lo_dice(self) -> None:
        importa(progetti({"Titolo Progetto": "Nuovo"}), localizzazioni())
        importazione = importa(progetti({"Titolo Progetto": "Vecchio"}, al="12/12/2024"))
        assert Intervento.objects.get().titolo == "Nuovo"
        assert conta(importazione, "invariate", "rifiutate") == (1, 0)
        assert "più vecchio" in ragioni(importazione)

    def test_un_estratto_piu_vecchio_riempie_cio_che_manca(self) -> None:
        importa(progetti({"Sintesi Progetto": ""}), localizzazioni())
        importa(progetti({"Sintesi Progetto": "Una piazza"}, al="01/01/2024"))
        assert Intervento.objects.get().sintesi == "Una piazza"

    def test_una_cella_vuota_non_cancella(self) -> None:
        importa(progetti({"Sintesi Progetto": "Una piazza"}, al="01/01/2024"), localizzazioni())
        importa(progetti({"Sintesi Progetto": ""}))
        assert Intervento.objects.get().sintesi == "Una piazza"

    def test_gli_stessi_valori_a_una_data_piu_nuova_portano_avanti_la_data(self) -> None:
        importa(progetti(al="01/01/2024"), localizzazioni())
        importazione = importa(progetti())
        assert conta(importazione, "invariate", "cambiate") == (1, 0)
        assert Intervento.objects.get().dati_al == date(2024, 12, 13)

    def test_lo_stesso_file_due_volte_non_scrive_nulla(self) -> None:
        tutto = (
            progetti({**MILANO, **IMPORTI}),
            localizzazioni({"Indirizzo": "Via Roma 1", "CAP": "20121"}, {"Comune": "000", "Descrizione Comune": ""}),
            pagamenti({"Finanziamento Totale": "150,50", "Pagamenti Totali": "10,00"}),
            indicatori({"Valore Programmato": "120,00"}),
            gare({"CIG": "94722560EF", "Codice Interno PDA": "1", "Denominazione Aggiudicatario": "ROSSI SRL"}),
            elenco({"Finanziamento Totale 2025-03-31": "150,50", "MQ programmati": "120,00"}),
            soggetti({"Denominazione": "COMUNE DI MILANO", "Descrizione del ruolo del soggetto": "ATTUATORE"}),
        )  # fmt: skip
        importa(*tutto)
        prima, versioni = registro(), quante_versioni()
        importazione = importa(*tutto)
        assert conta(importazione, "nuove", "cambiate", "rifiutate", "differenze") == (0, 0, 0, 0)
        assert (registro(), quante_versioni()) == (prima, versioni)

    def test_la_fine_prima_dell_inizio_non_si_prende_e_si_dice(self) -> None:
        date_rovesciate = {"Data Inizio Progetto Effettiva": "02/02/2024", "Data Fine Progetto Effettiva": "01/02/2024"}
        importazione = importa(progetti(date_rovesciate), localizzazioni())
        intervento = Intervento.objects.get()
        assert (intervento.inizio_effettivo, intervento.fine_effettiva) == (None, None)
        assert "prima dell'inizio" in ragioni(importazione)

    def test_fonti_che_non_sommano_al_totale_sono_prese_con_un_dubbio(self) -> None:
        importazione = importa(progetti({**IMPORTI, "Finanziamento Totale": "150,51"}), localizzazioni())
        assert "Le fonti sommano 150,50" in ragioni(importazione)
        assert conta(importazione, "nuove", "dubbie") == (2, 1)

    # --- Chiavi

    def test_una_riga_uguale_a_una_gia_letta_conta_come_invariata(self) -> None:
        importazione = importa(progetti({}, {}), localizzazioni())
        assert conta(importazione, "nuove", "invariate") == (2, 1)
        assert "ripete la 2" in ragioni(importazione)

    def test_una_chiave_ripetuta_con_altri_valori_e_rifiutata_e_nomina_la_prima(self) -> None:
        importazione = importa(progetti({}, {"Titolo Progetto": "Un altro"}), localizzazioni())
        assert conta(importazione, "nuove", "rifiutate", "fuori_perimetro") == (2, 1, 0)
        assert "La riga 2 dello stesso file" in ragioni(importazione)
        assert Intervento.objects.get().titolo == "Piazza nuova"

    def test_un_elenco_senza_clp_trova_l_unico_intervento_con_quel_cup(self) -> None:
        importa(progetti({"Codice Locale Progetto": "PRJ_1"}), localizzazioni({"Codice Locale Progetto": "PRJ_1"}))
        importa(elenco({"Finanziamento Totale 2025-03-31": "99,00"}))
        assert Intervento.objects.get().finanziamento_totale == Decimal("99.00")

    def test_un_elenco_senza_clp_con_due_interventi_e_rifiutato_e_li_nomina(self) -> None:
        chiavi = [{"Codice Locale Progetto": "PRJ_1"}, {"Codice Locale Progetto": "PRJ_2"}]
        importa(progetti(*chiavi), perimetro="tutto")
        importazione = importa(elenco({"Finanziamento Totale 2025-03-31": "99,00"}))
        assert conta(importazione, "rifiutate") == 1
        assert "PRJ_1" in ragioni(importazione)
        assert "PRJ_2" in ragioni(importazione)

    def test_un_elenco_senza_clp_e_senza_intervento_usa_il_cup(self) -> None:
        importa(elenco({"Finanziamento Totale 2025-03-31": "99,00"}))
        assert Intervento.objects.get().clp == CUP

    def test_i_soggetti_senza_submisura_vanno_all_unico_con_cup_e_clp(self) -> None:
        soggetto = {"Denominazione": "COMUNE DI MILANO", "Descrizione del ruolo del soggetto": "ATTUATORE"}
        importa(progetti(), localizzazioni(), soggetti(soggetto))
        assert SoggettoCollegato.objects.get().intervento.cup == CUP

    def test_i_soggetti_di_un_intervento_sconosciuto_sono_rifiutati_con_la_via_di_uscita(self) -> None:
        importazione = importa(soggetti({"Denominazione": "COMUNE DI MILANO"}))
        assert conta(importazione, "rifiutate", "fuori_perimetro") == (1, 0)
        assert "Carica anche la tabella Progetti" in ragioni(importazione)

    def test_soggetti_ambigui_fra_due_submisure_sono_rifiutati(self) -> None:
        importa(progetti({}, {"Codice Univoco Submisura": "M5C2I2.02.02"}), perimetro="tutto")
        importazione = importa(soggetti({"Denominazione": "COMUNE DI MILANO"}))
        assert "manca la submisura" in ragioni(importazione)

    # --- Perimetro

    def test_un_progetto_senza_luogo_nei_file_e_fuori_perimetro_e_dice_che_fare(self) -> None:
        importazione = importa(progetti())
        assert conta(importazione, "rifiutate", "fuori_perimetro") == (1, 1)
        assert "carica insieme il file Localizzazione" in ragioni(importazione)
        assert esiti(importazione)[0].originale is not None
        assert not Intervento.objects.exists()

    def test_un_progetto_in_un_altra_provincia_e_fuori_perimetro(self) -> None:
        importazione = importa(
            progetti(), localizzazioni({"Provincia": "016", "Comune": "024", "Descrizione Comune": "BERGAMO"})
        )
        assert conta(importazione, "rifiutate", "fuori_perimetro") == (2, 2)
        assert "fuori dalla Città metropolitana" in ragioni(importazione)

    def test_la_provincia_intera_e_dentro_il_perimetro(self) -> None:
        importa(progetti(), localizzazioni({"Comune": "000", "Descrizione Comune": ""}))
        assert Localizzazione.objects.get().comune is None

    def test_un_nostro_attuatore_basta_anche_senza_luogo(self) -> None:
        importa(progetti(MILANO))
        assert Intervento.objects.count() == 1

    def test_tutti_gli_interventi_prende_anche_gli_altri(self) -> None:
        importa(progetti(), perimetro="tutto")
        assert Intervento.objects.count() == 1

    def test_i_pagamenti_creano_l_intervento_solo_se_si_prende_tutto(self) -> None:
        riga = {"Finanziamento Totale": "10,00", "Pagamenti Totali": "1,00"}
        assert conta(importa(pagamenti(riga)), "rifiutate") == 1
        assert conta(importa(pagamenti(riga), perimetro="tutto"), "nuove") == 1

    # --- Localizzazioni

    def test_un_comune_sconosciuto_e_rifiutato_con_il_nome_piu_vicino(self) -> None:
        importazione = importa(progetti(MILANO), localizzazioni({"Comune": "999", "Descrizione Comune": "MILANO"}))
        assert "Nessun Comune ha il codice ISTAT 015999" in ragioni(importazione)
        assert "è Milano" in ragioni(importazione)

    def test_il_luogo_dell_elenco_e_quello_con_indirizzo_sono_uno_in_ogni_ordine(self) -> None:
        preciso = localizzazioni({"Indirizzo": "Via Roma 1", "CAP": "20121"})
        importa(elenco({}))
        importa(preciso)
        assert Localizzazione.objects.get().indirizzo == "Via Roma 1"
        importazione = importa(elenco({}))
        assert Localizzazione.objects.count() == 1
        assert conta(importazione, "invariate") == 1

    def test_un_indirizzo_aggiunto_da_noi_non_fa_nascere_un_secondo_luogo(self) -> None:
        importa(progetti(), localizzazioni({"CAP": "20121"}))
        luogo = Localizzazione.objects.get()
        luogo.indirizzo, luogo.campi_nostri = "Via Verdi 2", ["indirizzo"]
        salva(luogo, autore=None)
        importa(localizzazioni({"CAP": "20121"}, al="31/03/2025"))
        assert Localizzazione.objects.get().indirizzo == "Via Verdi 2"
        importa(localizzazioni({"CAP": "20121", "Indirizzo": "Via Bianchi 3"}, al="30/06/2025"))
        assert Localizzazione.objects.get().indirizzo == "Via Verdi 2"
        differenza = Differenza.objects.get()
        assert (differenza.campo, differenza.valore_regis) == ("indirizzo", "Via Bianchi 3")

    # --- Denaro

    def test_i_pagamenti_piu_vecchi_dell_elenco_riempiono_solo_cio_che_manca(self) -> None:
        importa(
            elenco({"Finanziamento Totale 2025-03-31": "200,00", "Finanziamento PNRR 2025-03-31": "0,00"}),
            pagamenti({"Finanziamento Totale": "150,00", "Finanziamento PNRR": "150,00", "Pagamenti Totali": "7,00"}),
        )
        intervento = Intervento.objects.get()
        assert (intervento.finanziamento_totale, intervento.finanziamento_al) == (Decimal("200.00"), date(2025, 3, 31))
        assert (intervento.pagamenti_totali, intervento.pagamenti_al) == (Decimal("7.00"), date(2024, 12, 13))
        assert intervento.linea_finanziamento == "nazionale"
        assert Finanziamento.objects.get(fonte="pnrr").importo == 0

    def test_un_cup_dell_elenco_senza_importi_e_segnalato(self) -> None:
        importazione = importa(elenco({}))
        assert conta(importazione, "nuove", "dubbie") == (1, 1)
        assert "Nessuna riga di pagamento nella fonte" in ragioni(importazione)

    def test_due_estratti_di_date_diverse_danno_lo_stesso_registro_in_ogni_ordine(self) -> None:
        luogo = localizzazioni(al="01/01/2022")
        coppie = [
            (
                progetti({**IMPORTI, "Sintesi Progetto": "Solo qui"}, al="01/01/2023"),
                progetti({"Finanziamento PNRR": "0,00", "Finanziamento Comune": "0,00",
                          "Finanziamento Totale": "9,00"}),
            ),
            (
                pagamenti({"Pagamenti Totali": "5,00", "Pagamenti Totali PNRR": "2,00",
                           "Pagamenti totali Comune": "3,00"},
                          al="01/01/2023"),
                pagamenti({"Pagamenti Totali": "6,00", "Pagamenti Totali PNRR": "6,00",
                           "Pagamenti totali Comune": "0,00"}),
            ),
            (
                gare({"CIG": "94722560EF", "Importo Aggiudicazione": "1,00", "Denominazione Aggiudicatario": "A"},
                     al="01/01/2023"),
                gare({"CIG": "94722560EF", "Codice Interno PDA": "7", "Importo Aggiudicazione": "2,00"}),
            ),
            (
                indicatori({"Valore Programmato": "10", "Anno": "2023"}, al="01/01/2023"),
                indicatori({"Valore Programmato": "11", "Valore Realizzato": "3"}),
            ),
            (localizzazioni(al="01/01/2023"), localizzazioni({"Indirizzo": "Via Roma", "CAP": "20121"})),
            (pagamenti({"Finanziamento Totale": "3,00", "Finanziamento PNRR": "3,00", "Pagamenti Totali": "1,00"}),
             elenco({"Finanziamento Totale 2025-03-31": "4,00", "Finanziamento PNRR 2025-03-31": "1,00"})),
        ]  # fmt: skip
        base = progetti(al="01/01/2021", nome="base.csv")
        for numero, coppia in enumerate(coppie):
            esiti_possibili = []
            for ordine in itertools.permutations(coppia):
                Operatore.objects.all().delete()
                Intervento.objects.all().delete()
                importa(base, luogo)
                for estratto in ordine:
                    importa(estratto)
                esiti_possibili.append(senza_chiavi())
            assert esiti_possibili[0] == esiti_possibili[1], numero

    # --- Gare

    def test_una_gara_con_il_suo_vincitore_entra_e_si_trova_per_cig(self) -> None:
        importa(
            progetti(),
            localizzazioni(),
            gare({"CIG": "94722560EF", "Codice Interno PDA": "1", "Denominazione Aggiudicatario": "ROSSI SRL"}),
        )
        assert Procedura.objects.get().operatori.get().denominazione == "ROSSI SRL"
        assert "94722560EF" in Intervento.objects.get().testo_ricerca

    def test_il_ruolo_saputo_dopo_non_raddoppia_l_operatore(self) -> None:
        importa(
            progetti(),
            localizzazioni(),
            gare({"CIG": "94722560EF", "Denominazione Aggiudicatario": "ROSSI SRL"}),
            aggiudicatari(
                {
                    "CIG": "94722560EF",
                    "Denominazione Aggiudicatario": "ROSSI SRL",
                    "Descrizione Ruolo Soggetto": "Capogruppo",
                }
            ),
        )
        assert [operatore.ruolo.lower() for operatore in Operatore.objects.all()] == ["capogruppo"]

    def test_un_operatore_in_piu_in_una_gara_nota_e_una_riga_cambiata(self) -> None:
        vincitori = [
            {"CIG": "94722560EF", "Denominazione Aggiudicatario": nome} for nome in ("ROSSI SRL", "BIANCHI SRL")
        ]
        importazione = importa(progetti(), localizzazioni(), gare(*vincitori))
        tabella = importazione.file.get(nome="gare.csv").tabelle.get()
        assert (tabella.nuove, tabella.cambiate) == (1, 1)

    def test_gli_aggiudicatari_di_una_gara_sconosciuta_sono_rifiutati_con_la_via_di_uscita(self) -> None:
        importazione = importa(
            progetti(), localizzazioni(), aggiudicatari({"CIG": "94722560EF", "Denominazione Aggiudicatario": "A"})
        )
        assert "Carica anche la tabella Gare" in ragioni(importazione)

    def test_un_cig_che_non_torna_e_rifiutato_con_il_valore(self) -> None:
        importazione = importa(progetti(), localizzazioni(), gare({"CIG": "94722560EE"}))
        assert conta(importazione, "rifiutate") == 1
        assert "94722560EE" in ragioni(importazione)

    def test_un_indicatore_dell_elenco_e_lo_stesso_della_tabella_indicatori(self) -> None:
        importa(
            elenco({"MQ programmati": "120,00"}),
            indicatori({"Valore Programmato": "100", "Descrizione Indicatore": "MQ DELL'INTERVENTO"}),
        )
        indicatore = Indicatore.objects.get()
        assert (indicatore.programmato, indicatore.descrizione) == (Decimal(120), "MQ DELL'INTERVENTO")

    def test_due_progetti_con_lo_stesso_cup_e_altro_clp_sono_due_interventi(self) -> None:
        importa(progetti({}, {"Codice Locale Progetto": "PRJ_2"}, {"CUP": ALTRO_CUP}), perimetro="tutto")
        assert Intervento.objects.filter(cup=CUP).count() == 2
        assert Intervento.objects.count() == 3
