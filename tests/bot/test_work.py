"""Reader threads and the one worker process."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import analysis
import bot
from bot.errors import CostbotError
from bot.work import NICENESS, Work, WorkHere


@pytest.fixture
def work():
    made = Work()
    yield made
    made.close()


#: The worker can import no test module, so these are expressions for `eval`.
FACTS = "(__import__('os').getpid(), __import__('os').nice(0))"
DIE = "__import__('os').kill(__import__('os').getpid(), 9)"
DIE_ONCE = "'second try' if __import__('os').path.exists({0!r}) else (open({0!r}, 'w').close(), " + DIE + ")"


def test_computes_in_one_niced_process_of_its_own(work):
    first, niceness = work.computed(eval, FACTS)
    second, _ = work.computed(eval, FACTS)
    assert first == second != os.getpid()
    assert niceness >= min(19, os.nice(0) + NICENESS)


def test_what_takes_long_keeps_no_question_waiting(work):
    worker, _ = work.computed(eval, FACTS)
    long = work.submit(work.computed_alone, eval, "(__import__('time').sleep(60), 1)[1]")
    assert work.computed(eval, FACTS)[0] == worker
    assert not long.done()
    work.close()
    assert isinstance(long.exception(10), CostbotError)


def test_a_process_of_its_own_ends_with_its_work(work):
    first, second = work.computed_alone(eval, FACTS), work.computed_alone(eval, FACTS)
    assert len({first[0], second[0], os.getpid()}) == 3
    assert first[1] >= min(19, os.nice(0) + NICENESS)
    for pid, _ in (first, second):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(CostbotError, match="died"):
        work.computed_alone(eval, DIE)


def test_a_worker_need_not_yield():
    eager = Work(niceness=0)
    try:
        assert eager.computed(eval, FACTS)[1] == os.nice(0)
    finally:
        eager.close()


def test_a_worker_that_was_killed_is_replaced_and_the_work_done(work, tmp_path):
    assert work.computed(eval, DIE_ONCE.format(str(tmp_path / "tried"))) == "second try"


def test_work_that_kills_every_worker_ends_in_a_sentence(work):
    with pytest.raises(CostbotError, match="died twice"):
        work.computed(eval, DIE)
    assert work.computed(eval, FACTS)[0] != os.getpid()


def test_readers_run_side_by_side(work):
    both = threading.Barrier(2, timeout=60)
    first, second = work.submit(both.wait), work.submit(both.wait)
    assert {first.result(10), second.result(10)} == {0, 1}


def test_no_call_that_blocks_waits_on_an_event_loop():
    """boto3 and pandas block: a coroutine around them would keep every other one waiting, acknowledgements too."""
    demo = Path(bot.__file__).parent / "demo"
    sources = [file for made in (bot, analysis) for file in Path(made.__file__).parent.rglob("*.py")]
    own = [file for file in sources if demo not in file.parents]
    assert own
    assert not [file for file in own if b"async def" in file.read_bytes()]


def test_nothing_starts_once_it_is_closed():
    work = Work()
    work.close()
    with pytest.raises(CostbotError, match="stopping"):
        work.compute(eval, FACTS)


ORPHAN = """
from bot.work import Work
print(Work().computed(eval, "__import__('os').getpid()"), flush=True)
__import__("os").kill(__import__("os").getpid(), 9)
"""


def test_the_worker_ends_with_a_parent_that_was_killed():
    parent = subprocess.run([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True, timeout=60)
    assert parent.returncode == -9
    worker = Path(f"/proc/{parent.stdout.strip()}")
    until = time.monotonic() + 60
    while worker.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not worker.exists()


def test_a_terminal_computes_in_its_own_process():
    here = WorkHere()
    try:
        niceness = os.nice(0)
        assert here.computed(eval, FACTS) == (os.getpid(), niceness)
        assert here.compute(eval, FACTS).result(10) == (os.getpid(), niceness)
    finally:
        here.close()
