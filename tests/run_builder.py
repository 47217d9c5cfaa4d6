"""What a line is fed and answers in a short run, for tests of what is remembered of it."""

import msgspec

from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import EndedTrack, Outcome


def note(speaker: str, words: str, place: str = "gate", at_s: float = 10.0, sequence: int = 7) -> Packet:
    """A note as an operator enters it."""
    command = Command("n1", CommandKind.NOTE, speaker, value=place, reason=words)
    return Packet(PacketKind.COMMAND, "operator", at_s, msgspec.json.encode(command), sequence)


def alert(version: int = 1, raised_s: float = 5.0) -> Alert:
    """The alert of the track "u" at the gate, unacknowledged in its first version and acknowledged after."""
    state = AlertState.UNACKNOWLEDGED if version == 1 else AlertState.ACKNOWLEDGED
    return Alert(
        "a1",
        AlertKey("approach", "gate", "u"),
        state,
        Priority.HIGH,
        raised_s,
        raised_s,
        version,
        "T1 nears the gate",
        "comes closer",
        parents=("u",),
    )


def ended(shown: Picture, outcome: Outcome = Outcome.LOST) -> Picture:
    """The picture in which the track "u" ended."""
    end = EndedTrack(int(shown.tracks.number[0]), "u", "u", 9.0, 8.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), outcome)
    return msgspec.structs.replace(shown, ended=(end,))
