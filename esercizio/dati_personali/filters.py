"""Filters of the list of people."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enti.models import Utente


class PersonaFilter(django_filters.FilterSet):
    """People by name, address, fiscal code or number."""

    cerca = django_filters.CharFilter(method="chi", label=_("Nome, e-mail, codice fiscale o numero"))

    class Meta:
        model = Utente
        fields: list[str] = []

    def chi(self, persone: QuerySet[Utente], nome: str, valore: str) -> QuerySet[Utente]:
        """Those in whom every word is found."""
        for parola in valore.split():
            trovate = (
                Q(nome__icontains=parola)
                | Q(cognome__icontains=parola)
                | Q(email__icontains=parola)
                | Q(codice_fiscale__iexact=parola)
            )
            persone = persone.filter(trovate | Q(pk=int(parola)) if _numero(parola) else trovate)
        return persone


def _numero(parola: str) -> bool:
    """Whether it can be the number of a person."""
    return parola.isascii() and parola.isdigit() and len(parola) <= 18
