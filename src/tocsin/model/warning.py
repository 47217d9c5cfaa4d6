"""Warning: something told to people outside the control room, as one message of a chain; and how it got there.

A chain begins as a draft or at once as issued, is updated any number of times and ends in one way: all clear, cancelled
as false, or expired. Whether it is real, an exercise or a test is fixed with its first message and never changes.
"""

from enum import IntEnum, StrEnum

import msgspec


class WarningStage(StrEnum):
    """Where the message stands in its chain. DRAFT waits for people and goes nowhere; EXPIRED is found, not sent."""

    DRAFT = "draft"
    ISSUED = "issued"
    UPDATED = "updated"
    ALL_CLEAR = "all-clear"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class WarningStatus(StrEnum):
    """As CAP has it; nothing turns one into another."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"  # of our own means, to the people who keep them
    TEST = "Test"


SENT = frozenset({WarningStage.ISSUED, WarningStage.UPDATED, WarningStage.ALL_CLEAR, WarningStage.CANCELLED})
LAST = frozenset({WarningStage.ALL_CLEAR, WarningStage.CANCELLED, WarningStage.EXPIRED})


class WarningText(msgspec.Struct, frozen=True):
    """What is said in one language (RFC 3066)."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str


class WarningArea(msgspec.Struct, frozen=True):
    """Where it holds: a closed outline of (latitude, longitude), or a circle about such a point."""

    name: str
    outline_rad: tuple[tuple[float, float], ...] = ()
    centre_rad: tuple[float, float] | None = None
    radius_m: float | None = None


class Warning(msgspec.Struct, frozen=True):
    """One message. Times are UTC seconds; `sent_s` and `expires_s` are whole ones.

    `id` names the message, `chain` all of one warning. `places`: zones and assets it is for. `references`: the earlier
    messages of the chain as "sender,identifier,sent". `channels`: by which it goes, none meaning all. `audible`: False
    for a test that must not be heard. `cap`: the CAP 1.2 message, "" where none is sent. `needs` persons have to
    approve a draft, `approved_by` have. `alerts`: ids of those it speaks of. `reason`: why this message.
    """

    id: str
    chain: str
    stage: WarningStage
    status: WarningStatus
    policy: str
    places: tuple[str, ...]
    decided_s: float
    sent_s: float
    expires_s: float
    texts: tuple[WarningText, ...] = ()
    areas: tuple[WarningArea, ...] = ()
    references: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    priority: int = 0
    audible: bool = True
    cap: str = ""
    needs: int = 0
    approved_by: tuple[str, ...] = ()
    reason: str = ""


class Level(IntEnum):
    """How far a message is known to have come on one channel; each says more than the one before."""

    FAILED = 0
    SENT = 1  # it left us
    ACCEPTED = 2  # a broker, server or provider took it
    DELIVERED = 3  # the far end has it
    CONFIRMED = 4  # a person or sensor there says that it sounds or was read


class Receipt(msgspec.Struct, frozen=True):
    """What one channel says of one message at one time; FAILED is tried again."""

    warning: str
    channel: str
    level: Level
    time_s: float
    detail: str = ""
    attempt: int = 0
    final: bool = False  # nothing more is tried
