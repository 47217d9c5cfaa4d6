"""ASTERIX data blocks, written by libasterix: the other implementation that ours is held to."""

from typing import Any

import asterix.generated as generated

CATEGORIES = {
    21: generated.Cat_021_2_6,
    34: generated.Cat_034_1_29,
    48: generated.Cat_048_1_31,
    62: generated.Cat_062_1_20,
    65: generated.Cat_065_1_6,
}
SOURCE = (("SAC", 25), ("SIC", 201))


def block(category: int, *records: dict[str, Any]) -> bytes:
    """One data block; each record gets its source."""
    kind: Any = CATEGORIES[category]
    made = [kind.cv_record.create({"010": SOURCE} | record) for record in records]
    return bytes(kind.create(made).unparse().to_bytes())


def target(of_day_s: float, range_nm: float, azimuth_deg: float, **items: Any) -> dict[str, Any]:
    """A target of category 048."""
    place = (("RHO", (range_nm, "NM")), ("THETA", (azimuth_deg, "°")))
    return {"140": (of_day_s, "s"), "020": ((5, 0, 0, 0, 0, None),), "040": place} | items


def track(of_day_s: float, number: int, latitude_deg: float, longitude_deg: float, **items: Any) -> dict[str, Any]:
    """A track of category 062."""
    place = (("LAT", (latitude_deg, "°")), ("LON", (longitude_deg, "°")))
    status = ((0, 0, 0, 0, 0, None),)
    return {"070": (of_day_s, "s"), "040": number, "080": status, "105": place} | items
