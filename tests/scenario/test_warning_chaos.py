"""A raid goes on while one part after another is broken: every warning still goes out, and each loss is said.

One site with a siren behind a real broker, a signed POST, mail, the feed, and the watchdog's own siren. Each fault is
made in the running processes: a broker that is stopped, a disk that takes nothing more (the processes' limit on the
size of files), databases that somebody locks, a clock that steps by 30 s in all processes, a frozen watchdog, kills.
What was measured is printed, each beside its limit.
"""

import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from mqtt_siren import Broker, Siren
from program import SOURCES
from scenario.live_site import LiveSite
from scenario.receivers import Receivers
from scenario.test_warning_path import siren_table
from tocsin.channels.delivery.process import OUTBOX
from tocsin.service.files import JOURNAL

OUT_WITHIN_S, SAID_WITHIN_S = 2.0, 4.0  # a warning is out, a loss is said
GONE_WITHIN_S, BACK_WITHIN_S = 5.0, 5.0  # the loss of the line is said, and it is back
STEP_S = 30.0
PLACES_M = ((-3600, 0), (-1800, 0), (1800, 0), (3600, 0), (-3600, -2500), (-1800, -2500), (0, -2500), (1800, -2500))
# So many faults within minutes would be held as one that chatters.
POLICY = """
[alerts]
chatter_rises = 50
[[warning]]
name = "public"
rules = ["drone approaches"]
approval = "automatic"
test_every_s = 0.0
"""
PLACE = """
[[asset]]
name = "place {number}"
position = {{ east_m = {east}.0, north_m = {north}.0 }}
radius_m = 100.0
reaction_s = 20.0
"""
# Read by every Python of the site at its start: the clock of all of them is ahead by what a file says.
CLOCK = """
import os, time
_s, _ns = time.time, time.time_ns
def _ahead():
    return os.path.getsize(os.environ["AHEAD"])
time.time = lambda: _s() + _ahead()
time.time_ns = lambda: _ns() + _ahead() * 10**9
"""


def until(holds: Callable[[], Any], patience_s: float = 60.0) -> Any:
    """What `holds` answers, once it is true."""
    deadline_s = time.monotonic() + patience_s
    while not (found := holds()):
        assert time.monotonic() < deadline_s
        time.sleep(0.02)
    return found


class Raid:
    """One drone after another, each to a place of its own; what was measured, beside its limit."""

    def __init__(self, site: LiveSite, receivers: Receivers) -> None:
        self.site, self.receivers = site, receivers
        self.ahead_s = 0.0
        self.turn = 0
        self.measured: list[str] = []
        self.broken: list[str] = []

    @contextmanager
    def drone(self) -> Iterator[str]:
        """The next drone comes, five reports a second, until the end of the block; the place it flies to."""
        (east_m, north_m), self.turn = PLACES_M[self.turn], self.turn + 1
        over, begun_s = threading.Event(), time.monotonic()

        def fly() -> None:
            while not over.wait(0.2):
                north_now_m = north_m + 900.0 - 20.0 * (time.monotonic() - begun_s)
                self.site.send(east_m + 3.0, north_now_m, time.time() + self.ahead_s)

        thread = threading.Thread(target=fly)
        thread.start()
        try:
            yield f"place {self.turn}"
        finally:
            over.set()
            thread.join()

    def warned(self, fault: str) -> None:
        """A drone comes, and the signed POST about its place is here in time."""
        with self.drone() as place:
            decided_s, at_s = until(lambda: self.receivers.heard(place))
        self.note(f"{fault}: from decision to people", at_s + self.ahead_s - decided_s, OUT_WITHIN_S)

    @contextmanager
    def saying(self, fault: str, word: str) -> Iterator[None]:
        """From its begin, an alert about our own means comes to stand unacknowledged, in time."""
        begun_s = time.monotonic()
        said_s: list[float] = []

        def watch() -> None:
            until(lambda: [one for one in self.own_alerts("unacknowledged") if word in one["message"]])
            said_s.append(time.monotonic() - begun_s)

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            thread.join()
        self.note(f"{fault}: said", said_s[0], SAID_WITHIN_S)

    def well(self) -> None:
        """Nothing on the way to people is wrong any more, and what was has been acknowledged."""
        for state in ("unacknowledged", "acknowledged", "returned"):
            until(lambda state=state: self.acknowledged(state))

    def acknowledged(self, state: str) -> bool:
        standing = self.own_alerts(state)
        for one in standing if state != "acknowledged" else ():
            self.site.command(id=f"{one['id']}-{one['version']}", kind="acknowledge", author="duty", target=one["id"])
        return not standing

    def own_alerts(self, state: str) -> list[dict[str, Any]]:
        """Of the way to people; that the run's own files are incomplete after a full disk is said until its end."""
        alerts: Any = self.site.get("/api/alerts")
        return [one for one in alerts if one["rule"] == "warning path lost" and one["state"] == state]

    def note(self, what: str, seconds_s: float, limit_s: float) -> None:
        self.measured.append(f"{what} {seconds_s:.2f} s (limit {limit_s:g})")
        if seconds_s > limit_s:
            self.broken.append(self.measured[-1])

    def processes(self) -> list[int]:
        """The process ids of the line, the channels and the watchdog."""
        path: Any = self.site.get("/api/statistics")
        return [self.site.process.pid, *(path["path"][name]["pid"] for name in ("channels", "watchdog"))]


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """A process that is stopped for the time of a block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # killed meanwhile
            os.kill(pid, signal.SIGCONT)


@contextmanager
def full_disk(pids: Sequence[int]) -> Iterator[None]:
    """No file of these processes can grow or be written."""
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)) for pid in pids]
    try:
        yield
    finally:
        for pid, limit in zip(pids, before, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@contextmanager
def locked(*files: Path) -> Iterator[None]:
    """Somebody holds these databases."""
    with ExitStack() as stack:
        for path in files:
            other = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
            other.execute("BEGIN IMMEDIATE")
        yield


def test_a_raid_with_one_fault_after_another(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    ahead = tmp_path / "ahead"
    ahead.touch()
    places = "".join(PLACE.format(number=k, east=x, north=y) for k, (x, y) in enumerate(PLACES_M, start=1))
    variables = {"HOOK_KEY": "k", "AHEAD": str(ahead), "PYTHONPATH": f"{tmp_path}{os.pathsep}{SOURCES}"}
    # An installed program has its bytecode; this checkout may lack it, and a restart would wait for its compiler.
    variables |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}
    receivers = Receivers()
    with receivers.open(), Broker(tmp_path) as broker, Broker(_folder(tmp_path / "own")) as own_broker:
        guard = Siren(own_broker.port, topic="guard/1")
        siren = Siren(broker.port)
        tables = (siren_table(broker.port), siren_table(own_broker.port, "guard", "guard/1", watchdog=True))
        with LiveSite(tmp_path, POLICY, places, *tables, receivers.tables(), **variables) as site:
            raid = Raid(site, receivers)
            try:
                until(lambda: guard.kicks and siren.states and None not in raid.processes())
                _break_one_after_another(raid, broker, siren, site, ahead)
                _kill_the_line(raid, guard)
                assert site.stop() == 0
            finally:
                print("\n" + "\n".join(raid.measured))
        siren.close()
        guard.close()
    assert raid.broken == []


def _break_one_after_another(raid: Raid, broker: Broker, siren: Siren, site: LiveSite, ahead: Path) -> None:
    raid.warned("nothing broken")
    assert broker.process is not None
    with frozen(broker.process.pid), raid.saying("broker frozen", "siren"):
        raid.warned("broker frozen")
    until(lambda: any(f"place {raid.turn}" in str(one) for one in list(siren.got)))  # it sounds once the broker goes on
    raid.well()
    with full_disk(raid.processes()), raid.saying("disk full", "outbox"):
        raid.warned("disk full")
    raid.well()
    with locked(site.out / OUTBOX, site.out / JOURNAL), raid.saying("databases locked", "outbox"):
        raid.warned("databases locked")
    raid.well()
    ahead.write_bytes(b"+" * int(STEP_S))
    raid.ahead_s = STEP_S
    raid.warned("clock stepped by 30 s")
    _, channels, watchdog = raid.processes()
    with frozen(channels), raid.drone() as place:
        until(lambda: [one for one in site.get("/api/warnings") if place in one["places"]])  # type: ignore[attr-defined]
        with raid.saying("channels killed", "was started again"):
            begun_s = time.monotonic()
            os.kill(channels, signal.SIGKILL)
            until(lambda: raid.receivers.heard(place))
            raid.note("channels killed: from the kill to people", time.monotonic() - begun_s, OUT_WITHIN_S)
    raid.well()
    with raid.saying("watchdog killed", "watchdog"):
        os.kill(watchdog, signal.SIGKILL)
    raid.well()
    with frozen(raid.processes()[2]), raid.saying("watchdog frozen", "no sign of life"):
        pass
    raid.well()


def _kill_the_line(raid: Raid, guard: Siren) -> None:
    site = raid.site
    begun_s = time.monotonic()
    os.kill(site.process.pid, signal.SIGKILL)
    site.process.wait(10)
    until(lambda: any("line DOWN" in str(one["text"]) for one in list(guard.got)))
    raid.note("line killed: said by the watchdog", time.monotonic() - begun_s, GONE_WITHIN_S)
    begun_s = time.monotonic()
    site.start("--resume")
    with site:
        until(lambda: site.answers("/api/alerts"))
        raid.note("line killed: back", time.monotonic() - begun_s, BACK_WITHIN_S)
        raid.warned("line killed and back")
        assert site.stop() == 0


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
