"""The mapping refuses what cannot be meant, and says which setting."""

from typing import Any

import pytest

from tocsin.config.reference import reasons
from tocsin.config.strict import WrongValue, decode
from tocsin.formats import columns
from tocsin.formats.columns import Mapping, form_of
from tocsin.units import RAD_PER_DEG

PLACE = {"latitude": "lat", "longitude": "lon"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "none of them"),
        ({"latitude": "lat"}, "latitude: also needs longitude"),
        ({"range": "r"}, "range: also needs azimuth"),
        ({**PLACE, "azimuth": "az"}, "latitude and azimuth"),
        ({**PLACE, "height": {"column": "h", "kind": "pressure"}}, "height.reference_m: needed"),
        ({**PLACE, "height": {"column": "h"}}, "kind: missing"),
        ({**PLACE, "height": {"column": "h", "kind": "sea"}}, "height.kind"),
        ({**PLACE, "own": {"latitude": "a"}}, "own: latitude and longitude go together"),
        ({**PLACE, "velocity": {"speed": "v"}}, "velocity: speed and course go together"),
        ({**PLACE, "repeats_s": 3.0}, "repeats_s: needs time"),
        ({**PLACE, "explode": "a"}, "explode: a CSV row holds no list"),
        ({**PLACE, "header": False}, "names: needed"),
        ({**PLACE, "decimal": ",", "delimiter": ","}, "decimal: is the delimiter too"),
        ({**PLACE, "oldest_s": -1.0}, "oldest_s: is not negative"),
        ({"east": "e", "north": "n", "local": {"origin": "point"}}, "local: latitude_deg and longitude_deg"),
        ({**PLACE, "latitud": "lat"}, "did you mean latitude?"),
        ({**PLACE, "time": {"column": "t", "unit": "minutes"}}, "time.unit"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongValue, match=".*") as refused:
        decode(settings, Mapping, ("sensor", 1, "settings"))
    assert said in str(refused.value)
    assert str(refused.value).startswith("sensor[1].settings")


def test_the_three_forms() -> None:
    assert form_of(decode(PLACE, Mapping)) == "place"
    assert form_of(decode({"east": "e", "north": "n", "up": "u"}, Mapping)) == "local"
    assert form_of(decode({"azimuth": "a", "range": "r"}, Mapping)) == "polar"


def test_a_site_file_speaks_degrees() -> None:
    local = {"origin": "point", "latitude_deg": 54.0, "longitude_deg": 18.0}
    mapping = decode({"east": "e", "north": "n", "local": local, "sigma": {"azimuth_deg": 1.0}}, Mapping)
    assert mapping.local.latitude_rad == 54.0 * RAD_PER_DEG
    assert mapping.sigma.azimuth_rad == RAD_PER_DEG


def test_every_setting_says_why_it_is_there() -> None:
    parts = ("Number", "Height", "Time", "Words", "Local", "Own", "Velocity", "Sigma", "SigmaColumns", "Condition")
    for name in (*parts, "Mapping"):
        assert reasons(getattr(columns, name))
