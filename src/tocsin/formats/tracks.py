"""Tracks: the Parquet file of a run's tracks, one row a track and scan as first known, and at most one more as settled.

`docs/reference/outputs.md` lists the columns with their units. Rows stand in the order they became known; what is not
known is null. Memory is bounded, and the same rows give the same bytes (formats/row_groups.py). The metadata carry
`schema = 1` and GeoParquet's keys, so that map programs open the file. `read_tracks` refuses another schema.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tocsin.formats.row_groups import Column, RowGroups
from tocsin.model.errors import TocsinError
from tocsin.model.identity import CLASS_COUNT, Affiliation, IdentityColumns
from tocsin.model.picture import Picture
from tocsin.model.track import EndedTrack, TrackColumns, TrackStatus
from tocsin.units import RAD_PER_DEG

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ToLla = Callable[[Floats], Floats]
SCHEMA = 1

_UPPER = np.triu_indices(6)
_STATUS = {status: status.name.lower() for status in TrackStatus}
_AFFILIATION = {affiliation: affiliation.name.lower().replace("_", "-") for affiliation in Affiliation}
_FIELDS: dict[str, pa.DataType] = {
    "time_s": pa.float64(),
    "known_s": pa.float64(),
    "settled": pa.bool_(),
    "number": pa.int64(),
    "uid": pa.string(),
    "object": pa.string(),
    "status": pa.string(),
    "outcome": pa.string(),
    "existence": pa.float64(),
    "born_s": pa.float64(),
    "last_detection_s": pa.float64(),
    "east_m": pa.float64(),
    "north_m": pa.float64(),
    "up_m": pa.float64(),
    "latitude_deg": pa.float64(),
    "longitude_deg": pa.float64(),
    "height_m": pa.float64(),
    "velocity_east_mps": pa.float64(),
    "velocity_north_mps": pa.float64(),
    "velocity_up_mps": pa.float64(),
    "covariance": pa.list_(pa.float32(), 21),
    "class_probability": pa.list_(pa.float32(), CLASS_COUNT),
    "affiliation": pa.string(),
    "sensors": pa.list_(pa.string()),
    "exercise": pa.bool_(),
}


class TrackTable(msgspec.Struct, frozen=True):
    """n rows of a tracks file, in the file's order; null is NaN, "" or 0.

    `number` (n,): 0 for a track not yet confirmed. `time_s`, `known_s`, `last_detection_s` (n,): UTC seconds.
    `settled` (n,): a row revised by late scans. `status` (n,): TrackStatus. `position_enu_m`, `velocity_enu_mps`
    (n, 3). `covariance` (n, 21): upper triangle by rows, of position and velocity, m and m/s. `class_probability`
    (n, CLASS_COUNT). `uid`, `object`, `affiliation`, `outcome`: n strings each.
    """

    time_s: Floats
    known_s: Floats
    last_detection_s: Floats
    settled: NDArray[np.bool_]
    number: Ints
    status: Ints
    existence: Floats
    position_enu_m: Floats
    velocity_enu_mps: Floats
    covariance: Floats
    class_probability: Floats
    uid: tuple[str, ...]
    object: tuple[str, ...]
    affiliation: tuple[str, ...]
    outcome: tuple[str, ...]


class TrackWriter:
    """Writes a tracks file. `to_lla` turns site ENU (n, 3) into latitude_rad, longitude_rad, height_m (n, 3)."""

    def __init__(self, path: Path, to_lla: ToLla) -> None:
        self._file = RowGroups(path, _FIELDS, SCHEMA)
        self._to_lla = to_lla

    def append(self, picture: Picture) -> None:
        """The tracks of a picture, as they are known now, and those that ended with it."""
        self.append_rows(picture.tracks, picture.identity, exercise=picture.exercise)
        self.append_ended(picture.ended, picture.time_s, exercise=picture.exercise)

    def append_settled(self, tracks: TrackColumns, *, exercise: bool = False) -> None:
        """Tracks at an instant given out before, revised by late scans, without saying anew what they are."""
        self.append_rows(tracks, None, exercise=exercise)

    def append_rows(self, tracks: TrackColumns, identity: IdentityColumns | None, *, exercise: bool = False) -> None:
        """Tracks as first known or as settled, as `tracks.settled` says, with what they are if that is known."""
        if len(tracks):
            self._file.append(self._columns(tracks, identity, exercise))

    def append_ended(self, ended: Sequence[EndedTrack], known_s: float, *, exercise: bool = False) -> None:
        """A last row for each track that ended: where it would have been then, and its outcome."""
        if not ended:
            return
        n = len(ended)
        unknown = np.full(n, math.nan)
        self._file.append(
            {
                "time_s": np.array([track.time_s for track in ended]),
                "known_s": np.full(n, known_s),
                "settled": np.zeros(n, np.bool_),
                "number": np.array([track.number for track in ended]),
                "uid": [track.uid for track in ended],
                "object": [track.object for track in ended],
                "status": [_STATUS[TrackStatus.DELETED]] * n,
                "outcome": [track.outcome.value for track in ended],
                "existence": unknown,
                "born_s": unknown,
                "last_detection_s": np.array([track.last_detection_s for track in ended]),
                **self._motion(
                    np.array([track.position_enu_m for track in ended]),
                    np.array([track.velocity_enu_mps for track in ended]),
                    np.full((n, 21), math.nan),
                ),
                "class_probability": np.full((n, CLASS_COUNT), math.nan),
                "affiliation": [None] * n,
                "sensors": [None] * n,
                "exercise": np.full(n, exercise),
            }
        )

    def close(self) -> None:
        """Complete the file."""
        self._file.close()

    def _columns(self, tracks: TrackColumns, identity: IdentityColumns | None, exercise: bool) -> dict[str, Column]:
        n = len(tracks)
        bits = tracks.sensor_bits.tolist()
        return {
            "time_s": np.full(n, tracks.time_s),
            "known_s": np.full(n, tracks.known_s),
            "settled": np.full(n, tracks.settled),
            "number": tracks.number,
            "uid": tracks.uid,
            "object": tracks.object,
            "status": [_STATUS[status] for status in map(TrackStatus, tracks.status.tolist())],
            "outcome": [None] * n,
            "existence": tracks.existence,
            "born_s": tracks.born_s,
            "last_detection_s": tracks.last_detection_s,
            **self._motion(tracks.position_enu_m, tracks.velocity_enu_mps, tracks.covariance[:, _UPPER[0], _UPPER[1]]),
            "class_probability": np.full((n, CLASS_COUNT), math.nan)
            if identity is None
            else identity.class_probability,
            "affiliation": [None] * n if identity is None else _affiliations(identity),
            "sensors": [[name for k, name in enumerate(tracks.sensors) if row >> k & 1] for row in bits],
            "exercise": np.full(n, exercise),
        }

    def _motion(self, position_enu_m: Floats, velocity_enu_mps: Floats, covariance: Floats) -> dict[str, Column]:
        lla = self._to_lla(position_enu_m)
        axes = ("east", "north", "up")
        return {
            **{f"{axis}_m": position_enu_m[:, i] for i, axis in enumerate(axes)},
            "latitude_deg": lla[:, 0] / RAD_PER_DEG,
            "longitude_deg": lla[:, 1] / RAD_PER_DEG,
            "height_m": lla[:, 2],
            **{f"velocity_{axis}_mps": velocity_enu_mps[:, i] for i, axis in enumerate(axes)},
            "covariance": covariance,
        }


def read_tracks(path: Path) -> TrackTable:
    """The rows of a tracks file; what is no such file, or of another schema, is an error with the file's name."""
    try:
        file = pq.ParquetFile(path)
        schema = (file.schema_arrow.metadata or {}).get(b"schema", b"")
        if schema != str(SCHEMA).encode():
            raise TocsinError(f"{path}: tracks of schema {schema.decode() or 'none'}; this version reads {SCHEMA}")
        table: Any = file.read(columns=list(_FIELDS))
    except (OSError, pa.ArrowException) as error:
        raise TocsinError(f"{path}: no tracks file that can be read: {error}") from error
    axes = ("east", "north", "up")
    codes = {name: int(status) for status, name in _STATUS.items()}
    return TrackTable(
        time_s=_floats(table, "time_s"),
        known_s=_floats(table, "known_s"),
        last_detection_s=_floats(table, "last_detection_s"),
        settled=np.array(table["settled"].to_pylist(), np.bool_),
        number=np.array(table["number"].to_pylist(), np.int64),
        status=np.array([codes[status] for status in table["status"].to_pylist()], np.int64),
        existence=_floats(table, "existence"),
        position_enu_m=np.column_stack([_floats(table, f"{axis}_m") for axis in axes]),
        velocity_enu_mps=np.column_stack([_floats(table, f"velocity_{axis}_mps") for axis in axes]),
        covariance=_lists(table, "covariance", 21),
        class_probability=_lists(table, "class_probability", CLASS_COUNT),
        uid=tuple(table["uid"].to_pylist()),
        object=tuple(table["object"].to_pylist()),
        affiliation=tuple(value or "" for value in table["affiliation"].to_pylist()),
        outcome=tuple(value or "" for value in table["outcome"].to_pylist()),
    )


def _affiliations(identity: IdentityColumns) -> list[str]:
    return [_AFFILIATION[affiliation] for affiliation in map(Affiliation, identity.affiliation.tolist())]


def _floats(table: Any, name: str) -> Floats:
    return np.array(table[name].to_numpy(), np.float64)


def _lists(table: Any, name: str, size: int) -> Floats:
    """A column of lists as (n, size), NaN where there is none."""
    array = table[name].combine_chunks()
    rows = np.full((len(array), size), math.nan)
    valid = np.array(array.is_valid())
    rows[valid] = np.array(array.drop_null().flatten(), np.float64).reshape(-1, size)
    return rows
