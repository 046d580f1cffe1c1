"""`costbot …`: thin; each command reads its options, calls one function and prints."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot import __version__
from bot.cli_data import backup, prune, restore
from bot.cli_options import AS_JSON, DATA_DIR, context_of, settings_of
from bot.errors import UsageError

SINCE = click.option(
    "--since", type=click.DateTime(["%Y-%m", "%Y-%m-%d"]), help="Leave earlier billing months alone [2026-09]."
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Tell what would be read; store nothing.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="costbot")
def cli() -> None:
    """costbot makes cloud waste visible in Slack and proves what its removal saved."""


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the page [8899, or a free one].")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Keep the bot's data here [a temporary folder].")
@click.option("--journal", type=click.Path(path_type=Path), help="Write each Slack call here, as JSON lines.")
@click.option("--seed", default=7, show_default=True, help="Another seed makes another organisation.")
@click.option("--now", metavar="DATE", help="Pretend this is the date; 10:00 UTC [the real time].")
def demo(port: int | None, data_dir: Path | None, journal: Path | None, seed: int, now: str | None) -> None:
    """Run the bot with a local Slack workspace and an AWS stand-in: no tokens, no account, no network."""
    from bot.demo.launcher import launch

    launch(port=port, data_dir=data_dir, journal=journal, seed=seed, now=now)


@cli.command()
@DATA_DIR
def run(data_dir: Path | None) -> None:
    """Run the bot: real Slack, real AWS, settings from the environment."""
    from bot.run import run as run_bot

    settings = settings_of(data_dir, serves=True)
    run_bot(settings, announce=lambda line: click.echo(line))
    logging.shutdown()
    os._exit(0)  # not sys.exit: it would wait for a job in the middle of a long scan


@cli.command()
@click.argument("command")
@DATA_DIR
@AS_JSON
@click.option("--as", "user", default="terminal", metavar="USER", help="Slack user id to ask as.")
@click.option("--channel", default="terminal", metavar="CHANNEL", help="Slack channel id to ask in.")
def ask(command: str, data_dir: Path | None, as_json: bool, user: str, channel: str) -> None:
    """Answer a /cost command in the terminal, from the stored data.

    \b
    costbot ask "/cost trend ec2 --days 30"
    costbot ask "/cost savings" --json
    costbot ask "/cost export csv --month 2026-10" > costs.csv
    """
    from bot.app import build_context
    from bot.listeners.commands import answer
    from bot.terminal import file_content, plain, render

    settings = settings_of(data_dir)
    context = build_context(settings, with_slack=settings.slack_bot_token is not None)
    try:
        reply = answer(context, command.strip().removeprefix("/cost").strip(), user, channel)
    finally:
        context.work.close(0)
        context.store.close()
    if as_json:
        response_type = "in_channel" if reply.in_channel else "ephemeral"
        answer_json: dict[str, Any] = {"response_type": response_type, "text": reply.text, "blocks": reply.blocks}
        if reply.file:
            answer_json["file"] = {"name": reply.file.name, **file_content(reply.file.content)}
        click.echo(json.dumps(answer_json, indent=1))
    elif reply.file:
        click.echo(reply.file.content, nl=False)
        click.echo(render(reply), err=True)
    elif not reply.error:
        click.echo(render(reply))
    if reply.error:
        click.echo(f"costbot: {plain(reply.text)}", err=True)
        sys.exit(2 if isinstance(reply.error, UsageError) else 1)


@cli.group()
def ingest() -> None:
    """Read billing exports into the cost files."""


def _ingest_command(source: str, what: str) -> None:
    """Add `costbot ingest <source>`."""

    @ingest.command(source, help=f"{what}\n\n\b\n{_EXAMPLES.format(source=source)}")
    @click.argument("paths", nargs=-1, required=True, metavar="PATH...")
    @DATA_DIR
    @SINCE
    @DRY_RUN
    @click.option("--all", "everything", is_flag=True, help="Read every file again, changed or not.")
    @click.option("--engine", type=click.Choice(["duckdb", "athena", "spark"]), help="What reads it [duckdb].")
    def command(
        paths: tuple[str, ...],
        data_dir: Path | None,
        since: datetime | None,
        dry_run: bool,
        everything: bool,
        engine: str | None,
    ) -> None:
        from bot.ingest_report import ingest_places

        first = since.date() if since else None
        settings = settings_of(data_dir)
        lines = ingest_places(
            settings, source, paths, since=first, dry_run=dry_run, everything=everything, engine=engine
        )
        click.echo("\n".join(lines))


_EXAMPLES = """costbot ingest {source} exports/
costbot ingest {source} s3://billing/exports/costs --dry-run
costbot ingest {source} exports/ --since 2026-09
costbot ingest {source} athena://primary/billing/costs
costbot ingest {source} s3://billing/exports/costs --engine spark"""
_ingest_command(
    "focus", "Read FOCUS exports (1.0 to 1.3, any provider): CSV, gzipped CSV or Parquet; folders; s3://; athena://."
)
_ingest_command("cur", "Read AWS's Cost and Usage Report 2.0: Parquet or CSV; folders; s3://; athena://.")


@cli.command()
@DATA_DIR
@SINCE
@DRY_RUN
def refresh(data_dir: Path | None, since: datetime | None, dry_run: bool) -> None:
    """Bring costs up to date now: the exports of the settings, then Cost Explorer."""
    from bot.refresh_report import refreshed

    with context_of(settings_of(data_dir)) as context:
        lines, error = refreshed(context, since=since.date() if since else None, dry_run=dry_run)
    if lines:
        click.echo("\n".join(lines))
    if error:
        raise error


@cli.command()
@DATA_DIR
@AS_JSON
def reconcile(data_dir: Path | None, as_json: bool) -> None:
    """Compare the stored sums with their source by month, service and account, to the cent.

    Cost Explorer is asked twice ($0.02); exports are read again, by a way of their own.
    """
    from bot.terminal import progress, shares
    from bot.workflows.reconcile import reconcile as compare

    with context_of(settings_of(data_dir)) as context, progress("Comparing") as advance:
        result = compare(context, progress=shares(advance))
    click.echo(json.dumps(result.as_dict(), indent=1) if as_json else str(result))
    if not result.agrees:
        sys.exit(1)


@cli.command()
@DATA_DIR
@AS_JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def scan(data_dir: Path | None, as_json: bool, as_csv: bool) -> None:
    """Look for savings in AWS now and print them; nothing is posted."""
    from bot.savings import scan_report
    from bot.terminal import progress
    from bot.workflows.scan_savings import scan as scan_savings

    with context_of(settings_of(data_dir)) as context, progress("Looking for savings") as advance:
        result = scan_savings(context, advance, post=False)
    form = scan_report.as_json if as_json else scan_report.as_csv if as_csv else scan_report.as_text
    click.echo(form(result))


@cli.group()
def units() -> None:
    """What one order, user or request costs: load how many there were."""


@units.command("load")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@DATA_DIR
def load_units(name: str, file: Path, data_dir: Path | None) -> None:
    """Load a unit's counts from a CSV file, a line a day or a month, in place of those it had.

    \b
    costbot units load orders orders.csv        2026-11-23,1840
    """
    from bot.units.load import load_counts

    with context_of(settings_of(data_dir)) as context:
        click.echo(load_counts(context, name, file))


@units.command("list")
@DATA_DIR
def list_units(data_dir: Path | None) -> None:
    """List the units, where their counts come from, and how far they reach."""
    from bot.units.load import described_units

    with context_of(settings_of(data_dir)) as context:
        click.echo("\n".join(described_units(context)))


@cli.command()
@AS_JSON
def checks(as_json: bool) -> None:
    """List the savings checks: what each reads, its thresholds and its source."""
    from bot.savings import checks_report

    click.echo(checks_report.as_json() if as_json else checks_report.as_text())


@cli.command()
@DATA_DIR
@AS_JSON
def doctor(data_dir: Path | None, as_json: bool) -> None:
    """Check that everything is in place, and say what to do where it is not."""
    from bot.doctor import examine
    from bot.terminal import findings_text

    settings = settings_of(data_dir)
    findings = examine(settings)
    click.echo(json.dumps([f.as_dict() for f in findings], indent=1) if as_json else findings_text(findings))
    if any(f.is_failure for f in findings):
        sys.exit(1)


@cli.group()
def iam() -> None:
    """The least-privilege policies of costbot."""


@iam.command("read")
@click.option("--bucket", "buckets", multiple=True, metavar="NAME", help="Let it read the billing exports there.")
@click.option("--athena-results", metavar="NAME", help="Let it ask Athena, whose results go to this bucket.")
def iam_read(buckets: tuple[str, ...], athena_results: str | None) -> None:
    """Print the read-only policy; a bucket's NAME may have a prefix: billing/exports."""
    from bot.iam import read_policy

    click.echo(json.dumps(read_policy(buckets=buckets, athena_results=athena_results), indent=2))


@cli.command()
@click.option("--http", "url", metavar="URL", help="The variant for HTTP mode; costbot's public address.")
def manifest(url: str | None) -> None:
    """Print the Slack app's manifest."""
    from bot.slack_manifest import manifest_text

    click.echo(manifest_text(url), nl=False)


for command in (backup, restore, prune):
    cli.add_command(command)
