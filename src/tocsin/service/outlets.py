"""Outlets: carries what the line puts out to files, journal, shares and web, in a thread of its own.

Files and journal get everything, in order; the line waits if they cannot keep up. Shares and web get the newest and
never make anybody wait. A command's answer is given only after the journal holds the command on disk.

With `keep_going` (the live site) nothing that fails here ends the site or keeps a warning from anybody: files that
cannot be written are given up, alerts and commands that the journal refuses are held and offered again, watchers that
fail are counted, and `fault` says so until it is well again. Without it (a replay) the first failure ends the run.
"""

import queue
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from tocsin.model.alert import Alert
from tocsin.model.command import Command
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Warning
from tocsin.recording.journal import Journal, JournalledCommand
from tocsin.service.files import RunFiles
from tocsin.service.ingest import JOURNAL_HELD, OUTLET_QUEUE
from tocsin.service.pipeline import LineOutput
from tocsin.service.shares import Share

RETRY_S = 1.0  # a journal that refused is asked again this often, in the line's time

Watch = Callable[[LineOutput], None]


class Outlets:
    """`put` takes each output of the line in order; `close` waits until all of them are written.

    `watchers` are called after files and journal hold an output: the web's views and the answers to commands hang
    there. `exercise` marks all that is shared, whatever the packets say: a replay is never shared as real. `refuse` is
    called with the commands that an output brought and the journal did not take, and why. `urgent` are called in the
    line's own thread, before anything is written, and must neither wait nor raise: warnings to people go out there.
    """

    def __init__(
        self,
        files: RunFiles,
        journal: Journal,
        shares: Sequence[Share] = (),
        watchers: Sequence[Watch] = (),
        exercise: bool = False,
        keep_going: bool = False,
        refuse: Callable[[Sequence[Command], str], None] | None = None,
        urgent: Sequence[Watch] = (),
    ) -> None:
        self._files: RunFiles | None = files
        self._journal = journal
        self._shares = shares
        self._watchers = watchers
        self._exercise = exercise
        self._keep_going = keep_going
        self._refuse = refuse
        self._urgent = urgent
        self._counts: Counter[str] = Counter()
        self._faults: dict[str, str] = {}
        self._alerts: list[Alert] = []  # not in the journal yet, as are _commands and _warnings
        self._warnings: list[Warning] = []
        self._commands: list[JournalledCommand] = []
        self._retry_s = 0.0
        self._failure: BaseException | None = None
        self._queue: queue.Queue[LineOutput | None] = queue.Queue(OUTLET_QUEUE)
        self._thread = threading.Thread(target=self._run, name="outlets", daemon=True)
        self._thread.start()

    @property
    def fault(self) -> str:
        """What cannot be written now, in words; "" if all is well."""
        return "; ".join(self._faults.copy().values())

    def put(self, output: LineOutput) -> None:
        """Queue one output; raises TocsinError once writing has failed for good. `urgent` have it before."""
        for watcher in self._urgent:
            watcher(output)
        while self._failure is None:
            try:
                self._queue.put(output, timeout=0.5)
                return
            except queue.Full:
                self._counts["line_waited"] += 1
        raise self._error() from self._failure

    def close(self, summary: Mapping[str, Any], timings: Mapping[str, Any]) -> None:
        """Write what is queued, complete the files, stop the thread. Raises TocsinError if anything is incomplete."""
        self._end()
        if self._failure is None and self._files is not None:
            self._attempt("files", partial(self._files.close, summary, timings))
        if self._failure is not None:
            raise self._error() from self._failure
        if self.fault:
            raise TocsinError(f"the run is incomplete: {self.fault}")

    def abandon(self) -> None:
        """Write what is queued and stop, for a run that failed: the files stay incomplete."""
        self._end()
        if self._files is not None:
            self._files.abandon()

    def statistics(self) -> dict[str, Any]:
        """Faults and waits, and each share's own counts."""
        return {**self._counts, "fault": self.fault, **{share.entry.name: share.statistics() for share in self._shares}}

    def _error(self) -> TocsinError:
        return TocsinError(f"outputs cannot be written: {self._failure}")

    def _end(self) -> None:
        while self._thread.is_alive():
            try:
                self._queue.put(None, timeout=0.5)
                break
            except queue.Full:
                continue
        self._thread.join()

    def _run(self) -> None:
        try:
            while (output := self._queue.get()) is not None:
                self._write(output)
            if self._alerts or self._commands or self._warnings:
                self._write_journal()
        except Exception as error:  # kept, and raised to the line by `put` and `close`
            self._counts["failed"] += 1
            self._failure = error

    def _write(self, output: LineOutput) -> None:
        if self._files is not None:
            self._attempt("files", partial(self._files.write, output))
        journalled = self._journal_output(output)
        for share in self._shares:
            share.take(output, self._exercise)
        if not journalled:  # nobody is told that a command is on disk before it is; a sender may ask again
            if output.commands and self._refuse is not None:
                self._attempt("views", partial(self._refuse, output.commands, self._faults["journal"]))
            output = msgspec.structs.replace(output, commands=(), answers=())
        for watcher in self._watchers:
            self._attempt("views", partial(watcher, output))

    def _journal_output(self, output: LineOutput) -> bool:
        """Bring alerts and commands to the journal; whether nothing of them, or of earlier ones, is still held."""
        self._alerts += output.alerts
        self._commands += (JournalledCommand(c, output.packet.sequence, output.time_s) for c in output.commands)
        self._warnings += output.warnings
        if not self._alerts and not self._commands and not self._warnings:
            return True
        if "journal" in self._faults and output.time_s < self._retry_s and not output.commands:
            return False
        self._retry_s = output.time_s + RETRY_S
        return self._write_journal()

    def _write_journal(self) -> bool:
        if self._attempt("journal", partial(self._journal.append, self._alerts, self._commands, self._warnings)):
            self._alerts, self._commands, self._warnings = [], [], []
            return True
        lost = max(len(self._alerts) - JOURNAL_HELD, 0) + max(len(self._commands) - JOURNAL_HELD, 0)
        lost += max(len(self._warnings) - JOURNAL_HELD, 0)
        self._counts["journal_lost"] += lost
        self._warnings = self._warnings[-JOURNAL_HELD:]
        self._alerts, self._commands = self._alerts[-JOURNAL_HELD:], self._commands[-JOURNAL_HELD:]
        return False

    def _attempt(self, what: str, act: Callable[[], object]) -> bool:
        """Do it; a live site notes the fault and goes on."""
        try:
            act()
        except Exception as error:  # counted, and told by `fault`
            if not self._keep_going:
                raise
            self._counts[f"{what}_failed"] += 1
            self._faults[what] = f"{what}: {error}"
            if what == "files" and self._files is not None:
                self._files.abandon()
                self._files = None
            return False
        self._faults.pop(what, None)
        return True
