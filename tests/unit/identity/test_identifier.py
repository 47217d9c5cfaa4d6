"""The identity stage as a whole: shapes, counts, commands that are another stage's."""

import numpy as np

from tocsin.identity import Identifier, Settings
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandKind
from track_builder import track_columns, word_scan


def test_rows_beside_the_tracks_read_only_and_counted() -> None:
    identifier = Identifier(Settings())
    tracks = track_columns(["a", "b", "c"], 1.0, links=[(0, 0), (2, 1)], link_probability=[0.9, 0.8])
    scan = word_scan("radar", ["drone", "wibble"], 1.0)
    identity = identifier.step(tracks, scan, [Claim("ads-b", "x", "s", 1.0, 1.0)], (), 1.0)
    assert identity.class_probability.shape == (3, 10)
    assert (len(identity.reasons), len(identity.decisions), identity.affiliation.shape) == (3, 3, (3,))
    assert not identity.class_probability.flags.writeable
    statistics = identifier.statistics()
    assert (statistics["words"], statistics["claims"]) == (1, 1)
    assert statistics["words_unexplained"] == {"radar: wibble": 1}


def test_no_tracks_is_no_trouble() -> None:
    identity = Identifier(Settings()).step(track_columns([]), word_scan("radar", ["drone"], 0.0), (), (), 0.0)
    assert identity.class_probability.shape == (0, 10)


def test_commands_of_other_stages_are_left_alone() -> None:
    identifier = Identifier(Settings())
    identifier.step(track_columns(["u"]), None, (), [Command("c", CommandKind.ACKNOWLEDGE, "Nowak", "A1")], 0.0)
    assert identifier.answers() == ()


def test_the_same_steps_give_the_same_bytes() -> None:
    def run() -> bytes:
        identifier, out = Identifier(Settings()), b""
        for k in range(30):
            uid = ["a", "b"] if k % 4 else ["b", "c"]
            tracks = track_columns(uid, k, links=[(0, 0), (1, 1)], link_probability=[0.7, 0.9])
            identity = identifier.step(tracks, word_scan("radar", ["drone", "bird"], k), (), (), k)
            out += identity.class_probability.tobytes() + "".join(identity.reasons).encode()
        return out

    assert run() == run()


def test_a_declared_class_does_not_write_into_earlier_identities() -> None:
    identifier = Identifier(Settings())
    first = identifier.step(track_columns(["u"], 0.0), None, (), (), 0.0)
    kept = first.class_probability.copy()
    command = Command("c", CommandKind.DECLARE_CLASS, "Nowak", "u", "drone", "seen")
    identifier.step(track_columns(["u"], 1.0), None, (), [command], 1.0)
    np.testing.assert_array_equal(first.class_probability, kept)
