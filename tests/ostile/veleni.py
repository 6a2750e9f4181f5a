"""What is typed where something else is expected. Every list is deterministic: a case that fails can be asked again."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

# Whatever comes back with this in it, not escaped, would run in the browser of who reads it.
GRIMALDELLO = "<script>alert(77)</script>"
CHIODO = '"><img src=x onerror=alert(77)>'

TESTI = (
    GRIMALDELLO,
    CHIODO,
    "'-alert(77)-'",
    "javascript:alert(77)",
    "{{ 7|add:70 }}{% debug %}",
    "${7*11}",
    "#{7*11}",
    "%s%n%(x)s{0}{x!r}",
    "' OR '1'='1",
    "1; DROP TABLE enti_utente; --",
    "') UNION SELECT password FROM enti_utente --",
    "\\",
    "\\'",
    "%",
    "_",
    "*)(uid=*",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-1",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "//male.example.org",
    "https://male.example.org/",
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: preso=1",
    "\x1b[2J",
    "\x7f\x80\x9f",
    "\u202e\u2066fdp.exe",
    "\ufeff\u200b\u00ad",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "e\u0301" * 60,
    "\u0958\ufdfa" * 30,
    "İıſK",
    "ﬀ①²٣",
    "\U0010ffff",
    "A" * 10_000,
    "à" * 3_000,
    " ",
    "\t\n",
    "null",
    "None",
    "undefined",
    "true",
    "[]",
    "{}",
    "[object Object]",
)
NUMERI = (
    "0",
    "-0",
    "-1",
    "1.5",
    "1,5",
    "1.234.567,89",
    "1e9",
    "1e400",
    "1E-400",
    "9" * 18,
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 19,
    "9" * 40,
    "9" * 4301,
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "1_000",
    "٣٤",
    "²",
    "½",
    "+5",
    " 7 ",
)
DATE = (
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2024-02-30",
    "2024-13",
    "2024-00",
    "0000-01",
    "9999-12",
    "24-1-1",
    "2024-W01-1",
    "20240101",
    "2024-12-31T25:61:61",
    "2024-12-31T10:00:00+99:99",
    "2024-12-31T10:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "31/12/2024",
    "-2024-01-01",
    "٢٠٢٤-٠١-٠١",
)
TUTTI: tuple[str, ...] = (*TESTI, *NUMERI, *DATE)
# What a language of program writes where a text stands.
JSON: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    2**64,
    10**40,
    1e308,
    [],
    {},
    [[]],
    {"a": {"b": []}},
    ["a"] * 1_000,
    {"__proto__": {"x": 1}},
    {"$gt": ""},
    "\x00",
    "\ud800",
    "\udfff\ud800",
)


def caso(*di_che: object) -> random.Random:
    """Chance that is the same on every machine, for this thing."""
    return random.Random("-".join(map(str, di_che)))  # noqa: S311 not for secrets


def alcuni(quanti: int, *di_che: object, fra: Sequence[str] = TUTTI) -> Iterator[str]:
    """So many hostile texts, different for different things."""
    scelta = caso(*di_che)
    yield from (fra[scelta.randrange(len(fra))] for _volta in range(quanti))


def storpiato(byte: bytes, scelta: random.Random) -> bytes:
    """These bytes with some changed, taken away, doubled or cut."""
    rovinati = bytearray(byte)
    for _volta in range(scelta.randint(1, 6)):
        posto = scelta.randrange(len(rovinati)) if rovinati else 0
        match scelta.randrange(5):
            case 0 if rovinati:
                rovinati[posto] ^= 1 << scelta.randrange(8)
            case 1:
                rovinati[posto:posto] = scelta.randbytes(scelta.randint(1, 40))
            case 2:
                del rovinati[posto : posto + scelta.randint(1, 60)]
            case 3:
                rovinati[posto:posto] = rovinati[posto : posto + 64]
            case _:
                del rovinati[max(1, posto) :]
    return bytes(rovinati)
