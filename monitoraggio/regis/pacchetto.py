"""The package of a body: one file a table, a page that explains them, the list of what is missing."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import IO

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enti.models import Ente
from interventi.models import Intervento
from monitoraggio.regis import fatti as lettura
from monitoraggio.regis import mancanze, righe
from monitoraggio.regis.fatti import Fatti
from monitoraggio.regis.mancanze import Mancanza, Peso
from monitoraggio.regis.scrittura import scrivi_riga
from monitoraggio.regis.tracciato import CODIFICA, FN04, FN06, IN_PAROLE, TABELLE
from monitoraggio.scelte import TipoImpegno, TipoPagamento
from psttm import formati
from registro.tabella_csv import innocuo, intera

ZERO = Decimal("0.00")
LEGGIMI, ELENCO_MANCANZE = "LEGGIMI.txt", "mancanze.csv"
PARTI = {Peso.MANCA: "manca", Peso.AVVISO: "da sapere"}


@dataclass(frozen=True)
class Pacchetto:
    """What is sent to ReGiS of a body on a day, as known at an instant. `testi` are the files, by table.

    `esclusi` are the interventi of the body that are not marked as monitored in ReGiS.
    """

    ente: Ente
    al: date
    noto_al: datetime
    fatti: list[Fatti]
    righe: Counter[str]
    testi: dict[str, str]
    mancanze: list[Mancanza]
    esclusi: int

    @property
    def nome_file(self) -> str:
        return f"regis-{slugify(self.ente.denominazione)}-{self.al.isoformat()}.zip"

    @cached_property
    def mancanti(self) -> list[Mancanza]:
        return [m for m in self.mancanze if m.peso is Peso.MANCA]

    @cached_property
    def avvisi(self) -> list[Mancanza]:
        return [m for m in self.mancanze if m.peso is Peso.AVVISO]

    @property
    def interventi_incompleti(self) -> int:
        return len({m.fatti.intervento.pk for m in self.mancanti})

    @property
    def totale_righe(self) -> int:
        return sum(self.righe.values())

    @property
    def impegnato(self) -> Decimal:
        """Net of disimpegni, in EUR."""
        return sum(
            (
                -r.importo if r.tipo == TipoImpegno.DISIMPEGNO else r.importo
                for f in self.fatti
                for r in f.registro.impegni
            ),
            ZERO,
        )

    @property
    def pagato(self) -> Decimal:
        """Net of recuperi, in EUR."""
        return sum(
            (
                -r.importo if r.tipo == TipoPagamento.RECUPERO else r.importo
                for f in self.fatti
                for r in f.registro.pagamenti
            ),
            ZERO,
        )

    @cached_property
    def impronta(self) -> str:
        """SHA-256 of the tables, one after the other: the same facts give the same one."""
        return hashlib.sha256("".join(self.testi[t.codice] for t in TABELLE).encode(CODIFICA)).hexdigest()


def componi(ente: Ente, *, al: date, noto_al: datetime | None = None) -> Pacchetto:
    """The package of a body on a day, in memory. A fixed number of queries, however many interventi it has."""
    istante = noto_al or timezone.now()
    suoi = Intervento.objects.filter(soggetto_attuatore=ente)
    fatti = lettura.leggi(suoi.filter(monitorato_regis=True), al=al, noto_al=istante)
    scritte = [(riga, scrivi_riga(riga.tabella, riga.sul_filo())) for fatto in fatti for riga in righe.di(fatto, al)]
    testi: dict[str, list[str]] = {tabella.codice: [] for tabella in TABELLE}
    for riga, scritta in scritte:
        testi[riga.tabella.codice].append(scritta.testo)
    return Pacchetto(
        ente=ente,
        al=al,
        noto_al=istante,
        fatti=fatti,
        righe=Counter({codice: len(pezzi) for codice, pezzi in testi.items()}),
        testi={codice: "".join(pezzi) for codice, pezzi in testi.items()},
        mancanze=mancanze.trova(fatti, scritte, al),
        esclusi=suoi.filter(monitorato_regis=False).count(),
    )


def scrivi_zip(pacchetto: Pacchetto, dove: IO[bytes]) -> None:
    with zipfile.ZipFile(dove, "w", zipfile.ZIP_DEFLATED) as archivio:
        for tabella in TABELLE:
            archivio.writestr(tabella.nome_file, pacchetto.testi[tabella.codice].encode(CODIFICA))
        archivio.writestr(LEGGIMI, "".join(f"{riga}\r\n" for riga in _leggimi(pacchetto)).encode(CODIFICA))
        archivio.writestr(ELENCO_MANCANZE, csv_mancanze(pacchetto).encode(CODIFICA))


def csv_mancanze(pacchetto: Pacchetto) -> str:
    """The list of what is missing, for a spreadsheet: UTF-8 with BOM, `;`."""
    intestazione = (
        "codice_locale_progetto", "cup", "intervento", "tabella", "campo", "genere", "che_cosa", "dove_si_corregge",
    )  # fmt: skip
    return intera(intestazione, map(_in_celle, pacchetto.mancanze))


def _in_celle(manca: Mancanza) -> list[str]:
    intervento = manca.fatti.intervento
    celle = (
        manca.fatti.codice,
        intervento.cup,
        intervento.nome,
        manca.tabella.codice,
        manca.campo,
        PARTI[manca.peso],
        manca.testo,
        manca.rimedio,
    )
    return [innocuo(cella) for cella in celle]


def _leggimi(pacchetto: Pacchetto) -> Iterator[str]:
    """The explanation that goes with the files, line by line."""
    al = formati.data_breve(pacchetto.al)
    yield _("Dati per ReGiS: %(ente)s, situazione al %(al)s") % {"ente": pacchetto.ente, "al": al}
    yield _("Preparati il %(quando)s dal Portale PNRR della Città metropolitana di Milano") % {
        "quando": formati.data_ora(pacchetto.noto_al)
    }
    yield ""
    yield from _che_cosa(pacchetto)
    yield ""
    yield _("COME SONO SCRITTI I FILE")
    yield _("Un file per tabella, senza riga di intestazione; UTF-8; righe chiuse da CR LF; campi divisi da «|».")
    yield _(
        "Date gg/mm/aaaa; decimali con la virgola e due cifre; importi in euro. L'ordine dei campi è quello qui sotto."
    )
    yield _(
        "Nei testi barre verticali, virgolette doppie e a capo sono diventati spazi; i troppo lunghi sono tagliati."
    )
    yield _("Ogni ritocco è detto in mancanze.csv. I codici non si tagliano mai.")
    yield _("FLG_CANCELLAZIONE «S»: impegno o pagamento approvato in passato e poi tolto da una correzione.")
    yield _("I campi che seguono sono scritti in parole, perché i codici di ReGiS non sono pubblici:")
    yield "  " + ", ".join(f"{tabella}.{campo}" for tabella, campo in IN_PAROLE)
    yield ""
    yield _("TABELLE")
    for tabella in TABELLE:
        titolo = _("%(titolo)s, %(righe)s righe") % {
            "titolo": tabella.titolo,
            "righe": formati.numero(pacchetto.righe[tabella.codice]),
        }
        yield f"{tabella.nome_file}  {titolo}"
        impronta = hashlib.sha256(pacchetto.testi[tabella.codice].encode(CODIFICA)).hexdigest()
        yield f"  SHA-256 {impronta}"
        yield "  " + "|".join(f"{campo.nome}({campo.lunghezza})" for campo in tabella.campi)


def _che_cosa(pacchetto: Pacchetto) -> Iterator[str]:
    yield _("CHE COSA CONTIENE")
    quanti = len(pacchetto.fatti)
    yield ngettext("%(quanti)s intervento.", "%(quanti)s interventi.", quanti) % {"quanti": formati.numero(quanti)}
    yield _("Del monitoraggio c'è solo ciò che la Città metropolitana ha approvato, nella versione in vigore.")
    yield _("L'anagrafe, i finanziamenti e i soggetti sono quelli del portale al momento della preparazione.")
    yield _("Impegni al netto dei disimpegni (%(tabella)s): %(importo)s") % {
        "tabella": FN04.codice,
        "importo": formati.euro(pacchetto.impegnato),
    }
    yield _("Pagamenti al netto dei recuperi (%(tabella)s): %(importo)s") % {
        "tabella": FN06.codice,
        "importo": formati.euro(pacchetto.pagato),
    }
    yield _("Mancanze: %(mancanze)s, in %(interventi)s interventi; cose da sapere: %(avvisi)s (vedi mancanze.csv).") % {
        "mancanze": formati.numero(len(pacchetto.mancanti)),
        "interventi": formati.numero(pacchetto.interventi_incompleti),
        "avvisi": formati.numero(len(pacchetto.avvisi)),
    }
    if pacchetto.esclusi:
        frase = ngettext(
            "Fuori dal pacchetto: %(quanti)s intervento che non risulta monitorato in ReGiS.",
            "Fuori dal pacchetto: %(quanti)s interventi che non risultano monitorati in ReGiS.",
            pacchetto.esclusi,
        )
        yield frase % {"quanti": formati.numero(pacchetto.esclusi)}
