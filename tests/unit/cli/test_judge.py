"""Judging in a process of its own: its figures, and its last words where it fails."""

from pathlib import Path

import pytest

from tocsin.cli.judge import judge_apart
from tocsin.model.errors import TocsinError


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    scenario = Path(__file__).parents[3] / "sites" / "demo" / "scenario.toml"
    with pytest.raises(TocsinError, match="could not be judged: .*site.toml"):
        judge_apart(scenario, 1, tmp_path / "nowhere")
