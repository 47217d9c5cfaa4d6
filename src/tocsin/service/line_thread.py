"""LineThread: steps a live line with what ingest takes in, and hands what comes of it to the outlets."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from tocsin.service.ingest import Ingest
from tocsin.service.outlets import Outlets
from tocsin.service.pipeline import Line
from tocsin.service.timings import Timings

SNAPSHOT_S = 1.0


class LineThread:
    """Runs from its making until ingest is closed or something fails; `failure` then holds what it was.

    Only this thread touches the line. `snapshot` is the line's summary as it was at most a second of packets ago, with
    its timings: a mapping that is replaced, never changed, so any thread may read it.
    """

    def __init__(
        self, line: Line, ingest: Ingest, outlets: Outlets, timings: Timings, now_s: Callable[[], float] = time.time
    ) -> None:
        """`now_s`: the clock that the packets' times come from."""
        self._line, self._ingest, self._outlets, self._timings = line, ingest, outlets, timings
        self._now_s = now_s
        self.failure: Exception | None = None
        self.sequence = 0  # of the packet in hand
        self.snapshot: Mapping[str, Any] = {}
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def join(self) -> None:
        """Wait until every packet that ingest took in has been stepped, or the line has failed."""
        self._thread.join()

    def _run(self) -> None:
        due_s = 0.0
        try:
            while (packet := self._ingest.take()) is not None:
                self.sequence = packet.sequence
                started_s = time.perf_counter()
                output = self._line.step(packet)
                ended_s = time.perf_counter()
                self._timings.measure(packet, ended_s - started_s, len(output.detections))
                self._timings.decide(output, self._now_s())
                self._outlets.put(output)
                if ended_s >= due_s:
                    due_s = ended_s + SNAPSHOT_S
                    self.snapshot = {**self._line.summary(), "timings": self._timings.report()}
            self._outlets.put(self._line.finish())
        except Exception as error:  # kept: the app reports it and ends
            self.failure = error
        finally:
            self._ingest.end()
