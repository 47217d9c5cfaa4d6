"""The CAP message of a chain: valid at every stage, degrees and kilometres where the standard has them."""

import math

import pytest

from tocsin.alerts import Policy
from tocsin.alerts.cap_message import CANCEL_NOTE, EXERCISE_NOTE, cap_message
from tocsin.alerts.chain import Chain
from tocsin.formats.cap import CapMessage, problems, read_cap, write_cap
from tocsin.model.alert import Priority
from tocsin.model.warning import WarningArea, WarningStage, WarningStatus, WarningText

S = WarningStage
OUTLINE_RAD = tuple((math.radians(54.0 + n), math.radians(18.0 - n)) for n in (0.0, 0.1, 0.2, 0.0))
AREAS = (
    WarningArea("gate", (), (math.radians(54.6), math.radians(-18.8)), 250.0),
    WarningArea("yard", OUTLINE_RAD, None, None),
)
TEXTS = (WarningText("en", "Drone", "Drone: gate", "As of 21:04 UTC.", "Go indoors."),)


def message(stage: S, falls: bool = False, status: WarningStatus = WarningStatus.ACTUAL, **more: object) -> CapMessage:
    chain = Chain("W1-X", Policy(name="public", rules=("near",)), "gate", status, falls, 0, areas=AREAS)
    chain.sent_s, chain.issued_s, chain.expires_s = 1_790_000_060.0, 1_790_000_000.0, 1_790_000_660.0
    chain.priority = int(Priority.CRITICAL)
    if stage is not S.ISSUED:
        chain.references = ("tocsin.pier,W1-X-1,2026-09-21T13:33:20-00:00",)
    for name, value in more.items():
        setattr(chain, name, value)
    return cap_message(chain, stage, "W1-X-2", "tocsin.pier", "Pier", TEXTS)


@pytest.mark.parametrize("stage", [S.ISSUED, S.UPDATED, S.ALL_CLEAR, S.CANCELLED])
@pytest.mark.parametrize("falls", [False, True])
@pytest.mark.parametrize("status", [WarningStatus.ACTUAL, WarningStatus.EXERCISE])
def test_every_stage_is_valid_and_reads_back(stage: S, falls: bool, status: WarningStatus) -> None:
    made = message(stage, falls, status)
    assert list(problems(made)) == []
    assert read_cap(write_cap(made)) == made


@pytest.mark.parametrize(
    ("stage", "kind", "response", "urgency", "certainty"),
    [
        (S.ISSUED, "Alert", "Shelter", "Immediate", "Likely"),
        (S.UPDATED, "Update", "Shelter", "Immediate", "Likely"),
        (S.ALL_CLEAR, "Update", "AllClear", "Past", "Observed"),
        (S.CANCELLED, "Cancel", "AllClear", "Past", "Unlikely"),
    ],
)
def test_the_codes_say_what_the_words_say(stage: S, kind: str, response: str, urgency: str, certainty: str) -> None:
    made = message(stage)
    (info,) = made.infos
    assert (made.kind, info.responses, info.urgency, info.certainty) == (kind, (response,), urgency, certainty)
    assert info.severity == "Extreme"


def test_areas_are_in_degrees_latitude_first_and_kilometres() -> None:
    circle, outline = message(S.ISSUED).infos[0].areas
    (((latitude_deg, longitude_deg), radius_km),) = circle.circles_deg_km
    assert (latitude_deg, longitude_deg, radius_km) == pytest.approx((54.6, -18.8, 0.25))
    (corners,) = outline.polygons_deg
    assert corners[0] == corners[-1] == pytest.approx((54.0, 18.0))


def test_notes_are_those_of_exercise_and_withdrawal() -> None:
    assert message(S.ISSUED).note == ""
    assert message(S.CANCELLED).note == CANCEL_NOTE
    assert message(S.CANCELLED, status=WarningStatus.EXERCISE).note == EXERCISE_NOTE


def test_a_priority_that_is_not_known_is_no_severity() -> None:
    assert message(S.ISSUED, priority=0).infos[0].severity == "Unknown"
