"""A serial line, as a pseudo-terminal gives one; it is unplugged and comes back."""

import os
import tty
from pathlib import Path

import pytest

from unit.transport.harness import CLOSED, OPENED, joined, kinds, running, source, until

pytestmark = pytest.mark.anyio


def plugged(link: Path) -> tuple[int, int]:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    link.unlink(missing_ok=True)
    link.symlink_to(os.ttyname(theirs))
    return ours, theirs


async def test_a_device_is_read_written_to_and_waited_for(tmp_path: Path) -> None:
    link = tmp_path / "ttyUSB0"
    radar = source(f"serial://{link}#baud=9600")
    async with running(radar) as got:
        await until(lambda: radar.statistics()["failures"])
        ours, theirs = plugged(link)
        await until(lambda: OPENED in kinds(got))
        os.write(ours, b'{"mac": "aa"}\n')
        await until(lambda: joined(got) == b'{"mac": "aa"}\n')
        assert await radar.reply(1, b"ack")
        assert os.read(ours, 3) == b"ack"
        os.close(theirs)
        os.close(ours)
        await until(lambda: CLOSED in kinds(got))
        ours, theirs = plugged(link)
        await until(lambda: kinds(got).count(OPENED) == 2)
        os.write(ours, b"back")
        await until(lambda: joined(got, 2) == b"back")
    os.close(ours)
    os.close(theirs)
