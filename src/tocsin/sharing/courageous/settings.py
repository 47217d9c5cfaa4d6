"""Settings of the courageous adapter that writes, as read from `settings` of a `[[share]]`."""

import msgspec

from tocsin.model.bounds import DurationOrZero


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a trial's evaluation gets.

    `vendor_name`: who runs the system. `system_name`: what it is called. `interval_s`: the least time between two
    pictures.
    """

    vendor_name: str = "Tocsin"
    system_name: str = "Tocsin"
    interval_s: DurationOrZero = 1.0
