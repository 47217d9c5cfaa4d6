"""The demo without a screen: it reaches its end, meets its bars, and leaves figures and an incident record."""

import json
import subprocess
from pathlib import Path

import pytest

from program import command, environment
from tocsin.incidents.verification import verify


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "out"
    program = command("demo", "--headless", "--out", str(out))
    done = subprocess.run(program, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    return out


def test_the_approaching_drones_are_tracked_and_warned_of_in_time(run: Path) -> None:
    found = json.loads((run / "summary.json").read_bytes())["evaluation"]
    assert found["warning_time_min_s"] >= 30.0
    assert found["coverage_50m"] >= 0.6
    assert found["id_switches"] <= 4
    assert found["first_alert_s"] > 0.0
    assert found["baselines"]["never_warn"]["warning_time_min_s"] == 0.0


def test_the_salvo_is_warned_of_by_the_rule_for_what_falls(run: Path) -> None:
    summary = json.loads((run / "summary.json").read_bytes())
    assert summary["evaluation"]["falling"]["coverage_50m"] >= 0.6
    assert summary["evaluation"]["falling"]["warning_time_min_s"] >= 10.0
    assert summary["warn"]["by_rule"]["object falls"] >= 1


def test_everything_that_was_played_says_that_it_is_an_exercise(run: Path) -> None:
    alerts = [json.loads(line) for line in (run / "alerts.jsonl").read_bytes().splitlines()]
    assert alerts and all(alert["exercise"] for alert in alerts)


def test_the_incident_record_is_whole_and_names_nobody(run: Path) -> None:
    proved = verify(run / "incident.records")
    assert (proved.broken, proved.reason) == ("", "") and proved.records > 0
    page = (run / "incident.html").read_text(encoding="utf-8")
    assert "not attributed" in page and "<script" not in page
