"""Adapters found by entry point: ours and third parties' come through the same door.

A group is a ring's folder: `tocsin.sensors`, `tocsin.links`, `tocsin.sharing`, `tocsin.channels`. Nothing is loaded
until it is named: `load_adapter` imports one, `installed_adapters` all (for the list that `tocsin adapters` prints). A
name that two packages claim for different classes is refused, since which one runs would depend on the order of
installation.
"""

from importlib.metadata import EntryPoint, entry_points
from typing import Any, ClassVar, Protocol, cast

import msgspec

from tocsin.model.adapter import AdapterInfo
from tocsin.model.errors import TocsinError

GROUPS = ("tocsin.sensors", "tocsin.links", "tocsin.sharing", "tocsin.channels")


class AdapterClass(Protocol):
    """What every adapter's class has, whichever its faces; built as `Adapter(settings, context)`."""

    info: ClassVar[AdapterInfo]
    Settings: ClassVar[type[msgspec.Struct]]

    def __init__(self, settings: Any, context: Any) -> None: ...


class InstalledAdapter(msgspec.Struct, frozen=True):
    """One line of the list: `problem` says why it cannot be loaded, and `info` is None then."""

    group: str
    name: str
    info: AdapterInfo | None
    problem: str = ""


def load_adapter(group: str, name: str) -> type[AdapterClass]:
    """The class behind a name; an unknown or broken one is an error that says what there is."""
    found = _entries(group)
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise TocsinError(f'no adapter "{name}" is installed in {group}; there are: {known}')
    try:
        loaded = found[name].load()
    except (ImportError, AttributeError) as error:
        raise TocsinError(f'adapter "{name}" ({found[name].value}) cannot be loaded: {error}') from error
    for member in ("info", "Settings"):
        if not hasattr(loaded, member):
            raise TocsinError(f'adapter "{name}" ({found[name].value}) has no {member}')
    return cast(type[AdapterClass], loaded)


def installed_adapters() -> tuple[InstalledAdapter, ...]:
    """Every adapter that is installed, by group and name."""
    listed = []
    for group in GROUPS:
        for name in sorted(_entries(group)):
            try:
                listed.append(InstalledAdapter(group, name, load_adapter(group, name).info))
            except TocsinError as error:
                listed.append(InstalledAdapter(group, name, None, str(error)))
    return tuple(listed)


def _entries(group: str) -> dict[str, EntryPoint]:
    """The group's entry points by name; a package found twice on the path counts once."""
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        other = found.setdefault(entry.name, entry)
        if other.value != entry.value:
            raise TocsinError(
                f'two packages install an adapter "{entry.name}" in {group}: {other.value}, {entry.value}'
            )
    return found
