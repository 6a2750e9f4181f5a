"""The outcomes that the portal keeps: when a piano is judged again, what history stays, what presentation freezes."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from enti import ivsm
from enti.services import importa_ivsm, registra_mediana
from interventi.models import Intervento
from interventi.services.modifica import modifica_intervento
from piani_integrati import demo, services
from piani_integrati.models import EsitoRegola, ModificaDaVerificare, StatoVerifica
from piani_integrati.regole import REGOLE, Esito
from piani_integrati.services import verifica
from registro.esecuzione import esegui
from registro.models import Lavoro, StatoLavoro
from tests.piani_integrati.base import completa, crea_intervento, dichiara_tutto
from tests.piani_integrati.regole import RegoleTestCase


class Verifica(RegoleTestCase):
    def setUp(self) -> None:
        super().setUp()
        # Those of the reference data.
        ModificaDaVerificare.objects.all().delete()

    def in_attesa(self) -> set[str]:
        return set(ModificaDaVerificare.objects.values_list("piano__codice", flat=True))

    def assegnato(self, numero: int = 1, **campi: Any) -> Intervento:
        intervento = crea_intervento(numero, **campi)
        services.assegna(piano_id=self.prova.pk, interventi_ids=[intervento.pk], autore=self.coordinatore)
        return intervento

    def modifica(self, intervento: Intervento, **dati: Any) -> None:
        parti = dati.pop("parti", {})
        visto = Intervento.objects.get(pk=intervento.pk).aggiornato
        modifica_intervento(
            intervento_id=intervento.pk, dati=dati, parti=parti, autore=self.coordinatore, visto_alle=visto
        )

    def verifica(self) -> None:
        assert verifica.verifica_piano(piano_id=self.prova.pk)

    def attuali(self) -> dict[str, EsitoRegola]:
        righe = EsitoRegola.objects.filter(piano=self.prova, al__isnull=True, passaggio__isnull=True)
        return {riga.regola: riga for riga in righe}

    def test_ogni_modifica_dei_dati_di_un_piano_lo_segna_da_verificare(self) -> None:
        intervento = self.assegnato(finanziamento_totale=Decimal("1000.00"))
        for parti in (
            {"finanziamenti": [{"fonte": "privato", "importo": Decimal("100.00")}]},
            {"requisiti": {"edificio": True}},
            {"dnsh": {"regime": 2}},
            {"localizzazioni": [{"comune": crea_intervento(2).localizzazioni.get().comune, "indirizzo": "via 1"}]},
        ):
            ModificaDaVerificare.objects.all().delete()
            self.modifica(intervento, parti=parti)
            assert self.in_attesa() == {"PROVA"}, parti
        ModificaDaVerificare.objects.all().delete()
        self.modifica(intervento, titolo="Altro titolo")
        assert self.in_attesa() == {"PROVA"}
        ModificaDaVerificare.objects.all().delete()
        services.correggi(piano_id=self.prova.pk, dati={"inclusione": "Senza barriere."}, autore=self.coordinatore)
        assert self.in_attesa() == {"PROVA"}

    def test_un_intervento_fuori_dai_piani_non_fa_verificare_nulla(self) -> None:
        intervento = crea_intervento(1)
        self.modifica(intervento, titolo="Altro titolo")
        assert self.in_attesa() == set()

    def test_spostare_o_togliere_un_intervento_fa_verificare_tutti_e_due_i_piani(self) -> None:
        intervento = self.assegnato()
        altro = self.bozza("ALTRO")
        ModificaDaVerificare.objects.all().delete()
        services.assegna(piano_id=altro.pk, interventi_ids=[intervento.pk], autore=self.coordinatore)
        assert self.in_attesa() == {"PROVA", "ALTRO"}
        ModificaDaVerificare.objects.all().delete()
        services.togli(interventi_ids=[intervento.pk], autore=self.coordinatore)
        assert self.in_attesa() == {"ALTRO"}

    def test_un_indice_fa_verificare_i_piani_di_quel_comune_e_una_mediana_tutti(self) -> None:
        self.assegnato(comuni=("Rho",))
        altro = self.bozza("ALTRO")
        di_bresso = crea_intervento(2, comuni=("Bresso",))
        services.assegna(piano_id=altro.pk, interventi_ids=[di_bresso.pk], autore=self.coordinatore)
        ModificaDaVerificare.objects.all().delete()
        letta = ivsm.leggi(b"codice_istat;anno;valore;fonte\n015182;2018;99,5;prova\n")
        importa_ivsm(righe=letta.righe, autore=self.coordinatore)
        assert self.in_attesa() == {"PROVA"}
        registra_mediana(
            territorio="215", anno=2018, valore=Decimal("97.10"), luogo="Annuario", autore=self.coordinatore
        )
        assert {"PROVA", "ALTRO", "SPUGNA"} <= self.in_attesa()

    def test_chi_annulla_la_transazione_non_lascia_nulla_da_verificare(self) -> None:
        intervento = self.assegnato()
        ModificaDaVerificare.objects.all().delete()
        with transaction.atomic():
            self.modifica(intervento, titolo="Altro titolo")
            assert self.in_attesa() == {"PROVA"}
            transaction.set_rollback(True)
        assert self.in_attesa() == set()

    def test_verificare_scrive_un_esito_per_regola_e_svuota_l_attesa(self) -> None:
        self.assegnato()
        self.verifica()
        assert set(self.attuali()) == {regola.codice for regola in REGOLE}
        stato = StatoVerifica.objects.get(piano=self.prova)
        assert (stato.versione, stato.giorno, stato.esito) == (1, timezone.localdate(), Esito.NON_DETERMINABILE)
        assert self.in_attesa() == set()

    def test_verificare_di_nuovo_senza_modifiche_non_fa_nulla(self) -> None:
        self.assegnato()
        self.verifica()
        righe = list(EsitoRegola.objects.order_by("pk").values_list())
        assert verifica.verifica_piano(piano_id=self.prova.pk) is False
        assert verifica.verifica_gruppo(piani=[self.prova.pk]) == 0
        assert list(EsitoRegola.objects.order_by("pk").values_list()) == righe
        assert StatoVerifica.objects.get(piano=self.prova).versione == 1

    def test_la_storia_dice_fino_a_quando_era_conforme_e_a_causa_di_chi_non_lo_e_piu(self) -> None:
        intervento = self.assegnato(finanziamento_totale=Decimal("1000.00"))
        self.modifica(intervento, parti={"finanziamenti": [{"fonte": "privato", "importo": Decimal("250.00")}]})
        self.verifica()
        assert self.attuali()["quota_privata"].esito == Esito.CONFORME
        riga = intervento.finanziamenti.get(fonte="privato")
        self.modifica(intervento, parti={"finanziamenti": [{"id": riga.pk, "importo": Decimal("250.01")}]})
        self.verifica()
        prima, dopo = EsitoRegola.objects.filter(piano=self.prova, regola="quota_privata").order_by("pk")
        assert (prima.esito, prima.misura, prima.al) == (Esito.CONFORME, "25.00", dopo.dal)
        assert (dopo.esito, dopo.misura, dopo.al) == (Esito.NON_CONFORME, "25.01", None)
        assert (dopo.evidenza, prima.versione, dopo.versione) == ([intervento.pk], 1, 2)

    def test_un_esito_che_non_cambia_non_fa_storia(self) -> None:
        intervento = self.assegnato()
        self.verifica()
        self.modifica(intervento, titolo="Altro titolo")
        self.verifica()
        assert EsitoRegola.objects.filter(piano=self.prova, regola="cup").count() == 1
        assert StatoVerifica.objects.get(piano=self.prova).versione == 2

    def test_una_chiamata_persa_si_ritrova_quando_e_vecchia(self) -> None:
        self.assegnato()
        assert verifica.sveglia() == []
        passato = timezone.now() - timedelta(seconds=verifica.ATTESA_SECONDI + 1)
        ModificaDaVerificare.objects.update(quando=passato)
        assert verifica.sveglia() == [self.prova.pk]

    def test_presentare_congela_gli_esiti(self) -> None:
        dichiara_tutto(self.prova)
        intervento = self.assegnato()
        completa(intervento)
        passaggio = services.passa(
            piano_id=self.prova.pk,
            passaggio="presenta",
            atto="Decreto 1",
            organo="Sindaco",
            data=date(2025, 3, 1),
            nota="",
            autore=self.coordinatore,
        )
        congelati = list(EsitoRegola.objects.filter(passaggio=passaggio).order_by("pk").values())
        assert {riga["regola"] for riga in congelati} == {regola.codice for regola in REGOLE}
        assert next(riga["esito"] for riga in congelati if riga["regola"] == "cup") == Esito.CONFORME
        self.modifica(intervento, stato_cup="revocato")
        self.verifica()
        assert self.attuali()["cup"].esito == Esito.NON_CONFORME
        assert list(EsitoRegola.objects.filter(passaggio=passaggio).order_by("pk").values()) == congelati

    def test_il_lavoro_verifica_tutti_i_piani_e_due_volte_non_cambia_nulla(self) -> None:
        self.assegnato()
        lavoro = services.chiedi_tutti(autore=self.coordinatore)
        assert services.chiedi_tutti(autore=self.coordinatore).pk == lavoro.pk
        esegui(lavoro.pk)
        lavoro = Lavoro.objects.get(pk=lavoro.pk)
        quanti = StatoVerifica.objects.count()
        assert lavoro.stato == StatoLavoro.RIUSCITO
        assert lavoro.risultato == {"piani": quanti, "esiti cambiati": quanti * len(REGOLE)}
        assert (lavoro.fatti, lavoro.totale) == (quanti, quanti)
        di_nuovo = services.chiedi_tutti(autore=self.coordinatore)
        assert di_nuovo.pk != lavoro.pk
        esegui(di_nuovo.pk)
        assert Lavoro.objects.get(pk=di_nuovo.pk).risultato == {"piani": quanti, "esiti cambiati": 0}

    def test_il_comando_racconta_gli_esiti_di_un_piano(self) -> None:
        self.assegnato(finanziamento_totale=Decimal("50000000.00"))
        uscita = io.StringIO()
        call_command("verifica_piani", piano="prova", stdout=uscita)
        assert "✓ costo_minimo" in uscita.getvalue()
        assert "50.000.000,00\xa0€" in uscita.getvalue()

    def test_la_dimostrazione_nasce_verificata(self) -> None:
        self.assegnato()
        assert demo.giudica() == {"piani verificati": 1}
        assert len(self.attuali()) == len(REGOLE)
        assert demo.giudica() == {"piani verificati": 0}
