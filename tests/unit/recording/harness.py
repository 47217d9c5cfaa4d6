"""Packets to record, and a recorder that is done when they are written."""

import time
from collections.abc import Callable
from pathlib import Path

from tocsin.model.packet import Packet, PacketKind
from tocsin.recording import log
from tocsin.recording.settings import Settings

START_S = 1_700_000_000.0
SITE = Packet(PacketKind.SITE, "site", START_S, b'[site]\nname = "North pier"\n')
BUILD = {"version": "0.0.0"}


def data(offset_s: float = 0.0, payload: bytes = b"x", source: str = "radar-1") -> Packet:
    return Packet(
        PacketKind.DATA, source, START_S + offset_s, payload, connection=3, origin="192.0.2.1:9", exercise=True
    )


def record(folder: Path, packets: list[Packet], **changes: float) -> list[Packet]:
    with log.Recorder(Settings(folder=str(folder), **changes), BUILD) as recorder:
        return [recorder.submit(packet) for packet in packets]


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20.0
    while not reached():
        assert time.monotonic() < deadline, "never happened"
        time.sleep(0.01)
