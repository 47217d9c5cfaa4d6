"""Class by words: what repetition, age, doubt and disagreement do."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.identity import Identifier, Settings
from tocsin.identity.words import prior_row
from tocsin.model.identity import DRONE_CLASSES, TargetClass
from tocsin.model.wording import Certainty, certainty
from track_builder import track_columns, word_scan

DRONES = list(DRONE_CLASSES)
WORDS_ALONE = Settings(motion_share=0.0)


def _hear(identifier: Identifier, sensor: str, word: str | None, time_s: float, p: float = 1.0):
    tracks = track_columns(["u"], time_s, links=[(0, 0)], link_probability=[p])
    return identifier.step(tracks, word_scan(sensor, [word], time_s), (), (), time_s)


def test_one_repeating_sensor_makes_probable_and_a_second_one_confirmed() -> None:
    identifier = Identifier(WORDS_ALONE)
    assert certainty(_hear(identifier, "radar", "DRONE", 0.0).class_probability[0, DRONES].sum()) is Certainty.POSSIBLE
    for k in range(1, 300):
        identity = _hear(identifier, "radar", "DRONE", float(k))
    assert certainty(identity.class_probability[0, DRONES].sum()) is Certainty.PROBABLE
    for k in range(300, 306):
        identity = _hear(identifier, "radio", "uav", float(k))
    assert certainty(identity.class_probability[0, DRONES].sum()) is Certainty.CONFIRMED
    assert identity.reasons[0] == "confirmed drone: radar says DRONE, radio says uav"


def test_words_fade_to_the_prior_and_are_no_longer_named() -> None:
    identifier = Identifier(Settings(unknown_probability=0.0, memory_s=60.0, motion_share=0.0))
    _hear(identifier, "radar", "BIRD", 0.0)
    identity = identifier.step(track_columns(["u"], 2000.0), None, (), (), 2000.0)
    np.testing.assert_allclose(identity.class_probability[0], prior_row(Settings()), atol=1e-9)
    assert identity.reasons[0] == "unidentified: no sensor has named it"


def test_a_doubtful_link_says_less() -> None:
    sure = _hear(Identifier(Settings()), "radar", "BIRD", 0.0, p=1.0).class_probability[0, TargetClass.BIRD]
    doubtful = _hear(Identifier(Settings()), "radar", "BIRD", 0.0, p=0.2).class_probability[0, TargetClass.BIRD]
    silent = _hear(Identifier(Settings()), "radar", None, 0.0).class_probability[0, TargetClass.BIRD]
    assert silent < doubtful < sure


def test_evidence_follows_the_track_when_rows_move() -> None:
    identifier = Identifier(Settings())
    tracks = track_columns(["a", "b"], 0.0, links=[(0, 0), (1, 1)], link_probability=[1.0, 1.0])
    first = identifier.step(tracks, word_scan("radar", ["drone", "bird"], 0.0), (), (), 0.0)
    second = identifier.step(track_columns(["b", "c"], 0.0), None, (), (), 0.0)
    np.testing.assert_allclose(second.class_probability[0], first.class_probability[1])
    assert second.reasons == ("possible bird: radar says bird", "unidentified: no sensor has named it")


def test_a_settled_revision_changes_nothing() -> None:
    identifier = Identifier(Settings())
    live = _hear(identifier, "radar", "drone", 5.0)
    revised = identifier.step(track_columns(["gone", "u"], 3.0, settled=True), None, (), (), 5.0)
    np.testing.assert_array_equal(revised.class_probability[1], live.class_probability[0])
    assert revised.decisions == (None, live.decisions[0])
    again = identifier.step(track_columns(["u"], 5.0), None, (), (), 5.0)
    np.testing.assert_array_equal(again.class_probability, live.class_probability)


def test_links_to_detections_that_the_scan_does_not_have_are_counted_and_left_out() -> None:
    identifier = Identifier(Settings())
    tracks = track_columns(["u"], 0.0, links=[(0, 5), (0, 0)], link_probability=[0.5, 0.5])
    identity = identifier.step(tracks, word_scan("radar", ["bird"], 0.0), (), (), 0.0)
    assert np.isfinite(identity.class_probability).all()
    assert identifier.statistics()["links_astray"] == 1


def test_columns_of_the_past_change_nothing_even_if_nobody_calls_them_settled() -> None:
    identifier = Identifier(Settings())
    live = _hear(identifier, "radar", "drone", 5.0)
    identifier.step(track_columns(["gone"], 3.0), None, (), (), 5.0)
    again = identifier.step(track_columns(["u"], 5.0), None, (), (), 5.0)
    np.testing.assert_array_equal(again.class_probability, live.class_probability)


WORDS = st.sampled_from(["drone", "BIRD", "vehicle", "wibble", "unknown", None, "controller"])
HEARD = st.lists(st.tuples(st.sampled_from("abc"), WORDS, st.floats(0, 1), st.floats(0, 300)), max_size=25)


@settings(deadline=None)  # the first example compiles
@given(HEARD)
def test_any_words_in_any_order_leave_a_distribution_with_unknown_possible(heard) -> None:
    identifier = Identifier(Settings())
    for sensor, word, p, time_s in heard:
        identity = _hear(identifier, sensor, word, time_s, p)
        assert np.all(np.isfinite(identity.class_probability))
        np.testing.assert_allclose(identity.class_probability.sum(axis=1), 1.0)
        assert identity.class_probability[0, TargetClass.UNKNOWN] >= Settings().unknown_probability


@settings(deadline=None)  # the first example compiles
@given(HEARD, st.sampled_from(["aeroplane", "bird", "vessel"]), st.floats(0, 1))
def test_a_self_report_never_lowers_the_drone(heard, word, p) -> None:
    identifier = Identifier(Settings(self_reporting=("ads-b",)))
    for sensor, said, link, _ in heard:
        _hear(identifier, sensor, said, 0.0, link)
    before = _hear(identifier, "radar", None, 0.0).class_probability
    after = _hear(identifier, "ads-b", word, 0.0, p).class_probability
    np.testing.assert_allclose(after, before, atol=1e-12)
