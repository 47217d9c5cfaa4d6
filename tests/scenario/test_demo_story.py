"""The demo's scenario and site file tell one story: places, sensors and times agree, and the drones do arrive."""

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tocsin.model.packet import Packet, PacketKind
from tocsin.simulation.forms import form
from tocsin.simulation.scenario import Scenario, play, read_scenario, truth

DEMO = Path(__file__).parents[2] / "sites" / "demo"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(DEMO / "scenario.toml")


@pytest.fixture(scope="module")
def site() -> dict[str, Any]:
    return tomllib.loads((DEMO / "site.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def packets(scenario: Scenario) -> list[Packet]:
    return list(play(scenario, 1))


def test_site_and_scenario_agree_on_origin_and_sensors(scenario: Scenario, site: dict[str, Any]) -> None:
    plan = scenario.plan
    table = site["site"]
    assert (plan.latitude_deg, plan.longitude_deg, plan.height_m) == (
        table["latitude_deg"], table["longitude_deg"], table["height_m"],
    )  # fmt: skip
    assert table["exercise"] is True
    by_name = {sensor.name: sensor for sensor in plan.sensor}
    for entry in site["sensor"]:
        sensor = by_name[entry["name"]]
        pose = {"heading_deg": 0.0} | entry["pose"]
        expected = sensor.pose
        assert pose == {name: getattr(expected, name) for name in expected.__struct_fields__}
        assert entry["files"] == f"{sensor.name}.{form(sensor.device).suffix}"
        assert [list(pair) for pair in sensor.blind_deg] == entry["view"].get("blind_deg", [])


def test_the_three_places_lie_within_60_km(site: dict[str, Any]) -> None:
    places = np.array([[asset["position"]["east_m"], asset["position"]["north_m"]] for asset in site["asset"]])
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert distances.max() < 60_000.0


def test_every_approaching_drone_enters_its_asset_late_enough_to_be_warned_of(
    scenario: Scenario, site: dict[str, Any]
) -> None:
    drones = [track for track in truth(scenario, 1) if track.kind == "one-way-drone"]
    assert len(drones) == 4
    for drone in drones:
        entries = []
        for asset in site["asset"]:
            centre = [asset["position"]["east_m"], asset["position"]["north_m"]]
            inside = np.linalg.norm(drone.position_enu_m[:, :2] - centre, axis=1) < asset["radius_m"]
            if inside.any():
                entries.append(drone.time_s[inside.argmax()] - drone.time_s[0])
        assert entries
        assert min(entries) > 60.0


def test_the_second_night_begins_after_the_first_nights_targets_have_gone(
    scenario: Scenario, packets: list[Packet]
) -> None:
    (step,) = [packet for packet in packets if packet.kind is PacketKind.CLOCK_STEP]
    first_night = [track.time_s[-1] for track in truth(scenario, 1) if track.time_s[0] < step.received_s]
    last = max(packet.received_s for packet in packets if packet.received_s < step.received_s)
    assert max(first_night) < last - 15.0
    assert step.received_s - last > 20 * 3600.0


def test_no_sensor_falls_silent_but_the_one_that_dies(site: dict[str, Any], packets: list[Packet]) -> None:
    (step,) = [packet.received_s for packet in packets if packet.kind is PacketKind.CLOCK_STEP]
    silent = {}
    for entry in site["sensor"]:
        heard = [packet.received_s for packet in packets if packet.source == entry["name"]]
        gaps = [after - before for before, after in pairwise(heard) if not before < step <= after]
        if max(gaps) > entry["silent_after_s"]:
            silent[entry["name"]] = max(gaps)
    assert list(silent) == ["east-radar-2d"]
    assert 60.0 < silent["east-radar-2d"] < 75.0


def test_the_story_is_told_in_its_order(packets: list[Packet]) -> None:
    notes = [json.loads(packet.data) for packet in packets if packet.kind is PacketKind.COMMAND]
    west, east, herdsman = "Air base fire control", "Desert base fire control", "Herdsman, by telephone"
    assert [note["author"] for note in notes] == [west, west, herdsman, east, east]
    assert "launchers" in notes[2]["reason"]
    assert notes[2]["value"] == "Dry Well post"


def test_the_salvo_falls_on_the_post_last(scenario: Scenario, site: dict[str, Any]) -> None:
    tracks = truth(scenario, 1)
    falling = [track for track in tracks if track.kind == "falling-object"]
    (post,) = [asset for asset in site["asset"] if asset["name"] == "Dry Well post"]
    centre = [post["position"]["east_m"], post["position"]["north_m"]]
    drones_end_s = max(track.time_s[-1] for track in tracks if track.kind == "one-way-drone")
    for track in falling:
        assert np.linalg.norm(track.position_enu_m[-1, :2] - centre) < post["radius_m"]
        assert track.time_s[0] > drones_end_s
    assert max(track.time_s[-1] for track in falling) < scenario.clock.utc_s(359.0)
