"""`tocsin run`: warms the kernels, says where it runs, and what it left."""

from pathlib import Path

import pytest

from small_site import site_text
from tocsin.cli import run as module
from tocsin.cli.run import run
from tocsin.model.errors import TocsinError


class FakeApp:
    """An app that is ready at once and ends."""

    order: list[str] = []

    def __init__(self, site, out, on_ready, on_fault, resume) -> None:
        self._on_ready = on_ready

    async def run(self):
        self.order.append("run")
        self._on_ready("http://127.0.0.1:8080/")
        return {"notes": ["3 packets are not in the recording"]}


def test_it_warms_then_runs_then_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site.toml").write_text(site_text(), encoding="utf-8")
    monkeypatch.setattr(module, "App", FakeApp)
    monkeypatch.setattr(module, "warm", lambda: FakeApp.order.append("warm"))
    FakeApp.order.clear()
    run(tmp_path / "site.toml", tmp_path / "out")
    assert FakeApp.order == ["warm", "run"]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"tocsin: running at http://127.0.0.1:8080/, into {tmp_path / 'out'} (Ctrl-C ends)",
        "tocsin: note: 3 packets are not in the recording",
        f"tocsin: stopped; {tmp_path / 'out'} is complete",
    ]


def test_a_site_file_that_cannot_be_used_starts_nothing(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match=r"gone\.toml: cannot be read"):
        run(tmp_path / "gone.toml", tmp_path / "out")
    assert not (tmp_path / "out").exists()
