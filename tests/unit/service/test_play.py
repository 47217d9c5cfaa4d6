"""Play: ticks as a clock would give them, numbers, pace, and what is asked meanwhile."""

import queue
from collections.abc import Iterator

import pytest

from small_site import small_site
from tocsin.model.packet import Packet, PacketKind
from tocsin.service import play
from tocsin.service.play import as_live, numbered, paced, with_ticks

TICK, DATA, STEP = PacketKind.TICK, PacketKind.DATA, PacketKind.CLOCK_STEP


def data(time_s: float) -> Packet:
    return Packet(DATA, "radar", time_s)


def times(packets, kind: PacketKind = TICK) -> list[float]:
    return [packet.received_s for packet in packets if packet.kind == kind]


def test_ticks_stand_on_tenths_between_the_packets_and_after() -> None:
    packets = list(with_ticks([data(1.05), data(1.31)], settle_s=0.2))
    assert times(packets) == [1.1, 1.2, 1.3, 1.4, 1.5]
    assert [packet.kind for packet in packets][:5] == [DATA, TICK, TICK, TICK, DATA]


def test_a_tick_of_the_packets_own_time_comes_before_it() -> None:
    packets = list(with_ticks([data(1.0), data(1.2)], settle_s=0.0))
    assert [(packet.kind, packet.received_s) for packet in packets][1:] == [(TICK, 1.1), (TICK, 1.2), (DATA, 1.2)]


def test_a_step_of_the_clock_is_not_filled() -> None:
    packets = list(with_ticks([data(1.0), Packet(STEP, "clock", 90_000.0), data(90_000.2)], settle_s=0.0))
    assert times(packets) == [90_000.1, 90_000.2]


def test_a_long_pause_is_filled_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "LONGEST_PAUSE_S", 1.0)
    packets = list(with_ticks([data(10.0), data(99.0)], settle_s=0.0))
    assert times(packets) == pytest.approx([10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 10.7, 10.8, 10.9])


def test_a_packet_from_before_brings_no_tick_back() -> None:
    packets = list(with_ticks([data(2.0), data(1.0), data(2.2)], settle_s=0.0))
    assert times(packets) == sorted(times(packets))


def test_nothing_stays_nothing() -> None:
    assert list(as_live(small_site(), [])) == []


def test_the_site_and_the_expected_sensors_come_first() -> None:
    site = small_site()
    first, second, third, *_ = as_live(site, [data(5.0)], expected=["radar"])
    assert (first.kind, first.data) == (PacketKind.SITE, site.text.encode())
    assert (second.kind, second.source) == (PacketKind.OPENED, "radar")
    assert third == data(5.0)


def test_numbers_count_from_one_and_exercise_is_never_taken_away() -> None:
    packets = [data(1.0), Packet(DATA, "radar", 1.0, exercise=True)]
    assert [(p.sequence, p.exercise) for p in numbered(packets, exercise=False)] == [(1, False), (2, True)]
    assert all(p.exercise for p in numbered(packets, exercise=True))


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, wait_s: float) -> None:
        self.now_s += wait_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(play, "time", clock)
    return clock


def test_the_pace_is_kept(clock: Clock) -> None:
    packets = [data(1.0), data(3.0), Packet(STEP, "clock", 9000.0), data(9001.0)]
    passed_s = [round(clock.now_s - 100.0, 6) for _ in paced(packets, 2.0)]
    assert passed_s == [0.0, 1.0, 1.0, 1.5]


def test_a_command_comes_in_at_the_storys_time(clock: Clock) -> None:
    inbox: queue.Queue[Packet] = queue.Queue()
    asked = Packet(PacketKind.COMMAND, "operator", 5e9)

    def story() -> Iterator[Packet]:
        yield data(10.0)
        inbox.put(asked)
        yield data(20.0)

    found = list(paced(story(), 10.0, inbox))
    assert [packet.kind for packet in found] == [DATA, PacketKind.COMMAND, DATA]
    assert 10.0 <= found[1].received_s <= 20.0
