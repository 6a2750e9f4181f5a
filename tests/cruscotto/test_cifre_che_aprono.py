"""Each figure of the first page opens a list that has exactly as many rows as it says, or that adds up to it."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from cruscotto.conteggio.giorno import Giorno
from cruscotto.services import fotografie
from cruscotto.tipi import percento
from enti.models import Comune, Utente
from enti.ruoli import Ruolo
from interventi.models import Intervento, LegameStrategia, Localizzazione
from monitoraggio.models import Traguardo
from monitoraggio.services import segnali
from monitoraggio.services.situazione import ricalcola
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm import formati
from psttm.models import Strategia
from registro.esecutori import Avanzatore
from registro.models import Fonte
from registro.storia import elimina, salva
from tests import riferimenti
from tests.enti.persone import crea_persona
from tests.rapporti import scena

PASSATO = date(2024, 9, 30)
LINK = re.compile(r'<a href="([^"#]*)(#[a-z-]*)?">([^<]*)</a>')
INTERO = re.compile(r"[\d.]+")
CONTO = re.compile(r'<p class="filtri-conto"[^>]*>\s*<strong>([\d.]+) ')
PIEDE = re.compile(r"<tfoot>(.*?)</tfoot>", re.DOTALL)
EURO = re.compile(r"([\d.]+,\d\d)\s€")
QUANTITA = re.compile(r">([\d.]+(?:,\d+)?)<")
# Filters, and what the states are told by.
SELEZIONI = [
    "per=piano",
    "per=driver",
    "per=zona",
    "per=strategia",
    "piano=SPUGNA&per=zona",
    "strategia=2&per=piano",
    "driver=9&zona=1&comune=015182&per=driver",
]


def numero(testo: str) -> Decimal:
    return Decimal(testo.replace(".", "").replace(",", "."))


class CifreTestCase(TestCase):
    chi: Utente

    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        opere = scena.crea()
        cls.chi = crea_persona(Ruolo.CABINA)
        salva(LegameStrategia(intervento=opere[11], strategia=Strategia.objects.get(numero=3)), autore=None)
        for opera, nome in ((opere[1], "Rho"), (opere[3], "Bergamo")):
            istat = Comune.objects.get(nome=nome).codice_istat
            luogo = Comune.objects.get(codice_istat=istat)
            suo = Localizzazione(intervento=opera, comune=luogo, codice_provincia=istat[:3], codice_comune=istat[3:])
            salva(suo, autore=None)
        senza_importo = opere[4]
        senza_importo.finanziamento_totale = None
        salva(senza_importo, autore=None)
        salva(Intervento(clp="SOLO-REGIS", submisura=opere[0].submisura, titolo="Fuori dal programma"), autore=None)
        for codice, dati in {
            "DI-PIANO": {"piano": PianoIntegrato.objects.get(codice="SPUGNA")},
            "DI-ALTRO": {"piano": PianoIntegrato.objects.get(codice="MICA")},
        }.items():
            traguardo = Traguardo(
                codice=codice, titolo="Fine", tipo="milestone", scadenza=date(2024, 6, 30),
                scadenza_iniziale=date(2024, 6, 30), fonte=Fonte.objects.get(codice="portale"), **dati,
            )  # fmt: skip
            salva(traguardo, autore=None)
        scena._date_fisse()
        cls._cambia_dopo(opere)
        ricalcola(interventi=[opera.pk for opera in opere])
        per_intervento, per_piano = segnali.a_gruppi()
        for gruppo in per_intervento:
            segnali.rivedi(interventi=gruppo)
        for gruppo in per_piano:
            segnali.rivedi_piani(piani=gruppo)
        for giorno in (Giorno(), Giorno(PASSATO), Giorno(scena.AL, scena.NOTO_AL)):
            fotografie.conta_tutto(giorno, Avanzatore())

    @classmethod
    def _cambia_dopo(cls, opere: list[Intervento]) -> None:
        """What is known today and was not at the instant of the scene."""
        elimina(InterventoNelPiano.objects.get(intervento=opere[1]), autore=None)
        salva(InterventoNelPiano(piano=PianoIntegrato.objects.get(codice="MICA"), intervento=opere[11]), autore=None)

    def setUp(self) -> None:
        self.client.force_login(self.chi)

    def pagina(self, indirizzo: str) -> str:
        risposta = self.client.get(indirizzo)
        assert risposta.status_code == 200, indirizzo
        return html.unescape(risposta.content.decode())

    def controlla(self, quando: str) -> int:
        """How many figures were followed."""
        collegate: dict[tuple[str, str, str], str] = {}
        for selezione in SELEZIONI:
            domanda = f"{selezione}&{quando}" if quando else selezione
            for dove, ancora, cifra in LINK.findall(self.pagina(f"{reverse('cruscotto')}?{domanda}")):
                collegate.setdefault((dove, ancora, cifra.strip()), domanda)
        self.aperte: dict[str, str] = {}
        return sum(self.segui(*quale, domanda) for quale, domanda in sorted(collegate.items()))

    def segui(self, dove: str, ancora: str, cifra: str, domanda: str) -> bool:
        percorso = urlsplit(dove).path
        if percorso == reverse("cruscotto") and ancora == "#stati" and INTERO.fullmatch(cifra):
            tavola = self.pagina(dove).partition('class="tabella tabella-stati"')[2].partition("<tfoot>")[0]
            assert tavola.count("<tr>") - 1 - tavola.count(">Senza Comune<") == numero(cifra), (domanda, dove, cifra)
            return True
        elenchi = {reverse("monitoraggio"), reverse("traguardi")}
        if (percorso not in elenchi and not percorso.startswith("/cruscotto/righe/")) or not cifra[:1].isdigit():
            return False
        aperta = self.aperte.get(dove) or self.aperte.setdefault(dove, self.pagina(dove))
        if INTERO.fullmatch(cifra) and "indicatore" not in percorso:
            conto = CONTO.search(aperta)
            quanti = numero(conto[1]) if conto else Decimal(0)
            assert quanti == numero(cifra), (domanda, dove, cifra)
        else:
            assert cifra in self.somme(aperta, percorso), (domanda, dove, cifra, self.somme(aperta, percorso))
        return True

    @staticmethod
    def somme(aperta: str, percorso: str) -> set[str]:
        """What the totals of a list come to, as the Cruscotto would write them."""
        piede = PIEDE.search(aperta)
        assert piede, aperta[:500]
        if "indicatore" in percorso:
            trovati = [numero(uno) for uno in QUANTITA.findall(piede[1])]
            return {formati.numero(uno) for uno in trovati} | {f"{formati.numero(uno)}\xa0m²" for uno in trovati}
        importi = [numero(uno) for uno in EURO.findall(piede[1])]
        detti = {formati.milioni(uno) for uno in importi} | {formati.euro(uno) for uno in importi}
        if "lavori" in percorso:
            valore, previsto, fatto = importi
            quote = {percento(previsto, valore), percento(fatto, valore)}
            scarto = abs(previsto - fatto)
            return {*detti, *map(formati.percento, quote), formati.milioni(scarto), formati.euro(scarto)}
        # The funding and what was paid of it, which the list says under the amount.
        return {*detti, *re.findall(r"[\d.]+,\d\s%", piede[1]), *re.findall(r"[\d.]+,\d\smln\s€", piede[1])}

    def test_oggi(self) -> None:
        assert self.controlla("") >= 150

    def test_a_un_giorno_passato(self) -> None:
        assert self.controlla(f"al={PASSATO.isoformat()}") >= 150

    def test_come_era_noto_a_un_istante(self) -> None:
        locale = timezone.localtime(scena.NOTO_AL)
        assert self.controlla(f"al={scena.AL.isoformat()}&noto_al={locale:%Y-%m-%dT%H:%M:%S}") >= 150


@pytest.mark.parametrize(("testo", "valore"), [("1.234", "1234"), ("0,50", "0.50"), ("12.345,60", "12345.60")])
def test_le_cifre_si_rileggono(testo: str, valore: str) -> None:
    assert numero(testo) == Decimal(valore)
