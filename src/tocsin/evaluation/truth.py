"""Truth files: logs of where targets were, read through a mapping into the site's frame.

A truth map (TOML) has one `[[target]]` entry for each drone, or for a group told apart by a column; an entry reads the
files its pattern matches, so one map serves the logs of a whole trial. Rows that cannot be read are counted by reason
and cost nothing else; fixes are put in time order, and of several with one time the first is kept. A file that gives
no fix at all is an error.
"""

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec
import numpy as np

from tocsin.formats.columns import Condition, Height, Mapping, Time, form_of
from tocsin.formats.reading import Reading
from tocsin.formats.tables import read_readings
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.truth import TruthTrack

TAKEN_OFF_M = 2.0


class TruthSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a truth map.

    columns: which columns hold time and place (latitude and longitude, or east and north of the site)
    name: the target's name; with `name_column` each value of that column is a target of its own
    files: pattern of the names of the files this entry reads
    kind, kind_column: what it was, in words
    flying: the condition that says it flies; without one it flies at fixes over 2 m above its lowest
    """

    columns: Mapping
    name: str = "drone"
    name_column: str | None = None
    files: str = "*"
    kind: str = ""
    kind_column: str | None = None
    flying: Condition | None = None


class TruthMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A truth map as it stands in TOML."""

    target: tuple[TruthSource, ...]


# What `tocsin simulate` writes; targets that are no drone are traffic, and a track of theirs is not the drone.
_OWN_TABLE = TruthSource(
    columns=Mapping(
        time=Time("time_s"),
        latitude="latitude_deg",
        longitude="longitude_deg",
        height=Height("height_m", kind="ellipsoid"),
        where=(Condition("kind", one_of=("one-way-drone", "quadcopter", "multirotor", "fixed-wing-drone", "")),),
    ),
    name_column="target",
    kind_column="kind",
    flying=Condition("flying", equals=True),
)


def read_truth_map(path: Path) -> TruthMap:
    """The map in a TOML file; an error names the file and the setting."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=TruthMap)
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    except UNREADABLE as error:
        raise TocsinError(f"{path}: {error}") from error


def own_truth_map(path: Path) -> TruthMap:
    """The map of Tocsin's own truth tables, for a file given without one."""
    if ".parquet" not in path.suffixes:
        return TruthMap((_OWN_TABLE,))
    columns = msgspec.structs.replace(_OWN_TABLE.columns, format="parquet")
    return TruthMap((msgspec.structs.replace(_OWN_TABLE, columns=columns),))


def read_truth(path: Path, truth_map: TruthMap, origin: Origin) -> tuple[tuple[TruthTrack, ...], dict[str, int]]:
    """Every target of a truth file in the frame of `origin`, and how many rows could not be read, by reason."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    sources = [source for source in truth_map.target if fnmatchcase(path.name, source.files)]
    if not sources:
        patterns = ", ".join(source.files for source in truth_map.target)
        raise TocsinError(f"{path}: no [[target]] of the truth map reads a file of this name; patterns: {patterns}")
    bad_rows: Counter[str] = Counter()
    tracks: list[TruthTrack] = []
    for source in sources:
        tracks += _read_source(data, path.name, source, origin, bad_rows)
    if not tracks:
        why = "; ".join(f"{reason} ({count})" for reason, count in bad_rows.items())
        raise TocsinError(f"{path}: holds no fix of a target" + (f": {why}" if why else ""))
    names = [track.target for track in tracks]
    if len(set(names)) < len(names):
        raise TocsinError(f"{path}: two entries of the truth map give the name {max(names, key=names.count)!r}")
    return tuple(tracks), dict(bad_rows)


def _read_source(
    data: bytes, file: str, source: TruthSource, origin: Origin, bad_rows: Counter[str]
) -> list[TruthTrack]:
    columns = msgspec.structs.replace(source.columns, sensor_track=source.name_column, class_word=source.kind_column)
    if form_of(columns) == "polar" or columns.time is None or columns.local.origin != "site":
        raise TocsinError("truth map: needs columns of time, and of latitude and longitude or site east and north")
    readings, found = read_readings(data, file, columns)
    bad_rows.update(found.reasons)
    flying: frozenset[int] | None = None
    if source.flying is not None:
        in_flight = msgspec.structs.replace(columns, where=(*columns.where, source.flying))
        flying = frozenset(reading.row for reading in read_readings(data, file, in_flight)[0])
    by_name: dict[str, list[Reading]] = {}
    for reading in readings:
        by_name.setdefault(reading.sensor_track or source.name, []).append(reading)
    return [_track(name, fixes, flying, source, origin) for name, fixes in by_name.items()]


def _track(
    name: str, fixes: Sequence[Reading], flying: frozenset[int] | None, source: TruthSource, origin: Origin
) -> TruthTrack:
    _, first = np.unique(np.array([fix.time_s for fix in fixes]), return_index=True)
    kept = [fixes[index] for index in first]
    place = np.array([fix.place for fix in kept])
    height_m = place[:, 2]
    if form_of(source.columns) == "place":
        # Heights of other kinds than the ellipsoid's serve to tell flight from ground only.
        on_ellipsoid = source.columns.height is not None and source.columns.height.kind == "ellipsoid"
        known = np.isfinite(height_m) & on_ellipsoid
        place = enu_from_lla(origin, np.column_stack((place[:, :2], np.where(known, height_m, origin.height_m))))
        place[~known, 2] = np.nan
    if flying is not None:
        in_flight = np.array([fix.row in flying for fix in kept])
    elif np.isfinite(height_m).any():
        in_flight = height_m > np.nanmin(height_m) + TAKEN_OFF_M
    else:
        in_flight = np.ones(len(kept), dtype=np.bool_)
    kind = next((fix.class_word for fix in kept if fix.class_word), source.kind)
    return TruthTrack(name, np.array([fix.time_s for fix in kept]), place, in_flight, kind)
