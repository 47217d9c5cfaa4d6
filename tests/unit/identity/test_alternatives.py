"""What else it could be: Venus, a rising moon, an airliner, each by its numbers; tracks, and what was not seen."""

import math
from datetime import datetime

import msgspec
import numpy as np
import pytest

from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.identity import Watch
from tocsin.identity.alternatives import Alternative, LineOfSight, Wind, alternatives
from tocsin.model.identity import CLASS_COUNT, ClaimState, IdentityColumns, TargetClass, Verdict
from tocsin.model.sensor import Health, Pose
from tocsin.sensing.view import View
from tocsin.units import RAD_PER_DEG
from track_builder import track_columns

PIER = Origin(54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
RADAR = Watch("radar", Pose(), View(range_m=(0.0, 5000.0)), True)


def line(azimuth_deg: float, elevation_deg: float | None, time: str = "2025-01-20T17:30:00Z") -> LineOfSight:
    return LineOfSight(
        enu_m=(0.0, 0.0, 1.6),
        latitude_rad=PIER.latitude_rad,
        longitude_rad=PIER.longitude_rad,
        height_m=41.0,
        azimuth_rad=azimuth_deg * RAD_PER_DEG,
        azimuth_sigma_rad=10.0 * RAD_PER_DEG,
        time_s=datetime.fromisoformat(time).timestamp(),
        elevation_rad=None if elevation_deg is None else elevation_deg * RAD_PER_DEG,
        elevation_sigma_rad=7.0 * RAD_PER_DEG,
    )


def named(found: tuple[Alternative, ...], name: str) -> Alternative:
    return next(one for one in found if one.name == name)


def claim(place_m: tuple[float, float, float], **more: object) -> ClaimState:
    time_s = line(0.0, None).time_s
    plain = ClaimState("ads-b", "48AD01", "adsb", Verdict.CORROBORATED, (), time_s, time_s, place_m, callsign="LOT3PE")
    return msgspec.structs.replace(plain, **more)


def test_a_bright_light_in_the_south_west_at_dusk_is_venus() -> None:
    """Gdansk Bay, 20 January 2025: by astropy Venus stood at 236.3 degrees, 16.5 up."""
    found = alternatives(line(230.0, 20.0))
    assert found[0].name == "Venus"
    assert found[0].sigmas == pytest.approx(math.hypot(6.295 / 10.0, 3.53 / 7.0), abs=0.01)
    assert "236 deg, 16 deg up" in found[0].words
    assert "magnitude -4." in found[0].words


def test_an_orange_light_low_in_the_north_east_is_the_rising_moon() -> None:
    """5 November 2025, fifty minutes after it rose: by astropy at 62.8 degrees, 5.0 up."""
    found = named(alternatives(line(70.0, 3.0, "2025-11-05T15:10:00Z")), "Moon")
    assert found.sigmas == pytest.approx(math.hypot(7.175 / 10.0, 2.05 / 7.0), abs=0.01)
    assert "063 deg, 5 deg up, 100 % lit" in found.words


def test_lights_that_stand_still_are_an_airliner_on_its_way_in() -> None:
    """An airliner 12 km out on the line at 600 m, as its own places say; the frame by pyproj's own test elsewhere."""
    place = enu_from_lla(PIER, np.array([[54.6 * RAD_PER_DEG, 18.9857 * RAD_PER_DEG, 641.0]]))[0]
    east_m, north_m, up_m = place.tolist()
    found = named(alternatives(line(92.0, 4.0), [claim((east_m, north_m, up_m))]), "LOT3PE")
    assert found.kind == "aircraft"
    assert "12.0 km away (corroborated)" in found.words
    assert found.sigmas < 0.5


def test_what_is_off_the_line_or_old_is_not_named() -> None:
    behind = claim((-12_000.0, 0.0, 600.0))
    old = claim((12_000.0, 0.0, 600.0), time_s=line(0.0, None).time_s - 60.0)
    nowhere = claim((math.nan, math.nan, math.nan))
    assert {one.kind for one in alternatives(line(92.0, 4.0), [behind, old, nowhere])} <= {"star", "planet", "unseen"}


def test_an_expected_flight_is_named_as_such() -> None:
    flight = claim((900.0, 0.0, 80.0), means="remote-id", roster="Survey of the field", conforms=True)
    found = named(alternatives(line(92.0, 4.0), [flight]), "Survey of the field")
    assert found.kind == "expected flight"
    assert (
        named(
            alternatives(line(92.0, 4.0), [msgspec.structs.replace(flight, conforms=False)]), "Survey of the field"
        ).kind
        == "drone"
    )


def test_a_track_on_the_line_is_named_and_then_nothing_went_unseen() -> None:
    tracks = track_columns(["u"], position_enu_m=(1500.0, 0.0, 120.0))
    found = alternatives(line(92.0, 4.0), tracks=tracks, watches=[RADAR])
    assert found[0].name == "T1"
    assert "1.5 km away" in found[0].words
    assert not any(one.kind == "unseen" for one in found)


def test_what_our_sensors_would_have_seen_is_told_last() -> None:
    *_, last = alternatives(line(92.0, 4.0), watches=[RADAR])
    assert last.kind == "unseen"
    assert "0.3 to 4.9 km away on that line would have been seen by radar (90 % a look at best)" in last.words
    blind = Watch("radar", Pose(), View(blind_rad=((1.0, 2.0),)), True)
    for watches, health in (([blind], {}), ([], {}), ([RADAR], {"radar": Health.SILENT})):
        *_, last = alternatives(line(92.0, 4.0), watches=watches, health=health)
        assert last.name == "no sensor"


def test_without_an_elevation_the_direction_alone_decides() -> None:
    assert "Venus" in {one.name for one in alternatives(line(230.0, None))}
    assert "Venus" not in {one.name for one in alternatives(line(120.0, None))}


EASTERLY = Wind(-6.0, 1.0, 1.5)


def north(velocity_mps: tuple[float, float, float]):
    return track_columns(["one"], position_enu_m=(0.0, 2000.0, 300.0), velocity_enu_mps=velocity_mps)


def kinds(found: tuple[Alternative, ...]) -> list[str]:
    return [one.kind for one in found if one.kind in ("balloon", "bird")]


def test_what_goes_with_the_wind_may_be_a_balloon() -> None:
    found = alternatives(line(0.0, 8.0), tracks=north((-5.0, 1.0, 1.5)), wind=EASTERLY)
    balloon = named(found, "balloon or debris (T1)")
    assert balloon.kind == "balloon"
    assert "5.1 m/s towards 281 deg and +1.5 m/s up; the wind goes 6.1 m/s towards 279 deg" in balloon.words
    apart = 1.0 / math.hypot(1.5, 1.0)  # 1 m/s off, known to 1.5 m/s of the wind and 1 m/s of the track
    off_line = named(found, "T1").sigmas
    assert balloon.sigmas == pytest.approx(math.hypot(off_line, apart))


@pytest.mark.parametrize("velocity_mps", [(6.0, -1.0, 0.0), (-14.0, 2.0, 0.0), (-6.0, 1.0, 12.0), (-6.0, 1.0, -20.0)])
def test_what_goes_against_the_wind_or_faster_or_climbs_is_no_balloon(velocity_mps: tuple[float, float, float]) -> None:
    assert kinds(alternatives(line(0.0, 8.0), tracks=north(velocity_mps), wind=EASTERLY)) == []


def test_without_a_wind_nothing_is_said_of_balloons() -> None:
    assert kinds(alternatives(line(0.0, 8.0), tracks=north((-5.0, 1.0, 1.5)))) == []


def test_a_balloon_elsewhere_does_not_explain_the_line() -> None:
    assert kinds(alternatives(line(90.0, 8.0), tracks=north((-6.0, 1.0, 0.0)), wind=EASTERLY)) == []


@pytest.mark.parametrize(("chance", "expected"), [(0.6, ["bird"]), (0.1, [])])
def test_what_may_be_a_bird_by_what_is_known_of_it_is_told_with_its_reason(chance: float, expected: list[str]) -> None:
    probability = np.full((1, CLASS_COUNT), (1.0 - chance) / (CLASS_COUNT - 1))
    probability[0, TargetClass.BIRD] = chance
    known = IdentityColumns(probability, np.zeros(1, np.int64), ("possible bird: moves like a bird",), (None,))
    found = alternatives(line(0.0, 8.0), tracks=north((9.0, 0.0, 0.0)), identity=known)
    assert kinds(found) == expected
    if expected:
        assert "9.0 m/s towards 090 deg; possible bird: moves like a bird" in named(found, "bird (T1)").words
