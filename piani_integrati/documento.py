"""`docs/regole.md`, made from the catalogue so that the two cannot part."""

from __future__ import annotations

from piani_integrati import parole
from piani_integrati.regole import REGOLE, Livello, Regola
from psttm import formati

TESTA = """\
# Le regole di ammissibilità

Questo documento è fatto da `piani_integrati/regole/catalogo.py` con `manage.py documenta_regole`: non si corregge a
mano. Dice che cosa si chiede a un Piano Integrato, da quale norma viene e come si giudica.

Ogni esito è uno di quattro: **conforme**, **non conforme**, **non applicabile**, **non determinabile** (mancano dati:
non vale mai come conforme). Una regola sugli interventi è non conforme per il piano se lo è per uno almeno dei suoi
interventi; se nessuno lo è, ma di qualcuno mancano dati, è non determinabile. Una deroga sta accanto all'esito e non lo
cambia.
"""

AGGIUNGERE = """\
## Aggiungere una regola

Una regola nuova tocca il catalogo e la sua prova, e null'altro: pagine, matrice, comando, lavoro notturno, simulazione
e questo documento la trovano da sé. Per esempio, se una norma chiedesse che l'indirizzo di ogni intervento sia noto dal
1/1/2027, basterebbe un valore in `regole/catalogo.py`, da mettere anche in `REGOLE`:

```python
INDIRIZZO = Regola(
    codice="indirizzo",
    titolo=_("Si sa a quale indirizzo è l'intervento"),
    spiegazione=_("Almeno una delle sue localizzazioni ha un indirizzo."),
    rimedio=_("Scrivi l'indirizzo nell'intervento."),
    fonte=_("DM 1/12/2026"),
    livello=Livello.INTERVENTO,
    unita=Unita.NUMERO,
    confronto=Confronto.ALMENO,
    soglia=Soglia((SogliaDatata(date(2027, 1, 1), Decimal(1), _("DM 1/12/2026")),)),
    misura=lambda contesto: Subquery(
        Localizzazione.objects.filter(intervento=OuterRef("pk"))
        .exclude(indirizzo="")
        .order_by()
        .values(quanti=Func(Value(1), function="COUNT", output_field=IntegerField()))
    ),
    dati=(DATI_INTERVENTO["comune"],),  # che cosa serve: dove manca, l'esito è non determinabile
)
```

La prova sta in `tests/piani_integrati/test_regole_soglie.py`, sui due lati della soglia (quella di questo esempio c'è,
e giudica proprio questo valore). Poi `manage.py documenta_regole`. Una soglia che cambia è una riga in più nella sua
`Soglia`, con il giorno da cui vale: i giudizi «al» un giorno di prima restano quelli.
"""


def documento() -> str:
    """The whole text, in Markdown."""
    return "\n".join([TESTA, _indice(), *(_scheda(regola) for regola in REGOLE), AGGIUNGERE])


def _indice() -> str:
    righe = ["| codice | regola | livello | soglia | obbligatoria |", "|---|---|---|---|---|"]
    for regola in REGOLE:
        ultima = regola.soglia.valori[-1].valore
        obbligatoria = "sì" if regola.obbligatoria else "no, si riferisce"
        righe.append(
            f"| `{regola.codice}` | {regola.titolo} | {_livello(regola)} | {parole.soglia(regola, ultima)} "
            f"| {obbligatoria} |"
        )
    return "\n".join(righe) + "\n"


def _scheda(regola: Regola) -> str:
    righe = [
        f"## `{regola.codice}`: {regola.titolo}",
        "",
        str(regola.spiegazione),
        "",
        f"- Norma: {regola.fonte}.",
        f"- Si giudica: {_livello(regola)}; vale per {_tipi(regola)}.",
    ]
    righe += [
        f"- Soglia dal {formati.data_breve(soglia.dal)}: {parole.soglia(regola, soglia.valore)} ({soglia.fonte})."
        for soglia in regola.soglia.valori
    ]
    if regola.soglia_effettiva is not None:
        righe.append("- La soglia del giorno dipende anche da altri dati, come detto sopra.")
    serve = [str(dato.manca) for dato in regola.dati]
    if regola.dato_piano is not None:
        serve.append(f"{regola.dato_piano.manca} (nella proposta del piano)")
    if serve:
        righe.append(f"- Dati che servono: {'; '.join(serve)}.")
    righe.append(f"- Come si rimedia: {regola.rimedio}")
    return "\n".join(righe) + "\n"


def _livello(regola: Regola) -> str:
    return "ogni intervento" if regola.livello is Livello.INTERVENTO else "il piano intero"


def _tipi(regola: Regola) -> str:
    return " e ".join(sorted(str(tipo.label).lower() for tipo in regola.tipi))
