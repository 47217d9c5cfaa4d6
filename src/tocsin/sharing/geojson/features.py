"""Features of RFC 7946: dictionaries ready for JSON, from rows of a picture, alerts, assets and zones.

Coordinates are longitude, latitude (degrees, WGS-84) and height above the ellipsoid (m), the last left out where it is
not known. Polygons are closed and run against the clock (right-hand rule). Courses and axes are true, clockwise from
north at the track. What is not known is null or missing, never 0.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.model.alert import Alert
from tocsin.model.identity import Affiliation
from tocsin.model.picture import Picture
from tocsin.model.threat import Asset, Zone
from tocsin.model.track import TrackStatus
from tocsin.model.wording import certainty, class_words, forecast_certainty
from tocsin.units import RAD_PER_DEG

Feature = dict[str, Any]
Floats = NDArray[np.float64]

AFFILIATION_WORD: Mapping[Affiliation, str] = {
    Affiliation.PENDING: "pending",
    Affiliation.UNKNOWN: "unknown",
    Affiliation.ASSUMED_FRIEND: "assumed-friend",
    Affiliation.FRIEND: "friend",
    Affiliation.NEUTRAL: "neutral",
    Affiliation.SUSPECT: "suspect",
    Affiliation.HOSTILE: "hostile",
}

_SQUARE_95 = 5.991  # 95 % point of chi-square with two degrees of freedom


def iso(time_s: float) -> str:
    """ISO 8601 in UTC with milliseconds and Z."""
    return datetime.fromtimestamp(round(time_s, 3), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def track_features(picture: Picture, rows: list[int], origin: Origin) -> list[Feature]:
    """One Point a row."""
    tracks, identity = picture.tracks, picture.identity
    enu = np.array(tracks.position_enu_m)
    flat = np.where(np.isnan(enu[:, 2:]) & np.array([False, False, True]), 0.0, enu)  # a place without a height
    lla = lla_from_enu(origin, flat)
    turned_rad = convergence_rad(origin, lla)
    ahead = _times_to_places(picture)
    features = []
    for row in rows:
        latitude_rad, longitude_rad, height_m = lla[row].tolist()
        if not (math.isfinite(latitude_rad) and math.isfinite(longitude_rad)):
            continue
        point = [round(longitude_rad / RAD_PER_DEG, 7), round(latitude_rad / RAD_PER_DEG, 7)]
        if not math.isnan(enu[row, 2]):
            point.append(round(height_m, 1))
        decision = identity.decisions[row]
        number = int(tracks.number[row])
        properties = {
            "kind": "track",
            "time": iso(tracks.time_s),
            "exercise": picture.exercise,
            "uid": tracks.uid[row],
            "object": tracks.object[row],
            "number": f"T{number}" if number else None,
            "status": TrackStatus(int(tracks.status[row])).name.lower(),
            "existence": str(certainty(float(tracks.existence[row]))),
            "class": class_words(identity.class_probability[row].tolist()),
            "reason": identity.reasons[row],
            "affiliation": AFFILIATION_WORD[Affiliation(int(identity.affiliation[row]))],
            "affiliation_author": decision.author if decision else None,
            "affiliation_reason": decision.reason if decision else None,
            **_motion(tracks.velocity_enu_mps[row], float(turned_rad[row])),
            "ellipse_95": _ellipse(tracks.covariance[row], float(turned_rad[row])),
            "sigma_up_m": _number(math.sqrt(float(tracks.covariance[row, 2, 2]))),
            "last_detection": iso(float(tracks.last_detection_s[row])),
            "sensors": [name for bit, name in enumerate(tracks.sensors) if tracks.sensor_bits[row] >> bit & 1],
            "approaches": ahead.get(row, []),
        }
        features.append(_feature(tracks.uid[row], {"type": "Point", "coordinates": point}, properties))
    return features


def alert_feature(alert: Alert, lon_lat_deg: list[float] | None) -> Feature:
    """One alert, at the last shared position of its track, or nowhere (null)."""
    geometry = None if lon_lat_deg is None else {"type": "Point", "coordinates": lon_lat_deg}
    entry_s = alert.time_to_entry_s
    properties = {
        "kind": "alert",
        "time": iso(alert.changed_s),
        "exercise": alert.exercise,
        "rule": alert.key.rule,
        "place": alert.key.place,
        "subject": alert.key.subject,
        "state": str(alert.state),
        "priority": alert.priority.name.lower(),
        "raised": iso(alert.raised_s),
        "version": alert.version,
        "message": alert.message,
        "reason": alert.reason,
        "track": f"T{alert.track}" if alert.track else None,
        "time_to_entry_s": None if entry_s is None else [_number(point_s) for point_s in entry_s],
    }
    return _feature(alert.id, geometry, properties)


def asset_feature(asset: Asset, origin: Origin) -> Feature:
    """An asset's centre, with its radius."""
    latitude_rad, longitude_rad, height_m = lla_from_enu(
        origin, np.array([[asset.east_m, asset.north_m, asset.up_m]])
    )[0].tolist()  # fmt: skip
    point = [round(longitude_rad / RAD_PER_DEG, 7), round(latitude_rad / RAD_PER_DEG, 7), round(height_m, 1)]
    properties = {"kind": "asset", "name": asset.name, "radius_m": asset.radius_m, "reaction_s": asset.reaction_s}
    return _feature(asset.name, {"type": "Point", "coordinates": point}, properties)


def zone_feature(zone: Zone, origin: Origin) -> Feature:
    """A zone's outline; floor and ceiling are heights above the ellipsoid at the site's origin."""
    enu = np.array([[east, north, 0.0] for east, north in zone.polygon_enu_m])
    if len(enu) > 1 and (enu[0] == enu[-1]).all():
        enu = enu[:-1]
    after = np.roll(enu, -1, axis=0)
    if float((enu[:, 0] * after[:, 1] - after[:, 0] * enu[:, 1]).sum()) < 0.0:
        enu = enu[::-1]
    lla = lla_from_enu(origin, np.concatenate([enu, enu[:1]]))
    ring = [[round(lon / RAD_PER_DEG, 7), round(lat / RAD_PER_DEG, 7)] for lat, lon, _ in lla.tolist()]
    properties = {
        "kind": "zone",
        "name": zone.name,
        "floor_m": None if zone.floor_m is None else round(zone.floor_m + origin.height_m, 1),
        "ceiling_m": None if zone.ceiling_m is None else round(zone.ceiling_m + origin.height_m, 1),
    }
    return _feature(zone.name, {"type": "Polygon", "coordinates": [ring]}, properties)


def _feature(identifier: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "id": identifier, "geometry": geometry, "properties": properties}


def _motion(velocity_mps: Floats, turned_rad: float) -> dict[str, Any]:
    east, north, up = velocity_mps.tolist()
    speed_mps = math.hypot(east, north)
    course_deg = ((math.atan2(east, north) - turned_rad) / RAD_PER_DEG) % 360.0 if speed_mps > 0.0 else None
    return {
        "speed_mps": _number(speed_mps),
        "course_deg": None if course_deg is None else _number(course_deg),
        "climb_mps": _number(up),
    }


def _ellipse(covariance: Floats, turned_rad: float) -> dict[str, Any] | None:
    """The 95 % ellipse in the plane: half axes, and the long one's direction."""
    a, b, c = float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])
    mean, half = 0.5 * (a + c), math.hypot(0.5 * (a - c), b)
    if not math.isfinite(mean + half):
        return None
    axis_rad = math.pi / 2.0 - 0.5 * math.atan2(2.0 * b, a - c)  # from east, against the clock, to from north, with it
    return {
        "semi_major_m": _number(math.sqrt(_SQUARE_95 * (mean + half))),
        "semi_minor_m": _number(math.sqrt(_SQUARE_95 * max(mean - half, 0.0))),
        "axis_deg": _number(((axis_rad - turned_rad) / RAD_PER_DEG) % 180.0),
    }


def _times_to_places(picture: Picture) -> dict[int, list[dict[str, Any]]]:
    """Per track row, its possible entries, soonest first."""
    threats = picture.threats
    found: dict[int, list[dict[str, Any]]] = {}
    for pair in np.flatnonzero(threats.entry_probability > 0.0).tolist():
        entry = {
            "place": threats.places[int(threats.place[pair])],
            "entry": str(forecast_certainty(float(threats.entry_probability[pair]))),
            "within_s": threats.horizon_s,
            "time_to_entry_s": [_number(point_s) for point_s in threats.entry_s[pair].tolist()],
            "distance_m": _number(float(threats.distance_m[pair])),
        }
        found.setdefault(int(threats.track[pair]), []).append(entry)
    for entries in found.values():
        entries.sort(
            key=lambda entry: (entry["time_to_entry_s"][0] is None, entry["time_to_entry_s"][0], entry["place"])
        )
    return found


def _number(value: float) -> float | None:
    """Rounded to what is worth reading; None where it is not known or infinite, for JSON knows neither."""
    return round(value, 2) if math.isfinite(value) else None
