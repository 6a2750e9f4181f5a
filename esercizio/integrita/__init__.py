"""Whether what the portal holds is whole and agrees with itself."""

from esercizio.integrita.documenti import Quali
from esercizio.integrita.tipi import Rilievo
from esercizio.integrita.verifica import verifica

__all__ = ["Quali", "Rilievo", "verifica"]
