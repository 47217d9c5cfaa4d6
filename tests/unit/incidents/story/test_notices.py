"""Correction notices in the forms that papers and wires print, and talk of corrections that is none. All invented."""

import pytest

from tocsin.incidents.story.notices import notice_spans, notices


@pytest.mark.parametrize(
    ("text", "kind", "old", "new"),
    [
        ("(Corrects to three drones from five in second paragraph)", "correction", "five", "three drones"),
        ("(Corrects day of the raid from Monday to Tuesday)", "correction", "Monday", "Tuesday"),
        ("(This March 4 story corrects the year in paragraph 3 to 2020, not 2021)", "correction", "2021", "2020"),
        ("(Corrects time of landing to 0400 instead of 0500)", "correction", "0500", "0400"),
        ("Drone falls\n - Corrects height to 40 metres from 400.", "correction", "400", "40 metres"),
        ("(Corrects date from March 17)", "correction", "March 17", ""),
        (
            "An earlier version of this story misstated the number of drones. It was three, not five.",
            "correction",
            "five",
            "three",
        ),
        ("Correction: The drone fell on Tuesday, not Monday.", "correction", "Monday", "Tuesday"),
        ("This story has been corrected to show that two people were hurt, not three.", "correction", "three", "two"),
        ("(Clarifies that the boat was moored)", "clarification", "", ""),
        ("(Removes reference to a fire)", "withdrawal", "a fire", ""),
        ("WITHDRAWN - Drone near airport\nThe story is withdrawn.", "withdrawal", "", ""),
        (
            'CORRECTION - VELMORA - DRONE\nIn Velmora item please read in the second paragraph "... two drones ..." '
            'instead of "... ten drones ..." correcting number.',
            "correction",
            "ten drones",
            "two drones",
        ),
        ("The guard said four drones, not the five it reported on Monday.", "correction", "five", "four drones"),
    ],
)
def test_what_a_notice_changes(text: str, kind: str, old: str, new: str) -> None:
    one = notices(text)[0]
    printed = [text[slice(*span)] if span else "" for span in (one.old, one.new)]
    assert (one.kind, *printed) == (kind, old, new)


@pytest.mark.parametrize(
    "text",
    [
        "The market expects a correction, dealers said.",
        "That is correct, she said.",
        "The company corrected its course and sailed on.",
        "He stood corrected (and laughed).",
        "The ministry (which runs the port) said it was correcting for wind.",
        "A drone fell. Nobody was hurt.",
        "Not five drones, said the mayor, but a gull.",
    ],
)
def test_talk_of_corrections_is_none(text: str) -> None:
    assert notices(text) == []
    assert notice_spans(text) == []


def test_each_change_of_a_notice_is_one() -> None:
    text = "(Corrects to two, from three, in paragraph 2; removes reference to a fire; clarifies who spoke)"
    assert [one.kind for one in notices(text)] == ["correction", "withdrawal", "clarification"]
    assert notices(text)[0].paragraph == 2
