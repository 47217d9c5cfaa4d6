"""Silence: which sensors have said nothing for too long, as statuses, from the times of packets and ticks alone.

A sensor is watched from its first packet on; the live site begins with one for each sensor it listens to (OPENED), so
one that never speaks is missed too, and a replay without its files leaves it off. It turns SILENT after its own
`silent_after_s`, and OK with its next packet. A step of the clock makes nobody silent: all waits start again.
"""

from collections.abc import Mapping

from tocsin.model.sensor import Health, SensorStatus


class SilenceWatch:
    """When each sensor was last heard. Sensors are named with the seconds after which they count as silent."""

    def __init__(self, silent_after_s: Mapping[str, float]) -> None:
        self._after_s = dict(silent_after_s)
        self._heard_s: dict[str, float] = {}
        self._silent: set[str] = set()

    def heard(self, sensor: str, time_s: float, packet: int = 0) -> tuple[SensorStatus, ...]:
        """A packet of `sensor` came; names that are not watched are ignored."""
        if sensor not in self._after_s:
            return ()
        first = sensor not in self._heard_s
        self._heard_s[sensor] = time_s
        if sensor in self._silent:
            self._silent.remove(sensor)
            return (SensorStatus(sensor, time_s, Health.OK, "heard again", packet=packet),)
        return (SensorStatus(sensor, time_s, Health.OK, "connected", packet=packet),) if first else ()

    def tick(self, time_s: float) -> tuple[SensorStatus, ...]:
        """Time is now `time_s`: statuses of those who have become silent."""
        found = []
        for name, last_s in self._heard_s.items():
            if time_s - last_s > self._after_s[name] and name not in self._silent:
                self._silent.add(name)
                found.append(SensorStatus(name, time_s, Health.SILENT, f"no data for {time_s - last_s:.0f} s"))
        return tuple(found)

    def clock_step(self, time_s: float) -> None:
        """The line's time jumped to `time_s`: everybody's wait starts there."""
        self._heard_s = dict.fromkeys(self._heard_s, time_s)
