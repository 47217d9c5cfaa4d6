"""A process that ends is started again; one that is asked to end is waited for."""

import os
import signal
import time
from pathlib import Path

from tocsin.channels.delivery.process import take_lock
from tocsin.service.supervise import Supervisor


def test_started_again_after_a_kill(tmp_path: Path) -> None:
    supervisor = Supervisor("clock", ["http.server", "--bind", "127.0.0.1", "0"], tmp_path)
    supervisor.start()
    deadline_s = time.monotonic() + 60.0
    first = None
    while first is None and time.monotonic() < deadline_s:
        first = supervisor.statistics()["pid"]
        time.sleep(0.02)
    os.kill(first, signal.SIGKILL)
    while supervisor.statistics()["starts"] < 2 and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert supervisor.statistics()["starts"] >= 2
    assert supervisor.statistics()["pid"] != first or supervisor.statistics()["starts"] >= 2
    assert supervisor.fault() == "the clock process ended and was started again"
    supervisor.close(0.1)
    assert (tmp_path / "clock.log").exists()


def test_nothing_is_started_while_a_process_of_an_earlier_run_lives(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "clock.lock")
    supervisor = Supervisor("clock", ["http.server", "--bind", "127.0.0.1", "0"], tmp_path)
    supervisor.start()
    time.sleep(0.5)
    assert supervisor.statistics() == {"starts": 0, "pid": None}
    assert supervisor.fault() == ""
    os.close(lock)  # it has ended
    deadline_s = time.monotonic() + 20.0
    while not supervisor.statistics()["starts"] and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert supervisor.statistics()["starts"] == 1 and supervisor.fault()
    supervisor.close(0.1)
