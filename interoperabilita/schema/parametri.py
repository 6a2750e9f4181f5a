"""The parameters of a list, made from its resource and its filters; and the check that each is written as described."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import django_filters
from django.db.models import Field, IntegerField, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interoperabilita.filtri import FiltroMese
from interoperabilita.risorse.tipi import Risorsa, Tipo
from interoperabilita.schema.operazioni import Operazione, Parametro
from interventi.filters import FiltroEuro

LIMITE, LIMITE_MASSIMO = 100, 1_000
INTERO_MASSIMO = 2**31 - 1
LUNGHEZZA = 200
# Texts hold no control characters: PostgreSQL takes no NUL, and nothing that is looked for has the others.
TESTO = r"[^\x00-\x1F\x7F]+"
IMPORTO = r"[0-9]{1,12}(\.[0-9]{1,2})?"
GIORNO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MESE = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"
ISTANTE = GIORNO + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
CURSORE = r"[A-Za-z0-9_:-]+"


def comuni(risorsa: Risorsa) -> list[Parametro]:
    """The parameters that every list has."""
    ordini = [verso + nome for nome in risorsa.ordini for verso in ("", "-")]
    return [
        Parametro(
            "limit",
            f"Quante righe in una pagina JSON, {LIMITE} se non è scritto. Gli altri formati danno l'elenco intero.",
            LIMITE,
            Tipo.INTERO,
            minimo=1,
            massimo=LIMITE_MASSIMO,
        ),
        Parametro(
            "cursor",
            "Da dove proseguire: è già scritto nell'indirizzo «paginazione.successiva», da usare così com'è.",
            None,
            forma=CURSORE,
            lunghezza=1_000,
        ),
        Parametro("fields", "I soli campi da dare, separati da virgole.", ["id"], Tipo.TESTI, scelte=risorsa.nomi),
        Parametro(
            "sort",
            "Il campo che dà l'ordine; con un «-» davanti, dal maggiore. Non si unisce a modificati_dal.",
            "id",
            Tipo.SCELTA,
            scelte=ordini,
        ),
        Parametro(
            "al",
            "La situazione a questo giorno, dal 2000 in poi, invece di quella di oggi.",
            "2024-12-31",
            Tipo.DATA,
        ),
        Parametro(
            "modificati_dal",
            "Solo le righe cambiate dopo questo istante, e in «rimossi» quelle che non ci sono più: si dà "
            "l'«aggiornato_al» avuto la volta prima.",
            "2026-11-27T22:00:00Z",
            Tipo.ISTANTE,
        ),
    ]


@cache
def filtri(risorsa: Risorsa) -> Mapping[str, Parametro]:
    """The filters of a list, those of the rooms above included, each as it must be written."""
    tutti = {**risorsa.filtro.base_filters, **risorsa.altri_filtri()}
    return {nome: _di_filtro(nome, filtro) for nome, filtro in tutti.items()}


def di_lista(risorsa: Risorsa, operazione: Operazione) -> list[Parametro]:
    return [*comuni(risorsa), *(filtro for nome, filtro in filtri(risorsa).items() if nome not in operazione.senza)]


def _di_filtro(nome: str, filtro: Any) -> Parametro:
    """A filter as a parameter. Choices that are rows of the database are not listed: they change, the API does not."""
    parole = _parole(filtro)
    match filtro:
        case django_filters.ModelChoiceFilter():
            return _di_modello(nome, filtro, parole)
        case django_filters.ChoiceFilter():
            scelte = _scelte(filtro)
            if scelte:
                parole = " ".join([parole, *_significati(scelte)])
                return Parametro(nome, parole, next(iter(scelte)), Tipo.SCELTA, scelte=tuple(scelte))
        case django_filters.BooleanFilter():
            return Parametro(nome, parole, "true", Tipo.SCELTA, scelte=("true", "false"))
        case django_filters.DateFilter():
            return Parametro(nome, parole, "2024-12-31", Tipo.DATA)
        case FiltroMese():
            return Parametro(nome, parole, "2026-10", forma=MESE)
        case FiltroEuro():
            return Parametro(
                nome, f"{parole} Euro, con il punto per i decimali.", "1250000.00", Tipo.IMPORTO, forma=IMPORTO
            )
    return Parametro(nome, parole, None, forma=TESTO, lunghezza=LUNGHEZZA)


def _parole(filtro: Any) -> str:
    testo = str(filtro.label or "")
    return f"{testo}." if testo else ""


def _scelte(filtro: Any) -> dict[str, str]:
    """The values of a choice that is written in the code, with their names; none where it is read from the database."""
    scelte = filtro.extra.get("choices") or ()
    if callable(scelte):
        return {}
    return {str(valore): str(testo) for valore, testo in scelte if not isinstance(testo, (list, tuple)) and valore}


def _significati(scelte: Mapping[str, str]) -> list[str]:
    """What the values of a choice mean, where they do not say it themselves."""
    da_dire = {valore: testo for valore, testo in scelte.items() if valore.replace("_", " ") != testo.lower()}
    return [f"{'; '.join(f'{valore}: {_minuscola(testo)}' for valore, testo in da_dire.items())}."] if da_dire else []


def _di_modello(nome: str, filtro: Any, parole: str) -> Parametro:
    righe = filtro.extra["queryset"]
    campo = _chiave(righe, filtro.extra.get("to_field_name") or "pk") if isinstance(righe, QuerySet) else None
    if campo is not None:
        parole = f"{parole.removesuffix('.')} ({campo.verbose_name})."
    nessuno = filtro.extra.get("null_label")
    if nessuno:
        parole = f"{parole} «{filtro.extra.get('null_value', 'null')}» per: {_minuscola(nessuno)}."
    if isinstance(campo, IntegerField) and not nessuno:
        return Parametro(nome, parole, 1, Tipo.INTERO, minimo=0, massimo=INTERO_MASSIMO)
    return Parametro(nome, parole, None, forma=TESTO, lunghezza=getattr(campo, "max_length", None) or LUNGHEZZA)


def _chiave(righe: QuerySet[Any], nome: str) -> Field[Any, Any]:
    campo: Field[Any, Any] = righe.model._meta.pk if nome == "pk" else righe.model._meta.get_field(nome)
    return campo


def _minuscola(testo: str | Promise) -> str:
    scritto = str(testo)
    return scritto if scritto[1:2].isupper() else scritto[:1].lower() + scritto[1:]


# --- The check ----------------------------------------------------------------------------------------------------


def errore(parametro: Parametro, scritto: str) -> str:
    """What is wrong in how a parameter is written; empty where nothing is."""
    if parametro.lunghezza is not None and len(scritto) > parametro.lunghezza:
        return _("È troppo lungo: al massimo %(massimo)s caratteri.") % {"massimo": parametro.lunghezza}
    match parametro.tipo:
        case Tipo.SCELTA if scritto not in parametro.scelte:
            return _("«%(valore)s» non è fra i valori possibili: %(scelte)s.") % {
                "valore": scritto[:60],
                "scelte": ", ".join(parametro.scelte),
            }
        case Tipo.TESTI:
            ignoti = [voce for voce in scritto.split(",") if voce not in parametro.scelte]
            if ignoti:
                return _("«%(ignoti)s»: non c'è. Ci sono: %(scelte)s.") % {
                    "ignoti": ", ".join(ignoti)[:200],
                    "scelte": ", ".join(parametro.scelte),
                }
        case Tipo.INTERO if not _intero(parametro, scritto):
            return _("Serve un numero intero da %(minimo)s a %(massimo)s.") % {
                "minimo": parametro.minimo,
                "massimo": parametro.massimo,
            }
        case Tipo.DATA if giorno(scritto) is None:
            return _("Serve un giorno come 2024-12-31.")
        case Tipo.ISTANTE if istante(scritto) is None:
            return _("Serve un istante con il suo fuso, come 2026-11-27T22:00:00Z.")
        case Tipo.IMPORTO if not re.fullmatch(IMPORTO, scritto):
            return _("Serve un importo in euro come 1250000.00, con il punto per i decimali.")
    if parametro.forma and not re.fullmatch(parametro.forma, scritto):
        return _("È vuoto, oppure contiene caratteri che qui non possono esserci.")
    return ""


def _intero(parametro: Parametro, scritto: str) -> bool:
    if not re.fullmatch(r"-?[0-9]{1,19}", scritto):
        return False
    numero = int(scritto)
    return (parametro.minimo is None or parametro.minimo <= numero) and (
        parametro.massimo is None or numero <= parametro.massimo
    )


def giorno(scritto: str) -> date | None:
    """A day as RFC 3339 writes it; None where it is not one."""
    if not re.fullmatch(GIORNO, scritto):
        return None
    try:
        return date.fromisoformat(scritto)
    except ValueError:
        return None


def istante(scritto: str) -> datetime | None:
    """An instant as RFC 3339 writes it; None where it is not one."""
    if not re.fullmatch(ISTANTE, scritto):
        return None
    try:
        return datetime.fromisoformat(scritto)
    except ValueError:
        return None
