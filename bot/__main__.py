"""The command line's entry: whatever goes wrong ends as one sentence on standard error and an exit code."""

from __future__ import annotations

import sys

import click

from bot.cli import cli
from bot.errors import CostbotError, report


def main() -> None:
    """Run costbot. Exit codes: 0 done, 1 could not be done, 2 wrong usage."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(1)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except CostbotError as error:
        click.echo(f"costbot: {error}", err=True)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the catch-all for the command line: report() makes it a sentence
        click.echo(f"costbot: {report(error, 'the command')}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
