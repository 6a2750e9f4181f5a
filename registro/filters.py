"""Filters of the list of events."""

from __future__ import annotations

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from registro.models import Evento, EventoQuerySet


class EventoFilter(django_filters.FilterSet):
    """Events by object, person and days (in Italian time, both included)."""

    oggetto = django_filters.CharFilter(method="su_che_cosa", label=_("Su che cosa"))
    autore = django_filters.CharFilter(field_name="autore__email", lookup_expr="icontains", label=_("E-mail di chi"))
    dal = django_filters.DateFilter(
        field_name="quando",
        lookup_expr="date__gte",
        label=_("Dal"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    al = django_filters.DateFilter(
        field_name="quando",
        lookup_expr="date__lte",
        label=_("Al"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    azione = django_filters.UUIDFilter(label=_("Numero dell'azione"))

    class Meta:
        model = Evento
        fields: list[str] = []

    def su_che_cosa(self, eventi: EventoQuerySet, nome: str, valore: str) -> EventoQuerySet:
        """By what the event says, and of a person, whom it calls by her number, by the name she has today."""
        utenti = get_user_model()
        persone = utenti._default_manager.all()
        for parola in valore.split():
            persone = persone.filter(
                Q(nome__icontains=parola) | Q(cognome__icontains=parola) | Q(email__icontains=parola)
            )
        numeri = persone.annotate(numero=Cast("pk", CharField())).values("numero")
        return eventi.filter(
            Q(oggetto__icontains=valore) | Q(tipo_oggetto=utenti._meta.label_lower, id_oggetto__in=numeri)
        )
