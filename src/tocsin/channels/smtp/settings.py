"""Settings of the `smtp` channel."""

from typing import Annotated, Literal

import msgspec

Address = Annotated[
    str, msgspec.Meta(pattern=r"^[^\s@,<>]+@[^\s@,<>]+\Z", description="an address like ann@example.org")
]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which server, from whom, to whom."""

    host: str
    sender: Address
    recipients: Annotated[tuple[Address, ...], msgspec.Meta(min_length=1)]
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_env: str | None = None
    answer_s: Annotated[float, msgspec.Meta(gt=0.0, le=120.0)] = 10.0
