"""`docs/allerte.md` says what the catalogue says, and the catalogue says all it must."""

from __future__ import annotations

from django.conf import settings

from monitoraggio.allerte.catalogo import CATALOGO
from monitoraggio.allerte.documento import documento
from monitoraggio.allerte.soglie import SOGLIE


def test_il_documento_dei_segnali_e_aggiornato() -> None:
    scritto = (settings.BASE_DIR / "docs" / "allerte.md").read_text(encoding="utf-8")
    assert scritto == documento(), "docs/allerte.md non è aggiornato: esegui manage.py documenta_allerte"


def test_il_documento_racconta_ogni_segnale_e_ogni_soglia() -> None:
    testo = documento()
    for allarme in CATALOGO:
        assert f"## `{allarme.codice}`: {allarme.titolo}" in testo
    for nome in SOGLIE:
        assert f"| `{nome}` |" in testo


def test_ogni_segnale_ha_un_codice_suo_e_tutto_cio_che_serve_a_chi_lo_legge() -> None:
    codici = [allarme.codice for allarme in CATALOGO]
    assert len(set(codici)) == len(codici)
    for allarme in CATALOGO:
        assert len(allarme.codice) <= 30
        assert all(str(testo) for testo in (allarme.titolo, allarme.spiegazione, allarme.rimedio, allarme.fonte))
        assert allarme.prova is not None or allarme.prova_piano is not None
        assert 1 <= allarme.scala.da <= allarme.scala.a <= 100


def test_ogni_soglia_e_letta_da_un_segnale_e_ha_una_fonte() -> None:
    lette = {nome for allarme in CATALOGO for nome in allarme.soglie}
    assert lette == set(SOGLIE)
    assert all(str(datata.fonte) for soglia in SOGLIE.values() for datata in soglia.soglia.valori)
