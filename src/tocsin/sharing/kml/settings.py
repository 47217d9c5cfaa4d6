"""Settings of the kml adapter, as read from `settings` of a `[[share]]`."""

import msgspec

from tocsin.model.bounds import DurationOrZero


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a map gets.

    `interval_s`: the least time between two pictures. `tentative`: whether tracks that are not confirmed go out too.
    `tail_s`: how far back the line behind a track goes; 0 for none.
    """

    interval_s: DurationOrZero = 1.0
    tentative: bool = False
    tail_s: DurationOrZero = 60.0
