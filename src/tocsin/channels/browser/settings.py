"""Settings of the `browser` channel."""

from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where browsers find the page, and how many must be heard to sound."""

    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)]
    host: str = "127.0.0.1"
    clients: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    confirm_s: Annotated[float, msgspec.Meta(gt=0.0, le=60.0)] = 2.0
    token_env: str | None = None
