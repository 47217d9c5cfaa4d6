"""Picture: all tracks, identities and threats at one instant."""

import msgspec

from tocsin.model.identity import IdentityColumns
from tocsin.model.scan import Scan
from tocsin.model.threat import ThreatColumns
from tocsin.model.track import EndedTrack, TrackColumns


class Picture(msgspec.Struct, frozen=True):
    """What the line knows at `time_s`. Rows of the three column sets belong together by index.

    `ended` are confirmed tracks that ended since the last picture. `exercise` is true if any input was replayed or
    simulated; what is shared then says so. `scan` is the one that was just worked in, into which `tracks.links` points.
    """

    time_s: float
    sequence: int
    tracks: TrackColumns
    identity: IdentityColumns
    threats: ThreatColumns
    ended: tuple[EndedTrack, ...] = ()
    exercise: bool = False
    scan: Scan | None = None
