"""Operators: who may see the screen and who may ask for what, read from a file of names, roles and password hashes.

The file is TOML, `schema = 1` and one `[[operator]]` a person; `tocsin operators` writes it, readable by its owner
alone. It holds no password: only argon2id hashes (RFC 9106: 64 MiB, three passes, one lane), in PHC form. Changes count
from the next request on. Whoever is not in the file is nobody.
"""

import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tocsin.model.command import CommandKind
from tocsin.model.errors import TocsinError

SHORTEST_PASSWORD = 12  # characters
LONGEST_PASSWORD = 1024
_PASSES, _LANES, _MEMORY_KIB, _SALT_BYTES, _HASH_BYTES = 3, 1, 64 * 1024, 16, 32


class Role(StrEnum):
    """What somebody may do; each may do what those before may. `viewer`: look. `operator`: answer alerts, declare,
    note, decide on warnings. `warden`: take an alert out of service, sound a test. `admin`: whatever no other role
    is named for.
    """

    VIEWER = "viewer"
    OPERATOR = "operator"
    WARDEN = "warden"
    ADMIN = "admin"

    def reaches(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


NEEDED = {
    CommandKind.ACKNOWLEDGE: Role.OPERATOR,
    CommandKind.SILENCE: Role.OPERATOR,
    CommandKind.CLEAR: Role.OPERATOR,
    CommandKind.SHELVE: Role.OPERATOR,
    CommandKind.UNSHELVE: Role.OPERATOR,
    CommandKind.DECLARE_AFFILIATION: Role.OPERATOR,
    CommandKind.DECLARE_CLASS: Role.OPERATOR,
    CommandKind.NOTE: Role.OPERATOR,
    CommandKind.APPROVE_WARNING: Role.OPERATOR,
    CommandKind.CANCEL_WARNING: Role.OPERATOR,
    CommandKind.END_WARNING: Role.OPERATOR,
    CommandKind.TASK_SENSOR: Role.OPERATOR,
    CommandKind.TEST_WARNING: Role.WARDEN,
    CommandKind.OUT_OF_SERVICE: Role.WARDEN,
    CommandKind.RETURN_TO_SERVICE: Role.WARDEN,
}


def may(role: Role, kind: CommandKind) -> bool:
    """Whether somebody of this role may ask for this; what stands in no table only an admin may."""
    return role.reaches(NEEDED.get(kind, Role.ADMIN))


class Operator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person: the name that commands carry, and the argon2id hash of the password."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[\w.@' -]{1,64}$")]
    role: Role
    password: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    operator: tuple[Operator, ...] = ()


class Operators:
    """The operators of a file, read again whenever it has changed; a file that cannot be read leaves nobody in."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._operators: dict[str, Operator] = {}
        self.problem = ""
        self._refresh()
        if self.problem:
            raise TocsinError(self.problem)

    def named(self, name: str) -> Operator | None:
        """Who has this name now."""
        self._refresh()
        return self._operators.get(name)

    def _refresh(self) -> None:
        try:
            found = self._path.stat()
            if self._seen == (found.st_mtime_ns, found.st_size):
                return
            self._seen = found.st_mtime_ns, found.st_size
            self._operators = {one.name: one for one in read_operators(self._path)}
            self.problem = "" if self._operators else f"{self._path}: nobody stands in it: tocsin operators add NAME"
        except (OSError, TocsinError) as error:
            self._operators, self._seen, self.problem = {}, None, f"web.operators: {error}"


def read_operators(path: Path) -> tuple[Operator, ...]:
    """Everybody in the file; TocsinError naming the place for one that is not as it should be."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        found = msgspec.convert(raw, _File)
    except OSError as error:
        raise TocsinError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise TocsinError(f"{path}: {error}") from error
    if found.schema != 1:
        raise TocsinError(f"{path}: schema {found.schema} is not known here")
    names = [one.name for one in found.operator]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TocsinError(f"{path}: two operators are called {twice!r}")
    return found.operator


def write_operators(path: Path, operators: tuple[Operator, ...]) -> None:
    """Write the file whole, for its owner alone. TocsinError if it cannot be written, or could not be read again."""
    try:
        msgspec.convert(msgspec.to_builtins(_File(1, operators)), _File)
    except (msgspec.ValidationError, RecursionError) as error:
        raise TocsinError(f"{path}: {error}") from error
    lines = ["# Written by `tocsin operators`. Passwords stand here as argon2id hashes only.", "schema = 1"]
    for one in operators:
        fields = {"name": one.name, "role": one.role.value, "password": one.password}
        lines += ["", "[[operator]]", *(f"{key} = {_quoted(value)}" for key, value in fields.items())]
    beside = path.with_name(f".{path.name}.new")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        beside.replace(path)
    except OSError as error:
        raise TocsinError(f"{path}: {error.strerror}") from error


def hashed(password: str) -> str:
    """The argon2id hash of a password, with a salt of its own. TocsinError for one too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise TocsinError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    salt = os.urandom(_SALT_BYTES)
    return Argon2id(
        salt=salt, length=_HASH_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
    ).derive_phc_encoded(password.encode())


def matches(password: str, phc: str) -> bool:
    """Whether this is the password of the hash; takes as long for a wrong one."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode(), phc)
    except InvalidKey:
        return False
    return True


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()  # a JSON string is a TOML string
