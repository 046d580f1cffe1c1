"""The two dialogs of a decision: why something is dismissed, and until when it is snoozed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from analysis.lifecycle import REASON_MEANING, DismissReason
from bot.blocks import decision_line, elements
from bot.blocks.elements import Block
from bot.store.rows import Finding

MAX_NOTE = 500
#: What a snooze can last, as `--until` takes it, and what it is called.
SNOOZES = {"1d": "1 day", "7d": "7 days", "month-end": "Until the end of the month"}

#: How long the pattern of what is dismissed can be muted too, as `--until` takes it, and what that is called.
MUTES = {"7d": "7 days", "30d": "30 days", "90d": "90 days"}

DISMISS = "decide.dismiss"
SNOOZE = "decide.snooze"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a dialog was opened from; it travels in the dialog's private metadata.

    `response_url` is only kept for a message that the store does not know: nothing else can redraw that one.
    """

    finding_id: str
    channel: str | None
    ts: str | None
    response_url: str | None = None

    def to_metadata(self) -> str:
        values = {"finding": self.finding_id, "channel": self.channel, "ts": self.ts}
        return json.dumps(values | ({"response_url": self.response_url} if self.response_url else {}))

    @classmethod
    def from_metadata(cls, text: str) -> Origin:
        """What `to_metadata` wrote."""
        values = json.loads(text)
        return cls(values["finding"], values["channel"], values["ts"], values.get("response_url"))


def dismiss_modal(finding: Finding, origin: Origin) -> Block:
    """Asks for the reason, and a note and a mute of the pattern if one likes."""
    reasons = [_option(reason.value, reason.value.capitalize(), REASON_MEANING[reason]) for reason in DismissReason]
    return _modal(
        DISMISS,
        f"Dismiss {finding.id}",
        "Dismiss",
        origin,
        [
            elements.section(decision_line.title(finding)),
            _input("reason", "Why?", {"type": "radio_buttons", "action_id": "reason", "options": reasons}),
            {
                **_input(
                    "note",
                    "Note",
                    {
                        "type": "plain_text_input",
                        "action_id": "note",
                        "multiline": True,
                        "max_length": MAX_NOTE,
                        "placeholder": _plain("Shown on the card and kept in the audit"),
                    },
                ),
                "optional": True,
            },
            {
                **_input(
                    "mute",
                    "Also mute this pattern for",
                    {
                        "type": "static_select",
                        "action_id": "mute",
                        "placeholder": _plain("Not at all"),
                        "options": [_option(value, label) for value, label in MUTES.items()],
                    },
                ),
                "optional": True,
                "hint": _plain("The same again is recorded and not posted; /cost mute says what it costs."),
            },
        ],
    )


def snooze_modal(finding: Finding, origin: Origin) -> Block:
    """Asks for how long, and why if one likes."""
    choices = [_option(value, label) for value, label in SNOOZES.items()]
    return _modal(
        SNOOZE,
        f"Snooze {finding.id}",
        "Snooze",
        origin,
        [
            elements.section(decision_line.title(finding)),
            _input(
                "until",
                "For how long?",
                {"type": "radio_buttons", "action_id": "until", "options": choices, "initial_option": choices[0]},
            ),
            {
                **_input(
                    "note",
                    "Why?",
                    {
                        "type": "plain_text_input",
                        "action_id": "note",
                        "max_length": MAX_NOTE,
                        "placeholder": _plain("Shown on the card and kept in the audit"),
                    },
                ),
                "optional": True,
            },
        ],
    )


def _modal(callback_id: str, title: str, submit: str, origin: Origin, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(elements.clip(title, 24)),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "private_metadata": origin.to_metadata(),
        "blocks": blocks,
    }


def _input(name: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": name, "label": _plain(label), "element": element}


def _option(value: str, label: str, description: str | None = None) -> Block:
    option: Block = {"text": _plain(label), "value": value}
    if description:
        option["description"] = _plain(elements.clip(description, 75))
    return option


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
