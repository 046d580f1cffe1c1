"""Short ids that a person can read out: `A-7Q2M` for an anomaly, `S-0K9V` for a saving."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

#: Crockford's base 32: without I, L, O and U, which are misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = {"anomaly": "A", "recommendation": "S"}


def candidates(kind: str, fingerprint: str) -> Iterator[str]:
    """Ids for a finding, best first; the same finding gets the same ones on every machine."""
    for turn in range(1000):
        number = int.from_bytes(hashlib.sha256(f"{fingerprint}/{turn}".encode()).digest()[:4], "big")
        letters = "".join(ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))
        yield f"{PREFIX[kind]}-{letters}"


def tidy(typed: str) -> str:
    """What a person typed, as an id is written: upper case, look-alikes and quotes put right."""
    word = typed.strip().strip("`'\"").upper()
    head, dash, tail = word.partition("-")
    return head + dash + tail.translate(str.maketrans("OIL", "011"))
