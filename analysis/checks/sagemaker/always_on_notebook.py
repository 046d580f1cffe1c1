"""`sagemaker.always_on_notebook`: a notebook that has run day and night since somebody opened it."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="M01b",
    groups=(Group.IDLE,),
    resource="SageMaker notebook",
    action=Action.STOP,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="Notebook {name} ({instance_type}) has run for {unchanged_days:.0f} days without a stop, "
    "${monthly_cost:,.0f} a month",
    source="AWS, SageMaker: stop notebook instances that are idle",
    words=Words(
        current="runs day and night",
        proposed="stopped when nobody works",
        how="730 h × ${hour_usd:g} an hour, as your own bill of the last 30 days shows. It is InService, and was last "
        "started, stopped or changed {unchanged_days:.0f} days ago.",
        ignores="Whether something computes on it: a notebook publishes no CPU by itself, so no saving is told. In "
        "working hours only it would cost about a third.",
        risk="Stopping ends what computes on it and loses what is only in memory; files on its volume stay.",
        effect="Stopped, it costs only its volume; a lifecycle configuration can stop it whenever it is idle.",
        command=("aws sagemaker stop-notebook-instance --notebook-instance-name {resource_id}",),
        undo=("aws sagemaker start-notebook-instance --notebook-instance-name {resource_id}",),
    ),
    evidence=(Fact("Since its last change", "unchanged_days", "days", "SageMaker ListNotebookInstances"),),
)
def always_on_notebook(
    sagemaker_notebooks: DataFrame, usage_rates: DataFrame, *, min_running_days: float = 14
) -> Verdicts:
    """Notebook instance that is never stopped.

    It bills by the hour while it is InService, also at night. Whether it computes is not known: it is a question.
    """
    rows = sagemaker_notebooks
    paid = usage_rates.groupby(["account_id", "region", "usage_type"])["usd"].max()
    index = pd.MultiIndex.from_frame(
        rows[["account_id", "region"]].assign(usage_type="Notebk:" + rows["instance_type"])
    )
    rate = pd.Series(paid.reindex(index).to_numpy("float64"), index=rows.index)
    running = rows["status"].eq("InService")
    since = rows["unchanged_days"]
    return verdicts(
        rows,
        saves=pd.Series(float("nan"), index=rows.index),
        fine=[
            (rows["status"].ne("") & ~running, "It is " + rows["status"] + "."),
            (running & since.lt(min_running_days), "Started less than " + f"{min_running_days:.0f} days ago."),
        ],
        insufficient=[
            (~running | since.isna(), "Since when it runs: SageMaker did not tell; ask again tomorrow."),
            unpriced(rows, rate, "of " + rows["instance_type"] + " notebooks"),
        ],
        notice=(since.ge(min_running_days), "It has run without a stop; ask who needs it at night."),
        details=DataFrame({"hour_usd": rate, "monthly_cost": rate * HOURS_A_MONTH}),
    )
