"""The description says what the file says, and warns of what is seldom meant."""

import pytest

from tocsin.config.describe import describe, warnings
from tocsin.config.site import parse_site

pytestmark = pytest.mark.usefixtures("probe")

SITE = """
[site]
name = "North pier"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 41.0
"""
SENSOR = """
[[sensor]]
name = "radar-1"
adapter = "probe"
transport = "udp://127.0.0.1:8600"
pose = { east_m = 0, north_m = 0, up_m = 6 }
view = { range_m = [50, 8000], elevation_deg = [-2, 40], blind_deg = [[110, 128]], detection_probability = 0.9 }
"""
RULE = """
[[rule]]
name = "Drone"
when = "enters"
places = ["Terminal"]
advice = "Clear the hall."
"""
ASSET = """
[[asset]]
name = "Terminal"
position = { east_m = 300, north_m = 300 }
radius_m = 150
reaction_s = 60
people = 200
"""


def test_what_the_file_says_is_said() -> None:
    text = describe(parse_site(SITE + SENSOR + ASSET))
    for part in (
        "North pier: origin 54.600000 N, 18.800000 E, 12.3 m above sea level (41.0 m above the ellipsoid).",
        "radar-1: probe from udp://127.0.0.1:8600; stands at the origin, 6 m above it.",
        "50 m to 8 km, -2 to 40 degrees up, all round but for 110 to 128 degrees; 90 % of looks report a target there",
        "silent after 10 s",
        "Terminal: 150 m round a place 424 m north-east of the origin, about 200 people; 60 s to be safe.",
        "must be seen 1.35 km out",
    ):
        assert part in text
    assert "EXERCISE" not in text
    assert "EXERCISE" in describe(parse_site(SITE + "exercise = true\n"))


def test_blind_approaches_are_counted() -> None:
    (warning,) = (text for text in warnings(parse_site(SITE + SENSOR + ASSET)) if "blind approaches" in text)
    # the sector is 18 degrees wide at the radar, which stands a third of the ring's radius off its centre
    share = int(warning.split(": ")[1].split(" %")[0])
    assert 93 <= share <= 97


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (SITE, "there is no sensor"),
        (SITE, "nothing is protected: there is no asset and no zone"),
        (
            SITE + SENSOR.replace("transport", "files"),
            "radar-1 has no transport: it is heard only when files are replayed",
        ),
        (
            SITE + SENSOR.replace("127.0.0.1", "0.0.0.0"),
            "radar-1 hears whoever reaches this machine over the network: udp://0.0.0.0:8600",
        ),
        (SITE + ASSET.replace("east_m = 300", "east_m = 3e5"), "Terminal lies 300 km from the origin"),
        (SITE + SENSOR + ASSET, "no rule raises an alert when something enters"),
        (SITE + '[web]\nhost = "0.0.0.0"\n', "the page can be reached from other machines: web.host is 0.0.0.0"),
        (SITE + SENSOR + ASSET.replace("east_m = 300", "east_m = 30_000"), "Terminal lies outside every sensor's view"),
        (
            SITE + SENSOR.replace("east_m = 0", "east_m = 20_000"),
            "radar-1: true north there reads -0.25 degrees in the site's frame; count it in heading_deg",
        ),
    ],
)
def test_what_is_seldom_meant_is_pointed_out(text: str, warning: str) -> None:
    assert warning in warnings(parse_site(text))
    assert warning in describe(parse_site(text))


def test_rules_are_said_in_words() -> None:
    text = describe(parse_site(SITE + SENSOR + ASSET + RULE))
    assert "Drone (medium): when a possible drone or unknown object will enter Terminal within 60 s" in text
    assert "in 2 of 3 detections, unless declared friend.\n    Then: Clear the hall." in text
    assert "sensor silent (high): when any sensor says nothing or is at fault." in text
    own = describe(parse_site(SITE + SENSOR + '[[rule]]\nname = "Quiet"\nwhen = "silent"\nsensors = ["radar-1"]\n'))
    assert "Quiet (medium): when radar-1 says nothing or is at fault." in own
    assert "sensor silent" not in own


def test_a_sound_site_gives_no_warning_of_its_sensors() -> None:
    site = parse_site(SITE + SENSOR.replace("blind_deg = [[110, 128]], ", "") + ASSET + RULE)
    assert warnings(site) == ()
