"""The read-only IAM policy, made of what each collector says it calls: nothing more, and nothing that writes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import Any

from bot import collectors
from bot.settings import Settings

#: What costbot calls besides its collectors: who it is, which accounts and which regions there are.
BASE_ACTIONS = (
    "ec2:DescribeRegions",
    "organizations:ListAccounts",
    "sts:GetCallerIdentity",
)
#: The table a check reads as `prices` is the bill and the public list; both are there without a call of its own.
_NO_COLLECTOR = frozenset({"prices"})


@cache
def declared_actions() -> dict[str, tuple[str, ...]]:
    """IAM actions by collector, as each module of `bot/collectors/` declares them in `ACTIONS`."""
    found: dict[str, tuple[str, ...]] = {}
    for module in pkgutil.iter_modules(collectors.__path__):
        loaded = importlib.import_module(f"{collectors.__name__}.{module.name}")
        found[module.name] = tuple(getattr(loaded, "ACTIONS", ()))
    return found


def actions_of(tables: Iterable[str]) -> frozenset[str]:
    """IAM actions that collecting these tables takes.

    Raises:
        KeyError: a table has no collector of its name.
    """
    declared = declared_actions()
    return frozenset(action for table in tables if table not in _NO_COLLECTOR for action in declared[table])


def read_policy(read_role: str | None = None) -> dict[str, Any]:
    """The least that costbot needs to read; every action is of access level Read or List.

    Args:
        read_role: name of the role in member accounts; by default that of the settings' default.
    """
    role = read_role or str(Settings.model_fields["read_role"].default)
    actions = sorted({*BASE_ACTIONS, *(action for actions in declared_actions().values() for action in actions)})
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "CostbotReads", "Effect": "Allow", "Action": actions, "Resource": "*"},
            {
                "Sid": "CostbotEntersItsReadRole",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Resource": f"arn:aws:iam::*:role/{role}",
            },
        ],
    }
