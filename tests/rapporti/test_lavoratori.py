"""Reports made by real workers, killed half way, side by side, cancelled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from rapporti.models import Rapporto
from rapporti.services import archivio, richieste
from rapporti.services.archivio import CARTELLA, Quale
from rapporti.services.produzione import componi_file
from registro import lavori
from registro.esecutori import Avanzatore
from registro.models import Evento, Lavoro, StatoLavoro
from tests import riferimenti
from tests.attesa import attendi
from tests.rapporti import scena
from tests.rapporti.scena_pronta import SPUGNA, vuota_archivio
from tests.registro.processi import lavoratore, uccidi

BATTITO = 4
ENTRO = 120


@pytest.fixture
def in_scena(transactional_db: None) -> Iterator[None]:
    riferimenti.carica()
    scena.crea()
    vuota_archivio()
    yield
    vuota_archivio()


def stato(rapporto: Rapporto) -> str:
    return Lavoro.objects.filter(pk=rapporto.lavoro_id or 0).values_list("stato", flat=True)[0]


def in_impaginazione(rapporto: Rapporto) -> bool:
    return Lavoro.objects.filter(pk=rapporto.lavoro_id or 0, stato=StatoLavoro.IN_CORSO, fatti__gt=0).exists()


def file_in_archivio() -> list[str]:
    cartella = Path(default_storage.path(CARTELLA))
    return sorted(uno.name for uno in cartella.rglob("*") if uno.is_file())


def test_ucciso_a_meta_il_rapporto_riparte_da_se_e_finisce_una_volta(in_scena: None, settings: Settings) -> None:
    settings.LAVORO_BATTITO_SECONDI = BATTITO
    rapporto = richieste.richiedi(domanda=scena.domanda(), autore=None)
    with lavoratore("primo", battito_secondi=BATTITO) as processo:
        attendi(lambda: in_impaginazione(rapporto), ENTRO, "si impagina")
        uccidi(processo)
    rapporto.refresh_from_db()
    assert (stato(rapporto), rapporto.pronto, file_in_archivio()) == (StatoLavoro.IN_CORSO, False, [])
    attendi(lambda: rapporto.lavoro_id in lavori.raccogli_persi(), 3 * BATTITO, "il lavoro è raccolto")
    # Asked for again, and told of once more, while it waits.
    assert richieste.richiedi(domanda=scena.domanda(), autore=None).lavoro_id == rapporto.lavoro_id
    assert rapporto.lavoro_id is not None
    lavori.spedisci(rapporto.lavoro_id)
    with lavoratore("secondo", battito_secondi=60):
        attendi(lambda: stato(rapporto) == StatoLavoro.RIUSCITO, ENTRO, "finisce")
    rapporto.refresh_from_db()
    assert rapporto.pronto
    assert file_in_archivio() == sorted(f"{rapporto.codice}.{quale.value}" for quale in Quale)
    assert Lavoro.objects.get(pk=rapporto.lavoro_id).tentativi == 2
    pronti = Evento.objects.filter(tipo_oggetto="rapporti.rapporto", verbo="pronto")
    assert pronti.count() == 1
    # Made here, in another process, on another day of its life: the same bytes.
    assert hashlib.sha256(componi_file(scena.domanda(), Avanzatore()).pdf).hexdigest() == rapporto.impronta


def test_due_rapporti_si_fanno_fianco_a_fianco_su_due_lavoratori(in_scena: None) -> None:
    rapporti = [
        richieste.richiedi(domanda=scena.domanda(dove), autore=None) for dove in (SPUGNA, scena.domanda().perimetro)
    ]
    with lavoratore("uno", battito_secondi=60), lavoratore("due", battito_secondi=60):
        attendi(lambda: all(stato(uno) == StatoLavoro.RIUSCITO for uno in rapporti), ENTRO, "finiscono")
    for rapporto in rapporti:
        rapporto.refresh_from_db()
        with archivio.apri(rapporto, Quale.PDF) as pdf:
            assert hashlib.sha256(pdf.read()).hexdigest() == rapporto.impronta


def test_annullato_mentre_si_impagina_si_ferma_e_poi_si_ritenta(in_scena: None) -> None:
    rapporto = richieste.richiedi(domanda=scena.domanda(), autore=None)
    assert rapporto.lavoro_id is not None
    with lavoratore("unico", battito_secondi=60):
        attendi(lambda: in_impaginazione(rapporto), ENTRO, "si impagina")
        lavori.annulla(lavoro_id=rapporto.lavoro_id, autore=None)
        attendi(lambda: stato(rapporto) == StatoLavoro.ANNULLATO, 30, "si ferma")
        assert file_in_archivio() == []
        nuovo = richieste.richiedi(domanda=scena.domanda(), autore=None)
        assert nuovo.lavoro_id != rapporto.lavoro_id
        attendi(lambda: stato(nuovo) == StatoLavoro.RIUSCITO, ENTRO, "finisce")
    assert Rapporto.objects.get().pronto
