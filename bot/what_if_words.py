"""What the words after `/cost commitments what-if` mean: how much an hour, of which plan, for how long, how paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.elements import quoted
from bot.commands_parsing import one_of, parse
from bot.errors import UsageError

EXAMPLE = "/cost commitments what-if 12.50/h --type compute --term 1y --payment none"
KINDS = {"compute": "Compute", "ec2": "EC2Instance", "reserved": "Reserved", "database": "Database"}
TERMS = {"1y": 1, "3y": 3}
PAYMENTS = {"none": "No Upfront", "partial": "Partial Upfront", "all": "All Upfront"}
#: `12.50/h`, `$1,250 an hour`, `0.5`.
_AMOUNT = re.compile(
    r"\$?(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+) ?(?:USD)? ?(?:/ ?|an |a |per )?(?:h|hr|hour)?", re.IGNORECASE
)
#: AWS sells no smaller plan.
LEAST = 0.001


@dataclass(frozen=True, slots=True)
class Asked:
    """A purchase to think through; names as AWS spells them, `region` and `family` empty for any."""

    hourly: float
    kind: str
    years: int
    payment: str
    region: str
    family: str


def what_if_asked(words: Sequence[str]) -> Asked:
    """Read a purchase, without the word `what-if`.

    Raises:
        UsageError: no amount, or a word that is not understood; the remedy says what to type instead.
    """
    parsed = parse(words, flags=("type", "term", "payment", "region", "family"))
    flags = parsed.flags
    return Asked(
        hourly=_hourly(" ".join(parsed.positional)),
        kind=KINDS[one_of(flags.get("type", "compute").lower(), tuple(KINDS), "type")],
        years=TERMS[one_of(flags.get("term", "1y").lower(), tuple(TERMS), "term")],
        payment=PAYMENTS[one_of(flags.get("payment", "none").lower(), tuple(PAYMENTS), "payment")],
        region=flags.get("region", ""),
        family=flags.get("family", ""),
    )


def _hourly(text: str) -> float:
    if not text:
        raise UsageError("How much to commit is missing.", f"Type it in dollars an hour: {EXAMPLE}")
    met = _AMOUNT.fullmatch(text)
    if met is None:
        raise UsageError(f"{quoted(text)} is no amount in dollars an hour.", f"Type it as in {EXAMPLE}")
    hourly = float(met["number"].replace(",", ""))
    if hourly < LEAST:
        raise UsageError(f"A commitment of ${hourly:g} an hour is not sold.", f"The least is ${LEAST:g} an hour.")
    return hourly
