"""Settings of the remote-id adapter, as read from `settings` of a `[[sensor]]`."""

from typing import Annotated, Literal

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the bytes are, and how far a drone's clock is believed.

    `whole_packets`: each packet is a whole message, as MQTT and ZeroMQ give it; what one leaves unfinished is dropped.
    `clock_s`: a drone's time of day that lies further from the receipt is taken for wrong and the receipt for right.
    `forget_s`: what a transmitter said of itself is forgotten after this long without hearing it; addresses change.
    """

    format: Literal["auto", "capture", "messages", "json"] = "auto"
    whole_packets: bool = False
    clock_s: Annotated[float, msgspec.Meta(ge=0.0, le=1800.0)] = 60.0
    forget_s: Annotated[float, msgspec.Meta(gt=0.0)] = 120.0
