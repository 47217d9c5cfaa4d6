"""Live: what the page reads, as frames without end: tracks packed, everything else as JSON.

The layout stands in docs/reference/stream.md. Each kind of frame is a whole state and is encoded once for all readers;
`newest.py` says what a slow one gets. `history` gives the last minutes, a picture a second, to one who comes late. The
picture is looked for `stream_hz` times a second, packed if somebody reads or the history is due.
"""

import asyncio
import math
import struct
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import IntEnum
from typing import Any, NamedTuple

import msgspec

from tocsin.geo.frames import Origin
from tocsin.model.picture import Picture
from tocsin.model.views import Views
from tocsin.web.batch import pack_tracks
from tocsin.web.newest import Newest
from tocsin.web.present import present_threats

FRAME = struct.Struct("<IBBH")  # bytes that follow, kind, schema, reserved
SCHEMA = 1
LISTED = 40  # tracks whose times to the places are told, the most pressing ones
SLOW_S = 0.5  # lists are renewed this often; the map more often
HISTORY_PERIOD_S = 1.0
HISTORY_PICTURES = 900
HISTORY_BYTES = 32_000_000


class Kind(IntEnum):
    """What a frame holds."""

    BEAT = 0
    SITE = 1
    TRACKS = 2
    THREATS = 3
    ALERTS = 4
    SENSORS = 5
    CUES = 6
    ENDED = 7
    STATEMENTS = 8
    REPORT = 9


KEPT = (Kind.SENSORS, Kind.THREATS, Kind.CUES, Kind.TRACKS)  # in this order: the tracks complete a moment


class _Moment(NamedTuple):
    alerts: bytes  # the frame, where they differ from those of the moment before
    rest: bytes

    @property
    def size(self) -> int:
        return len(self.alerts) + len(self.rest)


def frame(kind: Kind, payload: bytes) -> bytes:
    """One frame."""
    return FRAME.pack(len(payload), kind, SCHEMA, 0) + payload


class Live:
    """One for the app. `run` must be running."""

    def __init__(self, views: Views, stream_hz: float) -> None:
        self._views = views
        self._period_s = 1.0 / stream_hz
        site = views.site()
        self._origin = Origin(math.radians(site.latitude_deg), math.radians(site.longitude_deg), site.height_m)
        self._states: dict[Kind, Any] = {}
        self._slow_s = self._history_s = -math.inf
        self._history: deque[_Moment] = deque()
        self._history_bytes = 0
        self._kept_alerts = b""
        self._newest = Newest(beat=frame(Kind.BEAT, b""))
        self.close = self._newest.close

    @property
    def readers(self) -> int:
        """How many are reading now."""
        return self._newest.readers

    @property
    def sent(self) -> int:
        """Frames given to readers."""
        return self._newest.sent

    @property
    def skipped(self) -> int:
        """Frames that a slow reader did not need any more."""
        return self._newest.skipped

    def history(self) -> bytes:
        """Frames of the last minutes, oldest first: of each kept picture its alerts where they changed, its sensors,
        threats, cues and tracks."""
        return b"".join(part for moment in self._history for part in moment)

    async def run(self) -> None:
        """Look for changes until cancelled."""
        while True:
            self.look(wanted=self.readers > 0)
            await asyncio.sleep(self._period_s)

    def look(self, wanted: bool) -> None:
        """Encode what changed since the last look, if somebody wants it or a picture is due for the history."""
        picture = self._views.columns()
        if not wanted and (picture is None or not _apart(picture.time_s, self._history_s, HISTORY_PERIOD_S)):
            return
        self._tell(Kind.SITE, self._views.site())
        self._tell(Kind.ALERTS, self._views.alerts())
        self._tell(Kind.SENSORS, self._views.sensors())
        self._tell(Kind.STATEMENTS, self._views.statements())
        self._tell(Kind.ENDED, self._views.ended())
        self._tell(Kind.REPORT, self._views.report())
        if picture is not None:
            self._show(picture)

    async def read(self) -> AsyncGenerator[bytes, None]:
        """One reader's frames."""
        self.look(wanted=True)
        async with aclosing(self._newest.read()) as states:
            async for state in states:
                yield state

    def _show(self, picture: Picture) -> None:
        due = _apart(picture.time_s, self._history_s, HISTORY_PERIOD_S)
        if due or _apart(picture.time_s, self._slow_s, SLOW_S):
            self._slow_s = picture.time_s
            self._tell(Kind.CUES, self._views.cues())
            self._tell(Kind.THREATS, present_threats(picture, LISTED))
        if self._states.get(Kind.TRACKS) is not picture:
            self._states[Kind.TRACKS] = picture
            self._newest.put(Kind.TRACKS.name, frame(Kind.TRACKS, pack_tracks(picture, self._origin)))
        if due:
            self._keep(picture)

    def _tell(self, kind: Kind, state: Any) -> None:
        if state is None or (kind in self._states and self._states[kind] is state):
            return
        self._states[kind] = state
        self._newest.put(kind.name, frame(kind, msgspec.json.encode(state)))

    def _keep(self, picture: Picture) -> None:
        self._history_s = picture.time_s
        alerts = self._newest.encoded(Kind.ALERTS.name)
        changed, self._kept_alerts = alerts is not self._kept_alerts, alerts
        kept = _Moment(alerts if changed else b"", b"".join(self._newest.encoded(kind.name) for kind in KEPT))
        self._history.append(kept)
        self._history_bytes += kept.size
        while len(self._history) > HISTORY_PICTURES or self._history_bytes > HISTORY_BYTES:
            self._forget()

    def _forget(self) -> None:
        """Drop the oldest moment; what its alerts were goes on to the next."""
        gone = self._history.popleft()
        self._history_bytes -= gone.size
        if self._history and not self._history[0].alerts:
            self._history[0] = self._history[0]._replace(alerts=gone.alerts)
            self._history_bytes += len(gone.alerts)


def _apart(time_s: float, before_s: float, period_s: float) -> bool:
    """Whether `period_s` has passed; also where a clock was set back."""
    return abs(time_s - before_s) >= period_s
