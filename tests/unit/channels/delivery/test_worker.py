"""A worker: order in a chain, what takes the place of what, trying again, and telling that it hangs."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tocsin.channels.delivery import worker as module
from tocsin.channels.delivery.worker import LAST_WORD_S, Worker, expiry_s
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Receipt, Warning
from warning_builder import all_clear, cancelled, unheard, warning


class Gate:
    """A channel that delivers while it is open."""

    proof = Level.ACCEPTED

    def __init__(self) -> None:
        self.got: list[str] = []
        self.errors: list[Exception] = []
        self.open, self.entered = threading.Event(), threading.Event()

    def deliver(self, message: Warning) -> tuple[Level, str]:
        self.entered.set()
        assert self.open.wait(30.0)
        if self.errors:
            raise self.errors.pop(0)
        self.got.append(message.id)
        return Level.ACCEPTED, "taken"

    def close(self) -> None:
        self.open.set()

    def statistics(self) -> dict[str, int]:
        return {}


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def notes() -> list[Receipt]:
    return []


@pytest.fixture
def worker(gate: Gate, notes: list[Receipt], monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(module, "FIRST_RETRY_S", 0.01)
    made = Worker("siren", gate, lambda receipt, chain: notes.append(receipt))
    made.start()
    yield made
    gate.open.set()
    made.close(5.0)


def wait(holds: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + 30.0
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)


def test_messages_of_a_chain_keep_their_order_and_the_newest_replaces_what_waits(gate: Gate, worker: Worker) -> None:
    worker.put(warning(1))
    assert gate.entered.wait(30.0)
    for number in (2, 3, 4):
        worker.put(warning(number))
    gate.open.set()
    wait(lambda: len(gate.got) == 2)
    assert gate.got == ["W1-X-1", "W1-X-4"]
    assert worker.state()["superseded"] == 2


def test_what_never_went_out_is_not_withdrawn(gate: Gate, worker: Worker, notes: list[Receipt]) -> None:
    worker.put(cancelled())
    assert [(note.level, note.detail) for note in notes] == [
        (Level.FAILED, "nothing to withdraw: nothing of it was sent here")
    ]
    gate.open.set()
    worker.put(all_clear(3), carried=True)  # an earlier run had sent it
    wait(lambda: gate.got == ["W1-X-3"])


def test_the_end_goes_out_after_what_is_being_sent(gate: Gate, worker: Worker) -> None:
    worker.put(warning(1))
    assert gate.entered.wait(30.0)
    worker.put(cancelled())
    gate.open.set()
    wait(lambda: gate.got == ["W1-X-1", "W1-X-2"])


@pytest.mark.parametrize("error", [TocsinError("no"), OSError("gone"), RuntimeError("a fault of its own")])
def test_what_fails_is_told_and_tried_again(gate: Gate, worker: Worker, notes: list[Receipt], error: Exception) -> None:
    gate.errors = [error, error]
    gate.open.set()
    worker.put(warning(1))
    wait(lambda: gate.got == ["W1-X-1"])
    wait(lambda: len(notes) == 3)
    assert [note.level for note in notes] == [Level.FAILED, Level.FAILED, Level.ACCEPTED]
    assert [note.attempt for note in notes] == [1, 2, 3]
    assert str(error) in notes[0].detail
    assert worker.state()["fault"] == ""


def test_the_real_thing_goes_before_a_test(gate: Gate, worker: Worker) -> None:
    worker.put(warning(1, "W0-A"))
    assert gate.entered.wait(30.0)
    worker.put(unheard())
    worker.put(warning(1))
    gate.open.set()
    wait(lambda: gate.got == ["W0-A-1", "W1-X-1", "W9-T-1"])


def test_what_has_expired_is_given_up(gate: Gate, worker: Worker, notes: list[Receipt]) -> None:
    gate.open.set()
    worker.put(warning(1, expires_s=time.time() - 1.0))
    wait(lambda: worker.state()["given_up"] == 1)
    wait(lambda: notes)
    assert notes[0].final
    assert gate.got == []


def test_one_that_hangs_says_so(gate: Gate, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.put(warning(1))
    assert gate.entered.wait(30.0)
    assert worker.state()["fault"] == ""
    monkeypatch.setattr(module, "STUCK_S", 0.0)
    wait(lambda: "busy with one message" in worker.state()["fault"])


def test_the_end_of_a_chain_is_worth_sending_for_a_day() -> None:
    ended = all_clear()
    assert expiry_s(ended) == ended.sent_s + LAST_WORD_S
    assert expiry_s(warning()) == warning().expires_s
