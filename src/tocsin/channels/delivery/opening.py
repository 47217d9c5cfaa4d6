"""Opening: the settings file of a process that delivers, as the service writes it, and the channels it names.

The file is JSON with `schema`, readable by its owner alone: it holds the token by which the processes of a site know
each other. Adapters are found by entry point, as everywhere; their settings stand in the file as the site file had
them, read and checked.
"""

import os
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, cast

import msgspec

from tocsin.model.channel import Channel, ChannelContext
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.warning import Level

SCHEMA = 1
GROUP = "tocsin.channels"


class ChannelSettings(msgspec.Struct, frozen=True):
    """One channel: its name, the adapter and the adapter's settings."""

    name: str
    adapter: str
    settings: dict[str, Any]


class ProcessSettings(msgspec.Struct, frozen=True):
    """What a process beside the line has to know. `folder`: for its files. `token`: known to this site's processes.

    `watchdog_port`: where the watchdog listens for signs of life, on loopback; 0 if there is none. `watched`: who
    sends it some. `deadman`: channels that the watchdog holds by kicking them.
    """

    schema: int
    site: str
    folder: str
    token: str
    exercise: bool
    channels: tuple[ChannelSettings, ...]
    watchdog_port: int = 0
    watched: tuple[str, ...] = ()
    sender: str = "tocsin"


Report = Callable[[str, str, Level, str], None]


def write_settings(path: Path, settings: ProcessSettings) -> None:
    """Write the file for its owner alone, whole or not at all."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(settings), indent=1))
    draft.replace(path)


def read_settings(path: Path) -> ProcessSettings:
    """The settings in `path`; TocsinError if it cannot be used."""
    try:
        settings = msgspec.json.decode(path.read_bytes(), type=ProcessSettings)
    except (OSError, *UNREADABLE) as error:
        raise TocsinError(f"{path}: not usable as settings of a process: {error}") from error
    if settings.schema != SCHEMA:
        raise TocsinError(f"{path}: settings of schema {settings.schema}; this program reads {SCHEMA}")
    return settings


def open_channels(settings: ProcessSettings, report: Report) -> dict[str, Channel]:
    """Every channel of the settings. `report(channel, warning, level, detail)` takes later news."""
    return {entry.name: _open(entry, settings, report) for entry in settings.channels}


def _open(entry: ChannelSettings, settings: ProcessSettings, report: Report) -> Channel:
    found = [one for one in entry_points(group=GROUP) if one.name == entry.adapter]
    if not found:
        raise TocsinError(f"{entry.name}: no channel adapter {entry.adapter!r} is installed")
    adapter = found[0].load()
    try:
        own = msgspec.convert(entry.settings, adapter.Settings)
    except msgspec.ValidationError as error:
        raise TocsinError(f"{entry.name}: settings: {error}") from error

    def later(warning: str, level: Level, detail: str) -> None:
        report(entry.name, warning, level, detail)

    context = ChannelContext(entry.name, settings.site, settings.folder, later)
    return cast(Channel, adapter(own, context))


def channel_settings(entries: Sequence[tuple[str, str, msgspec.Struct]]) -> tuple[ChannelSettings, ...]:
    """Settings of channels given as (name, adapter, settings)."""
    return tuple(ChannelSettings(name, adapter, msgspec.to_builtins(own)) for name, adapter, own in entries)
