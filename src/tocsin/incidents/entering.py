"""Entering: records written by hand in a TOML file, as grades, assessments and retractions are.

Each table's name is a type of record (`[[grade]]`, `[[assessment]]`, `[[retraction]]` ...), its keys are that type's
fields, its references ids of the store. Reading is strict; errors name the place ("grade[1].credibility").
"""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    Amendment,
    Assessment,
    Body,
    Conflict,
    Evidence,
    Grade,
    Incident,
    Outcome,
    Release,
    Retraction,
    Source,
    Statement,
)

_TYPES: dict[str, type[Body]] = {
    "source": Source,
    "evidence": Evidence,
    "incident": Incident,
    "statement": Statement,
    "grade": Grade,
    "assessment": Assessment,
    "amendment": Amendment,
    "retraction": Retraction,
    "outcome": Outcome,
    "conflict": Conflict,
    "release": Release,
}


def read_bodies(path: Path) -> list[Body]:
    """The records that the file `path` holds, by table in the order above, in each table in the file's order."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise TocsinError(f"{path}: is no TOML: {error}") from error
    for name in tables:
        if name not in _TYPES:
            raise TocsinError(f"{path}: {name}: unknown table; known are {', '.join(_TYPES)}")
    return [body for name, kind in _TYPES.items() for body in _rows(path, name, kind, tables.get(name, []))]


def _rows(path: Path, name: str, kind: type[Body], rows: Any) -> list[Body]:
    if not isinstance(rows, list):
        raise TocsinError(f"{path}: {name}: write [[{name}]]")
    found: list[Body] = []
    for position, row in enumerate(rows, start=1):
        try:
            found.append(msgspec.convert(row, kind))
        except (msgspec.ValidationError, RecursionError) as error:
            reason, _, place = str(error).partition(" - at `$")
            raise TocsinError(f"{path}: {name}[{position}]{place.rstrip('`')}: {reason}") from error
    return found
