"""Requests are counted in the cache, by keys of the database, which the next test uses again."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def conti_da_capo() -> None:
    cache.clear()
