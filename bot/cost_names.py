"""How the keys of stored costs are shown: a service's short name, an account's name and id, usage in words."""

from __future__ import annotations

from collections.abc import Callable

from analysis.services import service_key, service_label
from analysis.usage_types import usage_region, usage_words
from bot.blocks import elements
from bot.cost_files import CostFiles


def shown_names(costs: CostFiles, by: str) -> Callable[[str], str]:
    """How the keys of a dimension are shown; not yet escaped.

    Args:
        by: a dimension as `CostFiles.daily` takes it.
    """
    if by == "service":
        labels = {service_key(name): elements.name(service_label(name)) for name in costs.service_names()}
        return lambda key: labels.get(key, key)
    if by == "account":
        accounts = costs.account_names()
        return lambda key: f"{elements.name(accounts[key])} ({short_id(key)})" if accounts.get(key, key) != key else key
    if by == "usage_type":
        return usage_words
    return lambda key: key or "(untagged)"


def short_id(account_id: str) -> str:
    """An account id that fits beside a name: Azure's and Oracle's are paths."""
    return account_id if len(account_id) <= 14 else f"…{account_id[-8:]}"


def short_names(costs: CostFiles, by: str) -> Callable[[str], str]:
    """Shorter ones, for the labels of a chart: an account's name without its id, usage without its region."""
    if by == "account":
        accounts = costs.account_names()
        return lambda key: accounts.get(key) or short_id(key)
    if by == "usage_type":
        return lambda key: usage_words(key).removeprefix(f"{usage_region(key)} ")
    return shown_names(costs, by)
