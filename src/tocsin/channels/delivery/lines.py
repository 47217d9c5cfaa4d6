"""Lines: how the processes of a site speak with each other: JSON objects, one a line, over loopback TCP.

A speaker first says the token of its site; who does not is let go. Each object has one key, its kind.
"""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

LONGEST_BYTES = 4 * 2**20
_PATIENCE_S = 5.0


class Speaker:
    """One end of a connection; `say` from any thread, `lines` from one."""

    def __init__(self, opened: socket.socket) -> None:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = opened
        self._lock = threading.Lock()

    def say(self, kind: str, value: object) -> None:
        """Send one object; OSError if the other end is gone or takes nothing for 5 s."""
        data = msgspec.json.encode({kind: value}) + b"\n"
        with self._lock:
            self._socket.settimeout(_PATIENCE_S)
            self._socket.sendall(data)

    def lines(self, wait_s: float | None = None) -> Iterator[dict[str, Any]]:
        """The objects the other end says, until it is gone. What is no object ends the connection."""
        buffer = b""
        while True:
            while (end := buffer.find(b"\n")) >= 0:
                line, buffer = buffer[:end], buffer[end + 1 :]
                try:
                    found = json.loads(line)
                except ValueError:
                    return
                if not isinstance(found, dict):
                    return
                yield found
            if len(buffer) > LONGEST_BYTES:
                return
            try:
                self._socket.settimeout(wait_s)
                more = self._socket.recv(65536)
            except OSError:
                return
            if not more:
                return
            buffer += more

    def close(self) -> None:
        """End the connection; whoever reads from it stops."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
