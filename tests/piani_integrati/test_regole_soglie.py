"""Every rule of the catalogue, on both sides of its threshold, with data missing, and where it does not apply."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from interventi.models import Intervento
from interventi.scelte import GiudizioDnsh, LivelloProgettuale, ObiettivoDnsh, StatoCup
from piani_integrati import regole
from piani_integrati.documento import documento
from piani_integrati.models import Deroga, PianoIntegrato, TipoPiano
from piani_integrati.regole import REGOLE, Contesto, Esito, Livello
from tests.piani_integrati.regole import OGGI, RegoleTestCase, indice, mediana

DNSH_COMPLETO: dict[str, Any] = {
    "regime": 2,
    **dict.fromkeys(ObiettivoDnsh.values, GiudizioDnsh.POSITIVO),
    "checklist_ex_ante": date(2025, 1, 1),
    "evidenza_ex_ante": "prot. 1",
}
EX_POST = {"checklist_ex_post": date(2026, 5, 1), "evidenza_ex_post": "prot. 2"}
SUPERFICI = {"verde_prima": Decimal("10.00"), "verde_dopo": Decimal("10.00")}


class CostoMinimo(RegoleTestCase):
    def test_un_centesimo_sotto_i_cinquanta_milioni_non_e_conforme(self) -> None:
        self.nel_piano(1, finanziamento_totale="49999999.98")
        self.nel_piano(2, finanziamento_totale="0.01")
        giudizio = self.giudizio("costo_minimo")
        assert (giudizio.esito, giudizio.misura) == (Esito.NON_CONFORME, Decimal("49999999.99"))
        assert (giudizio.soglia, giudizio.distanza) == (Decimal("50000000.00"), Decimal("-0.01"))

    def test_cinquanta_milioni_esatti_bastano(self) -> None:
        self.nel_piano(1, finanziamento_totale="49999999.99")
        self.nel_piano(2, finanziamento_totale="0.01")
        giudizio = self.giudizio("costo_minimo")
        assert (giudizio.esito, giudizio.distanza) == (Esito.CONFORME, Decimal("0.00"))

    def test_somme_che_i_numeri_in_virgola_mobile_sbagliano_sono_esatte(self) -> None:
        self.nel_piano(1, finanziamento_totale="49999999.70")
        for numero in range(2, 5):
            self.nel_piano(numero, finanziamento_totale="0.10")
        assert self.giudizio("costo_minimo").misura == Decimal("50000000.00")
        assert self.esito("costo_minimo") == Esito.CONFORME

    def test_sotto_la_soglia_un_importo_ignoto_non_fa_dire_nulla(self) -> None:
        self.nel_piano(1, finanziamento_totale="49999999.99")
        self.nel_piano(2)
        giudizio = self.giudizio("costo_minimo")
        assert (giudizio.esito, giudizio.non_determinabili) == (Esito.NON_DETERMINABILE, 1)

    def test_raggiunta_la_soglia_un_importo_ignoto_non_cambia_l_esito(self) -> None:
        self.nel_piano(1, finanziamento_totale="50000000.00")
        self.nel_piano(2)
        assert self.esito("costo_minimo") == Esito.CONFORME

    def test_prima_del_decreto_la_regola_non_c_era(self) -> None:
        self.nel_piano(1, finanziamento_totale="1.00")
        assert self.esito("costo_minimo", date(2021, 11, 6)) == Esito.NON_APPLICABILE
        assert self.esito("costo_minimo", date(2021, 11, 7)) == Esito.NON_CONFORME


class QuotaPrivata(RegoleTestCase):
    def test_il_venticinque_per_cento_esatto_e_conforme(self) -> None:
        self.nel_piano(1, finanziamento_totale="1000000.04", privato="250000.01")
        giudizio = self.giudizio("quota_privata")
        assert (giudizio.esito, giudizio.misura) == (Esito.CONFORME, Decimal("25.00"))

    def test_un_centesimo_oltre_non_e_conforme_e_si_vede(self) -> None:
        intervento = self.nel_piano(1, finanziamento_totale="1000000.04", privato="250000.02")
        giudizio = self.giudizio("quota_privata")
        assert (giudizio.esito, giudizio.misura) == (Esito.NON_CONFORME, Decimal("25.01"))
        assert (giudizio.distanza, giudizio.evidenza) == (Decimal("0.01"), (intervento.pk,))

    def test_venticinque_e_un_centesimo_di_punto_non_e_conforme(self) -> None:
        self.nel_piano(1, finanziamento_totale="10000.00", privato="2501.00")
        assert self.esito("quota_privata") == Esito.NON_CONFORME

    def test_importi_che_in_virgola_mobile_sbaglierebbero(self) -> None:
        """As binary floats 0.1 + 0.2 is more than 0.3; in cents the share is exactly a quarter."""
        self.nel_piano(1, finanziamento_totale="1.20", privato="0.30")
        assert self.esito("quota_privata") == Esito.CONFORME

    def test_importi_enormi_restano_esatti(self) -> None:
        self.nel_piano(1, finanziamento_totale="99999999999.96", privato="24999999999.99")
        assert self.esito("quota_privata") == Esito.CONFORME
        self.nel_piano(2, finanziamento_totale="99999999999.96", privato="25000000000.00")
        assert self.esito("quota_privata") == Esito.NON_CONFORME

    def test_senza_la_quota_dei_privati_non_si_puo_dire(self) -> None:
        self.nel_piano(1, finanziamento_totale="1000.00", pnrr="999.99")
        assert self.esito("quota_privata") == Esito.NON_DETERMINABILE

    def test_le_fonti_pubbliche_che_coprono_tutto_non_lasciano_nulla_ai_privati(self) -> None:
        self.nel_piano(1, finanziamento_totale="1000.00", pnrr="1000.00")
        giudizio = self.giudizio("quota_privata")
        assert (giudizio.esito, giudizio.misura) == (Esito.CONFORME, Decimal("0.00"))

    def test_il_finanziamento_pubblico_dichiarato_pari_al_totale_basta(self) -> None:
        self.nel_piano(1, finanziamento_totale="1000.00", finanziamento_pubblico=Decimal("1000.00"))
        assert self.esito("quota_privata") == Esito.CONFORME

    def test_di_un_costo_nullo_non_c_e_quota(self) -> None:
        self.nel_piano(1, finanziamento_totale="0.00", privato="0.00")
        assert self.esito("quota_privata") == Esito.NON_DETERMINABILE

    def test_privati_su_un_costo_nullo_non_sono_conformi(self) -> None:
        self.nel_piano(1, finanziamento_totale="0.00", privato="0.01")
        assert self.esito("quota_privata") == Esito.NON_CONFORME


class ClassiEnergetiche(RegoleTestCase):
    def con_classi(self, prima: str, dopo: str, *, edificio: bool | None = True) -> Esito:
        self.prova.voci.all().delete()
        requisiti = {"edificio": edificio, "classe_prima": prima, "classe_dopo": dopo}
        self.nel_piano(Intervento.objects.count() + 1, requisiti=requisiti)
        return self.esito("classi_energetiche")

    def test_una_classe_non_basta(self) -> None:
        assert self.con_classi("G", "F") == Esito.NON_CONFORME
        assert self.giudizio("classi_energetiche").misura == Decimal(1)

    def test_due_classi_bastano(self) -> None:
        assert self.con_classi("G", "E") == Esito.CONFORME

    def test_la_a_dei_vecchi_certificati_vale_a1(self) -> None:
        assert self.con_classi("A", "A4") == Esito.CONFORME
        assert self.giudizio("classi_energetiche").misura == Decimal(3)

    def test_dalla_vecchia_a_alla_a1_non_si_guadagna_nulla(self) -> None:
        assert self.con_classi("A", "A1") == Esito.NON_CONFORME

    def test_dalla_b_alla_a1_e_una_classe_alla_a2_sono_due(self) -> None:
        assert self.con_classi("B", "A1") == Esito.NON_CONFORME
        assert self.con_classi("B", "A2") == Esito.CONFORME

    def test_una_classe_peggiore_non_e_conforme(self) -> None:
        assert self.con_classi("C", "D") == Esito.NON_CONFORME

    def test_la_scala_va_dalla_g_alla_a4(self) -> None:
        assert self.con_classi("G", "A4") == Esito.CONFORME
        assert self.giudizio("classi_energetiche").misura == Decimal(9)

    def test_senza_una_delle_due_classi_non_si_puo_dire(self) -> None:
        assert self.con_classi("G", "") == Esito.NON_DETERMINABILE
        assert self.con_classi("", "A4") == Esito.NON_DETERMINABILE

    def test_cio_che_non_e_un_edificio_non_c_entra(self) -> None:
        assert self.con_classi("G", "G", edificio=False) == Esito.NON_APPLICABILE

    def test_se_non_si_sa_se_e_un_edificio_non_si_puo_dire(self) -> None:
        assert self.con_classi("G", "E", edificio=None) == Esito.NON_DETERMINABILE


class Dnsh(RegoleTestCase):
    def test_sei_giudizi_positivi_con_la_check_list_sono_conformi(self) -> None:
        self.nel_piano(1, dnsh=DNSH_COMPLETO)
        assert self.esito("dnsh") == Esito.CONFORME

    def test_un_obiettivo_senza_giudizio_non_fa_dire_nulla(self) -> None:
        for numero, obiettivo in enumerate(ObiettivoDnsh.values):
            self.prova.voci.all().delete()
            self.nel_piano(numero, dnsh={**DNSH_COMPLETO, obiettivo: ""})
            assert self.esito("dnsh") == Esito.NON_DETERMINABILE, obiettivo

    def test_un_giudizio_negativo_basta_anche_se_altri_mancano(self) -> None:
        self.nel_piano(1, dnsh={"acque": GiudizioDnsh.NEGATIVO})
        giudizio = self.giudizio("dnsh")
        assert (giudizio.esito, giudizio.misura) == (Esito.NON_CONFORME, Decimal(1))

    def test_senza_regime_o_check_list_o_evidenza_non_si_puo_dire(self) -> None:
        for numero, campo in enumerate(("regime", "checklist_ex_ante", "evidenza_ex_ante")):
            self.prova.voci.all().delete()
            self.nel_piano(numero, dnsh={**DNSH_COMPLETO, campo: "" if campo.startswith("ev") else None})
            assert self.esito("dnsh") == Esito.NON_DETERMINABILE, campo

    def test_la_check_list_ex_post_serve_dal_giorno_in_cui_i_lavori_sono_finiti(self) -> None:
        self.nel_piano(1, dnsh=DNSH_COMPLETO, fine_effettiva=OGGI)
        assert self.esito("dnsh", date(2026, 6, 29)) == Esito.CONFORME
        assert self.esito("dnsh", OGGI) == Esito.NON_DETERMINABILE

    def test_con_la_check_list_ex_post_i_lavori_finiti_sono_conformi(self) -> None:
        self.nel_piano(1, dnsh={**DNSH_COMPLETO, **EX_POST}, fine_effettiva=OGGI)
        assert self.esito("dnsh") == Esito.CONFORME

    def test_senza_valutazione_non_si_puo_dire(self) -> None:
        self.nel_piano(1)
        assert self.esito("dnsh") == Esito.NON_DETERMINABILE

    def test_vale_anche_per_un_programma(self) -> None:
        PianoIntegrato.objects.filter(pk=self.prova.pk).update(tipo=TipoPiano.PROGRAMMA)
        self.nel_piano(1, dnsh=DNSH_COMPLETO)
        assert self.esito("dnsh") == Esito.CONFORME
        assert self.esito("costo_minimo") == Esito.NON_APPLICABILE


class LivelloDelProgetto(RegoleTestCase):
    def test_dalla_progettazione_preliminare_in_su(self) -> None:
        attesi = {
            LivelloProgettuale.STUDIO: Esito.NON_CONFORME,
            LivelloProgettuale.DOCFAP: Esito.NON_CONFORME,
            LivelloProgettuale.PRELIMINARE: Esito.CONFORME,
            LivelloProgettuale.PFTE: Esito.CONFORME,
            LivelloProgettuale.ESECUTIVO: Esito.CONFORME,
            None: Esito.NON_DETERMINABILE,
        }
        for numero, (livello, atteso) in enumerate(attesi.items()):
            self.prova.voci.all().delete()
            self.nel_piano(numero, livello_progettuale=livello)
            assert self.esito("livello_progettuale") == atteso, livello


class AreaTarget(RegoleTestCase):
    def test_deve_essere_piu_di_zero(self) -> None:
        for numero, (metri, atteso) in enumerate(
            (("0.00", Esito.NON_CONFORME), ("0.01", Esito.CONFORME), (None, Esito.NON_DETERMINABILE))
        ):
            self.prova.voci.all().delete()
            self.nel_piano(numero, requisiti={"mq_beneficiari": None if metri is None else Decimal(metri)})
            assert self.esito("area_target") == atteso, metri


class VerdeEdificato(RegoleTestCase):
    def con_suolo(self, numero: int, prima: str, dopo: str, **altre: Any) -> None:
        self.nel_piano(
            numero,
            requisiti={"edificato_prima": Decimal(prima), "edificato_dopo": Decimal(dopo), **SUPERFICI, **altre},
        )

    def test_il_suolo_edificato_del_piano_non_cresce(self) -> None:
        self.con_suolo(1, "100.00", "150.00")
        self.con_suolo(2, "100.00", "50.00")
        assert (self.esito("verde_edificato"), self.giudizio("verde_edificato").misura) == (
            Esito.CONFORME,
            Decimal("0.00"),
        )

    def test_un_centesimo_di_metro_in_piu_non_e_conforme_e_si_sa_di_chi(self) -> None:
        self.con_suolo(1, "100.00", "50.00")
        self.con_suolo(2, "100.00", "150.01")
        giudizio = self.giudizio("verde_edificato")
        responsabile = self.prova.voci.get(intervento__titolo="Opera 2").intervento_id
        assert (giudizio.esito, giudizio.misura) == (Esito.NON_CONFORME, Decimal("0.01"))
        assert giudizio.evidenza == (responsabile,)

    def test_se_manca_una_superficie_non_si_puo_dire(self) -> None:
        self.con_suolo(1, "100.00", "50.00")
        self.con_suolo(2, "100.00", "50.00", verde_dopo=None)
        assert self.esito("verde_edificato") == Esito.NON_DETERMINABILE


class DelPiano(RegoleTestCase):
    def scrivi(self, **campi: Any) -> None:
        PianoIntegrato.objects.filter(pk=self.prova.pk).update(**campi)

    def test_l_inclusione_va_descritta(self) -> None:
        assert self.esito("inclusione") == Esito.NON_DETERMINABILE
        self.scrivi(inclusione="Senza barriere.")
        assert self.esito("inclusione") == Esito.CONFORME

    def test_centoventi_giorni_dal_decreto_bastano_centoventuno_no(self) -> None:
        self.scrivi(decreto_in_vigore=date(2026, 1, 1), presentato_il=date(2026, 5, 1))
        assert (self.esito("termine"), self.giudizio("termine").misura) == (Esito.CONFORME, Decimal(120))
        self.scrivi(presentato_il=date(2026, 5, 2))
        assert (self.esito("termine"), self.giudizio("termine").distanza) == (Esito.NON_CONFORME, Decimal(1))

    def test_non_presentata_si_sa_solo_dopo_il_termine(self) -> None:
        self.scrivi(decreto_in_vigore=date(2026, 1, 1))
        assert self.esito("termine", date(2026, 5, 1)) == Esito.NON_DETERMINABILE
        assert self.esito("termine", date(2026, 5, 2)) == Esito.NON_CONFORME

    def test_senza_il_giorno_del_decreto_non_si_puo_dire(self) -> None:
        self.scrivi(presentato_il=date(2026, 5, 1))
        assert self.esito("termine") == Esito.NON_DETERMINABILE

    def test_le_start_up_si_trovano_nel_piano_o_in_un_intervento(self) -> None:
        assert self.esito("startup") == Esito.NON_DETERMINABILE
        self.nel_piano(1, requisiti={"startup": False})
        assert self.esito("startup") == Esito.NON_CONFORME
        self.nel_piano(2)
        assert self.esito("startup") == Esito.NON_DETERMINABILE
        self.nel_piano(3, requisiti={"startup": True})
        assert self.esito("startup") == Esito.CONFORME

    def test_le_start_up_descritte_nel_piano_bastano(self) -> None:
        self.scrivi(startup="Uno sportello.")
        assert self.esito("startup") == Esito.CONFORME

    def test_la_coprogettazione_si_trova_nel_piano_o_in_un_intervento(self) -> None:
        self.nel_piano(1, requisiti={"terzo_settore": False})
        assert self.esito("terzo_settore") == Esito.NON_CONFORME
        self.scrivi(coprogettazione="Con le cooperative.")
        assert self.esito("terzo_settore") == Esito.CONFORME

    def test_i_privati_partecipano_se_danno_un_centesimo(self) -> None:
        self.nel_piano(1, finanziamento_totale="10.00", privato="0.00")
        assert self.esito("privati") == Esito.NON_CONFORME
        self.nel_piano(2, finanziamento_totale="10.00", privato="0.01")
        assert self.esito("privati") == Esito.CONFORME

    def test_le_facoltative_non_pesano_sull_esito_del_piano(self) -> None:
        giudizi = regole.valuta(self.prova, Contesto.al_giorno(OGGI))
        facoltative = {giudizio.regola.codice for giudizio in giudizi if not giudizio.regola.obbligatoria}
        assert facoltative == {"startup", "terzo_settore", "privati"}
        conformi = [g for g in giudizi if g.esito == Esito.CONFORME or not g.regola.obbligatoria]
        assert regole.complessivo(conformi) == Esito.NON_APPLICABILE


class Ivsm(RegoleTestCase):
    def test_novantanove_e_un_centesimo_supera_la_soglia_novantanove_no(self) -> None:
        mediana("99.50")
        self.nel_piano(1, comuni=("Rho",))
        for anno, valore, atteso in ((2017, "99.00", Esito.NON_CONFORME), (2018, "99.01", Esito.CONFORME)):
            indice("Rho", valore, anno)
            assert self.esito("ivsm") == atteso, valore
        assert self.giudizio("ivsm").soglia == Decimal(99)

    def test_sopra_la_sola_mediana_basta(self) -> None:
        mediana("97.10")
        self.nel_piano(1, comuni=("Rho",))
        for anno, valore, atteso in ((2017, "97.10", Esito.NON_CONFORME), (2018, "97.11", Esito.CONFORME)):
            indice("Rho", valore, anno)
            assert self.esito("ivsm") == atteso, valore
        assert self.giudizio("ivsm").distanza == Decimal("0.01")

    def test_senza_mediana_sotto_novantanove_non_si_puo_dire(self) -> None:
        indice("Rho", "98.99")
        self.nel_piano(1, comuni=("Rho",))
        assert self.esito("ivsm") == Esito.NON_DETERMINABILE

    def test_senza_mediana_oltre_novantanove_e_conforme(self) -> None:
        indice("Rho", "99.01")
        self.nel_piano(1, comuni=("Rho",))
        assert self.esito("ivsm") == Esito.CONFORME

    def test_tutti_i_comuni_dell_intervento_devono_superarla(self) -> None:
        mediana("97.10")
        indice("Rho", "100.00")
        indice("Bresso", "97.00")
        self.nel_piano(1, comuni=("Rho", "Bresso"))
        giudizio = self.giudizio("ivsm")
        assert (giudizio.esito, giudizio.misura) == (Esito.NON_CONFORME, Decimal("97.00"))

    def test_un_comune_senza_indice_non_fa_dire_nulla(self) -> None:
        mediana("97.10")
        indice("Rho", "100.00")
        self.nel_piano(1, comuni=("Rho", "Bresso"))
        assert self.esito("ivsm") == Esito.NON_DETERMINABILE

    def test_senza_comune_non_si_puo_dire(self) -> None:
        mediana("97.10")
        self.nel_piano(1, comuni=())
        assert self.esito("ivsm") == Esito.NON_DETERMINABILE

    def test_valgono_indice_e_mediana_dell_ultimo_anno_noto_a_quel_giorno(self) -> None:
        mediana("97.10", 2018)
        mediana("95.00", 2025)
        indice("Rho", "98.00", 2018)
        indice("Rho", "94.00", 2026)
        self.nel_piano(1, comuni=("Rho",))
        assert self.esito("ivsm", date(2024, 12, 31)) == Esito.CONFORME
        assert self.giudizio("ivsm", date(2024, 12, 31)).soglia == Decimal("97.10")
        assert self.esito("ivsm", date(2025, 12, 31)) == Esito.CONFORME
        assert self.giudizio("ivsm", date(2025, 1, 1)).soglia == Decimal(95)
        assert self.esito("ivsm", date(2026, 1, 1)) == Esito.NON_CONFORME


class Cup(RegoleTestCase):
    def test_solo_attivo_o_chiuso(self) -> None:
        attesi = {
            StatoCup.ATTIVO: Esito.CONFORME,
            StatoCup.CHIUSO: Esito.CONFORME,
            StatoCup.PROVVISORIO: Esito.NON_CONFORME,
            StatoCup.REVOCATO: Esito.NON_CONFORME,
            StatoCup.CANCELLATO: Esito.NON_CONFORME,
            "": Esito.NON_DETERMINABILE,
        }
        for numero, (stato, atteso) in enumerate(attesi.items()):
            self.prova.voci.all().delete()
            self.nel_piano(numero, stato_cup=stato)
            assert self.esito("cup") == atteso, stato

    def test_senza_cup_non_si_puo_dire(self) -> None:
        self.nel_piano(1, cup="", clp="LOCALE", stato_cup=StatoCup.ATTIVO)
        assert self.esito("cup") == Esito.NON_DETERMINABILE


class Insieme(RegoleTestCase):
    def test_senza_alcun_dato_nessuna_regola_risulta_conforme(self) -> None:
        assert self.prova.voci.count() == 0
        self.controlla_ignoto()
        self.nel_piano(1, cup="", clp="LOCALE", comuni=())
        self.controlla_ignoto()

    def controlla_ignoto(self) -> None:
        giudizi = regole.valuta(self.prova, Contesto.al_giorno(OGGI))
        assert {giudizio.esito for giudizio in giudizi} == {Esito.NON_DETERMINABILE}
        assert regole.complessivo(giudizi) == Esito.NON_DETERMINABILE

    def test_una_deroga_non_cambia_l_esito(self) -> None:
        intervento = self.nel_piano(1, stato_cup=StatoCup.REVOCATO)
        prima = regole.valuta(self.prova, Contesto.al_giorno(OGGI))
        Deroga.objects.create(
            piano=self.prova, regola="cup", intervento=intervento, atto="DM 1", data=OGGI, motivo="Sostituito."
        )
        assert regole.valuta(self.prova, Contesto.al_giorno(OGGI)) == prima
        assert self.esito("cup") == Esito.NON_CONFORME

    def test_un_solo_intervento_che_non_va_fa_non_conforme_il_piano(self) -> None:
        self.nel_piano(1, stato_cup=StatoCup.ATTIVO)
        self.nel_piano(2)
        assert self.esito("cup") == Esito.NON_DETERMINABILE
        guasto = self.nel_piano(3, stato_cup=StatoCup.REVOCATO)
        giudizio = self.giudizio("cup")
        assert (giudizio.esito, giudizio.evidenza) == (Esito.NON_CONFORME, (guasto.pk,))
        assert (giudizio.conformi, giudizio.non_conformi, giudizio.non_determinabili) == (1, 1, 1)

    def test_ogni_regola_dice_norma_spiegazione_rimedio_e_da_quando_vale(self) -> None:
        assert len({regola.codice for regola in REGOLE}) == len(REGOLE) == 14
        for regola in REGOLE:
            assert all(
                str(testo).strip() for testo in (regola.titolo, regola.spiegazione, regola.rimedio, regola.fonte)
            )
            giorni = [soglia.dal for soglia in regola.soglia.valori]
            assert giorni == sorted(set(giorni))
            assert (regola.misura is not None) or (regola.livello is Livello.PIANO and regola.del_piano is not None)


class RegolaNuova(RegoleTestCase):
    def test_una_regola_in_piu_e_un_valore_e_basta(self) -> None:
        """The example of `docs/regole.md`, word for word."""
        esempio = documento().split("```python")[1].split("```")[0]
        nomi: dict[str, Any] = {}
        exec(compile(PREMESSA + esempio, "docs/regole.md", "exec"), nomi)  # noqa: S102 our own document
        regola = nomi["INDIRIZZO"]
        senza = self.nel_piano(1)
        dopo, prima = Contesto.al_giorno(date(2027, 1, 1)), Contesto.al_giorno(date(2026, 12, 31))
        assert self.con(regola, dopo) == (Esito.NON_CONFORME, (senza.pk,))
        assert self.con(regola, prima) == (Esito.NON_APPLICABILE, ())
        senza.localizzazioni.update(indirizzo="via Roma 1")
        assert self.con(regola, dopo) == (Esito.CONFORME, ())
        senza.localizzazioni.all().delete()
        assert self.con(regola, dopo) == (Esito.NON_DETERMINABILE, ())

    def con(self, regola: regole.Regola, contesto: Contesto) -> tuple[Esito, tuple[int, ...]]:
        (giudizio,) = regole.valuta_molti([self.prova.pk], contesto, [regola])[self.prova.pk]
        return giudizio.esito, giudizio.evidenza


PREMESSA = """
from datetime import date
from decimal import Decimal
from django.db.models import Func, IntegerField, OuterRef, Subquery, Value
from django.utils.translation import gettext_lazy as _
from interventi.models import Localizzazione
from piani_integrati.completezza import DATI_INTERVENTO
from piani_integrati.regole.tipi import Confronto, Livello, Regola, Soglia, SogliaDatata, Unita
"""
