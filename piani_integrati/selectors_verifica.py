"""What the pages of the verification read. Every function costs a constant number of queries.

Outcomes and totals of a piano are for all who may read the piani. Single interventi are named only to who may open
them; the others are counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from enti.models import Utente
from interventi.models import Intervento
from piani_integrati import parole, racconto, regole
from piani_integrati.completezza import DatoPiano
from piani_integrati.esiti import Esito
from piani_integrati.models import Deroga, EsitoRegola, Passaggio, PianoIntegrato
from piani_integrati.racconto import Momento
from piani_integrati.regole import Contesto, Giudizio, Livello, Prova, Prove, Regola, Unita
from piani_integrati.regole.tipi import SogliaDatata
from piani_integrati.verbale import esiti_registrati

PROVE_PER_PAGINA = 25
# How many interventi are named for each rule of a piano, and how many changes are told.
CAUSE_NOMINATE = 3
CAMBI_RACCONTATI = 8
MOMENTI_RACCONTATI = 50
# How far back a history is read.
RIGHE_DI_STORIA = 1_000


# --- One piano -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RigaRegola:
    """A rule of a piano: outcome, what stands behind it, and what stands beside it.

    `cause` are the first interventi that fail among those that the reader may see, `altre_cause` how many more there
    are. `mancano` are the missing data, the most frequent first.
    """

    giudizio: Giudizio
    cause: list[Intervento] = field(default_factory=list)
    altre_cause: int = 0
    mancano: list[str] = field(default_factory=list)
    deroghe: list[Deroga] = field(default_factory=list)
    # What was frozen when the piano was presented, and what the portal kept on a past day.
    congelato: EsitoRegola | None = None
    registrato: EsitoRegola | None = None

    @property
    def regola(self) -> Regola:
        return self.giudizio.regola

    @property
    def nome(self) -> str:
        return racconto.nome_breve(self.regola)

    @property
    def misura(self) -> str:
        return parole.valore(self.regola, self.giudizio.misura)

    @property
    def soglia(self) -> str:
        return parole.soglia(self.regola, self.giudizio.soglia)

    @property
    def distanza(self) -> str:
        return parole.distanza(self.regola, self.giudizio.distanza)

    @property
    def in_cifre(self) -> bool:
        """Whether measure and threshold are figures, to be lined up, and not words."""
        return self.regola.unita not in {Unita.LIVELLO, Unita.SI_NO}

    @property
    def ha_dettagli(self) -> bool:
        """Whether there is anything to say of interventi and data."""
        return bool(self.cause or self.altre_cause or self.mancano or self.giudizio.non_determinabili)

    @property
    def diverso_dalla_presentazione(self) -> bool:
        return self.congelato is not None and self.congelato.esito != self.giudizio.esito

    @property
    def diverso_dal_registrato(self) -> bool:
        return self.registrato is not None and self.registrato.esito != self.giudizio.esito


@dataclass(frozen=True)
class VerificaPiano:
    """A piano judged now, by the norms of a day."""

    contesto: Contesto
    esito: Esito
    titolo: str
    righe: list[RigaRegola]
    # The passage that froze the outcomes, if the piano was presented.
    presentazione: Passaggio | None
    cambi: list[tuple[Momento, str]]

    @property
    def gruppi(self) -> list[tuple[bool, list[RigaRegola]]]:
        """Mandatory rules, then the optional ones; those that are not about the piano are left out."""
        return [
            (obbligatorie, righe)
            for obbligatorie in (True, False)
            if (righe := [r for r in self.riguardano if r.regola.obbligatoria is obbligatorie])
        ]

    @property
    def riguardano(self) -> list[RigaRegola]:
        return [riga for riga in self.righe if riga.giudizio.esito != Esito.NON_APPLICABILE or riga.congelato]

    @property
    def non_riguardano(self) -> list[RigaRegola]:
        altre = self.riguardano
        return [riga for riga in self.righe if riga not in altre]

    @property
    def cambiate(self) -> list[RigaRegola]:
        """The rules whose outcome is not the one of the presentation any more."""
        return [riga for riga in self.righe if riga.diverso_dalla_presentazione]

    @property
    def registrati(self) -> bool:
        """Whether the portal had kept any outcome on that past day."""
        return any(riga.registrato for riga in self.righe)

    @property
    def in_deroga(self) -> int:
        return sum(1 for riga in self.righe if riga.deroghe)


def del_piano(piano: PianoIntegrato, giorno: date, utente: Utente) -> VerificaPiano:
    """The piano judged now by the norms of that day, with all that its page says."""
    contesto = Contesto.al_giorno(giorno)
    giudizi = regole.valuta(piano, contesto)
    prove = regole.spiega(piano, contesto)
    cambi = _cambi_di_esito(piano)
    deroghe = [deroga for deroga in piano.deroghe.order_by("-data", "-pk") if _vale(deroga, giorno)]
    congelati = _congelati(piano)
    registrati = esiti_registrati([piano], giorno) if giorno < timezone.localdate() else {}
    falliti = {prova.intervento.pk for sue in prove.values() for prova in sue.falliti}
    nomi = visibili(falliti | racconto.coinvolti(cambi), utente)
    righe = []
    for giudizio in giudizi:
        codice = giudizio.regola.codice
        cause = _cause(giudizio, prove[codice], nomi)
        righe.append(
            RigaRegola(
                giudizio=giudizio,
                cause=cause,
                altre_cause=giudizio.non_conformi - len(cause) if giudizio.esito == Esito.NON_CONFORME else 0,
                mancano=_mancano(piano, giudizio, prove[codice]),
                deroghe=[deroga for deroga in deroghe if deroga.regola == codice],
                congelato=congelati.get(codice),
                registrato=registrati.get((piano.pk, codice)),
            )
        )
    esiti = [giudizio.esito for giudizio in giudizi if giudizio.regola.obbligatoria]
    complessivo = regole.complessivo(giudizi)
    contati = (Esito.CONFORME, Esito.NON_CONFORME, Esito.NON_DETERMINABILE)
    codici = {pk: intervento.codice for pk, intervento in nomi.items()}
    return VerificaPiano(
        contesto=contesto,
        esito=complessivo,
        titolo=racconto.piano_in_parole(complessivo, *(esiti.count(esito) for esito in contati)),
        righe=righe,
        presentazione=next((riga.passaggio for riga in congelati.values()), None),
        cambi=[(momento, racconto.frase(momento, codici)) for momento in cambi],
    )


def visibili(pks: Collection[int], utente: Utente) -> dict[int, Intervento]:
    """Those of the interventi that the person may open, by primary key."""
    suoi = Intervento.objects.visibili_a(utente).filter(pk__in=pks).only("pk", "cup", "clp", "titolo")
    return {intervento.pk: intervento for intervento in suoi}


def _cause(giudizio: Giudizio, prove: Prove, nomi: dict[int, Intervento]) -> list[Intervento]:
    """The worst of the interventi that fail; none where the piano as a whole complies."""
    if giudizio.esito != Esito.NON_CONFORME:
        return []
    verso = 1 if giudizio.regola.confronto.peggiore == "min" else -1
    peggiori = sorted(prove.falliti, key=lambda prova: verso * (prova.misura or Decimal(0)))
    return [nomi[prova.intervento.pk] for prova in peggiori if prova.intervento.pk in nomi][:CAUSE_NOMINATE]


def _mancano(piano: PianoIntegrato, giudizio: Giudizio, prove: Prove) -> list[str]:
    quanti = Counter(str(dato.manca) for prova in prove.ignoti for dato in prova.mancano)
    suo = manca_al_piano(piano, giudizio)
    return ([str(suo.manca)] if suo is not None else []) + [dato for dato, _volte in quanti.most_common()]


def manca_al_piano(piano: PianoIntegrato, giudizio: Giudizio) -> DatoPiano | None:
    """What the piano itself does not say, where the outcome waits for it."""
    dato = giudizio.regola.dato_piano
    aspetta = dato is not None and giudizio.esito == Esito.NON_DETERMINABILE and dato.assente(piano)
    return dato if aspetta else None


def _vale(deroga: Deroga, giorno: date) -> bool:
    """Whether the waiver held at the end of that day."""
    ritirata = deroga.ritirata_il is not None and timezone.localdate(deroga.ritirata_il) <= giorno
    return deroga.data <= giorno and not ritirata


def _congelati(piano: PianoIntegrato) -> dict[str, EsitoRegola]:
    """The outcomes frozen when the piano was last presented, by rule."""
    ultimo = Passaggio.objects.filter(piano=piano, esiti__isnull=False).order_by("-quando", "-pk").values("pk")[:1]
    righe = EsitoRegola.objects.filter(passaggio=Subquery(ultimo)).select_related("passaggio")
    return {riga.regola: riga for riga in righe}


def _storia(piano: PianoIntegrato) -> QuerySet[EsitoRegola]:
    return EsitoRegola.objects.filter(piano=piano, passaggio__isnull=True).order_by("-dal", "-pk")


def _cambi_di_esito(piano: PianoIntegrato) -> list[Momento]:
    """The last changes of outcome of any rule, the latest first."""
    per_regola: dict[str, list[EsitoRegola]] = defaultdict(list)
    for riga in reversed(_storia(piano)[:RIGHE_DI_STORIA]):
        per_regola[riga.regola].append(riga)
    cambi = [
        momento
        for righe in per_regola.values()
        for momento in racconto.momenti(righe, dalla_prima=False)
        if momento.cambia_esito
    ]
    return sorted(cambi, key=lambda momento: momento.riga.dal, reverse=True)[:CAMBI_RACCONTATI]


# --- One rule of a piano ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VerificaRegola:
    """A rule of a piano judged now, by the norms of a day."""

    contesto: Contesto
    riga: RigaRegola
    risposta: str
    soglia: SogliaDatata | None
    conti: list[tuple[Esito, int]]
    storia: list[tuple[Momento, str]]
    # All the waivers of the rule, with the intervento of each where the reader may see it.
    deroghe: list[tuple[Deroga, Intervento | None]]

    @property
    def degli_interventi(self) -> bool:
        """Whether the rule judges each intervento, and not the piano as a whole."""
        return self.riga.regola.livello is Livello.INTERVENTO

    @property
    def parte(self) -> str:
        """The section of the form of an intervento where what the rule looks at is written; "" where there is none."""
        return self.riga.regola.dati[-1].parte if self.riga.regola.dati else ""


def della_regola(piano: PianoIntegrato, regola: Regola, giorno: date, utente: Utente) -> VerificaRegola:
    contesto = Contesto.al_giorno(giorno)
    giudizio = regole.valuta_molti([piano.pk], contesto, [regola])[piano.pk][0]
    # Kept and frozen outcomes together, the latest first.
    tutte = list(
        EsitoRegola.objects.filter(piano=piano, regola=regola.codice)
        .select_related("passaggio")
        .order_by("-dal", "-pk")[:RIGHE_DI_STORIA]
    )
    righe = [riga for riga in tutte if riga.passaggio_id is None]
    storia = racconto.momenti(righe[::-1], dalla_prima=len(tutte) < RIGHE_DI_STORIA)[::-1][:MOMENTI_RACCONTATI]
    deroghe = list(
        piano.deroghe.filter(regola=regola.codice).select_related("autore", "ritirata_da").order_by("-data", "-pk")
    )
    in_deroga = {deroga.intervento_id for deroga in deroghe if deroga.intervento_id is not None}
    nomi = visibili(racconto.coinvolti(storia) | in_deroga, utente)
    codici = {pk: intervento.codice for pk, intervento in nomi.items()}
    registrata = next((riga for riga in righe if timezone.localdate(riga.dal) <= giorno), None)
    return VerificaRegola(
        contesto=contesto,
        riga=RigaRegola(
            giudizio=giudizio,
            deroghe=[deroga for deroga in deroghe if _vale(deroga, giorno)],
            congelato=next((riga for riga in tutte if riga.passaggio_id is not None), None),
            registrato=registrata if giorno < timezone.localdate() else None,
        ),
        risposta=racconto.risposta(piano, giudizio, contesto),
        soglia=regola.soglia.al(giorno),
        conti=[
            (Esito.CONFORME, giudizio.conformi),
            (Esito.NON_CONFORME, giudizio.non_conformi),
            (Esito.NON_DETERMINABILE, giudizio.non_determinabili),
            (Esito.NON_APPLICABILE, giudizio.non_applicabili),
        ],
        storia=[(momento, racconto.frase(momento, codici)) for momento in storia],
        deroghe=[(deroga, nomi.get(deroga.intervento_id or 0)) for deroga in deroghe],
    )


@dataclass(frozen=True)
class RigaProva:
    """An intervento as a rule sees it, with the waivers that are of it alone."""

    prova: Prova
    misura: str
    distanza: str
    deroghe: list[Deroga]


@dataclass(frozen=True)
class PaginaProve:
    """Interventi with one outcome: those of a page that the reader may see, and how many more there are."""

    pagina: Page[Any]
    righe: list[RigaProva]
    altri: int

    @property
    def quanti(self) -> int:
        return self.pagina.paginator.count + self.altri


def pagina_prove(
    piano: PianoIntegrato, vista: VerificaRegola, esito: Esito, utente: Utente, numero: Any
) -> PaginaProve | None:
    """The interventi that the rule gives this outcome to, the worst first; None where it gives it to none."""
    giudizio, regola = vista.riga.giudizio, vista.riga.regola
    quanti = dict(vista.conti)[esito]
    # Where the piano as a whole does not fail, nobody is to blame.
    if not quanti or (esito == Esito.NON_CONFORME and giudizio.esito != esito):
        return None
    suoi = Intervento.objects.visibili_a(utente).filter(nel_piano__piano=piano).defer("testo_ricerca", "sintesi")
    pagina = Paginator(regole.evidenza(regola, suoi, vista.contesto, esito), PROVE_PER_PAGINA).get_page(numero)
    righe = []
    for intervento in pagina.object_list:
        prova = regole.prova(regola, intervento)
        righe.append(
            RigaProva(
                prova=prova,
                misura=parole.valore(regola, prova.misura),
                distanza=_distanza(giudizio, prova),
                deroghe=[deroga for deroga in vista.riga.deroghe if deroga.intervento_id == intervento.pk],
            )
        )
    return PaginaProve(pagina, righe, max(quanti - pagina.paginator.count, 0))


def _distanza(giudizio: Giudizio, prova: Prova) -> str:
    if prova.misura is None or giudizio.soglia is None or giudizio.regola.livello is not Livello.INTERVENTO:
        return "–"
    return parole.distanza(giudizio.regola, prova.misura - giudizio.soglia)
