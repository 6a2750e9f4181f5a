"""The pages of the piani as people use them: what they say, who may write, what others see."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from enti.ruoli import Ruolo
from interventi.models import Finanziamento, Intervento
from interventi.scelte import FonteFinanziamento, StatoCup
from piani_integrati import selectors, services
from piani_integrati.completezza import PER_IL_PIANO, PER_INTERVENTO, con_mancanze, valuta
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import InterventoNelPiano, Passaggio, PianoIntegrato
from registro.models import Fonte
from tests.enti.persone import crea_persona
from tests.piani_integrati.base import (
    PianiTestCase,
    completa,
    crea_intervento,
    cup,
    dichiara_tutto,
    persona_del_comune,
)


class PagineTestCase(PianiTestCase):
    def leggi(self, nome: str, *argomenti: str, **parametri: str) -> str:
        risposta = self.client.get(reverse(nome, args=argomenti), parametri)
        assert risposta.status_code == 200, nome
        return " ".join(unescape(risposta.content.decode()).split())

    def metti(self, codice: str, *interventi: Intervento) -> None:
        services.assegna(
            piano_id=self.piano(codice).pk, interventi_ids=[i.pk for i in interventi], autore=self.coordinatore
        )

    def test_l_elenco_ha_i_quattro_pui_i_cinque_programmi_e_i_totali_dei_soli_dati_veri(self) -> None:
        self.metti("SPUGNA", crea_intervento(1, finanziamento_totale=Decimal("1000000.10"), pnrr="400000.05"))
        self.metti("CAMBIO", crea_intervento(2, comuni=("Rho", "Bresso"), finanziamento_totale=Decimal("0.20")))
        self.metti("MICA", crea_intervento(3, dimostrativo=True, finanziamento_totale=Decimal("7.00")))
        pagina = self.leggi("piani-integrati")
        assert "4 Piani urbani integrati e 5 programmi." in pagina
        for codice in ("COME IN", "SPUGNA", "CAMBIO", "MICA", "PINQuA", "Bando Periferie"):
            assert f'{reverse("piano-integrato", args=[self.piano(codice).slug])}">{codice}</a>' in pagina
        assert "Totale dei dati di dimostrazione" in pagina
        elenco = selectors.elenco()
        assert elenco.veri is not None
        assert elenco.dimostrativi is not None
        assert (elenco.veri.quanti, elenco.veri.comuni) == (2, 2)
        assert elenco.veri.finanziamento == Decimal("1000000.30")
        assert elenco.veri.pnrr == Decimal("400000.05")
        assert elenco.dimostrativi.finanziamento == Decimal("7.00")

    def test_la_pagina_di_un_piano_dice_le_somme_in_parole_e_al_centesimo(self) -> None:
        primo = crea_intervento(1, finanziamento_totale=Decimal("1500000.10"), pnrr="900000.00", pagati="300000.02")
        secondo = crea_intervento(2, comuni=("Rho", "Bresso"), finanziamento_totale=None)
        Finanziamento.objects.create(intervento=primo, fonte=FonteFinanziamento.COMUNE, importo=Decimal("100000.00"))
        self.metti("SPUGNA", primo, secondo)
        pagina = self.leggi("piano-integrato", "spugna")
        assert "2 interventi in 2 Comuni, 1,5\xa0mln\xa0€ di finanziamento, di cui 0,9\xa0mln\xa0€ del PNRR" in (
            self.client.get(reverse("piano-integrato", args=["spugna"])).content.decode()
        )
        assert "Di 1 il finanziamento non si conosce." in pagina
        piano = self.piano("SPUGNA")
        fonti = {
            riga.nome: riga.importo for riga in selectors.fonti_di_finanziamento(piano, selectors.totali_del(piano, {}))
        }
        assert fonti == {
            "PNRR": Decimal("900000.00"),
            "Comune": Decimal("100000.00"),
            selectors.ALTRE_FONTI: Decimal("500000.10"),
        }
        assert reverse("driver", args=[2]) in pagina, "il Driver che la fonte dice di SPUGNA"
        assert "Cantieri conclusi" in pagina, "le cifre dichiarate dalla fonte"
        assert "Decreto del 22 aprile 2022" in pagina
        assert f"{reverse('interventi')}?piano=SPUGNA" in pagina

    def test_la_mappa_colora_i_comuni_per_numero_di_interventi(self) -> None:
        self.metti("SPUGNA", crea_intervento(1), crea_intervento(2), crea_intervento(3, comuni=("Bresso",)))
        mappa = selectors.mappa(selectors.quanti_per_comune(self.piano("SPUGNA")))
        assert len(mappa.voci) == 133
        valori = {voce.comune.nome: voce.valore for voce in mappa.voci if voce.valore}
        assert valori == {"Rho": 2, "Bresso": 1}
        classi = {voce.comune.nome: voce.classe for voce in mappa.voci}
        assert classi["Rho"] != classi["Bresso"]
        assert classi["Segrate"] == "niente"

    def test_le_classi_della_mappa_coprono_ogni_numero_una_volta(self) -> None:
        assert selectors.classi_di_numeri([]) == []
        assert selectors.classi_di_numeri([1, 1, 1]) == [(1, 1)]
        assert selectors.classi_di_numeri(range(1, 6)) == [(n, n) for n in range(1, 6)]
        classi = selectors.classi_di_numeri(range(1, 13))
        assert len(classi) == 5
        assert [n for primo, ultimo in classi for n in range(primo, ultimo + 1)] == list(range(1, 13))

    def test_chi_e_di_un_comune_vede_i_totali_di_tutti_e_i_collegamenti_dei_suoi(self) -> None:
        suo, altrui = crea_intervento(1), crea_intervento(2, comuni=("Bresso",))
        self.metti("SPUGNA", suo, altrui)
        self.client.force_login(persona_del_comune("Rho"))
        pagina = self.leggi("piano-integrato", "spugna")
        assert "2 interventi in 2 Comuni" in pagina
        assert cup(1) in pagina
        assert cup(2) in pagina
        assert reverse("intervento", args=[suo.pk]) in pagina
        assert reverse("intervento", args=[altrui.pk]) not in pagina
        for scritta in ("Correggi questi dati", "Dichiara concluso", "Registra la revoca"):
            assert scritta not in pagina
        assert "Nuovo piano" not in self.leggi("piani-integrati")

    def test_solo_chi_gestisce_i_piani_scrive(self) -> None:
        spugna = self.piano("SPUGNA")
        rotte = [
            reverse("piano-integrato-nuovo"),
            reverse("piano-integrato-modifica", args=["spugna"]),
            reverse("piano-integrato-proposta", args=["spugna"]),
            reverse("piano-integrato-passaggio", args=["spugna", "concludi"]),
            reverse("piani-assegna"),
            reverse("piani-assegna-file"),
        ]
        for utente in (crea_persona(Ruolo.CABINA), crea_persona(Ruolo.ISTRUTTORE), persona_del_comune("Rho")):
            self.client.force_login(utente)
            for rotta in rotte:
                assert self.client.get(rotta).status_code == 403, rotta
                assert self.client.post(rotta, {"atto": "x"}).status_code == 403, rotta
        spugna.refresh_from_db()
        assert spugna.stato == StatoPiano.IN_ATTUAZIONE

    def test_oltre_centocinquanta_interventi_la_pagina_mostra_i_maggiori(self) -> None:
        molti = [crea_intervento(n, comuni=(), finanziamento_totale=Decimal(n)) for n in range(1, 152)]
        self.metti("SPUGNA", *molti)
        pagina = self.leggi("piano-integrato", "spugna")
        assert "Qui i 50 con il finanziamento maggiore, su 151." in pagina
        assert cup(151) in pagina
        assert cup(101) not in pagina
        services.togli(interventi_ids=[molti[0].pk], autore=self.coordinatore)
        assert cup(2) in self.leggi("piano-integrato", "spugna")

    def test_un_piano_nuovo_nasce_in_bozza_con_un_indirizzo_suo(self) -> None:
        fonte = Fonte.objects.get(codice="portale").pk
        dati = {"codice": "Nuovo", "tipo": "pui", "titolo": "Un piano nuovo", "fonte": fonte, "driver": []}
        risposta = self.client.post(reverse("piano-integrato-nuovo"), dati | {"importo_richiesto": "55.000.000,50"})
        piano = self.piano("Nuovo")
        assert piano.slug == "nuovo-2", "«nuovo» è l'indirizzo del modulo"
        assert risposta.headers["Location"] == reverse("piano-integrato", args=["nuovo-2"])
        assert (piano.stato, piano.importo_richiesto) == (StatoPiano.BOZZA, Decimal("55000000.50"))
        doppio = self.client.post(reverse("piano-integrato-nuovo"), dati | {"codice": "NUOVO"})
        assert "C'è già un piano con il codice" in unescape(doppio.content.decode())
        rovescio = self.client.post(
            reverse("piano-integrato-nuovo"), dati | {"codice": "X", "inizio": "2026-02-01", "fine": "2026-01-31"}
        )
        assert "La fine viene prima" in rovescio.content.decode()

    def test_correggere_un_piano_conserva_ogni_dato_che_non_cambia(self) -> None:
        prima = PianoIntegrato.objects.get(codice="PINQuA")
        modulo = self.client.get(reverse("piano-integrato-modifica", args=["pinqua"])).context["modulo"]
        dati = {nome: valore for nome, valore in modulo.initial.items() if valore is not None}
        dati = {
            nome: [riga.pk for riga in valore] if isinstance(valore, list) else valore for nome, valore in dati.items()
        }
        risposta = self.client.post(
            reverse("piano-integrato-modifica", args=["pinqua"]), dati | {"titolo": "Titolo nuovo"}
        )
        assert risposta.status_code == 302
        dopo = PianoIntegrato.objects.get(codice="PINQuA")
        assert dopo.titolo == "Titolo nuovo"
        assert dopo.importo_assegnato == prima.importo_assegnato == Decimal("30000000.00")
        assert list(dopo.driver.values_list("numero", flat=True)) == [9]
        assert list(dopo.strategie.values_list("numero", flat=True)) == [2]

    def test_la_proposta_si_salva_incompleta_e_si_presenta_completa(self) -> None:
        piano, intervento = self.bozza(), crea_intervento(1, titolo="")
        self.metti("NUOVO", intervento)
        proposta = reverse("piano-integrato-proposta", args=[piano.slug])
        pagina = self.leggi("piano-integrato-proposta", piano.slug)
        assert "Per presentarla mancano" in pagina
        for dato in PER_IL_PIANO:
            assert str(dato.manca) in pagina, dato.codice
        assert f"{reverse('intervento-modifica', args=[intervento.pk])}#requisiti" in pagina
        salvata = self.client.post(proposta, {"descrizione": "Intanto questo."})
        assert salvata.headers["Location"] == proposta
        piano.refresh_from_db()
        assert piano.descrizione == "Intanto questo."
        rifiutata = self.client.get(reverse("piano-integrato-passaggio", args=[piano.slug, "presenta"]))
        assert "non si può ancora presentare" in rifiutata.content.decode()
        atto = {"atto": "Nota prot. 12/2026", "organo": "Città metropolitana di Milano", "data_atto": "2026-01-20"}
        presenta = reverse("piano-integrato-passaggio", args=[piano.slug, "presenta"])
        assert self.client.post(presenta, atto).headers["Location"] == proposta
        dichiara_tutto(piano)
        intervento.titolo = "Biblioteca"
        completa(intervento)
        assert "Non manca nulla di obbligatorio" in self.leggi("piano-integrato-proposta", piano.slug)
        self.client.post(presenta, atto)
        piano.refresh_from_db()
        assert (piano.stato, piano.presentato_il) == (StatoPiano.PRESENTATO, date(2026, 1, 20))
        presentata = self.leggi("piano-integrato-proposta", piano.slug)
        assert "La proposta è stata presentata" in presentata
        assert "Salva la bozza" not in presentata

    def test_ogni_dato_mancante_si_vede_e_da_solo(self) -> None:
        intervento = crea_intervento(1)
        completa(intervento, edificio=True)
        piano = self.bozza()
        dichiara_tutto(piano)
        self.metti("NUOVO", intervento)
        assert valuta(piano).completa
        requisiti, dnsh = intervento.requisiti, intervento.dnsh
        for oggetto, campo, codice in (
            (intervento, "stato_cup", "stato_cup"),
            (intervento, "titolo", "titolo"),
            (intervento, "attuatore_denominazione", "attuatore"),
            (intervento, "finanziamento_totale", "costo"),
            (intervento, "fine_prevista", "tempi"),
            (intervento, "livello_progettuale", "livello_progettuale"),
            (requisiti, "mq_beneficiari", "mq_beneficiari"),
            (requisiti, "edificio", "edificio"),
            (requisiti, "classe_dopo", "classi"),
            (requisiti, "verde_prima", "aree"),
            (dnsh, "regime", "dnsh_regime"),
            (dnsh, "biodiversita", "dnsh_obiettivi"),
            (dnsh, "evidenza_ex_ante", "dnsh_ex_ante"),
        ):
            prima = getattr(oggetto, campo)
            setattr(oggetto, campo, "" if isinstance(prima, str) else None)
            oggetto.save()
            assert [dato.codice for dato in valuta(piano).interventi[0].obbligatori] == [codice]
            setattr(oggetto, campo, prima)
            oggetto.save()
        assert valuta(piano).completa

    def test_senza_requisiti_ne_dnsh_manca_tutto_e_non_si_chiedono_le_classi(self) -> None:
        crea_intervento(1, comuni=())
        trovato = con_mancanze(Intervento.objects.all()).get()
        mancano = {dato.codice for dato in PER_INTERVENTO if getattr(trovato, f"manca_{dato.codice}")}
        assert mancano == {dato.codice for dato in PER_INTERVENTO} - {"cup", "titolo", "classi"}

    def test_un_programma_chiede_soltanto_i_suoi_interventi(self) -> None:
        piano = self.bozza(tipo="programma")
        assert valuta(piano).mancanti == 1
        self.metti("NUOVO", crea_intervento(1))
        assert valuta(piano).completa

    def test_il_passaggio_si_registra_dalla_pagina_con_il_suo_atto(self) -> None:
        indirizzo = reverse("piano-integrato-passaggio", args=["spugna", "concludi"])
        vuoto = self.client.post(indirizzo, {"atto": ""})
        assert "Manca l'atto" in unescape(vuoto.content.decode())
        atto = {"atto": "Decreto n. 5", "organo": "Ministero dell'interno", "nota": "Fine lavori."}
        futuro = self.client.post(indirizzo, atto | {"data_atto": "2999-01-01"})
        assert "nel futuro" in futuro.content.decode()
        fatto = self.client.post(indirizzo, atto | {"data_atto": "2026-06-30"})
        assert fatto.headers["Location"] == reverse("piano-integrato", args=["spugna"])
        assert "Decreto n. 5, Ministero dell'interno" in self.leggi("piano-integrato", "spugna")
        ancora = self.client.post(indirizzo, atto | {"data_atto": "2026-07-01"}, follow=True)
        assert "non si può fare" in ancora.content.decode()
        assert Passaggio.objects.filter(piano__codice="SPUGNA", a="concluso").count() == 1
        assert self.client.get(reverse("piano-integrato-passaggio", args=["spugna", "vola"])).status_code == 404

    def test_dall_elenco_degli_interventi_si_assegnano_quelli_scelti(self) -> None:
        uno, due, tre = (crea_intervento(n) for n in (1, 2, 3))
        self.metti("CAMBIO", due)
        indirizzo = reverse("piani-assegna")
        scelti = {"scelti": [uno.pk, due.pk]}
        pagina = self.client.post(indirizzo, scelti).content.decode()
        assert "2 interventi scelti" in pagina
        assert "1 in nessun piano, 1 in CAMBIO" in " ".join(pagina.split())
        assert not InterventoNelPiano.objects.filter(intervento=uno).exists()
        conferma = scelti | {"conferma": "1", "quanti": "2"}
        niente = self.client.post(indirizzo, conferma).content.decode()
        assert "Non hai scelto che cosa fare" in niente
        senza_motivo = self.client.post(indirizzo, conferma | {"driver": [self._driver(2)]}).content.decode()
        assert "Manca il motivo" in senza_motivo
        spugna = self.piano("SPUGNA").pk
        insieme = self.client.post(indirizzo, conferma | {"piano": spugna, "togli": "on"}).content.decode()
        assert "O scegli un piano, o li togli" in insieme
        fatto = self.client.post(indirizzo, conferma | {"piano": spugna, "motivo": "delibera"})
        ricevuta = self.client.get(fatto.headers["Location"]).content.decode()
        assert "Assegnati a SPUGNA: 1. Spostati da CAMBIO a SPUGNA: 1." in ricevuta
        assert set(InterventoNelPiano.objects.values_list("intervento", "piano__codice", "evidenza")) == {
            (uno.pk, "SPUGNA", "delibera"),
            (due.pk, "SPUGNA", "delibera"),
        }
        assert not InterventoNelPiano.objects.filter(intervento=tre).exists()

    def _driver(self, numero: int) -> int:
        return self.piano("SPUGNA").driver.model.objects.get(numero=numero).pk

    def test_tutti_i_trovati_sono_quelli_dei_filtri_e_se_cambiano_si_chiede_di_nuovo(self) -> None:
        crea_intervento(1)
        crea_intervento(2)
        crea_intervento(3, comuni=("Bresso",))
        indirizzo = reverse("piani-assegna")
        tutti = {"tutti": "1", "filtri": "comune=015182", "piano": self.piano("SPUGNA").pk, "conferma": "1"}
        crea_intervento(4)
        avviso = self.client.post(indirizzo, tutti | {"quanti": "2"}).content.decode()
        assert "ora gli interventi sono 3" in avviso
        assert not InterventoNelPiano.objects.exists()
        self.client.post(indirizzo, tutti | {"quanti": "3"})
        assert InterventoNelPiano.objects.count() == 3
        assert not InterventoNelPiano.objects.filter(intervento__cup=cup(3)).exists()

    def test_senza_scelti_si_spiega_come_cominciare_e_una_ricevuta_inventata_non_c_e(self) -> None:
        indirizzo = reverse("piani-assegna")
        assert "Nessun intervento scelto" in self.client.post(indirizzo, {"scelti": ["x", "999"]}).content.decode()
        assert "Si comincia dall'elenco" in unescape(self.client.get(indirizzo).content.decode())
        for inventata in ("0", "abc", "99999999999999999999"):
            assert self.client.get(indirizzo, {"ricevuta": inventata}).status_code == 404

    def test_un_piano_concluso_si_rifiuta_dicendo_perche(self) -> None:
        PianoIntegrato.objects.filter(codice="MICA").update(stato=StatoPiano.CONCLUSO)
        dati = {"scelti": [crea_intervento(1).pk], "conferma": "1", "quanti": "1", "piano": self.piano("MICA").pk}
        assert "Il piano MICA è concluso" in self.client.post(reverse("piani-assegna"), dati).content.decode()

    def test_l_elenco_degli_interventi_si_filtra_per_piano_e_lo_mostra(self) -> None:
        self.metti("SPUGNA", crea_intervento(1))
        crea_intervento(2)
        per_piano = self.leggi("interventi", piano="SPUGNA")
        assert "Opera 1" in per_piano
        assert "Opera 2" not in per_piano
        senza = self.leggi("interventi", piano="null")
        assert "Opera 2" in senza
        assert "Opera 1" not in senza
        assert reverse("piani-assegna") in senza

    def test_la_pagina_di_un_intervento_dice_il_suo_piano(self) -> None:
        intervento = crea_intervento(1)
        libero = self.leggi("intervento", str(intervento.pk))
        assert "Non è in alcun piano." in libero
        self.metti("SPUGNA", intervento)
        assert reverse("piano-integrato", args=["spugna"]) in self.leggi("intervento", str(intervento.pk))
        services.togli(interventi_ids=[intervento.pk], autore=self.coordinatore)
        self.client.force_login(persona_del_comune("Rho"))
        assert "Non è in alcun piano." not in self.leggi("intervento", str(intervento.pk))

    def test_le_interrogazioni_non_crescono_con_gli_interventi(self) -> None:
        pagine = [
            reverse("piani-integrati"),
            reverse("piano-integrato", args=["spugna"]),
            reverse("piano-integrato-proposta", args=["spugna"]),
            reverse("piano-integrato-cup", args=["spugna"]),
        ]

        def conta() -> dict[str, int]:
            conti = {}
            for indirizzo in pagine:
                with CaptureQueriesContext(connection) as catturate:
                    assert self.client.get(indirizzo).status_code == 200
                conti[indirizzo] = len(catturate)
            return conti

        self.metti("SPUGNA", *(crea_intervento(n, pnrr="1.00") for n in range(2)))
        pochi = conta()
        self.metti("SPUGNA", *(crea_intervento(n, pnrr="1.00") for n in range(2, 40)))
        assert conta() == pochi
        assert max(pochi.values()) <= 24, pochi


class ElencoCupTestCase(PianiTestCase):
    def metti(self, *interventi: Intervento) -> None:
        services.assegna(
            piano_id=self.piano("SPUGNA").pk, interventi_ids=[i.pk for i in interventi], autore=self.coordinatore
        )

    def scarica(self) -> list[dict[str, str]]:
        risposta = self.client.get(reverse("piano-integrato-cup-csv", args=["spugna"]))
        assert risposta.headers["Content-Disposition"] == 'attachment; filename="cup-finanziati-spugna.csv"'
        contenuto = risposta.getvalue()
        testo = contenuto.decode("utf-8-sig")
        assert contenuto.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(testo), delimiter=";"))

    def test_il_csv_dice_cio_che_la_legge_chiede_di_ogni_cup(self) -> None:
        self.metti(
            crea_intervento(
                1,
                comuni=("Rho", "Bresso"),
                finanziamento_totale=Decimal("1234567.80"),
                pnrr="1000000.00",
                attuatore_denominazione="COMUNE DI RHO",
                attuatore_cf="00893240150",
                stato_cup=StatoCup.ATTIVO,
                finanziamento_al=date(2025, 3, 31),
            )
        )
        (riga,) = self.scarica()
        assert riga == {
            "CUP": cup(1),
            "Descrizione": "Opera 1",
            "Soggetto titolare": "COMUNE DI RHO",
            "Codice fiscale del soggetto titolare": "00893240150",
            "Valore complessivo dell'investimento (EUR)": "1234567.80",
            "Finanziamento PNRR concesso (EUR)": "1000000.00",
            "Data di efficacia del finanziamento": "2022-04-22",
            "Atto di finanziamento": "Decreto del 22 aprile 2022, assegnazione delle risorse ai soggetti attuatori dei "
            "piani integrati, Ministero dell'interno",
            "Piano integrato": "SPUGNA",
            "Submisura PNRR": "M5C2I2.02.03",
            "Codici ISTAT dei Comuni": "015032|015182",
            "Comuni": "Bresso|Rho",
            "Stato del CUP": "attivo",
            "Situazione al": "2025-03-31",
        }

    def test_nessuna_cella_puo_diventare_una_formula(self) -> None:
        self.metti(crea_intervento(1, titolo="=HYPERLINK(1)", attuatore_denominazione="@ente"))
        (riga,) = self.scarica()
        assert riga["Descrizione"] == "'=HYPERLINK(1)"
        assert riga["Soggetto titolare"] == "'@ente"

    def test_un_cup_con_piu_progetti_e_una_riga_sola_con_la_somma(self) -> None:
        self.metti(
            crea_intervento(1, clp="A", finanziamento_totale=Decimal("0.10"), pnrr="0.05"),
            crea_intervento(1, clp="B", comuni=("Bresso",), finanziamento_totale=Decimal("0.20")),
        )
        (riga,) = self.scarica()
        assert riga["Valore complessivo dell'investimento (EUR)"] == "0.30"
        assert riga["Finanziamento PNRR concesso (EUR)"] == "0.05"
        assert riga["Comuni"] == "Rho|Bresso"

    def test_chi_resta_fuori_e_in_pagina_con_il_motivo(self) -> None:
        self.metti(
            crea_intervento(1),
            crea_intervento(2, cup="", clp="CMMI-1"),
            crea_intervento(3, stato_cup=StatoCup.REVOCATO),
        )
        assert [riga["CUP"] for riga in self.scarica()] == [cup(1)]
        pagina = " ".join(self.client.get(reverse("piano-integrato-cup", args=["spugna"])).content.decode().split())
        assert "CMMI-1, Opera 2: manca il CUP." in pagina
        assert f"{cup(3)}, Opera 3: il CUP è revocato." in pagina

    def test_senza_atto_di_assegnazione_la_data_di_efficacia_e_vuota(self) -> None:
        Passaggio.objects.all().delete()
        self.metti(crea_intervento(1))
        (riga,) = self.scarica()
        assert (riga["Data di efficacia del finanziamento"], riga["Atto di finanziamento"]) == ("", "")
