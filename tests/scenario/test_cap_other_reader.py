"""Every CAP message of a chain as another program reads it: cap-tools (MIT), bound to the schema of OASIS by xsdata.

Its fields are compared with the warning itself, never with what our own reader makes of the same bytes.
"""

import math
from collections.abc import Sequence

import pytest
from cap_tools.models import Alert, Area
from xsdata.exceptions import ConverterWarning, ParserError
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from tocsin.alerts import Policy
from tocsin.model.command import CommandKind
from tocsin.model.warning import Warning, WarningArea, WarningStage
from unit.alerts.test_desk import START_S, Site

S, K = WarningStage, CommandKind
TYPES = {S.ISSUED: "Alert", S.UPDATED: "Update", S.ALL_CLEAR: "Update", S.CANCELLED: "Cancel"}
VALID_S = 60.0


def read(text: str) -> Alert:
    """As the other program reads it; anything that the standard does not know is an error, no loss."""
    strict = ParserConfig(
        fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True
    )
    return XmlParser(config=strict).from_string(text, Alert)


def site(**more: object) -> Site:
    return Site(Policy(**{"name": "public", "rules": ("near",), "approval": "automatic", "test_every_s": 0.0,
                          "valid_s": VALID_S, "languages": ("en", "pl"), **more}))  # fmt: skip


def as_said(told: Sequence[Warning]) -> list[Alert]:
    """Each message of one chain as read, after its fields were compared with the warning."""
    earlier: list[Warning] = []
    found = []
    for warning in told:
        alert = read(warning.cap)
        assert alert.identifier == warning.id
        assert alert.sender == "tocsin.North-pier-quay"
        assert (alert.status.value, alert.msg_type.value, alert.scope.value) == (
            str(warning.status), TYPES[warning.stage], "Public",
        )  # fmt: skip
        assert _s(alert.sent) == warning.sent_s
        assert [(one.sender, one.identifier, _s(one.sent)) for one in alert.references_to_list()] == [
            (alert.sender, one.id, one.sent_s) for one in earlier
        ]
        _same_words(alert, warning, (earlier or [warning])[0].sent_s)
        earlier.append(warning)
        found.append(alert)
    return found


def _same_words(alert: Alert, warning: Warning, first_s: float) -> None:
    over = warning.stage in (S.ALL_CLEAR, S.CANCELLED)
    for info, text in zip(alert.infos, warning.texts, strict=True):
        assert (info.get_language(), info.event, info.headline, info.description, info.instruction) == (
            text.language, text.event, text.headline, text.description, text.instruction,
        )  # fmt: skip
        assert (_s(info.effective), _s(info.onset), _s(info.expires)) == (warning.sent_s, first_s, warning.expires_s)
        assert [one.value for one in info.response_types] == (["AllClear"] if over else ["Shelter"])
        assert info.urgency.value == ("Past" if over else "Immediate")
        for area, meant in zip(info.areas, warning.areas, strict=True):
            _same_area(area, meant)


def _same_area(area: Area, meant: WarningArea) -> None:
    assert area.area_desc == meant.name
    outlines = [[number for one in text.split() for number in _point(one)] for text in area.polygons]
    corners = [number for one in meant.outline_rad for number in _degrees(one)]
    assert outlines == ([pytest.approx(corners, abs=1e-6)] if corners else [])
    assert len(area.circles) == (meant.centre_rad is not None)
    for text in area.circles:
        assert meant.centre_rad is not None and meant.radius_m is not None
        centre, radius_km = text.split()
        assert _point(centre) == pytest.approx(_degrees(meant.centre_rad), abs=1e-6)
        assert float(radius_km) == pytest.approx(meant.radius_m / 1000.0, abs=1e-3)
    assert area.polygons or area.circles


def _point(text: str) -> tuple[float, float]:
    latitude, longitude = text.split(",")
    return float(latitude), float(longitude)


def _degrees(point_rad: tuple[float, float]) -> tuple[float, float]:
    return math.degrees(point_rad[0]), math.degrees(point_rad[1])


def _s(stamp: object) -> float:
    return stamp.to_datetime().timestamp()  # type: ignore[attr-defined, no-any-return]


def test_issued_renewed_worse_and_all_clear() -> None:
    made = site()
    (issued,) = made.look(0.0)
    made.look(30.0)
    made.look(31.0, median_s=5.0)
    made.ask(32.0, K.END_WARNING, issued.chain)
    found = as_said(made.told)
    assert [one.msg_type.value for one in found] == ["Alert", "Update", "Update", "Update"]
    assert [len(one.references_to_list()) for one in found] == [0, 1, 2, 3]
    assert {one.status.value for one in found} == {"Actual"}


def test_withdrawn_as_false() -> None:
    made = site()
    (issued,) = made.look(0.0)
    made.ask(1.0, K.CANCEL_WARNING, issued.chain, reason="a kite")
    _, cancel = as_said(made.told)
    assert (cancel.msg_type.value, cancel.note) == ("Cancel", "The warning was sent in error and is withdrawn.")
    assert {one.certainty.value for one in cancel.infos} == {"Unlikely"}
    assert "a kite" not in made.told[1].cap  # why a person thought so is nobody else's


def test_an_expiry_is_the_end_that_the_last_message_gave_and_no_message() -> None:
    made = site()
    made.look(0.0)
    for k in range(1, 62):
        made.look(float(k), uid=())
    issued, expired = made.told
    (alert,) = as_said([issued])
    assert {_s(one.expires) for one in alert.infos} == {START_S + VALID_S} == {expired.decided_s}
    assert (expired.stage, expired.cap) == (S.EXPIRED, "")


def test_exercise_and_test_are_what_they_are_to_their_end() -> None:
    made = site(places=("gate",))
    (exercise,) = made.look(0.0, exercise=True)
    made.look(30.0, exercise=True)
    made.ask(31.0, K.END_WARNING, exercise.chain)
    drill = as_said([one for one in made.told if one.chain == exercise.chain])
    assert [one.status.value for one in drill] == ["Exercise"] * len(drill) and len(drill) == 3
    assert {one.note for one in drill} == {"Exercise. Nothing of this is real."}
    _, tests = made.ask(40.0, K.TEST_WARNING, "public")
    assert tests and all(one.status.value == "Test" for test in tests for one in as_said([test]))


def test_an_unheard_test_and_a_zone() -> None:
    made = site(places=("yard",), test_every_s=3600.0)
    for k in range(0, 3700, 10):
        made.look(float(k), uid=())
    test = next(one for one in made.told if not one.audible)
    (alert,) = as_said([test])
    assert alert.status.value == "Test" and all(one.polygons for info in alert.infos for one in info.areas)


@pytest.mark.parametrize(("before", "after"), [
    ("<status>Actual</status>", "<status>Real</status>"),
    ("<msgType>Alert</msgType>", "<msgType>Warn</msgType>"),
    ("<scope>Public</scope>", "<scopes>Public</scopes>"),
])  # fmt: skip
def test_the_other_reader_refuses_what_the_standard_does_not_know(before: str, after: str) -> None:
    (issued,) = site().look(0.0)
    assert before in issued.cap
    with pytest.raises((ParserError, ConverterWarning)):
        read(issued.cap.replace(before, after))
