"""The web's settings: the `[web]` table of a site file."""

import ipaddress
import os
from typing import Annotated

import msgspec

from tocsin.model.errors import TocsinError


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every default with its reason.

    `host`: this machine only. `port`: 0 takes any free one. `operators`: the file of those who may log in, relative to
    where the program was started; without it nothing but this machine may be listened to. `certificate` and `key`:
    files in PEM form, for https; `plain`: a password may cross the network without them, because something else
    encrypts the way. `token_env`: the environment variable that holds the token every program must show; it reads only
    where there are operators. `names`: host names, beside addresses
    and "localhost", under which browsers may call us; a page of any other name that was pointed at this machine is
    refused. `stream_hz`: more is not seen by people. `clients`: streams at once. `answer_s`: how long a command may
    take to be on disk. `command_bytes`: the largest command.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8080
    operators: str | None = None
    certificate: str | None = None
    key: str | None = None
    plain: bool = False
    token_env: str | None = None
    names: tuple[str, ...] = ()
    stream_hz: Annotated[float, msgspec.Meta(gt=0, le=10)] = 10.0
    clients: Annotated[int, msgspec.Meta(ge=1)] = 64
    answer_s: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 10.0
    command_bytes: Annotated[int, msgspec.Meta(ge=1)] = 65536


def check_reach(settings: Settings) -> None:
    """TocsinError if other machines could reach a page that does not ask who they are, or in clear text."""
    if (settings.certificate is None) != (settings.key is None):
        raise TocsinError("web.certificate, web.key: the one needs the other")
    if is_loopback(settings.host):
        return
    reached = f"web.host: {settings.host} can be reached from other machines"
    if settings.operators is None:
        raise TocsinError(
            f"{reached}, so web.operators must name the file of those who may log in; tocsin operators add makes it"
        )
    if settings.certificate is None and not settings.plain:
        raise TocsinError(
            f"{reached}, so web.certificate and web.key must name files for https; or web.plain = true says that"
            " something else encrypts the way"
        )


def read_token(settings: Settings) -> str | None:
    """The token to ask for, None if none is named; TocsinError if it is not there or too short."""
    if settings.token_env is None:
        return None
    token = os.environ.get(settings.token_env, "")
    if len(token) < 16:
        raise TocsinError(
            f"web.token_env: the environment variable {settings.token_env} must hold a token of 16 characters or more"
        )
    return token


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
