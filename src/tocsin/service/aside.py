"""Aside: long work in a thread of its own, so that Ctrl-C never strikes inside compiled code.

An interrupt that lands while a kernel runs breaks it, and sometimes the process; in this way the work is told to stop
and ends where it stands.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
Stopped = Callable[[], bool]


def aside(work: Callable[[Stopped], T]) -> T:
    """What `work` returns or raises, run beside the caller's thread. Interrupted, `work` is told by its argument, and
    KeyboardInterrupt is raised once it has ended; further interrupts change nothing."""
    stopping, over = threading.Event(), threading.Event()
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(stopping.is_set))
        except BaseException as error:  # raised again where it was asked for
            failures.append(error)
        finally:
            over.set()

    threading.Thread(target=run, name="aside", daemon=True).start()
    while not over.is_set():
        try:
            over.wait(0.2)
        except KeyboardInterrupt:
            stopping.set()
    if failures:
        raise failures[0]
    if stopping.is_set():
        raise KeyboardInterrupt
    return results[0]


def until(stopped: Stopped, items: Iterable[T]) -> Iterator[T]:
    """`items`, until told to stop."""
    for item in items:
        if stopped():
            return
        yield item
