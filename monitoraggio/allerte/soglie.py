"""The thresholds of the early warnings, each from a day on, with its source or as a choice of the office.

A change is one more line in its values, never an edit: the warnings of a past day are judged by those of that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from monitoraggio.allerte.tipi import Testo
from piani_integrati.regole.tipi import Soglia, SogliaDatata

# The first month whose data ReGiS asked for.
DAL_MONITORAGGIO = date(2022, 1, 1)
# The public contracts code of 2023 (D.Lgs. 36/2023, art. 229).
CODICE_2023 = date(2023, 7, 1)


@dataclass(frozen=True)
class SogliaAllarme:
    """A threshold by its name, what it measures and in which unit."""

    nome: str
    titolo: Testo
    unita: Testo
    soglia: Soglia


GIORNI, MESI, PUNTI, PERCENTO, EURO = _("giorni"), _("mesi"), _("punti percentuali"), _("%"), _("€")


def _scelta(nome: str, titolo: Testo, valore: str, unita: Testo, perche: Testo) -> SogliaAllarme:
    return SogliaAllarme(nome, titolo, unita, Soglia((SogliaDatata(DAL_MONITORAGGIO, Decimal(valore), perche),)))


_TUTTE = (
    _scelta(
        "giorni_previsione",
        _("ritardo previsto oltre la scadenza di un traguardo o la fine da piano"),
        "0",
        GIORNI,
        _("scelta dell'ufficio: anche un giorno di ritardo dichiarato va guardato"),
    ),
    _scelta(
        "giorni_ritmo",
        _("ritardo che risulta dal ritmo dei lavori"),
        "30",
        GIORNI,
        _("scelta dell'ufficio: i dati sono di un mese, e meno di un mese non si distingue"),
    ),
    _scelta(
        "mesi_senza_dati",
        _("mesi senza un avanzamento approvato, oltre il termine di invio"),
        "2",
        MESI,
        _("scelta dell'ufficio: un mese in ritardo lo ricordano i promemoria"),
    ),
    _scelta(
        "mesi_lavori_fermi",
        _("mesi con i lavori aperti e la stessa percentuale"),
        "2",
        MESI,
        _("scelta dell'ufficio, sulla misura dei mesi passati: due mesi fermi quasi sempre spostano la fine"),
    ),
    _scelta(
        "giorni_avvio",
        _("ritardo dell'inizio dei lavori sul piano"),
        "30",
        GIORNI,
        _("scelta dell'ufficio: un mese per la consegna dei lavori"),
    ),
    _scelta(
        "giorni_fine_vicina",
        _("giorni che mancano alla fine prevista"),
        "90",
        GIORNI,
        _("scelta dell'ufficio: un trimestre prima si può ancora chiedere una proroga"),
    ),
    _scelta(
        "percento_fine_vicina",
        _("lavori fatti, vicino alla fine prevista"),
        "75",
        PERCENTO,
        _("scelta dell'ufficio: in un trimestre si fa di rado più di un quarto dei lavori"),
    ),
    _scelta(
        "giorni_criticita",
        _("ritardo sulla data di una criticità grave"),
        "0",
        GIORNI,
        _("scelta dell'ufficio: la data l'ha scritta chi se ne occupa"),
    ),
    _scelta(
        "punti_spesa_indietro",
        _("pagamenti indietro sui lavori"),
        "25",
        PUNTI,
        _("scelta dell'ufficio: fra un SAL e il suo pagamento passano di solito meno lavori"),
    ),
    SogliaAllarme(
        "punti_spesa_avanti",
        _("pagamenti avanti sui lavori"),
        PUNTI,
        Soglia(
            (
                SogliaDatata(DAL_MONITORAGGIO, Decimal(30), _("l'anticipazione del 30 % dell'art. 207 DL 34/2020")),
                SogliaDatata(CODICE_2023, Decimal(30), _("l'anticipazione del 30 % dell'art. 125 D.Lgs. 36/2023")),
            )
        ),
    ),
    _scelta(
        "giorni_aggiudicazione",
        _("giorni dalla pubblicazione di una gara all'aggiudicazione"),
        "120",
        GIORNI,
        _("scelta dell'ufficio, sui quattro mesi dell'art. 1 DL 76/2020 per le procedure negoziate"),
    ),
    _scelta(
        "giorni_cup_provvisorio",
        _("giorni dall'aggiudicazione con il CUP ancora provvisorio"),
        "30",
        GIORNI,
        _("scelta dell'ufficio: dopo l'aggiudicazione un progetto ha bisogno di un CUP attivo"),
    ),
    _scelta(
        "punti_quota_privata",
        _("margine sotto il massimo della quota dei privati"),
        "3",
        PUNTI,
        _("scelta dell'ufficio: una variante di qualche punto basta a superarlo"),
    ),
    _scelta(
        "percento_costo_minimo",
        _("margine sopra il costo minimo del piano"),
        "5",
        PERCENTO,
        _("scelta dell'ufficio: le economie di gara sono spesso di più"),
    ),
    _scelta(
        "giorni_ex_post",
        _("giorni che mancano alla fine dei lavori senza la check-list DNSH ex post"),
        "60",
        GIORNI,
        _("scelta dell'ufficio: il tempo di raccogliere le evidenze"),
    ),
    _scelta(
        "giorni_esito_perso",
        _("giorni per cui si ricorda che un esito conforme non è più determinabile"),
        "30",
        GIORNI,
        _("scelta dell'ufficio: poi lo dice la verifica delle regole"),
    ),
    _scelta(
        "euro_differenza",
        _("differenza di importo da ReGiS, o fra fonti e finanziamento"),
        "0.00",
        EURO,
        _("scelta dell'ufficio: gli importi devono tornare al centesimo"),
    ),
    _scelta(
        "giorni_da_decidere",
        _("giorni da cui una differenza con ReGiS aspetta una decisione"),
        "7",
        GIORNI,
        _("scelta dell'ufficio: una settimana per guardarla"),
    ),
)
SOGLIE: Mapping[str, SogliaAllarme] = {soglia.nome: soglia for soglia in _TUTTE}


def al(giorno: date) -> dict[str, Decimal]:
    """The values in force on a day, by name; those that did not exist yet are left out."""
    in_vigore = {nome: una.soglia.al(giorno) for nome, una in SOGLIE.items()}
    return {nome: datata.valore for nome, datata in in_vigore.items() if datata is not None}
