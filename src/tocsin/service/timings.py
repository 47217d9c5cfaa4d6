"""Timings: how long the line took per packet, and how much it got through."""

import time
from collections import deque
from typing import Any

import numpy as np

from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput


class Timings:
    """Measures each step of the line in wall time; `report()` gives throughput and latency percentiles.

    `covered_s` is the time between the packets, without steps of the clock; `step_ms` is per packet. Of each output
    that changed an alert `decisions` says how long after the receipt of its packet it was there, and which messages of
    warnings it brought and when (UTC); the newest `_KEPT` are kept.

    Keeps a histogram of logarithmic bins (1 us to 100 s, 5 % wide), so that memory does not grow with the run.
    """

    _LOWEST_S = 1e-6
    _RATIO = 1.05
    _BINS = 380
    _KEPT = 2_000

    def __init__(self) -> None:
        self._started_s = time.perf_counter()
        self._cpu_s = time.process_time()
        self._bins = np.zeros(self._BINS, np.int64)
        self._data_packets = 0
        self._detections = 0
        self._covered_s = 0.0
        self._last_s: float | None = None
        self._decided_s: deque[float] = deque(maxlen=self._KEPT)
        self._warned_s: deque[tuple[str, float]] = deque(maxlen=self._KEPT)

    def measure(self, packet: Packet, seconds_s: float, detections: int) -> None:
        place = int(np.log(max(seconds_s, self._LOWEST_S) / self._LOWEST_S) / np.log(self._RATIO))
        self._bins[min(place, self._BINS - 1)] += 1
        self._data_packets += packet.kind == PacketKind.DATA
        self._detections += detections
        if self._last_s is not None and packet.kind != PacketKind.CLOCK_STEP:
            self._covered_s += max(packet.received_s - self._last_s, 0.0)
        self._last_s = max(self._last_s or packet.received_s, packet.received_s)

    def decide(self, output: LineOutput, now_s: float) -> None:
        """An output is there, at `now_s` of the clock that the packets' times come from."""
        if output.alerts or output.warnings:
            self._decided_s.append(now_s - output.packet.received_s)
        self._warned_s.extend((one.id, now_s) for one in output.warnings)

    def report(self) -> dict[str, Any]:
        wall_s = time.perf_counter() - self._started_s
        return {
            "wall_s": wall_s,
            "cpu_s": time.process_time() - self._cpu_s,
            "covered_s": self._covered_s,
            "times_real_time": self._covered_s / wall_s if wall_s > 0 else None,
            "data_packets": self._data_packets,
            "detections": self._detections,
            "detections_per_wall_s": self._detections / wall_s if wall_s > 0 else None,
            "step_ms": {f"p{q:g}": self._percentile_ms(q) for q in (50.0, 95.0, 99.0, 100.0)},
            "decisions": {"count": len(decided_ms := [1e3 * one for one in self._decided_s])}
            | {f"p{q}_ms": float(np.percentile(decided_ms, q)) if decided_ms else None for q in (50, 99, 100)},
        }

    def warned(self) -> list[tuple[str, float]]:
        """The newest messages of warnings and when each had been decided (UTC seconds)."""
        return list(self._warned_s)

    def _percentile_ms(self, q: float) -> float | None:
        total = int(self._bins.sum())
        if total == 0:
            return None
        place = int(np.searchsorted(np.cumsum(self._bins), total * q / 100.0))
        return float(self._LOWEST_S * self._RATIO ** (min(place, self._BINS - 1) + 1) * 1e3)
