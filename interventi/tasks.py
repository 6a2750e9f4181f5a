"""What makes the jobs of this room known to every worker; they run through `registro.tasks`."""

from __future__ import annotations

from interventi.importazione import lavori

__all__ = ["lavori"]
