"""Channel: the face of an adapter that brings warnings to people; it knows nothing of pictures and tracks."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

import msgspec

from tocsin.model.adapter_info import AdapterInfo
from tocsin.model.warning import Level, Warning


class ChannelContext(msgspec.Struct, frozen=True):
    """What a channel is told: its own name, the site's, a folder for its files, and where later news of a message go.

    `report(warning id, level, detail)` may be called from any thread, after `deliver` has returned too.
    """

    name: str
    site: str
    folder: str
    report: Callable[[str, Level, str], None]


class Channel(Protocol):
    """A way to people, in a process of its own; every call comes from one thread that is the channel's own.

    `deliver` brings one message there and answers how far it is known to have come, with a detail for the record; it
    raises OSError or TocsinError if it failed, and is then called again. A message may come twice under the same id. A
    test with `audible` False must go the same way and be heard by nobody. `proof` is the level by which such a test
    proves the channel. A channel for the watchdog may also have `kick()`, called every second to hold a relay that
    drops out without it. One that knows how it does between messages may have `health()`, called twice a second from
    another thread: it never waits, and answers what is wrong for good, "" if nothing is.
    """

    info: ClassVar[AdapterInfo]
    Settings: ClassVar[type[msgspec.Struct]]
    emits: ClassVar[tuple[str, ...]]

    @property
    def proof(self) -> Level: ...

    def deliver(self, warning: Warning) -> tuple[Level, str]: ...

    def close(self) -> None: ...

    def statistics(self) -> Mapping[str, Any]: ...
