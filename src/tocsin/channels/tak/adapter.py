"""Adapter: a warning to everybody on a TAK server: a chat message that says what to do, and the area on the map.

Accepted: the server has answered a ping that was sent after the events on the same connection, so it has read them; a
TAK server says nothing of who read what. An inaudible test sends the ping alone. The certificate of the server is
checked; the name and password of a device are not used.
"""

import socket
import ssl
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from typing import Any, ClassVar

from tocsin.channels.tak.events import PONG, events, hello, ping
from tocsin.channels.tak.settings import Settings as TakSettings
from tocsin.formats.cot import CotError, read_event
from tocsin.formats.cot_stream import CotReader
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Warning

_LONGEST_BYTES = 1 << 20  # heard while waiting for an answer


class Adapter:
    """One server."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="tak", summary="TAK devices", standard="Cursor on Target 2.0 over TLS", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[TakSettings]] = TakSettings
    emits: ClassVar[tuple[str, ...]] = ("message", "area", "end of area")
    proof: ClassVar[Level] = Level.ACCEPTED

    def __init__(self, settings: TakSettings, context: ChannelContext) -> None:
        self._settings = settings
        self._uid = f"tocsin-{context.site}-{context.name}".replace(" ", "-")
        self._counts: Counter[str] = Counter()
        self._tls = _tls(settings, context.name)

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Send the events and wait until the server has answered."""
        settings, now_s = self._settings, time.time()
        made = events(warning, self._uid, settings.callsign, settings.room) if warning.audible else []
        with closing(self._connect()) as connection:
            connection.sendall(hello(now_s, self._uid, settings.callsign) + b"".join(made) + ping(now_s, self._uid))
            self._await_pong(connection)
        self._counts["events"] += len(made)
        return Level.ACCEPTED, f"the server has read {len(made)} events" if made else "the server answers"

    def close(self) -> None:
        """Nothing is held open."""

    def statistics(self) -> Mapping[str, Any]:
        """Events that the server has read."""
        return dict(self._counts)

    def _connect(self) -> socket.socket:
        settings = self._settings
        opened = socket.create_connection((settings.host, settings.port), settings.answer_s)
        if self._tls is None:
            return opened
        try:
            return self._tls.wrap_socket(opened, server_hostname=settings.host)
        except OSError:
            opened.close()
            raise

    def _await_pong(self, connection: socket.socket) -> None:
        """Read what the server relays until it has answered. Raises TocsinError if it does not."""
        reader, heard, until_s = CotReader(), 0, time.monotonic() + self._settings.answer_s
        while (left_s := until_s - time.monotonic()) > 0.0 and heard < _LONGEST_BYTES:
            connection.settimeout(left_s)
            try:
                data = connection.recv(65_536)
            except TimeoutError:
                break
            if not data:
                raise TocsinError(f"{self._settings.host}: the server closed the connection without an answer")
            heard += len(data)
            if any(self._is_pong(unit.data) for unit in reader.feed(data) if unit.is_xml):
                return
        raise TocsinError(f"{self._settings.host}: no answer within {self._settings.answer_s:g} s")

    def _is_pong(self, data: bytes) -> bool:
        try:
            return read_event(data).type == PONG
        except CotError:
            self._counts["unreadable"] += 1
            return False


def _tls(settings: TakSettings, name: str) -> ssl.SSLContext | None:
    if not settings.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ca)
        if settings.certificate is not None:
            context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        raise TocsinError(f"{name}: settings.ca, certificate or key cannot be used: {error}") from error
    return context
