"""Reading documents: of an intervento, with their last version, and the uploads still open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from enti.models import Utente
from interventi.models import Intervento
from monitoraggio.models import CaricamentoDocumento, Documento, TipoDocumento, VersioneDocumento
from monitoraggio.models.documenti import DocumentoQuerySet
from registro.models import Evento
from registro.selectors import cronologia


def interventi(chi: Utente | AnonymousUser) -> QuerySet[Intervento]:
    """The interventi whose documents this person may see: all for the staff, for a body those it carries out."""
    trovati = Intervento.objects.select_related("soggetto_attuatore", "submisura")
    if isinstance(chi, AnonymousUser):
        return trovati.none()
    return trovati if chi.vede_tutto else trovati.filter(soggetto_attuatore__in=chi.enti)


def documenti(chi: Utente | AnonymousUser) -> DocumentoQuerySet:
    """The documents that this person may see, deleted ones too, with kind and intervento."""
    return Documento.objects.visibili_a(chi).select_related("tipo", "intervento", "creato_da", "eliminato_da")


def arrivate(istante: datetime | None, prefisso: str = "") -> Q:
    """Of versions: those that had arrived by an instant."""
    return Q() if istante is None else Q(**{f"{prefisso}caricata_il__lte": istante})


def eliminati(istante: datetime | None) -> Q:
    """Of documents: those already deleted at an instant."""
    return Q(eliminato_il__isnull=False) if istante is None else Q(eliminato_il__lte=istante)


def allora(trovati: DocumentoQuerySet, istante: datetime | None) -> DocumentoQuerySet:
    """Those of which a version had arrived by an instant."""
    if istante is None:
        return trovati
    return trovati.filter(Exists(VersioneDocumento.objects.filter(arrivate(istante), documento=OuterRef("pk"))))


def come_era(documento: Documento, istante: datetime | None) -> Documento:
    """A document as it was at an instant, only to be read: what was deleted later was still there."""
    if istante is not None and documento.eliminato_il is not None and documento.eliminato_il > istante:
        documento.eliminato_il, documento.eliminato_da = None, None
        documento.eliminato_atto, documento.eliminato_motivo = "", ""
    return documento


def di_un_intervento(
    chi: Utente | AnonymousUser, intervento: Intervento, istante: datetime | None = None
) -> DocumentoQuerySet:
    """Those of an intervento, by an instant; each knows how many versions it had and carries the last one."""
    sue = VersioneDocumento.objects.filter(arrivate(istante), documento=OuterRef("documento"))
    ultima = sue.order_by("-numero").values("numero")[:1]
    solo_ultima = VersioneDocumento.objects.filter(numero=Subquery(ultima)).select_related("caricata_da")
    return (
        allora(documenti(chi), istante)
        .filter(intervento=intervento)
        .annotate(numero_versioni=Count("versioni", filter=arrivate(istante, "versioni__") or None))
        .prefetch_related(Prefetch("versioni", solo_ultima, to_attr="ultime"))
        .order_by("-creato_il", "-pk")
    )


def mesi(chi: Utente | AnonymousUser, intervento: Intervento) -> list[date]:
    """The months that documents of an intervento speak of, the latest first."""
    trovati = Documento.objects.visibili_a(chi).filter(intervento=intervento, mese__isnull=False)
    return [mese for mese in trovati.order_by("-mese").values_list("mese", flat=True).distinct() if mese is not None]


def versioni(documento: Documento, istante: datetime | None = None) -> QuerySet[VersioneDocumento]:
    """The versions of a document that had arrived by an instant, the last one first."""
    return documento.versioni.filter(arrivate(istante)).select_related("caricata_da")


def versioni_leggibili(chi: Utente | AnonymousUser) -> QuerySet[VersioneDocumento]:
    """The versions whose file this person may download: of deleted documents only the staff, for the controls."""
    visti = Documento.objects.visibili_a(chi)
    if isinstance(chi, AnonymousUser) or not chi.vede_tutto:
        visti = visti.presenti()
    return VersioneDocumento.objects.filter(documento__in=visti, distrutta_il__isnull=True)


def tipi() -> list[TipoDocumento]:
    return list(TipoDocumento.objects.select_related("fonte"))


def aperti(chi: Utente, intervento: Intervento, documento: Documento | None = None) -> list[CaricamentoDocumento]:
    """The uploads to this place that this person left halfway."""
    trovati = CaricamentoDocumento.objects.aperti().filter(autore=chi, intervento=intervento)
    return list(trovati if documento is None else trovati.filter(documento=documento))


def caricamento(chi: Utente, chiave: Any) -> CaricamentoDocumento:
    """One's own upload. Raises CaricamentoDocumento.DoesNotExist, also when its intervento is no longer one's own."""
    trovati = CaricamentoDocumento.objects.select_related("intervento", "versione__documento", "documento")
    return trovati.filter(intervento__in=interventi(chi)).get(chiave=chiave, autore=chi)


def storia(documento: Documento, istante: datetime | None = None) -> list[Evento]:
    """What happened to a document by an instant, the latest first."""
    eventi = cronologia(documento)
    return list(eventi if istante is None else eventi.filter(quando__lte=istante))
