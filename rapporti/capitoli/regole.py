"""How a piano stands to the rules: outcome, measure, threshold, and the interventi that cause a failure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.text import slugify

from monitoraggio.opere.tipi import DerogaConcessa, Giudizio, Gruppo, Opera
from piani_integrati import parole
from piani_integrati.esiti import Esito, peggiore
from piani_integrati.racconto import nome_breve, piano_in_parole
from piani_integrati.regole import PER_CODICE, REGOLE, Livello, Regola
from psttm import formati
from rapporti.capitoli.cifre import conta
from rapporti.capitoli.legami import intervento
from rapporti.documento import (
    Blocco,
    Cella,
    Colonna,
    Frase,
    Paragrafo,
    Segno,
    Sezione,
    Stile,
    Tabella,
    Tavola,
    Unita,
    frase,
)
from rapporti.lettura.quadro import Quadro

# How many of the interventi that cause a failure are named in the chapter.
CAUSE = 25
MAI = "mai verificata"
COLONNE = (
    Colonna("regola", "Regola", larghezza=28),
    Colonna("esito", "Esito", larghezza=19),
    Colonna("misura", "Valore", larghezza=17),
    Colonna("soglia", "Soglia", larghezza=18),
    Colonna("non_conformi", "Non conformi", Unita.NUMERO, 10),
    Colonna("senza_dati", "Senza dati", Unita.NUMERO, 8),
    Colonna("deroghe", "Deroghe", Unita.NUMERO, 9),
    Colonna("dal", "Dal", Unita.DATA, 12),
)
# The column that is there only where something is waived.
DEROGHE = 6
EVIDENZA = (
    Colonna("regola", "Regola", larghezza=20),
    Colonna("intervento", "Intervento che ne è causa", larghezza=40),
    Colonna("attuatore", "Soggetto attuatore", larghezza=20),
)
TAVOLA = (
    Colonna("piano", "Piano"),
    Colonna("regola", "Regola", larghezza=30),
    Colonna("obbligatoria", "Obbligatoria"),
    Colonna("livello", "Livello"),
    Colonna("esito", "Esito"),
    Colonna("misura", "Valore", larghezza=14),
    Colonna("soglia", "Soglia", larghezza=14),
    Colonna("conformi", "Conformi", Unita.NUMERO),
    Colonna("non_conformi", "Non conformi", Unita.NUMERO),
    Colonna("non_determinabili", "Senza dati", Unita.NUMERO),
    Colonna("non_applicabili", "Non riguardati", Unita.NUMERO),
    Colonna("cause", "Interventi che ne sono causa", Unita.CODICE, 30),
    Colonna("deroghe", "Deroghe", larghezza=20),
    Colonna("dal", "Esito in vigore dal", Unita.DATA),
    Colonna("fonte", "Fonte", larghezza=20),
)


def regole(gruppo: Gruppo, quadro: Quadro, ancora: str) -> Sezione | None:
    """None for a piano that no rule is about."""
    sue = _sue(gruppo)
    if not sue:
        return None
    giudizi = _giudizi(gruppo, quadro)
    blocchi: list[Blocco] = [Paragrafo(_frasi(gruppo, sue, giudizi, ancora), Stile.SINTESI, elenco=True)]
    obbligatorie = [regola for regola in sue if regola.obbligatoria]
    blocchi.append(_tabella(gruppo, quadro, obbligatorie, giudizi, f"{ancora}-regole", "Regole obbligatorie"))
    evidenza = _evidenza(obbligatorie, giudizi, quadro, ancora)
    if evidenza is not None:
        blocchi.append(evidenza)
    facoltative = [regola for regola in sue if not regola.obbligatoria]
    if facoltative:
        chiave = f"{ancora}-regole-facoltative"
        blocchi.append(_tabella(gruppo, quadro, facoltative, giudizi, chiave, "Elementi facoltativi"))
    deroghe = _deroghe(gruppo, quadro)
    if deroghe:
        blocchi.append(Paragrafo(deroghe, elenco=True))
    return Sezione(f"{ancora}-regole", "Regole del piano", tuple(blocchi))


def _sue(gruppo: Gruppo) -> list[Regola]:
    return [regola for regola in REGOLE if gruppo.tipo in regola.tipi]


def _giudizi(gruppo: Gruppo, quadro: Quadro) -> dict[str, Giudizio]:
    return {uno.regola: uno for uno in quadro.giudizi if uno.piano_id == gruppo.pk and uno.regola in PER_CODICE}


def _chiave(gruppo: Gruppo, regola: Regola) -> str:
    return f"{slugify(gruppo.codice)}-{regola.codice}"


# --- Sentences -------------------------------------------------------------------------------------------------------


def _frasi(gruppo: Gruppo, sue: Sequence[Regola], giudizi: dict[str, Giudizio], ancora: str) -> tuple[Frase, ...]:
    """Non è conforme: 1 regola non è rispettata, di 8 mancano dati. Then which, and the rules never judged."""
    obbligatorie = [regola for regola in sue if regola.obbligatoria]
    giudicate = [regola for regola in obbligatorie if regola.codice in giudizi]
    if not giudicate:
        return (frase(f"{gruppo.codice} non è mai stato verificato."),)
    esiti = [giudizi[regola.codice].esito for regola in giudicate]
    conformi, violate, ignote = (
        esiti.count(esito) for esito in (Esito.CONFORME, Esito.NON_CONFORME, Esito.NON_DETERMINABILE)
    )
    frasi = [frase(piano_in_parole(peggiore(set(esiti)), conformi, violate, ignote))]
    for esito, che_cosa in (
        (Esito.NON_CONFORME, "Non rispettate"),
        (Esito.NON_DETERMINABILE, "Senza dati sufficienti"),
    ):
        quali = [regola for regola in giudicate if giudizi[regola.codice].esito == esito]
        if quali:
            nome = f"{ancora}.regole.{esito.codice.replace('_', '-')}"
            cifra = conta(nome, f"Regole obbligatorie: {esito.label}", (_chiave(gruppo, r) for r in quali), "regole")
            nomi = ", ".join(formati.lower_iniziale(nome_breve(regola)) for regola in quali)
            frasi.append(frase(f"{che_cosa} (", cifra, f"): {nomi}."))
    mai = len(obbligatorie) - len(giudicate)
    if mai:
        frasi.append(
            frase(
                "Una regola non è mai stata verificata." if mai == 1 else f"{mai} regole non sono mai state verificate."
            )
        )
    return tuple(frasi)


def _deroghe(gruppo: Gruppo, quadro: Quadro) -> tuple[Frase, ...]:
    """A waiver never hides the outcome: it stands beside it."""
    per_pk = quadro.per_pk()
    return tuple(_deroga(una, per_pk) for una in quadro.deroghe if una.piano_id == gruppo.pk)


def _deroga(una: DerogaConcessa, per_pk: dict[int, Opera]) -> Frase:
    regola = PER_CODICE.get(una.regola)
    nome = nome_breve(regola) if regola is not None else una.regola
    testo = f"Deroga alla regola «{nome}»: {una.atto} del {formati.data_breve(una.data)}"
    if una.intervento_id is not None:
        opera = per_pk.get(una.intervento_id)
        testo += f", per {opera.nome}" if opera is not None else ", per un intervento fuori dal rapporto"
    return frase(f"{testo}. {una.motivo.strip().rstrip('.')}." if una.motivo.strip() else f"{testo}.")


# --- Tables ----------------------------------------------------------------------------------------------------------


def _tabella(
    gruppo: Gruppo, quadro: Quadro, quali: Sequence[Regola], giudizi: dict[str, Giudizio], chiave: str, titolo: str
) -> Tabella:
    righe = [_riga(gruppo, quadro, regola, giudizi.get(regola.codice)) for regola in quali]
    con_deroghe = any(riga[DEROGHE] for riga in righe)
    presenti = [posto for posto in range(len(COLONNE)) if con_deroghe or posto != DEROGHE]
    nota = (
        "Non conformi e senza dati contano gli interventi; «dal» è il giorno della verifica da cui vale l'esito. Il "
        "valore è il peggiore fra gli interventi, o quello dell'insieme dove la regola guarda il piano intero."
    )
    return Tabella(
        chiave,
        titolo,
        tuple(COLONNE[posto] for posto in presenti),
        tuple(tuple(riga[posto] for posto in presenti) for riga in righe),
        nota=nota if quali and quali[0].obbligatoria else "",
    )


def _riga(gruppo: Gruppo, quadro: Quadro, regola: Regola, uno: Giudizio | None) -> tuple[Cella, ...]:
    deroghe = sum(1 for una in quadro.deroghe if una.piano_id == gruppo.pk and una.regola == regola.codice) or None
    if uno is None:
        return str(regola.titolo), MAI, None, None, None, None, deroghe, None
    return (
        str(regola.titolo),
        Segno(uno.esito.codice),
        parole.valore(regola, uno.misura),
        parole.soglia(regola, uno.soglia),
        uno.non_conformi or None,
        uno.non_determinabili or None,
        deroghe,
        timezone.localdate(uno.dal),
    )


def _evidenza(quali: Sequence[Regola], giudizi: dict[str, Giudizio], quadro: Quadro, ancora: str) -> Tabella | None:
    """The interventi that cause a failure, rule by rule; those that are not in the report are counted."""
    per_pk = quadro.per_pk()
    righe: list[tuple[Cella, ...]] = []
    altri = 0
    for regola in quali:
        uno = giudizi.get(regola.codice)
        if uno is None or uno.esito != Esito.NON_CONFORME:
            continue
        note = [per_pk[pk] for pk in uno.cause if pk in per_pk]
        note.sort(key=lambda opera: opera.ordine)
        righe += [(nome_breve(regola), intervento(quadro, opera), opera.attuatore) for opera in note]
        altri += max(uno.non_conformi, len(uno.cause)) - len(note)
    if not righe:
        return None
    altri += len(righe[CAUSE:])
    nota = ""
    if altri:
        nota = f"E altri {altri} interventi" if altri > 1 else "E un altro intervento"
        nota += ", nei dati allegati o fuori dal perimetro del rapporto."
    return Tabella(f"{ancora}-regole-cause", "Perché non sono rispettate", EVIDENZA, tuple(righe[:CAUSE]), nota=nota)


def tavola_regole(quadro: Quadro) -> Tavola:
    righe = {}
    per_pk = quadro.per_pk()
    for gruppo in quadro.gruppi:
        giudizi = _giudizi(gruppo, quadro)
        for regola in _sue(gruppo):
            righe[_chiave(gruppo, regola)] = _grezza(gruppo, regola, giudizi.get(regola.codice), quadro, per_pk)
    return Tavola("regole", "Regole dei piani", TAVOLA, righe)


def _grezza(
    gruppo: Gruppo, regola: Regola, uno: Giudizio | None, quadro: Quadro, per_pk: dict[int, Opera]
) -> tuple[str | int | object | None, ...]:
    deroghe = "; ".join(
        f"{una.atto} del {formati.data_breve(una.data)}"
        for una in quadro.deroghe
        if una.piano_id == gruppo.pk and una.regola == regola.codice
    )
    testa = (
        gruppo.codice, str(regola.titolo), "sì" if regola.obbligatoria else "no",
        "ogni intervento" if regola.livello is Livello.INTERVENTO else "il piano",
    )  # fmt: skip
    if uno is None:
        return (*testa, MAI, "", "", None, None, None, None, "", deroghe, None, str(regola.fonte))
    cause = sorted(per_pk[pk].codice for pk in uno.cause if pk in per_pk)
    return (
        *testa,
        str(uno.esito.label),
        parole.valore(regola, uno.misura),
        parole.soglia(regola, uno.soglia),
        uno.conformi,
        uno.non_conformi,
        uno.non_determinabili,
        uno.non_applicabili,
        ", ".join(cause),
        deroghe,
        timezone.localdate(uno.dal),
        str(regola.fonte),
    )
