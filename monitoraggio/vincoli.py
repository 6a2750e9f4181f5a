"""What the monitoring holds to in the register: amounts and bodies that only a variazione changes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from interventi.controlli import Rilievo, somma_importi
from interventi.istantanea import Istantanea
from monitoraggio.models import Avanzamento
from psttm.formati import euro


def solo_per_variazione(intervento_id: int, prima: Istantanea, dopo: Istantanea) -> Iterator[Rilievo]:
    """Once a month is approved, the total of the quadro economico and the body stay, unless by a variazione."""
    attuatore = prima.dati["soggetto_attuatore"], dopo.dati["soggetto_attuatore"]
    totali = somma_importi(prima, "quadro_economico"), somma_importi(dopo, "quadro_economico")
    if attuatore[0] == attuatore[1] and totali[0] == totali[1]:
        return
    if not Avanzamento.objects.approvati().filter(intervento=intervento_id).exists():
        return
    if attuatore[0] is not None and attuatore[0] != attuatore[1]:
        yield Rilievo(
            _("L'intervento è già monitorato: il soggetto attuatore cambia solo con una variazione."),
            "soggetto_attuatore",
        )
    if totali[0] is not None and totali[0] != totali[1]:
        ultima = next(reversed(dopo.righe["quadro_economico"]), None)
        yield Rilievo(
            _(
                "L'intervento è già monitorato: il totale del quadro economico (%(totale)s) "
                "cambia solo con una variante."
            )
            % {"totale": euro(totali[0] or Decimal(0))},
            "importo" if ultima is not None else "",
            "quadro_economico" if ultima is not None else "",
            ultima,
        )
