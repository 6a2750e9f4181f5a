"""What the checks of a file say."""

from __future__ import annotations


class FileRifiutato(Exception):
    """The file is not taken; the text, in Italian, says what is wrong with it and what to do."""


class FileInfetto(FileRifiutato):
    """The antivirus found something; `minaccia` is its name for it."""

    def __init__(self, testo: str, minaccia: str) -> None:
        super().__init__(testo)
        self.minaccia = minaccia


class AntivirusAssente(Exception):
    """The antivirus is configured and cannot answer: nothing is taken in until it does."""
