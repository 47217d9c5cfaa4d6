"""Beast: the binary stream of Mode S receivers (TCP 30005), cut anywhere, to frames and back.

A frame begins with 0x1A and its type; a 0x1A inside is doubled, so a single one always begins a frame. What breaks off
or fits no type is passed over to the next beginning and counted. Sources: Mode-S Beast documentation, "Data output
formats"; readsb's README-json and net_io.c for the types above '3' and for the marks of MLAT results.
"""

from collections.abc import Iterator

import msgspec

ESCAPE = 0x1A
COUNTER_HZ = 12e6
MLAT_COUNTER = 0xFF004D4C4154  # "MLAT": the frame was made up from a computed position
_HEAD = 7  # counter and signal
_SIZES = {0x31: 2, 0x32: 7, 0x33: 14}  # Mode A/C, Mode S short, Mode S long


class BeastFrame(msgspec.Struct, frozen=True):
    """One frame. `counter`: the receiver's clock, 12 MHz in most, 0 if it has none. `signal`: 0 to 255, linear."""

    data: bytes
    counter: int
    signal: int

    @property
    def is_mlat(self) -> bool:
        """Whether it is no transmission but the result of a multilateration."""
        return self.counter == MLAT_COUNTER


class BeastReader:
    """Reads one stream. `others`: frames of other types; `skipped`: bytes that belonged to no frame."""

    def __init__(self) -> None:
        self.others = 0
        self.skipped = 0
        self._rest = b""

    @property
    def waiting_bytes(self) -> int:
        """Bytes held of a frame that is not complete."""
        return len(self._rest)

    def feed(self, data: bytes) -> Iterator[BeastFrame]:
        """Frames completed by `data`."""
        data = self._rest + data
        at, end = 0, len(data)
        while True:
            start = data.find(ESCAPE, at)
            if start < 0 or start + 1 >= end:
                self.skipped += (end if start < 0 else start) - at
                self._rest = b"" if start < 0 else data[start:]
                return
            self.skipped += start - at
            kind = data[start + 1]
            if kind == ESCAPE:  # a doubled one: data of a frame whose beginning was missed
                self.skipped += 2
                at = start + 2
                continue
            size = _SIZES.get(kind)
            if size is None:
                self.others += 1
                at = start + 2
                continue
            body, after = _body(data, start + 2, _HEAD + size)
            if after < 0:
                self._rest = data[start:]
                return
            at = after
            if body is None:
                self.skipped += after - start
            else:
                yield BeastFrame(body[_HEAD:], int.from_bytes(body[:6], "big"), body[6])


def write_frame(frame: BeastFrame) -> bytes:
    """The frame's bytes; the data's length tells the type."""
    kind = {size: kind for kind, size in _SIZES.items()}[len(frame.data)]
    body = frame.counter.to_bytes(6, "big") + bytes([frame.signal]) + frame.data
    return bytes([ESCAPE, kind]) + body.replace(b"\x1a", b"\x1a\x1a")


def _body(data: bytes, start: int, size: int) -> tuple[bytes | None, int]:
    """(the `size` bytes of a body, None if another frame begins before its end; where it ends, -1 if not here)."""
    body = data[start : start + size]
    if ESCAPE not in body:
        return (body, start + size) if len(body) == size else (None, -1)
    found, at = bytearray(), start
    while len(found) < size:
        if at >= len(data):
            return None, -1
        if data[at] == ESCAPE:
            if at + 1 >= len(data):
                return None, -1
            if data[at + 1] != ESCAPE:
                return None, at
            at += 1
        found.append(data[at])
        at += 1
    return bytes(found), at
