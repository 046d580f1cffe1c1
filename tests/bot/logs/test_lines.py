"""Log lines: one id for what belongs together, the same that an error's answer shows, in text and JSON."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime

import pytest

from bot.errors import CostbotError, report
from bot.logs.correlation import carried, correlated, correlation_id
from bot.logs.formats import JsonLines, TextLines
from bot.work import Work
from tests import forked

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"}


def record(message: str = "hello", **given: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "costbot", "levelname": "INFO", "msg": message, **given})
    made.created = datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp()
    return made


def test_a_text_line_has_time_level_and_id() -> None:
    assert TextLines().format(record()) == "2026-11-20T10:00:00.000Z INFO costbot: hello"
    with correlated("1f3a9c20"):
        assert TextLines().format(record()) == "2026-11-20T10:00:00.000Z INFO costbot [1f3a9c20]: hello"
        assert TextLines().format(record("x [1f3a9c20]")).endswith("costbot: x [1f3a9c20]"), "it is not said twice"


def test_a_json_line_is_one_object_with_the_id_and_given_fields() -> None:
    with correlated("1f3a9c20"):
        line = JsonLines().format(record("two\nlines", job="costs_refresh", seconds=1.5))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-11-20T10:00:00.000Z",
        "level": "INFO",
        "logger": "costbot",
        "message": "two\nlines",
        "thread": threading.current_thread().name,
        "correlation_id": "1f3a9c20",
        "job": "costs_refresh",
        "seconds": 1.5,
    }


def test_an_error_is_told_and_logged_under_the_id_of_what_went_on(caplog: pytest.LogCaptureFixture) -> None:
    with correlated() as id_:
        told = report(CostbotError("No.", "Yes."), "answering")
    assert told.correlation_id == id_
    assert caplog.records[0].correlation_id == id_  # type: ignore[attr-defined]
    assert report(CostbotError("No."), "answering").correlation_id not in (id_, None), "else it gets one of its own"


def test_reader_threads_and_the_worker_process_go_on_under_the_id() -> None:
    work = Work(2, niceness=0)
    try:
        with correlated() as id_:
            seen = [work.submit(correlation_id).result(), work.computed(correlation_id)]
        assert seen == [id_, id_]
        first, second = work.submit(correlation_id).result(), work.submit(correlation_id).result()
        assert None not in (first, second)
        assert first != second, "what a listener hands over begins an id"
    finally:
        work.close()


def test_a_scan_of_many_threads_has_one_id() -> None:
    asked: list[str | None] = []
    with correlated() as id_:
        ask = carried(lambda: asked.append(correlation_id()))
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [id_] * 3
    assert correlation_id() is None


def test_the_command_line_logs_json_and_shows_the_same_id(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "costbot.db").mkdir()  # no file: a sentence, and an id
    environment = ENVIRONMENT | {"COSTBOT_LOG_FORMAT": "json", "SLACK_SIGNING_SECRET": "0123456789abcdef"}
    ended = forked.costbot("ask", "/cost help", "--data-dir", str(tmp_path), environment=environment)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    wrong = forked.costbot("ask", "/cost help", environment=environment | {"COSTBOT_LOG_FORMAT": "yaml"})
    assert wrong.stderr.startswith("costbot: COSTBOT_LOG_FORMAT is wrong:")
