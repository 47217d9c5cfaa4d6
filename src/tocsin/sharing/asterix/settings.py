"""Settings of the asterix adapter that writes, as read from `settings` of a `[[share]]`."""

from typing import Annotated

import msgspec

Positive = Annotated[float, msgspec.Meta(gt=0.0)]
Octet = Annotated[int, msgspec.Meta(ge=0, le=255)]
EDITIONS = {"62": "1.20", "65": "1.6"}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a receiver gets.

    `sac`, `sic`: the system's identification, as the national authority assigned it. `service`: identification of the
    service, in 065. `interval_s`: the least time between two reports of a track. `status_s`: between two messages on
    the system's own state; 0 sends none. `tentative`: whether tracks that are not confirmed go out too.
    `datagram_bytes`: the most that one datagram holds. `editions`: of the categories 62 and 65, by number.
    """

    sac: Octet
    sic: Octet
    service: Octet = 1
    interval_s: Positive = 1.0
    status_s: Annotated[float, msgspec.Meta(ge=0.0)] = 10.0
    tentative: bool = False
    datagram_bytes: Annotated[int, msgspec.Meta(ge=128, le=65_000)] = 1400
    editions: dict[str, str] = {}
