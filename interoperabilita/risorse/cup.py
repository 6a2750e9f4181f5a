"""The flat list of CUPs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso
from interoperabilita.formati import valori
from interoperabilita.models.chiavi import Ambito
from interoperabilita.risorse.tipi import NON_NOTO, Campo, Risorsa, Tipo
from interventi.estensioni import AGGIUNTE
from interventi.filters import InterventoFilter
from interventi.models import Intervento
from interventi.scelte import FonteFinanziamento, LineaFinanziamento, NaturaCup, StatoCup
from monitoraggio import fasi
from monitoraggio.models import Avanzamento
from monitoraggio.selectors.situazione import SENZA_DATI, Stato, calcola

CAMPI: tuple[Campo, ...] = (
    Campo("id", Tipo.INTERO, "Identificativo della riga nel portale: non cambia mai.", 1024),
    Campo("cup", Tipo.TESTO, "CUP, 15 caratteri; vuoto finché non è generato.", "B45E22000120006"),
    Campo("clp", Tipo.TESTO, "Codice locale progetto (CLP) di ReGiS.", "PUI-MI-2022-031"),
    Campo(
        "submisura", Tipo.TESTO, "Codice univoco della submisura: con CUP e CLP è la chiave di ReGiS.", "M5C2I2.02.03"
    ),
    Campo("misura", Tipo.TESTO, "Misura del PNRR, quando è nota.", "M5C2I2.02"),
    Campo("piano", Tipo.TESTO, "Codice del piano a cui l'intervento appartiene; vuoto se a nessuno.", "COME IN"),
    Campo("titolo", Tipo.TESTO, "Titolo dell'intervento.", "Riqualificazione della biblioteca comunale"),
    Campo("soggetto_attuatore", Tipo.TESTO, "Denominazione del soggetto attuatore.", "Comune di Bresso"),
    Campo("soggetto_attuatore_cf", Tipo.TESTO, "Codice fiscale del soggetto attuatore.", "00935810159"),
    Campo("soggetto_attuatore_ipa", Tipo.TESTO, "Codice IPA del soggetto attuatore.", "c_b162"),
    Campo("comuni", Tipo.TESTI, "Comuni in cui l'intervento si trova, in ordine alfabetico.", ["Bresso", "Milano"]),
    Campo("comuni_istat", Tipo.TESTI, "Codici ISTAT degli stessi Comuni, nello stesso ordine.", ["015032", "015146"]),
    Campo(
        "zone_omogenee",
        Tipo.INTERI,
        "Numeri delle Zone omogenee in cui si trova; nessuna fuori dalla metropoli.",
        [3, 7],
    ),
    Campo(
        "natura",
        Tipo.SCELTA,
        "Natura del CUP, con il codice del Sistema CUP.",
        "03",
        scelte=(*NaturaCup.values, NON_NOTO),
    ),
    Campo("stato_cup", Tipo.SCELTA, "Stato del CUP.", "attivo", scelte=(*StatoCup.values, NON_NOTO)),
    Campo(
        "linea_finanziamento",
        Tipo.SCELTA,
        "Se paga il PNRR, il bilancio nazionale o entrambi.",
        "pnrr",
        scelte=(*LineaFinanziamento.values, NON_NOTO),
    ),
    Campo("monitorato_regis", Tipo.BOOLEANO, "Se ReGiS lo monitora.", True),
    Campo("finanziamento_totale_eur", Tipo.IMPORTO, "Finanziamento totale, in EUR.", "1250000.00", nullo=True),
    Campo("finanziamento_pubblico_eur", Tipo.IMPORTO, "Finanziamento pubblico, in EUR.", "1250000.00", nullo=True),
    Campo(
        "finanziamenti",
        Tipo.PER_FONTE,
        "Importo di ogni fonte, in EUR; le fonti che non danno nulla non ci sono.",
        {"pnrr": "1000000.00", "comune": "250000.00"},
        scelte=tuple(FonteFinanziamento.values),
    ),
    Campo("pagamenti_regis_eur", Tipo.IMPORTO, "Pagamenti totali secondo ReGiS, in EUR.", "400000.00", nullo=True),
    Campo(
        "impegnato_eur", Tipo.IMPORTO, "Impegnato secondo gli avanzamenti approvati, in EUR.", "900000.00", nullo=True
    ),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato secondo gli avanzamenti approvati, in EUR.", "410000.00", nullo=True),
    Campo("economie_eur", Tipo.IMPORTO, "Economie accertate con un atto, in EUR.", "0.00", nullo=True),
    Campo("fase", Tipo.TESTO, "Codice ReGiS della fase in corso.", "00313"),
    Campo("fase_nome", Tipo.TESTO, "Nome della fase in corso.", "Esecuzione dei lavori"),
    Campo("avanzamento_percento", Tipo.PERCENTO, "Avanzamento fisico, in percento.", 45.5, nullo=True),
    Campo("inizio_lavori", Tipo.DATA, "Inizio effettivo dei lavori.", "2023-10-02", nullo=True),
    Campo("fine_prevista", Tipo.DATA, "Fine secondo il cronoprogramma.", "2026-03-31", nullo=True),
    Campo("fine_stimata", Tipo.DATA, "Fine che si stima oggi.", "2026-04-30", nullo=True),
    Campo("fine_effettiva", Tipo.DATA, "Fine effettiva.", None, nullo=True),
    Campo("revocato_il", Tipo.DATA, "Giorno della revoca, se c'è stata.", None, nullo=True),
    Campo("criticita_aperte", Tipo.INTERO, "Criticità aperte nell'ultimo avanzamento.", 1),
    Campo("criticita_gravi", Tipo.INTERO, "Di cui gravi.", 0),
    Campo("situazione_al", Tipo.DATA, "Giorno di cui parla l'ultimo avanzamento approvato.", "2026-10-31", nullo=True),
    Campo(
        "ultimo_approvato_il",
        Tipo.ISTANTE,
        "Quando è stato approvato l'ultimo avanzamento, correzioni comprese.",
        "2026-11-18T10:12:00.000000Z",
        nullo=True,
    ),
    Campo("dati_regis_al", Tipo.DATA, "Giorno a cui ReGiS è stato letto per la descrizione.", "2025-03-31", nullo=True),
    Campo("driver", Tipo.INTERI, "Numeri dei Driver del Piano strategico a cui l'intervento contribuisce.", [2, 9]),
    Campo("strategie", Tipo.INTERI, "Numeri delle STTM a cui l'intervento contribuisce.", [1]),
    Campo("dimostrativo", Tipo.BOOLEANO, "Se è un dato inventato per la dimostrazione.", False),
    Campo(
        "modificato_il",
        Tipo.ISTANTE,
        "Da quando la riga è questa: con modificati_dal si chiedono quelle cambiate dopo.",
        "2026-11-18T10:12:03.125000Z",
    ),
)


def righe(utente: Utente) -> QuerySet[Intervento]:
    return Intervento.objects.visibili_a(utente)


def situazione(stato: Stato, regis: dict[str, Any]) -> dict[str, Any]:
    """The fields that depend on the day. Until the monitoring says something, what ReGiS says of phase and dates."""
    da_regis = stato.avanzamento_id is None
    return {
        "impegnato_eur": None if da_regis else valori.importo(stato.impegnato),
        "pagato_eur": None if da_regis else valori.importo(stato.pagato),
        "economie_eur": None if stato == SENZA_DATI else valori.importo(stato.economie),
        "fase": regis["fase_codice"] if da_regis else stato.fase,
        "fase_nome": valori.riga(regis["fase_descrizione"] if da_regis else fasi.nome(stato.fase)),
        "avanzamento_percento": valori.percento(stato.percentuale),
        "inizio_lavori": valori.giorno(regis["inizio_effettivo"] if da_regis else stato.inizio_lavori),
        "fine_prevista": valori.giorno(regis["fine_prevista"] if da_regis else stato.fine_prevista),
        "fine_stimata": valori.giorno(stato.fine_stimata),
        "fine_effettiva": valori.giorno(regis["fine_effettiva"] if da_regis else stato.fine_effettiva),
        "revocato_il": valori.giorno(stato.revocata_il),
        "criticita_aperte": stato.criticita_aperte,
        "criticita_gravi": stato.criticita_gravi,
        "situazione_al": valori.giorno(stato.riferita_al),
    }


DA_REGIS = ("fase_codice", "fase_descrizione", "inizio_effettivo", "fine_prevista", "fine_effettiva")


def al(pagina: list[dict[str, Any]], giorno: date, noto_al: datetime) -> None:
    """The same rows as they stood on a day, as known when the list was published."""
    chiavi = [riga["id"] for riga in pagina]
    stati = calcola(interventi=chiavi, al=giorno, noto_al=noto_al)
    in_regis = {riga["pk"]: riga for riga in Intervento.objects.filter(pk__in=chiavi).values("pk", *DA_REGIS)}
    fino_a_quel_giorno = Avanzamento.objects.approvati(noto_al).filter(intervento__in=chiavi, riferito_al__lte=giorno)
    approvati = dict(fino_a_quel_giorno.order_by().values_list("intervento").annotate(ultimo=Max("approvato_il")))
    vuota = dict.fromkeys(DA_REGIS) | {"fase_codice": "", "fase_descrizione": ""}
    for riga in pagina:
        stato = stati.get(riga["id"], SENZA_DATI)
        riga.update(situazione(stato, in_regis.get(riga["id"], vuota)))
        riga["ultimo_approvato_il"] = valori.istante(approvati.get(riga["id"]))


CUP = Risorsa(
    nome="cup",
    titolo=str(_("Elenco dei CUP")),
    descrizione="L'elenco piatto degli interventi con il loro CUP: una riga per CUP, codice locale e submisura.",
    campi=CAMPI,
    ambito=Ambito.CUP,
    permesso=Permesso.LEGGERE_API,
    filtro=InterventoFilter,
    righe=righe,
    ordini=(
        "id",
        "cup",
        "titolo",
        "piano",
        "finanziamento_totale_eur",
        "pagato_eur",
        "avanzamento_percento",
        "fine_prevista",
    ),
    # Words are looked for in the CIGs too, and the state of the monitoring depends on the day.
    filtri_vivi=frozenset({"q", "monitoraggio"}),
    altri_filtri=lambda: {nome: filtro for aggiunta in AGGIUNTE for nome, filtro in aggiunta.filtri.items()},
    al=al,
    chiave=("cup", "clp", "submisura"),
    nome_schema="CupFinanziato",
)
