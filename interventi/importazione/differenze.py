"""Where ReGiS says otherwise than people entered here: differences are raised, never settled, by an import."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Field

from interventi.importazione.righe import Riga, campo_di
from interventi.importazione.scrittura import Valori, aggiorna, inserisci, scheda
from interventi.models import Differenza, Importazione
from interventi.models.importazioni import StatoDifferenza

AGGIORNATI = ("importazione_id", "etichetta", "regis", "regis_al", "valore_nostro", "valore_regis")

Chiave = tuple[str, int, str]


def in_json(campo: Field[Any, Any], valore: Any) -> str | None:
    """A value as the field writes it for a serialisation, the amount of money as "1234.50"."""
    if valore is None:
        return None
    return str(campo.value_to_string(campo.model(**{campo.attname: valore})))


def da_json(differenza: Differenza) -> Any:
    """The value of ReGiS back from what `in_json` wrote."""
    campo = apps.get_model(differenza.tipo_oggetto)._meta.get_field(differenza.campo)
    bersaglio = getattr(campo, "target_field", campo)
    return bersaglio.to_python(differenza.regis)


def _valori(differenza: Differenza) -> Valori:
    return {nome: getattr(differenza, nome) for nome in scheda(Differenza).campi}


class Divergenze:
    """The differences of the interventi of a chunk: those open or settled before, and those of this import."""

    def __init__(self, importazione: Importazione, interventi: dict[int, Riga]) -> None:
        self.importazione = importazione
        self._aperte: dict[Chiave, Differenza] = {}
        self._tenute: dict[Chiave, set[str | None]] = defaultdict(set)
        self._da_scrivere: list[Differenza] = []
        self.scritte: list[int] = []
        if not interventi:
            return
        for differenza in Differenza.objects.filter(intervento__in=list(interventi)):
            chiave = (differenza.tipo_oggetto, differenza.id_oggetto, differenza.campo)
            if differenza.stato == StatoDifferenza.APERTA:
                self._aperte[chiave] = differenza
            elif differenza.stato == StatoDifferenza.NOSTRO:
                self._tenute[chiave].add(differenza.regis)

    def apri(self, riga: Riga, nome: str, valore: Any, quando: date | None, dato: str, nostro: str, regis: str) -> bool:
        """Raise a difference, or bring the open one up to date. False if people chose ours over this very value."""
        campo, json = campo_di(riga.modello, nome), in_json(campo_di(riga.modello, nome), valore)
        chiave = (riga.modello._meta.label_lower, riga.valori["id"], campo.name)
        if json in self._tenute[chiave]:
            return False
        differenza = self._aperte.get(chiave)
        if differenza is not None and (differenza.regis, differenza.valore_nostro) == (json, nostro):
            return True
        if differenza is None:
            intervento = riga
            while intervento.madre is not None:
                intervento = intervento.madre
            tipo, pk, nome_campo = chiave
            differenza = Differenza(
                intervento_id=intervento.valori["id"], tipo_oggetto=tipo, id_oggetto=pk, campo=nome_campo
            )
            self._aperte[chiave] = differenza
        differenza.importazione = self.importazione
        differenza.etichetta, differenza.regis, differenza.regis_al = dato[:200], json, quando
        differenza.valore_nostro, differenza.valore_regis = nostro, regis
        if differenza not in self._da_scrivere:
            self._da_scrivere.append(differenza)
        return True

    def scrivi(self) -> int:
        """Write them; returns how many are new or changed."""
        nuove: list[Valori] = []
        vecchie: list[Valori] = []
        for differenza in self._da_scrivere:
            (nuove if differenza.pk is None else vecchie).append(_valori(differenza))
        inserisci(Differenza, nuove)
        aggiorna(Differenza, vecchie, AGGIORNATI)
        self.scritte = [valori["id"] for valori in (*nuove, *vecchie)]
        return len(self._da_scrivere)
