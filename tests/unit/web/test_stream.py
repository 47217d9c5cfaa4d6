"""The stream by itself: the newest state wins, and a quiet sky still beats."""

import asyncio

import pytest

from tocsin.web import newest
from tocsin.web.stream import Stream
from unit.web.examples import FixedViews

pytestmark = pytest.mark.anyio


async def test_a_reader_that_was_away_gets_the_newest_only() -> None:
    views = FixedViews()
    stream = Stream(views, 10.0)
    reader = stream.read()
    assert await anext(reader) == b"retry: 1000\n\n"
    assert {(await anext(reader)).split(b"\n")[0] for _ in range(3)} == {
        b"event: picture",
        b"event: alerts",
        b"event: sensors",
    }
    for sequence in (8, 9, 10):
        views.show(sequence)
        stream.look()
    event = await anext(reader)
    assert event.startswith(b"event: picture\n") and b'"sequence":10,' in event
    assert (stream.sent, stream.skipped) == (4, 2)
    await reader.aclose()
    assert stream.readers == 0


async def test_what_did_not_change_is_not_sent_again_but_the_line_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "BEAT_S", 0.01)
    stream = Stream(FixedViews(), 10.0)
    reader = stream.read()
    for _ in range(4):
        await anext(reader)
    stream.look()
    assert await anext(reader) == b": alive\n\n"
    assert await anext(reader) == b": alive\n\n"
    await reader.aclose()


async def test_closing_wakes_and_ends_every_reader() -> None:
    stream = Stream(FixedViews(), 10.0)

    async def count() -> int:
        return len([event async for event in stream.read()])

    tasks = [asyncio.create_task(count()) for _ in range(3)]
    while stream.readers < 3 or stream.sent < 9:
        await asyncio.sleep(0)
    stream.close()
    assert await asyncio.gather(*tasks) == [4, 4, 4]
    assert stream.readers == 0
