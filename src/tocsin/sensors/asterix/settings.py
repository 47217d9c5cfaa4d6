"""Settings of the asterix adapter, as read from `settings` of a `[[sensor]]`."""

from typing import Annotated, Literal

import msgspec

from tocsin.units import RAD_PER_DEG

Positive = Annotated[float, msgspec.Meta(gt=0.0)]
EDITIONS = {"21": "2.6", "34": "1.29", "48": "1.31", "62": "1.20", "65": "1.6"}


class Sigma(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Standard deviations of what a report does not state itself.

    `range_m`, `azimuth_rad`: of plots. `height_m`: of a measured height. `pressure_m`: between pressure altitude and
    height, mostly the weather; 0 leaves pressure altitude unused. `horizontal_m`, `up_m`: of system tracks.
    """

    range_m: Positive = 60.0
    azimuth_rad: Positive = 0.08 * RAD_PER_DEG
    height_m: Positive = 100.0
    pressure_m: Annotated[float, msgspec.Meta(ge=0.0)] = 300.0
    horizontal_m: Positive = 100.0
    up_m: Positive = 100.0


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bytes are, which editions they follow, and what is believed.

    `framing`: a packet is one datagram, or the bytes are a stream of data blocks, or a capture of datagrams; "auto" is
    a capture if it begins as one, else datagrams. `editions`: of each category, by number; the default of a category
    that is not named is EDITIONS's. `sources`: pairs of SAC and SIC that are taken, all if empty. `port`: of a capture
    only datagrams to this one, 0 takes all. `clock_s`: a record whose time of day lies further from the receipt is
    refused: its edition is wrong, or its clock. `sigma`: see there.
    """

    framing: Literal["auto", "datagram", "stream", "capture"] = "auto"
    editions: dict[str, str] = {}
    sources: tuple[tuple[int, int], ...] = ()
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    clock_s: Annotated[float, msgspec.Meta(gt=0.0, le=43_200.0)] = 600.0
    sigma: Sigma = Sigma()
