"""The program that somebody enters with, as people call it: «Firefox su Windows»."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first mark that is found wins: each of these programs also bears the marks of those after it.
BROWSER = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SISTEMI = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def nome_del_programma(testo: str) -> str:
    """From a User-Agent, without its version, so that an update is not taken for another program."""
    browser = _primo(BROWSER, testo)
    sistema = _primo(SISTEMI, testo)
    if browser and sistema:
        return _("%(browser)s su %(sistema)s") % {"browser": browser, "sistema": sistema}
    return browser or sistema or _("un programma sconosciuto")


def _primo(segni: tuple[tuple[str, str], ...], testo: str) -> str:
    return next((nome for segno, nome in segni if segno in testo), "")
