"""Settings of the adsb adapter, as read from `settings` of a `[[sensor]]`."""

from typing import Annotated, Literal

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bytes are, and what is believed.

    `counter_hz`: the receiver's clock in Beast and AVR, 0 leaves it unused. `clock_s`: a stated time further than this
    from the receipt is taken for wrong. `furthest_m`: positions further from the sensor are refused. `reference`: the
    sensor's own place resolves surface positions; without it there is none, and `furthest_m` is unused. `forget_s`:
    what an aircraft said is forgotten after this long without hearing it.
    """

    format: Literal["auto", "beast", "avr", "sbs", "json"] = "auto"
    counter_hz: Annotated[float, msgspec.Meta(ge=0.0)] = 12e6
    clock_s: Annotated[float, msgspec.Meta(ge=0.0)] = 30.0
    furthest_m: Annotated[float, msgspec.Meta(gt=0.0)] = 600_000.0
    reference: bool = True
    forget_s: Annotated[float, msgspec.Meta(gt=0.0)] = 60.0
