"""Earlier incidents belong to a series by a measure that is shown."""

import pytest

from record_builder import Records
from tocsin.incidents.series import series
from tocsin.model.record import Incident, Retraction


def incident(
    records: Records, begins: str, kind: str = "drones", place: str = "", lat: float | None = None, lon: float = 0.0
) -> str:
    position = (lat, lon) if lat is not None else (None, None)
    return records.add(
        Incident("x", kind, begins=begins, place=place, latitude_deg=position[0], longitude_deg=position[1])
    )


def test_distance_and_days_are_shown() -> None:
    records = Records()
    first = incident(records, "2031-02-01T12:00:00Z", lat=54.0, lon=18.0)
    this = incident(records, "2031-02-03", lat=54.5, lon=18.0)
    (found,) = series(records.graph, this)
    assert found.id == first
    # Half a degree of a great circle on the mean sphere: 6371.0088 km * pi / 360 = 55.597 km.
    assert found.distance_m == pytest.approx(55_597.5, abs=1.0)
    assert found.measure == "same kind (drones), 55.6 km away, 1.5 days before"


@pytest.mark.parametrize(
    "other",
    [
        {"begins": "2031-02-04", "lat": 54.0},  # later
        {"begins": "2030-12-01", "lat": 54.0},  # long before
        {"begins": "2031-02-01", "lat": 56.0},  # far away
        {"begins": "2031-02-01", "lat": 54.0, "kind": "rockets"},
        {"begins": "", "lat": 54.0},  # nobody knows when
        {"begins": "2031-02-01", "place": "Velmora"},  # no position, another name
    ],
)
def test_what_does_not_belong(other: dict[str, object]) -> None:
    records = Records()
    incident(records, **other)  # type: ignore[arg-type]
    assert series(records.graph, incident(records, "2031-02-03", place="Karoon", lat=54.0)) == []


def test_a_place_name_stands_in_for_a_position_and_what_was_withdrawn_for_nothing() -> None:
    records = Records()
    first = incident(records, "2031-02-01", place="Velmora")
    this = incident(records, "2031-02-03", place="velmora")
    assert [found.measure for found in series(records.graph, this)] == [
        "same kind (drones), same place name, 2.0 days before"
    ]
    records.add(Retraction(first, "did not happen"))
    assert series(records.graph, this) == []
