"""Ingest: one order for recording and line, nothing recorded kept back, no wait without an end."""

import asyncio
import threading

import msgspec
import pytest

from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.ingest import Ingest

pytestmark = pytest.mark.anyio
TICK = Packet(PacketKind.TICK, "clock", 1.0)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class FakeRecorder:
    def __init__(self) -> None:
        self.taken: list[Packet] = []

    def submit(self, packet: Packet) -> Packet:
        numbered = msgspec.structs.replace(packet, sequence=len(self.taken) + 1)
        self.taken.append(numbered)
        return numbered


async def test_the_line_gets_everything_that_was_recorded_in_the_same_order() -> None:
    recorder = FakeRecorder()
    ingest = Ingest(recorder, line_queue=3)
    taken: list[Packet] = []

    def read() -> None:
        while (packet := ingest.take()) is not None:
            taken.append(packet)

    reader = threading.Thread(target=read)
    reader.start()

    async def feed(source: str) -> None:
        for k in range(50):
            await ingest.put(Packet(PacketKind.DATA, source, float(k)))

    await asyncio.gather(feed("a"), feed("b"), feed("c"))
    await ingest.close()
    await asyncio.to_thread(reader.join)
    assert taken == recorder.taken
    assert [packet.sequence for packet in taken] == list(range(1, 151))


async def test_a_full_queue_holds_the_source_back_and_is_counted() -> None:
    ingest = Ingest(FakeRecorder(), line_queue=1)
    await ingest.put(TICK)
    waiting = asyncio.create_task(ingest.put(TICK))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    assert ingest.take() is not None
    assert (await waiting).sequence == 2
    assert ingest.statistics() == {"waited_for_line": 1, "waiting": 1}


async def test_a_source_cancelled_while_it_waits_records_nothing() -> None:
    recorder = FakeRecorder()
    ingest = Ingest(recorder, line_queue=1)
    await ingest.put(TICK)
    waiting = asyncio.create_task(ingest.put(TICK))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert len(recorder.taken) == 1
    assert ingest.take() is not None
    await ingest.close()
    assert ingest.take() is None


async def test_a_line_that_ended_lets_nobody_wait() -> None:
    ingest = Ingest(FakeRecorder(), line_queue=1)
    await ingest.put(TICK)
    waiting = asyncio.create_task(ingest.put(TICK))
    await asyncio.sleep(0.01)
    ingest.end()
    with pytest.raises(TocsinError, match="the line has ended"):
        await waiting
    async with asyncio.timeout(5.0):
        await ingest.close()
