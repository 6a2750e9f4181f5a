"""The piani and programmes, with what their interventi add up to and how the verification came out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from enti.models import Utente
from enti.permessi import Permesso
from interoperabilita.filtri import PianiFilter
from interoperabilita.formati import valori
from interoperabilita.models.chiavi import Ambito
from interoperabilita.risorse.tipi import Campo, Risorsa, Tipo
from interventi.scelte import FonteFinanziamento
from monitoraggio.models import Avanzamento, Variazione
from monitoraggio.selectors.situazione import economie_al, variazioni_accolte
from monitoraggio.tempo import fine_del_giorno
from piani_integrati.esiti import GRAVITA, Esito, peggiore
from piani_integrati.filters import DA_VERIFICARE
from piani_integrati.flusso import StatoPiano
from piani_integrati.models import EsitoRegola, PianoIntegrato, TipoPiano
from piani_integrati.regole import REGOLE

ESITI = tuple(esito.codice for esito in Esito)
_OBBLIGATORIE = [regola.codice for regola in REGOLE if regola.obbligatoria]

CAMPI: tuple[Campo, ...] = (
    Campo("id", Tipo.INTERO, "Identificativo del piano nel portale: non cambia mai.", 1),
    Campo("codice", Tipo.TESTO, "Codice del piano.", "COME IN"),
    Campo("slug", Tipo.TESTO, "Il codice come si scrive in un indirizzo.", "come-in"),
    Campo("tipo", Tipo.SCELTA, "Se è un Piano urbano integrato o un programma.", "pui", scelte=TipoPiano.values),
    Campo("titolo", Tipo.TESTO, "Titolo del piano.", "Spazi e servizi di inclusione per le comunità metropolitane"),
    Campo("descrizione", Tipo.TESTO, "Che cosa fa il piano.", "Recupera spazi ed edifici per servizi alla persona."),
    Campo("proponente", Tipo.TESTO, "Ente che propone il piano.", "Città metropolitana di Milano"),
    Campo("misura", Tipo.TESTO, "Codice della misura del PNRR.", "M5C2I2.02.03"),
    Campo("stato", Tipo.SCELTA, "Stato del piano.", "in_attuazione", scelte=StatoPiano.values),
    Campo("importo_richiesto_eur", Tipo.IMPORTO, "Importo richiesto, in EUR.", "50315897.00", nullo=True),
    Campo("importo_assegnato_eur", Tipo.IMPORTO, "Importo assegnato, in EUR.", "50315897.00", nullo=True),
    Campo("presentato_il", Tipo.DATA, "Giorno della presentazione.", "2022-03-07", nullo=True),
    Campo("decreto_in_vigore", Tipo.DATA, "Entrata in vigore del decreto di assegnazione.", "2022-04-28", nullo=True),
    Campo("inizio", Tipo.DATA, "Inizio del piano.", "2022-05-02", nullo=True),
    Campo("fine", Tipo.DATA, "Fine prevista del piano.", "2026-06-30", nullo=True),
    Campo("numero_interventi", Tipo.INTERO, "Interventi che il piano comprende.", 42),
    Campo("numero_comuni", Tipo.INTERO, "Comuni in cui si trovano.", 34),
    Campo("interventi_senza_importo", Tipo.INTERO, "Interventi di cui non si conosce il finanziamento.", 0),
    Campo(
        "finanziamento_totale_eur",
        Tipo.IMPORTO,
        "Somma dei finanziamenti totali che si conoscono, in EUR.",
        "78450000.00",
        nullo=True,
    ),
    Campo(
        "finanziamento_pubblico_eur",
        Tipo.IMPORTO,
        "Somma dei finanziamenti pubblici che si conoscono, in EUR.",
        "78450000.00",
        nullo=True,
    ),
    Campo(
        "finanziamenti",
        Tipo.PER_FONTE,
        "Somma di ogni fonte, in EUR; le fonti che non danno nulla non ci sono.",
        {"pnrr": "50315897.00", "comune": "3200000.00"},
        scelte=tuple(FonteFinanziamento.values),
    ),
    Campo("pagamenti_regis_eur", Tipo.IMPORTO, "Somma dei pagamenti secondo ReGiS, in EUR.", "12400000.00", nullo=True),
    Campo("interventi_monitorati", Tipo.INTERO, "Interventi con almeno un avanzamento approvato.", 40),
    Campo(
        "impegnato_eur", Tipo.IMPORTO, "Impegnato secondo gli avanzamenti approvati, in EUR.", "30120000.00", nullo=True
    ),
    Campo("pagato_eur", Tipo.IMPORTO, "Pagato secondo gli avanzamenti approvati, in EUR.", "14250000.00", nullo=True),
    Campo("economie_eur", Tipo.IMPORTO, "Economie accertate con un atto, in EUR.", "125000.00", nullo=True),
    Campo("criticita_aperte", Tipo.INTERO, "Criticità aperte negli ultimi avanzamenti.", 6),
    Campo("criticita_gravi", Tipo.INTERO, "Di cui gravi.", 1),
    Campo(
        "esito_verifica",
        Tipo.SCELTA,
        "Esito dell'ultima verifica, sulle regole obbligatorie.",
        "non_conforme",
        scelte=(*ESITI, DA_VERIFICARE),
    ),
    Campo("regole_conformi", Tipo.INTERO, "Regole obbligatorie rispettate.", 9),
    Campo("regole_non_conformi", Tipo.INTERO, "Regole obbligatorie non rispettate.", 1),
    Campo("regole_non_determinabili", Tipo.INTERO, "Regole obbligatorie che i dati non bastano a giudicare.", 2),
    Campo("regole_non_applicabili", Tipo.INTERO, "Regole obbligatorie che non riguardano il piano.", 0),
    Campo("driver", Tipo.INTERI, "Numeri dei Driver del Piano strategico che le fonti legano al piano.", [2, 9]),
    Campo("strategie", Tipo.INTERI, "Numeri delle STTM che le fonti legano al piano.", [2]),
    Campo("fonte", Tipo.TESTO, "Documento da cui vengono i dati del piano.", "Piano strategico 2025-2027"),
    Campo("fonte_luogo", Tipo.TESTO, "Punto della fonte.", "cap. 2, «Risultati conseguiti», PUI, COME IN"),
    Campo("dimostrativo", Tipo.BOOLEANO, "Se è un dato inventato per la dimostrazione.", False),
    Campo(
        "modificato_il",
        Tipo.ISTANTE,
        "Da quando la riga è questa: con modificati_dal si chiedono quelle cambiate dopo.",
        "2026-11-18T10:12:03.125000Z",
    ),
)


def righe(utente: Utente) -> QuerySet[PianoIntegrato]:
    """All of them, as on the pages: whoever may read the piani reads what all their interventi add up to."""
    return _con_esito(None)


def righe_al(utente: Utente, giorno: date) -> QuerySet[PianoIntegrato]:
    return _con_esito(fine_del_giorno(giorno))


def _con_esito(istante: datetime | None) -> QuerySet[PianoIntegrato]:
    """With `esito_letto`, the word of `verifiche` that the piani are filtered by."""
    suoi = esiti_tenuti(istante).filter(piano=OuterRef("pk"), regola__in=_OBBLIGATORIE)
    casi = [When(Exists(suoi.filter(esito=esito.value)), then=Value(esito.codice)) for esito in GRAVITA]
    casi.append(When(Exists(suoi), then=Value(Esito.NON_APPLICABILE.codice)))
    return PianoIntegrato.objects.annotate(
        esito_letto=Case(*casi, default=Value(DA_VERIFICARE), output_field=CharField())
    )


# --- What depends on the day ------------------------------------------------------------------------------------------


@dataclass
class Andamento:
    """What the approved avanzamenti of the interventi of a piano add up to. EUR."""

    monitorati: int = 0
    impegnato: Decimal = Decimal("0.00")
    pagato: Decimal = Decimal("0.00")
    economie: Decimal = Decimal("0.00")
    criticita_aperte: int = 0
    criticita_gravi: int = 0

    def campi(self) -> dict[str, Any]:
        noti = self.monitorati > 0
        return {
            "interventi_monitorati": self.monitorati,
            "impegnato_eur": valori.importo(self.impegnato) if noti else None,
            "pagato_eur": valori.importo(self.pagato) if noti else None,
            "economie_eur": valori.importo(self.economie) if noti or self.economie else None,
            "criticita_aperte": self.criticita_aperte,
            "criticita_gravi": self.criticita_gravi,
        }


def _andamenti(piani: Collection[int], giorno: date, noto_al: datetime) -> dict[int, Andamento]:
    """On a day, as known at an instant, of the interventi that are in the piani now: three queries."""
    andamenti = {pk: Andamento() for pk in piani}
    di_chi = "intervento__nel_piano__piano"
    avanzamenti = Avanzamento.objects.filter(**{f"{di_chi}__in": piani})
    somme = avanzamenti.in_vigore(al=giorno, noto_al=noto_al).order_by().values(di_chi)
    for riga in somme.annotate(impegni=Sum("impegnato"), pagamenti=Sum("pagato")):
        andamento = andamenti[riga[di_chi]]
        andamento.impegnato, andamento.pagato = riga["impegni"], riga["pagamenti"]
    ultimi = Avanzamento.objects.filter(pk__in=avanzamenti.situazione(al=giorno, noto_al=noto_al).values("pk"))
    conti = ultimi.order_by().values(di_chi)
    for riga in conti.annotate(n=Count("pk"), aperte=Sum("criticita_aperte"), gravi=Sum("criticita_gravi")):
        andamento = andamenti[riga[di_chi]]
        andamento.monitorati = riga["n"]
        andamento.criticita_aperte, andamento.criticita_gravi = riga["aperte"], riga["gravi"]
    variazioni = variazioni_accolte(Variazione.objects.filter(**{f"{di_chi}__in": piani}), noto_al)
    for piano, somma in economie_al(variazioni, giorno).values_list(di_chi, "somma"):
        andamenti[piano].economie += somma
    return andamenti


def esiti_tenuti(istante: datetime | None = None) -> QuerySet[EsitoRegola]:
    """The outcomes that the portal keeps now, or kept at an instant; not those frozen at the presentation."""
    tenuti = EsitoRegola.objects.filter(passaggio__isnull=True).order_by()
    if istante is None:
        return tenuti.filter(al__isnull=True)
    return tenuti.filter(Q(al__isnull=True) | Q(al__gt=istante), dal__lte=istante)


def verifiche(piani: Collection[int], istante: datetime | None = None) -> dict[int, dict[str, Any]]:
    """The fields of the verification of each piano, now or at an instant: one query."""
    conti: dict[int, dict[str, int]] = {pk: dict.fromkeys(ESITI, 0) for pk in piani}
    tenuti = esiti_tenuti(istante).filter(piano__in=piani, regola__in=_OBBLIGATORIE)
    for piano, esito, quanti in tenuti.values_list("piano", "esito").annotate(n=Count("pk")):
        conti[piano][Esito(esito).codice] = quanti
    return {
        pk: {
            "esito_verifica": _complessivo(suoi),
            "regole_conformi": suoi[Esito.CONFORME.codice],
            "regole_non_conformi": suoi[Esito.NON_CONFORME.codice],
            "regole_non_determinabili": suoi[Esito.NON_DETERMINABILE.codice],
            "regole_non_applicabili": suoi[Esito.NON_APPLICABILE.codice],
        }
        for pk, suoi in conti.items()
    }


def _complessivo(conti: dict[str, int]) -> str:
    avuti = {esito for esito in Esito if conti[esito.codice]}
    return peggiore(avuti).codice if avuti else DA_VERIFICARE


def al(pagina: list[dict[str, Any]], giorno: date, noto_al: datetime) -> None:
    """The same piani with the progress and the verification of a day, as known when the list was published."""
    piani = [riga["id"] for riga in pagina]
    andamenti = _andamenti(piani, giorno, noto_al)
    esiti = verifiche(piani, min(fine_del_giorno(giorno), noto_al))
    for riga in pagina:
        riga.update(andamenti[riga["id"]].campi())
        riga.update(esiti[riga["id"]])


PIANI = Risorsa(
    nome="piani",
    titolo=str(_("Piani e programmi")),
    descrizione=(
        "I Piani urbani integrati e gli altri programmi, con le somme dei loro interventi e l'esito dell'ultima "
        "verifica. Con «al» cambiano l'andamento e la verifica; gli interventi del piano restano quelli di oggi."
    ),
    campi=CAMPI,
    ambito=Ambito.PIANI,
    permesso=Permesso.LEGGERE_API,
    filtro=PianiFilter,
    righe=righe,
    righe_al=righe_al,
    ordini=(
        "id",
        "codice",
        "titolo",
        "stato",
        "fine",
        "numero_interventi",
        "finanziamento_totale_eur",
        "impegnato_eur",
        "pagato_eur",
        "regole_non_conformi",
    ),
    al=al,
    chiave=("codice", "slug"),
    nome_schema="Piano",
    per_ente=False,
)
