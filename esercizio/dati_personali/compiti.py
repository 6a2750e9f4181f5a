"""The nightly tasks by which personal data do not outlive their term. Each may come twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from esercizio.dati_personali import scadenze


@shared_task(name="esercizio.togli_sessioni")
def togli_sessioni() -> None:
    scadenze.togli_sessioni(adesso=timezone.now())


@shared_task(name="esercizio.togli_ripensamenti")
def togli_ripensamenti() -> None:
    scadenze.togli_ripensamenti(adesso=timezone.now())


@shared_task(name="esercizio.togli_allerte")
def togli_allerte() -> None:
    scadenze.togli_allerte(adesso=timezone.now())


@shared_task(name="esercizio.togli_caricamenti")
def togli_caricamenti() -> None:
    scadenze.togli_caricamenti()
