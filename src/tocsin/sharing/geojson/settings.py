"""Settings of the geojson adapter, as read from `settings` of a `[[share]]`."""

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a receiver gets.

    `interval_s`: the least time between two pictures. `tentative`: whether tracks that are not confirmed go out too.
    """

    interval_s: float = 1.0
    tentative: bool = False
