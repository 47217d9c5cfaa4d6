"""Shares: the recipients of a site, each with its encoder and its transport.

A share gets alerts as they change and the picture once a second. A track that only sensors in its `not_from` saw is
left out: what a partner told us is never sent back to that partner. A fault of an encoder is counted, kept in words,
and costs nobody but its recipient what it could not encode.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, cast

import msgspec

from tocsin.config.adapters import load_adapter
from tocsin.config.site import ShareEntry, Site
from tocsin.model.adapter import Encoder
from tocsin.model.alert import Alert
from tocsin.model.packet import Packet
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose
from tocsin.service.decoders import adapter_context
from tocsin.service.ingest import SHARE_LIMITS
from tocsin.service.pipeline import LineOutput
from tocsin.service.withhold import without_tracks_of
from tocsin.transport.sink import Sink, open_sink

PERIOD_S = 1.0  # a share gets the picture this often


class Share:
    """One recipient: its entry in the site file, the adapter that encodes for it, and the way to its transport."""

    def __init__(self, entry: ShareEntry, encoder: Encoder, send: Callable[[Packet], None]) -> None:
        self.entry = entry
        self._encoder = encoder
        self._send = send
        self._next_s = 0.0
        self._counts: Counter[str] = Counter()
        self._last_error = ""

    def take(self, output: LineOutput, exercise: bool) -> None:
        """Send what of `output` the recipient gets; `exercise` marks all of it."""
        items: list[Picture | Alert] = list(output.alerts) if self.entry.alerts else []
        if self.entry.tracks and output.picture is not None and output.time_s >= self._next_s:
            self._next_s = output.time_s + PERIOD_S
            items.append(without_tracks_of(self.entry.not_from, output.picture))
        for item in items:
            marked = msgspec.structs.replace(item, exercise=True) if exercise else item
            try:
                packets = list(self._encoder.encode(marked))
            except Exception as error:  # an adapter's fault is its recipient's loss, not the site's
                self._counts["failed"] += 1
                self._last_error = f"{type(error).__name__}: {error}"
                continue
            for packet in packets:
                self._send(packet)
                self._counts["packets"] += 1

    def statistics(self) -> dict[str, Any]:
        """Packets sent, items that could not be encoded with the last reason, and the encoder's own counts."""
        return {**self._counts, "last_error": self._last_error, "encoder": dict(self._encoder.statistics())}


async def open_shares(site: Site, stack: AsyncExitStack) -> list[Share]:
    """Open the transport of each share in `stack`; sending from another thread goes through this event loop."""
    loop = asyncio.get_running_loop()
    shares = []
    for entry in site.shares:
        adapter = load_adapter("tocsin.sharing", entry.adapter)
        encoder = cast(Encoder, adapter(entry.settings, adapter_context(site, entry.name, Pose())))
        sink = await stack.enter_async_context(open_sink(entry.transport, entry.name, SHARE_LIMITS))
        shares.append(Share(entry, encoder, partial(_send, loop, sink)))
    return shares


def _send(loop: asyncio.AbstractEventLoop, sink: Sink, packet: Packet) -> None:
    loop.call_soon_threadsafe(sink.try_send, packet.data)
