"""A run goes on where one ended."""

from pathlib import Path

import msgspec
import pytest

from small_site import START_S, approach, small_site
from tocsin.model.alert import AlertState
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.recording.journal import Journal, JournalledCommand
from tocsin.service.pipeline import Line
from tocsin.service.play import as_live, numbered
from tocsin.service.resume import PLACE, keep_place, next_folder, resume

POLICY = '[[warning]]\nname = "public"\nrules = ["drone approaches"]\napproval = "automatic"\n'


def test_each_run_has_its_folder(tmp_path: Path) -> None:
    assert next_folder(tmp_path) == tmp_path
    (tmp_path / "tracks.parquet").touch()
    assert next_folder(tmp_path) == tmp_path / "run-2"
    (tmp_path / "run-2").mkdir()
    (tmp_path / "run-2" / "site.toml").touch()
    assert next_folder(tmp_path) == tmp_path / "run-3"


def test_numbers_of_tracks_go_on_above_those_kept(tmp_path: Path) -> None:
    keep_place(tmp_path, {"track": {"confirmed": 137}})
    site = small_site()
    with Journal(tmp_path / "j.sqlite") as journal:
        line = Line(site)
        resume(line, journal, tmp_path, START_S)
        numbers = [
            number
            for packet in numbered(as_live(site, approach(8)), exercise=False)
            if (picture := line.step(packet).picture) is not None
            for number in picture.tracks.number.tolist()
        ]
    assert max(numbers) == 201
    (tmp_path / PLACE).write_text("{}")
    with Journal(tmp_path / "j.sqlite") as journal, pytest.raises(TocsinError, match=PLACE):
        resume(Line(site), journal, tmp_path, START_S)


def test_a_restart_in_the_middle_of_a_raid_goes_on_with_alert_shelf_and_warning(tmp_path: Path) -> None:
    site = small_site(POLICY)
    packets = list(numbered(as_live(site, approach(20)), exercise=False))
    cut = next(k for k, one in enumerate(packets) if one.received_s > START_S + 10.0)
    line = Line(site)
    with Journal(tmp_path / "j.sqlite") as journal:
        for packet in packets[:cut]:
            output = line.step(packet)
            journal.append(output.alerts, (), output.warnings)
        (alert,) = journal.last_state().values()
        shelve = Command("s", CommandKind.SHELVE, "duty", alert.id, "", "crane", packets[cut].received_s + 900.0)
        output = line.step(_command(shelve, packets[cut].received_s))
        journal.append(output.alerts, [JournalledCommand(shelve, 1, packets[cut].received_s)], output.warnings)
        told = journal.warnings()
        again = Line(site)
        standing, warnings = resume(again, journal, tmp_path, packets[cut].received_s)
        assert [one.id for one in warnings] == [one.id for one in told]
        assert [(one.id, one.state) for one in standing] == [(alert.id, AlertState.SHELVED)]
    outputs = [again.step(packet) for packet in packets[cut:] if packet.received_s < START_S + 18.0]
    assert {one.id for output in outputs for one in output.alerts} <= {alert.id}
    states = [one.state for output in outputs for one in output.alerts]
    assert set(states) <= {AlertState.SHELVED}  # the drone goes on: nobody is woken
    assert {one.chain for output in outputs for one in output.warnings} <= {told[0].chain}
    (answer,) = again.step(_command(shelve, packets[-1].received_s)).answers
    assert answer.accepted and answer.reason == "answered before a restart"


def _command(command: Command, time_s: float) -> Packet:
    return Packet(PacketKind.COMMAND, "operator", time_s, msgspec.json.encode(command))
