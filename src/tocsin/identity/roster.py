"""Roster: flights that are expected, and whether one keeps to what was agreed.

A flight is expected by the identifiers it will send (serial number, registration, aircraft address, call sign), in a
volume and a window of time. Its claim alone makes nothing friendly: `affiliation` asks for a track that moves as the
claim says as well. Flights come from the site file (`[[identity.flight]]`) and from commands, which carry their author.
"""

import math
from collections.abc import Sequence
from datetime import datetime

import msgspec

from tocsin.model.bounds import Coordinate, Distance, Height, Name
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError

Place = tuple[float, float, float]


class RosterError(TocsinError):
    """A flight that cannot be expected."""


class Flight(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One expected flight.

    `name`: as said to people. `identifiers`: what it will call itself, any of them, letter case ignored. `operator`: as
    told by them. `starts`: UTC, ISO 8601 with Z; left out, it may have begun. `ends`: left out, the window is open.
    `east_m`: middle of the circle it keeps to, with the next two. `north_m`: the same. `radius_m`: of the circle.
    `polygon_m`: corners as east and north, instead; without either it may be anywhere. `floor_m`: above the site's
    origin. `ceiling_m`: above the site's origin. `room_m`: how far outside it may be, for its own and our errors.
    """

    name: Name
    identifiers: tuple[Name, ...]
    operator: str = ""
    starts: str | None = None
    ends: str | None = None
    east_m: Coordinate | None = None
    north_m: Coordinate | None = None
    radius_m: Distance | None = None
    polygon_m: tuple[tuple[Coordinate, Coordinate], ...] = ()
    floor_m: Height | None = None
    ceiling_m: Height | None = None
    room_m: Distance = 30.0


class _Entry(msgspec.Struct, frozen=True):
    flight: Flight
    from_s: float
    until_s: float


class Roster:
    """The flights that are expected now, by identifier."""

    def __init__(self, flights: Sequence[Flight] = ()) -> None:
        self._entries: dict[str, _Entry] = {}
        self._by_identifier: dict[str, str] = {}
        for flight in flights:
            self.add(flight)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, flight: Flight) -> None:
        """Expect a flight; one of the same name is replaced. Raises `RosterError`."""
        entry = _Entry(flight, _time_s(flight, flight.starts, -math.inf), _time_s(flight, flight.ends, math.inf))
        _check(flight, entry)
        for identifier in flight.identifiers:
            other = self._by_identifier.get(identifier.casefold(), flight.name)
            if other != flight.name:
                raise RosterError(f"flight {flight.name!r}: {identifier!r} is expected as {other!r} already")
        self.remove(flight.name)
        self._entries[flight.name] = entry
        self._by_identifier |= dict.fromkeys(map(str.casefold, flight.identifiers), flight.name)

    def remove(self, name: str) -> bool:
        """Expect a flight no longer; whether it was expected."""
        entry = self._entries.pop(name, None)
        if entry is None:
            return False
        self._by_identifier = {key: value for key, value in self._by_identifier.items() if value != name}
        return True

    def expects(self, claim: Claim) -> Flight | None:
        """The flight that a claim's identifier or call sign names."""
        for said in (claim.identifier, claim.callsign):
            name = self._by_identifier.get(said.strip().casefold()) if said else None
            if name is not None:
                return self._entries[name].flight
        return None

    def conforms(self, flight: Flight, place_m: Place, claim: Claim) -> tuple[bool | None, str]:
        """Whether a claim keeps to its flight's window and volume (None if it has not said where it is), and why."""
        entry = self._entries.get(flight.name)
        expected = f"expected as {flight.name!r}" + (f" of {flight.operator}" if flight.operator else "")
        if entry is None:
            return False, f"{expected}, but no longer"
        if not entry.from_s <= claim.time_s <= entry.until_s:
            return False, f"{expected}, but not at this time"
        if not math.isfinite(place_m[0]):
            return None, f"{expected}; its place is not known"
        out_m = _outside_m(flight, place_m[0], place_m[1])
        if out_m > flight.room_m:
            return False, f"{expected}, but {out_m:.0f} m outside its area"
        up_m = place_m[2]
        if flight.ceiling_m is not None and up_m > flight.ceiling_m + flight.room_m:
            return False, f"{expected}, but {up_m - flight.ceiling_m:.0f} m above its ceiling"
        if flight.floor_m is not None and up_m < flight.floor_m - flight.room_m:
            return False, f"{expected}, but {flight.floor_m - up_m:.0f} m below its floor"
        return True, f"{expected}, and keeps to it"


def _time_s(flight: Flight, text: str | None, unbounded_s: float) -> float:
    if text is None:
        return unbounded_s
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RosterError(f"flight {flight.name!r}: {text!r} is not a time in ISO 8601") from None
    if moment.tzinfo is None:
        raise RosterError(f"flight {flight.name!r}: {text!r} does not say that it is UTC (Z)")
    return moment.timestamp()


def _check(flight: Flight, entry: _Entry) -> None:
    circle = (flight.east_m, flight.north_m, flight.radius_m)
    if any(value is None for value in circle) and any(value is not None for value in circle):
        raise RosterError(f"flight {flight.name!r}: a circle needs east_m, north_m and radius_m")
    if flight.polygon_m and (flight.radius_m is not None or len(flight.polygon_m) < 3):
        raise RosterError(f"flight {flight.name!r}: an area is a circle or a polygon of three corners or more")
    if not flight.identifiers:
        raise RosterError(f"flight {flight.name!r}: identifiers: none is named")
    if entry.from_s >= entry.until_s:
        raise RosterError(f"flight {flight.name!r}: it ends before it starts")
    if flight.floor_m is not None and flight.ceiling_m is not None and flight.floor_m > flight.ceiling_m:
        raise RosterError(f"flight {flight.name!r}: floor_m is above ceiling_m")


def _outside_m(flight: Flight, east_m: float, north_m: float) -> float:
    """Metres outside the flight's area, 0 inside."""
    if flight.radius_m is not None and flight.east_m is not None and flight.north_m is not None:
        return max(math.hypot(east_m - flight.east_m, north_m - flight.north_m) - flight.radius_m, 0.0)
    inside, least_m = not flight.polygon_m, math.inf
    for (x0, y0), (x1, y1) in zip(flight.polygon_m, (*flight.polygon_m[1:], *flight.polygon_m[:1]), strict=True):
        if (y0 > north_m) != (y1 > north_m) and east_m < (x1 - x0) * (north_m - y0) / (y1 - y0) + x0:
            inside = not inside
        dx, dy = x1 - x0, y1 - y0
        along = ((east_m - x0) * dx + (north_m - y0) * dy) / max(dx * dx + dy * dy, 1e-9)
        part = min(max(along, 0.0), 1.0)
        least_m = min(least_m, math.hypot(east_m - x0 - part * dx, north_m - y0 - part * dy))
    return 0.0 if inside else least_m
