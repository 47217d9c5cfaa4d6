"""The reference of the site file, drawn from the structs that read it.

`reference()` gives Markdown with every table and every key: its type, unit, default and one line of reason. The reasons
stand in the structs' docstrings as "`key`: reason." (in backquotes, or at the start of a line) and nowhere else. A key
without one is an error, so that a setting cannot be added undocumented. `python -m tocsin.config.reference` prints the
page that docs/reference/ holds.
"""

import enum
import re
import sys
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from tocsin.config.strict import alternatives, is_struct, spelled
from tocsin.config.tables import SiteFile
from tocsin.model.errors import TocsinError
from tocsin.units import RAD_PER_DEG

UNITS = {
    "_per_s": "1/s", "_m": "m", "_s": "s", "_mps": "m/s", "_mps2": "m/s²", "_deg": "degrees", "_degps": "degrees/s",
    "_hz": "Hz", "_db": "dB", "_dbm": "dBm", "_pa": "Pa", "_k": "K", "_kg": "kg", "_minutes": "min", "_mib": "MiB",
}  # fmt: skip
HEAD = """# The site file

One TOML file describes a site. Unknown and missing keys are errors, and every error names its place, with positions
counted from 1: `sensor[2] "radar-1": view.range_m: expected 2 numbers, got 1`. Angles are in degrees, azimuths
clockwise from true north. Heights say by their name what they are measured from. A place is given in exactly one way:
`east_m` and `north_m` (and `up_m`) from the site's origin, or `latitude_deg` and `longitude_deg` with `height_m` or
`altitude_msl_m`. Secrets stand in the environment; the file names the variable (`token_env = "..."`).

`tocsin check SITE.toml` reads a file, says in words what it means, and starts nothing. `sites/example.toml` is a
complete example.

This page is drawn from the program: `python -m tocsin.config.reference > docs/reference/site-file.md`.
"""


def reference() -> str:
    """The page, as Markdown."""
    parts = [HEAD]
    for field in msgspec.structs.fields(SiteFile):
        kind, many = _table_kind(field.type)
        title = f"[[{field.name}]]" if many else f"[{field.name}]"
        parts.append(f"\n## `{title}`\n\n{_summary(kind)}\n\n" + _rows(kind))
    return "".join(parts)


def reasons(kind: type[msgspec.Struct]) -> dict[str, str]:
    """The reason for each field of `kind`, from its docstring; a field without one is an error."""
    names = "|".join(kind.__struct_fields__)
    text = re.sub(rf"(?m)^ *({names}): ", r" `\1`: ", kind.__doc__ or "")  # the other way to write them: a line each
    text = " ".join(text.split())
    found: dict[str, str] = {}
    for names, reason in re.findall(r"((?:`\w+`(?:, | and )?)+): (.*?)(?=(?:`\w+`(?:, | and )?)+: |$)", text):
        for name in re.findall(r"`(\w+)`", names):
            found[name] = reason.strip().rstrip(".")
    for field in msgspec.structs.fields(kind):
        if field.name not in found:
            raise TocsinError(f"{kind.__module__}.{kind.__name__}: no reason for `{field.name}` in the docstring")
    return found


def _table_kind(kind: Any) -> tuple[type[msgspec.Struct], bool]:
    many = get_origin(kind) is tuple
    return (get_args(kind)[0] if many else kind), many


def _summary(kind: type[msgspec.Struct]) -> str:
    return (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")


def _rows(kind: type[msgspec.Struct]) -> str:
    rows = list(_fields(kind, ""))
    if not rows:
        return "No keys yet.\n"
    return "| key | type | unit | default | meaning |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"


def _fields(kind: type[msgspec.Struct], prefix: str) -> list[str]:
    """A row a key; the keys of a table within the table follow it."""
    rows = []
    why = reasons(kind)
    for field in msgspec.structs.fields(kind):
        key = spelled(field.encode_name)
        unit = next((UNITS[suffix] for suffix in UNITS if key.endswith(suffix)), "")
        cells = (f"`{prefix}{key}`", _words(field.type), unit, _default(field), _in_degrees(why[field.name]))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        for member in alternatives(field.type):
            inner = get_args(member)[0] if get_origin(member) is tuple else member
            if is_struct(inner):
                rows += _fields(inner, f"{prefix}{key}." if inner is member else f"{prefix}{key}[].")
    return rows


def _words(kind: Any) -> str:
    """A type in words."""
    if get_origin(kind) is Annotated:
        return _words(get_args(kind)[0])
    members = alternatives(kind)
    if members != (kind,):
        return " or ".join(_words(member) for member in members)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f'`"{choice}"`' for choice in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "one of " + ", ".join(f'`"{member.value}"`' for member in kind)
    if get_origin(kind) is tuple:
        arguments = get_args(kind)
        many = arguments[-1] is Ellipsis
        return f"list of {'' if many else f'{len(arguments)} '}{_several(arguments[0])}"
    if is_struct(kind) or get_origin(kind) is dict or kind is dict:
        return "table"
    return {float: "number", int: "whole number", str: "text", bool: "true or false"}.get(kind, str(kind))


def _several(kind: Any) -> str:
    words = _words(kind)
    return words.replace("list", "lists", 1) if words.startswith("list") else f"{words}s"


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(default, msgspec.Struct):
        return ""
    if default is None:
        return "left out"
    return f"`{_toml(default, spelled(field.encode_name) != field.encode_name)}`"


def _toml(value: object, angle: bool) -> str:
    """A default as it would be written in the file; long tables by their size."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, enum.Enum):
        return f'"{value.value}"'
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, int | float):
        return f"{value / RAD_PER_DEG:.9g}" if angle else f"{value:.9g}"
    if isinstance(value, tuple | list) and any(isinstance(item, msgspec.Struct) for item in value):
        return f"{len(value)} tables"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(item, angle) for item in value) + "]"
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{key} = {_toml(item, angle)}" for key, item in value.items()) + " }" if value else "{}"
        )
    return str(value)


def _in_degrees(text: str) -> str:
    """Keys named within a reason, spelled as in the file."""
    return re.sub(r"`(\w+)`", lambda name: f"`{spelled(name[1])}`", text)


if __name__ == "__main__":
    sys.stdout.write(reference())
