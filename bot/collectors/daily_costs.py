"""Daily costs from Cost Explorer: one query per cut, paged by hand, parsed into rows of the daily cost table.

Cost Explorer takes two group keys at most, so the same dollars come back once per cut. The cut CHARGE is the whole
bill by record type; every other cut holds usage only, and its sum equals CHARGE's usage on every day and service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.collectors.charge_categories import USAGE_RECORD_TYPES, split
from bot.cost_files.reach import BASIC_CUTS, query_name

SOURCE = "cost_explorer"
PROVIDER = "AWS"
ACTIONS = ("ce:GetCostAndUsage",)

COLUMNS = (
    "date", "cut", "provider", "billing_account_id", "charge_category", "service_name", "sub_account_id",
    "sub_account_name", "region_id", "usage_type", "tag_key", "tag_value", "billed_cost", "effective_cost", "quantity",
    "unit", "currency", "estimated",
)  # fmt: skip

#: Group key of Cost Explorer and the column its values go to; the record type becomes the charge category.
_GROUPS = {
    "RECORD_TYPE": "record_type",
    "SERVICE": "service_name",
    "LINKED_ACCOUNT": "sub_account_id",
    "REGION": "region_id",
    "USAGE_TYPE": "usage_type",
}
_CUT_GROUPS: dict[Cut, tuple[str, ...]] = {
    Cut.CHARGE: ("RECORD_TYPE", "SERVICE"),
    Cut.ACCOUNT: ("SERVICE", "LINKED_ACCOUNT"),
    Cut.REGION: ("SERVICE", "REGION"),
    Cut.USAGE_TYPE: ("SERVICE", "USAGE_TYPE"),
    Cut.ACCOUNT_USAGE_TYPE: ("LINKED_ACCOUNT", "USAGE_TYPE"),
    Cut.TAG: ("SERVICE",),
}
#: Sums of the same charges in two groupings differ by less, for rounding.
SAME_USD = 0.00005
#: What stands in for a currency beside an amount of nothing.
_NO_CURRENCY = (None, "", "N/A")
_NO_REGION = {"", "NoRegion", "global"}


@dataclass(frozen=True, slots=True)
class Query:
    """One grouping of Cost Explorer."""

    cut: Cut
    tag_key: str | None = None

    @property
    def name(self) -> str:
        """Its name in notes: the cut, with the tag's key."""
        return query_name(self.cut, self.tag_key)

    @property
    def words(self) -> str:
        """What it is asked for, as "costs by …" goes on."""
        return f"tag {self.tag_key}" if self.tag_key else self.cut.value.replace(",", " and ").replace("_", " ")

    def parameters(self, start: date, end: date) -> dict[str, Any]:
        """The request for the days [start, end)."""
        groups = [{"Type": "DIMENSION", "Key": key} for key in _CUT_GROUPS[self.cut]]
        if self.tag_key:
            groups.append({"Type": "TAG", "Key": self.tag_key})
        metrics = ["UnblendedCost", "NetAmortizedCost"]
        if self.cut in (Cut.USAGE_TYPE, Cut.ACCOUNT_USAGE_TYPE):
            metrics.append("UsageQuantity")
        parameters: dict[str, Any] = {
            "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
            "Granularity": "DAILY",
            "Metrics": metrics,
            "GroupBy": groups,
        }
        if self.cut is not Cut.CHARGE:
            parameters["Filter"] = {"Dimensions": {"Key": "RECORD_TYPE", "Values": list(USAGE_RECORD_TYPES)}}
        return parameters


def queries(tag_keys: Sequence[str]) -> tuple[Query, ...]:
    """Everything one round asks, the most important first: five cuts, and one for each tag."""
    return (*(Query(cut) for cut in BASIC_CUTS), *(Query(Cut.TAG, key) for key in tag_keys))


def pages(client: Any, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pages of one query, each a billed request. The token only works with the very same parameters."""
    token: str | None = None
    while True:
        page: dict[str, Any] = client.get_cost_and_usage(**parameters, **({"NextPageToken": token} if token else {}))
        yield page
        token = page.get("NextPageToken")
        if not token:
            return


def fetch(client: Any, parameters: dict[str, Any], counted: Callable[[], None]) -> list[dict[str, Any]]:
    """All pages of one query.

    Args:
        counted: called after each page; every page is a billed request.
    """
    found = []
    for page in pages(client, parameters):
        counted()
        found.append(page)
    return found


def whole_until(found: Sequence[dict[str, Any]], start: date, end: date) -> date:
    """The day before which an answer to the days [start, end) is whole, though its last pages did not come.

    Cost Explorer pages by day, and a day may go on on the next page. An answer that has come as far as its last day
    and still has a page to come proves no such order: nothing of it is taken for whole.
    """
    if found and not found[-1].get("NextPageToken"):
        return end
    days = [date.fromisoformat(result["TimePeriod"]["Start"]) for page in found for result in page["ResultsByTime"]]
    in_order = all(earlier <= later for earlier, later in pairwise(days))
    return days[-1] if days and in_order and days[-1] < end - timedelta(days=1) else start


def parse(found: Iterable[dict[str, Any]], query: Query) -> DataFrame:
    """Rows of the daily cost table from the pages of one query.

    Returns:
        Columns `COLUMNS`. A fee that is billed as a purchase and amortised as unused commitment becomes two rows.
    Raises:
        ValueError: the answer mixes currencies, or a tag group is not spelled `key$value`.
    """
    columns = [*(_GROUPS[key] for key in _CUT_GROUPS[query.cut]), *(["tag_value"] if query.tag_key else [])]
    rows: list[tuple[Any, ...]] = []
    names: dict[str, str] = {}
    for page in found:
        for value in page.get("DimensionValueAttributes", ()):
            names[value["Value"]] = value.get("Attributes", {}).get("description", value["Value"])
        for result in page["ResultsByTime"]:
            day, estimated = result["TimePeriod"]["Start"], bool(result.get("Estimated", False))
            for group in result["Groups"]:
                rows.append((day, estimated, *group["Keys"], *_amounts(group["Metrics"])))
    frame = DataFrame(
        rows,
        columns=["date", "estimated", *columns, "billed_cost", "effective_cost", "quantity", "unit", "currency"],
    )
    return _complete(frame, query, names)


def _amounts(metrics: dict[str, dict[str, str]]) -> tuple[float, float | None, float | None, str | None, str | None]:
    billed, effective = metrics["UnblendedCost"], metrics.get("NetAmortizedCost")
    quantity = metrics.get("UsageQuantity")
    measured = quantity is not None and quantity.get("Unit") not in (None, "", "N/A")
    return (
        float(billed["Amount"]),
        float(effective["Amount"]) if effective else None,
        float(quantity["Amount"]) if quantity and measured else None,
        quantity["Unit"] if quantity and measured else None,
        billed["Unit"] if billed.get("Unit") not in _NO_CURRENCY else None,
    )


def _complete(frame: DataFrame, query: Query, names: dict[str, str]) -> DataFrame:
    frame = frame.assign(
        date=pd.to_datetime(frame["date"]),
        estimated=frame["estimated"].astype(bool),
        cut=query.cut.value,
        provider=PROVIDER,
        tag_key=query.tag_key,
    )
    spoken = sorted(frame["currency"].dropna().unique())
    if len(spoken) > 1:
        raise ValueError(f"Cost Explorer mixed {' and '.join(spoken)} in one answer")
    if frame["currency"].isna().any():
        if frame.loc[frame["currency"].isna(), ["billed_cost", "effective_cost"]].fillna(0.0).any(axis=None):
            raise ValueError("Cost Explorer names no currency for a cost")
        # Nothing in no currency is nothing in the others' currency; where there is no other, nothing is known at all.
        frame = frame.assign(currency=spoken[0]) if spoken else frame[frame["currency"].notna()]
    if query.tag_key:
        frame["tag_value"] = _tag_values(frame["tag_value"], query.tag_key)
    if "region_id" in frame.columns:
        frame["region_id"] = frame["region_id"].where(~frame["region_id"].isin(_NO_REGION), "global")
    if "sub_account_id" in frame.columns:
        frame["sub_account_name"] = frame["sub_account_id"].map(names)
    if query.cut is Cut.CHARGE:
        frame = _by_category(frame)
    else:
        frame["charge_category"] = ChargeCategory.USAGE.value
    return frame.reindex(columns=list(COLUMNS))


def _tag_values(keys: pd.Series[str], tag_key: str) -> pd.Series[str]:
    """`team$payments` is payments; `team$` is untagged: ''."""
    prefix = f"{tag_key}$"
    strange = keys[~keys.str.startswith(prefix)]
    if len(strange):
        raise ValueError(f"Cost Explorer grouped by {strange.iloc[0]!r} where {prefix}… was asked")
    return keys.str.removeprefix(prefix)


def _by_category(frame: DataFrame) -> DataFrame:
    """Record types as charge categories: billed and effective dollars under their own names, summed per name."""
    splits = {name: split(name) for name in frame["record_type"].unique()}
    billed = frame.assign(charge_category=frame["record_type"].map({n: s.billed.value for n, s in splits.items()}))
    effective = frame.assign(
        charge_category=frame["record_type"].map({n: s.effective.value for n, s in splits.items()})
    )
    apart = billed["charge_category"] != effective["charge_category"]
    rows = pd.concat(
        [billed[~apart], billed[apart].assign(effective_cost=0.0), effective[apart].assign(billed_cost=0.0)],
        ignore_index=True,
    )
    keys = ["date", "estimated", "cut", "provider", "charge_category", "service_name", "currency"]
    return rows.groupby(keys, sort=True)[["billed_cost", "effective_cost"]].sum(min_count=1).reset_index()


def disagreements(frame: DataFrame, tolerance: float = 0.005) -> list[str]:
    """Where a cut's usage is not the usage of the cut CHARGE; empty when all cuts agree.

    Args:
        frame: rows of all cuts of the same days.
        tolerance: dollars per (day, service) that rounding may cost.
    Returns:
        One sentence per cut, naming its worst day.
    """
    usage = frame[frame["charge_category"] == ChargeCategory.USAGE.value]
    usage = usage.assign(tag_key=usage["tag_key"].astype("object").fillna(""))
    by_service = usage["cut"] != Cut.ACCOUNT_USAGE_TYPE.value
    sentences = _compare(usage[by_service], ["date", "service_name"], tolerance)
    return sentences + _compare(usage[~by_service | (usage["cut"] == Cut.CHARGE.value)], ["date"], tolerance)


def first_change(bill: DataFrame, stored: DataFrame, query: Query) -> date | None:
    """The first day on which the bill's usage is not what a query's stored rows add up to; None when all are the same.

    Args:
        bill: rows of the cut CHARGE. stored: rows of the query. Both of the same days.
    """
    keys = ["date"] if query.cut is Cut.ACCOUNT_USAGE_TYPE else ["date", "service_name"]
    measures = ["billed_cost", "effective_cost"]
    usage = bill[bill["charge_category"] == ChargeCategory.USAGE.value]
    gap = usage.groupby(keys)[measures].sum().sub(stored.groupby(keys)[measures].sum(), fill_value=0.0)
    moved = gap.abs().max(axis=1)
    days = moved[moved > SAME_USD].reset_index()["date"]
    return None if days.empty else pd.Timestamp(days.min()).date()


def _compare(usage: DataFrame, keys: list[str], tolerance: float) -> list[str]:
    measures = ["billed_cost", "effective_cost"]
    sums = usage.groupby(["cut", "tag_key", *keys])[measures].sum()
    if Cut.CHARGE.value not in usage["cut"].unique():
        return []
    bill = sums.loc[(Cut.CHARGE.value, "")]
    sentences = []
    for cut, tag_key in sorted({(c, t) for c, t, *_ in sums.index}):
        if cut == Cut.CHARGE.value:
            continue
        gap = sums.loc[(cut, tag_key)].sub(bill, fill_value=0.0).abs().max(axis=1)
        if len(gap) and gap.max() > tolerance:
            where = gap.idxmax()
            day, *service = where if isinstance(where, tuple) else (where,)
            of = f" of {service[0]}" if service else ""
            sentences.append(
                f"Cost Explorer's {cut}{' ' + tag_key if tag_key else ''} differs from the bill by "
                f"{gap.max():.2f} on {pd.Timestamp(day):%Y-%m-%d}{of}."
            )
    return sentences
