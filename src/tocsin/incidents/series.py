"""Series: earlier incidents of the same kind, nearby and near in time, each with the measure that was used.

An earlier incident belongs to the series if it is of the same kind, at most `NEAR_M` away (or, where either has no
position, names the same place) and began at most `NEAR_S` before. Distances are great circles on a sphere of the mean
earth radius (0.5 % off at most). Retracted incidents belong to no series. A likeness is no proof of one author.
"""

import math
from datetime import UTC, datetime

import msgspec

from tocsin.incidents.graph import Graph
from tocsin.model.record import Incident

NEAR_M = 100_000.0
NEAR_S = 30 * 86_400.0
_RADIUS_M = 6_371_008.8
_DAY_S = 86_400.0


class Earlier(msgspec.Struct, frozen=True):
    """One earlier incident. `distance_m` is None if the same place name stood for it."""

    id: str
    title: str
    before_s: float
    distance_m: float | None
    measure: str


def series(graph: Graph, incident: str, near_m: float = NEAR_M, near_s: float = NEAR_S) -> list[Earlier]:
    """The earlier incidents of the series of `incident`, nearest in time first."""
    this = graph.current(incident, Incident)
    begin_s = _begin_s(this)
    found = []
    for identity, other in graph.standing(Incident):
        other_s = _begin_s(other)
        if identity == incident or begin_s is None or other_s is None or not this.kind or this.kind != other.kind:
            continue
        before_s, distance_m = begin_s - other_s, _distance_m(this, other)
        same_place = bool(this.place) and this.place.casefold() == other.place.casefold()
        near = same_place if distance_m is None else distance_m <= near_m
        if near and 0 <= before_s <= near_s and identity != incident:
            where = "same place name" if distance_m is None else f"{distance_m / 1000:.1f} km away"
            measure = f"same kind ({this.kind}), {where}, {before_s / _DAY_S:.1f} days before"
            found.append(Earlier(identity, other.title, before_s, distance_m, measure))
    return sorted(found, key=lambda earlier: earlier.before_s)


def _begin_s(incident: Incident) -> float | None:
    try:
        begins = datetime.fromisoformat(incident.begins)
    except ValueError:
        return None
    return (begins if begins.tzinfo else begins.replace(tzinfo=UTC)).timestamp()


def _distance_m(one: Incident, other: Incident) -> float | None:
    angles = (one.latitude_deg, one.longitude_deg, other.latitude_deg, other.longitude_deg)
    if any(angle is None for angle in angles):
        return None
    lat1, lon1, lat2, lon2 = (math.radians(angle) for angle in angles if angle is not None)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _RADIUS_M * math.asin(min(1.0, math.sqrt(half)))
