"""What meets a rule and what does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_builder import picture
from tocsin.alerts import Rule
from tocsin.alerts.conditions import EntryCondition, within_probability
from tocsin.model.alert import Priority
from tocsin.model.identity import Affiliation, TargetClass
from tocsin.model.threat import Asset, ThreatColumns
from tocsin.model.track import TrackStatus
from tocsin.model.wording import Certainty

GATE = Asset("gate", 0.0, 0.0, 0.0, 100.0, reaction_s=30.0)


def _raises(rule: Rule, self_reporting=(), **looks) -> bool:
    found = EntryCondition(rule, [GATE], self_reporting).findings(picture(0.0, **looks))
    return bool(found) and found[0].raises


@pytest.mark.parametrize(
    ("looks", "want"),
    [
        ({}, True),
        ({"median_s": 90.0}, False),  # not within 60 s
        ({"entry_probability": 0.3}, False),
        ({"kind": TargetClass.BIRD}, False),
        ({"kind": TargetClass.UNKNOWN}, True),
        ({"status": TrackStatus.TENTATIVE}, False),
        ({"status": TrackStatus.COASTING}, True),
        ({"existence": 0.5}, False),
        ({"affiliation": Affiliation.FRIEND}, False),
        ({"affiliation": Affiliation.ASSUMED_FRIEND}, True),
        ({"place": "elsewhere"}, False),
    ],
)
def test_conditions(looks, want) -> None:
    assert _raises(Rule(name="r", when="enters", places=("gate",)), **looks) is want


def test_certainty_is_the_rules() -> None:
    rule = Rule(name="r", when="enters", classes=("drone",), certainty=Certainty.PROBABLE)
    assert not _raises(rule, class_share=0.6)
    assert _raises(rule, class_share=0.8)


@pytest.mark.parametrize(("bits", "want"), [(0b01, False), (0b10, True), (0b11, True)])
def test_a_self_report_alone_raises_nothing_and_takes_nothing_away(bits, want) -> None:
    rule = Rule(name="r", when="enters")
    looks = {"sensors": ("remote-id", "radar"), "sensor_bits": bits}
    assert _raises(rule, ("remote-id",), **looks) is want


def test_priority_rises_where_people_have_no_more_time_than_they_need() -> None:
    condition = EntryCondition(Rule(name="r", when="enters", priority="high"), [GATE], ())
    assert condition.findings(picture(0.0, median_s=40.0))[0].priority is Priority.HIGH
    assert condition.findings(picture(0.0, median_s=30.0))[0].priority is Priority.CRITICAL


def test_an_object_of_two_rows_is_one_finding() -> None:
    one = picture(0.0, ("a", "b"))
    tracks = type(one.tracks)(
        *[getattr(one.tracks, f) if f != "object" else ("o", "o") for f in one.tracks.__struct_fields__]
    )
    both = type(one)(*[getattr(one, f) if f != "tracks" else tracks for f in one.__struct_fields__])
    assert len(EntryCondition(Rule(name="r", when="enters"), [GATE], ()).findings(both)) == 1


@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=30),
    st.lists(st.floats(0, 200), min_size=1, max_size=30),
    st.floats(0.1, 120),
)
def test_within_probability_against_the_samples_it_was_made_from(unit, times, within_s) -> None:
    """From any sample of entry times: never more than all that enter, rising with time, right at the known points."""
    sample = np.sort(np.array([*times, *[np.inf if u < 0.5 else 60.0 * u for u in unit]]))
    sample[sample > 120.0] = np.inf
    ever = float(np.isfinite(sample).mean())
    points = np.quantile(np.where(np.isinf(sample), 1e9, sample), [0.05, 0.5, 0.95], method="inverted_cdf")
    points = np.where(points > 1e8, np.inf, points)
    whole, none = np.zeros(1), np.zeros(1, int)
    threats = ThreatColumns(
        120.0, ("gate",), none, none, whole, whole, np.array([ever]), points[None], whole, whole, none
    )  # fmt: skip
    now, later = within_probability(threats, within_s)[0], within_probability(threats, within_s + 5.0)[0]
    assert 0.0 <= now <= later + 1e-12 <= ever + 1e-9
    assert within_probability(threats, 120.0)[0] == pytest.approx(ever)
    for share, point in zip((0.05, 0.5, 0.95), points, strict=True):
        if np.isfinite(point) and share <= ever:
            assert within_probability(threats, float(point) + 1e-6)[0] >= min(share, ever) - 1e-6
