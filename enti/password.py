"""Rules for passwords, where Django's own speak no Italian."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LunghezzaMinima(MinimumLengthValidator):
    """Django's rule; the error of Django 5.2 has no Italian translation."""

    def get_error_message(self) -> str:
        return _("La password è troppo corta: servono almeno %(quanti)s caratteri.") % {"quanti": self.min_length}
