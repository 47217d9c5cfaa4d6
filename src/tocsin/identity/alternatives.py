"""Alternatives: what else something on a line of sight could be, each with its numbers.

A line of sight is a direction from where somebody stands, with its error. What lies within three of its standard
deviations is named, nearest first: bodies of the sky, aircraft and others by their own claims, tracks. A track that
goes with the wind may be a balloon or debris, one that may be a bird by what is known of it a bird. Then stands what
our sensors would have seen: a drone somewhere along the line, at ranges where one look of a sensor that starts tracks
detects it with at least even odds, and no track lies there. Nothing of it decides anything: it is shown beside what was
said, for a person to weigh.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from tocsin.geo.angles import wrap_pi_scalar_rad
from tocsin.identity.sky import Body, bodies
from tocsin.identity.watch import Watch
from tocsin.model.identity import ClaimState, IdentityColumns, TargetClass
from tocsin.model.sensor import Health
from tocsin.model.track import TrackColumns, TrackStatus
from tocsin.model.wording import LOWEST_PROBABILITY, Certainty
from tocsin.sensing.view import detection_probability
from tocsin.units import M_PER_KM, RAD_PER_DEG

WIDEST = 3.0  # standard deviations
_UNSURE_RAD = 0.5 * math.pi  # of an elevation that was not given
_FRESH_S = 20.0  # of a claim
_RANGES_M = np.arange(300.0, 8001.0, 100.0)  # at which a person may see a drone, or its lights
_SURE = 0.5
_DRIFTS_UP_MPS = (-3.0, 6.0)  # sinking debris to a rising weather balloon


class LineOfSight(msgspec.Struct, frozen=True):
    """Where somebody stands (site ENU and on the earth) and which way they point, one standard deviation each."""

    enu_m: tuple[float, float, float]
    latitude_rad: float
    longitude_rad: float
    height_m: float
    azimuth_rad: float
    azimuth_sigma_rad: float
    time_s: float
    elevation_rad: float | None = None
    elevation_sigma_rad: float = _UNSURE_RAD


class Wind(msgspec.Struct, frozen=True):
    """The wind where small things drift, as measured or forecast, and how far each component may be off."""

    east_mps: float
    north_mps: float
    sigma_mps: float


class Alternative(msgspec.Struct, frozen=True):
    """One other explanation: `kind`, what it is called, how far off in standard deviations (of the line, and of the
    motion where that counts), the numbers."""

    kind: str
    name: str
    sigmas: float
    words: str


def alternatives(
    line: LineOfSight,
    claims: Iterable[ClaimState] = (),
    tracks: TrackColumns | None = None,
    watches: Sequence[Watch] = (),
    health: Mapping[str, Health] | None = None,
    identity: IdentityColumns | None = None,
    wind: Wind | None = None,
) -> tuple[Alternative, ...]:
    """Everything on the line, nearest first, and last what our sensors would have seen there; rows of `identity` belong
    to rows of `tracks`, and without a wind nothing is said of what drifts."""
    sky = bodies(line.latitude_rad, line.longitude_rad, line.height_m, line.time_s)
    found = [
        *_of_sky(line, sky),
        *_of_claims(line, claims),
        *(_of_tracks(line, tracks, identity, wind) if tracks is not None else ()),
    ]
    found.sort(key=lambda one: one.sigmas)
    seen = _unseen(line, any(one.kind == "track" for one in found), watches, health or {})
    return (*found, *([seen] if seen is not None else []))


def _off(line: LineOfSight, azimuth_rad: float, elevation_rad: float, more_rad: float = 0.0) -> float:
    """How far a direction is off the line, in standard deviations; `more_rad` is its own error."""
    across = wrap_pi_scalar_rad(azimuth_rad - line.azimuth_rad) / math.hypot(line.azimuth_sigma_rad, more_rad)
    if line.elevation_rad is None:
        return abs(across)
    up = (elevation_rad - line.elevation_rad) / math.hypot(line.elevation_sigma_rad, more_rad)
    return math.hypot(across, up)


def _of_sky(line: LineOfSight, sky: Iterable[Body]) -> Iterator[Alternative]:
    for body in sky:
        sigmas = _off(line, body.azimuth_rad, body.elevation_rad)
        if sigmas <= WIDEST:
            lit = "" if body.lit_fraction is None else f", {body.lit_fraction * 100.0:.0f} % lit"
            bright = "" if body.kind in ("sun", "moon") else f", magnitude {body.magnitude:.1f}"
            words = f"{body.name} stands at {_direction(body.azimuth_rad, body.elevation_rad)}{lit}{bright}"
            yield Alternative(
                body.kind, body.name, sigmas, f"{words}; {_apart(line, body)} from where it was pointed at"
            )


def _of_claims(line: LineOfSight, claims: Iterable[ClaimState]) -> Iterator[Alternative]:
    for claim in claims:
        if abs(line.time_s - claim.time_s) > _FRESH_S:
            continue
        place = _seen_from(line, claim.position_enu_m)
        if place is None:
            continue
        azimuth_rad, elevation_rad, away_m = place
        sigmas = _off(line, azimuth_rad, elevation_rad, 100.0 / max(away_m, 100.0))
        if sigmas > WIDEST:
            continue
        kind = (
            "expected flight"
            if claim.roster and claim.conforms
            else "aircraft"
            if claim.means != "remote-id"
            else "drone"
        )
        name = claim.roster or claim.callsign or claim.identifier
        words = (
            f"{name} says by {claim.means} that it is at {_direction(azimuth_rad, elevation_rad)}, "
            f"{away_m / M_PER_KM:.1f} km away ({claim.verdict.value})"
        )
        yield Alternative(kind, name, sigmas, words)


def _of_tracks(
    line: LineOfSight, tracks: TrackColumns, identity: IdentityColumns | None, wind: Wind | None
) -> Iterator[Alternative]:
    for row, status in enumerate(tracks.status.tolist()):
        if status not in (TrackStatus.CONFIRMED, TrackStatus.COASTING):
            continue
        east_m, north_m, up_m = tracks.position_enu_m[row].tolist()
        place = _seen_from(line, (east_m, north_m, up_m))
        if place is None:
            continue
        azimuth_rad, elevation_rad, away_m = place
        spread_m = math.sqrt(max(float(np.trace(tracks.covariance[row, :2, :2])), 0.0))
        sigmas = _off(line, azimuth_rad, elevation_rad, spread_m / max(away_m, 1.0))
        if sigmas <= WIDEST:
            name = f"T{int(tracks.number[row])}"
            where = f"{_direction(azimuth_rad, elevation_rad)}, {away_m / M_PER_KM:.1f} km away"
            yield Alternative("track", name, sigmas, f"{name} is tracked at {where}")
            if wind is not None:
                yield from _drifting(tracks, row, sigmas, wind)
            if identity is not None:
                yield from _bird(tracks, row, sigmas, identity)


def _drifting(tracks: TrackColumns, row: int, sigmas: float, wind: Wind) -> Iterator[Alternative]:
    """A balloon or debris, if the track goes with the wind."""
    east_mps, north_mps, climb_mps = tracks.velocity_enu_mps[row].tolist()
    if not _DRIFTS_UP_MPS[0] <= climb_mps <= _DRIFTS_UP_MPS[1]:
        return
    off = np.array([east_mps - wind.east_mps, north_mps - wind.north_mps])
    spread = tracks.covariance[row, 3:5, 3:5] + wind.sigma_mps**2 * np.eye(2)
    apart = math.sqrt(max(float(off @ np.linalg.solve(spread, off)), 0.0))
    if apart <= WIDEST:
        words = (
            f"T{int(tracks.number[row])} goes {_way(east_mps, north_mps)} and {climb_mps:+.1f} m/s up; the wind goes "
            f"{_way(wind.east_mps, wind.north_mps)}, give or take {wind.sigma_mps:.0f} m/s"
        )
        name = f"balloon or debris (T{int(tracks.number[row])})"
        yield Alternative("balloon", name, math.hypot(sigmas, apart), words)


def _bird(tracks: TrackColumns, row: int, sigmas: float, identity: IdentityColumns) -> Iterator[Alternative]:
    """A bird, if what is known of the track makes that possible."""
    if identity.class_probability[row, TargetClass.BIRD] >= LOWEST_PROBABILITY[Certainty.POSSIBLE]:
        east_mps, north_mps, _ = tracks.velocity_enu_mps[row].tolist()
        number = int(tracks.number[row])
        words = f"T{number} goes {_way(east_mps, north_mps)}; {identity.reasons[row]}"
        yield Alternative("bird", f"bird (T{number})", sigmas, words)


def _way(east_mps: float, north_mps: float) -> str:
    towards_deg = math.atan2(east_mps, north_mps) / RAD_PER_DEG % 360.0
    return f"{math.hypot(east_mps, north_mps):.1f} m/s towards {towards_deg:03.0f} deg"


def _unseen(
    line: LineOfSight, tracked: bool, watches: Sequence[Watch], health: Mapping[str, Health]
) -> Alternative | None:
    """What our sensors would have seen of a drone on the line; None if a track explains it."""
    if tracked:
        return None
    elevation_rad = 0.05 if line.elevation_rad is None else max(line.elevation_rad, 0.0)
    flat_m = _RANGES_M * math.cos(elevation_rad)
    places = np.column_stack(
        [
            line.enu_m[0] + flat_m * math.sin(line.azimuth_rad),
            line.enu_m[1] + flat_m * math.cos(line.azimuth_rad),
            line.enu_m[2] + _RANGES_M * math.sin(elevation_rad),
        ]
    )
    missed, names = np.ones(len(_RANGES_M)), []
    for watch in watches:
        if not watch.sees:
            continue
        seen = detection_probability(watch.view, watch.pose, places, health.get(watch.name, Health.OK))
        if (seen >= _SURE).any():
            names.append(watch.name)
        missed *= 1.0 - seen
    covered = _RANGES_M[1.0 - missed >= _SURE]
    if not len(covered):
        return Alternative("unseen", "no sensor", math.inf, "no sensor that starts tracks sees along that line")
    words = (
        f"a drone {covered[0] / M_PER_KM:.1f} to {covered[-1] / M_PER_KM:.1f} km away on that line would have been "
        f"seen by {', '.join(names)} ({100.0 * (1.0 - missed.min()):.0f} % a look at best), and there is no track"
    )
    return Alternative("unseen", "not seen by our sensors", math.inf, words)


def _seen_from(line: LineOfSight, place_m: tuple[float, float, float]) -> tuple[float, float, float] | None:
    """Azimuth, elevation and distance of a place; level where it has no height, None where it is no place."""
    east_m, north_m = place_m[0] - line.enu_m[0], place_m[1] - line.enu_m[1]
    up_m = 0.0 if math.isnan(place_m[2]) else place_m[2] - line.enu_m[2]
    flat_m = math.hypot(east_m, north_m)
    if not math.isfinite(flat_m) or flat_m < 1.0:
        return None
    return math.atan2(east_m, north_m), math.atan2(up_m, flat_m), math.hypot(flat_m, up_m)


def _direction(azimuth_rad: float, elevation_rad: float) -> str:
    azimuth_deg = azimuth_rad / RAD_PER_DEG % 360.0
    return f"{azimuth_deg:03.0f} deg, {elevation_rad / RAD_PER_DEG:.0f} deg up"


def _apart(line: LineOfSight, body: Body) -> str:
    """The angle between the line and a body, in degrees; without an elevation the angle along the horizon."""
    turned_rad = wrap_pi_scalar_rad(body.azimuth_rad - line.azimuth_rad)
    if line.elevation_rad is not None:
        a, b = line.elevation_rad, body.elevation_rad
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turned_rad)
        turned_rad = math.acos(min(max(cosine, -1.0), 1.0))
    return f"{abs(turned_rad) / RAD_PER_DEG:.0f} deg"
