"""Every number of the summary, made again with plain SQL on the tables: by nothing that the reports are made of."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection
from django.test import TestCase

from rapporti.capitoli.componi import componi
from rapporti.documento import Cifra, Documento
from rapporti.domanda import Perimetro
from rapporti.lettura.leggi import leggi
from rapporti.scelte import TipoPerimetro
from tests import riferimenti
from tests.rapporti import scena

OPERE = """
WITH opere AS (
    SELECT i.id, i.cup, i.finanziamento_totale, i.linea_finanziamento, p.codice AS piano
    FROM interventi_intervento i
    LEFT JOIN piani_integrati_interventonelpiano v ON v.intervento_id = i.id
    LEFT JOIN piani_integrati_pianointegrato p ON p.id = v.piano_id
    WHERE %(piano)s = '' OR p.codice = %(piano)s
), mesi AS (
    SELECT a.* FROM monitoraggio_avanzamento a JOIN opere o ON o.id = a.intervento_id
    WHERE a.stato = 'approvato' AND a.riferito_al <= '2024-12-31'
), ultimi AS (
    SELECT * FROM mesi WHERE riferito_al = '2024-12-31'
), prima AS (
    SELECT * FROM mesi WHERE riferito_al = '2024-09-30'
)
"""
APERTE = "FROM monitoraggio_criticita c JOIN ultimi u ON u.id = c.avanzamento_id WHERE c.chiusa_il IS NULL"
SQL = {
    "interventi": "SELECT count(*) FROM opere",
    "comuni": """SELECT count(DISTINCT l.comune_id) FROM interventi_localizzazione l
        JOIN opere o ON o.id = l.intervento_id""",
    "lavori.concluso": "SELECT count(*) FROM ultimi WHERE fine_effettiva IS NOT NULL",
    "lavori.in-corso": "SELECT count(*) FROM ultimi WHERE fine_effettiva IS NULL AND inizio_lavori IS NOT NULL",
    "lavori.da-avviare": "SELECT count(*) FROM ultimi WHERE inizio_lavori IS NULL",
    "fondi.pnrr": "SELECT count(*) FROM opere WHERE linea_finanziamento = 'pnrr'",
    "fondi.nazionale": "SELECT count(*) FROM opere WHERE linea_finanziamento = 'nazionale'",
    "finanziamento": "SELECT sum(finanziamento_totale) FROM opere",
    "impegnato": "SELECT sum(impegnato) FROM mesi",
    "pagato": "SELECT sum(pagato) FROM mesi",
    "stato.a-rischio": """SELECT count(*) FROM ultimi WHERE fine_effettiva IS NULL AND fine_prevista >= '2024-12-31'
        AND (fine_stimata > fine_prevista OR criticita_gravi > 0)""",
    "criticita": f"SELECT count(*) {APERTE}",
    "criticita-gravi": f"SELECT count(*) {APERTE} AND c.gravita = 'alta'",
    "criticita-scadute": f"SELECT count(*) {APERTE} AND c.scadenza < '2024-12-31'",
    "cambi.concluso": """SELECT count(*) FROM ultimi u JOIN prima p ON p.intervento_id = u.intervento_id
        WHERE u.fine_effettiva IS NOT NULL AND p.fine_effettiva IS NULL""",
    "cambi.avanzato": """SELECT count(*) FROM ultimi u JOIN prima p ON p.intervento_id = u.intervento_id
        WHERE u.percentuale > p.percentuale""",
    "cambi.impegnato": "SELECT sum(impegnato) FROM mesi WHERE riferito_al > '2024-09-30'",
    "cambi.pagato": "SELECT sum(pagato) FROM mesi WHERE riferito_al > '2024-09-30'",
    "cambi.lavori": """SELECT sum(o.finanziamento_totale * (u.percentuale - p.percentuale) / 100) FROM ultimi u
        JOIN prima p ON p.intervento_id = u.intervento_id JOIN opere o ON o.id = u.intervento_id""",
}
IN_CENTESIMI = {"finanziamento", "impegnato", "pagato", "cambi.impegnato", "cambi.pagato", "cambi.lavori"}
PERCENTI = {"impegnato-percento": "impegnato", "pagato-percento": "pagato"}
INIZIO = date(2024, 1, 10)


def _uno(sql: str, piano: str, **altri: Any) -> Any:
    with connection.cursor() as cursore:
        cursore.execute(OPERE + sql, {"piano": piano, **altri})
        return cursore.fetchone()[0]


def _atteso(voce: str, piano: str) -> Decimal:
    if voce in PERCENTI:
        quota = 100 * _atteso(PERCENTI[voce], piano) / _atteso("finanziamento", piano)
        return quota.quantize(Decimal("0.01"), ROUND_HALF_UP)
    valore = Decimal(_uno(SQL[voce], piano))
    return (valore / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) if voce in IN_CENTESIMI else valore


class SintesiInSqlTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        riferimenti.carica()
        scena.crea()

    def _di_copertina(self, documento: Documento) -> list[Cifra]:
        nelle_frasi = [p for frase in documento.copertina.frasi for p in frase.parti if isinstance(p, Cifra)]
        return [*nelle_frasi, *documento.copertina.cifre]

    def _riga(self, documento: Documento, tavola: str, chiave: str) -> dict[str, Any]:
        [sua] = [una for una in documento.tavole if una.chiave == tavola]
        return dict(zip((colonna.chiave for colonna in sua.colonne), sua.righe[chiave], strict=True))

    def _controlla(self, documento: Documento, cifra: Cifra) -> None:
        ancora, _punto, voce = cifra.chiave.partition(".")
        piano = "" if ancora == "programma" else ancora.removeprefix("piano-").replace("-", " ").upper()
        if voce.startswith("avanzamento."):
            riga = self._riga(documento, "interventi", voce.removeprefix("avanzamento."))
            sql = "SELECT u.percentuale FROM ultimi u JOIN opere o ON o.id = u.intervento_id WHERE o.cup = %(cup)s"
            assert cifra.valore == Decimal(_uno(sql, piano, cup=riga["cup"])), cifra
        elif voce.startswith(("scadenza.", "fine.scadenza")):
            assert cifra.valore == self._scadenza(self._riga(documento, "traguardi", cifra.righe[0])["codice"]), cifra
        elif voce == "fine.dichiarata":
            sql = """SELECT max(coalesce(f.fine_stimata, f.fine_prevista)) FROM monitoraggio_faseavanzamento f
                JOIN ultimi u ON u.id = f.avanzamento_id WHERE f.fine_effettiva IS NULL"""
            assert cifra.valore == _data(_uno(sql, piano)), cifra
        elif voce.startswith("fine."):
            self._controlla_la_fine(documento, piano)
        else:
            assert Decimal(str(cifra.valore)) == _atteso(voce, piano), cifra

    def _scadenza(self, codice: str) -> date:
        sql = "SELECT scadenza FROM monitoraggio_traguardo WHERE codice = %(codice)s"
        letta = _uno(sql, "", codice=codice)
        return date.fromisoformat(letta) if isinstance(letta, str) else letta

    def test_ogni_cifra_della_copertina_si_ritrova_in_sql(self) -> None:
        luoghi = [Perimetro(), *(Perimetro(TipoPerimetro.PIANO, uno) for uno in ("SPUGNA", "COME IN", "CAMBIO"))]
        for dove in luoghi:
            documento = componi(leggi(scena.domanda(dove)))
            cifre = self._di_copertina(documento)
            assert len(cifre) > 15
            for cifra in cifre:
                with self.subTest(dove=str(dove), cifra=cifra.chiave):
                    self._controlla(documento, cifra)

    # --- The forecast, month by month ------------------------------------------------------------------------------

    def _controlla_la_fine(self, documento: Documento, piano: str) -> None:
        """Earned schedule with its 90 % range, from the percents of the months: with floats, to the day or nearly."""
        cifre = {cifra.chiave.partition(".fine.")[2]: cifra for cifra in self._di_copertina(documento)}
        attese = self._fine(piano)
        for nome, giorno in attese.items():
            valore = cifre[nome].valore
            assert isinstance(valore, date)
            assert abs((valore - giorno).days) <= 1, (nome, valore, giorno)
        distanza = (attese["stimata"] - self._scadenza("SPUGNA-FINE")).days / (365.25 / 12)
        assert math.isclose(float(Decimal(str(cifre["distanza"].valore))), abs(distanza), abs_tol=0.1)

    def _fine(self, piano: str) -> dict[str, date]:
        """Months since the start of the works are counted as the calendar does, days being parts of their month."""
        righe = self._previsti(piano)
        fatti = self._fatti(piano)

        def previsto(mese: int) -> float:
            fine = _fine_mese(mese)
            return sum(
                costo * min(1, max(0, ((fine - inizio).days + 1) / ((ultimo - inizio).days + 1)))
                for costo, inizio, ultimo in righe
            )

        def guadagnato(fatto: float) -> float:
            """The place on the line of months where the plan had foreseen it."""
            mese = next(uno for uno in range(1, 100) if previsto(uno) >= fatto - 1e-6)
            sotto = previsto(mese - 1) if mese > 1 else 0.0
            da = 9 / 31 if mese == 1 else mese - 1
            return da + (mese - da) * (fatto - sotto) / (previsto(mese) - sotto)

        origine = 9 / 31
        es = [guadagnato(fatto) - origine for fatto in fatti]
        at = [mese - origine for mese in range(1, 13)]
        pd = max(_posto(ultimo) for _c, _i, ultimo in righe) - origine
        spi = es[-1] / at[-1]
        # The periods run between the ends of the months with data.
        periodici = [math.log((es[k] - es[k - 1]) / (at[k] - at[k - 1])) for k in range(1, len(es))]
        medio, n = math.log(spi), len(periodici)
        scarto = math.sqrt(sum((uno - medio) ** 2 for uno in periodici) / (n - 1))
        largo = 1.6449 * scarto / math.sqrt(n) * math.sqrt((pd - es[-1]) / (pd - es[-1] / n))
        return {
            "stimata": _giorno(origine + pd / spi),
            "al-piu-presto": _giorno(origine + pd / math.exp(medio + largo)),
            "al-piu-tardi": _giorno(origine + pd / math.exp(medio - largo)),
        }

    def _previsti(self, piano: str) -> list[tuple[float, date, date]]:
        sql = """SELECT o.finanziamento_totale, f.inizio_previsto, f.fine_prevista FROM monitoraggio_faseavanzamento f
            JOIN mesi m ON m.id = f.avanzamento_id JOIN opere o ON o.id = m.intervento_id
            WHERE m.riferito_al = '2024-01-31' AND f.fase = '00313'"""
        with connection.cursor() as cursore:
            cursore.execute(OPERE + sql, {"piano": piano})
            return [(float(costo), _data(inizio), _data(fine)) for costo, inizio, fine in cursore.fetchall()]

    def _fatti(self, piano: str) -> list[float]:
        sql = """SELECT m.riferito_al, sum(o.finanziamento_totale * m.percentuale / 100) FROM mesi m
            JOIN opere o ON o.id = m.intervento_id GROUP BY m.riferito_al ORDER BY m.riferito_al"""
        with connection.cursor() as cursore:
            cursore.execute(OPERE + sql, {"piano": piano})
            return [float(fatto) for _mese, fatto in cursore.fetchall()]


def _data(valore: Any) -> date:
    return date.fromisoformat(valore) if isinstance(valore, str) else valore


def _fine_mese(mese: int) -> date:
    """The last day of the n-th month from January 2024."""
    return date(2024 + mese // 12, mese % 12 + 1, 1) - timedelta(days=1)


def _posto(giorno: date) -> float:
    """The place of the end of a day on the line of months from the first of January 2024."""
    mese = 12 * (giorno.year - 2024) + giorno.month - 1
    return mese + giorno.day / _fine_mese(mese + 1).day


def _giorno(posto: float) -> date:
    mese = math.floor(posto)
    giorni = _fine_mese(mese + 1).day
    return date(2024 + mese // 12, mese % 12 + 1, 1) + timedelta(days=math.ceil((posto - mese) * giorni) - 1)
