"""The command line's entry: whatever goes wrong ends as one sentence on standard error and an exit code."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from typing import NoReturn

import click

from bot.cli import cli
from bot.errors import CostbotError, UsageError, report
from bot.logs.correlation import correlated


def main() -> None:
    """Run costbot. Exit codes: 0 done, 1 could not be done, 2 wrong usage."""
    try:
        with correlated():
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
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except Exception as error:  # noqa: BLE001 - the catch-all for the command line: report() makes it a sentence
        if os.environ.get("COSTBOT_LOG_LEVEL") != "DEBUG":
            logging.disable()  # a traceback is for those who ask for it
        told = report(error, "the command", "Run it again with COSTBOT_LOG_LEVEL=DEBUG to see where.")
        click.echo(f"costbot: {told}", err=True)
        sys.exit(1)


def script() -> NoReturn:
    """Run costbot and end the process.

    All is ended as Python ends it, but for the last look through everything that was imported: that takes a third of
    what a question in a terminal takes.
    """
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, those of pools too
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    script()
