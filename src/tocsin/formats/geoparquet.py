"""GeoParquet: points as a column that map programs open, and the metadata that tells them of it.

Version 1.1.0 of the OGC standard: a column `geometry` of well-known binary (ISO WKB: points of longitude and latitude
in degrees, little-endian) in the default coordinates, OGC:CRS84. A point with a NaN is null.
"""

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

COLUMN = "geometry"
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("longitude", "<f8"), ("latitude", "<f8")])
_SPEC = {
    "version": "1.1.0",
    "primary_column": COLUMN,
    "columns": {COLUMN: {"encoding": "WKB", "geometry_types": ["Point"]}},
}


def metadata(schema: int) -> dict[bytes | str, bytes | str]:
    """The key-value metadata of a file: what map programs read, and `schema`, the version of our own columns."""
    return {b"geo": msgspec.json.encode(_SPEC), b"schema": str(schema).encode()}


def points(longitude_deg: NDArray[np.float64], latitude_deg: NDArray[np.float64]) -> Any:
    """An Arrow array of n WKB points, null where either coordinate is NaN."""
    rows = np.zeros(longitude_deg.size, _POINT)
    rows["order"], rows["kind"] = 1, 1
    rows["longitude"], rows["latitude"] = longitude_deg, latitude_deg
    unknown = np.isnan(longitude_deg) | np.isnan(latitude_deg)
    fixed = pa.array(rows.view(f"V{_POINT.itemsize}").tolist(), pa.binary(_POINT.itemsize), mask=unknown)
    return fixed.cast(pa.binary())
