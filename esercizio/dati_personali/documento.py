"""`docs/dati-personali.md`, made from the catalogue so that the two cannot part."""

from __future__ import annotations

from django.db.models import Model

from esercizio.dati_personali import classificazione
from esercizio.dati_personali.termini import TERMINI
from esercizio.dati_personali.tipi import Classe

TESTA = """\
# I dati personali

Questo documento è fatto da `esercizio/dati_personali/` con `manage.py documenta_dati_personali`: non si corregge a
mano. Dice quali dati di persone ci sono nel portale, dove, per quanto tempo e che cosa ne fa la cancellazione. Serve a
chi tiene il registro dei trattamenti (art. 30 del GDPR); alle persone parla la pagina `/privacy/`.

Ogni campo di ogni tabella ha una classe: una prova li percorre tutti e fallisce se ne manca uno. Le tabelle delle
versioni passate (`Storico…`) hanno gli stessi campi della loro, e in più chi ha scritto la versione, con il suo numero.
Il registro degli eventi non contiene nomi di chi usa il portale: scrive «Utente n. 12», e la pagina ci mette accanto il
nome che la persona ha oggi.

## Le basi giuridiche

| trattamento | base |
|---|---|
| far entrare chi ne ha titolo, monitorare il programma | art. 6, par. 1, lett. e): compito di interesse pubblico |
| sapere chi ha scritto ogni dato, rispondere ai controlli | lett. c): obbligo di legge (art. 22 reg. UE 2021/241) |
| sicurezza del portale | lett. e) e art. 32 |

La cancellazione (art. 17) incontra il par. 3, lett. b): ciò che la legge impone di conservare resta, legato al numero
della persona. La portabilità (art. 20) non si applica a questi trattamenti; l'esportazione c'è comunque.

## I diritti, e con che cosa si esercitano

| diritto | la persona | l'ente |
|---|---|---|
| accesso (15) | pagina «I miei dati» | pagina «Dati personali», `manage.py esporta_persona NUMERO` |
| rettifica (16) | lo chiede | pagina di amministrazione degli utenti |
| cancellazione (17) | la chiede | «Rendi anonimo», `manage.py rendi_anonimo NUMERO --motivo …` |
| limitazione (18) | la chiede | conto sospeso: la spunta «attivo» nella pagina di amministrazione |
"""


def documento() -> str:
    """The whole text, in Markdown."""
    return "\n".join([TESTA, _tempi(), _cancellazione(), *(_classe(classe) for classe in Classe if _ne_parla(classe))])


def _tempi() -> str:
    righe = ["## Per quanto tempo", "", "| che cosa | per quanto | chi lo applica |", "|---|---|---|"]
    righe += [f"| {termine.che_cosa} | {termine.durata} | {termine.chi} |" for termine in TERMINI.values()]
    return "\n".join(righe) + "\n"


def _cancellazione() -> str:
    righe = ["## Le righe che sono di una persona", "", "| tabella | con «Rendi anonimo» |", "|---|---|"]
    righe += [f"| {_nome(modello)} | {sua.cancellazione.label} |" for modello, sua in classificazione.della_persona()]
    righe += ["| sessioni (`sessions.Session`) | si chiudono ed eliminano |", ""]
    return "\n".join(righe)


def _ne_parla(classe: Classe) -> bool:
    return classe is not Classe.NESSUNO


def _classe(classe: Classe) -> str:
    """The fields of a class, table by table; those of past versions are not said again."""
    righe = [f"## {str(classe.label).capitalize()}", "", "| tabella | campi | termine |", "|---|---|---|"]
    for modello in classificazione.modelli():
        sua = classificazione.voce(modello)
        campi = [nome for nome, la_sua in (sua.classi() if sua else {}).items() if la_sua is classe]
        if sua is not None and campi:
            termine = TERMINI[sua.termine].che_cosa if sua.termine else "–"
            righe.append(f"| {_nome(modello)} | {', '.join(f'`{campo}`' for campo in campi)} | {termine} |")
    return "\n".join(righe) + "\n"


def _nome(modello: type[Model]) -> str:
    return f"{classificazione.nome_di(modello)} (`{modello._meta.label}`)"
