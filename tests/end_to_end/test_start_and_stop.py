"""`costbot demo` as a command: its one line, and a stop in under three seconds."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.few_checks import OFF

#: One worker for all of them: they share the running demo.
pytestmark = pytest.mark.xdist_group("demo")


#: `costbot demo` with three checks and two months: what all of them find is the business of the demo that the other
#: tests share.
FEW = {"COSTBOT_CHECKS_OFF": OFF, "COSTBOT_HISTORY_DAYS": "60"}
WITH_FEW_CHECKS = f"""
import functools
from bot.__main__ import main
from bot.demo import launcher
launcher.started = functools.partial(launcher.started, extra_environment={FEW})
main()
"""
#: `costbot demo` that does not wait for its first cards: its bot is in the middle of its first refresh and scans.
AT_ONCE = """
import functools
from bot.__main__ import main
from bot.demo import launcher
launcher.started = functools.partial(launcher.started, first_cards=False)
main()
"""


@pytest.mark.parametrize(
    ("number", "how"),
    [(signal.SIGTERM, ("-c", WITH_FEW_CHECKS)), (signal.SIGINT, ("-c", AT_ONCE))],
    ids=["SIGTERM when it is ready", "SIGINT while it works"],
)
def test_prints_one_line_and_ends_within_three_seconds(number, how, tmp_path):
    journal = tmp_path / "journal.jsonl"
    process = subprocess.Popen(
        [sys.executable, *how, "demo", "--port", "0", "--now", "2026-11-20", "--journal", str(journal)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        assert re.fullmatch(r"costbot demo: http://127\.0\.0\.1:\d+  journal: .+\n", line), (
            line,
            process.stderr.read(),
        )
        assert Path(line.split("journal: ")[1].strip()) == journal
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 3
    finally:
        process.kill()
        rest, errors = process.communicate()
    assert (rest, errors) == ("", "")


def test_a_port_in_use_is_a_sentence_with_the_next_step(demo):
    port = demo.url.rsplit(":", 1)[1]
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--port", port], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_date_that_is_none_is_wrong_usage():
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--now", "yesterday"], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "--now 2026-11-20" in ended.stderr
