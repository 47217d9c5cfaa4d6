"""Settings of the json adapter, as read from `settings` of a `[[share]]`."""

import msgspec

from tocsin.model.bounds import DurationOrZero


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a receiver gets.

    `interval_s`: the least time between two pictures. `tentative`: whether tracks that are not confirmed go out too.
    """

    interval_s: DurationOrZero = 1.0
    tentative: bool = False
