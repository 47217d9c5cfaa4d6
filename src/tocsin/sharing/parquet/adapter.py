"""Adapter: tracks of the last minutes as Parquet, each packet a whole file that DuckDB, pandas and map programs open.

Points stand in the column `geometry` as GeoParquet 1.1 says. Affiliations are given one for one, never friendlier; each
row says whether it is exercise. What is left out is counted.
"""

import io
import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from tocsin.formats.geoparquet import COLUMN, metadata, points
from tocsin.geo.frames import Origin
from tocsin.geo.tracks import placed_tracks
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert
from tocsin.model.identity import Affiliation
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.model.wording import class_words
from tocsin.sharing.parquet.settings import Settings as ParquetSettings

SCHEMA = 1
_COLUMNS: Mapping[str, pa.DataType] = {
    "time_s": pa.float64(),
    "uid": pa.string(),
    "object": pa.string(),
    "number": pa.int64(),
    "status": pa.string(),
    "latitude_deg": pa.float64(),
    "longitude_deg": pa.float64(),
    "height_m": pa.float64(),
    "speed_mps": pa.float64(),
    "course_deg": pa.float64(),
    "climb_mps": pa.float64(),
    "sigma_horizontal_m": pa.float64(),
    "sigma_up_m": pa.float64(),
    "class": pa.string(),
    "affiliation": pa.string(),
    "existence": pa.float64(),
    "last_detection_s": pa.float64(),
    "exercise": pa.bool_(),
}


class Adapter:
    """One receiver of files."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="parquet", summary="tracks of the last minutes", standard="Parquet, GeoParquet 1.1", grade=Grade.FIELD
    )
    Settings: ClassVar[type[ParquetSettings]] = ParquetSettings
    emits: ClassVar[tuple[str, ...]] = ("track",)

    def __init__(self, settings: ParquetSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._rows: deque[tuple[Any, ...]] = deque()
        self._row_s, self._file_s = -math.inf, -math.inf
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """A file, when it is due; a table of tracks has no place for an alert, which is counted."""
        if isinstance(item, Alert):
            self._counts["alerts_not_shared"] += 1
            return ()
        if 0.0 <= item.time_s - self._row_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return ()
        self._row_s = item.time_s
        self._rows.extend(self._taken(item))
        self._forget(item.time_s)
        if 0.0 <= item.time_s - self._file_s < self._settings.file_s:
            return ()
        self._file_s = item.time_s
        self._counts["files"] += 1
        return (Packet(PacketKind.DATA, self._name, item.time_s, self._file(), exercise=item.exercise),)

    def statistics(self) -> Mapping[str, Any]:
        """Files and rows made, and what was left out."""
        return dict(self._counts)

    def _forget(self, time_s: float) -> None:
        """Let go what is too old, and the oldest of too many, which is counted."""
        while self._rows and self._rows[0][0] < time_s - self._settings.window_s:
            self._rows.popleft()
        while len(self._rows) > self._settings.most_rows:
            self._rows.popleft()
            self._counts["rows_over_the_most"] += 1

    def _taken(self, picture: Picture) -> Iterator[tuple[Any, ...]]:
        shared = {TrackStatus.CONFIRMED, TrackStatus.COASTING}
        if self._settings.tentative:
            shared.add(TrackStatus.TENTATIVE)
        tracks, identity = picture.tracks, picture.identity
        rows = [row for row, status in enumerate(tracks.status.tolist()) if status in shared]
        self._counts["tracks_not_shared"] += len(tracks) - len(rows)
        placed = list(placed_tracks(tracks, rows, self._origin))
        self._counts["tracks_without_position"] += len(rows) - len(placed)
        self._counts["rows"] += len(placed)
        for track in placed:
            row = track.row
            yield (
                float(tracks.time_s),
                tracks.uid[row],
                tracks.object[row],
                int(tracks.number[row]) or None,
                TrackStatus(int(tracks.status[row])).name.lower(),
                track.latitude_deg,
                track.longitude_deg,
                track.height_m,
                track.speed_mps,
                track.course_deg,
                track.up_mps,
                track.sigma_horizontal_m,
                track.sigma_up_m,
                class_words(identity.class_probability[row].tolist()),
                Affiliation(int(identity.affiliation[row])).name.lower().replace("_", "-"),
                float(tracks.existence[row]),
                float(tracks.last_detection_s[row]),
                picture.exercise,
            )

    def _file(self) -> bytes:
        columns = list(zip(*self._rows, strict=True)) or [()] * len(_COLUMNS)
        arrays = [pa.array(values, kind) for values, kind in zip(columns, _COLUMNS.values(), strict=True)]
        names = list(_COLUMNS)
        place = {name: np.array(columns[names.index(name)], float) for name in ("longitude_deg", "latitude_deg")}
        arrays.append(points(place["longitude_deg"], place["latitude_deg"]))
        fields = [*_COLUMNS.items(), (COLUMN, pa.binary())]
        table = pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=metadata(SCHEMA)))
        out = io.BytesIO()
        parquet.write_table(table, out)
        return out.getvalue()
