"""The live site in a process of its own: driven over sockets, stopped or killed, and replayed from its recording."""

import os
import signal
import time
from datetime import datetime
from pathlib import Path

import msgspec

from scenario.live_site import LiveSite
from tocsin.model.alert import AlertState
from tocsin.recording.journal import Journal
from tocsin.recording.log import read
from tocsin.service.files import RESULTS
from tocsin.service.replay import replay

SAME = tuple(name for name in RESULTS if name != "timings.json")


def test_a_replay_of_the_recording_gives_the_bytes_of_the_live_run(tmp_path: Path) -> None:
    with LiveSite(tmp_path) as site:
        with site.drone():
            alert = site.wait_alert()
            answer = site.command(id="c1", kind="acknowledge", author="night shift", target=alert["id"])
            assert answer["id"] == "c1"
            site.command(id="c2", kind="note", author="night shift", reason="heard it")
        assert site.stop() == 0
    for name in ("first", "second"):
        replay(None, [site.out], tmp_path / name)
    for name in SAME:
        live = (site.out / name).read_bytes()
        assert live or name in ("warnings.jsonl", "joins.jsonl")  # this site warns nobody, and nothing was lost
        assert (tmp_path / "first" / name).read_bytes() == live, name
        assert (tmp_path / "second" / name).read_bytes() == live, name
    states = [msgspec.json.decode(line)["state"] for line in (site.out / "alerts.jsonl").read_bytes().splitlines()]
    assert "acknowledged" in states


def test_a_kill_loses_half_a_second_of_recording_and_no_acknowledged_alert(tmp_path: Path) -> None:
    """The last half second counts back from the newest packet that the site had shown, by the site's own clock."""
    with LiveSite(tmp_path) as site:
        with site.drone():
            alert = site.wait_alert()
            site.command(id="c1", kind="acknowledge", author="night shift", target=alert["id"])
            time.sleep(0.3)
            shown = site.get("/api/picture")
            os.kill(site.process.pid, signal.SIGKILL)
            site.process.wait(10)
    assert isinstance(shown, dict)
    shown_s = datetime.fromisoformat(shown["time"]).timestamp()
    packets = list(read(site.out / "recordings"))
    assert [packet.sequence for packet in packets] == list(range(1, len(packets) + 1))
    assert max(packet.received_s for packet in packets) >= shown_s - 0.5
    with Journal(site.out / "journal.sqlite") as journal:
        assert journal.verify() is None
        assert journal.last_state()[str(alert["id"])].state is AlertState.ACKNOWLEDGED
        assert [entry.command.id for entry in journal.commands()] == ["c1"]
    summary = replay(None, [site.out], tmp_path / "again")
    assert summary["line"]["scans"] > 0


def test_a_silent_radar_raises_its_own_alert(tmp_path: Path) -> None:
    with LiveSite(tmp_path) as site:
        site.send(0.0, 900.0)
        alert = site.wait_alert("sensor silent")
        assert alert["place"] == "radar"
        assert site.stop() == 0
