"""Settings of the `webhook` channel."""

from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it goes, and the key it is signed with."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s@]+\Z", description="an address like https://host/path")]
    key_env: str
    answer_s: Annotated[float, msgspec.Meta(gt=0.0, le=120.0)] = 5.0
