"""Stopping: a signal is heard however it arrives."""

import signal
import threading

from bot.stop_signal import wait_until_told


def test_a_signal_that_does_not_wake_the_main_thread_is_heard() -> None:
    stop = threading.Event()
    before = signal.signal(signal.SIGUSR1, lambda *_: stop.set())
    idle = threading.Event()
    other = threading.Thread(target=idle.wait, daemon=True)
    other.start()
    # The kernel hands it to another thread: the main one sleeps on, and its handler waits for it to wake.
    later = threading.Timer(0.1, signal.pthread_kill, [other.ident, signal.SIGUSR1])
    try:
        later.start()
        wait_until_told(stop)
        assert stop.is_set()
    finally:
        idle.set()
        later.join()
        signal.signal(signal.SIGUSR1, before)
