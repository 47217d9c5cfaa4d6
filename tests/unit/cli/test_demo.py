"""`tocsin demo`: its options, and a short story played without a screen and judged."""

import json
import socket
import sys
from pathlib import Path

import pytest
import typer

from tocsin.cli import demo as module
from tocsin.cli.demo import _line, _missing_screen, _pace, _reachable, demo
from tocsin.model.errors import TocsinError
from tocsin.simulation.scenario import Scenario, read_scenario
from tocsin.web.settings import Settings

DEMO = Path(__file__).parents[3] / "sites" / "demo"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(DEMO / "scenario.toml")


def test_the_pace(scenario: Scenario) -> None:
    length_s = scenario.plan.duration_s
    assert _pace(scenario, None, None, headless=True) is None
    assert _pace(scenario, None, None, headless=False) == 1.0
    assert _pace(scenario, 3.0, None, headless=True) == 3.0
    assert _pace(scenario, None, 20.0, headless=True) == length_s / 20.0


@pytest.mark.parametrize(
    ("ratio", "duration_s", "said"),
    [
        (2.0, 20.0, "give one"),
        (0.0, None, "--speed"),
        (1e9, None, "--speed"),
        (None, 0.0, "--duration: expected seconds above 0"),
        (None, float("nan"), "--duration"),
        (None, 1e-6, "--duration: that is"),
    ],
)
def test_a_pace_that_makes_no_sense_is_refused(
    scenario: Scenario, ratio: float | None, duration_s: float | None, said: str
) -> None:
    with pytest.raises(TocsinError, match=said):
        _pace(scenario, ratio, duration_s, headless=True)


def test_without_a_display_no_browser_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    monkeypatch.setattr(module, "STATIC", tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert _missing_screen() == "this machine has no display"
    monkeypatch.setattr(module, "STATIC", tmp_path / "gone")
    assert _missing_screen() == "the web page was not built"


def test_a_story_without_a_warning_says_so() -> None:
    found = {"coverage_50m": 0.987, "id_switches": 1, "warning_time_min_s": None}
    assert _line(found).endswith("within 50 m, 1 switches of identity, no warning")
    assert _line(found | {"warning_time_min_s": 54.4}).endswith("shortest warning 54 s")


def test_the_story_is_played_and_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "warm", lambda: None)
    demo(headless=True, out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    evaluation = summary["evaluation"]
    assert evaluation["coverage_50m"] > 0.9
    assert evaluation["warning_time_min_s"] > 30.0
    assert {"falling", "all"} <= evaluation.keys()
    assert (tmp_path / "out" / "truth.parquet").is_file()
    assert "shortest warning" in capsys.readouterr().err


def test_a_stop_leaves_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "warm", lambda: None)
    monkeypatch.setattr(module, "run_packets", stopped)
    with pytest.raises(typer.Exit) as ended:
        demo(headless=True, out=tmp_path)
    assert ended.value.exit_code == 130  # half a story is no result
    assert capsys.readouterr().err.endswith(f"stopped; what was played is in {tmp_path}\n")


def test_a_taken_port_is_no_end_unless_it_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        web = Settings(port=taken.getsockname()[1])
        assert _reachable(web, None).port == 0
        assert f"port {web.port} is taken" in capsys.readouterr().err
        with pytest.raises(TocsinError, match="cannot listen"):
            _reachable(web, web.port)
    assert _reachable(web, None).port == web.port


def test_a_folder_with_a_run_is_refused_before_anything_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "warm", lambda: pytest.fail("compiled"))
    (tmp_path / "summary.json").touch()
    with pytest.raises(TocsinError, match="already holds a run"):
        demo(headless=True, out=tmp_path)
