"""Warning link: from the line to the channels process and the watchdog, and what they say back.

`take` never waits: it runs in the line's thread, before files and journal. What the channels process has not said to
have taken is told again on the next connection, so a kill on either side loses nothing that was decided. `faults` says
in words what of the way to people is lost; `views` what was told by which channel, and when each place was last proven
to be reachable: a test came through, unheard, by every channel of its policy.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from socket import create_connection
from typing import Any

import msgspec

from tocsin.alerts import Policy
from tocsin.channels.delivery.beats import Beats
from tocsin.channels.delivery.lines import Speaker
from tocsin.channels.delivery.process import PORT
from tocsin.model.views import ChannelView, ProvenView, WarningPathView, WarningView
from tocsin.model.warning import Receipt, Warning, WarningStatus
from tocsin.service.pipeline import LineOutput
from tocsin.web.present import iso
from tocsin.web.present_warning import present_warning

SILENT_S = 2.0  # the channels process says how it does twice a second
WATCHDOG_SILENT_S = 2.5
LINE_SILENT_S = 2.0  # ticks come ten times a second
LASTING_S = 2.0  # a channel's fault counts once it has lasted for so long
KEPT = 500  # warnings shown, newest kept
START_S = 10.0  # the processes may take as long to give their first sign
_STEP_S = 0.1
_BEAT_S = 0.5


class WarningLink:
    """`start`, then `take` each output of the line; `close` at the end."""

    def __init__(
        self, folder: Path, token: str, policies: Sequence[Policy], channels: Sequence[str], watchdog_port: int
    ) -> None:
        self._folder, self._token = folder, token
        self._policies = {policy.name: policy for policy in policies}
        self._channels = tuple(channels)
        self._beats = Beats(watchdog_port, token, "line")
        self._watched = watchdog_port > 0
        self._lock = threading.Lock()
        self._wake = threading.Condition()
        self._untaken: OrderedDict[str, Warning] = OrderedDict()
        self._said: set[str] = set()  # of those, on the connection that stands
        self._warnings: OrderedDict[str, Warning] = OrderedDict()
        self._receipts: dict[str, list[Receipt]] = {}
        self._tests: dict[str, float] = {}  # test: when it is overdue (monotonic)
        self._overdue: dict[tuple[str, str], str] = {}  # (policy, place): what is missing
        self._proven_s: dict[str, float] = {}
        self._state: Mapping[str, Any] = {}
        self._state_s = self._started_s = time.monotonic()
        self._since_s: dict[str, float] = {}  # channel: when its fault began (monotonic)
        self._output_s: float | None = None
        self._closing = threading.Event()
        self._speaker: Speaker | None = None
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._speak, self._hear, self._beat)]

    def start(self) -> None:
        """Begin to connect, and to give signs of life."""
        for thread in self._threads:
            thread.start()

    def take(self, output: LineOutput) -> None:
        """What the line has put out; never waits."""
        self._output_s = time.monotonic()
        if not output.warnings:
            return
        with self._lock:
            for warning in output.warnings:
                self._keep(warning)
        with self._wake:
            self._wake.notify()

    def resume(self, warnings: Sequence[Warning]) -> None:
        """Show what a run that ended had told; the channels process has it."""
        with self._lock:
            for warning in warnings[-KEPT:]:
                self._warnings[warning.id] = warning

    def faults(self) -> dict[str, str]:
        """What is wrong now, for "channels" and "watchdog"; "" where all is well."""
        now_s = time.monotonic()
        early = now_s - self._started_s < START_S
        return {"channels": self._channel_fault(now_s, early), "watchdog": self._watchdog_fault(now_s, early)}

    def warnings(self) -> tuple[WarningView, ...]:
        """Every message, newest last, with what became of it; unheard tests are left out."""
        with self._lock:
            shown = [one for one in self._warnings.values() if one.audible]
            return tuple(present_warning(one, self._receipts.get(one.id, ())) for one in shown)

    def path(self) -> WarningPathView:
        """How the way to people does."""
        faults = self.faults()
        states = self._state.get("channels", {})
        with self._lock:
            proven = dict(self._proven_s)
            places = {place for policy in self._policies.values() for place in policy.places}
        return WarningPathView(
            channels=tuple(_channel_view(name, states.get(name)) for name in self._channels),
            proven=tuple(
                ProvenView(place, iso(proven[place]) if place in proven else None)
                for place in sorted({*places, *proven})
            ),
            channels_fault=faults["channels"],
            watchdog_fault=faults["watchdog"],
            watched=self._watched,
            waiting=len(self._untaken),
        )

    def statistics(self) -> dict[str, Any]:
        """What is not taken yet, and the channels' own counts."""
        return {"untaken": len(self._untaken), "state": dict(self._state), "proven_s": dict(self._proven_s)}

    def close(self, stop: bool) -> None:
        """End; `stop` asks the channels process and the watchdog to end too."""
        if stop:
            speaker = self._speaker
            if speaker is not None:
                with suppress(OSError):
                    speaker.say("stop", True)
            self._beats.beat("end")
            self._beats.beat("stop")
        self._closing.set()
        with self._wake:
            self._wake.notify()
        if self._speaker is not None:
            self._speaker.close()
        for thread in self._threads:
            thread.join(2.0)
        self._beats.close()

    def _keep(self, warning: Warning) -> None:
        self._warnings[warning.id] = warning
        while len(self._warnings) > KEPT:
            name, _ = self._warnings.popitem(last=False)
            self._receipts.pop(name, None)
        if not warning.cap:
            return  # a draft or an end that nobody is told of
        self._untaken[warning.id] = warning
        if warning.status is WarningStatus.TEST and not warning.audible:
            within_s = self._policies[warning.policy].test_within_s
            self._tests[warning.id] = time.monotonic() + within_s

    def _speak(self) -> None:
        """Connect, and tell what was not taken, for as long as the connection stands."""
        while not self._closing.is_set():
            try:
                port = int((self._folder / PORT).read_text("ascii"))
                speaker = Speaker(create_connection(("127.0.0.1", port), 1.0))
                speaker.say("token", self._token)
            except (OSError, ValueError):
                self._closing.wait(_STEP_S)
                continue
            with self._lock:
                self._said.clear()
            self._speaker = speaker
            with suppress(OSError):  # it ended: another begins
                self._tell(speaker)
            self._speaker = None
            speaker.close()

    def _tell(self, speaker: Speaker) -> None:
        while not self._closing.is_set() and self._speaker is speaker:
            with self._lock:
                waiting = [one for name, one in self._untaken.items() if name not in self._said]
                self._said.update(one.id for one in waiting)
            for warning in waiting:
                speaker.say("warning", warning)
            with self._wake:
                if not self._untaken.keys() - self._said:
                    self._wake.wait(_BEAT_S)

    def _hear(self) -> None:
        while not self._closing.is_set():
            speaker = self._speaker
            if speaker is None:
                self._closing.wait(_STEP_S / 2)
                continue
            for line in speaker.lines():
                self._learn(line)
            if self._speaker is speaker:
                self._speaker = None
            with self._wake:
                self._wake.notify()

    def _learn(self, line: Mapping[str, Any]) -> None:
        with self._lock:
            if "taken" in line:
                self._untaken.pop(str(line["taken"]), None)
            elif "receipt" in line:
                self._note(msgspec.convert(line["receipt"], Receipt))
            elif "state" in line:
                self._state, self._state_s = line["state"], time.monotonic()
                for name, one in self._state.get("channels", {}).items():
                    if one.get("fault"):
                        since_s = self._state_s - (LASTING_S if one.get("lasting") else 0.0)
                        self._since_s[name] = min(since_s, self._since_s.get(name, since_s))
                    else:
                        self._since_s.pop(name, None)

    def _note(self, receipt: Receipt) -> None:
        warning = self._warnings.get(receipt.warning)
        self._receipts.setdefault(receipt.warning, []).append(receipt)
        if warning is None or warning.status is WarningStatus.EXERCISE:
            return
        proofs = self._state.get("proofs", {})
        wanted = set(warning.channels or self._channels)
        for one in self._receipts[receipt.warning]:
            if one.level >= proofs.get(one.channel, 1):
                wanted.discard(one.channel)
        if not wanted:
            self._tests.pop(receipt.warning, None)
            for place in warning.places:
                self._proven_s[place] = receipt.time_s
                self._overdue.pop((warning.policy, place), None)

    def _channel_fault(self, now_s: float, early: bool) -> str:
        if now_s - self._state_s > SILENT_S:
            silent = f"the channels process gives no sign of life for {now_s - self._state_s:.0f} s"
            return "" if early and not self._state else silent
        found = [f"outbox: {self._state['outbox']}"] if self._state.get("outbox") else []
        with self._lock:
            for name, since_s in self._since_s.items():
                if now_s - since_s >= LASTING_S:
                    found.append(f"{name}: {self._state['channels'].get(name, {}).get('fault', '')}")
            for test, overdue_s in list(self._tests.items()):
                if now_s >= overdue_s:
                    self._miss(test)
            found += [f"{place}: {missing}" for (_, place), missing in sorted(self._overdue.items())]
        return "; ".join(found)

    def _miss(self, test: str) -> None:
        """A test has not come through in time."""
        del self._tests[test]
        warning = self._warnings.get(test)
        if warning is None:
            return
        proofs = self._state.get("proofs", {})
        through = {one.channel for one in self._receipts.get(test, ()) if one.level >= proofs.get(one.channel, 1)}
        missing = [name for name in warning.channels or self._channels if name not in through]
        for place in warning.places:
            self._overdue[warning.policy, place] = f"a test did not come through by {', '.join(missing)}"

    def _watchdog_fault(self, now_s: float, early: bool) -> str:
        if not self._watched:
            return ""
        heard_s = self._beats.heard_s
        if heard_s is None or now_s - heard_s > WATCHDOG_SILENT_S:
            return "" if early and heard_s is None else "the watchdog gives no sign of life"
        return self._beats.fault()

    def _beat(self) -> None:
        """Signs of life of the line itself, for as long as it puts out anything."""
        while not self._closing.wait(_BEAT_S):
            if self._output_s is not None and time.monotonic() - self._output_s < LINE_SILENT_S:
                self._beats.beat()


def _channel_view(name: str, state: Mapping[str, Any] | None) -> ChannelView:
    if state is None:
        return ChannelView(name, "not known", 0, None, 0, 0)
    done_s = state.get("done_s")
    return ChannelView(
        name=name,
        fault=state["fault"],
        waiting=state["waiting"],
        last_done=None if done_s is None else iso(done_s),
        sent=state["sent"],
        failed=state["failed"],
    )
