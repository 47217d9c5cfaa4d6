"""Address: a transport's URL, taken apart and checked before anything is opened.

Options stand in the fragment, which no server ever sees: `https://host/detections?since=0#period_s=2`. Errors are
TocsinError, name the source, and say what would mend them. A secret never stands in a URL; `token_env=NAME` names the
environment variable that holds it.
"""

import os
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tocsin.model.errors import TocsinError

LOOPBACK = "127.0.0.1"
_ANY = ("0.0.0.0", "::")


class Address(msgspec.Struct, frozen=True):
    """`url` without its fragment; `host` and `port` are "" and 0 where the scheme has none."""

    name: str
    url: str
    scheme: str
    host: str
    port: int
    path: str
    options: dict[str, str]

    def refuse(self, problem: str) -> TocsinError:
        """The error to raise for this address."""
        return TocsinError(f"{self.name}: transport {self.url!r}: {problem}")

    def number(self, option: str, default: str) -> float:
        """A positive number among the options."""
        text = self.options.get(option, default)
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0.0 < value < float("inf"):
            raise self.refuse(f"option {option}={text!r} must be a number above 0")
        return value

    def token(self) -> str | None:
        """The secret that `token_env` names, None if the address names none."""
        variable = self.options.get("token_env")
        if variable is None:
            return None
        if not os.environ.get(variable):
            raise self.refuse(f"the environment variable {variable} (token_env) is not set")
        return os.environ[variable]


class Form(msgspec.Struct, frozen=True):
    """What a scheme's address must look like: an example, whether it has a host and port, its options."""

    example: str
    socket: bool = True
    listens: bool = False
    options: tuple[str, ...] = ()


def parse(text: str, name: str, forms: dict[str, Form]) -> Address:
    """Take `text` apart for the source or share `name`; only schemes in `forms` are known."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise TocsinError(f"{name}: transport {text!r}: {error}") from error
    url = parts._replace(fragment="", netloc=parts.netloc.rpartition("@")[2]).geturl()
    options = dict(parse_qsl(parts.fragment, keep_blank_values=True))
    form = forms.get(parts.scheme)
    if form is None:
        known = ", ".join(form.example for form in forms.values())
        raise TocsinError(f"{name}: transport {url!r}: unknown scheme {parts.scheme!r}; known are {known}")
    address = Address(name, url, parts.scheme, host, port or 0, parts.path, options)
    unknown = sorted(set(options) - set(form.options))
    if unknown:
        known = ", ".join(form.options) or "none"
        raise address.refuse(f"unknown option {unknown[0]!r}; {parts.scheme} has: {known}")
    if "@" in parts.netloc:
        raise address.refuse("a name or password must not stand in the address; use #token_env=VARIABLE")
    return _checked(address, form, port) if form.socket else address


def _checked(address: Address, form: Form, port: int | None) -> Address:
    if port is None and address.scheme not in ("http", "https", "ws", "wss"):
        raise address.refuse(f"the port is missing; write it like {form.example}")
    if form.listens:
        return msgspec.structs.replace(address, host=address.host or LOOPBACK)
    if not address.host:
        raise address.refuse(f"the host is missing; write it like {form.example}")
    if address.host in _ANY:
        raise address.refuse("nothing can be reached there; to listen on every interface use tcp-listen or udp")
    return address


def peer_text(peer: object) -> str:
    """A socket's peer as "host:port", or "[host]:port" for IPv6."""
    if isinstance(peer, tuple) and len(peer) >= 2:
        host = f"[{peer[0]}]" if ":" in str(peer[0]) else str(peer[0])
        return f"{host}:{peer[1]}"
    return str(peer) if peer else "unknown"
