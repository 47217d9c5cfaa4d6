"""A site file is read whole or refused in one line that names the place."""

import math
from pathlib import Path

import msgspec
import pytest

from tocsin.config.site import SiteError, parse_site, read_site
from tocsin.config.tables import TrackTable
from tocsin.geo.frames import Origin
from tocsin.model.sensor import Pose
from tocsin.tracking.scan_rule import ScanRule
from tocsin.tracking.sensor_model import SensorModel, Starts

pytestmark = pytest.mark.usefixtures("probe")

HEAD = '[site]\nname = "North pier"\nlatitude_deg = 54.6\nlongitude_deg = 18.8\nheight_m = 41.0\n'
SENSOR = """[[sensor]]
name = "radar-1"
adapter = "probe"
transport = "udp://127.0.0.1:8600"
pose = { east_m = 12, north_m = -3.5, up_m = 6, heading_deg = 90 }
"""
ASSET = """[[asset]]
name = "Terminal"
position = { latitude_deg = 54.61, longitude_deg = 18.8, altitude_msl_m = 5 }
radius_m = 150
reaction_s = 60
"""
ZONE = '[[zone]]\nname = "Harbour"\npolygon_m = [[0, 0], [0, 100], [100, 100], [100, 0]]\n'
RULE = '[[rule]]\nname = "Drone"\nwhen = "enters"\nplaces = ["Terminal"]\n'
SHARE = '[[share]]\nname = "map"\nadapter = "probe"\ntransport = "file:///out"\n'


def test_the_smallest_site() -> None:
    site = parse_site(HEAD)
    assert site.name == site.seed == "North pier"
    assert site.origin == Origin(math.radians(54.6), math.radians(18.8), 41.0)
    assert site.sensors == site.assets == site.zones == site.rules == site.shares == site.channels == ()
    assert not site.exercise
    assert site.text == HEAD


def test_a_sensor_comes_with_its_adapters_settings_in_radians() -> None:
    sensor = parse_site(
        HEAD + SENSOR + "view = { range_m = [50, 8000], blind_deg = [[110, 128]] }\nsettings = { tilt_deg = 180 }\n"
    ).sensors[0]
    assert sensor.pose == Pose(12.0, -3.5, 6.0, math.pi / 2)
    assert sensor.view.blind_rad == ((math.radians(110), math.radians(128)),)
    assert type(sensor.settings).__module__ == "probe_adapter"
    assert sensor.settings.tilt_rad == math.pi  # type: ignore[attr-defined]
    assert sensor.silent_after_s == 10.0


def test_the_tracker_is_told_the_same_of_a_sensor() -> None:
    sensor = parse_site(
        HEAD
        + SENSOR
        + 'scan = { rule = "sector", period_s = 1.3 }\ntrack = { starts = "rarely", false_per_look = 4 }\n'
    ).sensors[0]
    assert sensor.track == SensorModel(
        "radar-1", sensor.pose, sensor.view, ScanRule("sector", 1.3), false_per_look=4.0, starts=Starts.RARELY
    )


def test_every_setting_of_the_tracker_for_a_sensor_can_be_given() -> None:
    given = {field.name: field.default for field in msgspec.structs.fields(TrackTable)}
    model = {field.name: field.default for field in msgspec.structs.fields(SensorModel)}
    elsewhere = {"name", "pose", "view", "scan"}  # said by the sensor's own table
    elsewhere |= {"sigma_floor", "false_density"}  # their units depend on the kind of measurement, unknown to a file
    assert given == {name: default for name, default in model.items() if name not in elsewhere}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "site: missing"),
        (HEAD.replace("height_m = 41.0\n", ""), "site: a latitude goes with exactly one of height_m"),
        (HEAD.replace("54.6", "95"), "site: a latitude lies between -90 and 90 degrees"),
        (HEAD.replace("18.8", "400"), "site: a longitude lies between -180 and 360 degrees"),
        (HEAD + "[tracking]\nfoo = 1\n", "tracking.foo: unknown key"),
        (HEAD + SENSOR + "view = { range_m = [1] }\n", 'sensor[1] "radar-1": view.range_m: expected 2 numbers, got 1'),
        (HEAD + SENSOR + "view = { range_m = [9, 1] }\n", 'sensor[1] "radar-1": view: range: the nearest must be'),
        (
            HEAD + SENSOR + "settings = { tilt = 1 }\n",
            'sensor[1] "radar-1": settings.tilt: unknown key; did you mean tilt_deg',
        ),
        (
            HEAD + SENSOR + 'settings = { token = "s3cret" }\n',
            'sensor[1] "radar-1": settings.token: a site file holds no secret',
        ),
        (HEAD + SENSOR.replace('"probe"', '"prob"'), 'sensor[1] "radar-1": adapter: no adapter "prob" is installed'),
        (HEAD + SENSOR + SENSOR, 'sensor[2] "radar-1": name: is the name of sensor[1] already'),
        (HEAD + SENSOR.replace("radar-1", "clock"), 'sensor[1] "clock": name: is kept for packets'),
        (
            HEAD + SENSOR.replace("udp:", "upd:"),
            "sensor[1] \"radar-1\": transport: 'upd://127.0.0.1:8600': unknown scheme",
        ),
        (
            HEAD + SENSOR.replace("udp://", "tcp://me:hush@"),
            "sensor[1] \"radar-1\": transport: 'tcp://127.0.0.1:8600': a name or password",
        ),
        (
            HEAD + SENSOR + 'settings = { edition = "0" }\n',
            'sensor[1] "radar-1": settings: edition: is too old',
        ),
        (HEAD + SENSOR + "track = { inflation = 0 }\n", 'sensor[1] "radar-1": track.inflation: must be >= '),
        (HEAD + SENSOR + 'scan = { rule = "turn" }\n', 'sensor[1] "radar-1": scan.rule: '),
        (HEAD + SENSOR + "scan = { period_s = 0 }\n", 'sensor[1] "radar-1": scan: period_s: must be between'),
        (
            HEAD + SHARE.replace("file:", "tcp-listen:"),
            "share[1] \"map\": transport: 'tcp-listen:/out': unknown scheme",
        ),
        (HEAD + SENSOR.replace("north_m = -3.5, ", ""), 'sensor[1] "radar-1": pose: a place needs east_m and north_m'),
        (
            HEAD + SENSOR.replace("up_m = 6", "height_m = 6"),
            'sensor[1] "radar-1": pose: give east_m, north_m and up_m, or',
        ),
        (
            HEAD + ASSET.replace("longitude_deg = 18.8, ", ""),
            'asset[1] "Terminal": position: latitude_deg and longitude_deg go',
        ),
        (
            HEAD + ASSET.replace(", altitude_msl_m = 5", ""),
            'asset[1] "Terminal": position: a latitude goes with exactly one',
        ),
        (HEAD + ASSET.replace("150", "0"), 'asset[1] "Terminal": radius_m: must be > 0'),
        (
            HEAD + ASSET + ZONE.replace("Harbour", "Terminal"),
            'zone[1] "Terminal": name: is the name of asset[1] already',
        ),
        (HEAD + ZONE + "circle = { radius_m = 5 }\n", 'zone[1] "Harbour": an outline is given by exactly one of'),
        (
            HEAD + ZONE.replace("[0, 100], [100, 100]", "[100, 100], [0, 100]"),
            'zone[1] "Harbour": polygon_m: the edges after',
        ),
        (
            HEAD + ZONE.replace("[100, 0]]", "[0, 0]]"),
            'zone[1] "Harbour": polygon_m: an outline has at least 3 corners',
        ),
        (
            HEAD + ZONE + "floor = { up_m = 5 }\nceiling = { up_m = 5 }\n",
            'zone[1] "Harbour": ceiling: must be above the floor',
        ),
        (HEAD + ZONE + "floor = {}\n", 'zone[1] "Harbour": floor: a height is given by exactly one of'),
        (HEAD + '[alerts]\nself_reporting = ["x"]\n', 'alerts.self_reporting[1]: no sensor is named "x"'),
        (HEAD + '[identity]\nself_reporting = ["x"]\n', 'identity.self_reporting[1]: no sensor is named "x"'),
        (HEAD + RULE.replace("Terminal", "Hall"), "rule[1] \"Drone\": places: there is no 'Hall'"),
        (HEAD + ASSET + RULE + "probability = 0.1\n", 'rule[1] "Drone": 0 < clear_probability <= probability <= 1'),
        (
            HEAD + ASSET + RULE.replace("enters", "leaves"),
            'rule[1] "Drone": when: expected one of "enters", "falls", "silent"',
        ),
        (HEAD + ASSET + RULE + RULE, 'rule[1] "Drone": two rules have this name'),
        (HEAD + SHARE + 'not_from = ["radar-9"]\n', 'share[1] "map": not_from[1]: no sensor is named "radar-9"'),
        (HEAD + "[[sensor]]\nname = 4\n", "sensor[1]: name: expected text, got 4"),
        ("sensor = [1]\n" + HEAD, "sensor[1]: expected a table, got 1"),
        (HEAD + "[sensor]\n", "sensor: expected a list, got a table; write [[sensor]]"),
        (HEAD + '[[asset]]\nname = "two\\nlines"\n', 'asset[1] "two lines": name: expected a name'),
        (HEAD + f"x = {'1' * 5000}\n", "not TOML: "),
        (HEAD + f"x = {'[' * 5000}{']' * 5000}\n", "not TOML: "),
        (HEAD + "oops\n", "not TOML: Expected '=' after a key in a key/value pair (at line 6"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(text, "s.toml")
    assert str(caught.value).startswith(f"s.toml: {message}")
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value) and "hush" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"absent\.toml: cannot be read: No such file"):
        read_site(tmp_path / "absent.toml")
    with pytest.raises(SiteError, match="cannot be read"):
        read_site(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(HEAD.encode() + 'x = "Møn"\n'.encode("latin-1"))
    with pytest.raises(SiteError, match=r"latin\.toml: not UTF-8 text: byte 0xf8 in line 6"):
        read_site(latin)


def test_a_file_from_an_editor_that_writes_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert read_site(path).text == HEAD
