"""Critical issues of the demonstration: opened in a month, followed up in the next ones, closed, or still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from monitoraggio.demo.storia import Storia
from monitoraggio.mesi import ultimo
from monitoraggio.scelte import GravitaCriticita, TipoCriticita

# Kind, what happens, what is done, who sees to it.
TESTI = (
    (
        TipoCriticita.TECNICA,
        "Durante gli scavi è emersa una condotta non segnata nelle mappe dei sottoservizi.",
        "Si concorda con il gestore lo spostamento della condotta e si aggiorna il progetto esecutivo.",
        "Responsabile unico del progetto",
    ),
    (
        TipoCriticita.AUTORIZZAZIONE,
        "Manca il parere della Soprintendenza sulla facciata.",
        "È stata inviata l'integrazione chiesta; si sollecita il parere in conferenza dei servizi.",
        "Ufficio edilizia pubblica",
    ),
    (
        TipoCriticita.GARA,
        "Un concorrente ha chiesto l'accesso agli atti e chiarimenti sull'aggiudicazione.",
        "Si risponde nei termini e si verifica l'offerta risultata prima.",
        "Centrale di committenza",
    ),
    (
        TipoCriticita.CANTIERE,
        "L'impresa ha ridotto il personale in cantiere e la produzione è sotto il programma.",
        "Ordine di servizio del direttore dei lavori e programma di recupero con verifiche ogni settimana.",
        "Direttore dei lavori",
    ),
    (
        TipoCriticita.FINANZIARIA,
        "L'aumento dei prezzi dei materiali supera quanto accantonato per gli imprevisti.",
        "Si rimodula il quadro economico e si chiede l'accesso al fondo per le opere indifferibili.",
        "Ragioneria",
    ),
    (
        TipoCriticita.ALTRO,
        "Il mercato settimanale va spostato prima di chiudere la piazza al traffico.",
        "Incontri con gli ambulanti e ordinanza per l'area provvisoria.",
        "Ufficio commercio",
    ),
)
SEGUITI = (
    "Incontro fatto: tempi confermati.",
    "In corso, si attende una risposta.",
    "Soluzione concordata, manca l'atto.",
    "Il programma di recupero procede.",
)
CHIUSURA = "Risolta: non incide più sui tempi."


@dataclass(frozen=True)
class Nodo:
    """One critical issue: told from a month to another, both included; open still if `al` is later than the story."""

    riga: str
    dal: date
    al: date
    gravita: str
    testo: int

    def valori(self, mese: date) -> dict[str, Any] | None:
        """Its row in a month; None before it is opened and after the month it is closed in."""
        if not self.dal <= mese <= self.al:
            return None
        tipo, descrizione, azione, responsabile = TESTI[self.testo]
        chiusa = mese == self.al
        seguito = "" if mese == self.dal else SEGUITI[(mese.month + self.testo) % len(SEGUITI)]
        return {
            "tipo": tipo,
            "gravita": self.gravita,
            "descrizione": descrizione,
            "azione": azione,
            "responsabile": responsabile,
            "scadenza": ultimo(self.dal) + timedelta(days=75),
            "seguito": CHIUSURA if chiusa else seguito,
            "chiusa_il": ultimo(mese) - timedelta(days=6) if chiusa else None,
        }


def nodi(storia: Storia, mesi: Sequence[date]) -> list[Nodo]:
    """The critical issues of an intervento over the months it tells."""
    caso = storia.caso("criticita")
    vissuti = [mese for mese in mesi if mese >= storia.aggiudicata.replace(day=1)]
    quanti = caso.choice((0, 0, 0, 1, 1, 2))
    # What has ended leaves nothing open behind it.
    finito = bool(vissuti) and storia.collaudo.fine <= ultimo(vissuti[-1])
    oltre = vissuti[-1] if finito else date.max
    trovati = []
    for numero in range(1, quanti + 1):
        if len(vissuti) < 4:
            break
        inizio = caso.randrange(len(vissuti) - 1)
        fine = inizio + caso.randint(1, 7)
        gravita = caso.choice((GravitaCriticita.BASSA, GravitaCriticita.MEDIA, GravitaCriticita.MEDIA))
        trovati.append(
            Nodo(
                riga=f"c{numero}",
                dal=vissuti[inizio],
                al=vissuti[fine] if fine < len(vissuti) else oltre,
                gravita=GravitaCriticita.ALTA if caso.random() < 0.2 else gravita,
                testo=caso.randrange(len(TESTI)),
            )
        )
    if storia.posto.vivo and vissuti and caso.random() < 0.3:
        # Something that is open today.
        recente = vissuti[-min(len(vissuti), caso.randint(1, 5))]
        gravita = caso.choice((GravitaCriticita.MEDIA, GravitaCriticita.ALTA))
        trovati.append(Nodo(f"c{quanti + 1}", recente, date.max, gravita, caso.randrange(len(TESTI))))
    return trovati
