"""Sets the log up: lines on standard error, as text or JSON, each with the id of what it belongs to."""

from __future__ import annotations

import logging
import sys
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO

from pydantic import SecretStr

from bot.logs.formats import JsonLines, TextLines
from bot.logs.redaction import know_secrets
from bot.settings import LogFormat, Settings

#: They log what they raise, and costbot makes a sentence of it.
_RAISE_WHAT_THEY_LOG = ("botocore.credentials", "slack_sdk.web", "slack_sdk.webhook")


@dataclass(frozen=True, slots=True)
class LogChoice:
    """How a process logs; small and picklable, so that a worker process logs as its parent does."""

    form: LogFormat
    level: str
    secrets: tuple[str, ...] = ()


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines. A record that cannot be written is told of without its arguments, which may hold a secret."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Say where it was, and of what kind the error is."""
        kind = sys.exc_info()[0]
        name = kind.__name__ if kind else "error"
        self.stream.write(f"a log line of {record.name} ({record.filename}:{record.lineno}) was lost: {name}\n")


_chosen = LogChoice(LogFormat.TEXT, "ERROR")


def choice(settings: Settings, *, serves: bool) -> LogChoice:
    """How a process with these settings logs: a command that answers in a terminal says errors only."""
    values = [getattr(settings, field) for field in type(settings).model_fields]
    secrets = tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))
    return LogChoice(settings.log_format, settings.log_level if serves else "ERROR", secrets)


def current() -> LogChoice:
    """What `configure` was told last, for a child process."""
    return _chosen


def configure(chosen: LogChoice) -> None:
    """Log as chosen from now on, in this process; also what no code catches and what Python warns of."""
    global _chosen
    _chosen = chosen
    know_secrets(chosen.secrets)
    handler = Lines(sys.stderr)
    handler.setFormatter(JsonLines() if chosen.form is LogFormat.JSON else TextLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger("costbot").setLevel(chosen.level)
    for name in _RAISE_WHAT_THEY_LOG:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that finds its job still running is no news
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns that our own client and authorization are used
    threading.excepthook = _thread_ended
    sys.excepthook = _process_ended


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is not SystemExit:
        name = ended.thread.name if ended.thread else "unknown"
        logging.getLogger("costbot").error("the thread %s ended", name, exc_info=ended.exc_value)


def _process_ended(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("costbot").critical("costbot ended", exc_info=error)
