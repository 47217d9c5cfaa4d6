"""Adapter: a relay on Modbus TCP: the coil is on while a warning holds, and is read back.

Delivered: the coil reads back as it was written. Confirmed: the discrete input `sound_input` (a microphone or a current
sensor) says so within `sound_s`. Exercises and audible tests sound too; an inaudible test reads the coil and writes it
as it is. Source: MODBUS Application Protocol 1.1b3 and Messaging on TCP/IP 1.0b, functions 1, 2 and 5.
"""

import socket
import struct
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from tocsin.channels.modbus.settings import Settings as ModbusSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import LAST, Level, Warning

_READ_COIL, _READ_INPUT, _WRITE_COIL = 1, 2, 5
_ON, _OFF = 0xFF00, 0x0000
_POLL_S = 0.05


class Adapter:
    """One coil of one device."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="modbus", summary="relays, read back", standard="Modbus TCP", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[ModbusSettings]] = ModbusSettings
    emits: ClassVar[tuple[str, ...]] = ("coil",)
    proof: ClassVar[Level] = Level.DELIVERED

    def __init__(self, settings: ModbusSettings, context: ChannelContext) -> None:
        self._settings = settings
        self._number = 0
        self._counts: Counter[str] = Counter()

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Switch the coil and read it back."""
        settings = self._settings
        with socket.create_connection((settings.host, settings.port), settings.answer_s) as device:
            device.settimeout(settings.answer_s)
            before = self._bit(device, _READ_COIL, settings.coil)
            wanted = before if not warning.audible else warning.stage not in LAST
            value = _ON if wanted else _OFF
            echo = self._ask(device, struct.pack(">BHH", _WRITE_COIL, settings.coil, value))
            if echo != struct.pack(">BHH", _WRITE_COIL, settings.coil, value):
                raise TocsinError("the device answered another write than was asked")
            if self._bit(device, _READ_COIL, settings.coil) is not wanted:
                raise TocsinError(f"coil {settings.coil} did not switch")
            self._counts["switched"] += wanted is not before
            if settings.sound_input is None or not warning.audible:
                return Level.DELIVERED, f"coil {'on' if wanted else 'off'}, read back"
            self._wait_sound(device, settings.sound_input, wanted)
        return Level.CONFIRMED, f"sound {'on' if wanted else 'off'}, read back"

    def close(self) -> None:
        """Nothing is held open."""

    def statistics(self) -> Mapping[str, Any]:
        """How often the coil was switched."""
        return dict(self._counts)

    def _wait_sound(self, device: socket.socket, place: int, wanted: bool) -> None:
        deadline_s = time.monotonic() + self._settings.sound_s
        while self._bit(device, _READ_INPUT, place) is not wanted:
            if time.monotonic() > deadline_s:
                raise TocsinError(f"input {place} does not {'hear it' if wanted else 'fall silent'}")
            time.sleep(_POLL_S)

    def _bit(self, device: socket.socket, function: int, place: int) -> bool:
        answer = self._ask(device, struct.pack(">BHH", function, place, 1))
        if len(answer) != 3 or answer[1] != 1:
            raise TocsinError("the device answered something else than one bit")
        return bool(answer[2] & 1)

    def _ask(self, device: socket.socket, request: bytes) -> bytes:
        """The answer to a request, without its header."""
        self._number = self._number % 0xFFFF + 1
        device.sendall(struct.pack(">HHHB", self._number, 0, len(request) + 1, self._settings.unit) + request)
        number, protocol, length, _ = struct.unpack(">HHHB", _exactly(device, 7))
        if number != self._number or protocol != 0 or not 2 <= length <= 254:
            raise TocsinError("the device answered something else than Modbus")
        answer = _exactly(device, length - 1)
        if answer[0] == request[0] | 0x80:
            raise TocsinError(f"the device refused with exception {answer[1] if len(answer) > 1 else '?'}")
        if answer[0] != request[0]:
            raise TocsinError("the device answered another function")
        return answer


def _exactly(device: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = device.recv(size - len(data))
        if not more:
            raise TocsinError("the device closed the connection")
        data += more
    return data
