"""Links of a line: sessions with other systems, decoded like sensors and told of what the line finds.

A link's adapter keeps the state of its sessions, so both faces are used here, in the line, in the order of the
packets; what goes out leaves as replies, which a replay makes again and sends nowhere. Of a picture a link gets what
its table in the site file lets it have: never a track to which nobody but the sensors in `not_from` contributed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from tocsin.config.adapters import load_adapter
from tocsin.config.site import LinkEntry, Site
from tocsin.model.adapter import Decoded, Link, Tasked
from tocsin.model.alert import Alert
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.detection import Detection
from tocsin.model.packet import Packet
from tocsin.model.picture import Picture
from tocsin.model.sensor import Reply
from tocsin.service.withhold import without_tracks_of


class Links:
    """The links of a site, by name; `names` are those of packets that belong here."""

    def __init__(self, site: Site) -> None:
        self._entries = {entry.name: entry for entry in site.links}
        self._links = {entry.name: site_link(entry) for entry in site.links}
        self._forwarded = {name for entry in site.links for name in entry.reports_of}
        self._counts: dict[str, Counter[str]] = {entry.name: Counter() for entry in site.links}
        self._link_of = {sensor.name: sensor.link for sensor in site.sensors if sensor.link}
        self._before: dict[str, Command] = {}
        self.names = frozenset(self._links)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """What a packet of one of the links completes."""
        return self._links[packet.source].decode(packet)

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """What time alone brings about: signs of life, waits that end."""
        return (item for link in self._links.values() for item in link.on_tick(time_s))

    def picture(self, picture: Picture) -> Iterable[Reply]:
        """Tell a picture to those who get tracks."""
        for name, link in self._links.items():
            entry = self._entries[name]
            if entry.tracks:
                yield from self._counted(entry, link.encode(without_tracks_of(entry.not_from, picture)))

    def alerts(self, alerts: Sequence[Alert]) -> Iterable[Reply]:
        """Tell changed alerts to those who get them."""
        for name, link in self._links.items() if alerts else ():
            entry = self._entries[name]
            for alert in alerts if entry.alerts else ():
                yield from self._counted(entry, link.encode(alert))

    def report(self, item: Detection | Claim) -> Iterable[Reply]:
        """Pass on a sensor's own report to those who get them."""
        if item.sensor in self._forwarded:
            for name, link in self._links.items():
                if item.sensor in self._entries[name].reports_of:
                    yield from self._counted(self._entries[name], link.encode(item))

    def command(self, command: Command, time_s: float) -> Iterable[Reply | CommandAnswer]:
        """Ask of a sensor that comes by a link what a command asks of it; other stages' commands give nothing."""
        if command.kind is not CommandKind.TASK_SENSOR:
            return
        if self._before.get(command.id) == command:
            yield CommandAnswer(command.id, True, "answered before a restart", time_s)
            return
        entry = self._entries.get(self._link_of.get(command.target, ""))
        link = None if entry is None else self._links[entry.name]
        if entry is None or not isinstance(link, Tasked):
            reason = f"target: no sensor {command.target!r} that takes tasks"
            yield CommandAnswer(command.id, False, reason, time_s)
            return
        for found in link.task(command, time_s):
            if isinstance(found, Reply):
                self._counts[entry.name]["bytes_out"] += len(found.data)
            yield found

    def resume(self, commands: Iterable[Command]) -> None:
        """Ask nothing again that was asked before a restart."""
        self._before = {one.id: one for one in commands if one.kind is CommandKind.TASK_SENSOR}

    def statistics(self) -> Mapping[str, Any]:
        """Each adapter's own counts, and the bytes it was told to send."""
        return {name: {**link.statistics(), **self._counts[name]} for name, link in self._links.items()}

    def _counted(self, entry: LinkEntry, replies: Iterable[Reply]) -> Iterable[Reply]:
        for reply in replies:
            self._counts[entry.name]["bytes_out"] += len(reply.data)
            yield reply


def site_link(entry: LinkEntry) -> Link:
    """A new adapter of a link, without any session."""
    return cast(Link, load_adapter("tocsin.links", entry.adapter)(entry.settings, entry.context))
