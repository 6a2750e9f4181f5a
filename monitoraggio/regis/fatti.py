"""What a package is made of, read from the database: the register, and of the monitoring only what is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import QuerySet

from enti.models import Ente
from interventi.models import Intervento
from interventi.services.legami import a_blocchi
from monitoraggio.models import Avanzamento, Impegno, Pagamento, Variazione
from monitoraggio.selectors.contesto import con_parti
from monitoraggio.selectors.situazione import revoche_al, variazioni_accolte

Movimento = TypeVar("Movimento", Impegno, Pagamento)


@dataclass(frozen=True)
class Registro:
    """The movements of an intervento: those in force, and those that a correction took away."""

    impegni: tuple[Impegno, ...] = ()
    pagamenti: tuple[Pagamento, ...] = ()
    impegni_ritirati: tuple[Impegno, ...] = ()
    pagamenti_ritirati: tuple[Pagamento, ...] = ()


@dataclass(frozen=True)
class Fatti:
    """An intervento on a day, as known at an instant. `situazione` is its last approved avanzamento."""

    intervento: Intervento
    situazione: Avanzamento | None
    registro: Registro
    revocato_il: date | None
    ente_di: dict[str, Ente]

    @property
    def codice(self) -> str:
        """COD_LOCALE_PROGETTO: the local code of ReGiS, or the CUP of what ReGiS does not know by one."""
        return self.intervento.clp or self.intervento.cup


def leggi(interventi: QuerySet[Intervento], *, al: date, noto_al: datetime) -> list[Fatti]:
    """The facts of these interventi, in the order of their codes. A fixed number of queries each two thousand."""
    enti = {ente.codice_fiscale: ente for ente in Ente.objects.exclude(codice_fiscale="")}
    fatti: list[Fatti] = []
    for blocco in a_blocchi(list(interventi.values_list("pk", flat=True))):
        fatti += _leggi(blocco, al, noto_al, enti)
    return sorted(fatti, key=lambda f: (f.codice, f.intervento.pk))


def _leggi(blocco: list[int], al: date, noto_al: datetime, enti: dict[str, Ente]) -> Iterator[Fatti]:
    suoi = Avanzamento.objects.filter(intervento__in=blocco)
    ultimi = suoi.situazione(al=al, noto_al=noto_al).defer("bozza")
    situazioni = {
        avanzamento.intervento_id: avanzamento
        for avanzamento in ultimi.prefetch_related("fasi", "valori_indicatori", "voci_quadro", "piano_costi")
    }
    in_vigore = set(suoi.in_vigore(al=al, noto_al=noto_al).order_by().values_list("pk", flat=True))
    approvati = suoi.approvati(noto_al).filter(riferito_al__lte=al).order_by()
    di_chi = dict(approvati.values_list("pk", "intervento_id"))
    impegni = _per_intervento(Impegno.objects.filter(avanzamento__in=approvati.values("pk")), di_chi, in_vigore)
    pagamenti = _per_intervento(Pagamento.objects.filter(avanzamento__in=approvati.values("pk")), di_chi, in_vigore)
    accolte = variazioni_accolte(Variazione.objects.filter(intervento__in=blocco), noto_al)
    revoche = dict(revoche_al(accolte, al).values_list("intervento_id", "giorno"))
    for intervento in con_parti(Intervento.objects.filter(pk__in=blocco)).prefetch_related("localizzazioni__comune"):
        tenuti_i, ritirati_i = impegni[intervento.pk]
        tenuti_p, ritirati_p = pagamenti[intervento.pk]
        yield Fatti(
            intervento=intervento,
            situazione=situazioni.get(intervento.pk),
            registro=Registro(tuple(tenuti_i), tuple(tenuti_p), tuple(ritirati_i), tuple(ritirati_p)),
            revocato_il=revoche.get(intervento.pk),
            ente_di=enti,
        )


def _per_intervento(
    righe: Iterable[Movimento], di_chi: dict[int, int], in_vigore: set[int]
) -> defaultdict[int, tuple[list[Movimento], list[Movimento]]]:
    """For each intervento the movements in force and those withdrawn, each withdrawn one once."""
    divise: defaultdict[int, tuple[list[Movimento], list[Movimento]]] = defaultdict(lambda: ([], []))
    superate: dict[tuple[int, str, str, date], Movimento] = {}
    vive: set[tuple[int, str, str, date]] = set()
    for riga in righe:
        chiave = (di_chi[riga.avanzamento_id], riga.codice, riga.tipo, riga.data)
        if riga.avanzamento_id in in_vigore:
            divise[di_chi[riga.avanzamento_id]][0].append(riga)
            vive.add(chiave)
        else:
            superate[chiave] = riga
    for morta, riga in superate.items():
        if morta not in vive:
            divise[morta[0]][1].append(riga)
    return divise
