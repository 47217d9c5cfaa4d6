"""Settings of the `mqtt` channel."""

from typing import Annotated

import msgspec

Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Seconds = Annotated[float, msgspec.Meta(gt=0.0, le=600.0)]
Topic = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^#+\x00]+\Z")]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the broker is, on which topics, and what counts as heard."""

    host: str
    topic: Topic
    port: Port = 1883
    confirm_topic: Topic | None = None
    status_topic: Topic | None = None
    confirm_s: Seconds = 2.0
    answer_s: Seconds = 2.0
    keepalive_s: Annotated[int, msgspec.Meta(ge=1, le=600)] = 2
    username: str | None = None
    password_env: str | None = None
    ca: str | None = None
    tls: bool = False
    key_env: str | None = None
    valid_s: Seconds = 5.0
