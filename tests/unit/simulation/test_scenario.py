import json
from pathlib import Path

import numpy as np
import pytest

from tocsin.model.packet import Packet, PacketKind
from tocsin.simulation.scenario import ScenarioError, play, read_scenario, reports, truth

HEAD = """
name = "Test"
duration_s = 60.0
latitude_deg = -24.3
longitude_deg = 125.6
height_m = 430.0
chapter = [{ from_s = 0.0, starts = "2031-02-03T19:40:00Z" }, { from_s = 40.0, starts = "2031-02-04T21:00:00Z" }]
"""
EVENT = """
[[event]]
at_s = 20.0
speaker = "A person"
content = "Something seen."
place = "Somewhere"
"""
DRONE = """
[[target]]
name = "drone"
from_s = 2.0
[target.motion]
kind = "one-way-drone"
route = [{ east_m = 0, north_m = 3000, height_m = 200 }, { east_m = 0, north_m = 0, height_m = 0 }]
"""
GULLS = """
[[target]]
name = "gulls"
from_s = 45.0
[target.motion]
kind = "bird"
east_m = 500
north_m = 500
height_m = 60
count = 3
"""
RADAR = """
[[sensor]]
name = "radar"
pose = { east_m = 10, north_m = 0, up_m = 5 }
outage_s = [[10.0, 20.0]]
[sensor.device]
kind = "radar"
"""
ARRAY = """
[[sensor]]
name = "array"
pose = { east_m = 0, north_m = 200, up_m = 3 }
delay = { fixed_s = 0.3, mean_s = 0.2, late_probability = 0.2, late_s = 3.0 }
[sensor.device]
kind = "acoustic"
"""
WHOLE = HEAD + EVENT + DRONE + GULLS + RADAR + ARRAY


def packets(text: str, seed: int = 1) -> list[Packet]:
    return list(play(read_scenario(text), seed))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE.replace('name = "Test"', 'name = "Test"\nspeed = 3'), "unknown field `speed`"),
        (WHOLE.replace('kind = "radar"', 'kind = "radar"\nsigma = 3.0'), "field `sigma` - at `$.sensor[0].device`"),
        (WHOLE.replace('kind = "radar"', 'kind = "sonar"'), "Invalid value 'sonar' - at `$.sensor[0].device.kind`"),
        (WHOLE.replace(", up_m = 3 }", " }"), "missing required field `up_m` - at `$.sensor[1].pose`"),
        (WHOLE.replace("from_s = 2.0", 'from_s = "now"'), "Expected `float`, got `str` - at `$.target[0].from_s`"),
        (WHOLE.replace("late_probability = 0.2", "late_probability = 1.2"), "$.sensor[1].delay.late_probability"),
        (WHOLE.replace('name = "array"', 'name = "radar"'), "sensor[1].name: 'radar' is taken"),
        (WHOLE.replace('name = "array"', 'name = "truth"'), "sensor[1].name: 'truth' is no name"),
        (WHOLE.replace("from_s = 2.0", "from_s = 2.0\nuntil_s = 50.0"), "target[0].until_s"),
        (WHOLE.replace("[[10.0, 20.0]]", "[[20.0, 10.0]]"), "sensor[0].outage_s[0]"),
        (WHOLE.replace("at_s = 20.0", "at_s = 90.0"), "event[0].at_s"),
        (WHOLE.replace("2031-02-04T21:00:00Z", "2031-02-03T19:40:10Z"), "chapter[1]"),
        (WHOLE.replace("2031-02-04T21:00:00Z", "2031-02-04T21:00:00"), "chapter[1].starts"),
        (WHOLE.replace("from_s = 2.0", "from_s = nan"), "target[0].from_s"),
        (WHOLE.replace("east_m = 500", "east_m = inf"), "target[1].motion.east_m: must be finite"),
        (WHOLE + "]", "scenario: "),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text)
    assert said in str(caught.value)


def test_the_same_seed_gives_the_same_packets_and_another_does_not() -> None:
    assert packets(WHOLE) == packets(WHOLE)
    assert packets(WHOLE) != packets(WHOLE, seed=2)


def test_packets_are_ordered_marked_and_in_their_chapter() -> None:
    found = packets(WHOLE)
    received = [packet.received_s for packet in found]
    assert received == sorted(received)
    assert all(packet.exercise for packet in found)
    (step,) = [packet for packet in found if packet.kind is PacketKind.CLOCK_STEP]
    at = found.index(step)
    assert step.received_s - found[at - 1].received_s > 86_400.0
    for packet in found[:at]:
        assert all(
            json.loads(line)["received"] < step.received_s
            for line in packet.data.splitlines()
            if packet.kind is PacketKind.DATA
        )
    for packet in found[at:]:
        assert all(json.loads(line)["time"] >= step.received_s for line in packet.data.splitlines())


def test_a_statement_is_a_note_of_an_operator() -> None:
    (note,) = [packet for packet in packets(WHOLE) if packet.kind is PacketKind.COMMAND]
    command = json.loads(note.data)
    assert (command["kind"], command["author"], command["value"]) == ("note", "A person", "Somewhere")
    assert command["reason"] == "Something seen."


def test_adding_a_target_or_sensor_changes_nothing_of_the_others() -> None:
    alone = [packet.data for packet in packets(HEAD + DRONE + ARRAY) if packet.source == "array"]
    with_more = [packet.data for packet in packets(HEAD + GULLS + DRONE + RADAR + ARRAY) if packet.source == "array"]
    assert alone == with_more
    few, many = read_scenario(HEAD + DRONE + RADAR), read_scenario(HEAD + GULLS + DRONE + RADAR)
    for name in ("drone", ""):
        assert [r for r in reports(few, 1)[0] if r.target == name] == [
            r for r in reports(many, 1)[0] if r.target == name
        ]


def test_a_dead_sensor_sends_nothing_and_comes_back() -> None:
    start_s = packets(HEAD + RADAR)[0].received_s // 60 * 60
    sent_s = [packet.received_s - start_s for packet in packets(HEAD + RADAR) if packet.source == "radar"]
    assert not [s for s in sent_s if 10.3 < s < 20.0]
    assert [s for s in sent_s if 9.0 < s < 10.0]
    assert [s for s in sent_s if 20.0 < s < 21.5]


def test_late_messages_are_received_late_and_keep_their_time() -> None:
    scenario = read_scenario(HEAD + DRONE + ARRAY)
    lateness = np.array([report.received_s - report.time_s for report in reports(scenario, 1)[0]])
    assert lateness.min() >= 0.3
    assert 0.08 < np.mean(lateness > 3.0) < 0.35


def test_only_the_sensors_asked_for_are_played() -> None:
    found = list(play(read_scenario(WHOLE), 1, sensors={"array"}))
    assert {packet.source for packet in found} == {"array", "operator", "clock"}


def test_truth_has_a_row_each_tenth_of_a_second_and_ends_with_its_chapter() -> None:
    tracks = truth(read_scenario(WHOLE), 1)
    assert [track.target for track in tracks] == ["drone", "gulls-1", "gulls-2", "gulls-3"]
    assert [track.kind for track in tracks] == ["one-way-drone", "bird", "bird", "bird"]
    for track in tracks:
        assert np.diff(track.time_s) == pytest.approx(0.1, abs=1e-6)
        assert track.position_enu_m.shape == (len(track.time_s), 3)
    assert tracks[0].time_s[-1] - tracks[0].time_s[0] == pytest.approx(38.0, abs=0.2)  # 2 to 40 s


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nowhere\.toml"):
        read_scenario(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(ScenarioError, match=r"latin\.toml"):
        read_scenario(tmp_path / "latin.toml")
