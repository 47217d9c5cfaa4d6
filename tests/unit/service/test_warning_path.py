"""What a site's channels come to: settings for two processes, kept over a restart; nothing without channels."""

import json
from pathlib import Path

import pytest

from small_site import small_site
from tocsin.service import warning_path as module
from tocsin.service.views import SiteViews
from tocsin.service.warning_path import CHANNELS, WATCHDOG, WarningPath

FEED = '[[channel]]\nname = "{}"\nadapter = "feed"\nwatchdog = {}\n'


class Started:
    """Starts nothing."""

    def __init__(self, name: str, arguments: list[str], folder: Path) -> None:
        self.name, self.arguments = name, arguments

    def start(self) -> None:
        pass

    def let_end(self) -> None:
        pass

    def close(self, wait_s: float) -> None:
        pass

    def fault(self) -> str:
        return f"the {self.name} process ended" if self.name == "watchdog" else ""

    def statistics(self) -> dict[str, int]:
        return {"starts": 0}


def test_settings_of_both_processes_and_their_token_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Supervisor", Started)
    site = small_site(FEED.format("cap", "false"), FEED.format("own", "true"))
    seen = []
    for _ in range(2):
        path = WarningPath(site, tmp_path)
        assert len(path.open(SiteViews(site))) == 1
        assert path.faults() == {"channels": "", "watchdog": "the watchdog process ended"}
        seen.append([json.loads((tmp_path / name).read_text()) for name in (CHANNELS, WATCHDOG)])
        path.close()
    (told, own), again = seen
    assert [one["name"] for one in told["channels"]] == ["cap"]
    assert [one["name"] for one in own["channels"]] == ["own"]
    assert told["token"] == own["token"] == again[0]["token"] and told["watchdog_port"] == again[1]["watchdog_port"] > 0


def test_a_site_without_channels_starts_nothing(tmp_path: Path) -> None:
    site = small_site()
    path = WarningPath(site, tmp_path)
    assert list(path.open(SiteViews(site))) == [] and path.faults() == {}
    path.close()
    assert list(tmp_path.iterdir()) == []
