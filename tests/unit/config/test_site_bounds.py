"""No number or name that cannot be meant gets past the site file, whichever key it stands at."""

import math
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest

from tocsin.config.site import SiteError, parse_site, read_site
from tocsin.config.strict import WrongValue, alternatives, decode, is_struct, spelled
from tocsin.config.tables import SiteFile
from tocsin.formats.columns import Sigma

pytestmark = pytest.mark.usefixtures("probe")

ROOT = Path(__file__).parents[3]
HEAD = '[site]\nname = "North pier"\nlatitude_deg = 54.6\nlongitude_deg = 18.8\nheight_m = 41.0\n'
SENSOR = '[[sensor]]\nname = "radar-1"\nadapter = "probe"\npose = { east_m = 12, north_m = -3.5 }\n'
ASSET = '[[asset]]\nname = "Terminal"\nposition = { east_m = 0, north_m = 0 }\nradius_m = 150\nreaction_s = 60\n'
RULE = '[[rule]]\nname = "Drone"\nwhen = "enters"\n'
NONSENSE = (math.nan, math.inf, -math.inf, 1e300, -1e300)
# The least that a table must hold, so that what is refused is the number.
LEAST: dict[str, dict[str, Any]] = {
    "SiteTable": {"name": "x", "latitude_deg": 0.0, "longitude_deg": 0.0},
    "SensorTable": {"name": "x", "adapter": "x", "pose": {}},
    "AssetTable": {"name": "x", "position": {}, "radius_m": 1.0, "reaction_s": 1.0},
    "ZoneTable": {"name": "x"},
    "Circle": {"radius_m": 1.0},
    "Rule": {"name": "x", "when": "enters"},
    "Flight": {"name": "x", "identifiers": ["x"]},
    "ShareTable": {"name": "x", "adapter": "x", "transport": "x"},
    "LinkTable": {"name": "x", "adapter": "x"},
    "Policy": {"name": "x", "rules": ["x"]},
    "ChannelTable": {"name": "x", "adapter": "x"},
    "Mode": {"name": "x", "share": 0.5, "noise": 1.0, "climb_noise": 1.0},
}


def bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def within_list(position: int, length: int, shape: Any, number: float) -> list[Any]:
    return [shape(number if i == position else 1.0) for i in range(length)]


def shapes(kind: Any) -> Iterator[tuple[str, Any]]:
    """How a value of `kind` is written with a number in it: the path to each number, and a value that takes it."""
    for member in map(bare, alternatives(bare(kind))):
        if member is float:
            yield "", lambda number: number
        elif get_origin(member) is tuple:
            items = [item for item in get_args(member) if item is not Ellipsis]
            for where, shape in shapes(items[0]):
                for k in range(len(items)):
                    yield f"[{k + 1}]{where}", partial(within_list, k, len(items), shape)
        elif get_origin(member) is dict:
            for where, shape in shapes(get_args(member)[1]):
                yield f".a{where}", lambda number, shape=shape: {"a": shape(number)}
        elif is_struct(member):
            for path, shape in numbers(member):
                yield f".{path}", shape


def numbers(kind: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    """Every number of a table, at any depth."""
    least = LEAST.get(kind.__name__, {})
    for field in msgspec.structs.fields(kind):
        key = spelled(field.encode_name)
        for where, shape in shapes(field.type):
            yield key + where, lambda number, key=key, shape=shape: {**least, key: shape(number)}


SITE = dict(numbers(SiteFile))
SIGMA = dict(numbers(Sigma))


def test_the_walk_finds_the_numbers() -> None:
    assert len(SITE) > 100
    assert {"site.height_m", "sensor[1].view.range_m[2]", "zone[1].polygon_m[1][2]", "tracking.late_window_s"} <= set(
        SITE
    )
    assert {"identity.prior.a", "identity.words.a.a.a", "tracking.falling.wind_mps[2]", "web.answer_s"} <= set(SITE)


@pytest.mark.parametrize("number", NONSENSE)
@pytest.mark.parametrize(("kind", "path"), [(SiteFile, path) for path in SITE] + [(Sigma, path) for path in SIGMA])
def test_no_number_of_a_site_file_may_be_nonsense(kind: type[msgspec.Struct], path: str, number: float) -> None:
    value = (SITE if kind is SiteFile else SIGMA)[path](number)
    if kind is SiteFile and not path.startswith("site."):
        value["site"] = LEAST["SiteTable"]
    with pytest.raises(WrongValue) as caught:
        decode(value, kind)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(path.split("[")[0]), str(caught.value)
    if math.isnan(number):
        assert str(caught.value) == f"{path}: expected a finite number, got nan"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD.replace("41.0", "1e12"), "site.height_m: must be <= 100000.0"),
        (HEAD.replace("41.0", "-1e7"), "site.height_m: must be >= -12000.0"),
        (HEAD + SENSOR.replace("12,", "1e7,"), 'sensor[1] "radar-1": pose.east_m: must be <= 1000000.0'),
        (
            HEAD
            + SENSOR
            + "view = { range_m = [0.0, 1e6] }\n"
            + SENSOR.replace("r-1", "r-2")
            + "view.range_m = [0, 1e7]",
            'sensor[2] "radar-2": view: range: the nearest must be at least 0 and below the farthest, the farthest at'
            " most 1000000 m, got [0.0, 10000000.0]",
        ),
        (HEAD + SENSOR + "silent_after_s = 1e8\n", 'sensor[1] "radar-1": silent_after_s: must be <= 31536000.0'),
        (HEAD + SENSOR + "track.false_per_look = 1e8\n", 'sensor[1] "radar-1": track.false_per_look: must be <= '),
        (HEAD + SENSOR + "track.inflation = 1e-300\n", 'sensor[1] "radar-1": track.inflation: must be >= '),
        (HEAD + SENSOR + "scan.period_s = 1e-300\n", 'sensor[1] "radar-1": scan: period_s: must be between 0.0001 and'),
        (HEAD + ASSET.replace("150", "1e7"), 'asset[1] "Terminal": radius_m: must be <= 1000000.0'),
        (HEAD + ASSET.replace("60", "1e6"), 'asset[1] "Terminal": reaction_s: must be <= 86400.0'),
        (HEAD + RULE + "within_s = 1e5\n", 'rule[1] "Drone": within_s: must be <= 3600.0'),
        (
            HEAD + RULE + "within_s = 121\n",
            'rule[1] "Drone": within_s: is beyond threat.horizon_s: got 121 s, and 120 s',
        ),
        (HEAD + RULE + "looks = [1, 9000000000]\n", 'rule[1] "Drone": looks: n of m needs 1 <= n <= m <= 100'),
        (HEAD + RULE + 'suppressed_by = ["Drone"]\n', 'rule[1] "Drone": suppressed_by: a rule cannot suppress itself'),
        (HEAD + "[tracking]\nlate_window_s = -5.0\n", "tracking.late_window_s: must be >= 0.0"),
        (HEAD + "[tracking]\nlate_window_s = 4000\n", "tracking.late_window_s: must be <= 3600"),
        (HEAD.replace("54.6", "nan"), "site.latitude_deg: expected a finite number, got nan"),
        (HEAD.replace("54.6", "-inf"), "site.latitude_deg: expected a finite number, got -inf"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(text, "s.toml")
    assert str(caught.value).startswith(f"s.toml: {message}")


@pytest.mark.parametrize("value", [1e-300, 0.0, -1.0, 1e7])
@pytest.mark.parametrize("key", ["horizontal_m", "up_m", "range_m", "azimuth_deg", "elevation_deg", "range_rate_mps"])
def test_a_standard_deviation_is_one(key: str, value: float) -> None:
    with pytest.raises(WrongValue, match=f"^{key}: must be "):
        decode({key: value}, Sigma)


@pytest.mark.parametrize(
    "name", ["a\nb", "../a", "a/b", "a\\b", "..", ".", "", "a\x1bb", "a\u202eb", "a\u200b", "x\x7f", "a\n"]
)
@pytest.mark.parametrize("table", ["site", "sensor", "asset", "zone", "rule", "share", "channel"])
def test_a_name_is_seen_whole_and_is_no_path(table: str, name: str) -> None:
    kind = {"site": "SiteTable", "share": "ShareTable", "rule": "Rule"}.get(table, f"{table.title()}Table")
    entry = {**LEAST[kind], "name": name}
    value = {"site": LEAST["SiteTable"], table: entry if table == "site" else [entry]}
    with pytest.raises(
        WrongValue, match=r"name: expected a name of visible characters, without / and \\, not dots alone"
    ):
        decode(value, SiteFile)


@pytest.mark.parametrize("name", ["radar-1", "Brücke 2 (Nord)", "Skärgård", "a.b", "..a", "北"])
def test_people_may_write_names_in_their_own_letters(name: str) -> None:
    assert parse_site(HEAD + SENSOR.replace("radar-1", name)).sensors[0].name == name


@pytest.mark.parametrize("path", sorted(p for p in ROOT.rglob("*.toml") if "site" in p.name or "example" in p.name))
def test_every_site_file_of_this_repository_is_within_bounds(path: Path) -> None:
    assert "site" in tomllib.loads(path.read_text(encoding="utf-8"))
    assert read_site(path).name
