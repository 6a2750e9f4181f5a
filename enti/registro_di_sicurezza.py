"""Reading the events of security: filtered, a page at a time, or as the lines of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enti import sicurezza
from enti.models import Provenienza, Utente
from enti.programmi import nome_del_programma
from registro import dal_piu_recente
from registro.models import Evento
from registro.selectors import con_nomi
from registro.tabella_csv import innocuo

PER_PAGINA = 50
A_BLOCCHI = 1_000
GIORNI = 30  # shown when nobody says from when
INTESTAZIONE = [
    "quando_utc",
    "gruppo",
    "che_cosa",
    "autore_numero",
    "autore",
    "su_chi_numero",
    "su_che_cosa",
    "indirizzo_ip",
    "programma",
    "nota",
    "evento",
    "azione",
]


@dataclass(frozen=True)
class Voce:
    """An event as the page shows it; without provenienza where it came by no request, or too long ago."""

    evento: Evento
    gruppo: sicurezza.Gruppo
    oggetto: str
    indirizzo: str
    programma: str


@dataclass(frozen=True)
class Pagina:
    """Some events, the latest first; `oltre` is where the older ones begin, empty if there are none."""

    voci: list[Voce]
    oltre: str


class SicurezzaFilter(django_filters.FilterSet):
    """By kind, person (who did it or whom it is about), address, days (in Italian time, both included)."""

    gruppo = django_filters.ChoiceFilter(
        choices=sicurezza.Gruppo, method="per_gruppo", label=_("Che cosa"), empty_label=_("Tutto")
    )
    persona = django_filters.CharFilter(method="per_persona", label=_("Nome o e-mail"))
    indirizzo = django_filters.CharFilter(
        field_name="provenienza__indirizzo", lookup_expr="exact", label=_("Indirizzo IP"), method="per_indirizzo"
    )
    dal = django_filters.DateFilter(
        label=_("Dal"), method="da_giorno", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    al = django_filters.DateFilter(
        label=_("Al"), method="fino_a_giorno", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = Evento
        fields: list[str] = []

    def per_gruppo(self, queryset: QuerySet[Evento], name: str, value: str) -> QuerySet[Evento]:
        return queryset.filter(verbo__in=sicurezza.verbi(value))

    def per_persona(self, queryset: QuerySet[Evento], name: str, value: str) -> QuerySet[Evento]:
        """The events hold no names: the people are found first, then their events."""
        trovati = Utente.objects.all()
        for parola in value.split():
            trovati = trovati.filter(
                Q(nome__icontains=parola) | Q(cognome__icontains=parola) | Q(email__icontains=parola)
            )
        numeri = list(trovati.values_list("pk", flat=True))
        su_di_loro = Q(tipo_oggetto="enti.utente", id_oggetto__in=[str(numero) for numero in numeri])
        return queryset.filter(Q(autore__in=numeri) | su_di_loro)

    def per_indirizzo(self, queryset: QuerySet[Evento], name: str, value: str) -> QuerySet[Evento]:
        """What is no address is nobody's."""
        try:
            indirizzo = forms.GenericIPAddressField().clean(value)
        except forms.ValidationError:
            return queryset.none()
        return queryset.filter(provenienza__indirizzo=indirizzo)

    def da_giorno(self, queryset: QuerySet[Evento], name: str, value: date) -> QuerySet[Evento]:
        return queryset.filter(quando__gte=_inizio(value))

    def fino_a_giorno(self, queryset: QuerySet[Evento], name: str, value: date) -> QuerySet[Evento]:
        return queryset.filter(quando__lt=_inizio(value + timedelta(days=1)))


def eventi() -> QuerySet[Evento]:
    """By the kind of object first: the registro has an index that begins with it."""
    di_sicurezza = Evento.objects.filter(tipo_oggetto__in=sicurezza.tipi(), verbo__in=sicurezza.verbi())
    return di_sicurezza.select_related("autore", "provenienza")


def filtrato(filtro: SicurezzaFilter) -> bool:
    return any(filtro.data.get(nome) for nome in filtro.filters)


def scelti(filtro: SicurezzaFilter) -> QuerySet[Evento]:
    """What the filters leave; without any, the recent ones."""
    trovati: QuerySet[Evento] = filtro.qs
    return trovati if filtrato(filtro) else trovati.filter(quando__gte=timezone.now() - timedelta(days=GIORNI))


def pagina(trovati: QuerySet[Evento], prima_di: str) -> Pagina:
    """Those before a place given by the page before; a place that makes no sense is the beginning."""
    righe, oltre = dal_piu_recente.pagina(trovati, prima_di, PER_PAGINA)
    return Pagina(_voci(righe), oltre)


def righe_csv(trovati: QuerySet[Evento]) -> Iterator[list[Any]]:
    """Cells of the file, from the latest: texts that no spreadsheet takes for a formula."""
    blocco: list[Evento] = []
    for evento in trovati.order_by("-quando", "-pk").iterator(chunk_size=A_BLOCCHI):
        blocco.append(evento)
        if len(blocco) == A_BLOCCHI:
            yield from map(_riga, _voci(blocco))
            blocco = []
    yield from map(_riga, _voci(blocco))


def _voci(righe: Iterable[Evento]) -> list[Voce]:
    return [_voce(evento) for evento in con_nomi(righe)]


def _voce(evento: Evento) -> Voce:
    provenienza: Provenienza | None = getattr(evento, "provenienza", None)
    return Voce(
        evento=evento,
        gruppo=sicurezza.gruppo_di(evento.verbo),
        oggetto=getattr(evento, "su_chi", "") or evento.oggetto,
        indirizzo=(provenienza.indirizzo or "") if provenienza else "",
        programma=nome_del_programma(provenienza.programma) if provenienza else "",
    )


def _riga(voce: Voce) -> list[Any]:
    evento = voce.evento
    provenienza: Provenienza | None = getattr(evento, "provenienza", None)
    return [
        f"{evento.quando.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        voce.gruppo.value,
        evento.verbo,
        evento.autore_id or "",
        _cella(str(evento.autore or "")),
        evento.id_oggetto if evento.tipo_oggetto == "enti.utente" else "",
        _cella(voce.oggetto),
        voce.indirizzo,
        _cella(provenienza.programma if provenienza else ""),
        _cella(evento.nota),
        evento.pk,
        evento.azione,
    ]


def _cella(testo: str) -> str:
    return innocuo(" ".join(testo.split()))


def _inizio(giorno: date) -> datetime:
    """An instant rather than a day, so that the index serves."""
    return datetime.combine(giorno, time.min, tzinfo=timezone.get_current_timezone())
