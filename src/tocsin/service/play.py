"""Play: packets with their pace; numbers for those that have none, ticks between them, and commands on the way.

`as_live` adds what a live site adds to what its sensors send. `paced` holds packets back until they are due and lets in
what an operator asks meanwhile, at the story's own time.
"""

import queue
import time
from collections.abc import Iterable, Iterator

import msgspec

from tocsin.config.site import Site
from tocsin.model.packet import Packet, PacketKind

SETTLE_S = 5.0  # ticks go on this long after the late window of the last packet
LONGEST_PAUSE_S = 3600.0  # ticks stop this long after the last packet and go on with the next
TICKS_PER_S = 10
_POLL_S = 0.05


def as_live(site: Site, packets: Iterable[Packet], expected: Iterable[str] = ()) -> Iterator[Packet]:
    """`packets` after the site file and an OPENED for each `expected` sensor, with ticks between them and after."""
    return with_ticks(_headed(site, packets, expected), site.tracking.late_window_s + SETTLE_S)


def with_ticks(packets: Iterable[Packet], settle_s: float) -> Iterator[Packet]:
    """`packets` with ticks between them and for `settle_s` after the last; a step of the clock is not filled."""
    tick, last_s = None, 0.0
    for packet in packets:
        due = int(packet.received_s * TICKS_PER_S) + 1
        if tick is None or packet.kind == PacketKind.CLOCK_STEP:
            tick = due
        elif packet.received_s - last_s > LONGEST_PAUSE_S:
            yield from _ticks(tick, int((last_s + LONGEST_PAUSE_S) * TICKS_PER_S))
            tick = due
        yield from _ticks(tick, due)
        tick, last_s = max(tick, due), packet.received_s
        yield packet
    if tick is not None:
        yield from _ticks(tick, int((last_s + settle_s) * TICKS_PER_S) + 1)


def numbered(packets: Iterable[Packet], exercise: bool) -> Iterator[Packet]:
    """`packets` with sequence numbers from 1, marked as exercise if asked for."""
    for sequence, packet in enumerate(packets, start=1):
        yield msgspec.structs.replace(packet, sequence=sequence, exercise=packet.exercise or exercise)


def paced(
    packets: Iterable[Packet], speed_ratio: float, inbox: "queue.Queue[Packet] | None" = None
) -> Iterator[Packet]:
    """`packets` at `speed_ratio` times the pace they were received at, with those of `inbox` as they come.

    What comes by the inbox gets the story's time. A step of the clock is not waited for.
    """
    first_s: float | None = None
    started = 0.0
    for packet in packets:
        if first_s is None or packet.kind == PacketKind.CLOCK_STEP:
            first_s, started = packet.received_s, time.monotonic()
        while True:
            elapsed = time.monotonic() - started
            if inbox is not None:
                yield from _asked(inbox, min(first_s + elapsed * speed_ratio, packet.received_s))
            ahead_s = (packet.received_s - first_s) / speed_ratio - elapsed
            if ahead_s <= 0.0:
                break
            time.sleep(min(ahead_s, _POLL_S))
        yield packet


def _headed(site: Site, packets: Iterable[Packet], expected: Iterable[str]) -> Iterator[Packet]:
    for place, packet in enumerate(packets):
        if place == 0:
            yield Packet(PacketKind.SITE, "site", packet.received_s, site.text.encode())
            for name in expected:
                yield Packet(PacketKind.OPENED, name, packet.received_s)
        yield packet


def _asked(inbox: "queue.Queue[Packet]", time_s: float) -> Iterator[Packet]:
    while True:
        try:
            yield msgspec.structs.replace(inbox.get_nowait(), received_s=time_s)
        except queue.Empty:
            return


def _ticks(start: int, end: int) -> Iterator[Packet]:
    """Ticks from number `start` to before `end`, in tenths of a second since 1970."""
    return (Packet(PacketKind.TICK, "clock", k / TICKS_PER_S) for k in range(start, end))
