"""How good detection, forecasts and trends are on held-out bills with known truth: `python -m benchmarks.analysis`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.anomalies import detect, episodes
from analysis.forecasting import forecast, month_end
from analysis.trends import trend
from tests.analysis.generators import INCIDENTS, Incident, Labelled, bills, growing

#: Seeds that no threshold was chosen on; whoever tunes looks at others.
HELD_OUT = tuple(range(9000, 9006))
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
        f"F1 {2 * precision * recall / (precision + recall):.2f}  false alerts a series-month {len(wrong) / months:.4f}"
    )
    for kind in INCIDENTS:
        total = len(found[kind]) + missed[kind]
        delay = f"{np.mean(found[kind]):.1f} days" if found[kind] else "-"
        print(f"  {kind:8s} found {len(found[kind]):3d} of {total:3d}, told after {delay}")
    family = wrong["key"].str.split("-").str[0]
    print("  false alerts:", wrong.groupby([family, "kind"]).size().to_dict())


def forecasts() -> None:
    """30 days ahead from three mornings of each held-out bill, against the week before repeated."""
    scaled, naive, inside80, inside95, totals = [], [], [], [], []
    for seed in HELD_OUT:
        daily = bills(seed, incident_share=0.0).daily
        wide = daily.pivot(index="date", columns="key", values="cost")
        for back in (30, 75, 120):
            known, actual = wide.iloc[: len(wide) - back], wide.iloc[len(wide) - back :][:30]
            long = known.reset_index().melt(id_vars="date", var_name="key", value_name="cost")
            told = forecast(long)
            mean = told.pivot(index="date", columns="key", values="mean")
            scale = (known - known.shift(7)).abs().mean()
            worth = scale[(scale > 0.01) & ~scale.index.str.startswith(("sparse", "tiny"))].index
            week = pd.concat([known.iloc[-7:]] * 5).iloc[:30].set_axis(actual.index)
            scaled.append(((actual - mean).abs().mean() / scale)[worth])
            naive.append(((actual - week).abs().mean() / scale)[worth])
            totals.append(abs(mean.to_numpy().sum() / actual.to_numpy().sum() - 1))
            for into, low, high in ((inside80, "lo80", "hi80"), (inside95, "lo95", "hi95")):
                lower = told.pivot(index="date", columns="key", values=low)
                upper = told.pivot(index="date", columns="key", values=high)
                into.append(((actual >= lower - 1e-9) & (actual <= upper + 1e-9)).to_numpy().mean())
    print(
        f"forecast: MASE {pd.concat(scaled).mean():.2f} (last week repeated {pd.concat(naive).mean():.2f})  "
        f"total error {np.mean(totals):.3f}  coverage {np.mean(inside80):.2f} / {np.mean(inside95):.2f}"
    )


def month_ends() -> None:
    """The month's total from its 10th and 20th day."""
    errors, inside = [], []
    for seed in HELD_OUT[:3]:
        daily = bills(seed, incident_share=0.0).daily
        wide = daily.pivot(index="date", columns="key", values="cost")
        for month in ("2025-08", "2025-10", "2025-12"):
            truth = wide.loc[month].sum()
            for day in (10, 20):
                told = month_end(daily, pd.Timestamp(f"{month}-{day}").date()).set_index("key")
                errors.append(abs(told["mean"].sum() / truth.sum() - 1))
                close = (truth >= told["lo80"] - 1e-6) & (truth <= told["hi80"] + 1e-6)
                inside.append(close.mean())
    print(f"month end: account total error {np.mean(errors):.3f}  coverage 80 % {np.mean(inside):.2f}")


def trends() -> None:
    """Direction at 5 % a month."""
    right: list[bool] = []
    for seed in HELD_OUT[:3]:
        bill = growing(seed)
        told = trend(bill.daily).set_index("key")["direction"]
        truth = {key: "up" if rate > 0.05 else "down" if rate < -0.05 else "flat" for key, rate in bill.growth.items()}
        right += [told[key] == expected for key, expected in truth.items()]
    print(f"trend: direction right {np.mean(right):.3f} of {len(right)}")


def speed() -> None:
    bill = bills(1, series=150)
    recent = bill.daily["date"].max() - pd.Timedelta(days=34)
    for name, run in (
        ("detection", lambda: detect(bill.daily, since=recent)),
        ("forecast", lambda: forecast(bill.daily)),
        ("trend", lambda: trend(bill.daily)),
    ):
        start = time.perf_counter()
        run()
        print(f"speed: {name} of 150 series x 400 days {time.perf_counter() - start:.2f} s")


def main() -> None:
    detection()
    forecasts()
    month_ends()
    trends()
    speed()


if __name__ == "__main__":
    main()
