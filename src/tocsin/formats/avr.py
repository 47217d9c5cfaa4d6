"""AVR: Mode S frames as lines of hexadecimal digits, with or without times, to frames.

Read are `*8D40...;` (no time), `@0123456789AB8D40...;` (a counter of 12 MHz before it), and tables that begin with UTC
seconds and the frame (`1457996400,"8D40..."`). A line that is none of these raises `AvrError`. The first two are the
raw outputs of dump1090 (TCP 30002), after the AVR receiver that invented them.
"""

import re

import msgspec

from tocsin.model.errors import TocsinError

_FRAME = re.compile(rb"(?:\*|@([0-9A-Fa-f]{12}))((?:[0-9A-Fa-f]{2}){2,14});?")
_TIMED = re.compile(rb'"?(\d{9,10}(?:\.\d+)?)"?[,;\t ]+"?((?:[0-9A-Fa-f]{14}){1,2})"?(?:[,;\t ].*)?')
_SIZES = (2, 7, 14)


class AvrError(TocsinError):
    """A line that holds no frame."""


class AvrFrame(msgspec.Struct, frozen=True):
    """One frame. `counter`: 12 MHz, 0 if the line has none. `received_s`: UTC seconds, None if the line has none."""

    data: bytes
    counter: int = 0
    received_s: float | None = None


def read_line(line: bytes) -> AvrFrame:
    """The frame of one line."""
    line = line.strip()
    if found := _FRAME.fullmatch(line):
        frame = AvrFrame(bytes.fromhex(found[2].decode()), int(found[1] or b"0", 16))
    elif found := _TIMED.fullmatch(line):
        frame = AvrFrame(bytes.fromhex(found[2].decode()), received_s=float(found[1]))
    else:
        raise AvrError(f"no frame in {line[:40]!r}")
    if len(frame.data) not in _SIZES:
        raise AvrError(f"a frame has 2, 7 or 14 bytes, not {len(frame.data)}")
    return frame


def write_line(frame: AvrFrame) -> bytes:
    """The line, with a counter if the frame has one."""
    begin = f"@{frame.counter:012X}" if frame.counter else "*"
    return f"{begin}{frame.data.hex().upper()};\n".encode()
