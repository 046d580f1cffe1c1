"""The lines of a billing export: every dimension of a charge at once."""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame

from analysis.costs import Cut
from analysis.rollups import tag_column
from bot.causes.scope import Scope
from bot.causes.weighted_sums import weighted_sums
from bot.cost_files.summary import Stored

#: How usage was paid for: by which commitment, else as FOCUS says; nothing where the export does not tell.
_PRICING = "coalesce(nullif(commitment_type, ''), pricing_category)"


def export_parts(items: Sequence[Stored], provider: str, scope: Scope) -> DataFrame:
    """Rows as `analysis.causes.effects` takes them, of all services and accounts.

    Args:
        items: months of one provider that an export answers for.
    """
    is_tagged = scope.tag is not None and any(scope.tag in item.tag_keys for item in items)
    column = '"' + tag_column(scope.tag or "").replace('"', '""') + '"'
    columns = {
        "account": "sub_account_id",
        "region": "region_id",
        "service": "service_name",
        "usage_type": "usage_type",
        "unit": "unit",
        "tag": column if is_tagged else "''",
        "category": "charge_category",
        "pricing": _PRICING,
    }
    found = weighted_sums(
        [item.path for item in items],
        columns,
        scope.comparison,
        scope.view,
        cut=Cut.FULL,
        provider=provider,
        usage_only=scope.usage_only,
        quantity=True,
    )
    return found.drop(columns="units").assign(provider=provider)
