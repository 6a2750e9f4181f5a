"""Lists that a person wants to find again: filters, order and columns, all in the address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from enti.models import Utente


class VistaSalvata(models.Model):
    """A saved view of a list: `indirizzo` is the query string."""

    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="viste", verbose_name=_("di chi"))
    pagina = models.CharField(_("pagina"), max_length=40)
    nome = models.CharField(_("nome"), max_length=80)
    indirizzo = models.CharField(_("filtri"), max_length=2000, blank=True)
    # The default of the database is for the release before, which goes on saving views while this one comes in.
    apre = models.BooleanField(_("è quella con cui si apre il portale"), default=False, db_default=False)

    class Meta:
        verbose_name = _("vista salvata")
        verbose_name_plural = _("viste salvate")
        ordering = ["nome"]
        constraints = [
            models.UniqueConstraint(fields=["utente", "pagina", "nome"], name="una_vista_per_nome"),
            models.UniqueConstraint(
                fields=["utente", "pagina"], condition=models.Q(apre=True), name="una_sola_vista_apre"
            ),
        ]

    def __str__(self) -> str:
        return self.nome
