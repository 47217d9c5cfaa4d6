"""Strict decoding of a TOML value into a frozen struct, with the path of whatever is wrong.

`decode(value, kind)` accepts exactly what `kind` declares: an unknown key, a missing key, a wrong type, a wrong count,
a number that is not finite and a value outside its declared bounds each raise `WrongValue`, which holds the path to the
value and says what was expected. Nothing is coerced, save whole numbers where a number is expected.

Files speak degrees and structs radians: a field `x_rad` is spelled `x_deg` in the file (`x_radps`, `x_degps`), at any
depth, and its numbers are converted, in lists too. So a stage owns its `Settings` without knowing TOML.
"""

import difflib
import enum
import math
import re
import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from tocsin.model.errors import TocsinError
from tocsin.units import RAD_PER_DEG

T = TypeVar("T")
Path = tuple[str | int, ...]

SPELLING = {"_rad": "_deg", "_radps": "_degps", "_radps2": "_degps2"}
NOUNS = {float: "a number", int: "a whole number", str: "text", bool: "true or false", tuple: "a list", dict: "a table"}
PLURALS = {float: "numbers", int: "whole numbers", str: "texts"}
LARGEST = 2**63 - 1  # TOML promises whole numbers of 64 bits


class WrongValue(TocsinError):
    """`reason` says what is wrong with the value at `path` (keys, and positions counted from 1)."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{spelled_path(path)}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


def spelled_path(path: Iterable[str | int]) -> str:
    """The path as people write it: `view.range_m[2]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def spelled(field: str) -> str:
    """The key in a file of a struct's field."""
    for inside, outside in SPELLING.items():
        if field.endswith(inside):
            return field.removesuffix(inside) + outside
    return field


def decode(value: object, kind: type[T], path: Path = ()) -> T:
    """`value`, as read from TOML, as a `kind`."""
    return cast(T, _decode(value, kind, path))


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union, without None; a type that is no union stands alone."""
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(member for member in get_args(kind) if member is not type(None))
    return (kind,)


def is_struct(kind: Any) -> bool:
    """Whether `kind` is a struct class."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _decode(value: object, kind: Any, path: Path) -> object:
    if get_origin(kind) is Annotated:
        return _leaf(_decode(value, get_args(kind)[0], path), kind, path)
    members = alternatives(kind)
    if len(members) > 1:
        tables = [member for member in members if is_struct(member) or get_origin(member) is dict]
        if isinstance(value, dict) and len(tables) == 1:
            return _decode(value, tables[0], path)
        return _leaf(value, kind, path)
    if members != (kind,):
        return _decode(value, members[0], path)
    if is_struct(kind):
        return _struct(value, kind, path)
    if get_origin(kind) is tuple:
        return _tuple(value, get_args(kind), path)
    if get_origin(kind) is dict:
        if not isinstance(value, dict):
            raise WrongValue(path, f"expected a table, got {_seen(value)}")
        return {key: _decode(item, get_args(kind)[1], (*path, key)) for key, item in value.items()}
    return _leaf(value, kind, path)


def _struct(value: object, kind: type[msgspec.Struct], path: Path) -> msgspec.Struct:
    if not isinstance(value, dict):
        raise WrongValue(path, f"expected a table, got {_seen(value)}")
    fields = {spelled(field.encode_name): field for field in msgspec.structs.fields(kind)}
    for key in value:
        if key not in fields:
            raise WrongValue((*path, key), _unknown(key, list(fields)))
    arguments = {}
    for key, field in fields.items():
        if key in value:
            raw = value[key] if key == field.encode_name else _in_radians(value[key])
            arguments[field.name] = _decode(raw, field.type, (*path, key))
        elif field.required:
            raise WrongValue((*path, key), "missing")
    try:
        return kind(**arguments)
    except (ValueError, TocsinError) as error:  # what the struct's own check found
        reason = str(error).removeprefix(f"{path[-1]}.") if path else str(error)
        raise WrongValue(path, reason) from error


def _tuple(value: object, members: tuple[Any, ...], path: Path) -> tuple[object, ...]:
    if not isinstance(value, list):
        hint = f"; write [[{path[-1]}]]" if isinstance(value, dict) and is_struct(members[0]) else ""
        raise WrongValue(path, f"expected a list, got {_seen(value)}{hint}")
    if members[-1] is Ellipsis:
        members = (members[0],) * len(value)
    elif len(value) != len(members):
        raise WrongValue(path, f"expected {len(members)} {_plural(members[0])}, got {len(value)}")
    return tuple(
        _decode(item, member, (*path, position))
        for position, (item, member) in enumerate(zip(value, members, strict=True), start=1)
    )


def _leaf(value: object, kind: Any, path: Path) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        raise WrongValue(path, f"expected a finite number, got {value}")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise WrongValue(path, "expected a number of 64 bits")
    if isinstance(value, float) and abs(value) > LARGEST and str not in alternatives(kind):  # a cell may hold any
        raise WrongValue(path, f"expected a number below {LARGEST:.0e}, got {_seen(value)}")
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise WrongValue(path, _reason(value, kind, path, str(error))) from error


def _reason(value: object, kind: Any, path: Path, message: str) -> str:
    """A reason in the file's words; msgspec's own where it speaks of bounds."""
    bound = re.match(r"Expected `\w+` (.+?)(?: - at .*)?$", message)
    if bound and isinstance(value, float) and any(str(part).endswith(tuple(SPELLING.values())) for part in path):
        limit = re.sub(r"-?\d[\d.]*(e[-+]?\d+)?", lambda number: f"{float(number[0]) / RAD_PER_DEG:g}", bound[1])
        return f"must be {limit}, got {value / RAD_PER_DEG:g}"
    if get_origin(kind) is Annotated and isinstance(value, str) and (said := get_args(kind)[1].description):
        return f"expected {said}, got {_seen(value)}"
    if bound:
        return f"must be {bound[1]}, got {_seen(value)}"
    return f"expected {' or '.join(_noun(member) for member in alternatives(kind))}, got {_seen(value)}"


def _noun(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        return _noun(get_args(kind)[0])
    choices: tuple[object, ...] = ()
    if get_origin(kind) is Literal:
        choices = get_args(kind)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        choices = tuple(member.value for member in kind)
    if choices:
        return "one of " + ", ".join(f'"{choice}"' for choice in choices)
    return "a table" if is_struct(kind) else NOUNS.get(get_origin(kind) or kind, str(kind))


def _unknown(key: str, known: list[str]) -> str:
    if spelled(key) in known:
        return f"unknown key; a file speaks degrees, write {spelled(key)}"
    if f"{key}_env" in known:
        return f"a site file holds no secret; write {key}_env, the name of the environment variable that holds it"
    close = difflib.get_close_matches(key, known, n=1)
    return f"unknown key; did you mean {close[0]}?" if close else f"unknown key; known are {', '.join(sorted(known))}"


def _in_radians(value: object) -> object:
    """Degrees in radians, in lists and tables too; what is no number is left for the decoder to refuse."""
    if isinstance(value, list):
        return [_in_radians(item) for item in value]
    if isinstance(value, dict):
        return {key: _in_radians(item) for key, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return value if isinstance(value, int) and abs(value) > LARGEST else value * RAD_PER_DEG


def _seen(value: object) -> str:
    """What stands in the file: a number by its value, a text by its first characters, the rest by kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}..."'
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return f"a {type(value).__name__}"


def _plural(kind: Any) -> str:
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return PLURALS.get(bare, "values")
