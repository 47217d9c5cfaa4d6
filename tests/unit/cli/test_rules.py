"""`tocsin rules try` on raw files."""

from pathlib import Path

from typer.testing import CliRunner

from small_site import rows, site_text
from tocsin.cli.program import build


def test_a_trial_in_words_and_as_json(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(site_text(), encoding="utf-8")
    (tmp_path / "radar.json").write_bytes(rows(50))
    arguments = ["rules", "try", str(tmp_path / "site.toml"), str(tmp_path / "radar.json")]
    result = CliRunner().invoke(build(arguments), arguments)
    assert result.exit_code == 0, result.output
    assert "drone approaches: raised 1 times, 1 of these for an object that came in" in result.stdout
    result = CliRunner().invoke(build(arguments), [*arguments, "--json"])
    assert '"missed":[]' in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["radar.json", "site.toml"]
