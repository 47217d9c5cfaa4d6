"""Each check of the contract fails for an adapter that breaks it."""

import struct
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import msgspec
import pytest

from tocsin.model.adapter import AdapterContext, Decoded
from tocsin.model.detection import Detection, Look, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.testing import Sample, check_adapter, read_expected

CONTEXT = AdapterContext("s", Pose(), 0.9, 0.3, 0.0)
README = "`gain_m`, `tilt_deg`, `inner`, `inner.depth`"


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    depth: int = 1


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    gain_m: float = 1.0
    tilt_rad: float = 0.0
    inner: Inner | None = None


class Loose(msgspec.Struct, frozen=True):
    gain_m: float = 1.0


class Loosely(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    inner: tuple[Loose, ...] = ()


class Pairs:
    """A sound adapter: records of two 32-bit floats and their sum as a check, until a break is put in."""

    Settings: ClassVar[type[msgspec.Struct]] = Settings

    def __init__(self, settings: Any, context: AdapterContext) -> None:
        self.left = b""
        self.bad = 0
        self.context = context

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        if packet.kind is not PacketKind.DATA:
            return []
        self.left += packet.data
        items: list[Decoded] = []
        while len(self.left) >= 12:
            east, north, total = struct.unpack("<fff", self.left[:12])
            self.left = self.left[12:]
            if (
                abs(east) < 1e6
                and abs(north) < 1e6
                and total == struct.unpack("<f", struct.pack("<f", east + north))[0]
            ):
                items.append(self.detection(packet, east, north))
            else:
                self.bad += 1
        return items

    def detection(self, packet: Packet, east: float, north: float) -> Decoded:
        return Detection(
            self.context.name,
            MeasurementKind.POSITION_2D,
            packet.received_s,
            packet.received_s,
            (east, north),
            (4.0, 0.0, 0.0, 4.0),
            packet=packet.sequence,
        )

    def statistics(self) -> Mapping[str, Any]:
        return {"detections": 0, "bad": self.bad, "left": len(self.left)}


class ByPacket(Pairs):
    def decode(self, packet: Packet) -> Iterable[Decoded]:
        self.left = b""
        return super().decode(packet)


class Raises(Pairs):
    def decode(self, packet: Packet) -> Iterable[Decoded]:
        if b"\x00\x00\x80\x3f" in packet.data and len(packet.data) % 12:
            raise ValueError("cut short")
        return super().decode(packet)


class Silent(Pairs):
    def statistics(self) -> Mapping[str, Any]:
        return {"detections": 7}


class Nameless(Pairs):
    def detection(self, packet: Packet, east: float, north: float) -> Decoded:
        return msgspec.structs.replace(super().detection(packet, east, north), sensor="other")


class Singular(Pairs):
    def detection(self, packet: Packet, east: float, north: float) -> Decoded:
        return msgspec.structs.replace(super().detection(packet, east, north), covariance=(4.0, 4.0, 4.0, 4.0))


class Wild(Pairs):
    def detection(self, packet: Packet, east: float, north: float) -> Decoded:
        return msgspec.structs.replace(super().detection(packet, east, north), values=(east, float("nan")))


class Turned(Pairs):
    def detection(self, packet: Packet, east: float, north: float) -> Decoded:
        item = super().detection(packet, east, north)
        return msgspec.structs.replace(item, kind=MeasurementKind.AZIMUTH, values=(-0.1,), covariance=(0.1,))


class Timeless(Pairs):
    def detection(self, packet: Packet, east: float, north: float) -> Decoded:
        return Look(self.context.name, float("inf"), packet.received_s)


class Accepting(Pairs):
    Settings: ClassVar[type[msgspec.Struct]] = Loosely


def record(east: float, north: float) -> bytes:
    return struct.pack("<fff", east, north, east + north)


SAMPLE = Sample(
    b"".join(record(k, 2.0 * k) for k in range(1, 9)),
    100.0,
    tuple({"type": "Detection", "values": [k, 2.0 * k], "time_s": 100.0} for k in range(1, 9)),
)


def check(adapter: type, sample: Sample = SAMPLE, readme: str = README) -> None:
    check_adapter(adapter, adapter.Settings(), CONTEXT, sample, readme)  # type: ignore[attr-defined]


def test_a_sound_adapter_passes() -> None:
    check(Pairs)
    check(ByPacket, msgspec.structs.replace(SAMPLE, stream=False))


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (lambda: check(ByPacket), "cut at"),
        (lambda: check(Silent), "lost uncounted"),
        (lambda: check(Nameless), "sensor 'other'"),
        (lambda: check(Singular), "covariance not positive"),
        (lambda: check(Wild, msgspec.structs.replace(SAMPLE, expected=({"type": "Detection"},) * 8)), "not finite"),
        (lambda: check(Turned, msgspec.structs.replace(SAMPLE, expected=({"kind": 5},) * 8)), "azimuth out of range"),
        (lambda: check(Timeless, msgspec.structs.replace(SAMPLE, expected=({"type": "Look"},) * 8)), "time not finite"),
        (lambda: check(Pairs, readme="`gain_m`, `inner`, `depth`"), "README: no `tilt_deg`"),
        (lambda: check(Accepting, readme="`inner` `gain_m`"), "accepts unknown settings"),
        (lambda: check(Pairs, msgspec.structs.replace(SAMPLE, expected=SAMPLE.expected[:-1])), "8 items, expected 7"),
        (
            lambda: check(Pairs, msgspec.structs.replace(SAMPLE, expected=({"values": [1.0, 2.1]},) * 8)),
            "item 0: values is",
        ),
    ],
)
def test_a_broken_promise_is_found(run: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        run()


def test_an_adapter_that_raises_is_not_excused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        check(Raises)


def test_expected_items_are_read_a_line_each() -> None:
    assert read_expected('# why\n\n{"type": "Look"}\n{"row": 2}\n') == ({"type": "Look"}, {"row": 2})
