"""Supervise: starts the processes beside the line, starts them again when they end, and lets them outlive it.

They run in sessions of their own: a line that is killed takes nobody with it, and a line that comes back finds them. A
process that ends is started again at once, then after waits that double up to 5 s while it does not last; `fault` says
so for a while. Nothing is started while another process holds the lock.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tocsin.channels.delivery.process import take_lock
from tocsin.model.errors import TocsinError

FIRST_WAIT_S, LAST_WAIT_S = 0.1, 5.0
_LASTED_S = 10.0
_POLL_S = 0.1
TOLD_S = 5.0  # the end of a process is told for so long


class Supervisor:
    """Keeps one process alive. `arguments` follow `python -m`; it holds `NAME.lock` in `folder` while it lives."""

    def __init__(self, name: str, arguments: list[str], folder: Path) -> None:
        self.name = name
        self._arguments, self._folder, self._lock = arguments, folder, folder / f"{name}.lock"
        self._ended_s: float | None = None  # monotonic
        self._closing = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self._thread = threading.Thread(target=self._run, name=f"supervise {name}", daemon=True)

    def start(self) -> None:
        """Begin; a process of an earlier run that lives is left to work until it ends."""
        self._thread.start()

    def let_end(self) -> None:
        """Start nothing more."""
        self._closing.set()

    def close(self, wait_s: float) -> None:
        """Wait for the process to end, and end it after `wait_s`; nothing more is started."""
        self.let_end()
        self._thread.join()
        if self._process is None:
            return
        try:
            self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def fault(self) -> str:
        """That the process ended, for `TOLD_S` after it did; "" otherwise."""
        recent = self._ended_s is not None and time.monotonic() - self._ended_s < TOLD_S
        return f"the {self.name} process ended and was started again" if recent else ""

    def statistics(self) -> dict[str, Any]:
        """How often it was started, and its process id."""
        return {"starts": self._starts, "pid": self._process.pid if self._process is not None else None}

    def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._closing.is_set():
            if self._held():  # by a process of an earlier run
                while self._held() and not self._closing.wait(_POLL_S):
                    pass
                if self._closing.is_set():
                    return
                self._ended_s = time.monotonic()
            started_s = time.monotonic()
            process = self._process = self._start()
            while process.poll() is None:
                if self._closing.wait(_POLL_S):
                    return
            self._ended_s = time.monotonic()
            lasted = self._ended_s - started_s >= _LASTED_S
            wait_s = FIRST_WAIT_S if lasted else min(2.0 * wait_s, LAST_WAIT_S)
            self._closing.wait(wait_s)

    def _start(self) -> subprocess.Popen[bytes]:
        self._starts += 1
        with (self._folder / f"{self.name}.log").open("ab") as file:
            return subprocess.Popen(
                [sys.executable, "-m", *self._arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                env=os.environ.copy(),
            )

    def _held(self) -> bool:
        """Whether a process holds the lock now."""
        try:
            os.close(take_lock(self._lock))
        except TocsinError:
            return True
        return False
