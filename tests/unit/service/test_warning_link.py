"""The link to the channels process: told again until taken, proofs by place, faults in words."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tocsin.alerts import Policy
from tocsin.channels.delivery.lines import Speaker
from tocsin.channels.delivery.process import PORT
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.warning import Level, Receipt, Warning
from tocsin.service import warning_link as module
from tocsin.service.pipeline import LineOutput
from tocsin.service.warning_link import WarningLink
from warning_builder import unheard, warning

POLICY = Policy(name="public", rules=("near",), places=("gate",), test_within_s=0.5)
WELL = {
    "channels": {"siren": {"fault": "", "waiting": 0, "done_s": None, "sent": 0, "failed": 0}},
    "proofs": {"siren": 3},
}


def wait(holds: Callable[[], object], patience_s: float = 30.0) -> None:
    deadline_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


class Channels:
    """The other side; `takes`: it says what it has taken."""

    def __init__(self, folder: Path) -> None:
        self.got: list[str] = []
        self.takes = True
        self.speakers: list[Speaker] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        (folder / PORT).write_text(str(self.server.getsockname()[1]))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                opened, _ = self.server.accept()
            except OSError:
                return
            speaker = Speaker(opened)
            self.speakers.append(speaker)
            threading.Thread(target=self._hear, args=(speaker,), daemon=True).start()

    def _hear(self, speaker: Speaker) -> None:
        for line in speaker.lines():
            if "warning" in line:
                self.got.append(line["warning"]["id"])
                if self.takes:
                    speaker.say("taken", line["warning"]["id"])

    def say(self, kind: str, value: object) -> None:
        self.speakers[-1].say(kind, value)

    def drop(self) -> None:
        for speaker in self.speakers:
            speaker.close()


@pytest.fixture
def link(tmp_path: Path) -> Iterator[WarningLink]:
    made = WarningLink(tmp_path, "token", [POLICY], ["siren"], 0)
    made.start()
    yield made
    made.close(stop=False)


def _put(link: WarningLink, *warnings: Warning) -> None:
    link.take(LineOutput(Packet(PacketKind.TICK, "clock", 0.0), 0.0, warnings=warnings))


def test_told_again_on_the_next_connection_until_it_is_taken(link: WarningLink, tmp_path: Path) -> None:
    _put(link, warning())
    channels = Channels(tmp_path)
    channels.takes = False
    wait(lambda: channels.got == ["W1-X-1"])
    channels.takes = True
    channels.drop()
    wait(lambda: channels.got == ["W1-X-1"] * 2)
    wait(lambda: link.statistics()["untaken"] == 0)
    channels.drop()
    wait(lambda: len(channels.speakers) >= 3)
    _put(link, msgspec.structs.replace(warning(2), cap=""))  # a draft goes nowhere
    assert channels.got == ["W1-X-1"] * 2
    assert [one.id for one in link.warnings()] == ["W1-X-1", "W1-X-2"]
    channels.server.close()


def test_a_place_is_proven_by_every_channel_and_lost_by_one(
    link: WarningLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENT_S", 60.0)
    channels = Channels(tmp_path)
    wait(lambda: channels.speakers)
    channels.say("state", WELL)
    test = msgspec.structs.replace(unheard(), policy="public")
    _put(link, test)
    wait(lambda: "a test did not come through by siren" in link.faults()["channels"])
    assert link.path().proven[0].time is None
    channels.say("receipt", Receipt(test.id, "siren", Level.ACCEPTED, 5.0))  # less than the channel's proof
    channels.say("receipt", Receipt(test.id, "siren", Level.CONFIRMED, 6.0, final=True))
    wait(lambda: link.faults()["channels"] == "")
    assert link.path().proven[0].time == "1970-01-01T00:00:06.000Z"
    assert link.warnings() == ()  # unheard tests are not shown
    channels.server.close()


def test_faults_are_said_once_they_last_and_a_silent_process_too(
    link: WarningLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LASTING_S", 0.1)
    monkeypatch.setattr(module, "SILENT_S", 60.0)
    channels = Channels(tmp_path)
    wait(lambda: channels.speakers)
    broken = {**WELL, "channels": {"siren": {**WELL["channels"]["siren"], "fault": "no broker"}}}
    channels.say("state", broken)
    wait(lambda: link.faults()["channels"] == "siren: no broker")
    assert link.path().channels[0].fault == "no broker"
    channels.say("state", {**WELL, "outbox": "disk full"})
    wait(lambda: link.faults()["channels"] == "outbox: disk full")
    monkeypatch.setattr(module, "SILENT_S", 0.01)
    wait(lambda: "gives no sign of life" in link.faults()["channels"])
    assert link.faults()["watchdog"] == ""  # there is none
    channels.server.close()
