"""`costbot backup`, `restore` and `prune`: what is done with the data directory as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli_options import DATA_DIR, context_of, settings_of

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@FILE
@DATA_DIR
def backup(file: Path, data_dir: Path | None) -> None:
    """Copy all that costbot keeps into FILE; it may run meanwhile."""
    from bot.app import DATABASE
    from bot.backup.make import back_up
    from bot.terminal import progress, shares

    settings = settings_of(data_dir)
    with progress("Backing up") as bar:
        advance = shares(bar)
        made = back_up(
            settings.data_dir,
            DATABASE,
            file,
            datetime.now(UTC),
            lambda done, total, at: advance(at, done / total if total else 1.0),
        )
    size = sum(one.size for one in made.entries)
    click.echo(f"{file} holds {len(made.entries)} files of {settings.data_dir}, {size / 1e6:,.1f} MB.")


@click.command()
@FILE
@DATA_DIR
@click.option("--force", is_flag=True, help="Replace what the data directory holds; it is kept beside.")
def restore(file: Path, data_dir: Path | None, force: bool) -> None:
    """Make the data directory what it was when FILE was made; costbot must not run."""
    from bot.app import DATABASE
    from bot.backup.restore import restore as put_back
    from bot.terminal import progress, shares

    settings = settings_of(data_dir)
    with progress("Restoring") as bar:
        advance = shares(bar)
        made, aside = put_back(
            file,
            settings.data_dir,
            DATABASE,
            datetime.now(UTC),
            lambda done, total, at: advance(at, done / total if total else 1.0),
            force=force,
        )
    click.echo(f"{settings.data_dir} is as it was at {made.made_at}: {len(made.entries)} files, each as it was copied.")
    if aside:
        click.echo(f"What it held before is in {aside}; delete it when you no longer need it.")


@click.command()
@DATA_DIR
@click.option("--dry-run", is_flag=True, help="Tell what would be dropped; drop nothing.")
def prune(data_dir: Path | None, dry_run: bool) -> None:
    """Drop what is older than the settings keep, and give its room back to the disk."""
    from bot.workflows.prune import prune as drop

    with context_of(settings_of(data_dir)) as context:
        dropped = drop(context, dry_run=dry_run)
        if not dry_run:
            context.store.retention.shrink()
    click.echo(f"{'Would drop' if dry_run else 'Dropped'} {dropped}.")
