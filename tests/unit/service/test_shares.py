"""Shares: what leaves, marked as what it is; an encoder's fault stays its own."""

import asyncio
import json
import socket
from contextlib import AsyncExitStack

import msgspec
import pytest

from picture_builder import picture
from small_site import START_S, small_site
from tocsin.config.site import ShareEntry
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput
from tocsin.service.shares import Share, open_shares

SHARE = '[[share]]\nname = "partner"\nadapter = "geojson"\ntransport = "udp://127.0.0.1:{port}"\n'
ENTRY = ShareEntry("partner", "fake", "udp://127.0.0.1:9", True, True, (), msgspec.Struct())


class Encoder:
    def __init__(self) -> None:
        self.items: list[object] = []

    def encode(self, item):
        if item.time_s == START_S + 1.0:
            raise KeyError("cell")
        self.items.append(item)
        return [Packet(PacketKind.DATA, "partner", item.time_s, b"x")]

    def statistics(self):
        return {"items": len(self.items)}


def output(time_s: float) -> LineOutput:
    return LineOutput(Packet(PacketKind.TICK, "clock", time_s), time_s, picture=picture(time_s))


def test_the_picture_goes_out_once_a_second_and_a_fault_is_counted() -> None:
    encoder, sent = Encoder(), []
    share = Share(ENTRY, encoder, sent.append)
    for tenth in range(0, 31, 5):
        share.take(output(START_S + tenth / 10.0), exercise=False)
    assert [packet.received_s - START_S for packet in sent] == [0.0, 2.0, 3.0]
    statistics = share.statistics()
    assert (statistics["packets"], statistics["failed"], statistics["encoder"]) == (3, 1, {"items": 3})
    assert "KeyError" in statistics["last_error"]


def test_an_exercise_is_marked_as_one() -> None:
    encoder = Encoder()
    Share(ENTRY, encoder, lambda packet: None).take(output(START_S), exercise=True)
    assert [item.exercise for item in encoder.items] == [True]


def test_what_may_not_leave_stays() -> None:
    encoder = Encoder()
    share = Share(msgspec.structs.replace(ENTRY, tracks=False), encoder, lambda packet: None)
    share.take(output(START_S), exercise=False)
    share = Share(msgspec.structs.replace(ENTRY, not_from=("radar",)), encoder, lambda packet: None)
    share.take(output(START_S), exercise=False)
    assert [len(item.tracks) for item in encoder.items] == [0]


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_share_of_the_site_file_reaches_its_recipient(anyio_backend: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader:
        reader.bind(("127.0.0.1", 0))
        reader.settimeout(10.0)
        site = small_site(SHARE.format(port=reader.getsockname()[1]))
        async with AsyncExitStack() as stack:
            (share,) = await open_shares(site, stack)
            await asyncio.to_thread(share.take, output(START_S), exercise=True)
        collection = json.loads(reader.recv(65536))
    assert collection["exercise"] is True
    assert len(collection["features"]) == 1
