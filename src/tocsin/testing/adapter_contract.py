"""The contract of an adapter that reads, as plain functions that raise `AssertionError`; no test framework is needed.

`check_adapter` runs them all on one sample: the expected items come out; cutting the bytes elsewhere changes nothing;
cut or damaged bytes raise nothing and lose nothing unseen; every value is finite and every covariance positive
definite; unknown settings are refused, and every setting stands in the adapter's README. Call it from your own tests:

    sample = Sample(data=Path("samples/day.csv").read_bytes(), received_s=1.7e9, expected=read_expected(...))
    check_adapter(Adapter, settings, context, sample, Path("README.md").read_text())
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from tocsin.model.adapter import AdapterContext, Decoded
from tocsin.model.claim import Claim
from tocsin.model.detection import DIMENSION, Detection, Look, MeasurementKind
from tocsin.model.packet import Packet, PacketKind

_AZIMUTH_AT = {
    MeasurementKind.POLAR_2D: 1,
    MeasurementKind.POLAR_3D: 1,
    MeasurementKind.AZIMUTH: 0,
    MeasurementKind.AZIMUTH_ELEVATION: 0,
}
_OUTPUTS = frozenset(("detections", "looks", "claims", "statements", "statuses", "replies", "commands"))
_DAMAGES = 60


class Sample(msgspec.Struct, frozen=True):
    """Bytes as a connection delivers them, all received at `received_s`, and what comes of them.

    Each of `expected` is the name of a class and some of its fields: {"type": "Detection", "time_s": 1.0, ...}. Numbers
    agree within `tolerance`, relative above 1 and absolute below. `stream` is False where a packet is a datagram, whose
    limits the bytes do not tell: its cutting is then not tried.
    """

    data: bytes
    received_s: float
    expected: tuple[Mapping[str, Any], ...]
    tolerance: float = 1e-9
    stream: bool = True


def read_expected(text: str) -> tuple[Mapping[str, Any], ...]:
    """Expected items, one JSON object a line; empty lines and lines that begin with # are left out."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(msgspec.json.decode(line) for line in lines if line and not line.startswith("#"))


def check_adapter(adapter: Any, settings: Any, context: AdapterContext, sample: Sample, readme: str) -> None:
    """The whole contract; `adapter` is the class, `settings` one of its `Settings`."""
    check_settings(adapter.Settings, readme)
    check_expected(adapter(settings, context), context, sample)
    check_values(decode(adapter(settings, context), pieces(sample, [])), context)
    if sample.stream:
        check_cutting(adapter, settings, context, sample)
    check_damage(adapter, settings, context, sample)


def check_expected(decoder: Any, context: AdapterContext, sample: Sample) -> None:
    """The sample gives what is expected, in that order."""
    items = decode(decoder, pieces(sample, [], context.name))
    found = [{"type": type(item).__name__, **msgspec.to_builtins(item)} for item in items]
    for i, (item, expected) in enumerate(zip(found, sample.expected, strict=False)):
        for field, value in expected.items():
            if field not in item or not _agree(item[field], value, sample.tolerance):
                raise AssertionError(f"item {i}: {field} is {item.get(field)!r}, expected {value!r}")
    if len(found) != len(sample.expected):
        raise AssertionError(f"{len(found)} items, expected {len(sample.expected)}")


def check_cutting(adapter: Any, settings: Any, context: AdapterContext, sample: Sample) -> None:
    """The bytes cut at other places give the same items, and the beginning of the bytes a beginning of the items."""
    size = len(sample.data)
    whole = _known(decode(adapter(settings, context), pieces(sample, [], context.name)))
    cuts = [range(step, size, step) for step in (1, 7, 64, 1000) if size // step <= 20_000]
    for places in [*cuts, *(sorted(_places(size, 8, seed)) for seed in range(20))]:
        again = _known(decode(adapter(settings, context), pieces(sample, places, context.name)))
        _same(again, whole, f"cut at {list(places)[:8]}")
    for end in _places(size, 20, 99):
        part = msgspec.structs.replace(sample, data=sample.data[:end])
        begun = _known(decode(adapter(settings, context), pieces(part, [], context.name, close=False)))
        _same(begun, whole[: len(begun)], f"the first {end} bytes")


def check_damage(adapter: Any, settings: Any, context: AdapterContext, sample: Sample) -> None:
    """Cut short or with a byte changed, the sample raises nothing; an item lost so shows in the counts."""
    clean = adapter(settings, context)
    whole = decode(clean, pieces(sample, [], context.name))
    for seed in range(_DAMAGES):
        place, flip = _places(len(sample.data), 1, seed)[0], 1 + _places(255, 1, seed + 7919)[0] % 255
        short = msgspec.structs.replace(sample, data=sample.data[:place])
        check_values(decode(adapter(settings, context), pieces(short, [], context.name)), context)
        decoder = adapter(settings, context)
        changed = msgspec.structs.replace(sample, data=_flipped(sample.data, place, flip))
        items = decode(decoder, pieces(changed, [], context.name))
        check_values(items, context)
        if len(items) < len(whole) and _counts(decoder) == _counts(clean):
            raise AssertionError(f"byte {place} changed by {flip}: {len(whole) - len(items)} items lost uncounted")


def check_values(items: Iterable[Decoded], context: AdapterContext) -> None:
    """Times and values are finite and in range, covariances positive definite, and the sensor is the site's."""
    names = {context.name} | {sensor.name for sensor in context.sensors}
    for item in items:
        if isinstance(item, Detection | Look | Claim):
            _require(item.sensor in names, f"sensor {item.sensor!r}", item)
            _require(math.isfinite(item.time_s) and math.isfinite(item.received_s), "time not finite", item)
        if isinstance(item, Detection):
            _check_detection(item)
        if isinstance(item, Claim):
            for angle, most in ((item.latitude_rad, math.pi / 2), (item.longitude_rad, math.tau)):
                _require(angle is None or abs(angle) <= most, "latitude or longitude out of range", item)


def check_settings(settings: type[msgspec.Struct], readme: str) -> None:
    """Every part of the settings refuses unknown keys, and the README names every key as a site file spells it."""
    for part in _structs(settings):
        _require(part.__struct_config__.forbid_unknown_fields, "accepts unknown settings", part)
        for field in part.__struct_encode_fields__:
            spelled = re.sub(r"_rad$", "_deg", field)
            _require(re.search(rf"`([\w.\[\]]*\.)?{spelled}`", readme) is not None, f"README: no `{spelled}`", part)


def pieces(sample: Sample, places: Sequence[int], source: str = "sample", *, close: bool = True) -> Iterator[Packet]:
    """The sample as packets of one connection, cut at `places`."""
    ends = [0, *places, len(sample.data)]
    yield Packet(PacketKind.OPENED, source, sample.received_s, connection=1, sequence=1)
    for i, (start, end) in enumerate(zip(ends, ends[1:], strict=False)):
        data = sample.data[start:end]
        yield Packet(PacketKind.DATA, source, sample.received_s, data, connection=1, sequence=i + 2, origin="sample:1")
    if close:
        yield Packet(
            PacketKind.CLOSED,
            source,
            sample.received_s,
            b"end",
            connection=1,
            sequence=len(ends) + 2,
            origin="sample:1",
        )


def decode(decoder: Any, packets: Iterable[Packet]) -> list[Decoded]:
    """All that a decoder makes of `packets`."""
    return [item for packet in packets for item in decoder.decode(packet)]


def _check_detection(item: Detection) -> None:
    size = DIMENSION[item.kind]
    _require(len(item.values) == size and len(item.covariance) == size * size, "wrong number of values", item)
    _require(all(map(math.isfinite, (*item.values, *item.covariance, *item.sensor_enu_m))), "not finite", item)
    covariance = np.array(item.covariance).reshape(size, size)
    _require(bool((covariance == covariance.T).all()), "covariance not symmetric", item)
    scale = np.sqrt(np.abs(np.diag(covariance))) + 1e-300
    _require(np.linalg.eigvalsh(covariance / np.outer(scale, scale)).min() > 0.0, "covariance not positive", item)
    if item.kind in _AZIMUTH_AT:
        at = _AZIMUTH_AT[item.kind]
        _require(0.0 <= item.values[at] < math.tau, "azimuth out of range", item)
        _require(all(abs(value) <= math.pi / 2 for value in item.values[at + 1 :]), "elevation out of range", item)
        _require(all(value > 0.0 for value in item.values[:at]), "range not positive", item)
    for value in (item.range_rate_mps, item.score, item.signal_db, item.rcs_dbsm, *(item.velocity_enu_mps or ())):
        _require(value is None or not math.isinf(value), "infinite", item)
    if item.lla is not None:
        _require(abs(item.lla[0]) <= math.pi / 2 and abs(item.lla[1]) <= math.tau, "lla out of range", item)


def _structs(root: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """The struct and every struct its fields may hold."""
    found: list[type[msgspec.Struct]] = []

    def visit(kind: Any) -> None:
        if isinstance(kind, msgspec.inspect.StructType):
            if kind.cls not in found:
                found.append(kind.cls)
                for field in kind.fields:
                    visit(field.type)
        elif isinstance(kind, msgspec.inspect.Type):
            for name in kind.__struct_fields__:
                part = getattr(kind, name)
                for inner in part if isinstance(part, tuple) else (part,):
                    visit(inner)

    visit(msgspec.inspect.type_info(root))
    return found


def _known(items: Iterable[Decoded]) -> list[Decoded]:
    """Items without the number of the packet that completed them, which a new cut changes."""
    return [msgspec.structs.replace(item, packet=0) if "packet" in item.__struct_fields__ else item for item in items]


def _same(found: list[Decoded], expected: list[Decoded], what: str) -> None:
    if repr(found) != repr(expected):  # by text, where NaN equals NaN
        raise AssertionError(f"{what}: {len(found)} items that differ from the {len(expected)} of the whole")


def _agree(found: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        return len(found) == len(expected) and all(
            _agree(*pair, tolerance) for pair in zip(found, expected, strict=True)
        )
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return bool(abs(found - expected) <= tolerance * max(1.0, abs(expected)))
    return bool(found == expected or (expected is None and isinstance(found, float) and math.isnan(found)))


def _counts(decoder: Any) -> dict[str, Any]:
    return {key: value for key, value in decoder.statistics().items() if key not in _OUTPUTS}


def _places(size: int, count: int, seed: int) -> list[int]:
    """`count` numbers below `size` that look thrown, and are the same every time."""
    state, found = seed * 2_654_435_761 + 12_345, []
    for _ in range(count):
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % (1 << 64)
        found.append((state >> 33) % max(size, 1))
    return found


def _flipped(data: bytes, place: int, flip: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= flip
    return bytes(changed)


def _require(holds: bool, what: str, item: Any) -> None:
    if not holds:
        raise AssertionError(f"{what}: {item}")
