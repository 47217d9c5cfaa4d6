"""Points as other programs read them, checked with Shapely's bytes for one point."""

import math

import numpy as np

from tocsin.formats.geoparquet import metadata, points


def test_points_are_well_known_binary() -> None:
    found = points(np.array([18.8, math.nan, 1.0]), np.array([54.6, 1.0, math.nan])).to_pylist()
    # shapely.Point(18.8, 54.6).wkb_hex
    assert found[0] == bytes.fromhex("0101000000CDCCCCCCCCCC3240CDCCCCCCCC4C4B40")
    assert found[1:] == [None, None]
    assert points(np.empty(0), np.empty(0)).to_pylist() == []


def test_metadata_name_the_schema() -> None:
    assert metadata(3)[b"schema"] == b"3"
