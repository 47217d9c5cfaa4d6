"""Post: takes the warnings that were decided, keeps them on disk, and has every channel deliver them.

A disk that refuses keeps nothing back: the message goes out from memory, `state` says so, and the disk is asked again
every second, and by nobody else until it has taken what is held. A restart goes on with what had not come to an end.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tocsin.channels.delivery.outbox import Outbox
from tocsin.channels.delivery.worker import Worker, expiry_s
from tocsin.model.channel import Channel
from tocsin.model.errors import TocsinError
from tocsin.model.warning import LAST, Level, Receipt, Warning

RETRY_S = 1.0
HELD = 10_000  # messages and receipts kept for a disk that refuses
_REMEMBERED = 2_000


class Post:
    """All channels of a site. `told` is called with each receipt, from the channels' threads."""

    def __init__(self, outbox: Outbox, told: Callable[[Receipt], None]) -> None:
        self._outbox = outbox
        self._told = told
        self._workers: dict[str, Worker] = {}
        self._lock = threading.Lock()
        self._retrying = threading.Lock()  # held while the disk is waited for
        self._seen: dict[str, str] = {}  # message: chain
        self._warnings: deque[tuple[Warning, float]] = deque(maxlen=HELD)
        self._receipts: deque[tuple[Receipt, str]] = deque(maxlen=HELD)
        self._fault = ""
        self._counts: Counter[str] = Counter()

    def add(self, name: str, channel: Channel) -> None:
        """Take a channel on, with what an earlier run left for it."""
        worker = self._workers[name] = Worker(name, channel, self._note)
        for warning in self._outbox.pending(name, time.time()):
            self._seen[warning.id] = warning.chain
            if not warning.channels or name in warning.channels:
                worker.put(warning, name in self._outbox.carried(warning.chain))
        worker.start()

    def accept(self, warning: Warning) -> None:
        """Have a message delivered; one that came before does nothing."""
        with self._lock:
            if warning.id in self._seen:
                return
            self._seen[warning.id] = warning.chain
            while len(self._seen) > _REMEMBERED:
                del self._seen[next(iter(self._seen))]
        carried: frozenset[str] = frozenset()
        try:
            if self._outbox.holds(warning.id):
                return  # an earlier run had it: what is left of it is queued already
            carried = self._outbox.carried(warning.chain) if warning.stage in LAST else carried
        except TocsinError as error:
            self._fault = str(error)
        for name, worker in self._workers.items():
            if not warning.channels or name in warning.channels or name in carried:
                worker.put(warning, name in carried)
        self._keep(warning)  # after the channels have it: no medium is waited for

    def report(self, channel: str, warning: str, level: Level, detail: str) -> None:
        """A channel has later news of a message."""
        receipt = Receipt(warning, channel, level, time.time(), detail, attempt=1)
        self._note(receipt, self._seen.get(warning, ""))

    def retry(self) -> None:
        """Bring what the disk refused to it, if it takes it now; find out whether it would take anything."""
        with self._retrying:
            try:
                self._outbox.probe()
                while self._warnings:
                    first = self._warnings[0]
                    self._outbox.put(*first, expiry_s(first[0]))
                    with self._lock:
                        if self._warnings[0] is first:  # else it has made room for others meanwhile
                            self._warnings.popleft()
                if held := list(self._receipts):
                    self._outbox.note(held)
                    noted = {id(one) for one in held}
                    with self._lock:
                        while self._receipts and id(self._receipts[0]) in noted:
                            self._receipts.popleft()
            except TocsinError as error:
                self._fault = str(error)
            else:
                self._fault = ""

    def state(self) -> Mapping[str, Any]:
        """How every channel does, and the outbox."""
        return {
            "channels": {name: worker.state() for name, worker in self._workers.items()},
            "proofs": {name: int(worker.channel.proof) for name, worker in self._workers.items()},
            "outbox": self._fault,
            **self._counts,
        }

    def close(self, wait_s: float) -> None:
        """Let what is queued go out for `wait_s` at most."""
        ends = [threading.Thread(target=worker.close, args=(wait_s,)) for worker in self._workers.values()]
        for end in ends:
            end.start()
        for end in ends:
            end.join()
        for worker in self._workers.values():
            worker.channel.close()
        self.retry()

    def _keep(self, warning: Warning) -> None:
        now_s = time.time()
        if not self._fault:
            try:
                self._outbox.put(warning, now_s, expiry_s(warning))
                return
            except TocsinError as error:
                self._fault = str(error)
        self._counts["kept_in_memory"] += 1
        with self._lock:
            self._warnings.append((warning, now_s))

    def _note(self, receipt: Receipt, chain: str) -> None:
        self._told(receipt)
        if not self._fault:
            try:
                self._outbox.note([(receipt, chain)])
                return
            except TocsinError as error:
                self._fault = str(error)
        with self._lock:
            self._receipts.append((receipt, chain))


def encode(value: object) -> bytes:
    """One line of JSON, as it travels between the processes."""
    return msgspec.json.encode(value) + b"\n"
