"""Settings of the `tak` channel."""

from typing import Annotated

import msgspec

from tocsin.model.bounds import Duration


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The server's address, and what the connection is secured with. `ca`, `certificate` and `key` are files (PEM);
    with `tls` and no `ca` the system's own authorities are trusted. `room`: the chat room that is written to."""

    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8089
    tls: bool = True
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    callsign: str = "Tocsin"
    room: str = "All Chat Rooms"
    answer_s: Duration = 5.0
