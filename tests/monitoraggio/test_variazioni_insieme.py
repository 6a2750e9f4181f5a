"""Several people who decide the same variazione at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from enti.ruoli import Ruolo
from interventi.models import VoceQuadroEconomico
from monitoraggio.flusso import TransizioneNonPermessa
from monitoraggio.models import SpostamentoTraguardo, Traguardo, Variazione
from monitoraggio.services import variazioni as servizi
from registro.models import Evento
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.monitoraggio.variazioni_di_prova import chiedi, del_comune, di_rho

SEI = 6


def in_sei(variazione: Variazione, passaggio: str = "accogli") -> list[Any]:
    """The same passage made by six people at once, each on its own connection; what each gave, or its refusal."""
    persone = [crea_persona(Ruolo.ISTRUTTORE, nome=f"istruttore-{n}") for n in range(SEI)]

    def una(numero: int) -> Any:
        try:
            return servizi.decidi(
                variazione_id=variazione.pk, passaggio=passaggio, autore=persone[numero], motivo="Deciso."
            )
        except TransizioneNonPermessa as rifiuto:
            return rifiuto
        finally:
            connection.close()

    with ThreadPoolExecutor(SEI) as esecutori:
        return list(esecutori.map(una, range(SEI)))


@pytest.mark.django_db(transaction=True)
def test_di_sei_che_accolgono_insieme_uno_solo_passa_e_si_applica_una_volta() -> None:
    riferimenti.carica()
    intervento, responsabile = di_rho(), del_comune("Rho")
    traguardo = Traguardo.objects.get(intervento=intervento)
    chiesta = chiedi(intervento, "proroga", responsabile, traguardo_id=traguardo.pk, data_dopo=date(2025, 9, 30))
    esiti = in_sei(chiesta)
    (passata,) = [esito for esito in esiti if isinstance(esito, Variazione)]
    assert sum(isinstance(esito, TransizioneNonPermessa) for esito in esiti) == SEI - 1
    chiesta.refresh_from_db()
    assert (chiesta.stato, chiesta.decisa_da) == ("accolta", passata.decisa_da)
    assert SpostamentoTraguardo.objects.count() == 1
    assert Evento.objects.filter(verbo="accolta").count() == 1


@pytest.mark.django_db(transaction=True)
def test_due_varianti_dello_stesso_quadro_accolte_insieme_non_si_sovrascrivono() -> None:
    riferimenti.carica()
    intervento, responsabile = di_rho(), del_comune("Rho")
    chiesta = chiedi(intervento, "variante", responsabile, voci={"lavori": Decimal("850.00")})
    # Asked before the first was decided, as the service no longer allows: what an older request may still be.
    seconda = Variazione.objects.get(pk=chiesta.pk)
    seconda.pk = None
    seconda.save()
    seconda.voci.create(voce="lavori", importo_prima=Decimal("800.00"), importo_dopo=Decimal("700.00"))
    persone = [crea_persona(Ruolo.ISTRUTTORE, nome=f"istruttore-{n}") for n in range(2)]

    def accogli(quale: int) -> Any:
        try:
            pk = (chiesta.pk, seconda.pk)[quale]
            return servizi.decidi(variazione_id=pk, passaggio="accogli", autore=persone[quale])
        except servizi.VariazioneRifiutata as rifiuto:
            return rifiuto
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as esecutori:
        esiti = list(esecutori.map(accogli, range(2)))
    (passata,) = [esito for esito in esiti if isinstance(esito, Variazione)]
    lavori = VoceQuadroEconomico.objects.get(intervento=intervento, voce="lavori")
    assert lavori.importo == passata.voci.get().importo_dopo
    assert Variazione.objects.filter(stato="accolta").count() == 1
