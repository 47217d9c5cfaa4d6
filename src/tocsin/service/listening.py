"""Listening: bytes of one source to lines that say what was understood, and a summary of what was not.

The adapter is the site file's, or the one that is named, or the one that the content of the first bytes tells. Nothing
is tracked or recorded. `Listener` knows no socket: it takes packets and gives lines.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from tocsin.config.adapters import installed_adapters, load_adapter
from tocsin.config.site import Site
from tocsin.config.strict import WrongValue, decode
from tocsin.geo.frames import Origin
from tocsin.model.adapter import AdapterContext, Decoded, Decoder, Link, SiteSensor
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose, Reply
from tocsin.service.conversion import KINDS, kind_of
from tocsin.service.decoders import sensor_decoder
from tocsin.service.item_lines import item_line, kind_word
from tocsin.service.links import site_link

NAME = "sensor"
READERS = ("tocsin.sensors", "tocsin.links")
_UNDECIDED_BYTES = 1 << 16  # that are kept to tell what they are
_BEGINNING_BYTES = 32
_FAR_M = 1_000_000.0
_TALLIES = ("problems", "sessions", "nodes")
_DATAGRAMS = {"asterix-blocks": {"framing": "datagram"}}  # what differs where each packet is whole


class Ear(msgspec.Struct, frozen=True):
    """An adapter ready to decode, and what it is called; `is_link` where it answers the other side."""

    called: str
    decoder: Decoder | Link
    is_link: bool = False


class Manner(msgspec.Struct, frozen=True):
    """How a named adapter listens: `settings_toml` as a site file spells them; `place` is the sensor's, if known;
    `live` bytes come now, a file's are of any time; `datagrams` are whole messages."""

    settings_toml: str = ""
    place: Origin | None = None
    live: bool = True
    datagrams: bool = False


def named_ear(name: str, manner: Manner) -> Ear:
    """The adapter or kind `name`, without a site file.

    Raises TocsinError for an unknown name, or settings that the adapter refuses.
    """
    kind = next((kind for kind in KINDS if kind.name == name and kind.adapter), None)
    adapter_name = kind.adapter if kind is not None else name
    group = _group(adapter_name)
    adapter = load_adapter(group, adapter_name)
    origin = manner.place or Origin(0.0, 0.0, 0.0)
    context = AdapterContext(NAME, Pose(), origin.latitude_rad, origin.longitude_rad, origin.height_m)
    if group == "tocsin.links":
        any_node = SiteSensor(NAME, Pose(), _FAR_M, link="link", node="")
        context = msgspec.structs.replace(context, name="link", seed="listen", sensors=(any_node,))
    try:
        given = tomllib.loads(manner.settings_toml)
    except ValueError as error:
        raise TocsinError(f"--settings: not TOML: {error}") from error
    said = dict(kind.settings) if kind is not None else {}
    if manner.live:
        said.pop("clock_s", None)  # a file may be of any day; what comes now is of now
        said |= _DATAGRAMS.get(name, {}) if manner.datagrams else {}
    if manner.place is None and "reference" in adapter.Settings.__struct_fields__:
        said.setdefault("reference", False)
    try:
        settings = decode(said | given, adapter.Settings)
    except WrongValue as error:
        raise TocsinError(f"settings of {adapter_name}: {error}") from error
    return Ear(name, adapter(settings, context), group == "tocsin.links")  # type: ignore[arg-type]


def site_ear(site: Site, name: str) -> tuple[Ear, str, str]:
    """The ear of a sensor or link of the site, its transport and the name its packets carry.

    A sensor that a link hears is heard by listening to the link. Raises TocsinError if it is none, or has no address.
    """
    sensor = next((one for one in site.sensors if one.name == name), None)
    wanted = sensor.link if sensor is not None and sensor.link else name
    link = next((one for one in site.links if one.name == wanted), None)
    if link is not None:
        return Ear(link.adapter, site_link(link), True), _transport(link.transport, wanted), wanted
    if sensor is None:
        known = ", ".join([*(one.name for one in site.sensors), *(one.name for one in site.links)])
        raise TocsinError(f'no sensor or link of the site is named "{name}"; there are: {known or "none"}')
    return Ear(sensor.adapter or "", sensor_decoder(site, sensor)), _transport(sensor.transport, name), name


class Listener:
    """Takes the packets of one source; `ear` is None where the content shall tell.

    `choose` makes the ear of a kind that the content showed; `reply` is given what goes back to the other side.
    """

    def __init__(
        self, ear: Ear | None, choose: Callable[[str], Ear], reply: Callable[[Reply], object] = lambda _: None
    ) -> None:
        self.ear = ear
        self.kinds: Counter[str] = Counter()
        self.packets = 0
        self.size_bytes = 0
        self._choose = choose
        self.reply = reply
        self._held: list[Packet] = []
        self._beginning = b""
        self._shown = 0

    def feed(self, packet: Packet) -> Iterator[str]:
        """Lines on what the packet brought."""
        if packet.kind is PacketKind.DATA:
            self.packets += 1
            self.size_bytes += len(packet.data)
            self._beginning = (self._beginning + packet.data)[:_BEGINNING_BYTES]
        if packet.kind is PacketKind.OPENED and packet.origin:
            yield f"open: {packet.origin}"
        if packet.kind is PacketKind.CLOSED and packet.data:
            yield f"closed: {packet.data.decode('utf-8', 'replace')}"
        if self.ear is not None:
            yield from self._decoded(self.ear.decoder.decode(packet))
            return
        self._held.append(packet)
        yield from self._decide()

    def on_tick(self, time_s: float) -> Iterator[str]:
        """Lines on what time alone brought."""
        if self.ear is not None:
            yield from self._decoded(self.ear.decoder.on_tick(time_s))

    def summary(self) -> Iterator[str]:
        """What came in all: packets, items by kind, the adapter's own counts, what was refused and why."""
        yield f"{self.packets} packets, {self.size_bytes} bytes"
        if self.ear is None:
            if self.packets:
                yield f"nothing was recognised; say what it is with --as. It begins: {self._beginning.hex(' ')}"
            else:
                yield "nothing came: is the sender aimed at this address, and does a firewall let it through?"
            return
        yield f"read as {self.ear.called}"
        for word, count in sorted(self.kinds.items()):
            yield f"  {word}: {count}"
        statistics = self.ear.decoder.statistics()
        for name, count in sorted(statistics.items()):
            if name not in _TALLIES and isinstance(count, int) and count:
                yield f"  counted, {name.replace('_', ' ')}: {count}"
        yield from _refused(statistics)
        if self.packets and not self.kinds:
            yield f"nothing was understood; it begins: {self._beginning.hex(' ')}"
        elif not self.packets:
            yield "nothing came: is the sender aimed at this address, and does a firewall let it through?"

    def recognise(self, data: bytes) -> Iterator[str]:
        """Choose the ear by what `data` shows, if it shows anything."""
        name = _content(data)
        if name is not None:
            self.ear = self._choose(name)
            yield f"this looks like {name}"

    def _decide(self) -> Iterator[str]:
        data = b"".join(packet.data for packet in self._held)
        yield from self.recognise(data)
        if self.ear is None:
            while len(data) > _UNDECIDED_BYTES and self._held:
                data = data[len(self._held.pop(0).data) :]
            return
        held, self._held = self._held, []
        for packet in held:
            yield from self._decoded(self.ear.decoder.decode(packet))

    def _decoded(self, items: Iterable[Decoded]) -> Iterator[str]:
        for item in items:
            if isinstance(item, Reply):
                self.reply(item)
                self.kinds["reply"] += 1
                continue
            self.kinds[kind_word(item)] += 1
            yield item_line(item)
        if self.ear is None:
            return
        problems = self.ear.decoder.statistics().get("problems", {}).get("first", ())
        for problem in problems[self._shown :]:
            where = f"{problem['file']}, row {problem['row']}" if problem["row"] else problem["file"]
            detail = f" ({problem['detail']})" if problem["detail"] else ""
            yield f"refused: {problem['reason']}{detail}, {where or 'here'}"
        self._shown = len(problems)


def _refused(statistics: Mapping[str, Any]) -> Iterator[str]:
    for reason, count in sorted(statistics.get("problems", {}).get("reasons", {}).items()):
        yield f"  refused, {reason}: {count}"


def _content(data: bytes) -> str | None:
    """The kind that the bytes show, None if none yet."""
    if data.lstrip()[:6] in (b"<event", b"<?xml ") and b"<event" in data or data[:1] == b"\xbf":
        return "cot"
    with suppress(TocsinError):
        kind = kind_of(data)
        return kind.name if kind.adapter else None
    return None


def _group(adapter: str) -> str:
    known = [(one.group, one.name) for one in installed_adapters() if one.group in READERS]
    for group, name in known:
        if name == adapter:
            return group
    names = ", ".join(sorted({name for _, name in known} | {kind.name for kind in KINDS if kind.adapter}))
    raise TocsinError(f"--as {adapter}: no adapter reads that; known are {names}")


def _transport(transport: str | None, name: str) -> str:
    if transport is None:
        raise TocsinError(f"{name} has no transport in the site file; give an address instead, with --as")
    return transport
