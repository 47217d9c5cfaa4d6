"""Iterating a source: an end where there is one, and nothing left behind where there is none."""

import asyncio
import os
from contextlib import aclosing

import pytest

from tocsin.transport import source as sources
from tocsin.transport.address import Address
from tocsin.transport.desk import Desk
from unit.transport.harness import CLOSED, DATA, OPENED, source

pytestmark = pytest.mark.anyio


async def test_a_source_ends_with_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"all of it")
    os.close(writing)
    stdin = os.dup(0)
    os.dup2(reading, 0)
    try:
        async with aclosing(source("stdin:").packets()) as packets:
            got = [packet async for packet in packets]
    finally:
        os.dup2(stdin, 0)
        os.close(stdin)
        os.close(reading)
    assert [(packet.kind, packet.data) for packet in got] == [
        (OPENED, b""),
        (DATA, b"all of it"),
        (CLOSED, b"closed by the peer"),
    ]


async def test_leaving_early_ends_the_task_behind_it() -> None:
    before = asyncio.all_tasks()
    async with aclosing(source("udp://127.0.0.1:0").packets()) as packets:
        await anext(packets)
        assert len(asyncio.all_tasks()) == len(before) + 1
    assert asyncio.all_tasks() == before


async def test_a_fault_of_our_own_reaches_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(address: Address, desk: Desk) -> None:
        async with desk.session("here"):
            raise ZeroDivisionError

    monkeypatch.setitem(sources._RUN, "udp", fail)
    with pytest.raises(ZeroDivisionError):
        async with aclosing(source("udp://127.0.0.1:0").packets()) as packets:
            async for packet in packets:
                assert packet.kind is OPENED
