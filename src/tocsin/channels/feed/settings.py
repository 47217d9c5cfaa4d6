"""Settings of the `feed` channel."""

from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the feed is written and, with a port, served."""

    folder: str = "feed"
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] | None = None
    host: str = "127.0.0.1"
    url: (
        Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s@]+/\Z", description="an address that ends in /")] | None
    ) = None
    kept: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 200
