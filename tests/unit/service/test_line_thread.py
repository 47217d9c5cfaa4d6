"""LineThread: everything that was taken in is stepped and handed on, and a failure is kept and lets nobody wait."""

import pytest

from small_site import START_S, small_site
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.line_thread import LineThread
from tocsin.service.pipeline import Line
from tocsin.service.timings import Timings


class Ingest:
    def __init__(self, packets: list[Packet]) -> None:
        self._left = iter([*packets, None])
        self.ended = False

    def take(self) -> Packet | None:
        return next(self._left)

    def end(self) -> None:
        self.ended = True


class Outlets:
    def __init__(self, fails: bool = False) -> None:
        self.sequences: list[int] = []
        self.fails = fails

    def put(self, output) -> None:
        if self.fails:
            raise TocsinError("outputs cannot be written: disk full")
        self.sequences.append(output.packet.sequence)


PACKETS = [Packet(PacketKind.TICK, "clock", START_S + k / 10.0, sequence=k) for k in range(1, 6)]


def test_all_packets_are_stepped_then_the_end_is_told() -> None:
    ingest, outlets = Ingest(PACKETS), Outlets()
    thread = LineThread(Line(small_site()), ingest, outlets, Timings())
    thread.join()
    assert outlets.sequences == [1, 2, 3, 4, 5, 0]
    assert (thread.failure, thread.is_alive(), ingest.ended) == (None, False, True)
    assert thread.snapshot["line"]["packets_tick"] == 1  # of the first packet; the next second has not come
    assert "timings" in thread.snapshot


def test_a_fault_of_the_line_is_kept_with_its_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(small_site())

    def step(packet: Packet) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(line, "step", step)
    ingest = Ingest(PACKETS)
    thread = LineThread(line, ingest, Outlets(), Timings())
    thread.join()
    assert isinstance(thread.failure, ZeroDivisionError)
    assert (thread.sequence, ingest.ended) == (1, True)


def test_outlets_that_have_failed_end_the_line() -> None:
    ingest = Ingest(PACKETS)
    thread = LineThread(Line(small_site()), ingest, Outlets(fails=True), Timings())
    thread.join()
    assert isinstance(thread.failure, TocsinError)
    assert ingest.ended
