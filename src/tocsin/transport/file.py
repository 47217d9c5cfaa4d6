"""File tail and standard input: bytes as they are appended, cut wherever they were read.

`file:///path` follows a file that another program writes, from its end (or `#from=start`). A file that is not there
yet is waited for; one that was replaced or cut short is read anew from its start, as a new connection. `stdin:` is
read until its end, and then the source ends.
"""

import asyncio
import os
from pathlib import Path
from urllib.parse import unquote

from tocsin.transport.address import Address
from tocsin.transport.desk import Desk

READ_BYTES = 65536
POLL_S = 0.1


async def follow(address: Address, desk: Desk) -> None:
    """Follow the file until cancelled."""
    path = Path(unquote(address.path))
    from_end = address.options.get("from", "end") == "end"

    async def once() -> None:
        nonlocal from_end
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if from_end:
                os.lseek(descriptor, 0, os.SEEK_END)
            async with desk.session(str(path)) as session:
                while not _is_over(descriptor, path):
                    while data := os.read(descriptor, READ_BYTES):
                        await session.data(data)
                    await asyncio.sleep(POLL_S)
        finally:
            os.close(descriptor)
            from_end = False

    await desk.keep(once)


def check_follow(address: Address) -> None:
    """Raise TocsinError unless the address has a path and a known starting point."""
    check_path(address)
    if address.options.get("from", "end") not in ("start", "end"):
        raise address.refuse(f"option from={address.options['from']!r} must be start or end")


def check_path(address: Address) -> None:
    """Raise TocsinError unless the address has a whole path."""
    if address.host not in ("", "localhost") or not address.path.startswith("/"):
        raise address.refuse(f"write the whole path, with three strokes: {address.scheme}:///var/log/radar.jsonl")


async def read_stdin(address: Address, desk: Desk) -> None:
    """Read this program's standard input to its end."""
    await read_descriptor(0, desk)


async def read_descriptor(descriptor: int, desk: Desk) -> None:
    """Read an open pipe, terminal or file to its end; the descriptor stays open."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    async with desk.session(f"descriptor {descriptor}") as session:
        with open(os.dup(descriptor), "rb", buffering=0) as stream:
            try:
                transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
            except ValueError:  # a plain file: always ready
                while data := stream.read(READ_BYTES):
                    await session.data(data)
                return
            try:
                while data := await reader.read(READ_BYTES):
                    await session.data(data)
            finally:
                transport.close()


def _is_over(descriptor: int, path: Path) -> bool:
    """Whether the open file was replaced, removed or cut below where we are."""
    opened = os.fstat(descriptor)
    try:
        there = path.stat()
    except FileNotFoundError:
        return True
    replaced = (there.st_dev, there.st_ino) != (opened.st_dev, opened.st_ino)
    return replaced or opened.st_size < os.lseek(descriptor, 0, os.SEEK_CUR)
