"""Burst credits of the T families, simulated on a recorded load: would another size run dry, or pay for surplus?

One credit is one vCPU at 100 % for a minute (AWS: "CPU credits and baseline utilization"). A type earns what its
baseline would spend, and can hold what it earns in 24 hours.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.daily_metrics import KEY, SERIES_S
from analysis.rightsizing.demand import Metric

CREDITS_A_VCPU_HOUR = 60
_HOLDS_HOURS = 24
_SLOT_HOURS = SERIES_S / 3600

Values = NDArray[np.float64]


def simulated(load_vcpu: Values, sustained_vcpu: Values) -> DataFrame:
    """What becomes of the credits, from a full balance on.

    Args:
        load_vcpu: one row per pair of instance and type, one column per five minutes: vCPUs in use; NaN where nothing
            was measured, which earns and spends nothing.
        sustained_vcpu: of each row's type.
    Returns:
        One row per pair: `lowest_share` of the credits the type can hold, at the worst moment; `surplus_credits` that
        an unlimited instance would be charged for; `starved_share` of the slots in which a standard one would be held
        back.
    """
    earned = sustained_vcpu * CREDITS_A_VCPU_HOUR * _SLOT_HOURS
    most = sustained_vcpu * CREDITS_A_VCPU_HOUR * _HOLDS_HOURS
    balance, lowest = most.copy(), most.copy()
    surplus, starved = np.zeros_like(most), np.zeros_like(most)
    for column in load_vcpu.T:
        known = ~np.isnan(column)
        change = np.where(known, earned - np.nan_to_num(column) * CREDITS_A_VCPU_HOUR * _SLOT_HOURS, 0.0)
        after = balance + change
        # Beyond an empty balance an unlimited instance borrows; what it borrows is charged.
        short = np.maximum(-after, 0.0)
        surplus += short
        starved += short > 0
        balance = np.clip(after, 0.0, most)
        lowest = np.minimum(lowest, balance)
    slots = np.maximum((~np.isnan(load_vcpu)).sum(axis=1), 1)
    return DataFrame({"lowest_share": lowest / most, "surplus_credits": surplus, "starved_share": starved / slots})


def last(pairs: DataFrame, current: DataFrame, ec2_metrics: DataFrame, *, headroom_percent: float) -> Series[bool]:
    """Whether the credits of burstable candidates last under the recorded load, with headroom left of them.

    Args:
        pairs: candidates (`row`, `burstable`, `sustained_vcpu`). current: instances with `vcpu`, on the index `row`.
    Returns:
        One value per pair whose instance has five-minute means, on its index: no surplus, and never below the headroom
        of what the type can hold.
    """
    burstable = pairs[pairs["burstable"].astype(bool)]
    recorded = mean_load(current.loc[current.index.isin(burstable["row"])], ec2_metrics)
    known = burstable[burstable["row"].isin(recorded.index)]
    if known.empty:
        return pd.Series(dtype="bool", index=pairs.index[:0])
    vcpu = recorded.mul(current["vcpu"].reindex(recorded.index) / 100, axis=0).loc[known["row"]]
    found = simulated(vcpu.to_numpy(dtype="float64"), known["sustained_vcpu"].to_numpy(dtype="float64"))
    lasting = found["surplus_credits"].eq(0) & found["lowest_share"].ge(headroom_percent / 100)
    return lasting.set_axis(known.index)


def lowest(pairs: DataFrame, current: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """How the recorded load would treat the credits of each pair whose instance has five-minute means.

    Args:
        pairs: candidates (`row`, `sustained_vcpu`). current: instances with `vcpu`, on the index `row`.
    Returns:
        On the index of those pairs: `lowest_share` and `surplus_credits` of `simulated`; `busiest_vcpu`: the mean of
        the busiest day, which a type must earn for good if it starts without credits; `days` with data.
    """
    recorded = mean_load(current.loc[current.index.isin(pairs["row"])], ec2_metrics)
    known = pairs[pairs["row"].isin(recorded.index)]
    if known.empty:
        columns = ("lowest_share", "surplus_credits", "busiest_vcpu", "days")
        return DataFrame({name: pd.Series(dtype="float64") for name in columns}, index=pairs.index[:0])
    load = recorded.mul(current["vcpu"].reindex(recorded.index) / 100, axis=0)
    by_day = load.T.groupby(pd.DatetimeIndex(load.columns).normalize()).mean().T
    vcpu = load.loc[known["row"]].to_numpy(dtype="float64")
    found = simulated(vcpu, known["sustained_vcpu"].to_numpy(dtype="float64")).set_axis(known.index)
    return found[["lowest_share", "surplus_credits"]].assign(
        busiest_vcpu=by_day.max(axis=1).loc[known["row"]].to_numpy(dtype="float64"),
        days=by_day.notna().sum(axis=1).loc[known["row"]].to_numpy(dtype="float64"),
    )


def mean_load(instances: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """The five-minute mean CPU of the instances that have it: per cent, one row per instance (its index), gaps NaN."""
    points = ec2_metrics[
        ec2_metrics["metric"].eq(Metric.CPU.value)
        & ec2_metrics["statistic"].eq("Average")
        & ec2_metrics["period_s"].eq(SERIES_S)
    ]
    if points.empty:
        return DataFrame(index=instances.index[:0])
    wide = points.groupby([*KEY, "time"])["value"].max().unstack("time")
    known = wide.reindex(pd.MultiIndex.from_frame(instances[KEY])).set_axis(instances.index)
    return known[known.notna().any(axis=1)]
