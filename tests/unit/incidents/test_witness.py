"""The witness keeps a short account of each track, every alert as it last stood and what people reported."""

import msgspec
import pytest

from picture_builder import picture
from run_builder import alert, ended, note
from tocsin.incidents.witness import Witness
from tocsin.model.command import Command, CommandKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.track import Outcome


def test_a_track_is_kept_as_it_was_last_seen() -> None:
    witness = Witness()
    witness.see(picture(1.0, seen_s=1.0))
    witness.see(picture(4.0, seen_s=4.0))
    witness.see(ended(picture(6.0, seen_s=6.0)))
    (sighting,) = witness.sightings
    assert sighting.uid == "u"
    assert (sighting.last_detection_s, sighting.outcome) == (8.0, Outcome.LOST)
    assert sighting.class_words == "probable drone (multirotor)"
    assert sighting.sensors == ("radar",)
    assert sighting.speed_mps == pytest.approx(20.0)


def test_alerts_are_kept_as_they_last_stood() -> None:
    witness = Witness()
    witness.see(picture(1.0), [alert(1)])
    witness.see(picture(2.0), [alert(2)])
    assert [one.version for one in witness.alerts] == [2]


def test_notes_are_kept_with_their_packet_and_other_commands_are_not() -> None:
    witness = Witness()
    witness.hear(note("Herdsman", "Several launchers"))
    witness.hear(
        Packet(PacketKind.COMMAND, "operator", 11.0, msgspec.json.encode(Command("c", CommandKind.CLEAR, "ann")))
    )
    witness.hear(Packet(PacketKind.COMMAND, "operator", 11.0, b"{not json"))
    witness.hear(Packet(PacketKind.DATA, "radar", 12.0, b"\x00"))
    (kept,) = witness.notes
    assert (kept.speaker, kept.words, kept.place, kept.said_s, kept.packet) == (
        "Herdsman",
        "Several launchers",
        "gate",
        10.0,
        7,
    )
    assert witness.statistics() == {"tracks": 0, "alerts": 0, "notes": 1, "unreadable commands": 1}


@pytest.mark.parametrize("where", ["packet", "picture", "alert"])
def test_an_exercise_stays_one(where: str) -> None:
    witness = Witness()
    witness.see(
        picture(1.0, exercise=where == "picture"), [msgspec.structs.replace(alert(), exercise=where == "alert")]
    )
    witness.hear(Packet(PacketKind.TICK, "clock", 1.0, exercise=where == "packet"))
    witness.see(picture(2.0))
    assert witness.exercise
