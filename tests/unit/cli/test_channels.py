"""`tocsin channels told`: the outbox in words."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.channels.delivery.outbox import Outbox
from tocsin.cli.program import build
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Receipt
from warning_builder import warning


def test_who_was_told_what_and_when(tmp_path: Path) -> None:
    arguments = ["channels", "told", str(tmp_path)]
    with pytest.raises(TocsinError, match="there is no outbox"):
        raise CliRunner().invoke(build(arguments), arguments).exception  # type: ignore[misc]
    outbox = Outbox(tmp_path / "outbox.sqlite")
    outbox.put(warning(1, sent_s=1_790_000_000.0), 0.0, 1.0)
    outbox.note([(Receipt("W1-X-1", "siren", Level.CONFIRMED, 1_790_000_000.25, "sound read back", 1, True), "W1-X")])
    outbox.close()
    result = CliRunner().invoke(build(arguments), arguments)
    assert result.stdout.splitlines() == [
        "2026-09-21 14:13:20.000Z Actual issued gate (W1-X-1): rule 'near'",
        "  2026-09-21 14:13:20.250Z siren: confirmed, attempt 1, sound read back",
    ]
