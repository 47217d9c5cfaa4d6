"""Newest: whole states to any number of readers."""

import asyncio

import pytest

from tocsin.web.newest import Newest

pytestmark = pytest.mark.anyio


async def test_a_frozen_reader_costs_nothing_and_holds_nobody_up() -> None:
    states = Newest(beat=b"")
    states.put("a", b"a0")
    frozen, awake = states.read(), states.read()
    assert await anext(frozen) == b"a0"  # and never asks again
    got = [await anext(awake)]
    for number in range(1, 1000):
        states.put("a", b"a%d" % number)
        got.append(await anext(awake))
    assert got == [b"a%d" % number for number in range(1000)]
    assert await anext(frozen) == b"a999"  # nothing was queued for it
    assert states.skipped == 998
    await frozen.aclose()
    await awake.aclose()


async def test_readers_that_sleep_wake_on_news_and_end_on_close() -> None:
    states = Newest(beat=b"")
    got: list[bytes] = []

    async def read() -> None:
        got.extend([state async for state in states.read()])

    tasks = [asyncio.create_task(read()) for _ in range(3)]
    while states.readers < 3:
        await asyncio.sleep(0)
    states.put("x", b"x")
    while len(got) + states.sent < 3:
        await asyncio.sleep(0)
    states.close()
    await asyncio.gather(*tasks)
    assert got == [b"x"] * 3 and states.readers == 0
