"""The approved avanzamenti of an intervento, every version of every month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso
from interoperabilita.filtri import AvanzamentiFilter
from interoperabilita.models.chiavi import Ambito
from interoperabilita.risorse.tipi import Campo, Risorsa, Tipo
from interventi.scelte import VoceDiSpesa
from monitoraggio.models import Avanzamento
from monitoraggio.scelte import GravitaCriticita, TipoCriticita, TipoImpegno, TipoPagamento

_SOLO_ENTI = "C'è solo con un codice fiscale di 11 cifre, che è di un ente o di un'impresa: mai di una persona."

FASI: tuple[Campo, ...] = (
    Campo("fase", Tipo.TESTO, "Codice ReGiS della fase.", "00313"),
    Campo("nome", Tipo.TESTO, "Nome della fase.", "Esecuzione dei lavori"),
    Campo("inizio_previsto", Tipo.DATA, "Inizio secondo il cronoprogramma.", "2024-03-01", nullo=True),
    Campo("inizio_stimato", Tipo.DATA, "Inizio che si stimava.", None, nullo=True),
    Campo("inizio_effettivo", Tipo.DATA, "Inizio effettivo.", "2024-03-04", nullo=True),
    Campo("fine_prevista", Tipo.DATA, "Fine secondo il cronoprogramma.", "2026-03-31", nullo=True),
    Campo("fine_stimata", Tipo.DATA, "Fine che si stimava.", "2026-04-30", nullo=True),
    Campo("fine_effettiva", Tipo.DATA, "Fine effettiva.", None, nullo=True),
)
INDICATORI: tuple[Campo, ...] = (
    Campo("codice", Tipo.TESTO, "Codice dell'indicatore.", "T0146"),
    Campo("descrizione", Tipo.TESTO, "Che cosa misura.", "Interventi completati"),
    Campo("unita", Tipo.TESTO, "Unità di misura.", "numero"),
    Campo("programmato", Tipo.NUMERO, "Quanto si prevede di realizzare.", 1.0, nullo=True),
    Campo("realizzato", Tipo.NUMERO, "Quanto è realizzato.", 0.0, nullo=True),
)
SAL: tuple[Campo, ...] = (
    Campo("numero", Tipo.TESTO, "Numero dello stato di avanzamento lavori.", "3"),
    Campo("data", Tipo.DATA, "Data.", "2026-10-15"),
    Campo("importo_eur", Tipo.IMPORTO, "Lavori eseguiti finora, in EUR.", "125000.00"),
    Campo("percentuale", Tipo.PERCENTO, "Lavori eseguiti, in percento.", 12.5, nullo=True),
    Campo("documento", Tipo.INTERO, "Identificativo del documento, in «documenti».", 88, nullo=True),
)
IMPEGNI: tuple[Campo, ...] = (
    Campo("tipo", Tipo.SCELTA, "I impegno, D disimpegno.", "I", scelte=TipoImpegno.values),
    Campo("codice", Tipo.TESTO, "Numero dell'impegno.", "1234/2026"),
    Campo("data", Tipo.DATA, "Data.", "2026-10-02"),
    Campo("importo_eur", Tipo.IMPORTO, "Importo, in EUR.", "125000.00"),
    Campo("beneficiario", Tipo.TESTO, f"Beneficiario. {_SOLO_ENTI}", "Edilizia Lombarda S.r.l."),
    Campo("beneficiario_cf", Tipo.TESTO, "Codice fiscale o partita IVA, se di 11 cifre.", "01234567890"),
    Campo("cig", Tipo.TESTO, "CIG.", "A000000001"),
    Campo("note", Tipo.TESTO, "Annotazione.", ""),
    Campo("documento", Tipo.INTERO, "Identificativo del documento, in «documenti».", None, nullo=True),
)
PAGAMENTI: tuple[Campo, ...] = (
    Campo("tipo", Tipo.SCELTA, "P pagamento, R recupero.", "P", scelte=TipoPagamento.values),
    Campo("codice", Tipo.TESTO, "Numero del mandato.", "987"),
    Campo("data", Tipo.DATA, "Data.", "2026-10-15"),
    Campo("importo_eur", Tipo.IMPORTO, "Importo, in EUR.", "125000.00"),
    Campo("percettore", Tipo.TESTO, f"Percettore. {_SOLO_ENTI}", "Edilizia Lombarda S.r.l."),
    Campo("percettore_cf", Tipo.TESTO, "Codice fiscale o partita IVA, se di 11 cifre.", "01234567890"),
    Campo("importo_percettore_eur", Tipo.IMPORTO, "Di cui al percettore, in EUR, se diverso.", None, nullo=True),
    Campo("impegno", Tipo.TESTO, "Numero dell'impegno.", "1234/2026"),
    Campo("cig", Tipo.TESTO, "CIG.", "A000000001"),
    Campo("causale", Tipo.TESTO, "Causale.", "SAL n. 3"),
    Campo("documento", Tipo.INTERO, "Identificativo del giustificativo, in «documenti».", 88, nullo=True),
)
QUADRO: tuple[Campo, ...] = (
    Campo("voce", Tipo.SCELTA, "Voce.", "lavori", scelte=VoceDiSpesa.values),
    Campo("importo_eur", Tipo.IMPORTO, "Importo, in EUR.", "1000000.00"),
)
COSTI: tuple[Campo, ...] = (
    Campo("anno", Tipo.INTERO, "Anno.", 2026),
    Campo("realizzato_eur", Tipo.IMPORTO, "Realizzato, in EUR.", "125000.00", nullo=True),
    Campo("da_realizzare_eur", Tipo.IMPORTO, "Da realizzare, in EUR.", "875000.00", nullo=True),
)
CRITICITA: tuple[Campo, ...] = (
    Campo("tipo", Tipo.SCELTA, "Di che genere.", "cantiere", scelte=TipoCriticita.values),
    Campo("gravita", Tipo.SCELTA, "Gravità.", "media", scelte=GravitaCriticita.values),
    Campo("descrizione", Tipo.TESTO, "Che cosa succede.", "Consegna dei materiali in ritardo"),
    Campo("azione", Tipo.TESTO, "Che cosa si fa.", "Sollecitato il fornitore"),
    Campo("scadenza", Tipo.DATA, "Entro quando.", "2026-11-30", nullo=True),
    Campo("seguito", Tipo.TESTO, "Novità del mese.", ""),
    Campo("chiusa_il", Tipo.DATA, "Quando è stata chiusa.", None, nullo=True),
)
TRAGUARDI: tuple[Campo, ...] = (
    Campo("traguardo", Tipo.INTERO, "Identificativo del traguardo.", 12),
    Campo("codice", Tipo.TESTO, "Codice del traguardo.", "M5C2-14"),
    Campo("previsione", Tipo.DATA, "Previsto per il.", "2026-06-30", nullo=True),
    Campo("conseguito_il", Tipo.DATA, "Conseguito il.", None, nullo=True),
    Campo("valore", Tipo.NUMERO, "Valore raggiunto.", 1.0, nullo=True),
    Campo("evidenza", Tipo.TESTO, "Che cosa lo prova.", "Certificato di ultimazione dei lavori"),
)
DOCUMENTI: tuple[Campo, ...] = (
    Campo("id", Tipo.INTERO, "Identificativo del documento.", 88),
    Campo("tipo", Tipo.TESTO, "Genere.", "mandato"),
    Campo("titolo", Tipo.TESTO, "Titolo; manca se è di un pagamento a una persona.", "Mandato 987"),
    Campo("sha256", Tipo.TESTO, "SHA-256 del file, com'era all'approvazione.", "9f86d081884c7d659a2feaa0c55ad015"),
)
SPIEGAZIONI: tuple[Campo, ...] = (
    Campo("avviso", Tipo.TESTO, "Nome dell'avviso che si spiega.", "giustificativo_a1f0"),
    Campo("testo", Tipo.TESTO, "Spiegazione.", "Il mandato è arrivato in ritardo dalla tesoreria."),
)
CAMPI: tuple[Campo, ...] = (
    Campo("id", Tipo.INTERO, "Identificativo di questa versione: non cambia mai.", 5012),
    Campo("intervento", Tipo.INTERO, "Identificativo dell'intervento.", 1024),
    Campo("cup", Tipo.TESTO, "CUP.", "B45E22000120006"),
    Campo("mese", Tipo.TESTO, "Mese di cui si parla.", "2026-10"),
    Campo("riferito_al", Tipo.DATA, "Ultimo giorno del mese.", "2026-10-31"),
    Campo("versione", Tipo.INTERO, "1, o di più se è una correzione.", 1),
    Campo("superato", Tipo.BOOLEANO, "Se dello stesso mese è stata approvata una versione dopo questa.", False),
    Campo("motivo_correzione", Tipo.TESTO, "Perché si è corretto.", ""),
    Campo("inviato_il", Tipo.ISTANTE, "Quando è stato inviato.", "2026-11-05T08:30:00.000000Z", nullo=True),
    Campo("approvato_il", Tipo.ISTANTE, "Quando è stato approvato.", "2026-11-18T10:12:00.000000Z"),
    Campo("avanzamento_percento", Tipo.PERCENTO, "Avanzamento fisico, in percento.", 45.5, nullo=True),
    Campo("fase", Tipo.TESTO, "Codice ReGiS della fase in corso.", "00313"),
    Campo("fase_nome", Tipo.TESTO, "Nome della fase in corso.", "Esecuzione dei lavori"),
    Campo("inizio_lavori", Tipo.DATA, "Inizio effettivo dei lavori.", "2024-03-04", nullo=True),
    Campo("fine_prevista", Tipo.DATA, "Fine secondo il cronoprogramma.", "2026-03-31", nullo=True),
    Campo("fine_stimata", Tipo.DATA, "Fine che si stimava.", "2026-04-30", nullo=True),
    Campo("fine_effettiva", Tipo.DATA, "Fine effettiva.", None, nullo=True),
    Campo("impegnato_eur", Tipo.IMPORTO, "Impegnato nel mese, al netto dei disimpegni, in EUR.", "125000.00"),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato nel mese, al netto dei recuperi, in EUR.", "125000.00"),
    Campo("criticita_aperte", Tipo.INTERO, "Criticità aperte.", 1),
    Campo("criticita_gravi", Tipo.INTERO, "Di cui gravi.", 0),
    Campo("note", Tipo.TESTO, "Note del mese.", "Lavori in linea con il cronoprogramma."),
    Campo("fasi", Tipo.OGGETTI, "Le fasi, con le loro date.", None, campi=FASI),
    Campo("indicatori", Tipo.OGGETTI, "Gli indicatori.", None, campi=INDICATORI),
    Campo("sal", Tipo.OGGETTI, "Gli stati di avanzamento lavori emessi nel mese.", None, campi=SAL),
    Campo("impegni", Tipo.OGGETTI, "Gli impegni del mese.", None, campi=IMPEGNI),
    Campo("pagamenti", Tipo.OGGETTI, "I pagamenti del mese.", None, campi=PAGAMENTI),
    Campo("quadro_economico", Tipo.OGGETTI, "Il quadro economico.", None, campi=QUADRO),
    Campo("piano_costi", Tipo.OGGETTI, "Il piano dei costi, anno per anno.", None, campi=COSTI),
    Campo("criticita", Tipo.OGGETTI, "Le criticità.", None, campi=CRITICITA),
    Campo("traguardi", Tipo.OGGETTI, "Ciò che si dichiara dei traguardi dell'intervento.", None, campi=TRAGUARDI),
    Campo("documenti", Tipo.OGGETTI, "I documenti a cui si rimanda.", None, campi=DOCUMENTI),
    Campo("spiegazioni", Tipo.OGGETTI, "Le spiegazioni degli avvisi.", None, campi=SPIEGAZIONI),
    Campo(
        "modificato_il",
        Tipo.ISTANTE,
        "Da quando la riga è questa: con modificati_dal si chiedono quelle cambiate dopo.",
        "2026-11-18T10:12:03.125000Z",
    ),
)


def righe(utente: Utente) -> QuerySet[Avanzamento]:
    return Avanzamento.objects.visibili_a(utente).approvati()


def righe_al(utente: Utente, giorno: date) -> QuerySet[Avanzamento]:
    """The months until a day, each in its version in force."""
    return Avanzamento.objects.visibili_a(utente).in_vigore(al=giorno)


def al(pagina: list[dict[str, Any]], giorno: date, noto_al: datetime) -> None:
    """Nothing of a month depends on the day."""


AVANZAMENTI = Risorsa(
    nome="avanzamenti",
    titolo=str(_("Avanzamenti di un intervento")),
    descrizione="Gli avanzamenti approvati di un intervento: ogni mese, in ogni versione approvata. Mai bozze.",
    campi=CAMPI,
    ambito=Ambito.MONITORAGGIO,
    permesso=Permesso.LEGGERE_API,
    filtro=AvanzamentiFilter,
    righe=righe,
    righe_al=righe_al,
    al_sceglie=True,
    ordini=("id", "mese", "versione", "approvato_il", "avanzamento_percento"),
    al=al,
    chiave=("cup", "mese", "versione"),
    nome_schema="Avanzamento",
    # Whoever gets the list is told by the register of today whose interventi they are (`api.avanzamenti`).
    per_ente=False,
)
