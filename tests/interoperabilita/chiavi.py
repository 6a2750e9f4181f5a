"""Consumers of the API for tests: a body, its technical user and a key, or a person with a personal one."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from enti.models import Appartenenza, Ente, Utente
from enti.ruoli import Ruolo, TipoEnte
from interoperabilita.chiavi import Segreto
from interoperabilita.models import Ambito, ChiaveApi


@dataclass
class Consumatore:
    """`cliente` sends the key with every request."""

    chiave: ChiaveApi
    segreto: str
    cliente: Client

    def __getattr__(self, nome: str) -> Any:
        if nome.startswith("__"):  # asked for while a TestCase copies it, before it has a `cliente`
            raise AttributeError(nome)
        return getattr(self.cliente, nome)


def ministero(nome: str = "Ministero di prova") -> Ente:
    return Ente.objects.get_or_create(denominazione=nome, defaults={"tipo": TipoEnte.MINISTERO})[0]


def consumatore(
    ente: Ente | None = None,
    *,
    ruoli: Collection[str] = (Ruolo.MINISTERO,),
    ambiti: Collection[str] = tuple(Ambito.values),
    **campi: Any,
) -> Consumatore:
    """The software of a body (a ministry unless said otherwise), whose key is good for everything unless said."""
    ente = ente or ministero()
    utente = Utente.objects.create_user(
        f"{uuid.uuid4().hex}@servizi.invalid", nome="Software", cognome=ente.denominazione[:80], tecnico=True
    )
    for ruolo in ruoli:
        Appartenenza.objects.create(utente=utente, ente=ente, ruolo=ruolo)
    return di(utente, ente, ambiti=ambiti, **campi)


def di(utente: Utente, ente: Ente, *, ambiti: Collection[str] = tuple(Ambito.values), **campi: Any) -> Consumatore:
    """A key that acts as this person."""
    segreto = Segreto.nuovo()
    valori = {"scade_il": timezone.now() + timedelta(days=30), "limite_minuto": 100_000, "nome": "Prova"} | campi
    chiave = ChiaveApi.objects.create(
        ente=ente,
        utente=utente,
        prefisso=segreto.prefisso,
        impronta=segreto.impronta,
        ambiti=list(ambiti),
        **valori,
    )
    return Consumatore(chiave, segreto.testo, Client(headers={"authorization": f"Bearer {segreto.testo}"}))
