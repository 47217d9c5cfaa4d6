"""The roster: who is expected, by whatever name, and whether it keeps to what was agreed."""

import math

import pytest

from tocsin.identity.roster import Flight, Roster, RosterError
from tocsin.model.claim import Claim

SURVEY = Flight(
    name="survey", identifiers=("KRN-7",), operator="Karoon Survey", starts="2031-02-04T21:00:00Z",
    ends="2031-02-04T22:00:00Z", east_m=0.0, north_m=0.0, radius_m=500.0, floor_m=0.0, ceiling_m=120.0,
)  # fmt: skip
NINE_PM_S = 1928005200.0
THEN_S = NINE_PM_S + 600.0


def heard(identifier: str = "krn-7", time_s: float = THEN_S, callsign: str | None = None) -> Claim:
    return Claim("remote-id", identifier, "receiver", time_s, time_s, callsign=callsign)


def test_it_is_known_by_identifier_or_call_sign_in_any_case() -> None:
    roster = Roster([SURVEY])
    assert roster.expects(heard()) == SURVEY
    assert roster.expects(heard("7cfff9", callsign="KRN-7 ")) == SURVEY
    assert roster.expects(heard("other")) is None


@pytest.mark.parametrize(
    ("place_m", "time_s", "conforms", "words"),
    [
        ((100.0, 100.0, 60.0), THEN_S, True, "keeps to it"),
        ((520.0, 0.0, 60.0), THEN_S, True, "keeps to it"),
        ((700.0, 0.0, 60.0), THEN_S, False, "200 m outside"),
        ((0.0, 0.0, 300.0), THEN_S, False, "180 m above"),
        ((0.0, 0.0, math.nan), THEN_S, True, "keeps to it"),
        ((0.0, 0.0, 60.0), THEN_S + 7200.0, False, "not at this time"),
        ((math.nan, math.nan, math.nan), THEN_S, None, "not known"),
    ],
)
def test_whether_it_keeps_to_its_volume_and_window(place_m, time_s: float, conforms: bool | None, words: str) -> None:
    found, why = Roster([SURVEY]).conforms(SURVEY, place_m, heard(time_s=time_s))
    assert found is conforms and words in why


def test_a_polygon_may_be_concave() -> None:
    corners = ((0.0, 0.0), (400.0, 0.0), (400.0, 400.0), (200.0, 100.0), (0.0, 400.0))
    flight = Flight(name="p", identifiers=("x",), polygon_m=corners)
    roster = Roster([flight])
    assert roster.conforms(flight, (50.0, 200.0, 0.0), heard("x"))[0] is True
    assert roster.conforms(flight, (200.0, 390.0, 0.0), heard("x"))[0] is False


@pytest.mark.parametrize(
    "changed",
    [
        {"identifiers": ()},
        {"starts": "yesterday"},
        {"starts": "2031-02-04T21:00:00"},
        {"ends": "2031-02-04T20:00:00Z"},
        {"radius_m": None},
        {"polygon_m": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))},
        {"ceiling_m": -5.0},
    ],
)
def test_a_flight_that_cannot_be_meant_is_refused_by_name(changed: dict[str, object]) -> None:
    fields = {name: getattr(SURVEY, name) for name in SURVEY.__struct_fields__} | changed
    with pytest.raises(RosterError, match="survey"):
        Roster([Flight(**fields)])


def test_two_flights_do_not_share_an_identifier_and_one_replaces_itself() -> None:
    roster = Roster([SURVEY])
    with pytest.raises(RosterError, match="already"):
        roster.add(Flight(name="other", identifiers=("KRN-7",)))
    roster.add(Flight(name="survey", identifiers=("KRN-8",)))
    assert roster.expects(heard("KRN-7")) is None and roster.expects(heard("KRN-8")) is not None
    assert roster.remove("survey") and not roster.remove("survey") and not len(roster)
