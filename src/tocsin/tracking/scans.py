"""Collector: detections and empty looks in, scans in time order out.

Each sensor's `ScanRule` says when a look ends. A detection that belongs to a look already given out makes a further
part of it, with the same look time, which the tracker joins to the first. Reports said twice (same sensor, kind, time
and values) are dropped where the sensor's policy says so. Every buffer is bounded, and everything dropped is counted.
"""

import math
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from tocsin.model.detection import DIMENSION, Detection, Look, MeasurementKind
from tocsin.model.scan import Scan
from tocsin.tracking.scan_rule import ScanRule
from tocsin.tracking.sensor_model import SensorModel

__all__ = ["Collector", "ScanRule"]

MOST_OPEN = 20_000  # detections of one look; a fuller one is given out early
MOST_REMEMBERED = 50_000  # reports kept to recognise a repeat
FUTURE_LIMIT_S = 5.0
MOST_LOOKS = 64  # closed looks of a rotating sensor to which a late detection can still belong
LATE_TURN = 1.5
FULL_TURN_RAD = 2.0 * math.pi - 0.02


class _Open:
    """One sensor's open look and what is remembered of earlier ones."""

    def __init__(self, span_s: float) -> None:
        self.span_s = span_s
        self.detections: list[Detection] = []
        self.looked = False  # an empty look fell into this one
        self.start_s = math.nan  # period: start of the grid; sector: start of the look
        self.index = 0  # period: which period is open
        self.received_s = -math.inf
        self.azimuth_rad = 0.0  # sector: of the last detection, its time, and how far round from the look's start
        self.last_s = math.nan
        self.turned_rad = 0.0
        self.closed: deque[tuple[float, float]] = deque(maxlen=MOST_LOOKS)  # sector: (start, look time)
        self.kind = MeasurementKind.POSITION_2D
        self.known: dict[tuple[object, ...], None] = {}


class Collector:
    """`add` and `tick` return the scans that they complete, oldest first."""

    def __init__(self, sensors: Sequence[SensorModel]) -> None:
        self._sensors = {sensor.name: sensor for sensor in sensors}
        self._open = {sensor.name: _Open(sensor.scan.span_s) for sensor in sensors}
        self._counts: Counter[str] = Counter()

    def add(self, item: Detection | Look) -> list[Scan]:
        """Take one detection or empty look."""
        sensor = self._sensors.get(item.sensor)
        reason = "unknown_sensor" if sensor is None else _fault(item)
        if sensor is None or reason:
            self._counts[f"dropped_{reason}"] += 1
            return []
        held = self._open[item.sensor]
        if isinstance(item, Detection):
            self._counts["detections"] += 1
            if sensor.repeats == "drop" and _is_repeat(held, item):
                self._counts["repeats"] += 1
                return []
            held.kind = item.kind
        else:
            self._counts["empty_looks"] += 1
        return RULES[sensor.scan.rule](held, sensor.scan.period_s, item)

    def tick(self, time_s: float) -> list[Scan]:
        """Close the looks that must have ended by now."""
        scans: list[Scan] = []
        for name, held in self._open.items():
            rule, period_s = self._sensors[name].scan.rule, self._sensors[name].scan.period_s
            if not held.detections and not held.looked:
                continue
            match rule:
                case "period":
                    over = time_s >= held.start_s + (held.index + 1) * period_s
                case "sector":
                    over = time_s >= held.start_s + LATE_TURN * period_s
                case _:
                    over = time_s >= held.received_s + period_s
            if over:
                scans += CLOSE[rule](held, name, period_s)
        return sorted(scans, key=_scan_time)

    def statistics(self) -> dict[str, Any]:
        """Counts since the start."""
        return dict(sorted(self._counts.items()))


def _fault(item: Detection | Look) -> str:
    if not math.isfinite(item.time_s) or not math.isfinite(item.received_s):
        return "bad_time"
    if item.time_s > item.received_s + FUTURE_LIMIT_S:
        return "from_the_future"
    if isinstance(item, Detection):
        d = DIMENSION[item.kind]
        if len(item.values) != d or len(item.covariance) != d * d or len(item.sensor_enu_m) != 3:
            return "malformed"
    return ""


def _is_repeat(held: _Open, item: Detection) -> bool:
    key = (item.kind, item.time_s, item.values)
    if key in held.known:
        return True
    held.known[key] = None
    if len(held.known) > MOST_REMEMBERED:
        for old in list(held.known)[: MOST_REMEMBERED // 2]:
            del held.known[old]
    return False


def _hold(held: _Open, item: Detection | Look) -> None:
    held.received_s = max(held.received_s, item.received_s)
    if isinstance(item, Detection):
        held.detections.append(item)
    else:
        held.looked = True


def _row(held: _Open, period_s: float, item: Detection | Look) -> list[Scan]:
    if isinstance(item, Look):
        return [empty_scan(item.sensor, held.kind, item.time_s, item.received_s)]
    return [scan_of([item], item.time_s, whole=False)]


def _period(held: _Open, period_s: float, item: Detection | Look) -> list[Scan]:
    if math.isnan(held.start_s):
        held.start_s = item.time_s
    index = math.floor((item.time_s - held.start_s) / period_s)
    scans: list[Scan] = []
    if index < held.index:
        time_s = held.start_s + (index + 1) * period_s
        if isinstance(item, Look):
            return [empty_scan(item.sensor, held.kind, time_s, item.received_s)]
        return [scan_of([item], time_s, whole=True)]
    if index > held.index or len(held.detections) >= MOST_OPEN:
        scans = _close_period(held, item.sensor, period_s)
        held.index = index
    _hold(held, item)
    return scans


def _close_period(held: _Open, name: str, period_s: float) -> list[Scan]:
    scans = _give_out(held, name, held.start_s + (held.index + 1) * period_s)
    held.index += 1
    return scans


def _sector(held: _Open, period_s: float, item: Detection | Look) -> list[Scan]:
    scans: list[Scan] = []
    if not math.isnan(held.start_s) and item.time_s < held.start_s:
        time_s = next((end for start, end in reversed(held.closed) if start <= item.time_s), item.time_s)
        if isinstance(item, Look):
            return [empty_scan(item.sensor, held.kind, time_s, item.received_s)]
        return [scan_of([item], time_s, whole=True)]
    azimuth = _azimuth(item) if isinstance(item, Detection) else None
    fresh = not held.detections and not held.looked
    if not fresh:
        held.turned_rad += _turn(held, item.time_s, azimuth, period_s)
        if held.turned_rad >= FULL_TURN_RAD or item.time_s >= held.start_s + LATE_TURN * period_s:
            scans, fresh = _close_sector(held, item.sensor, period_s), True
    if fresh:
        held.start_s, held.turned_rad = item.time_s, 0.0
    held.last_s = item.time_s
    held.azimuth_rad = held.azimuth_rad if azimuth is None else azimuth
    _hold(held, item)
    return scans


def _turn(held: _Open, time_s: float, azimuth: float | None, period_s: float) -> float:
    """How far a clockwise antenna turned since the last item: what the azimuths say, of whole turns the likeliest."""
    expected = 2.0 * math.pi * (time_s - held.last_s) / period_s
    if azimuth is None:
        return expected
    off = azimuth - held.azimuth_rad - expected
    return expected + (off + math.pi) % (2.0 * math.pi) - math.pi


def _close_sector(held: _Open, name: str, period_s: float) -> list[Scan]:
    time_s = max((d.time_s for d in held.detections), default=held.start_s)
    held.closed.append((held.start_s, time_s))
    return _give_out(held, name, time_s)


def _gap(held: _Open, period_s: float, item: Detection | Look) -> list[Scan]:
    scans: list[Scan] = []
    if held.detections or held.looked:
        if item.received_s >= held.received_s + period_s or len(held.detections) >= MOST_OPEN:
            scans = _close_gap(held, item.sensor, period_s)
    _hold(held, item)
    if isinstance(item, Look):
        held.start_s = item.time_s
    return scans


def _close_gap(held: _Open, name: str, period_s: float) -> list[Scan]:
    times = [d.time_s for d in held.detections]
    if not times or max(times) - min(times) <= held.span_s:
        return _give_out(held, name, max(times, default=held.start_s))
    slices: dict[int, list[Detection]] = {}
    for detection in held.detections:
        slices.setdefault(-math.floor((max(times) - detection.time_s) / held.span_s), []).append(detection)
    held.detections, held.looked = [], False
    return [
        scan for _, part in sorted(slices.items()) for scan in _by_kind(part, max(d.time_s for d in part), whole=False)
    ]


def _give_out(held: _Open, name: str, time_s: float) -> list[Scan]:
    detections, looked, received_s = held.detections, held.looked, held.received_s
    held.detections, held.looked, held.received_s = [], False, -math.inf
    if detections:
        return _by_kind(detections, time_s, whole=True)
    return [empty_scan(name, held.kind, time_s, received_s)] if looked else []


def _by_kind(detections: list[Detection], time_s: float, whole: bool) -> list[Scan]:
    """One scan a kind; only the fullest counts as a look over the whole view."""
    kinds: dict[MeasurementKind, list[Detection]] = {}
    for detection in detections:
        kinds.setdefault(detection.kind, []).append(detection)
    fullest = max(kinds, key=lambda kind: len(kinds[kind]))
    return [scan_of(rows, time_s, whole and kind == fullest) for kind, rows in sorted(kinds.items())]


def _azimuth(detection: Detection) -> float | None:
    match detection.kind:
        case MeasurementKind.AZIMUTH | MeasurementKind.AZIMUTH_ELEVATION:
            return detection.values[0]
        case MeasurementKind.POLAR_2D | MeasurementKind.POLAR_3D:
            return detection.values[1]
        case _:
            east = detection.values[0] - detection.sensor_enu_m[0]
            return math.atan2(east, detection.values[1] - detection.sensor_enu_m[1])


def _scan_time(scan: Scan) -> float:
    return scan.time_s


def empty_scan(sensor: str, kind: MeasurementKind, time_s: float, received_s: float) -> Scan:
    """A look that saw nothing."""
    d = DIMENSION[kind]
    none = np.empty(0)
    return Scan(sensor, kind, time_s, received_s, none, np.empty((0, d)), np.empty((0, d, d)), np.zeros(3), none, none)


def scan_of(detections: Sequence[Detection], time_s: float, whole: bool) -> Scan:
    """A scan of detections of one sensor and kind, not empty."""
    first, d = detections[0], DIMENSION[detections[0].kind]
    m = len(detections)
    rates = np.empty(0)
    sigmas = np.empty(0)
    if any(x.range_rate_mps is not None for x in detections):
        rates = np.array([math.nan if x.range_rate_mps is None else x.range_rate_mps for x in detections])
        sigmas = np.array([math.nan if x.range_rate_sigma_mps is None else x.range_rate_sigma_mps for x in detections])
    scan = Scan(
        sensor=first.sensor,
        kind=first.kind,
        time_s=time_s,
        received_s=max(x.received_s for x in detections),
        times_s=np.array([x.time_s for x in detections]),
        values=np.array([x.values for x in detections], dtype=np.float64).reshape(m, d),
        covariance=np.array([x.covariance for x in detections], dtype=np.float64).reshape(m, d, d),
        sensor_enu_m=np.array(detections[-1].sensor_enu_m, dtype=np.float64),
        range_rate_mps=rates,
        range_rate_sigma_mps=sigmas,
        detections=tuple(detections),
        whole=whole,
    )
    for column in (scan.times_s, scan.values, scan.covariance, scan.sensor_enu_m, rates, sigmas):
        column.flags.writeable = False
    return scan


RULES = {"row": _row, "period": _period, "sector": _sector, "gap": _gap}
CLOSE = {"row": _close_gap, "period": _close_period, "sector": _close_sector, "gap": _close_gap}
