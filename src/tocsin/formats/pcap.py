"""Captures: the frames of a pcap or pcapng file, from bytes cut anywhere, and pcap records back.

`CaptureReader.feed` gives the frames that its bytes complete, each with its capture time (UTC seconds), link type (the
DLT number of its interface) and place in the stream. Both byte orders, micro- and nanoseconds, several sections and
interfaces are read; blocks without frames are passed over. What cannot be the next part of a capture raises
`CaptureError`, and the reader then takes nothing more: neither format marks where a record begins. Sources:
draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
"""

import struct
from collections.abc import Iterator

import msgspec

from tocsin.model.errors import TocsinError

LARGEST_BLOCK_BYTES = 1 << 22

RAW_802_11, RADIOTAP, BLE, BLE_PHDR, NORDIC_BLE, ETHERNET, RAW_IP, LINUX_SLL, LINUX_SLL2 = (
    105, 127, 251, 256, 272, 1, 101, 113, 276,
)  # fmt: skip

_PCAP = {  # the first four bytes: byte order, ticks a second
    b"\xd4\xc3\xb2\xa1": ("<", 1e6),
    b"\xa1\xb2\xc3\xd4": (">", 1e6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e9),
    b"\xa1\xb2\x3c\x4d": (">", 1e9),
}
_SECTION = b"\x0a\x0d\x0d\x0a"
_ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6
_RESOLUTION, _OFFSET = 9, 14  # options of an interface


class CaptureError(TocsinError):
    """Bytes that are no capture, or no capture any more."""


class Frame(msgspec.Struct, frozen=True):
    """One captured frame. `length`: its size on the air or wire, `data` may be cut shorter.

    `end`: bytes from the beginning of the stream to the end of the record that holds it.
    """

    time_s: float
    link_type: int
    data: bytes
    length: int
    end: int


class _Interface(msgspec.Struct, frozen=True):
    link_type: int
    ticks_hz: float
    offset_s: int
    longest: int


class CaptureReader:
    """Reads one stream; `feed` it the bytes in order."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._taken = 0
        self._order = ""
        self._pcap: _Interface | None = None
        self._interfaces: list[_Interface] = []
        self._broken = False

    @staticmethod
    def recognises(data: bytes) -> bool:
        """Whether a stream that begins so is a capture; needs four bytes."""
        return data[:4] in _PCAP or data[:4] == _SECTION

    @staticmethod
    def magics() -> tuple[bytes, ...]:
        """What captures begin with."""
        return (*_PCAP, _SECTION)

    @property
    def waiting_bytes(self) -> int:
        """Bytes held of a record that is not complete."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Frames completed by `data`; raises `CaptureError` where it cannot go on."""
        if self._broken:
            raise CaptureError("the capture broke off before")
        self._buffer += data
        try:
            while (frame := self._next()) is not None:
                if frame.link_type >= 0:
                    yield frame
        except CaptureError:
            self._broken = True
            self._buffer.clear()
            raise

    def _next(self) -> Frame | None:
        """The next record; a negative link type is one without a frame, None asks for more bytes."""
        if self._pcap is not None:
            return self._pcap_record(self._pcap)
        if self._order:
            return self._block()
        if len(self._buffer) < 4:
            return None
        magic = bytes(self._buffer[:4])
        if magic == _SECTION:
            return self._block()
        if magic not in _PCAP:
            raise CaptureError(f"a capture does not begin with {magic.hex(' ')}")
        if len(self._buffer) < 24:
            return None
        self._order, ticks_hz = _PCAP[magic]
        (network,) = struct.unpack_from(self._order + "I", self._buffer, 20)
        self._pcap = _Interface(network & 0xFFFF, ticks_hz, 0, LARGEST_BLOCK_BYTES)
        self._take(24)
        return _NO_FRAME

    def _pcap_record(self, interface: _Interface) -> Frame | None:
        if len(self._buffer) < 16:
            return None
        seconds, ticks, captured, length = struct.unpack_from(self._order + "IIII", self._buffer)
        if captured > LARGEST_BLOCK_BYTES or captured > length or ticks >= interface.ticks_hz:
            raise CaptureError(f"no record after {self._taken} bytes: {captured} of {length} bytes, {ticks} ticks")
        if len(self._buffer) < 16 + captured:
            return None
        data = bytes(self._buffer[16 : 16 + captured])
        self._take(16 + captured)
        return Frame(seconds + ticks / interface.ticks_hz, interface.link_type, data, length, self._taken)

    def _block(self) -> Frame | None:
        if len(self._buffer) < 12:
            return None
        if self._buffer[:4] == _SECTION:
            order = _ORDER.get(bytes(self._buffer[8:12]))
            if order is None:
                raise CaptureError(f"no section after {self._taken} bytes")
            self._order = order
        kind, size = struct.unpack_from(self._order + "II", self._buffer)
        if not 12 <= size <= LARGEST_BLOCK_BYTES or size % 4:
            raise CaptureError(f"no block after {self._taken} bytes: its size would be {size}")
        if len(self._buffer) < size:
            return None
        (again,) = struct.unpack_from(self._order + "I", self._buffer, size - 4)
        if again != size:
            raise CaptureError(f"the block after {self._taken} bytes ends with size {again}, not {size}")
        body = bytes(self._buffer[8 : size - 4])
        self._take(size)
        try:
            return self._read(kind, body)
        except (struct.error, IndexError) as error:
            raise CaptureError(f"the block that ends at {self._taken} bytes is too short for kind {kind}") from error

    def _read(self, kind: int, body: bytes) -> Frame:
        if kind == int.from_bytes(_SECTION, "little"):
            self._interfaces = []
        elif kind == _INTERFACE:
            self._interfaces.append(self._interface(body))
        elif kind in (_PACKET, _OLD_PACKET):
            form = "IIIII" if kind == _PACKET else "HxxIIII"
            number, high, low, captured, length = struct.unpack_from(self._order + form, body)
            interface = self._interfaces[number]
            if 20 + captured > len(body):
                raise CaptureError(f"the frame that ends at {self._taken} bytes is cut")
            time_s = (high << 32 | low) / interface.ticks_hz + interface.offset_s
            return Frame(time_s, interface.link_type, body[20 : 20 + captured], length, self._taken)
        elif kind == _SIMPLE_PACKET:
            interface = self._interfaces[0]
            (length,) = struct.unpack_from(self._order + "I", body)
            data = body[4 : 4 + min(length, interface.longest)]
            return Frame(float("nan"), interface.link_type, data, length, self._taken)
        return _NO_FRAME

    def _interface(self, body: bytes) -> _Interface:
        link_type, longest = struct.unpack_from(self._order + "HxxI", body)
        ticks_hz, offset_s, at = 1e6, 0, 8
        while at + 4 <= len(body):
            code, size = struct.unpack_from(self._order + "HH", body, at)
            value = body[at + 4 : at + 4 + size]
            if code == _RESOLUTION and size == 1:
                ticks_hz = 2.0 ** (value[0] & 0x7F) if value[0] & 0x80 else 10.0 ** value[0]
            elif code == _OFFSET and size == 8:
                (offset_s,) = struct.unpack(self._order + "q", value)
            at += 4 + (size + 3) // 4 * 4
        return _Interface(link_type, ticks_hz, offset_s, longest or LARGEST_BLOCK_BYTES)

    def _take(self, size: int) -> None:
        del self._buffer[:size]
        self._taken += size


def pcap_header(link_type: int) -> bytes:
    """The beginning of a pcap file with microseconds, little-endian."""
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, link_type)


def pcap_record(time_s: float, data: bytes) -> bytes:
    """One frame of such a file."""
    micros = round(time_s * 1e6)
    return struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(data), len(data)) + data


_NO_FRAME = Frame(0.0, -1, b"", 0, 0)
