"""How good the early warnings are: past months judged again, beside what then happened. `python -m benchmarks.allerte`.

It needs an empty database of its own (DATABASE_URL). At the end of each month every intervento is judged as it was
known on that day; then what happened is read with all that is known since (`monitoraggio.allerte.conseguenze`), on a
synthetic programme whose delays are known (`benchmarks.storia_sintetica`), on the demonstration, and for the tenders
on the real extracts of ReGiS, where they are at hand.

Two yardsticks are measured in the same run, on the same months: who warns of everything, whose precision is how often
the fact happens, and who warns by the declared dates alone. Of what the demonstration has no past of (the register was
loaded in one day), nothing is measured on it.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from benchmarks.misure import prepara_dati
from benchmarks.storia_sintetica import crea
from interventi.models import Finanziamento, Intervento, Localizzazione
from monitoraggio import mesi
from monitoraggio.allerte import giudizio, lettura
from monitoraggio.allerte.conseguenze import CONSEGUENZE, DUE_MESI, PER_CODICE, Conseguenza, Visto
from monitoraggio.allerte.prove.registro import gare_senza_aggiudicazione
from monitoraggio.allerte.qualita import Osservato, Qualita, dichiarati, misura, osserva
from monitoraggio.allerte.tipi import Caso, Contesto, Gara
from monitoraggio.tempo import fine_del_giorno
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from registro.azione import azione
from registro.dimostrazione import carica_tutto
from registro.storia import CREATA, storico_di

QUANTI = 300
GARA = "gara_senza_aggiudicazione"
# The folder of the real data, beside the project where there is one (see ../shared/data/PROVENANCE.md).
GARE = settings.BASE_DIR.parent / "shared/data/regis/PNRR_Gare_Aggiudicatari_2023-03-01_milano_e_pui.csv"
# What is warned of must happen at least so many times as often as on the whole: on the synthetic programme.
GUADAGNO = {
    "traguardo_scaduto": "4", "traguardo_a_rischio": "1.5", "fine_superata": "5", "fine_a_rischio": "1.3",
    "fine_vicina": "1.2", "lavori_fermi": "5", "avvio_in_ritardo": "2.5", "senza_aggiornamenti": "2.5",
    "spesa_indietro": "1.6", "spesa_avanti": "4", "criticita_grave": "1.2", "regola_vicina": "2.5",
    "cup_non_attivo": "8", "gara_senza_aggiudicazione": "1.5", "differenza_regis": "3",
}  # fmt: skip
# And of what happens they must find at least so many times as much as the declared dates alone.
RICHIAMO = {"traguardo_a_rischio": "1.7", "fine_a_rischio": "1.7", "fine_vicina": "1.2"}
GUADAGNO_GARE_VERE = "4"
Osservazioni = dict[str, list[Osservato]]


# --- Judging the past again ------------------------------------------------------------------------------------------


@dataclass
class Ripasso:
    """The same interventi at the ends of months: as known then, and as known now. Each is read once."""

    chiavi: Sequence[int]
    adesso: datetime
    allora: dict[date, dict[int, Caso]] = field(default_factory=dict)
    ora: dict[date, dict[int, Caso]] = field(default_factory=dict)

    def osservazioni(self, fini: Sequence[date], conseguenze: Sequence[Conseguenza]) -> Osservazioni:
        raccolte: Osservazioni = defaultdict(list)
        for al in fini:
            contesto = giudizio.contesto(al, fine_del_giorno(al))
            for pk, caso in self._allora(al).items():
                detti = [(allarme.codice, trovato.riga) for allarme, trovato in giudizio.giudica(caso, contesto)]
                for orizzonte, sue in _per_orizzonte(conseguenze).items():
                    visto = self._visto(pk, caso, al, orizzonte, fini[-1], contesto)
                    if visto is not None and _da_guardare(caso):
                        for codice, osservato in osserva(visto, detti, sue):
                            raccolte[codice].append(osservato)
        return raccolte

    def _visto(self, pk: int, caso: Caso, al: date, orizzonte: int, ultimo: date, contesto: Contesto) -> Visto | None:
        dopo_al = mesi.ultimo(mesi.avanti(mesi.primo(al), orizzonte))
        if dopo_al > ultimo:
            return None
        tutti = [self._ora(al), self._ora(dopo_al), self._allora(dopo_al)]
        if any(pk not in casi for casi in tutti):
            return None
        adesso, dopo, poi = (casi[pk] for casi in tutti)
        return Visto(al, dopo_al, caso, adesso, dopo, poi, contesto)

    def _allora(self, al: date) -> dict[int, Caso]:
        if al not in self.allora:
            self.allora[al] = _per_pk(lettura.casi(self.chiavi, al, fine_del_giorno(al)))
        return self.allora[al]

    def _ora(self, al: date) -> dict[int, Caso]:
        if al not in self.ora:
            self.ora[al] = _per_pk(lettura.casi(self.chiavi, al, self.adesso))
        return self.ora[al]


def _per_pk(casi: Iterator[Caso]) -> dict[int, Caso]:
    return {caso.opera.pk: caso for caso in casi}


def _per_orizzonte(conseguenze: Sequence[Conseguenza]) -> dict[int, list[Conseguenza]]:
    gruppi: dict[int, list[Conseguenza]] = defaultdict(list)
    for una in conseguenze:
        gruppi[una.mesi].append(una)
    return gruppi


def _da_guardare(caso: Caso) -> bool:
    """What was over, or revoked, as known then, is not warned of, and is not counted among what could have been."""
    return caso.opera.segno not in {"concluso", "annullato"} and not caso.proposta


def fini_di_mese(da: date, a: date) -> list[date]:
    """The ends of the months from one to another, both given by any day of theirs."""
    mese, fini = mesi.primo(da), []
    while mese <= a:
        fini.append(mesi.ultimo(mese))
        mese = mesi.avanti(mese)
    return fini


# --- The histories ---------------------------------------------------------------------------------------------------


def sintetica() -> Osservazioni:
    chiavi = crea(QUANTI)
    ripasso = Ripasso(chiavi, timezone.now())
    return ripasso.osservazioni(fini_di_mese(date(2023, 3, 1), date(2025, 11, 30)), CONSEGUENZE)


# Those that read the months alone, which the demonstration has with the day on which each was approved.
DEI_MESI = (
    "fine_superata", "fine_a_rischio", "fine_vicina", "lavori_fermi", "avvio_in_ritardo", "senza_aggiornamenti",
    "spesa_indietro", "spesa_avanti", "criticita_grave",
)  # fmt: skip


def dimostrazione() -> Osservazioni:
    """Its register is taken as known from the start: the warnings that are measured on it do not read what changed."""
    with azione():
        carica_tutto()
    nascita = datetime(2022, 12, 31, tzinfo=timezone.get_current_timezone())
    for modello in (Intervento, Finanziamento, Localizzazione, InterventoNelPiano, PianoIntegrato):
        storico_di(modello)._default_manager.filter(history_type=CREATA).update(history_date=nascita)
    chiavi = list(Intervento.objects.filter(dimostrativo=True).values_list("pk", flat=True))
    ultimo = mesi.ultimo(mesi.avanti(mesi.primo(timezone.localdate()), -1))
    quali = [PER_CODICE[codice] for codice in DEI_MESI]
    return Ripasso(chiavi, timezone.now()).osservazioni(fini_di_mese(date(2023, 3, 1), ultimo), quali)


def gare_vere() -> list[Osservato]:
    """The tenders of ReGiS as they were read on 1 March 2023, at each end of month of 2022; none without the extract.

    Those alone whose award is known: of two in three ReGiS did not say it yet, whether it had been or not.
    """
    if not GARE.is_file():
        return []
    with GARE.open(encoding="utf-8-sig", newline="") as file:
        righe = list(csv.DictReader(file, delimiter=";"))
    gare = {
        f"{riga['CUP']}-{riga['CIG'] or riga['Codice interno PDA']}": (
            _giorno(riga["Data pubblicazione del CIG"]),
            _giorno(riga["Data aggiudicazione definitiva"]),
        )
        for riga in righe
    }
    osservati = []
    for al in fini_di_mese(date(2022, 1, 1), date(2022, 12, 31)):
        contesto = giudizio.contesto(al, fine_del_giorno(al))
        lunga = timedelta(days=int(contesto.soglie["giorni_aggiudicazione"]) + DUE_MESI)
        for chiave, (pubblicata, aggiudicata) in gare.items():
            if pubblicata is not None and aggiudicata is not None and pubblicata <= al < aggiudicata:
                caso = Caso(opera=None, gare=[Gara(chiave, "", pubblicata, None)])  # type: ignore[arg-type]
                detto = any(True for _trovato in gare_senza_aggiudicazione(caso, contesto))
                avvenuto = pubblicata + lunga if aggiudicata > pubblicata + lunga else None
                osservati.append(Osservato(chiave, al, detto, avvenuto))
    return osservati


def _giorno(testo: str) -> date | None:
    return datetime.strptime(testo, "%d/%m/%Y").date() if testo else None  # noqa: DTZ007 a day, not an instant


# --- The words -------------------------------------------------------------------------------------------------------


def racconta(titolo: str, osservazioni: Osservazioni) -> None:
    """What was found, without a limit."""
    print(f"  {titolo}")
    for codice in [codice for codice in PER_CODICE if codice in osservazioni]:
        osservati = osservazioni[codice]
        print(f"    {codice}, vero se {PER_CODICE[codice].vero_se}")
        print(f"      {_parole(misura(osservati, con_giorno=PER_CODICE[codice].con_giorno))}")
        if any(osservato.dichiarato for osservato in osservati):
            print(f"      con le sole date dichiarate: {_parole(misura(osservati, dichiarati))}", flush=True)


def _parole(qualita: Qualita) -> str:
    testo = (
        f"{qualita.segnalati} segnali su {qualita.osservati}, {qualita.veri} veri: precisione "
        f"{_percento(qualita.precisione)}, richiamo {_percento(qualita.richiamo)}; accade nel "
        f"{_percento(qualita.frequenza)} dei casi"
    )
    return testo if qualita.anticipo is None else f"{testo}; anticipo mediano {qualita.anticipo} giorni"


def _percento(quota: Decimal | None) -> str:
    return "–" if quota is None else f"{100 * quota:.0f} %"


def sotto_i_limiti(osservazioni: Osservazioni) -> int:
    """How many limits are not kept, on the synthetic programme; each is printed."""
    sotto = 0
    for codice, limite in GUADAGNO.items():
        osservati = osservazioni.get(codice, [])
        titolo = f"Ciò che «{codice}» segnala accade, rispetto al resto,"
        sotto += _sotto(titolo, misura(osservati).guadagno, limite)
        if codice in RICHIAMO:
            nostro, loro = misura(osservati).richiamo, misura(osservati, dichiarati).richiamo
            titolo = f"Di ciò che accade «{codice}» trova, rispetto alle sole date dichiarate,"
            sotto += _sotto(titolo, nostro / loro if nostro is not None and loro else None, RICHIAMO[codice])
    return sotto


def _sotto(titolo: str, volte: Decimal | None, limite: str) -> bool:
    sotto = volte is None or volte < Decimal(limite)
    misurato = "–" if volte is None else f"{volte:.2f}"
    print(f"{'✕' if sotto else '✓'} {titolo} {misurato} volte, devono essere almeno {Decimal(limite):.2f}", flush=True)
    return sotto


def main() -> int:
    prepara_dati()
    racconta("Dimostrazione: dichiara ogni ritardo in anticipo, e molti suoi mesi sono trimestri", dimostrazione())
    vere = gare_vere()
    osservazioni = sintetica()
    racconta(f"Programma sintetico di {QUANTI} interventi", osservazioni)
    sotto = sotto_i_limiti(osservazioni)
    if vere:
        racconta("Gare vere di ReGiS al 01/03/2023, di cui si conosce l'aggiudicazione", {GARA: vere})
        sotto += _sotto("Ciò che si segnala delle gare vere accade", misura(vere).guadagno, GUADAGNO_GARE_VERE)
    return int(sotto > 0)


if __name__ == "__main__":
    sys.exit(main())
