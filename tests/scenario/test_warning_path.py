"""The way to people with a real broker, mail and web receivers: told, withdrawn, and taken up again where a killed line
left them. What a raid does while parts are broken: `test_warning_chaos`."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mqtt_siren import Broker, Siren
from scenario.live_site import LiveSite
from scenario.receivers import Receivers
from tocsin.channels.delivery.outbox import Outbox
from tocsin.channels.delivery.process import OUTBOX
from tocsin.formats.cap import read_cap
from tocsin.model.alert import AlertState
from tocsin.recording.journal import Journal

POLICY = """
[[warning]]
name = "public"
rules = ["drone approaches"]
approval = "automatic"
"""
SIREN = """
[[channel]]
name = "{name}"
adapter = "mqtt"
watchdog = {watchdog}
settings = {{ host = "127.0.0.1", port = {port}, topic = "{topic}", confirm_topic = "{topic}/heard" }}
"""


def wait(holds: Callable[[], Any], patience_s: float = 90.0) -> Any:
    """What `holds` answers, once it is true."""
    deadline_s = time.monotonic() + patience_s
    while not (found := holds()):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    return found


def siren_table(port: int, name: str = "siren", topic: str = "siren/1", watchdog: bool = False) -> str:
    return SIREN.format(port=port, name=name, topic=topic, watchdog=str(watchdog).lower())


def _sounds(siren: Siren) -> list[object]:
    return [one["sound"] for one in siren.got]


def _statistics(site: LiveSite) -> dict[str, Any]:
    found = site.get("/api/statistics")
    assert isinstance(found, dict)
    return found


def test_everybody_is_told_and_everybody_hears_that_it_was_false(tmp_path: Path) -> None:
    receivers = Receivers()
    with receivers.open(), Broker(tmp_path) as broker:
        siren = Siren(broker.port)
        with LiveSite(tmp_path, POLICY, siren_table(broker.port), receivers.tables(), HOOK_KEY="k") as site:
            with site.drone():
                wait(lambda: "alarm" in _sounds(siren) and receivers.mails and receivers.calls)
                chain = next(one["chain"] for one in site.get("/api/warnings"))  # type: ignore[attr-defined]
                site.command(id="c1", kind="cancel-warning", author="duty", target=chain, reason="a kite")
                wait(lambda: _sounds(siren)[-1] == "off")
                wait(lambda: any(b"False alarm" in one for one in receivers.mails))
                wait(lambda: any(b"cancelled" in one for one in receivers.calls))
            assert site.stop() == 0
        siren.close()
    outbox = Outbox(site.out / OUTBOX)
    withdrawn = next(one for one in outbox.warnings() if one.stage == "cancelled")
    assert {one.channel for one in outbox.receipts(withdrawn.id) if one.final and one.level > 0} == {
        "siren", "mail", "hook", "feed",
    }  # fmt: skip
    outbox.close()
    cap = read_cap((site.out / "feed" / f"{withdrawn.id}.xml").read_bytes())
    assert (cap.kind, cap.infos[0].headline) == ("Cancel", "False alarm, warning withdrawn: pier head")
    with Journal(site.out / "journal.sqlite") as journal:
        assert [one.id for one in journal.warnings()][-1] == withdrawn.id


def test_a_killed_line_is_announced_and_comes_back_as_it_was(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        siren, guard = Siren(broker.port), Siren(broker.port, topic="guard/1")
        tables = (POLICY, siren_table(broker.port), siren_table(broker.port, "guard", "guard/1", watchdog=True))
        with LiveSite(tmp_path, *tables) as site:
            with site.drone():
                alert = site.wait_alert()
                until_s = time.time() + 900.0
                site.command(id="s", kind="shelve", author="duty", target=alert["id"], reason="crane", until_s=until_s)
                wait(lambda: "alarm" in _sounds(siren))
                wait(lambda: guard.kicks)
                os.kill(site.process.pid, signal.SIGKILL)
                site.process.wait(10)
            wait(lambda: any("line DOWN" in str(one["text"]) for one in guard.got))
            site.start("--resume")
            with site, site.drone():
                (resumed,) = wait(lambda: [one for one in site.get("/api/alerts") if one["id"] == alert["id"]])  # type: ignore[attr-defined]
                assert (resumed["state"], resumed["put_aside_by"], resumed["put_aside_reason"]) == (
                    "shelved", "duty", "crane",
                )  # fmt: skip
                told = site.get("/api/warnings")
                chain = told[0]["chain"]  # type: ignore[index]
                wait(lambda: any("line well again" in str(one["text"]) for one in guard.got))
                site.command(id="e", kind="end-warning", author="duty", target=chain, reason="gone")
                wait(lambda: "all-clear" in _sounds(siren))
                assert site.stop() == 0
        siren.close()
        guard.close()
    with Journal(site.out / "journal.sqlite") as journal:
        assert journal.verify() is None
        assert journal.last_state()[str(alert["id"])].state is AlertState.SHELVED
    assert (site.out / "run-2" / "summary.json").is_file()
