"""How good detection, forecasts and trends are on held-out bills with known truth: `python -m benchmarks.analysis`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.anomalies import detect, episodes
from tests.analysis.generators import INCIDENTS, Incident, Labelled, bills

HELD_OUT = tuple(range(1000, 1006))
WARM_UP_DAYS = 60


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one bill."""

    found: dict[str, list[int]]
    missed: dict[str, int]
    false: pd.DataFrame
    series_months: float


def score(bill: Labelled) -> Score:
    """Match incidents told against the truth, by incident; alerts before the warm-up is over do not count."""
    begin = bill.daily["date"].min() + pd.Timedelta(days=WARM_UP_DAYS)
    flags = detect(bill.daily)
    told = episodes(flags[flags["alert_date"] >= begin])
    found: dict[str, list[int]] = {kind: [] for kind in INCIDENTS}
    missed = dict.fromkeys(INCIDENTS, 0)
    right = pd.Series(False, index=told.index)
    for incident in bill.incidents:
        hits = (told["key"] == incident.key) & (told["start"] <= incident.end) & (told["end"] >= incident.start)
        right |= hits | _aftermath(told, incident)
        if hits.any():
            found[incident.kind].append(_delay(flags, incident))
        else:
            missed[incident.kind] += 1
    days = (bill.daily["date"].max() - begin).days + 1
    return Score(found, missed, told[~right], bill.daily["key"].nunique() * days / 30.4)


def _aftermath(told: pd.DataFrame, incident: Incident) -> pd.Series:
    """An alert that overlaps what was already told is a repeat, not a false alert."""
    return (told["key"] == incident.key) & (told["start"] >= incident.start) & (told["start"] <= incident.end)


def _delay(flags: pd.DataFrame, incident: Incident) -> int:
    mine = flags[(flags["key"] == incident.key) & (flags["date"] >= incident.start) & (flags["date"] <= incident.end)]
    return int((mine["alert_date"].min() - incident.start).days) if len(mine) else 0


def detection() -> None:
    found: dict[str, list[int]] = {kind: [] for kind in INCIDENTS}
    missed = dict.fromkeys(INCIDENTS, 0)
    false: list[pd.DataFrame] = []
    months = 0.0
    for seed in HELD_OUT:
        result = score(bills(seed))
        for kind in INCIDENTS:
            found[kind] += result.found[kind]
            missed[kind] += result.missed[kind]
        false.append(result.false)
        months += result.series_months
    wrong = pd.concat(false)
    hits, misses = sum(map(len, found.values())), sum(missed.values())
    precision, recall = hits / max(1, hits + len(wrong)), hits / max(1, hits + misses)
    print(
        f"detection: precision {precision:.2f}  recall {recall:.2f}  "
        f"F1 {2 * precision * recall / (precision + recall):.3f}  false alerts per series-month {len(wrong) / months:.4f}"
    )
    for kind in INCIDENTS:
        total = len(found[kind]) + missed[kind]
        delay = f"{np.mean(found[kind]):.1f} days" if found[kind] else "-"
        print(f"  {kind:8s} found {len(found[kind]):3d} of {total:3d}, told after {delay}")
    family = wrong["key"].str.split("-").str[0]
    print("  false alerts:", wrong.groupby([family, "kind"]).size().to_dict())


def speed() -> None:
    bill = bills(1, series=150)
    start = time.perf_counter()
    detect(bill.daily, since=bill.daily["date"].max() - pd.Timedelta(days=34))
    print(f"speed: detection of 150 series x 400 days {time.perf_counter() - start:.2f} s")


def main() -> None:
    detection()
    speed()


if __name__ == "__main__":
    main()
