"""What must hold after anything that writes in the register, and the register as a whole, to compare."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from interventi.importazione.memoria import MODELLI
from interventi.models import TabellaImportata
from registro.storia import TOLTA, storico_di

# Worked out from the rest, and kept out of the history.
SENZA_STORIA = frozenset({"testo_ricerca", "aggiornato"})


def righe(modello: type[Model]) -> dict[int, dict[str, Any]]:
    """The rows of a table by key, with the fields that have a history."""
    campi = [campo.attname for campo in modello._meta.concrete_fields if campo.name not in SENZA_STORIA]
    return {riga["id"]: riga for riga in modello._default_manager.values(*campi)}


def registro() -> dict[str, dict[int, dict[str, Any]]]:
    """The whole register."""
    return {modello.__name__: righe(modello) for modello in MODELLI}


def quante_versioni() -> int:
    return sum(storico_di(modello)._default_manager.count() for modello in MODELLI)


def verifica_storia() -> None:
    """The last version of each row is the row; what has no row any more was taken away."""
    for modello in MODELLI:
        attuali = righe(modello)
        campi = [campo.attname for campo in modello._meta.concrete_fields if campo.name not in SENZA_STORIA]
        versioni = storico_di(modello)._default_manager.order_by("history_id").values("history_type", *campi)
        ultime = {versione["id"]: versione for versione in versioni}
        tipi = {pk: versione.pop("history_type") for pk, versione in ultime.items()}
        assert {pk: versione for pk, versione in ultime.items() if tipi[pk] != TOLTA} == attuali, modello


def verifica_conti() -> None:
    """Every row read has an outcome."""
    for tabella in TabellaImportata.objects.all():
        somma = tabella.nuove + tabella.cambiate + tabella.invariate + tabella.rifiutate
        assert tabella.lette == somma, tabella


def senza_chiavi() -> dict[str, list[tuple[Any, ...]]]:
    """The register without its row numbers, to compare two ways of coming to it."""
    from_intervento = "intervento__cup", "intervento__clp", "intervento__submisura__codice"
    contenuto: dict[str, list[tuple[Any, ...]]] = {}
    for modello in MODELLI:
        nomi = [c.attname for c in modello._meta.concrete_fields if not c.is_relation and c.name != "aggiornato"]
        nomi = [nome for nome in nomi if nome != "id"]
        nomi += [c.attname for c in modello._meta.concrete_fields if c.name in ("comune", "soggetto_attuatore")]
        if modello.__name__ == "Intervento":
            nomi += ["submisura__codice", "classificazione__natura"]
        elif modello.__name__ == "Operatore":
            nomi += ["procedura__cig", "procedura__codice_pda", *(f"procedura__{nome}" for nome in from_intervento)]
        else:
            nomi += from_intervento
        contenuto[modello.__name__] = sorted(modello._default_manager.values_list(*nomi), key=repr)
    return contenuto
