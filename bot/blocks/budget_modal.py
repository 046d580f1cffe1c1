"""The dialog of a budget: how much, of what and for how long; of one that stands only how much."""

from __future__ import annotations

import json
from dataclasses import dataclass

from analysis.budgets import Budget
from bot.blocks import elements
from bot.blocks.budget_words import label, limit
from bot.blocks.elements import Block, escape, name

CALLBACK = "budget.set"
AMOUNT, KIND, NAME, PERIOD = "amount", "kind", "name", "period"
ALL = "all"
#: What a budget can be of, here and as flags.
KINDS = ("service", "account", "team", "tag")
_KIND_WORDS = {ALL: "Everything", "service": "Service", "account": "Account", "team": "Team", "tag": "Tag"}
_PERIOD_WORDS = {"month": "Month", "quarter": "Quarter", "year": "Year"}
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the dialog was opened, and the budget that it changes; "" sets a new one."""

    channel: str
    budget_id: str = ""

    def to_metadata(self) -> str:
        """As the dialog carries it."""
        return json.dumps({"channel": self.channel, "budget": self.budget_id})

    @classmethod
    def from_metadata(cls, text: str) -> Origin:
        """What `to_metadata` wrote."""
        values = json.loads(text)
        return cls(values["channel"], values["budget"])


def budget_modal(origin: Origin, currency: str, owner_tag: str, known: Budget | None = None) -> Block:
    """The dialog.

    Args:
        currency: of the bill, in which the amount is meant.
        known: the budget to change.
    """
    unit = name(currency, 10)
    initial = {} if known is None else {"initial_value": f"{known.amount:.2f}".removesuffix(".00")}
    amount = _input(
        AMOUNT,
        f"Amount in {unit}",
        {"type": "plain_text_input", "action_id": AMOUNT, "max_length": 30, "placeholder": _plain("5000 or 5k")}
        | initial,
    )
    if known is not None:
        what = elements.section(f"*{label(known)}*: {limit(known)} now.")
        return _modal("Change budget", "Change", origin, [what, amount, _hint(unit)])
    kinds = [_option(value, _KIND_WORDS[value]) for value in (ALL, *KINDS)]
    periods = [_option(value, words) for value, words in _PERIOD_WORDS.items()]
    return _modal(
        "New budget",
        "Set",
        origin,
        [
            amount,
            _input(
                PERIOD,
                "For each",
                {"type": "radio_buttons", "action_id": PERIOD, "options": periods, "initial_option": periods[0]},
            ),
            _input(
                KIND,
                "Of",
                {"type": "static_select", "action_id": KIND, "options": kinds, "initial_option": kinds[0]},
            ),
            _input(
                NAME,
                "Which one",
                {
                    "type": "plain_text_input",
                    "action_id": NAME,
                    "max_length": MAX_NAME,
                    "placeholder": _plain(elements.clip(f"ec2, prod, a {name(owner_tag, 20)}, or env=prod", 150)),
                },
            )
            | {"optional": True, "hint": _plain("Not needed for everything.")},
            _hint(unit),
        ],
    )


def values_of(view: Block) -> dict[str, str]:
    """What was filled in, by field; "" where nothing was."""
    state = view.get("state", {}).get("values", {})
    found = {}
    for field in (AMOUNT, PERIOD, KIND, NAME):
        element = state.get(field, {}).get(field, {})
        option = element.get("selected_option") or {}
        found[field] = str(option.get("value") or element.get("value") or "").strip()
    return found


def _hint(unit: str) -> Block:
    return elements.context(
        f"Usage cost in {escape(unit)}, by calendar month, quarter or year in UTC. This channel is told at a forecast "
        "of 80 and 100 % and when it is reached."
    )


def _modal(title: str, submit: str, origin: Origin, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "private_metadata": origin.to_metadata(),
        "blocks": blocks,
    }


def _input(field: str, words: str, element: Block) -> Block:
    return {"type": "input", "block_id": field, "label": _plain(words), "element": element}


def _option(value: str, words: str) -> Block:
    return {"text": _plain(words), "value": value}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
