"""What the workbook says to who fills it in."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as pigro
from django.utils.translation import ngettext

from monitoraggio.foglio.colonne import ESITI
from monitoraggio.foglio.tipi import Genere, Libro
from monitoraggio.scheda import Campo
from monitoraggio.scheda import Genere as Tipo
from psttm import formati

GENERI: dict[Genere, str | Promise] = {
    Genere.CAMBIO: pigro("cambiato"),
    Genere.SCONTRO: pigro("cambiato anche da altri"),
    Genere.RIFIUTO: pigro("rifiutato"),
    Genere.NOTA: pigro("da sapere"),
    Genere.ERRORE: pigro("errore da correggere prima dell'invio"),
    Genere.AVVISO: pigro("avviso da spiegare prima dell'invio"),
}
# The columns of the sheet of outcomes, with their widths.
TITOLI_ESITI: tuple[tuple[str | Promise, int], ...] = (
    (pigro("Foglio"), 22),
    (pigro("Riga"), 7),
    (pigro("Colonna"), 26),
    (pigro("CUP"), 19),
    (pigro("Esito"), 26),
    (pigro("Nel foglio"), 26),
    (pigro("Nel portale"), 26),
    (pigro("Perché"), 70),
)


def titolo(mese: date) -> str:
    return _("Avanzamenti di %(mese)s") % {"mese": formati.mese(mese)}


def leggimi(libro: Libro, *, restituito: bool = False) -> list[tuple[str, list[str]]]:
    """The first sheet: titles, each with its sentences."""
    quanti = ngettext("%(n)s intervento", "%(n)s interventi", len(libro.soggetti)) % {"n": len(libro.soggetti)}
    inizio = _("%(quanti)s, come risultano nel portale il %(quando)s.") % {
        "quanti": quanti,
        "quando": formati.data_ora(libro.scaricato),
    }
    capitoli = [(titolo(libro.mese), [inizio])]
    if restituito:
        capitoli.append(
            (
                _("Che cosa correggere"),
                [
                    _(
                        "Le celle rosse non sono state prese; quelle arancioni sono state prese, ma vanno corrette o "
                        "spiegate prima dell'invio. Il commento di ogni cella dice perché; il foglio «%(esiti)s» le "
                        "elenca tutte."
                    )
                    % {"esiti": ESITI},
                    _("Correggi qui e ricarica questo file: ciò che era già stato preso non cambia una seconda volta."),
                ],
            )
        )
    return [*capitoli, *_istruzioni()]


def _istruzioni() -> list[tuple[str, list[str]]]:
    return [
        (
            _("Come si compila"),
            [
                _("Ogni foglio è una sezione dell'avanzamento; ogni riga è di un intervento, con il suo CUP."),
                _(
                    "Scrivi nelle celle bianche. Le celle grigie si leggono e basta: le date previste, per esempio, "
                    "cambiano con una proroga."
                ),
                _(
                    "Una cella svuotata cancella il valore nella bozza. Una riga eliminata dal foglio non toglie "
                    "nulla: per togliere una riga scrivi «sì» nella colonna «Togli la riga»."
                ),
                _("Le colonne con * servono in ogni riga che non è vuota."),
            ],
        ),
        (
            _("Righe nuove"),
            [
                _(
                    "Sotto le righe di ogni intervento ce ne sono alcune vuote: usale per SAL, impegni, pagamenti, "
                    "criticità, indicatori e anni."
                ),
                _(
                    "Se non bastano scrivi in fondo al foglio: il CUP (e il codice locale, se il CUP ha più progetti) "
                    "e i valori della riga."
                ),
            ],
        ),
        (
            _("Date, importi, percentuali"),
            [
                _("Date come 31/12/2024. Importi come 1.234,56, da zero in su, al massimo con due decimali."),
                _("Percentuali da 0 a 100 senza il segno %: per il 45,5 per cento scrivi 45,5."),
                _("I documenti si allegano nel portale, nella pagina dell'avanzamento."),
            ],
        ),
        (
            _("Per finire"),
            [
                _(
                    "Salva come .xlsx e carica il file nella pagina «Foglio di calcolo» del monitoraggio. Prima di "
                    "scrivere il portale ti mostra che cosa cambierebbe."
                ),
                _(
                    "Se nel frattempo qualcuno ha cambiato la stessa cella nel portale, il suo valore resta e il "
                    "portale te lo dice."
                ),
                _(
                    "Non cambiare i titoli delle colonne e non spostare le righe in un'altra cartella: il portale non "
                    "le riconoscerebbe."
                ),
            ],
        ),
    ]


def errore_di(campo: Campo) -> str:
    """What is said when something else is typed in a cell of this column."""
    if campo.genere in {Tipo.IMPORTO, Tipo.QUANTITA}:
        return _("Scrivi un numero da zero in su, per esempio 1.234,56.")
    if campo.genere is Tipo.PERCENTO:
        return _("Scrivi un numero da 0 a 100 senza il segno %, per esempio 45,5.")
    if campo.genere is Tipo.DATA:
        return _("Scrivi un giorno, per esempio 31/12/2024.")
    if campo.genere is Tipo.ANNO:
        return _("Scrivi un anno di quattro cifre, per esempio 2025.")
    if campo.genere is Tipo.SCELTA:
        return _("Scegli dall'elenco: %(scelte)s.") % {"scelte": ", ".join(str(nome) for _valore, nome in campo.scelte)}
    if campo.genere is Tipo.SPUNTA:
        return _("Scrivi «sì», oppure lascia vuoto.")
    return _("Il testo è troppo lungo: al massimo %(massimo)s caratteri.") % {"massimo": formati.numero(campo.massimo)}
