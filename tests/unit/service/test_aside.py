"""Work aside gives its result, raises its error, and is told to stop by an interrupt."""

import _thread
import itertools
import threading
import time

import pytest

from tocsin.model.errors import TocsinError
from tocsin.service.aside import aside, until


def test_the_result_and_the_error_come_back() -> None:
    assert aside(lambda stopped: (threading.current_thread() is threading.main_thread(), stopped())) == (False, False)

    def fail(_: object) -> None:
        raise TocsinError("no")

    with pytest.raises(TocsinError, match="no"):
        aside(fail)


def test_an_interrupt_stops_the_work_where_it_stands() -> None:
    taken: list[int] = []

    def work(stopped) -> None:
        _thread.interrupt_main()
        _thread.interrupt_main()  # an impatient one
        for number in until(stopped, itertools.count()):
            taken.append(number)
            time.sleep(0.001)

    with pytest.raises(KeyboardInterrupt):
        aside(work)
    assert taken == list(range(len(taken)))
