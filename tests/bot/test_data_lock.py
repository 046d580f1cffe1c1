"""One costbot per data directory."""

import subprocess
import sys

import pytest

from bot.data_lock import sole_owner
from bot.errors import CostbotError

HOLD = """
import sys, pathlib
from bot.data_lock import sole_owner
with sole_owner(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_and_told_which_one_runs(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(CostbotError) as refused, sole_owner(tmp_path):
        pass
    assert str(refused.value) == (
        f"Another costbot (process {holder.pid}) already runs on {tmp_path}. "
        "Stop it first, or give this one its own --data-dir."
    )
    holder.kill()
    holder.communicate()
    with sole_owner(tmp_path):
        assert (tmp_path / "costbot.lock").read_text().isdigit()


def test_a_directory_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(CostbotError, match="cannot be written"), sole_owner(tmp_path / "missing"):
        pass
