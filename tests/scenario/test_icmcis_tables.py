"""The real files of the ICMCIS trial through the site file: what is in them, counted beforehand with other means.

The counts were taken from the files with the csv module alone: rows, rows with a track, distinct (time, latitude,
longitude), messages (distinct received times), rows with a bearing.
"""

import math
from collections import Counter
from pathlib import Path

import msgspec
import numpy as np
import pytest

from shared_data import shared
from tocsin.config.site import Site, read_site
from tocsin.evaluation.truth import TruthMap, read_truth, read_truth_map
from tocsin.model.adapter import AdapterContext, Decoded
from tocsin.model.detection import Detection, Look, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.table.adapter import Adapter

DEG = math.pi / 180.0
HERE = Path(__file__).parent / "icmcis"
DATA = shared("data/icmcis_cuas")


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site(HERE / "site.toml")


def adapter(site: Site, name: str) -> Adapter:
    sensor = next(sensor for sensor in site.sensors if sensor.name == name)
    origin = site.origin
    context = AdapterContext(name, sensor.pose, origin.latitude_rad, origin.longitude_rad, origin.height_m)
    return Adapter(sensor.settings, context)  # type: ignore[arg-type]


def decoded(site: Site, name: str, run: str) -> tuple[Adapter, list[Packet], list[Decoded]]:
    path = DATA / f"Scenario_{run}" / f"{name}_scenario.csv.gz"
    one = adapter(site, name)
    packets = list(one.packets(path.read_bytes(), path.name))
    return one, packets, [item for packet in packets for item in one.decode(packet)]


@pytest.mark.parametrize(
    ("run", "rows", "updates", "distinct", "turns", "turns_with_new"),
    [("1_1", 628, 162, 129, 610, 129), ("1_3", 413, 138, 111, 403, 111), ("2_1", 1012, 610, 459, 866, 390)],
)
def test_alvira(site: Site, run: str, rows: int, updates: int, distinct: int, turns: int, turns_with_new: int) -> None:
    one, packets, items = decoded(site, "ALVIRA", run)
    counts = one.statistics()
    assert sum(packet.kind is PacketKind.DATA for packet in packets) == turns
    assert (counts["rows"], counts["repeated"] + counts["detections"], counts["detections"]) == (
        rows,
        updates,
        distinct,
    )
    assert counts["looks"] == turns - turns_with_new
    assert counts["problems"]["total"] == counts["broken"] == 0
    detections = [item for item in items if isinstance(item, Detection)]
    assert {item.kind for item in detections} == {MeasurementKind.POSITION_2D}
    ages = [item.received_s - item.time_s for item in detections]
    assert 0.1 < min(ages) and max(ages) < 12.0  # a report is new at most once, and repeats are the old ones
    for item in items:
        assert isinstance(item, Detection | Look) and item.sensor == "ALVIRA"


def test_arcus(site: Site) -> None:
    one, packets, items = decoded(site, "ARCUS", "1_1")
    counts = one.statistics()
    assert sum(packet.kind is PacketKind.DATA for packet in packets) == 175
    assert (counts["rows"], counts["repeated"] + counts["detections"], counts["detections"]) == (18109, 16965, 6633)
    assert counts["looks"] == 18
    assert counts["problems"]["total"] == counts["broken"] == 0
    detections = [item for item in items if isinstance(item, Detection)]
    # Were the received time carried forward row by row, rows of one second would be spread over two messages: some
    # would be older than when they were received, and the youngest would be younger than 0.2 s.
    assert min(item.received_s - item.time_s for item in detections) == pytest.approx(0.206, abs=1e-3)
    assert len({item.received_s for item in detections}) == 157
    assert {item.class_word for item in detections} == {"UNKNOWN", "OTHER", "VEHICLE"}
    assert {item.kind for item in detections} == {MeasurementKind.POSITION_3D}


def test_diana(site: Site) -> None:
    one, _, items = decoded(site, "DIANA", "1_1")
    counts = one.statistics()
    assert (counts["rows"], counts["detections"], counts["blank"], counts["broken"]) == (628, 625, 3, 0)
    azimuths = [item.values[0] / DEG for item in items if isinstance(item, Detection)]
    assert all(0.0 <= azimuth < 360.0 for azimuth in azimuths)
    assert azimuths[0] == pytest.approx(27.521214, abs=1e-3)
    assert azimuths[5] == pytest.approx(360.0 - 25.759901, abs=1e-3)
    words = Counter(item.class_word for item in items if isinstance(item, Detection))
    assert set(words) == {"drone", "controller"}
    places = {item.sensor_enu_m for item in items if isinstance(item, Detection)}
    assert len(places) == 1  # the position stands in one row of a message, and holds for all


def test_diana_before_it_says_where_it_is(site: Site) -> None:
    """The first row of 1_3 has no position: the pose stands in, and is the same place."""
    _, _, items = decoded(site, "DIANA", "1_3")
    first, second = items[:2]
    assert isinstance(first, Detection) and isinstance(second, Detection)
    assert first.sensor_enu_m == pytest.approx(second.sensor_enu_m, abs=0.1)


def test_venus(site: Site) -> None:
    one, _, items = decoded(site, "VENUS", "1_1")
    counts = one.statistics()
    assert (counts["rows"], counts["detections"], counts["blank"], counts["broken"]) == (803, 584, 219, 0)
    spreads = {round(math.sqrt(item.covariance[0]) / DEG, 6) for item in items if isinstance(item, Detection)}
    assert min(spreads) == 20.0 and round(math.hypot(20.0, 2.0), 6) in spreads


def test_any_cut_of_the_real_bytes(site: Site) -> None:
    for name in ("ALVIRA", "ARCUS", "DIANA", "VENUS"):
        _, packets, items = decoded(site, name, "1_1")
        again = adapter(site, name)
        found: list[Decoded] = []
        for packet in packets:  # each packet in pieces of a size that never meets a line's end
            for start in range(0, len(packet.data), 977):
                found += again.decode(msgspec.structs.replace(packet, data=packet.data[start : start + 977]))
        found += again.decode(packets[-1])
        assert repr(found) == repr(items)


def test_the_radar_is_where_the_flight_log_says(site: Site) -> None:
    """ALVIRA's reports lie within 60 m of the flight log, save some of another target; nothing is turned or shifted."""
    _, _, items = decoded(site, "ALVIRA", "1_1")
    tracks, bad_rows = read_truth(DATA / "Scenario_1_1" / "truth_drone.csv.gz", truth_map(), site.origin)
    (truth,) = tracks
    assert (len(truth.time_s), bad_rows) == (7979, {})
    apart = np.array(
        [
            math.hypot(
                item.values[0] - np.interp(item.time_s, truth.time_s, truth.position_enu_m[:, 0]),
                item.values[1] - np.interp(item.time_s, truth.time_s, truth.position_enu_m[:, 1]),
            )
            for item in items
            if isinstance(item, Detection)
        ]
    )
    assert (apart < 60.0).sum() == 109
    assert np.median(apart[apart < 60.0]) == pytest.approx(16.24, abs=0.1)


def test_the_flight_logs(site: Site) -> None:
    (one,), _ = read_truth(DATA / "Scenario_1_3" / "truth_drone.csv.gz", truth_map(), site.origin)
    assert len(one.time_s) == 4729 and 0 < one.flying.sum() < 4729
    both, _ = read_truth(DATA / "Scenario_2_1" / "truth_two_drones_1hz.csv.gz", truth_map(), site.origin)
    assert [track.target for track in both] == ["drone 1", "drone 2"]
    for track in (one, *both):  # a fix of 0.0 would lie in the Gulf of Guinea
        assert np.hypot(*track.position_enu_m[:, :2].T).max() < 3000.0


def truth_map() -> TruthMap:
    return read_truth_map(HERE / "truth.toml")
