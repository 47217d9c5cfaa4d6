"""Detections: the Parquet file of all that the sensors of a run reported, in the order it was decoded.

`docs/reference/outputs.md` lists the columns with their units. A position is given wherever one follows from the row
alone: of the position kinds, and of range with azimuth and elevation. What is not known is null. Memory is bounded, and
the same detections give the same bytes (formats/row_groups.py). The metadata carry `schema = 1` and GeoParquet's keys.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.formats.row_groups import RowGroups
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.units import RAD_PER_DEG

Floats = NDArray[np.float64]
SCHEMA = 1
NAN = math.nan

_KIND = {kind: kind.name.lower().replace("_", "-") for kind in MeasurementKind}
_NONE = (NAN, NAN, NAN)
_FIELDS: dict[str, pa.DataType] = {
    "sensor": pa.string(),
    "packet": pa.int64(),
    "row": pa.int64(),
    "time_s": pa.float64(),
    "received_s": pa.float64(),
    "kind": pa.string(),
    "east_m": pa.float64(),
    "north_m": pa.float64(),
    "up_m": pa.float64(),
    "latitude_deg": pa.float64(),
    "longitude_deg": pa.float64(),
    "height_m": pa.float64(),
    "range_m": pa.float64(),
    "azimuth_deg": pa.float64(),
    "elevation_deg": pa.float64(),
    "covariance": pa.list_(pa.float64()),
    "sensor_east_m": pa.float64(),
    "sensor_north_m": pa.float64(),
    "sensor_up_m": pa.float64(),
    "range_rate_mps": pa.float64(),
    "velocity_east_mps": pa.float64(),
    "velocity_north_mps": pa.float64(),
    "velocity_up_mps": pa.float64(),
    "class_word": pa.string(),
    "score": pa.float64(),
    "signal_db": pa.float64(),
    "rcs_dbsm": pa.float64(),
    "sensor_track": pa.string(),
    "exercise": pa.bool_(),
}


class DetectionWriter:
    """Writes a detections file. `to_lla` turns site ENU (n, 3) into latitude_rad, longitude_rad, height_m (n, 3)."""

    def __init__(self, path: Path, to_lla: Callable[[Floats], Floats]) -> None:
        self._file = RowGroups(path, _FIELDS, SCHEMA)
        self._to_lla = to_lla

    def append(self, detections: Sequence[Detection]) -> None:
        """Take detections in their order."""
        if not detections:
            return
        enu = np.array([_position(item) for item in detections])
        polar = np.array([_polar(item) for item in detections])
        sensor = np.array([item.sensor_enu_m for item in detections])
        velocity = np.array([item.velocity_enu_mps or _NONE for item in detections])
        lla = self._lla(detections, enu)
        self._file.append(
            {
                "sensor": [item.sensor for item in detections],
                "packet": np.array([item.packet for item in detections]),
                "row": np.array([item.row for item in detections]),
                "time_s": np.array([item.time_s for item in detections]),
                "received_s": np.array([item.received_s for item in detections]),
                "kind": [_KIND[item.kind] for item in detections],
                **{f"{axis}_m": enu[:, i] for i, axis in enumerate(("east", "north", "up"))},
                "latitude_deg": lla[:, 0] / RAD_PER_DEG,
                "longitude_deg": lla[:, 1] / RAD_PER_DEG,
                "height_m": lla[:, 2],
                "range_m": polar[:, 0],
                "azimuth_deg": polar[:, 1] / RAD_PER_DEG,
                "elevation_deg": polar[:, 2] / RAD_PER_DEG,
                "covariance": [_upper(item.covariance) for item in detections],
                **{f"sensor_{axis}_m": sensor[:, i] for i, axis in enumerate(("east", "north", "up"))},
                "range_rate_mps": _numbers([item.range_rate_mps for item in detections]),
                **{f"velocity_{axis}_mps": velocity[:, i] for i, axis in enumerate(("east", "north", "up"))},
                "class_word": [item.class_word for item in detections],
                "score": _numbers([item.score for item in detections]),
                "signal_db": _numbers([item.signal_db for item in detections]),
                "rcs_dbsm": _numbers([item.rcs_dbsm for item in detections]),
                "sensor_track": [item.sensor_track for item in detections],
                "exercise": np.array([item.exercise for item in detections]),
            }
        )

    def close(self) -> None:
        """Complete the file."""
        self._file.close()

    def _lla(self, detections: Sequence[Detection], enu: Floats) -> Floats:
        """What the sensor said where it said a place, else what follows from the position; height NaN if unknown."""
        flat = np.isnan(enu[:, 2])
        lla = self._to_lla(np.column_stack((enu[:, :2], np.where(flat, 0.0, enu[:, 2]))))
        lla[flat, 2] = NAN
        for row, item in zip(lla, detections, strict=True):
            if item.lla is not None:
                row[:] = item.lla
        return lla


def _position(item: Detection) -> tuple[float, float, float]:
    match item.kind:
        case MeasurementKind.POSITION_2D:
            return item.values[0], item.values[1], NAN
        case MeasurementKind.POSITION_3D:
            return item.values[0], item.values[1], item.values[2]
        case MeasurementKind.POLAR_3D:
            distance, azimuth, elevation = item.values
            east, north, up = item.sensor_enu_m
            ground = distance * math.cos(elevation)
            return (
                east + ground * math.sin(azimuth),
                north + ground * math.cos(azimuth),
                up + distance * math.sin(elevation),
            )
    return _NONE


def _polar(item: Detection) -> tuple[float, float, float]:
    match item.kind:
        case MeasurementKind.POLAR_2D:
            return item.values[0], item.values[1], NAN
        case MeasurementKind.POLAR_3D:
            return item.values[0], item.values[1], item.values[2]
        case MeasurementKind.AZIMUTH:
            return NAN, item.values[0], NAN
        case MeasurementKind.AZIMUTH_ELEVATION:
            return NAN, item.values[0], item.values[1]
    return _NONE


def _upper(covariance: Sequence[float]) -> list[float]:
    """The upper triangle of a square matrix, by rows."""
    size = math.isqrt(len(covariance))
    return [covariance[i * size + j] for i in range(size) for j in range(i, size)]


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([NAN if value is None else value for value in values])
