"""The pages of the reports: archive, form, page of each, files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from enti.models import Utente
from enti.ruoli import Ruolo
from rapporti.models import Rapporto
from rapporti.services import archivio, richieste
from rapporti.services.archivio import Quale
from registro import lavori
from registro.esecuzione import esegui
from registro.models import Lavoro
from tests.enti.persone import crea_persona
from tests.rapporti import archiviati, scena
from tests.rapporti.documenti import DOMANDA
from tests.rapporti.scena_pronta import SPUGNA, ScenaTestCase, fatto, sintesi

CHIESTO = {
    "tipo": "sintesi",
    "perimetro": "piano",
    "piano": "SPUGNA",
    "al": "2024-12-31",
    "noto_al": "20/01/2025 10:30",
}


class PaginaTestCase(ScenaTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client.force_login(self.cabina)

    def pagina(self, nome: str, *argomenti: Any, **query: Any) -> str:
        risposta = self.client.get(reverse(nome, args=argomenti, query=query))
        assert risposta.status_code == 200
        return risposta.content.decode()


class ArchivioTestCase(PaginaTestCase):
    def test_vuoto_dice_che_cosa_ci_sara_e_come_averlo(self) -> None:
        testo = self.pagina("rapporti")
        assert "Nessun rapporto pronto." in testo
        assert testo.count("Chiedi un rapporto") == 1

    def test_la_prima_riga_risponde(self) -> None:
        fatto(sintesi(), self.cabina)
        assert "Un rapporto pronto: SPUGNA al 31/12/2024" in self.pagina("rapporti")
        fatto(scena.domanda(SPUGNA), self.cabina)
        richieste.richiedi(domanda=scena.domanda(), autore=self.cabina)
        testo = self.pagina("rapporti")
        assert "2 rapporti pronti; l&#x27;ultimo" in testo
        assert "Uno è in preparazione." in testo
        assert "3 rapporti" in testo
        assert "data-lavoro=" in testo

    def test_si_filtra_per_tipo_perimetro_parole_codice_e_anno(self) -> None:
        suo = fatto(sintesi(), self.cabina)
        altro = richieste.richiedi(domanda=scena.domanda(), autore=self.cabina)
        for query in (
            {"tipo": "sintesi"},
            {"perimetro": "piano"},
            {"q": "spugna"},
            {"q": suo.codice.lower().replace("-", " ")},
        ):
            testo = self.pagina("rapporti", **query)
            assert suo.codice in testo, query
            assert altro.codice not in testo, query
        assert suo.codice in self.pagina("rapporti", anno="2024")
        testo = self.pagina("rapporti", q="funghi")
        assert "Nessun rapporto corrisponde ai filtri" in testo
        assert suo.codice not in testo


class InterrogazioniTestCase(PaginaTestCase):
    def test_archivio_domanda_e_rapporto_costano_lo_stesso_per_pochi_e_per_molti(self) -> None:
        primo = archiviati.pronto()
        pagine = [reverse("rapporti"), reverse("rapporto-nuovo"), reverse("rapporto", args=[primo.codice])]

        def conta() -> list[int]:
            conti = []
            for indirizzo in pagine:
                with CaptureQueriesContext(connection) as catturate:
                    assert self.client.get(indirizzo).status_code == 200
                conti.append(len(catturate))
            return conti

        conta()
        richieste.richiedi(domanda=sintesi(), autore=self.cabina)
        pochi = conta()
        for giorni in range(1, 20):
            prima = DOMANDA.confronto_al - timedelta(days=giorni)
            archiviati.pronto(domanda=replace(DOMANDA, confronto_al=prima))
            richieste.richiedi(domanda=replace(sintesi(), confronto_al=prima), autore=self.istruttrice)
        assert conta() == pochi
        assert max(pochi) <= 15, pochi


class NuovoTestCase(PaginaTestCase):
    def chiedi(self, **altro: Any) -> Any:
        return self.client.post(reverse("rapporto-nuovo"), CHIESTO | altro)

    def errori(self, **altro: Any) -> dict[str, list[str]]:
        risposta = self.chiedi(**altro)
        assert risposta.status_code == 200
        assert not Rapporto.objects.exclude(pronto_il__isnull=False).exists()
        testo = risposta.content.decode()
        assert "riepilogo-errori" in testo
        errori: dict[str, list[str]] = risposta.context["modulo"].errors
        return errori

    def test_si_chiede_e_si_va_alla_sua_pagina(self) -> None:
        risposta = self.chiedi()
        rapporto = Rapporto.objects.get()
        self.assertRedirects(risposta, reverse("rapporto", args=[rapporto.codice]))
        assert rapporto.domanda == sintesi()
        assert rapporto.richiesto_da == self.cabina

    def test_chiesto_di_nuovo_dice_che_e_lo_stesso(self) -> None:
        self.chiedi()
        risposta = self.client.post(reverse("rapporto-nuovo"), CHIESTO, follow=True)
        assert "esiste già: la stessa domanda dà lo stesso file" in risposta.content.decode()
        assert (Rapporto.objects.count(), Lavoro.objects.count()) == (1, 1)

    def test_propone_cio_che_dice_l_indirizzo_e_il_mese_scaduto(self) -> None:
        modulo = self.client.get(reverse("rapporto-nuovo", query={"perimetro": "piano", "chiave": "SPUGNA"})).context[
            "modulo"
        ]
        assert modulo["piano"].value() == "SPUGNA"
        assert modulo["perimetro"].value() == "piano"
        assert modulo["tipo"].value() == "avanzamento"
        fine = timezone.localdate().replace(day=1) - timedelta(days=1)
        assert modulo["al"].value() <= fine.isoformat()

    def test_manca_quale_piano(self) -> None:
        assert self.errori(piano="") == {"piano": ["Indica quale piano o programma, con il suo codice."]}

    def test_un_giorno_futuro_o_illeggibile(self) -> None:
        domani = (timezone.localdate() + timedelta(days=1)).isoformat()
        assert "non è ancora arrivato" in self.errori(al=domani)["al"][0]
        assert "non è un giorno" in self.errori(al="boh")["al"][0]
        assert self.errori(al="") == {"al": ["Manca il giorno di cui parla il rapporto."]}
        assert "non è un giorno né un'ora" in self.errori(noto_al="boh")["noto_al"][0]

    def test_senza_tipo_o_perimetro(self) -> None:
        assert self.errori(tipo="", perimetro="").keys() == {"tipo", "perimetro"}

    def test_un_perimetro_vuoto_o_troppo_grande_e_un_giorno_prima_dei_dati_si_dicono_subito(self) -> None:
        assert "nessun intervento" in self.errori(perimetro="comune", comune="015155")["__all__"][0]
        assert "primo avanzamento" in self.errori(al="2023-06-30")["__all__"][0]
        with override_settings(RAPPORTO_INTERVENTI=4):
            assert "ne tiene al massimo 4" in self.errori()["__all__"][0]

    def test_ci_si_confronta_con_un_rapporto_dello_stesso_perimetro(self) -> None:
        prima = fatto(richieste.domanda_da(tipo="dup", perimetro="piano", chiave="SPUGNA", al="2024-06-30"))
        self.errori(confronto=prima.codice, perimetro="programma", piano="")
        rifiuto = self.errori(confronto=prima.codice, noto_al="20/01/2025 10:30")
        assert "non può sapere più" in rifiuto["confronto"][0]
        self.errori(confronto=prima.codice, confronto_al="2024-06-30", noto_al="")
        self.chiedi(confronto=prima.codice, noto_al="")
        nuovo = Rapporto.objects.get(pronto_il__isnull=True)
        assert (nuovo.confronto_al, nuovo.confronto_noto_al) == (prima.al, prima.noto_al)

    def test_ci_si_confronta_con_un_giorno(self) -> None:
        self.chiedi(confronto_al="2024-06-30")
        rapporto = Rapporto.objects.get()
        assert rapporto.confronto_al.isoformat() == "2024-06-30"
        assert rapporto.confronto_noto_al == rapporto.noto_al


class RapportoTestCase(PaginaTestCase):
    def test_mentre_si_prepara_ha_la_barra_e_si_annulla(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=self.cabina)
        testo = self.pagina("rapporto", rapporto.codice)
        assert "data-aperto" in testo
        assert "Annulla</button>" in testo
        self.client.post(reverse("rapporto-annulla", args=[rapporto.codice]))
        testo = self.pagina("rapporto", rapporto.codice)
        assert "la preparazione è stata annullata" in testo
        assert "Riprova</button>" in testo
        self.client.post(reverse("rapporto-ritenta", args=[rapporto.codice]))
        rapporto.refresh_from_db()
        assert rapporto.lavoro is not None
        assert rapporto.lavoro.aperto

    def test_chi_non_l_ha_chiesto_lo_guarda_e_basta(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=self.cabina)
        self.client.force_login(self.istruttrice)
        assert "Annulla</button>" not in self.pagina("rapporto", rapporto.codice)
        risposta = self.client.post(reverse("rapporto-annulla", args=[rapporto.codice]), follow=True)
        assert "lo annulla o lo ripete chi l&#x27;ha chiesto" in risposta.content.decode()
        self.client.force_login(self.coordinatrice)
        assert "Annulla</button>" in self.pagina("rapporto", rapporto.codice)

    def test_non_riuscito_dice_perche_e_come_rimediare(self) -> None:
        with override_settings(RAPPORTO_INTERVENTI=4):
            rapporto = fatto(sintesi(), self.cabina)
        testo = self.pagina("rapporto", rapporto.codice)
        assert "chiedi un rapporto per ogni piano" in testo
        assert "Riprova</button>" in testo
        assert "Cambia la domanda" in testo

    def test_pronto_ha_la_sintesi_i_fatti_i_file_e_dove_andare(self) -> None:
        rapporto = fatto(sintesi(), self.cabina)
        testo = self.pagina("rapporto", rapporto.codice)
        for pezzo in (
            rapporto.impronta,
            rapporto.codice,
            "situazione al <time",
            "Rispetto a",
            "versione 0.1.0",
            *(reverse(nome, args=[rapporto.codice]) for nome in ("rapporto-pdf", "rapporto-xlsx", "rapporto-dati")),
            *(reverse(nome, args=[rapporto.codice]) for nome in ("rapporto-cifre", "rapporto-testo")),
            reverse("rapporti-verifica"),
            "Chiedilo di nuovo",
        ):
            assert pezzo in testo, pezzo

    def test_elenca_gli_altri_dello_stesso_perimetro(self) -> None:
        suo, altro = fatto(sintesi()), fatto(scena.domanda(SPUGNA))
        fatto(scena.domanda())
        risposta = self.client.get(reverse("rapporto", args=[suo.codice]))
        assert [uno.codice for uno in risposta.context["precedenti"]] == [altro.codice]

    def test_un_codice_scritto_in_un_altro_modo_porta_a_quello_giusto(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=None)
        scritto = rapporto.codice.lower().replace("-", "")
        self.assertRedirects(
            self.client.get(reverse("rapporto", args=[scritto])), reverse("rapporto", args=[rapporto.codice])
        )
        assert self.client.get(reverse("rapporto", args=["boh"])).status_code == 404
        assert self.client.get(reverse("rapporto", args=["0000-0000-0000"])).status_code == 404

    def test_un_file_perso_si_rimette_dalla_pagina(self) -> None:
        rapporto = fatto(sintesi(), self.cabina)
        percorso = Path(default_storage.path(archivio.nome(rapporto.codice, Quale.PDF)))
        percorso.unlink()
        assert "Rimetti i file</button>" in self.pagina("rapporto", rapporto.codice)
        risposta = self.client.get(reverse("rapporto-pdf", args=[rapporto.codice]), follow=True)
        assert "non è più nell&#x27;archivio" in risposta.content.decode()
        self.client.post(reverse("rapporto-ritenta", args=[rapporto.codice]))
        assert "data-aperto" in self.pagina("rapporto", rapporto.codice)
        esegui(Lavoro.objects.latest("pk").pk)
        assert "Apri il PDF" in self.pagina("rapporto", rapporto.codice)
        assert percorso.exists()


class FileTestCase(PaginaTestCase):
    def test_i_tre_file_hanno_tipo_nome_e_impronta(self) -> None:
        rapporto = fatto(sintesi(), self.cabina)
        nome = f"rapporto-sintesi-spugna-2024-12-31-{rapporto.codice}"
        attesi = {
            "rapporto-pdf": ("application/pdf", f'inline; filename="{nome}.pdf"', rapporto.impronta),
            "rapporto-dati": ("application/json", f'attachment; filename="{nome}.json"', rapporto.impronta_dati),
            "rapporto-xlsx": (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                f'attachment; filename="{nome}.xlsx"',
                f"{rapporto.impronta}-xlsx",
            ),
        }
        for rotta, (tipo, disposizione, impronta) in attesi.items():
            risposta = self.client.get(reverse(rotta, args=[rapporto.codice]))
            assert risposta.streaming
            assert risposta["Content-Type"] == tipo
            assert risposta["Content-Disposition"] == disposizione
            assert risposta["ETag"] == f'"{impronta}"'
            assert risposta["X-Content-Type-Options"] == "nosniff"
            assert risposta["Cache-Control"] == "private, no-cache"
            contenuto = b"".join(risposta)
            assert int(risposta["Content-Length"]) == len(contenuto)
            if rotta != "rapporto-xlsx":
                assert hashlib.sha256(contenuto).hexdigest() == impronta
            gia_avuto = self.client.get(
                reverse(rotta, args=[rapporto.codice]), headers={"If-None-Match": f'"{impronta}"'}
            )
            assert gia_avuto.status_code == 304

    def test_di_un_rapporto_non_pronto_non_si_scarica_nulla(self) -> None:
        rapporto = richieste.richiedi(domanda=sintesi(), autore=self.cabina)
        risposta = self.client.get(reverse("rapporto-pdf", args=[rapporto.codice]), follow=True)
        assert "non è ancora pronto" in risposta.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ruolo", "legge", "chiede"),
    [
        (Ruolo.CABINA, True, True),
        (Ruolo.ISTRUTTORE, True, True),
        (Ruolo.COORDINATORE, True, True),
        (Ruolo.AMMINISTRATORE, True, False),
        (Ruolo.MINISTERO, False, False),
        (None, False, False),
    ],
)
def test_chi_legge_e_chi_chiede(client: Any, ruolo: Ruolo | None, legge: bool, chiede: bool) -> None:
    chi: Utente = crea_persona(ruolo)
    client.force_login(chi)
    risposta = client.get(reverse("rapporti"))
    assert (risposta.status_code == 200) is legge
    assert ("Chiedi un rapporto" in risposta.content.decode()) is chiede
    assert (client.get(reverse("rapporto-nuovo")).status_code == 200) is chiede
    assert (f'href="{reverse("rapporti")}"' in client.get(reverse("programma")).content.decode()) is legge


class PianoTestCase(PaginaTestCase):
    def test_la_pagina_del_piano_ha_i_suoi_rapporti_e_il_bottone(self) -> None:
        testo = self.pagina("piano-integrato", "spugna")
        assert "non c'è ancora nessun rapporto" in testo
        assert "/rapporti/nuovo/?perimetro=piano&amp;chiave=SPUGNA" in testo
        rapporto = fatto(sintesi())
        assert reverse("rapporto", args=[rapporto.codice]) in self.pagina("piano-integrato", "spugna")

    def test_chi_non_legge_i_rapporti_non_vede_la_sezione(self) -> None:
        compilatore = crea_persona(nome="nessuno")
        self.client.force_login(compilatore)
        risposta = self.client.get(reverse("piano-integrato", args=["spugna"]))
        assert "titolo-rapporti" not in risposta.content.decode()


def test_i_lavori_dei_rapporti_sono_conosciuti() -> None:
    assert richieste.LAVORO in lavori.ESECUTORI
