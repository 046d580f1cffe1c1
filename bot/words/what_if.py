"""What the words after `/cost commitments what-if` mean: how much an hour, of which plan, for how long, how paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.elements import quoted
from bot.errors import UsageError
from bot.words.flags import one_of, parse

EXAMPLE = "/cost commitments what-if 12.50/h --type compute --term 1y --payment none"
KINDS = {
    "compute": "Compute",
    "ec2": "EC2Instance",
    "reserved": "Reserved",
    "database": "Database",
    "sagemaker": "SageMaker",
}
#: How a person calls them, as several.
NAMES = {
    "Compute": "Compute Savings Plans",
    "EC2Instance": "EC2 Instance Savings Plans",
    "Reserved": "reservations",
    "Database": "Database Savings Plans",
    "SageMaker": "SageMaker Savings Plans",
}
TERMS = {"1y": 1, "3y": 3}
PAYMENTS = {"none": "No Upfront", "partial": "Partial Upfront", "all": "All Upfront"}
USAGE = (
    "what-if 12.50/h [--type compute|ec2|reserved|database|sagemaker] [--term 1y|3y] [--payment none|partial|all] "
    "[--region REGION] [--family m5] [--renewed]"
)
#: Types that are bought for a region and a family.
_NARROW = ("ec2", "reserved")
#: `12.50/h`, `$1,250 an hour`, `0.5`. A comma stands between thousands: `12,50` would be read as 1,250.
_AMOUNT = re.compile(
    r"\$?(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+) ?(?:USD)? ?(?:(?:/ ?|an |a |per )(?:h|hr|hour))?",
    re.IGNORECASE,
)
#: AWS sells no smaller plan, and none that is larger by far than any bill.
LEAST, MOST = 0.001, 100_000.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A purchase to think through; names as AWS spells them, `region` and `family` empty for any.

    `renewed`: what ends within the term is taken to be bought again.
    """

    hourly: float
    kind: str
    years: int
    payment: str
    region: str = ""
    family: str = ""
    renewed: bool = False


def what_if_asked(words: Sequence[str]) -> Asked:
    """Read a purchase, without the word `what-if`.

    Raises:
        UsageError: no amount, or a word that is not understood; the remedy says what to type instead.
    """
    parsed = parse(words, flags=("type", "term", "payment", "region", "family"), switches=("renewed",))
    flags = {name: value.lower() for name, value in parsed.flags.items()}
    kind = one_of(flags.get("type", "compute"), tuple(KINDS), "type")
    for name in ("region", "family"):
        if name in flags and kind not in _NARROW:
            raise UsageError(
                f"{NAMES[KINDS[kind]]} are of every region and family: --{name} says nothing.",
                f"Leave it out, or ask for --type {' or --type '.join(_NARROW)}.",
            )
    return Asked(
        hourly=_hourly(" ".join(parsed.positional)),
        kind=KINDS[kind],
        years=TERMS[one_of(flags.get("term", "1y"), tuple(TERMS), "term")],
        payment=PAYMENTS[one_of(flags.get("payment", "none"), tuple(PAYMENTS), "payment")],
        region=flags.get("region", ""),
        family=flags.get("family", ""),
        renewed="renewed" in flags,
    )


def typed(asked: Asked) -> str:
    """The command that asks for it."""

    def word(of: dict[str, str] | dict[str, int], value: object) -> str:
        return next(name for name, meant in of.items() if meant == value)

    exact = f"{asked.hourly:.3f}"
    amount = exact.removesuffix("0").removesuffix(".00")
    parts = [
        f"/cost commitments what-if {amount}/h",
        f"--type {word(KINDS, asked.kind)}",
        f"--term {word(TERMS, asked.years)}",
        f"--payment {word(PAYMENTS, asked.payment)}",
        f"--region {asked.region}" if asked.region else "",
        f"--family {asked.family}" if asked.family else "",
        "--renewed" if asked.renewed else "",
    ]
    return " ".join(filter(None, parts))


def _hourly(text: str) -> float:
    if not text:
        raise UsageError("How much to commit is missing.", f"Type it in dollars an hour: {EXAMPLE}")
    met = _AMOUNT.fullmatch(text)
    if met is None:
        raise UsageError(f"{quoted(text)} is no amount in dollars an hour.", f"Type it as in {EXAMPLE}")
    hourly = float(met["number"].replace(",", ""))
    if not LEAST <= hourly <= MOST:
        raise UsageError(
            f"A commitment of ${hourly:,.4g} an hour is not sold.",
            f"Ask for ${LEAST:g} to ${MOST:,.0f} an hour.",
        )
    return hourly
