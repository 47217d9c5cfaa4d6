"""Running a source in a test: packets collected by a task, waits that end with a clear failure."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from tocsin.model.packet import Packet, PacketKind
from tocsin.transport.clock import Clock
from tocsin.transport.limits import Limits
from tocsin.transport.source import Source, open_source

PATIENCE_S = 20.0
QUICK = Limits(retry_first_s=0.01, retry_last_s=0.05)
OPENED, DATA, CLOSED = PacketKind.OPENED, PacketKind.DATA, PacketKind.CLOSED


class StepClock:
    """Gives 1.0, 2.0, 3.0 ..."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def now_s(self) -> float:
        self._now_s += 1.0
        return self._now_s


def source(url: str, limits: Limits = QUICK, exercise: bool = False) -> Source:
    """The source "radar-1" on a clock that steps."""
    clock: Clock = StepClock()
    return open_source(url, "radar-1", clock, limits, exercise)


async def until(reached: Callable[[], object]) -> None:
    """Wait for a condition, in small steps."""
    async with asyncio.timeout(PATIENCE_S):
        while not reached():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def running(source: Source) -> AsyncIterator[list[Packet]]:
    """The packets of a running source; on leaving, everything it opened must be gone."""
    tasks_before = asyncio.all_tasks()
    got: list[Packet] = []

    async def collect() -> None:
        async with aclosing(source.packets()) as packets:
            async for packet in packets:
                got.append(packet)

    task = asyncio.create_task(collect())
    try:
        yield got
    finally:
        task.cancel()
        await asyncio.wait([task])
    for _ in range(500):  # the other side, in this loop too, may need a moment to see that nobody is there any more
        if asyncio.all_tasks() == tasks_before:
            break
        await asyncio.sleep(0.01)
    assert asyncio.all_tasks() == tasks_before


def kinds(packets: list[Packet]) -> list[PacketKind]:
    return [packet.kind for packet in packets]


def joined(packets: list[Packet], connection: int | None = None) -> bytes:
    """The data of all DATA packets, of one connection if given."""
    return b"".join(
        packet.data for packet in packets if packet.kind is PacketKind.DATA and connection in (None, packet.connection)
    )
