"""Replies: whole, in order, and never more than may wait."""

import pytest

from unit.transport.harness import joined, running, source, until

pytestmark = pytest.mark.anyio


async def test_replies_keep_their_order_and_are_bounded() -> None:
    town = source("tcp-listen://127.0.0.1:0")
    async with running(town) as got:
        _, port = await town.wait_bound()
        pier = source(f"tcp://127.0.0.1:{port}")
        async with running(pier):
            await until(lambda: pier.statistics()["connections"])
            sent = [f"{k:04d}".encode() for k in range(500)]
            assert all(pier.try_reply(1, one) for one in sent)
            await until(lambda: len(joined(got)) == 2000)
            assert joined(got) == b"".join(sent)
            assert not pier.try_reply(1, bytes(5 * 2**20))  # more than may wait
            assert not pier.try_reply(99, b"nobody")
            assert pier.statistics()["dropped"] == 2
