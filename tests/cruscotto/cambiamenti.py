"""A small programme that changes, and all that is kept of its count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from cruscotto.conteggio.chiavi import CAMPI_CHIAVE
from cruscotto.conteggio.giorno import Giorno
from cruscotto.models import Casella, Fotografia, Posizione, Profilo, Sorvegliato, TipoFotografia
from cruscotto.services import fotografie
from enti.models import Comune
from interventi.models import Finanziamento, Indicatore, Intervento, LegameDriver, LegameStrategia, Localizzazione
from monitoraggio.models import Avanzamento, Segnale, Traguardo
from monitoraggio.services import situazione
from monitoraggio.tempo import Tempo
from piani_integrati.models import InterventoNelPiano, PianoIntegrato
from psttm.models import Driver, Strategia
from registro.esecutori import Avanzatore
from registro.osservatori import avvisa
from registro.storia import elimina, salva

ADESSO = Tempo(oggi=timezone.localdate())


def conta_tutto() -> Fotografia:
    return fotografie.conta_tutto(Giorno(), Avanzatore())


def contato() -> dict[str, Any]:
    """All that is kept of the current photograph, without the keys of its rows."""
    chiavi = dict(Profilo.objects.values_list("pk", "chiave"))
    foto = Fotografia.objects.get(tipo=TipoFotografia.CORRENTE)
    profili = Profilo.objects.values("chiave", "somme", *CAMPI_CHIAVE)
    caselle = Casella.objects.filter(fotografia=foto).values_list("prima", "seconda", "comuni", "somme")
    return {
        "interventi": foto.interventi,
        "traguardi": foto.comune_a_tutti["traguardi"],
        "profili": {riga.pop("chiave"): riga for riga in profili},
        "caselle": {(prima, seconda): valori for prima, seconda, *valori in caselle},
        "posizioni": {uno.pk: chiavi[uno.profilo_id] for uno in Posizione.objects.all()},
        "sorvegliati": {
            riga["intervento"]: {nome: valore for nome, valore in riga.items() if nome not in {"id", "profilo_id"}}
            for riga in Sorvegliato.objects.values()
        },
    }


class Cambiamenti:
    """What people do to a small programme, drawn at random."""

    def __init__(self, opere: list[Intervento], caso: Random) -> None:
        self.opere, self.caso = opere, caso
        self.piani = list(PianoIntegrato.objects.order_by("codice")[:5])
        self.comuni = list(Comune.objects.metropolitani().order_by("codice_istat")[:12])

    @property
    def mosse(self) -> tuple[Callable[[Intervento], None], ...]:
        return (
            self.denaro, self.fonte, self.piano, self.luogo, self.driver, self.sttm, self.indicatore, self.mese,
            self.correzione, self.traguardo, self.segnale, self.stato_del_piano,
        )  # fmt: skip

    def fai(self) -> None:
        mossa = self.caso.choice(self.mosse)
        mossa(self.caso.choice(self.opere))

    def denaro(self, opera: Intervento) -> None:
        opera.finanziamento_totale = self.caso.choice([None, Decimal(self.caso.randint(1, 10**9)).scaleb(-2)])
        salva(opera, autore=None)

    def fonte(self, opera: Intervento) -> None:
        una = Finanziamento.objects.filter(intervento=opera).order_by("pk").first()
        if una is None:
            salva(Finanziamento(intervento=opera, fonte="pnrr", importo=Decimal("5.00")), autore=None)
        else:
            elimina(una, autore=None)

    def piano(self, opera: Intervento) -> None:
        voce = InterventoNelPiano.objects.filter(intervento=opera).first()
        if voce is not None and self.caso.random() < 0.3:
            elimina(voce, autore=None)
            return
        voce = voce or InterventoNelPiano(intervento=opera)
        voce.piano = self.caso.choice(self.piani)
        salva(voce, autore=None)

    def luogo(self, opera: Intervento) -> None:
        uno = Localizzazione.objects.filter(intervento=opera).order_by("pk").first()
        if uno is not None and self.caso.random() < 0.5:
            elimina(uno, autore=None)
            return
        comune = self.caso.choice(self.comuni)
        if not Localizzazione.objects.filter(intervento=opera, comune=comune).exists():
            istat = comune.codice_istat
            salva(
                Localizzazione(intervento=opera, comune=comune, codice_provincia=istat[:3], codice_comune=istat[3:]),
                autore=None,
            )

    def driver(self, opera: Intervento) -> None:
        uno = LegameDriver.objects.filter(intervento=opera).order_by("pk").first()
        if uno is not None and self.caso.random() < 0.5:
            elimina(uno, autore=None)
            return
        quale = self.caso.choice(list(Driver.objects.order_by("numero")))
        if not LegameDriver.objects.filter(intervento=opera, driver=quale).exists():
            salva(LegameDriver(intervento=opera, driver=quale), autore=None)

    def sttm(self, opera: Intervento) -> None:
        una = LegameStrategia.objects.filter(intervento=opera).first()
        if una is not None:
            elimina(una, autore=None)
            return
        quale = self.caso.choice(list(Strategia.objects.order_by("numero")))
        salva(LegameStrategia(intervento=opera, strategia=quale), autore=None)

    def indicatore(self, opera: Intervento) -> None:
        valore = Decimal(self.caso.randint(0, 10**8)).scaleb(-4)
        salva(Indicatore(intervento=opera, codice=f"T{self.caso.randint(1, 3)}", realizzato=valore), autore=None)

    def mese(self, opera: Intervento) -> None:
        """A month more is approved."""
        ultimo = Avanzamento.objects.filter(intervento=opera).order_by("-mese").first()
        assert ultimo is not None
        mese = (ultimo.mese + timedelta(days=32)).replace(day=1)
        self._approva(opera, mese, 1, min(100, int(ultimo.percentuale or 0) + self.caso.randint(0, 20)))

    def correzione(self, opera: Intervento) -> None:
        ultimo = Avanzamento.objects.filter(intervento=opera).order_by("-mese", "-versione").first()
        assert ultimo is not None
        self._approva(opera, ultimo.mese, ultimo.versione + 1, self.caso.randint(0, 99), corregge=ultimo)

    def _approva(
        self, opera: Intervento, mese: date, versione: int, percento: int, corregge: Avanzamento | None = None
    ) -> None:
        adesso = timezone.now()
        Avanzamento.objects.create(
            intervento=opera,
            mese=mese,
            riferito_al=(mese + timedelta(days=32)).replace(day=1) - timedelta(days=1),
            versione=versione,
            corregge=corregge,
            motivo_correzione="Prova" if corregge is not None else "",
            stato="approvato",
            inviato_il=adesso,
            deciso_il=adesso,
            approvato_il=adesso,
            percentuale=percento,
            fase="00313",
            inizio_lavori=date(2024, 1, 10),
            fine_prevista=date(2025, 6, 30),
            fine_effettiva=date(2025, 1, 31) if percento == 100 else None,
            impegnato=Decimal(self.caso.randint(0, 10**6)).scaleb(-2),
            pagato=Decimal(self.caso.randint(0, 10**6)).scaleb(-2),
        )
        situazione.ricalcola(interventi=[opera.pk])

    def traguardo(self, opera: Intervento) -> None:
        for uno in Traguardo.objects.filter(intervento=opera):
            uno.conseguito_il = None if uno.conseguito_il else date(2024, 5, 6)
            uno.previsione = date(2026, 1, self.caso.randint(1, 28))
            salva(uno, autore=None)

    def segnale(self, opera: Intervento) -> None:
        aperto = Segnale.objects.aperti().filter(intervento=opera).first()
        if aperto is None or self.caso.random() < 0.6:
            aperto = Segnale.objects.create(
                intervento=opera, codice=f"s{self.caso.randint(1, 3)}", riga=str(self.caso.random()),
                peso=self.caso.randint(1, 100), motivo="Perché sì.", tocca="comune",
            )  # fmt: skip
        else:
            aperto.cessato_il = timezone.now()
            aperto.save()
        avvisa(Segnale, [aperto.pk])

    def stato_del_piano(self, _opera: Intervento) -> None:
        piano = self.caso.choice(self.piani)
        piano.stato = self.caso.choice(["bozza", "assegnato", "in_attuazione"])
        salva(piano, autore=None)
