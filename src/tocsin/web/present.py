"""Present: from what the line knows to the views the web may read; pure functions.

Infinite and unknown numbers become None. Positions are turned from the site's ENU to WGS-84, directions from the
site's north to true north where the target is.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tocsin.geo.angles import azimuth_rad
from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.model.alert import Alert
from tocsin.model.command import Command, CommandKind
from tocsin.model.detection import Detection
from tocsin.model.identity import Affiliation, ClaimState, IdentityColumns, TargetClass
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose, SensorStatus
from tocsin.model.statement import Stance, Statement
from tocsin.model.threat import Asset, Zone
from tocsin.model.track import EndedTrack, TrackColumns, TrackStatus
from tocsin.model.views import (
    AlertView,
    AlternativeView,
    AssetView,
    ClaimView,
    CueView,
    EndedView,
    PictureView,
    SensorView,
    StatementView,
    ThreatView,
    TrackDetailView,
    TrackView,
    ZoneView,
)
from tocsin.model.wording import class_words, join_words

SLOWEST_WITH_COURSE_MPS = 0.5
CHI2_95_2D = 5.991  # 95 % of a normal law in two dimensions lies within this squared distance
Floats = NDArray[np.float64]
_TRACK_COLUMNS = (
    *("number", "uid", "object", "status", "existence", "position_enu_m", "velocity_enu_mps", "covariance"),
    *("mode_probability", "born_s", "last_detection_s", "sensor_bits"),
)
_IDENTITY_COLUMNS = ("class_probability", "affiliation", "reasons", "decisions")
_SAME = ("parents", "exercise", "put_aside_by", "put_aside_reason", "escalated", "first_out")  # of an alert
_PAIR_COLUMNS = ("place", "distance_m", "inside_probability", "entry_probability", "entry_s", "closest_m", "closest_s")


def present_picture(picture: Picture, origin: Origin, undulation_m: float | None = None) -> PictureView:
    """The picture for a map. `undulation_m`: the geoid above the ellipsoid at the site, for altitudes above the sea."""
    return PictureView(
        time=iso(picture.time_s),
        sequence=picture.sequence,
        exercise=picture.exercise,
        tracks=_tracks(picture, origin, undulation_m),
        threats=present_threats(picture),
        ended=tuple(present_ended(track, origin) for track in picture.ended),
    )


def present_threats(picture: Picture, most: int | None = None) -> tuple[ThreatView, ...]:
    """Pairs of track and place, the most pressing track's first; of the `most` most pressing tracks, or of all."""
    threats = picture.threats
    rank = np.full(len(picture.tracks), len(threats.order))
    rank[threats.order] = np.arange(len(threats.order))
    ranks = rank[threats.track]
    pairs = np.argsort(ranks, kind="stable")
    pairs = pairs[: len(pairs) if most is None else int(np.count_nonzero(ranks < most))]
    closest_s = _known(threats.closest_s[pairs])
    return tuple(
        ThreatView(
            uid=picture.tracks.uid[threats.track[pair]],
            place=threats.places[threats.place[pair]],
            distance_m=float(threats.distance_m[pair]),
            inside_probability=float(threats.inside_probability[pair]),
            entry_probability=float(threats.entry_probability[pair]),
            horizon_s=threats.horizon_s,
            entry_s=_three(threats.entry_s[pair]),
            closest_m=_three(threats.closest_m[pair]),
            closest_s=when_s,
        )
        for pair, when_s in zip(pairs.tolist(), closest_s, strict=True)
    )


def present_track(picture: Picture, row: int, origin: Origin, undulation_m: float | None = None) -> TrackDetailView:
    """All that is known of one track: `row` of the picture."""
    tracks, identity, threats = picture.tracks, picture.identity, picture.threats
    pairs = threats.track == row
    one = replace(
        picture,
        tracks=replace(tracks, **_row(tracks, _TRACK_COLUMNS, row)),
        identity=replace(identity, **_row(identity, _IDENTITY_COLUMNS, row)),
        threats=replace(
            threats,
            track=np.zeros(np.count_nonzero(pairs), np.int64),
            order=np.zeros(1, np.int64),
            **{name: getattr(threats, name)[pairs] for name in _PAIR_COLUMNS},
        ),
        ended=(),
    )
    rank = np.flatnonzero(threats.order == row)
    view = _tracks(one, origin, undulation_m)[0]
    return TrackDetailView(
        time=iso(picture.time_s),
        track=replace(view, rank=int(rank[0]) + 1 if len(rank) else None),
        threats=present_threats(one),
        decided=None if (decision := identity.decisions[row]) is None else iso(decision.time_s),
        decision=None if decision is None else decision.reason,
        claims=present_claims(picture, origin, tracks.uid[row]),
        found_again=next((join_words(join) for join in tracks.joins if join.uid == tracks.uid[row]), None),
    )


def present_claims(picture: Picture, origin: Origin, uid: str | None = None) -> tuple[ClaimView, ...]:
    """The claims of a picture: all, or those that one track goes with."""
    if not (states := [state for state in picture.identity.claims if uid is None or state.track == uid]):
        return ()
    lla = lla_from_enu(origin, np.nan_to_num(np.array([state.position_enu_m for state in states]), nan=0.0))
    number = dict(zip(picture.tracks.uid, picture.tracks.number.tolist(), strict=True))
    return tuple(_claim(one, place, number.get(one.track, 0)) for one, place in zip(states, lla, strict=True))


def _claim(state: ClaimState, lla: Floats, number: int) -> ClaimView:
    placed, high = math.isfinite(state.position_enu_m[0]), math.isfinite(state.position_enu_m[2])
    return ClaimView(
        means=state.means,
        identifier=state.identifier,
        sensor=state.sensor,
        verdict=state.verdict.value,
        reasons=state.reasons,
        since=iso(state.since_s),
        time=iso(state.time_s),
        latitude_deg=math.degrees(lla[0]) if placed else None,
        longitude_deg=math.degrees(lla[1]) if placed else None,
        height_m=float(lla[2]) if high else None,
        uid=state.track,
        track_label=label(number),
        callsign=state.callsign,
        operator=state.operator,
        category=state.category,
        expected=state.roster,
        conforms=state.conforms,
    )


def present_cue(detection: Detection, origin: Origin) -> CueView:
    """A bearing without a range, as a ray from its sensor; the kind must be AZIMUTH or AZIMUTH_ELEVATION."""
    latitude_deg, longitude_deg, _ = _place(origin, detection.sensor_enu_m)
    return CueView(
        sensor=detection.sensor,
        time=iso(detection.time_s),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        azimuth_deg=math.degrees(detection.values[0]) % 360.0,
        sigma_deg=math.degrees(math.sqrt(detection.covariance[0])),
        class_word=detection.class_word,
    )


def present_statement(statement: Statement, alternatives: tuple[AlternativeView, ...] = ()) -> StatementView:
    """What a person or agency said, for the list, with what else it could be."""
    return StatementView(
        id=statement.id,
        speaker=statement.speaker,
        stance=statement.stance.value,
        content=statement.content,
        place=statement.place,
        said=None if statement.said_s is None else iso(statement.said_s),
        tracks=statement.tracks,
        alternatives=alternatives,
    )


def present_notes(commands: Sequence[Command], time_s: float) -> tuple[StatementView, ...]:
    """The notes among commands, as what their authors said, at `time_s`, of the place in `value`."""
    return tuple(
        StatementView(note.id, note.author, Stance.ASSERTS.value, note.reason, note.value or None, iso(time_s), ())
        for note in commands
        if note.kind is CommandKind.NOTE and note.author and note.reason
    )


def present_alert(alert: Alert, when: str = "") -> AlertView:
    """An alert for the list; `when` is the kind of its rule."""
    return AlertView(
        id=alert.id,
        rule=alert.key.rule,
        place=alert.key.place,
        subject=alert.key.subject,
        state=alert.state.value,
        priority=int(alert.priority),
        priority_word=alert.priority.name.lower(),
        raised=iso(alert.raised_s),
        changed=iso(alert.changed_s),
        version=alert.version,
        message=alert.message,
        reason=alert.reason,
        track_label=label(alert.track),
        time_to_entry_s=None if alert.time_to_entry_s is None else _three(alert.time_to_entry_s),
        acknowledged_by=alert.acknowledged_by,
        acknowledged=None if alert.acknowledged_s is None else iso(alert.acknowledged_s),
        shelved_until=None if alert.shelved_until_s is None else iso(alert.shelved_until_s),
        track_labels=tuple(label(number) for number in alert.tracks),
        asked=iso(alert.asked_s or alert.raised_s),
        **{name: getattr(alert, name) for name in _SAME},
        when=when,
    )


def present_ended(track: EndedTrack, origin: Origin) -> EndedView:
    """A track that is no more, where it was last."""
    latitude_deg, longitude_deg, height_m = _place(origin, track.position_enu_m)
    return EndedView(
        uid=track.uid,
        label=label(track.number),
        time=iso(track.time_s),
        last_detection=iso(track.last_detection_s),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        height_m=height_m,
        outcome=track.outcome.value,
    )


def present_asset(asset: Asset, origin: Origin) -> AssetView:
    """An asset for the map."""
    latitude_deg, longitude_deg, height_m = _place(origin, (asset.east_m, asset.north_m, asset.up_m))
    return AssetView(asset.name, latitude_deg, longitude_deg, height_m, asset.radius_m, asset.reaction_s, asset.people)


def present_zone(zone: Zone, origin: Origin) -> ZoneView:
    """A zone for the map."""
    places = [_place(origin, (east_m, north_m, 0.0)) for east_m, north_m in zone.polygon_enu_m]
    corners = tuple((longitude_deg, latitude_deg) for latitude_deg, longitude_deg, _ in places)
    return ZoneView(zone.name, corners, zone.floor_m, zone.ceiling_m)


def present_sensor(
    name: str,
    pose: Pose,
    origin: Origin,
    status: SensorStatus | None,
    range_m: tuple[float, float] | None = None,
    sector_rad: tuple[float, float] | None = None,
    blind_rad: tuple[tuple[float, float], ...] = (),
) -> SensorView:
    """A sensor for the map and the health strip; `status` is its newest, None if there was none yet.

    The blind sectors and the pose of the status, where it tells them, take the place of the site file's.
    """
    if status is not None:
        pose = status.pose or pose
        blind_rad = blind_rad if status.blind_rad is None else status.blind_rad
    latitude_deg, longitude_deg, height_m = _place(origin, (pose.east_m, pose.north_m, pose.up_m))
    return SensorView(
        name=name,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        height_m=height_m,
        heading_deg=math.degrees(pose.heading_rad) % 360.0,
        range_m=range_m,
        sector_deg=None if sector_rad is None else _sector(sector_rad),
        blind_deg=tuple(map(_sector, blind_rad)),
        health="unknown" if status is None else status.health.value,
        reason="" if status is None else status.reason,
        since=None if status is None else iso(status.time_s),
    )


def iso(time_s: float) -> str:
    """UTC with milliseconds and Z."""
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def label(number: int) -> str:
    """A track number as people say it; "" before confirmation."""
    return f"T{number}" if number else ""


def ellipses(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """Semi-axes (n,) of the 95 % ellipses of east and north, and the azimuth of the longer axis."""
    east, north, cross = covariance[:, 0, 0], covariance[:, 1, 1], covariance[:, 0, 1]
    mean, spread = (east + north) / 2.0, np.hypot((east - north) / 2.0, cross)
    major_m = np.sqrt(CHI2_95_2D * np.maximum(mean + spread, 0.0))
    minor_m = np.sqrt(CHI2_95_2D * np.maximum(mean - spread, 0.0))
    return major_m, minor_m, np.arctan2(2.0 * cross, north - east) / 2.0


def _tracks(picture: Picture, origin: Origin, undulation_m: float | None) -> tuple[TrackView, ...]:
    """A view a track, from one list a field: numbers taken one by one from arrays are slow."""
    tracks = picture.tracks
    ranks = {row: rank for rank, row in enumerate(picture.threats.order.tolist(), start=1)}
    columns: dict[str, Sequence[Any]] = {
        "uid": tracks.uid,
        "object": tracks.object,
        "label": [label(number) for number in tracks.number.tolist()],
        "number": tracks.number.tolist(),
        "status": [_STATUS_WORDS[status] for status in tracks.status.tolist()],
        "existence_probability": tracks.existence.tolist(),
        "born": [iso(time_s) for time_s in tracks.born_s.tolist()],
        "last_detection": [iso(time_s) for time_s in tracks.last_detection_s.tolist()],
        "since_detection_s": (picture.time_s - tracks.last_detection_s).tolist(),
        "sensors": [_named(tracks.sensors, bits) for bits in tracks.sensor_bits.tolist()],
        "rank": [ranks.get(row) for row in range(len(tracks))],
        **_motion(tracks, origin, undulation_m),
        **_identity(picture.identity),
    }
    rows = zip(*columns.values(), strict=True)
    return tuple(TrackView(**dict(zip(columns, row, strict=True))) for row in rows)


def _motion(tracks: TrackColumns, origin: Origin, undulation_m: float | None) -> dict[str, Sequence[Any]]:
    lla = lla_from_enu(origin, tracks.position_enu_m)
    turn_rad = convergence_rad(origin, lla)
    heights_m = lla[:, 2].tolist()
    east_mps, north_mps, climb_mps = tracks.velocity_enu_mps.T
    speeds_mps = np.hypot(east_mps, north_mps).tolist()
    courses_deg = (np.degrees(azimuth_rad(east_mps, north_mps) - turn_rad) % 360.0).tolist()
    major_m, minor_m, axis_rad = ellipses(tracks.covariance)
    return {
        "latitude_deg": np.degrees(lla[:, 0]).tolist(),
        "longitude_deg": np.degrees(lla[:, 1]).tolist(),
        "height_m": heights_m,
        "height_above_site_m": [height_m - origin.height_m for height_m in heights_m],
        "altitude_msl_m": [None if undulation_m is None else height_m - undulation_m for height_m in heights_m],
        "speed_mps": speeds_mps,
        "course_deg": [
            course_deg if speed_mps >= SLOWEST_WITH_COURSE_MPS else None
            for speed_mps, course_deg in zip(speeds_mps, courses_deg, strict=True)
        ],
        "climb_mps": climb_mps.tolist(),
        "ellipse_major_m": major_m.tolist(),
        "ellipse_minor_m": minor_m.tolist(),
        "ellipse_deg": (np.degrees(axis_rad - turn_rad) % 180.0).tolist(),
        "sigma_height_m": np.sqrt(np.maximum(tracks.covariance[:, 2, 2], 0.0)).tolist(),
    }


def _identity(identity: IdentityColumns) -> dict[str, Sequence[Any]]:
    classes = identity.class_probability.round(3).tolist()
    return {
        "class_words": [_class_words(tuple(row)) for row in classes],
        "class_probability": [
            {word: share for word, share in zip(_CLASS_WORDS, row, strict=True) if share} for row in classes
        ],
        "affiliation": [_AFFILIATION_WORDS[affiliation] for affiliation in identity.affiliation.tolist()],
        "affiliation_by": [None if decision is None else decision.author for decision in identity.decisions],
        "reason": identity.reasons,
    }


def _row(columns: Any, names: Sequence[str], row: int) -> dict[str, Any]:
    """The named columns cut to one row."""
    return {name: getattr(columns, name)[row : row + 1] for name in names}


def _word(name: str) -> str:
    return name.lower().replace("_", "-")


_STATUS_WORDS = {int(status): _word(status.name) for status in TrackStatus}
_AFFILIATION_WORDS = {int(affiliation): _word(affiliation.name) for affiliation in Affiliation}
_CLASS_WORDS = [_word(kind.name) for kind in TargetClass]


@lru_cache(maxsize=4096)
def _class_words(probability: tuple[float, ...]) -> str:
    return class_words(probability)


def _named(sensors: Sequence[str], bits: int) -> tuple[str, ...]:
    return tuple(sensor for place, sensor in enumerate(sensors) if bits >> place & 1)


def _place(origin: Origin, enu_m: tuple[float, float, float]) -> tuple[float, float, float]:
    """Latitude and longitude in degrees and height in metres of one point."""
    lla = lla_from_enu(origin, np.array([enu_m]))[0]
    return math.degrees(lla[0]), math.degrees(lla[1]), float(lla[2])


def _sector(sector_rad: tuple[float, float]) -> tuple[float, float]:
    return math.degrees(sector_rad[0]) % 360.0, math.degrees(sector_rad[1]) % 360.0


def _three(values: Sequence[float] | Floats) -> tuple[float | None, float | None, float | None]:
    first, second, third = _known(values)
    return first, second, third


def _known(values: Sequence[float] | Floats) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]
