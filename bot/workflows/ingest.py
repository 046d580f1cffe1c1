"""Take a billing export into the stored costs: only what changed, a month whole or not at all.

The rule that keeps a dollar from counting twice: what is stored of one provider's bill to one payer for one billing
month comes from one run. A run reads what changed since the last one and, of the rest, the files that share a bill with
it; every such bill replaces the stored one whole, and other providers, payers and months stay. Nothing is put in place
before everything was read and looked over. Where Cost Explorer has the same provider and month, the export answers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pandas import DataFrame

from analysis.rollups import Rollup
from bot.context import Context
from bot.cost_files import rollup_months
from bot.cost_files.database import heavy
from bot.cost_files.day_totals import day_totals
from bot.cost_files.detail import DETAILS, drop_old, place_detail
from bot.cost_files.replacing import refusals_told
from bot.cost_files.rollup_months import Bill, Survey
from bot.engines import Engine, Part, Read
from bot.engines.choice import engine_of
from bot.exports import ExportFile, Place
from bot.workflows.ingest_checks import distrust_warning, merged_bills, never_tagged, one_currency, shrunk
from bot.workflows.ingest_plan import Plan, plan
from bot.workflows.ingested import Ingested, Progress, Step
from bot.workflows.note_restatements import note

#: A day younger than this may still grow.
FILLING_DAYS = 2


def ingest(
    context: Context,
    source: str,
    place: Place,
    *,
    engine: Engine | None = None,
    since: date | None = None,
    dry_run: bool = False,
    everything: bool = False,
    progress: Progress | None = None,
) -> Ingested:
    """Store the bills that an export holds.

    Args:
        source: `focus` or `cur`.
        engine: where the rollups run; the place's own, or that of the settings, where it is None.
        since: billing months before this one are left alone.
        dry_run: tell what would be read; read and store nothing.
        everything: read all files again, changed or not.
    Raises:
        CostbotError: a file cannot be used; nothing of the run is stored then.
    """
    started = time.monotonic()
    since = since.replace(day=1) if since else None
    files = place.files()

    def planned() -> tuple[dict[str, Any], Ingested]:
        facts: dict[str, Any] = context.costs.months.facts(source)
        tag_keys = context.settings.tag_keys
        chosen = plan(files, facts, place.root, tag_keys, since=since, everything=everything)
        return facts, Ingested(chosen.keeping(context.settings.detail_months, context.clock.today()))

    folder = context.costs.months.folder
    with refusals_told(folder):
        _, result = planned()
    if dry_run or not result.plan.groups:
        return result
    with refusals_told(folder), context.costs.months.writing(), _workshop(folder.parent / "tmp") as workshop:
        facts, result = planned()  # another process may have read and noted files while this one waited
        chosen = result.plan
        if not chosen.groups:
            return result
        reader, there = (engine, place) if engine else engine_of(context, place, workshop)
        run = _Run(context, source, there, reader, workshop, chosen, since, progress, started)
        try:
            run.read_all()
            run.look_over()
            run.put_in_place(facts)
        finally:
            if engine is None:
                run.engine.close()
        result.bills, result.changed, result.warnings = tuple(run.bills), tuple(sorted(run.changed)), run.warnings
        result.restated = run.restated
        result.currency, result.rows, result.bytes = run.currency, run.rows, run.bytes
        result.scanned, result.usd = run.scanned, run.usd
    result.seconds = time.monotonic() - started
    return result


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder on the disk of the months for what is being made; what dead processes left of theirs is taken away."""
    for old in folder.glob("ingest-*"):
        if not _alive(old.name.removeprefix("ingest-")):
            shutil.rmtree(old, ignore_errors=True)
    own = folder / f"ingest-{os.getpid()}"
    own.mkdir(parents=True, exist_ok=True)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _alive(process: str) -> bool:
    if not process.isdigit() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _Run:
    """One run over what changed."""

    def __init__(
        self,
        context: Context,
        source: str,
        place: Place,
        engine: Engine,
        workshop: Path,
        chosen: Plan,
        since: date | None,
        progress: Progress | None,
        started: float,
    ) -> None:
        self.context, self.source, self.place, self.engine = context, source, place, engine
        self.workshop, self.plan, self.progress, self.started = workshop, chosen, progress, started
        self.since, self.today = since, context.clock.today()
        self.parts: dict[Path, tuple[ExportFile, ...]] = {}
        self.details: dict[Path, dict[Rollup, Path]] = {}
        self.surveys: dict[Path, Survey] = {}
        self.bills: list[Bill] = []
        self.changed: set[date] = set()
        self.warnings: list[str] = []
        self.restated: list[str] = []
        self.currency = ""
        self.rows = self.bytes = self.scanned = 0
        self.usd = 0.0
        self.tag_names: tuple[str, ...] = ()
        self._database = heavy(workshop)

    def read_all(self) -> None:
        """Read what changed; then, of what did not, the files that share a bill with it or with one of these."""
        groups = self.plan.groups
        while groups:
            for group in groups:
                self._read(group)
            months = {bill.month for survey in self.surveys.values() for bill in survey.bills}
            keys = {(bill.key, bill.month) for survey in self.surveys.values() for bill in survey.bills}
            read = {file for files in self.parts.values() for file in files}
            groups = self.plan.sharing(keys, months, read=read)

    def look_over(self) -> None:
        """Refuse what cannot be used before anything is stored.

        Raises:
            CostbotError: as `merged_bills` and `one_currency`; or the currency is not the stored one.
        """
        read = [(self.parts[path], survey) for path, survey in self.surveys.items()]
        self.bills = merged_bills(self.source, read, may_be_empty=self.since is not None)
        self.currency = one_currency(self.source, read)
        self.context.costs.check_currency(
            DataFrame({"currency": [self.currency] if self.currency else []}),
            replacing=[(self.source, month) for month in sorted({bill.month for bill in self.bills})],
        )
        self.warnings += never_tagged(self.bills, self.context.settings.tag_keys, self.tag_names)

    def put_in_place(self, facts: dict[str, Any]) -> None:
        """Put each month in place, then note what was read."""
        months = sorted({bill.month for bill in self.bills})
        for number, month in enumerate(months):
            bills = [bill for bill in self.bills if bill.month == month]
            parts = [path for path, survey in self.surveys.items() if any(bill.month == month for bill in survey.bills)]
            self._tell(f"storing {month:%B %Y} ({number + 1} of {len(months)})")
            self._store(month, bills, parts)
        if self.plan.detail_from:
            drop_old(self.context.costs.months.folder / self.source, self.plan.detail_from)
        self._note(facts)
        self._tell("done")

    def _read(self, group: Sequence[ExportFile]) -> None:
        """One group of files by the engine, and a look at what it gave."""
        name = group[0].name if len(group) == 1 else f"{len(group)} files of {_label(group)}"
        self._tell(f"reading {name}")
        target = self.workshop / f"{len(self.parts):05d}.daily.parquet"
        month = group[0].month if len({file.month for file in group}) == 1 else None
        with self.place.brought(group) as paths:
            part = Part(self.source, name, paths, month, self.since, tuple(file.uri for file in group))
            read = self._rolled_up(part, {Rollup.DAILY: target})
            self.surveys[target] = rollup_months.survey(self._database, [target])
            self._look_for_tags(part, self.surveys[target])
            self.details[target] = {}
            if any(self.plan.is_recent(bill.month) for bill in self.surveys[target].bills):
                self.details[target] = {kind: target.with_suffix(f".{kind.value}.parquet") for kind in DETAILS}
                self._rolled_up(part, self.details[target])
        self.parts[target] = tuple(group)
        lines = sum(bill.rows for bill in self.surveys[target].bills)
        self.rows += read.rows if read.rows >= 0 else lines
        self.bytes += sum(file.size for file in group)

    def _look_for_tags(self, part: Part, survey: Survey) -> None:
        """Which tags there are, once, where one of those that are kept is not among them."""
        carried = {key for bill in survey.bills for key in bill.tagged}
        if survey.bills and not self.tag_names and not carried.issuperset(self.context.settings.tag_keys):
            self.tag_names = self.engine.tag_names(part)

    def _rolled_up(self, part: Part, targets: Mapping[Rollup, Path]) -> Read:
        settled_until = self.today - timedelta(days=FILLING_DAYS)
        read = self.engine.rollup(part, targets, self.context.settings.tag_keys, settled_until)
        self.scanned += read.bytes
        self.usd += read.usd
        return read

    def _store(self, month: date, bills: Sequence[Bill], parts: Sequence[Path]) -> None:
        path = self.context.costs.months.path(self.source, month)
        before = day_totals(self.context.costs.months, self.source, month)
        self.warnings += shrunk(rollup_months.days_of(self._database, path, bills), bills)
        self.warnings += [distrust_warning(bill) for bill in bills if bill.distrust]
        if rollup_months.place(self._database, path, parts, bills, month):
            self.changed.add(month)
        after = day_totals(self.context.costs.months, self.source, month)
        self.restated += note(self.context, self.source, before, after)
        for kind in DETAILS:
            detailed = [self.details[part][kind] for part in parts if kind in self.details[part]]
            if detailed and self.plan.is_recent(month):
                place_detail(self._database, path, kind, detailed, bills, month)

    def _note(self, facts: dict[str, Any]) -> None:
        """Which files were read, and which bills came from which."""
        now = self.context.clock.now().isoformat(timespec="seconds")
        known: dict[str, Any] = facts.setdefault("files", {})
        for uri in self.plan.gone:
            known.pop(uri, None)
        tags = sorted(set(self.context.settings.tag_keys))
        holding: dict[tuple[str, str, str], list[str]] = {}
        for path, files in self.parts.items():
            bills = [(*bill.key, f"{bill.month:%Y-%m}") for bill in self.surveys[path].bills]
            for file in files:
                known[file.uri] = {"identity": file.identity, "root": self.place.root, "bills": bills, "tags": tags}
                if self.since and not file.month:
                    known[file.uri]["since"] = f"{self.since:%Y-%m}"  # what is earlier was left out
            for whose in bills:
                holding.setdefault(whose, []).extend(file.uri for file in files)
        noted: dict[str, Any] = facts.setdefault("months", {})
        for bill in self.bills:
            name = f"{bill.month:%Y-%m}"
            own = {
                "provider": bill.provider,
                "payer": bill.billing_account_id,
                "rows": bill.rows,
                "files": sorted(holding[(*bill.key, name)]),
            }
            month = noted.get(name, {})
            others = [one for one in month.get("bills", ()) if (one["provider"], one["payer"]) != bill.key]
            bills_of_month = sorted([*others, own], key=lambda one: (one["provider"], one["payer"]))
            noted[name] = {"fetched_at": now, "bills": bills_of_month}
        self.context.costs.months.note_facts(self.source, facts)

    def _tell(self, what: str) -> None:
        if self.progress:
            seconds = time.monotonic() - self.started
            self.progress(Step(what, self.bytes, max(self.plan.bytes, self.bytes), self.rows, seconds))


def _label(group: Sequence[ExportFile]) -> str:
    return f"{group[0].month:%B %Y}" if group[0].month else group[0].name
