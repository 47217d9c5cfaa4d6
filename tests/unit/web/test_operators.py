"""The file of operators: hashes only, strict, for its owner alone, and read again when it changes."""

import os
from pathlib import Path

import pytest

from tocsin.model.command import CommandKind
from tocsin.model.errors import TocsinError
from tocsin.web.operators import Operator, Operators, Role, hashed, matches, may, read_operators, write_operators

# argon2-cffi 25.1.0: PasswordHasher(time_cost=2, memory_cost=64, hash_len=16, salt_len=8).hash("correct horse battery")
FROM_OUTSIDE = "$argon2id$v=19$m=64,t=2,p=1$zAuzzWirmL0$hOQ15Byc9oWkACoECZs4tw"
ADA = Operator("ada", Role.OPERATOR, "$argon2id$x")


def test_a_hash_is_argon2id_with_a_salt_of_its_own_and_fits_its_password_alone() -> None:
    first, second = hashed("correct horse battery"), hashed("correct horse battery")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=1$") and first != second
    assert matches("correct horse battery", first) and matches("correct horse battery", second)
    assert not matches("correct horse batterz", first)
    assert matches("correct horse battery", FROM_OUTSIDE) and not matches("correct horse", FROM_OUTSIDE)
    assert not matches("correct horse battery", "no hash")
    assert not matches("x" * 2000, first)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1025])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(TocsinError, match="12 to 1024"):
        hashed(password)


def test_what_is_written_is_read_again_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "operators.toml"
    everybody = (ADA, Operator("Zoë O'Hara", Role.ADMIN, "$argon2id$y"))
    write_operators(path, everybody)
    assert read_operators(path) == everybody
    assert path.stat().st_mode & 0o077 == 0
    assert os.listdir(tmp_path) == ["operators.toml"]
    with pytest.raises(TocsinError, match="name"):
        write_operators(path, (Operator("a\nb", Role.VIEWER, ""),))
    assert read_operators(path) == everybody


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema = 2", "schema 2"),
        ("schema = 1\noperator = 3", "operator"),
        ("schema = 1\n[[operator]]\nname = 'ada'\nrole = 'boss'\npassword = 'x'", "boss"),
        ("schema = 1\n[[operator]]\nname = 'ada'\nrole = 'admin'\npassword = 'x'\nshoe = 1", "shoe"),
        ("schema = 1\n" + "[[operator]]\nname = 'ada'\nrole = 'admin'\npassword = 'x'\n" * 2, "two operators"),
        ("schema = ", "Invalid value"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "operators.toml"
    path.write_text(text)
    with pytest.raises(TocsinError, match=says) as refused:
        read_operators(path)
    assert str(path) in str(refused.value)


def test_changes_count_at_once_and_a_broken_file_leaves_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "operators.toml"
    with pytest.raises(TocsinError, match=r"web\.operators.*operators\.toml"):
        Operators(path)
    write_operators(path, ())
    with pytest.raises(TocsinError, match="tocsin operators add"):
        Operators(path)
    write_operators(path, (ADA,))
    found = Operators(path)
    assert found.named("ada") == ADA and found.named("eve") is None
    write_operators(path, (Operator("eve", Role.VIEWER, "$argon2id$x"),))
    assert found.named("ada") is None and found.named("eve") is not None
    path.write_text("nonsense")
    assert found.named("eve") is None and "web.operators" in found.problem


def test_each_role_may_what_those_before_it_may() -> None:
    allowed = {role: {kind for kind in CommandKind if may(role, kind)} for role in Role}
    assert allowed[Role.VIEWER] == set()
    assert (
        CommandKind.ACKNOWLEDGE in allowed[Role.OPERATOR] and CommandKind.OUT_OF_SERVICE not in allowed[Role.OPERATOR]
    )
    assert allowed[Role.OPERATOR] < allowed[Role.WARDEN] <= allowed[Role.ADMIN] == set(CommandKind)
