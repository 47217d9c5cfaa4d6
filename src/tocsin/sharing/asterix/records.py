"""Records of categories 062 and 065: a track's items as bytes, in the layout of the edition.

Position is WGS-84, the height geometric, the velocity that over ground at the track. What does not fit its field (an
error beyond 127 m, a speed beyond 8191 m/s) is given as the most that fits, or left out where the item may be missing.
"""

import math

import msgspec

from tocsin.formats.asterix import AsterixError, Field, Items, Layout
from tocsin.geo.tracks import PlacedTrack
from tocsin.units import RAD_PER_DEG

DAY_S = 86_400.0
_UAV = 13  # emitter category of an unmanned aerial vehicle


class Report(msgspec.Struct, frozen=True):
    """One report of one track. `number`: 1 to 65535, the wire's own. `ended`: no report will follow."""

    number: int
    time_s: float
    place: PlacedTrack
    tentative: bool = False
    coasting: bool = False
    begun: bool = False
    ended: bool = False
    drone: bool = False
    exercise: bool = False


class TrackRecords:
    """Category 062."""

    def __init__(self, layout: Layout, sac: int, sic: int) -> None:
        self._layout = layout
        self._source = bytes([sac, sic])
        self._time = layout.field("070")
        self._latitude, self._longitude = layout.field("105", "LAT"), layout.field("105", "LON")
        self._east, self._north = layout.field("185", "VX"), layout.field("185", "VY")
        self._height, self._climb = layout.field("130"), layout.field("220")
        self._flags = {name: layout.field("080", name) for name in ("MRH", "CNF", "SIM", "TSE", "TSB", "CST")}
        self._error = layout.parts("500")
        self._plane = [self._error.field("APC", axis) for axis in ("X", "Y")]
        self._up = self._error.field("AGA")
        self._derived = layout.parts("380")

    def write(self, report: Report) -> bytes:
        """The record."""
        place = report.place
        items: Items = {
            "010": self._source,
            "040": report.number.to_bytes(2, "big"),
            "070": _item((self._time, report.time_s % DAY_S)),
            "080": self._status(report),
            "105": _item(
                (self._latitude, place.latitude_deg * RAD_PER_DEG), (self._longitude, place.longitude_deg * RAD_PER_DEG)
            ),
        }
        if place.east_mps is not None and place.north_mps is not None:
            items["185"] = _item((self._east, place.east_mps), (self._north, place.north_mps))
        if place.height_m is not None:
            items["130"] = _item((self._height, place.height_m))
            if place.up_mps is not None:
                items["220"] = _item((self._climb, place.up_mps))
        if errors := self._errors(place):
            items["500"] = errors
        if report.drone:
            items["380"] = self._derived.write({"EMC": bytes([_UAV])})
        return self._layout.write(items)

    def _status(self, report: Report) -> bytes:
        """The octets of item 080 that are needed; the last bit of each says that another follows."""
        said = {
            "MRH": report.place.height_m is not None,
            "CNF": report.tentative,
            "SIM": report.exercise,
            "TSE": report.ended,
            "TSB": report.begun,
            "CST": report.coasting,
        }
        item = bytearray(1)
        for name, holds in said.items():
            if holds:
                self._flags[name].put(item, 1.0)
        for at in range(len(item) - 1):
            item[at] |= 1
        return bytes(item)

    def _errors(self, place: PlacedTrack) -> bytes:
        parts: Items = {}
        if place.sigma_horizontal_m is not None:
            parts["APC"] = _item(*((field, place.sigma_horizontal_m) for field in self._plane))
        if place.sigma_up_m is not None:
            parts["AGA"] = _item((self._up, place.sigma_up_m))
        return self._error.write(parts) if parts else b""


class ServiceRecords:
    """Category 065."""

    def __init__(self, layout: Layout, sac: int, sic: int, service: int) -> None:
        self._layout = layout
        self._known: Items = {"000": b"\1", "010": bytes([sac, sic]), "015": bytes([service]), "040": b"\0"}
        self._time = layout.field("030")

    def write(self, time_s: float) -> bytes:
        """That the system is operational."""
        return self._layout.write(self._known | {"030": _item((self._time, time_s % DAY_S))})


def _item(*quantities: tuple[Field, float]) -> bytes:
    """An item of the quantities given; one that does not fit is given as the most that does."""
    item = bytearray()
    for field, quantity in quantities:
        try:
            field.put(item, quantity)
        except AsterixError:
            field.put(item, math.copysign(field.most, quantity))
    return bytes(item)
