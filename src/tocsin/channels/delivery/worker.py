"""Worker: one channel with its own thread and queue, so that a dead one never delays another.

The messages of a chain keep their order. A newer one takes the place of those not yet out; the end of a chain is told
only where something of it may have gone out. What fails is tried again after 0.5 s, then twice as long each time, 15 s
at most, for as long as the message holds; the real thing goes before tests.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tocsin.model.channel import Channel
from tocsin.model.errors import TocsinError
from tocsin.model.warning import LAST, Level, Receipt, Warning, WarningStatus

FIRST_RETRY_S, LAST_RETRY_S = 0.5, 15.0
LAST_WORD_S = 86_400.0  # the end of a chain is offered for so long
STUCK_S = 20.0


@dataclass(slots=True)
class _Job:
    warning: Warning
    expires_s: float
    attempts: int = 0
    due_s: float = 0.0  # monotonic


@dataclass(slots=True)
class _State:
    """What is told of a channel."""

    fault: str = ""
    done_s: float | None = None
    busy_since_s: float | None = None  # monotonic
    counts: dict[str, int] = field(default_factory=lambda: {"sent": 0, "failed": 0, "superseded": 0, "given_up": 0})


def expiry_s(warning: Warning) -> float:
    """Until when a message is worth sending (UTC seconds)."""
    return warning.sent_s + LAST_WORD_S if warning.stage in LAST else warning.expires_s


class Worker:
    """`put` from any thread; `note` is called with each receipt. `carried`: chains that may have gone out here."""

    def __init__(self, name: str, channel: Channel, note: Callable[[Receipt, str], None]) -> None:
        self.name, self.channel = name, channel
        self._note = note
        self._jobs: list[_Job] = []
        self._current: _Job | None = None
        self._carried: set[str] = set()
        self._state = _State()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=f"channel {name}", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def put(self, warning: Warning, carried: bool = False) -> None:
        """Queue a message. `carried`: something of its chain may have gone out here in an earlier run."""
        job = _Job(warning, expiry_s(warning))
        with self._wake:
            if carried:
                self._carried.add(warning.chain)
            older = [one for one in self._jobs if one.warning.chain == warning.chain]
            for one in older:
                self._jobs.remove(one)
                self._end(one, "superseded", f"superseded by {warning.id}")
            tried = warning.chain in self._carried or any(one.attempts for one in older)
            tried = tried or (self._current is not None and self._current.warning.chain == warning.chain)
            if warning.stage in LAST and not tried:
                self._end(job, "superseded", "nothing to withdraw: nothing of it was sent here")
                return
            self._jobs.append(job)
            self._wake.notify()

    def state(self) -> dict[str, Any]:
        """Health, what waits, and counts. `lasting`: the channel itself says that its fault is no passing one."""
        health = getattr(self.channel, "health", None)
        ill = health() if health is not None else ""
        with self._wake:
            state, busy = self._state, self._state.busy_since_s
            stuck = busy is not None and time.monotonic() - busy > STUCK_S
            return {
                "fault": f"busy with one message for over {STUCK_S:.0f} s" if stuck else ill or state.fault,
                "lasting": bool(stuck or ill),
                "waiting": len(self._jobs) + (self._current is not None),
                "done_s": state.done_s,
                **state.counts,
            }

    def close(self, wait_s: float) -> None:
        """Let what is queued go out for `wait_s` at most, then end."""
        deadline_s = time.monotonic() + wait_s
        with self._wake:
            while (self._jobs or self._current) and time.monotonic() < deadline_s:
                self._wake.wait(0.1)
            self._closing = True
            self._wake.notify()
        self._thread.join(max(deadline_s - time.monotonic(), 0.1))

    def _run(self) -> None:
        while (job := self._next()) is not None:
            if job.expires_s <= time.time():
                self._end(job, "given_up", "expired before it could be delivered")
                with self._wake:
                    self._current = None
                continue
            self._deliver(job)

    def _next(self) -> _Job | None:
        """Wait for the next job that is due; None when closing."""
        with self._wake:
            while not self._closing:
                now_s = time.monotonic()
                due = [one for one in self._jobs if one.due_s <= now_s]
                if due:
                    job = min(due, key=lambda one: one.warning.status is WarningStatus.TEST)
                    self._jobs.remove(job)
                    self._current = job
                    self._state.busy_since_s = now_s
                    return job
                wait_s = min((one.due_s - now_s for one in self._jobs), default=None)
                self._wake.wait(wait_s)
        return None

    def _deliver(self, job: _Job) -> None:
        job.attempts += 1
        warning = job.warning
        try:
            level, detail = self.channel.deliver(warning)
        except Exception as error:  # of whatever kind: it is this channel's loss alone, counted and told
            known = isinstance(error, OSError | TocsinError)
            reason = str(error) or type(error).__name__
            self._fail(job, reason if known else f"{type(error).__name__}: {reason}")
            return
        receipt = Receipt(warning.id, self.name, level, time.time(), detail, job.attempts, True)
        with self._wake:
            self._carried.add(warning.chain)
            self._state.fault, self._state.done_s = "", receipt.time_s
            self._state.counts["sent"] += 1
            self._finish()
        self._note(receipt, warning.chain)

    def _fail(self, job: _Job, reason: str) -> None:
        receipt = Receipt(job.warning.id, self.name, Level.FAILED, time.time(), reason, job.attempts)
        with self._wake:
            self._carried.add(job.warning.chain)
            self._state.fault = reason
            self._state.counts["failed"] += 1
            newer = any(one.warning.chain == job.warning.chain for one in self._jobs)
            job.due_s = time.monotonic() + min(FIRST_RETRY_S * 2.0 ** (job.attempts - 1), LAST_RETRY_S)
            if not newer:
                self._jobs.insert(0, job)
            self._finish()
        self._note(receipt, job.warning.chain)
        if newer:
            self._end(job, "superseded", "superseded while it was being sent")

    def _finish(self) -> None:
        self._current, self._state.busy_since_s = None, None
        self._wake.notify_all()

    def _end(self, job: _Job, count: str, detail: str) -> None:
        """Note that a message will not go out any more."""
        self._state.counts[count] += 1
        self._note(
            Receipt(job.warning.id, self.name, Level.FAILED, time.time(), detail, job.attempts, True), job.warning.chain
        )
