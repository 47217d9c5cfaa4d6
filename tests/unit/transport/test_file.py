"""Following files, and reading a descriptor to its end."""

import asyncio
import os
from pathlib import Path

import pytest

from tocsin.transport.desk import Desk
from tocsin.transport.file import read_descriptor
from tocsin.transport.limits import Limits
from unit.transport.harness import CLOSED, OPENED, StepClock, joined, kinds, running, source, until

pytestmark = pytest.mark.anyio


async def test_file_tail_follows_appends_truncation_and_replacement(tmp_path: Path) -> None:
    path = tmp_path / "radar log.jsonl"
    radar = source(f"file://{tmp_path}/radar%20log.jsonl#from=start")
    async with running(radar) as got:
        path.write_bytes(b"one\n")
        await until(lambda: joined(got) == b"one\n")
        with path.open("ab") as stream:
            stream.write(b"two\n")
        await until(lambda: joined(got, 1) == b"one\ntwo\n")
        path.write_bytes(b"3\n")
        await until(lambda: joined(got, 2) == b"3\n")
        path.rename(tmp_path / "old")
        path.write_bytes(b"four\n")
        await until(lambda: joined(got, 3) == b"four\n")


async def test_file_tail_starts_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"yesterday\n")
    async with running(source(f"file://{path}")) as got:
        await until(lambda: OPENED in kinds(got))
        with path.open("ab") as stream:
            stream.write(b"today\n")
        await until(lambda: joined(got) == b"today\n")


@pytest.mark.parametrize("plain_file", [True, False])
async def test_a_descriptor_is_read_to_its_end(tmp_path: Path, plain_file: bool) -> None:
    payload = os.urandom(200_000)
    desk = Desk("radar-1", StepClock(), Limits(), exercise=False)
    if plain_file:
        (tmp_path / "input").write_bytes(payload)
        descriptor = os.open(tmp_path / "input", os.O_RDONLY)
        await read_descriptor(descriptor, desk)
    else:
        descriptor, writing = os.pipe()
        with open(writing, "wb", buffering=0) as stream:
            reading = asyncio.create_task(read_descriptor(descriptor, desk))
            await asyncio.to_thread(stream.write, payload)
        await reading
    os.close(descriptor)
    got = list(iter(desk.try_take, None))
    assert kinds(got)[0] is OPENED and kinds(got)[-1] is CLOSED
    assert joined(got) == payload
