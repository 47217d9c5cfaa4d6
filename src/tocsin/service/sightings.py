"""Sightings: what a person reports on the page becomes a packet of the site's `sightings` sensor."""

from collections.abc import Awaitable, Callable

from tocsin.config.site import Site
from tocsin.model.packet import Packet, PacketKind
from tocsin.transport.clock import Clock

ADAPTER = "sightings"
ORIGIN = "page"


class Sightings:
    """`report` gives a sighting to the line. A site without such a sensor takes none: see `sensor_of`."""

    def __init__(self, sensor: str, put: Callable[[Packet], Awaitable[Packet]], clock: Clock, exercise: bool) -> None:
        self._sensor, self._put, self._clock, self._exercise = sensor, put, clock, exercise

    async def report(self, data: bytes) -> int:
        """The sequence of its packet, once that has its place in the recording. TocsinError if the line has ended."""
        now_s = self._clock.now_s()
        packet = Packet(PacketKind.DATA, self._sensor, now_s, data + b"\n", origin=ORIGIN, exercise=self._exercise)
        return (await self._put(packet)).sequence


def sensor_of(site: Site) -> str | None:
    """The name of the first sensor that takes sightings."""
    return next((sensor.name for sensor in site.sensors if sensor.adapter == ADAPTER), None)
