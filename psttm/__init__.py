"""The project. The Celery application is loaded with it, so that tasks find their broker."""

from psttm.celery import app

__all__ = ["app"]
