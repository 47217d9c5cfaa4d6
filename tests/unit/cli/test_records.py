"""A damaged store ends `tocsin records verify` with exit code 1 and the record's name."""

from pathlib import Path

from typer.testing import CliRunner

from record_builder import Records
from tocsin.cli.program import build


def verified(path: Path, *options: str) -> tuple[int, str]:
    arguments = ("records", "verify", str(path), *options)
    result = CliRunner().invoke(build(arguments), arguments)
    return result.exit_code, result.output


def test_a_flipped_byte_names_its_record(tmp_path: Path) -> None:
    records = Records(tmp_path / "log")
    records.incident("A drone over the mole")
    records.incident("Another")
    records.store.close()
    code, told = verified(tmp_path / "log")
    assert (code, "3 records proved" in told) == (0, True)
    content = (tmp_path / "log").read_bytes()
    assert content.count(b"over the mole") == 1
    (tmp_path / "log").write_bytes(content.replace(b"over the mole", b"over the hole"))
    code, told = verified(tmp_path / "log")
    assert (code, "BROKEN: incident-2: is not as ann signed it" in told) == (1, True)


def test_the_first_key_is_compared(tmp_path: Path) -> None:
    Records(tmp_path / "log").incident()
    assert verified(tmp_path / "log", "--first-key", "00" * 32)[0] == 1


def test_bytes_behind_the_records_are_told(tmp_path: Path) -> None:
    Records(tmp_path / "log").incident()
    with (tmp_path / "log").open("ab") as file:
        file.write(b"more")
    code, told = verified(tmp_path / "log")
    assert (code, "2 records proved" in told) == (1, True)
    assert "BROKEN: the file: 4 bytes stand behind its last page" in told
