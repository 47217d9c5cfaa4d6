"""Affiliation: pending, then unknown, and everything else only by declaration."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.identity import Identifier, Settings
from tocsin.model.command import Command, CommandKind
from tocsin.model.identity import Affiliation
from tocsin.model.track import TrackStatus
from track_builder import track_columns, word_scan


def _declare(value: str, target: str = "u", author: str = "Kowalska", reason: str = "seen by the tower") -> Command:
    return Command("c1", CommandKind.DECLARE_AFFILIATION, author, target, value, reason)


def test_pending_until_confirmed_then_unknown_with_its_time() -> None:
    identifier = Identifier(Settings())
    tentative = identifier.step(track_columns(["u"], 1.0, status=TrackStatus.TENTATIVE), None, (), (), 1.0)
    assert tentative.affiliation.tolist() == [Affiliation.PENDING]
    assert tentative.decisions == (None,)
    for time_s in (2.0, 3.0):
        confirmed = identifier.step(track_columns(["u"], time_s), None, (), (), time_s)
        decision = confirmed.decisions[0]
        assert decision is not None and decision.affiliation is Affiliation.UNKNOWN
        assert decision.time_s == 2.0


def test_a_declaration_stays_with_the_object_and_carries_who_why_when() -> None:
    identifier = Identifier(Settings())
    identifier.step(track_columns(["u"], 1.0), None, (), (), 1.0)
    declared = identifier.step(track_columns(["u"], 2.0), None, (), [_declare("hostile")], 2.0)
    decision = declared.decisions[0]
    assert decision is not None
    assert (decision.affiliation, decision.author, decision.reason, decision.time_s) == (
        Affiliation.HOSTILE,
        "Kowalska",
        "seen by the tower",
        2.0,
    )
    assert [answer.accepted for answer in identifier.answers()] == [True]
    joined = identifier.step(track_columns(["v"], 9.0, object_ids=["u"]), None, (), (), 9.0)
    assert joined.affiliation.tolist() == [Affiliation.HOSTILE]
    withdrawn = identifier.step(track_columns(["v"], 10.0, object_ids=["u"]), None, (), [_declare("unknown")], 10.0)
    assert withdrawn.affiliation.tolist() == [Affiliation.UNKNOWN]


def test_what_cannot_be_declared_is_answered_and_counted() -> None:
    identifier = Identifier(Settings())
    commands = [
        _declare("enemy"),
        _declare("friend", "gone"),
        _declare("friend", author=""),
        _declare("friend", reason=""),
    ]
    identifier.step(track_columns(["u"], 1.0), None, (), commands, 1.0)
    answers = identifier.answers()
    assert [answer.accepted for answer in answers] == [False] * 4
    assert "use pending" in answers[0].reason and "no live track 'gone'" in answers[1].reason
    assert sum(identifier.statistics()["refused"].values()) == 4
    assert identifier.answers() == ()


def test_a_declared_class_stands_against_sensors() -> None:
    identifier = Identifier(Settings())
    command = Command("c2", CommandKind.DECLARE_CLASS, "Kowalska", "u", "bird", "camera shows a gull")
    tracks = track_columns(["u"], 1.0, links=[(0, 0)], link_probability=[1.0])
    identity = identifier.step(tracks, word_scan("radar", ["drone"], 1.0), (), [command], 1.0)
    assert identity.class_probability[0].argmax() == 5
    assert identity.reasons == ("declared by Kowalska: camera shows a gull",)
    command = Command("c3", CommandKind.DECLARE_CLASS, "Kowalska", "u", "ghost", "?")
    identifier.step(track_columns(["u"], 2.0), None, (), [command], 2.0)
    assert [answer.accepted for answer in identifier.answers()] == [True, False]


@settings(deadline=None)  # the first example compiles
@given(
    st.lists(st.tuples(st.sampled_from(["drone", "bird", "wibble"]), st.sampled_from(list(TrackStatus))), max_size=20)
)
def test_nothing_but_a_declaration_goes_beyond_unknown(steps) -> None:
    identifier = Identifier(Settings())
    for time_s, (word, status) in enumerate(steps):
        tracks = track_columns(["u"], time_s, status=status, links=[(0, 0)], link_probability=[1.0])
        identity = identifier.step(tracks, word_scan("radar", [word], time_s), (), (), time_s)
        assert identity.affiliation[0] in (Affiliation.PENDING, Affiliation.UNKNOWN)
