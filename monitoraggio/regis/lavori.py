"""The job that prepares the packages of all the bodies. It writes one file at its end: it may run twice."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from monitoraggio.regis import archivio
from monitoraggio.regis.pacchetto import Pacchetto, componi, scrivi_zip
from monitoraggio.selectors.regis import enti_con_interventi
from registro.esecutori import Avanzatore, ErroreDelLavoro, esecutore
from registro.tabella_csv import intera

PACCHETTI = "regis-pacchetti"
RIEPILOGO = "riepilogo.csv"
COLONNE = ("ente", "interventi", "mancanze", "da_sapere", "impegnato_eur", "pagato_eur", "sha256_delle_tabelle")


@esecutore(PACCHETTI, titolo="Pacchetti per ReGiS di tutti gli enti")
def prepara_tutti(avanzatore: Avanzatore, *, al: str) -> dict[str, Any]:
    """A zip with the package of each body and a summary; all of them speak of the same instant."""
    archivio.elimina_vecchi()
    giorno, istante = date.fromisoformat(al), timezone.now()
    enti = list(enti_con_interventi())
    if not enti:
        raise ErroreDelLavoro(_("Nessun ente ha interventi monitorati in ReGiS: non c'è nulla da preparare."))
    avanzatore.totale(len(enti))
    fatti: list[list[Any]] = []
    with tempfile.TemporaryFile() as insieme:
        with zipfile.ZipFile(insieme, "w", zipfile.ZIP_STORED) as esterno:
            for ente in enti:
                avanzatore.passo(_("Preparo %(ente)s") % {"ente": ente})
                pacchetto = componi(ente, al=giorno, noto_al=istante)
                contenuto = io.BytesIO()
                scrivi_zip(pacchetto, contenuto)
                # Bodies whose names read alike must not overwrite each other.
                esterno.writestr(f"{ente.pk}-{pacchetto.nome_file}", contenuto.getvalue())
                fatti.append(_riga(pacchetto))
                avanzatore.avanza()
            esterno.writestr(RIEPILOGO, _riepilogo(fatti))
        nome = archivio.conserva(insieme)
    return {
        "file": nome,
        "nome": f"regis-{giorno.isoformat()}.zip",
        "enti": len(enti),
        "interventi": sum(riga[1] for riga in fatti),
        "mancanze": sum(riga[2] for riga in fatti),
    }


def _riga(pacchetto: Pacchetto) -> list[Any]:
    return [
        str(pacchetto.ente),
        len(pacchetto.fatti),
        len(pacchetto.mancanti),
        len(pacchetto.avvisi),
        f"{pacchetto.impegnato:f}",
        f"{pacchetto.pagato:f}",
        pacchetto.impronta,
    ]


def _riepilogo(righe: list[list[Any]]) -> str:
    return intera(COLONNE, righe)
