"""Settings of the `modbus` channel."""

from typing import Annotated

import msgspec

Coil = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which coil sounds, and what proves that it does."""

    host: str
    coil: Coil
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 502
    unit: Annotated[int, msgspec.Meta(ge=0, le=255)] = 1
    sound_input: Coil | None = None
    sound_s: Annotated[float, msgspec.Meta(gt=0.0, le=30.0)] = 1.0
    answer_s: Annotated[float, msgspec.Meta(gt=0.0, le=60.0)] = 2.0
