"""A reader of GeoJSON written from RFC 7946 alone; it shares nothing with the encoder it checks."""

import json
from typing import Any

_POSITIONS = {"Point": 0, "LineString": 1, "Polygon": 2}


def read(data: bytes) -> list[dict[str, Any]]:
    """The features of one collection; `AssertionError` names what the RFC does not allow."""
    collection = json.loads(data, parse_constant=lambda word: _refuse(f"{word} is not JSON"))
    assert collection["type"] == "FeatureCollection"
    assert "coordinates" not in collection and "geometry" not in collection and "properties" not in collection  # 7.1
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert "geometry" in feature and "properties" in feature
        assert isinstance(feature.get("id", ""), (str, int, float))
        if feature["geometry"] is not None:
            _geometry(feature["geometry"])
    return collection["features"]


def _geometry(geometry: dict[str, Any]) -> None:
    assert set(geometry) == {"type", "coordinates"}
    nested = [geometry["coordinates"]]
    for _ in range(_POSITIONS[geometry["type"]]):
        nested = [inner for outer in nested for inner in outer]
    for position in nested:
        assert 2 <= len(position) <= 3 and all(isinstance(number, (int, float)) for number in position)
        assert -180.0 <= position[0] <= 180.0 and -90.0 <= position[1] <= 90.0
    if geometry["type"] == "Polygon":
        for k, ring in enumerate(geometry["coordinates"]):
            assert len(ring) >= 4 and ring[0] == ring[-1]
            area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))
            assert (area > 0) == (k == 0), "right-hand rule"


def _refuse(reason: str) -> None:
    raise AssertionError(reason)
