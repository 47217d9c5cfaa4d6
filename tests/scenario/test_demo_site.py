"""What the demo's sensors send is what its site file reads: every row, in the right place, with honest sigmas."""

import math
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tocsin.alerts.rule import Rule, check_rules
from tocsin.config.site import read_site
from tocsin.config.strict import decode
from tocsin.formats.columns import Mapping
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection
from tocsin.model.packet import PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.table.adapter import Adapter
from tocsin.service.decoders import sensor_decoder
from tocsin.simulation.folder import write_folder
from tocsin.simulation.report import Report, ReportKind
from tocsin.simulation.scenario import Scenario, flights, play, read_scenario, reports
from tocsin.simulation.view import polar

DEMO = Path(__file__).parents[2] / "sites" / "demo"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(DEMO / "scenario.toml")


@pytest.fixture(scope="module")
def entries() -> dict[str, Any]:
    site = tomllib.loads((DEMO / "site.toml").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in site["sensor"] if entry["adapter"] == "table"}


@pytest.fixture(scope="module")
def claims(scenario: Scenario) -> dict[str, list[Claim]]:
    site = read_site(DEMO / "site.toml")
    decoders = {s.name: sensor_decoder(site, s) for s in site.sensors if s.adapter != "table"}
    found: dict[str, list[Claim]] = {name: [] for name in decoders}
    for packet in play(scenario, 1, sensors=decoders):
        if packet.kind is PacketKind.DATA:
            found[packet.source] += [c for c in decoders[packet.source].decode(packet) if isinstance(c, Claim)]
    assert all(decoder.statistics()["problems"]["total"] == 0 for decoder in decoders.values())
    return found


def adapter(entry: dict[str, Any], origin: Origin) -> Adapter:
    pose = entry["pose"]
    heading_rad = math.radians(pose.get("heading_deg", 0.0))
    place = Pose(pose["east_m"], pose["north_m"], pose["up_m"], heading_rad)
    context = AdapterContext(entry["name"], place, origin.latitude_rad, origin.longitude_rad, origin.height_m)
    return Adapter(decode(entry["settings"], Mapping), context)


@pytest.fixture(scope="module")
def detections(scenario: Scenario, entries: dict[str, Any]) -> dict[str, list[Detection]]:
    adapters = {name: adapter(entry, scenario.origin) for name, entry in entries.items()}
    found: dict[str, list[Detection]] = defaultdict(list)
    for packet in play(scenario, 1, sensors=adapters):
        if packet.kind is PacketKind.DATA:
            found[packet.source] += [
                item for item in adapters[packet.source].decode(packet) if isinstance(item, Detection)
            ]
    for each in adapters.values():
        assert each.statistics()["problems"]["total"] == 0
    return found


@pytest.fixture(scope="module")
def sent(scenario: Scenario) -> dict[str, list[Report]]:
    both = zip(scenario.plan.sensor, reports(scenario, 1), strict=True)
    return {sensor.name: [r for r in rows if r.kind is ReportKind.PLOT] for sensor, rows in both}


def test_the_rules_can_be_followed(entries: dict[str, Any]) -> None:
    site = tomllib.loads((DEMO / "site.toml").read_text(encoding="utf-8"))
    rules = [decode(rule, Rule) for rule in site["rule"]]
    check_rules(rules, [asset["name"] for asset in site["asset"]], list(entries))


def test_every_plot_becomes_a_detection_at_its_time(
    scenario: Scenario, detections: dict[str, list[Detection]], sent: dict[str, list[Report]]
) -> None:
    for name, found in detections.items():
        assert len(found) == len(sent[name])
        for detection, report in zip(found, sent[name], strict=True):
            assert detection.time_s == pytest.approx(scenario.clock.utc_s(report.time_s), abs=1e-6)
            assert detection.received_s == pytest.approx(scenario.clock.utc_s(report.received_s), abs=1e-6)
            assert detection.exercise


def test_detections_lie_about_the_truth_as_their_sigmas_say(
    scenario: Scenario, detections: dict[str, list[Detection]], sent: dict[str, list[Report]]
) -> None:
    flown = {flight.target: flight for _, flight in flights(scenario, 1)}
    poses = {sensor.name: sensor.pose for sensor in scenario.plan.sensor}
    for name in ("west-radar", "east-radar", "east-radar-2d", "north-radar"):
        errors = []
        for detection, report in zip(detections[name], sent[name], strict=True):
            if report.target and not report.target.startswith("flock"):
                place, _, _ = flown[report.target].at(np.array([report.time_s]))
                seen = np.array([float(value[0]) for value in polar(poses[name], place)])[: len(detection.values)]
                sigma = np.sqrt(np.diag(np.reshape(detection.covariance, (len(seen), len(seen)))))
                off = np.array(detection.values) - seen
                off[1] = (off[1] + math.pi) % (2.0 * math.pi) - math.pi
                errors.append(off / sigma)
        assert len(errors) > 150
        # Biases and tails are in the truth, so the site's sigmas are a little above the noise alone.
        assert np.all(np.std(errors, axis=0) < 1.1)
        assert np.all(np.std(errors, axis=0) > 0.75)


def test_the_written_files_replay_as_the_same_detections(
    scenario: Scenario, entries: dict[str, Any], detections: dict[str, list[Detection]]
) -> None:
    name = "east-radar-2d"
    lines = b"".join(packet.data for packet in play(scenario, 1, sensors={name}) if packet.kind is PacketKind.DATA)
    reader = adapter(entries[name], scenario.origin)
    again = [
        item
        for packet in reader.packets(lines, f"{name}.jsonl")
        for item in reader.decode(packet)
        if isinstance(item, Detection)
    ]
    assert [(d.time_s, d.received_s, d.values) for d in again] == [
        (d.time_s, d.received_s, d.values) for d in detections[name]
    ]


def test_every_claim_is_heard_and_lies_near_who_makes_it(scenario: Scenario, claims: dict[str, list[Claim]]) -> None:
    flown = {flight.target: flight for _, flight in flights(scenario, 1)}
    both = zip(scenario.plan.sensor, reports(scenario, 1), strict=True)
    heard = {sensor.name: [r for r in rows if r.kind is ReportKind.CLAIM] for sensor, rows in both}
    assert {name: len(found) > 50 for name, found in claims.items()} == {
        "west-adsb": True, "east-remote-id": True, "east-adsb": True,
    }  # fmt: skip
    for name, found in claims.items():
        assert len(found) == len(heard[name])
        for claim, report in zip(found, heard[name], strict=True):
            assert claim.latitude_rad is not None
            assert claim.longitude_rad is not None
            assert claim.exercise
            assert claim.time_s == pytest.approx(scenario.clock.utc_s(report.time_s), abs=0.06)
            place = enu_from_lla(scenario.origin, np.array([[claim.latitude_rad, claim.longitude_rad, 500.0]]))[0]
            truth, _, _ = flown[report.target].at(np.array([report.time_s]))
            assert math.hypot(*(place - truth[0])[:2]) < 40.0


def test_written_claims_replay_as_the_same(scenario: Scenario, claims: dict[str, list[Claim]], tmp_path: Path) -> None:
    write_folder(scenario, 1, tmp_path)
    site = read_site(DEMO / "site.toml")
    for sensor in site.sensors:
        if sensor.name in claims:
            (path,) = tmp_path.glob(str(sensor.files))
            decoder: Any = sensor_decoder(site, sensor)
            again = [c for packet in decoder.packets(path.read_bytes(), path.name) for c in decoder.decode(packet)]
            assert [(c.identifier, c.latitude_rad, c.longitude_rad) for c in again] == [
                (c.identifier, c.latitude_rad, c.longitude_rad) for c in claims[sensor.name]
            ]
            assert [c.time_s for c in again] == pytest.approx([c.time_s for c in claims[sensor.name]], abs=1e-3)
