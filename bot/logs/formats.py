"""How a log record is written: one line of text for people, or one JSON object for a log store."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from bot.logs.correlation import correlation_id
from bot.logs.redaction import redacted

#: What every record has; anything else was given by whoever logged it.
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class TextLines(logging.Formatter):
    """`2026-11-20T10:00:00Z INFO costbot [1f3a9c20]: a sentence`, a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record without secrets."""
        id_, message = _id_of(record), record.getMessage()
        mark = f" [{id_}]" if id_ and id_ not in message else ""
        head = f"{_at(record)} {record.levelname} {record.name}{mark}: "
        return redacted("\n".join((head + message, *_traces(self, record))))


class JsonLines(logging.Formatter):
    """A JSON object a line: time, level, logger, message, thread, correlation_id, exception, and given fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The record without secrets."""
        line: dict[str, Any] = {
            "time": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            "thread": record.threadName,
        }
        id_ = _id_of(record)
        if id_:
            line["correlation_id"] = id_
        traces = _traces(self, record)
        if traces:
            line["exception"] = redacted("\n".join(traces))
        given = {key: value for key, value in vars(record).items() if key not in _ORDINARY and key not in line}
        line |= {key: _field(key, value) for key, value in given.items()}
        return json.dumps(line, ensure_ascii=False)


def _id_of(record: logging.LogRecord) -> str | None:
    """A line may be given an id where nothing has begun one."""
    given = getattr(record, "correlation_id", None)
    return str(given) if given else correlation_id()


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _traces(formatter: logging.Formatter, record: logging.LogRecord) -> list[str]:
    """The traceback and the stack, where there are some; `exc_text` is another handler's, not yet without secrets."""
    traces = []
    if record.exc_info:
        traces.append(formatter.formatException(record.exc_info))
    elif record.exc_text:
        traces.append(record.exc_text)
    if record.stack_info:
        traces.append(formatter.formatStack(record.stack_info))
    return traces


def _field(key: str, value: object) -> object:
    """A given field; a secret is told by its name too."""
    if value is None or isinstance(value, bool | int | float):
        return value
    prefix = f"{key}="
    return redacted(prefix + str(value)).removeprefix(prefix)
