"""Warning path: the processes beside the line that bring warnings to people, and the link to them.

A site without channels has none of this. A watchdog runs where a channel is marked as its own. On a stop that was asked
for both processes end too; on any other end of the line they live on.
"""

import secrets
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tocsin.channels.delivery.opening import SCHEMA, ProcessSettings, channel_settings, read_settings, write_settings
from tocsin.config.site import ChannelEntry, Site
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Warning
from tocsin.service.outlets import Watch
from tocsin.service.supervise import Supervisor
from tocsin.service.views import SiteViews
from tocsin.service.warning_link import WarningLink

CHANNELS, WATCHDOG = "channels.json", "watchdog.json"
_END_S = 8.0


class WarningPath:
    """`open` starts it all; `faults` tells how it does."""

    def __init__(self, site: Site, out: Path) -> None:
        self._site, self._out = site, out
        self._link: WarningLink | None = None
        self._supervisors: list[Supervisor] = []
        self._told: list[Warning] = []

    def resume(self, warnings: list[Warning]) -> None:
        """Show what earlier runs of this folder told."""
        self._told = warnings

    def open(self, views: SiteViews) -> Sequence[Watch]:
        """Write the settings, start the processes, connect; who wants each output of the line first."""
        out_channels = [one for one in self._site.channels if not one.watchdog]
        own_channels = [one for one in self._site.channels if one.watchdog]
        if not out_channels and not own_channels:
            return ()
        settings = self._settings(out_channels, own_channels)
        self._link = WarningLink(
            self._out,
            settings.token,
            self._site.warnings,
            [one.name for one in out_channels],
            settings.watchdog_port,
        )
        self._link.resume(self._told)
        for supervisor in self._supervisors:
            supervisor.start()
        self._link.start()
        views.put_link(self._link)
        return (self._link.take,)

    def faults(self) -> dict[str, str]:
        """What of the way is lost, by source; "" where all is well."""
        found = self._link.faults() if self._link is not None else {}
        for one in self._supervisors:
            if said := one.fault():
                found[one.name] = "; ".join(filter(None, (said, found.get(one.name, ""))))
        return found

    def statistics(self) -> dict[str, Any]:
        """The link's counts, and how often each process was started."""
        link = self._link.statistics() if self._link is not None else {}
        return {**link, **{one.name: one.statistics() for one in self._supervisors}}

    def close(self) -> None:
        """End the processes, after what is queued has had its time."""
        for supervisor in self._supervisors:
            supervisor.let_end()
        if self._link is not None:
            self._link.close(stop=True)
        for supervisor in self._supervisors:
            supervisor.close(_END_S)

    def _settings(self, told: list[ChannelEntry], own: list[ChannelEntry]) -> ProcessSettings:
        """The settings of both processes; those of a run that was killed are kept, since its processes may live."""
        folder = self._out.resolve()
        token, port = secrets.token_hex(16), _free_port() if own else 0
        if (folder / CHANNELS).exists():
            earlier = read_settings(folder / CHANNELS)
            token, port = earlier.token, earlier.watchdog_port if own and earlier.watchdog_port else port
        settings = ProcessSettings(
            schema=SCHEMA,
            site=self._site.name,
            folder=str(folder),
            token=token,
            exercise=self._site.exercise,
            channels=channel_settings([(one.name, one.adapter, one.settings) for one in told]),
            watchdog_port=port,
            watched=("line", "channels"),
        )
        try:
            write_settings(folder / CHANNELS, settings)
            self._supervise("channels", "tocsin.channels.delivery", CHANNELS)
            if own:
                channels = channel_settings([(one.name, one.adapter, one.settings) for one in own])
                write_settings(folder / WATCHDOG, replace(settings, channels=channels))
                self._supervise("watchdog", "tocsin.watchdog", WATCHDOG)
        except OSError as error:
            raise TocsinError(f"{folder}: cannot be written: {error.strerror or error}") from error
        return settings

    def _supervise(self, name: str, module: str, settings: str) -> None:
        folder = self._out.resolve()
        self._supervisors.append(Supervisor(name, [module, str(folder / settings)], folder))


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
