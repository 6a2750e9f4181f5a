"""From the request to the files: the job, the archive, what it does when files are lost, refusals in words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import override_settings

from rapporti.domanda import Domanda, Perimetro
from rapporti.errori import RapportoImpossibile
from rapporti.formati.dati import in_json
from rapporti.models import Rapporto
from rapporti.scelte import TipoPerimetro
from rapporti.services import archivio, richieste
from rapporti.services.archivio import FileDiverso, FileMancante, Prodotto, Quale
from rapporti.services.produzione import componi_file, controlla_le_cifre
from rapporti.services.richieste import RichiestaNonAmmessa
from registro.esecutori import Avanzatore, LavoroAnnullato
from registro.esecuzione import esegui
from registro.models import Evento, Lavoro, StatoLavoro
from tests.rapporti import scena
from tests.rapporti.documenti import documento
from tests.rapporti.scena_pronta import SPUGNA, ScenaTestCase, fatto, sintesi

PRODOTTO = Prodotto(pdf=b"%PDF", dati=b"{}", foglio=b"PK", pagine=3, interventi=2, sintesi=("Due su due.",))


def percorso(rapporto: Rapporto, quale: Quale) -> Path:
    return Path(default_storage.path(archivio.nome(rapporto.codice, quale)))


def bozze(rapporto: Rapporto) -> list[Path]:
    return list(percorso(rapporto, Quale.PDF).parent.glob(f".{rapporto.codice}*"))


def eventi(rapporto: Rapporto) -> list[str]:
    suoi = Evento.objects.filter(tipo_oggetto="rapporti.rapporto", id_oggetto=str(rapporto.pk)).order_by("pk")
    return list(suoi.values_list("verbo", flat=True))


def test_un_rapporto_le_cui_cifre_non_tornano_non_si_pubblica() -> None:
    dati = json.loads(in_json(documento()))
    controlla_le_cifre(json.dumps(dati).encode())
    [contata, *_altre] = [una for una in dati["cifre"] if not una.get("formula") and not una.get("colonna")]
    contata["valore"] += 1
    with pytest.raises(RapportoImpossibile, match=f"non torna con i suoi dati.*{contata['chiave']}"):
        controlla_le_cifre(json.dumps(dati).encode())


class LavoroTestCase(ScenaTestCase):
    def test_il_lavoro_fa_i_tre_file_e_segna_il_rapporto_pronto(self) -> None:
        rapporto = fatto(sintesi(), self.cabina)
        assert rapporto.pronto
        pdf = percorso(rapporto, Quale.PDF).read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert rapporto.impronta == hashlib.sha256(pdf).hexdigest()
        assert rapporto.impronta_dati == hashlib.sha256(percorso(rapporto, Quale.DATI).read_bytes()).hexdigest()
        assert percorso(rapporto, Quale.FOGLIO).read_bytes().startswith(b"PK")
        assert (rapporto.byte, rapporto.interventi) == (len(pdf), 5)
        assert rapporto.pagine >= 1
        assert rapporto.sintesi
        assert rapporto.versione_portale == settings.SPECTACULAR_SETTINGS["VERSION"]
        assert rapporto.lavoro is not None
        assert rapporto.lavoro.risultato == {"codice": rapporto.codice, "pagine": rapporto.pagine}
        assert bozze(rapporto) == []
        assert eventi(rapporto) == ["richiesto", "pronto"]

    def test_il_lavoro_dice_a_che_pagina_e(self) -> None:
        passi: list[tuple[str, int, int]] = []

        class Ascolta(Avanzatore):
            def passo(self, testo: str) -> None:
                super().passo(testo)
                passi.append((testo, self.fatti, self.su))

        prodotto = componi_file(sintesi(), Ascolta())
        assert passi[0] == ("Lettura dei dati", 0, 0)
        assert passi[-1][1:] == (2 * prodotto.pagine, 2 * prodotto.pagine)
        assert sum(testo.startswith("Impaginazione: pagina") for testo, _fatti, _su in passi) >= prodotto.pagine
        fatti = [fatti for _testo, fatti, _su in passi]
        assert fatti == sorted(fatti)

    def test_annullato_mentre_si_impagina_si_ferma_e_non_lascia_nulla_poi_si_ritenta(self) -> None:
        class AnnullaDopo(Avanzatore):
            def passo(self, testo: str) -> None:
                if testo.startswith("Impaginazione: pagina"):
                    self.annullamento_chiesto.set()
                super().passo(testo)

        with pytest.raises(LavoroAnnullato):
            componi_file(sintesi(), AnnullaDopo())
        rapporto = richieste.richiedi(domanda=sintesi(), autore=self.cabina)
        richieste.annulla(rapporto_id=rapporto.pk, autore=self.cabina)
        assert not percorso(rapporto, Quale.PDF).exists()
        esegui(richieste.ritenta(rapporto_id=rapporto.pk, autore=self.cabina).pk)
        rapporto.refresh_from_db()
        assert rapporto.pronto
        assert Rapporto.objects.count() == 1

    def test_un_lavoro_che_riparte_a_rapporto_pronto_finisce_subito(self) -> None:
        rapporto = fatto(sintesi(), self.cabina)
        prima = percorso(rapporto, Quale.PDF).stat()
        lavoro = Lavoro.objects.create(tipo=richieste.LAVORO, parametri={"rapporto": rapporto.pk})
        esegui(lavoro.pk)
        lavoro.refresh_from_db()
        assert lavoro.stato == StatoLavoro.RIUSCITO
        assert percorso(rapporto, Quale.PDF).stat().st_ino == prima.st_ino
        assert eventi(rapporto) == ["richiesto", "pronto"]

    def test_di_due_che_lo_finiscono_insieme_vale_il_primo(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=None)
        archivio.archivia(rapporto_id=rapporto.pk, prodotto=PRODOTTO)
        secondo = archivio.archivia(rapporto_id=rapporto.pk, prodotto=replace(PRODOTTO, pdf=b"%PDF altro"))
        assert secondo.impronta == PRODOTTO.impronta
        assert percorso(rapporto, Quale.PDF).read_bytes() == PRODOTTO.pdf
        assert bozze(rapporto) == []
        assert eventi(rapporto) == ["richiesto", "pronto"]

    def test_cio_che_resta_di_chi_e_stato_ucciso_mentre_scriveva_si_butta(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=None)
        resto = percorso(rapporto, Quale.PDF).with_name(f".{rapporto.codice}.pdf.resto")
        resto.parent.mkdir(parents=True, exist_ok=True)
        resto.write_bytes(b"%PDF a met")
        archivio.archivia(rapporto_id=rapporto.pk, prodotto=PRODOTTO)
        assert bozze(rapporto) == []


class RifiutiTestCase(ScenaTestCase):
    def errore(self, domanda: Domanda) -> str:
        rapporto = fatto(domanda, self.cabina)
        assert rapporto.lavoro is not None
        assert (rapporto.pronto, rapporto.lavoro.stato) == (False, StatoLavoro.FALLITO)
        assert not percorso(rapporto, Quale.PDF).exists()
        return rapporto.lavoro.errore

    def test_un_perimetro_vuoto(self) -> None:
        assert "«Comune di Nosate» non aveva nessun intervento" in self.errore(
            replace(sintesi(), perimetro=Perimetro(TipoPerimetro.COMUNE, "015155"))
        )

    def test_un_giorno_prima_dei_dati(self) -> None:
        chiesta = replace(sintesi(), al=date(2023, 12, 31), confronto_al=date(2023, 9, 30))
        assert "il primo avanzamento approvato parla del 31/01/2024" in self.errore(chiesta)

    @override_settings(RAPPORTO_INTERVENTI=4)
    def test_un_perimetro_troppo_grande(self) -> None:
        assert "comprende 5 interventi e un rapporto ne tiene al massimo 4" in self.errore(sintesi())

    @override_settings(RAPPORTO_INTERVENTI=5)
    def test_grande_quanto_si_puo(self) -> None:
        assert fatto(sintesi(), self.cabina).pronto


class FilePersiTestCase(ScenaTestCase):
    def test_un_file_che_manca_si_dice_e_si_rimette_uguale(self) -> None:
        rapporto = fatto(sintesi(), self.cabina)
        pdf = percorso(rapporto, Quale.PDF)
        contenuto = pdf.read_bytes()
        pdf.unlink()
        assert not archivio.intero(rapporto)
        with pytest.raises(FileMancante, match="non è più nell'archivio"):
            archivio.apri(rapporto, Quale.PDF)
        esegui(richieste.ritenta(rapporto_id=rapporto.pk, autore=self.cabina).pk)
        assert pdf.read_bytes() == contenuto
        assert eventi(rapporto) == ["richiesto", "pronto", "file rimessi nell'archivio"]
        with pytest.raises(RichiestaNonAmmessa, match="già pronto"):
            richieste.ritenta(rapporto_id=rapporto.pk, autore=self.cabina)

    def test_rifatto_diverso_non_prende_il_posto_del_primo(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=self.cabina)
        archivio.archivia(rapporto_id=rapporto.pk, prodotto=PRODOTTO)
        percorso(rapporto, Quale.PDF).unlink()
        with pytest.raises(FileDiverso, match="copia di riserva"):
            archivio.rimetti(rapporto_id=rapporto.pk, prodotto=componi_file(sintesi(), Avanzatore()))
        assert not percorso(rapporto, Quale.PDF).exists()
        assert bozze(rapporto) == []
        assert rapporto.lavoro is not None
        Lavoro.objects.filter(pk=rapporto.lavoro.pk).update(stato=StatoLavoro.RIUSCITO)
        lavoro = richieste.ritenta(rapporto_id=rapporto.pk, autore=self.cabina)
        esegui(lavoro.pk)
        lavoro.refresh_from_db()
        assert lavoro.stato == StatoLavoro.FALLITO
        assert "non è uguale a quello archiviato" in lavoro.errore


class StessiByteTestCase(ScenaTestCase):
    def test_due_volte_la_stessa_domanda_danno_gli_stessi_byte(self) -> None:
        primo, secondo = (componi_file(scena.domanda(SPUGNA), Avanzatore()) for _volta in range(2))
        assert primo == secondo
