"""The addresses of this room: the API under /api/, the pages of its keys and of the open data."""

from interoperabilita.rotte.api import rotte as api
from interoperabilita.rotte.pagine import chiavi, documentazione_api, open_data

__all__ = ["api", "chiavi", "documentazione_api", "open_data"]
