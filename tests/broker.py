"""Mosquitto on loopback, for as long as a test needs it."""

import asyncio
import os
import pwd
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import parts

PATIENCE_S = 30.0


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@asynccontextmanager
async def mosquitto(folder: Path, port: int, *lines: str) -> AsyncIterator[None]:
    """A broker at `port`, with more `lines` of its settings; killed at the end."""
    program = parts.mosquitto()
    settings = folder / f"mosquitto-{port}.conf"
    text = [f"listener {port} 127.0.0.1", "persistence false", "log_dest none", *lines]
    text.append(f"user {pwd.getpwuid(os.getuid()).pw_name}")  # else one started by root may not read the files
    if not any(line.startswith("allow_anonymous") for line in lines):
        text.append("allow_anonymous true")
    settings.write_text("\n".join(text) + "\n")
    process = await asyncio.create_subprocess_exec(program, "-c", str(settings))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    assert process.returncode is None, "mosquitto did not start"
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                break
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
