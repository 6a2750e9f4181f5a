"""Events are only ever added: by the model, by the queryset, and by the database itself on the engine that runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from registro.inviolabile import NON_SI_CANCELLA, NON_SI_MODIFICA
from registro.models import Evento, RegistroImmutabile
from registro.services import annota

Gesto = Callable[[Evento], object]


@pytest.fixture
def evento(db: None) -> Evento:
    return annota(None, "provato", nota="com'era")


def _sql(comando: str, *valori: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(comando, valori)


@pytest.mark.parametrize(
    "gesto",
    [
        pytest.param(lambda evento: evento.save(), id="salvare"),
        pytest.param(lambda evento: evento.delete(), id="cancellare"),
        pytest.param(lambda evento: Evento.objects.filter(pk=evento.pk).update(nota="cambiata"), id="aggiornare"),
        pytest.param(lambda evento: Evento.objects.bulk_update([evento], ["nota"]), id="aggiornare in blocco"),
        pytest.param(lambda evento: Evento.objects.filter(pk=evento.pk).delete(), id="cancellare dall'elenco"),
    ],
)
def test_il_modello_rifiuta_di_cambiare_o_togliere_un_evento(evento: Evento, gesto: Gesto) -> None:
    evento.nota = "cambiata"
    with pytest.raises(RegistroImmutabile), transaction.atomic():
        gesto(evento)
    assert Evento.objects.get(pk=evento.pk).nota == "com'era"


@pytest.mark.parametrize(
    ("comando", "messaggio"),
    [
        ("UPDATE registro_evento SET nota = 'cambiata' WHERE id = %s", NON_SI_MODIFICA),
        ("DELETE FROM registro_evento WHERE id = %s", NON_SI_CANCELLA),
    ],
)
def test_la_base_dati_rifiuta_di_cambiare_o_togliere_un_evento(evento: Evento, comando: str, messaggio: str) -> None:
    with pytest.raises(DatabaseError, match=messaggio):
        _sql(comando, evento.pk)
    assert Evento.objects.get(pk=evento.pk).nota == "com'era"


def test_la_base_dati_rifiuta_anche_cio_che_il_modello_non_vede(evento: Evento) -> None:
    evento.nota = "cambiata"
    with pytest.raises(DatabaseError, match=NON_SI_MODIFICA), transaction.atomic():
        evento.save_base(raw=True)
    with pytest.raises(DatabaseError, match=NON_SI_MODIFICA), transaction.atomic():
        Evento.objects.bulk_create([evento], update_conflicts=True, unique_fields=["id"], update_fields=["nota"])
    with pytest.raises(DatabaseError, match=NON_SI_CANCELLA), transaction.atomic():
        Evento.objects.filter(pk=evento.pk)._raw_delete(using="default")
    assert Evento.objects.get(pk=evento.pk).nota == "com'era"


def test_la_base_dati_rifiuta_di_sostituire_un_evento(evento: Evento) -> None:
    if connection.vendor == "sqlite":
        comando = "INSERT OR REPLACE INTO registro_evento SELECT * FROM registro_evento WHERE id = %s"
    else:
        comando = (
            "INSERT INTO registro_evento SELECT * FROM registro_evento WHERE id = %s "
            "ON CONFLICT (id) DO UPDATE SET nota = 'cambiata'"
        )
    with pytest.raises(DatabaseError, match=NON_SI_MODIFICA):
        _sql(comando, evento.pk)
    assert Evento.objects.get(pk=evento.pk).nota == "com'era"


def test_la_base_dati_rifiuta_di_svuotare_il_registro(evento: Evento) -> None:
    connection.check_constraints()  # else PostgreSQL refuses for another reason: checks of the new row are pending
    comando = "DELETE FROM registro_evento" if connection.vendor == "sqlite" else "TRUNCATE registro_evento CASCADE"
    with pytest.raises(DatabaseError, match=NON_SI_CANCELLA):
        _sql(comando)
    assert Evento.objects.filter(pk=evento.pk).exists()


@pytest.mark.parametrize("volta", ["prima", "seconda"])
@pytest.mark.django_db(transaction=True)
def test_dopo_una_prova_che_scrive_davvero_il_registro_resta_protetto(volta: str) -> None:
    """Twice: the second time the database has been emptied by the end of the first."""
    evento = annota(None, "provato", nota="com'era")
    assert Evento.objects.count() == 1
    with pytest.raises(DatabaseError, match=NON_SI_CANCELLA):
        _sql("DELETE FROM registro_evento WHERE id = %s", evento.pk)
