"""Batch: one picture's tracks packed for the map, `RECORD` a track; the layout stands in docs/reference/stream.md.

Little-endian throughout. `pack_tracks` works on whole columns and costs far less than JSON would. A number that does
not fit its field is cut to the field's end; one that is not known takes the field's highest value.
"""

import struct

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.model.identity import DRONE_CLASSES, TargetClass
from tocsin.model.picture import Picture
from tocsin.model.wording import LOWEST_PROBABILITY
from tocsin.web.present import ellipses

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HEAD = struct.Struct("<dQIHBB")  # time_s, sequence, number of records, bytes a record, exercise, reserved
RECORD = np.dtype(
    [
        ("uid", "V16"),  # the ULID's 128 bits, highest byte first
        ("latitude", "<i4"),  # 1e-7 deg
        ("longitude", "<i4"),
        ("height_above_site_m", "<f4"),
        ("number", "<u4"),
        ("velocity_dmps", "<i2", (3,)),  # east, north, up, 0.1 m/s, true where the track is
        ("ellipse_azimuth", "<u2"),  # 0.01 deg
        ("ellipse_major_m", "<f4"),
        ("ellipse_minor_m", "<f4"),
        ("since_detection_ds", "<u2"),  # 0.1 s
        ("entry_ds", "<u2"),  # 0.1 s, the median of the place entered soonest; 65535 where none is entered
        ("rank", "<u2"),  # in the order of threats, from 1; 0 without
        ("status", "u1"),
        ("affiliation", "u1"),
        ("kind", "u1"),  # TargetClass; `SOME_DRONE` where the two drone classes only count together
        ("certainty", "u1"),  # 0 unlikely, 1 possible, 2 probable, 3 confirmed
        ("existence", "u1"),  # 255 is 1
        ("flags", "u1"),  # bit 0: the height is worth saying
    ]
)
NOTHING = 65535
SOME_DRONE = 32
VAGUE_HEIGHT_M = 100.0
_CERTAIN = np.array(sorted(LOWEST_PROBABILITY.values())[1:])
_CROCKFORD = str.maketrans("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "0123456789abcdefghijklmnopqrstuv")


def pack_tracks(picture: Picture, origin: Origin) -> bytes:
    """The picture's tracks, in their order, behind a `HEAD`."""
    tracks, n = picture.tracks, len(picture.tracks)
    lla = lla_from_enu(origin, tracks.position_enu_m)
    turn_rad = convergence_rad(origin, lla)
    major_m, minor_m, axis_rad = ellipses(tracks.covariance)
    records = np.zeros(n, RECORD)
    records["uid"] = np.frombuffer(b"".join(map(uid_bytes, tracks.uid)), "V16")
    records["latitude"] = np.rint(np.degrees(lla[:, 0]) * 1e7)
    records["longitude"] = np.rint(np.degrees(lla[:, 1]) * 1e7)
    records["height_above_site_m"] = lla[:, 2] - origin.height_m
    records["number"] = tracks.number
    records["velocity_dmps"] = _cut(10.0 * _turned(tracks.velocity_enu_mps, turn_rad), -32768, 32767)
    records["ellipse_azimuth"] = np.rint(100.0 * (np.degrees(axis_rad - turn_rad) % 180.0))
    records["ellipse_major_m"], records["ellipse_minor_m"] = major_m, minor_m
    records["since_detection_ds"] = _cut(10.0 * (picture.time_s - tracks.last_detection_s), 0, NOTHING)
    records["entry_ds"] = _cut(10.0 * _soonest_s(picture), 0, NOTHING)
    records["rank"][picture.threats.order] = np.arange(1, len(picture.threats.order) + 1)
    records["status"], records["affiliation"] = tracks.status, picture.identity.affiliation
    records["kind"], records["certainty"] = leading_class(picture.identity.class_probability)
    records["existence"] = _cut(255.0 * tracks.existence, 0, 255)
    records["flags"] = tracks.covariance[:, 2, 2] <= VAGUE_HEIGHT_M**2
    head = HEAD.pack(picture.time_s, picture.sequence, n, RECORD.itemsize, picture.exercise, 0)
    return head + records.tobytes()


def leading_class(class_probability: Floats) -> tuple[Ints, Ints]:
    """(n,) codes of class and certainty that say what `model.wording.class_words` says in words."""
    drones = class_probability[:, list(DRONE_CLASSES)]
    drone = drones.sum(axis=1)
    others = class_probability.copy()
    others[:, list(DRONE_CLASSES)] = -1.0
    lead = others.argmax(axis=1)
    is_drone = drone >= others.max(axis=1)
    one = np.where(drones.max(axis=1) >= 0.8 * drone, np.array(DRONE_CLASSES)[drones.argmax(axis=1)], SOME_DRONE)
    probability = np.where(is_drone, drone, others.max(axis=1))
    certainty = np.searchsorted(_CERTAIN, probability, side="right")
    kind = np.where(is_drone, one, lead)
    named = (certainty > 0) & (kind != TargetClass.UNKNOWN)
    return np.where(named, kind, int(TargetClass.UNKNOWN)), np.where(named, certainty, 0)


def uid_bytes(uid: str) -> bytes:
    """The 16 bytes of a ULID."""
    return int(uid.translate(_CROCKFORD), 32).to_bytes(16, "big")


def _soonest_s(picture: Picture) -> Floats:
    """(n,) the least median time to a place, inf where none is entered."""
    soonest_s = np.full(len(picture.tracks), np.inf)
    np.minimum.at(soonest_s, picture.threats.track, picture.threats.entry_s[:, 1])
    return soonest_s


def _turned(velocity_mps: Floats, turn_rad: Floats) -> Floats:
    """(n, 3) velocities from the site's north to true north where the target is."""
    east, north, up = velocity_mps.T
    cos, sin = np.cos(turn_rad), np.sin(turn_rad)
    return np.column_stack([east * cos - north * sin, north * cos + east * sin, up])


def _cut(values: Floats, lowest: int, highest: int) -> Floats:
    return np.rint(np.clip(np.nan_to_num(values, nan=highest, posinf=highest), lowest, highest))
