"""Load: how many alerts an operator gets and how they are answered, counted from the versions of alerts alone.

The measures are those of EEMUA 191 and IEC 62682: alerts an operator in ten minutes; a flood begins with the tenth
alert within ten minutes and ends when fewer than five came in the last ten; an alert chatters when it asks again three
times within a minute; it is stale when it has stood for longer than a set time. An alert counts each time it begins to
ask for an acknowledgement: on entering "unacknowledged", or on getting worse there. The same versions in the same
order give the same figures, so a shift report made from a journal agrees with what the live screen showed.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tocsin.model.alert import Alert, AlertState

SPAN_S = 600.0
FLOOD_BEGINS, FLOOD_ENDS = 10, 5  # alerts within SPAN_S, of one operator
CHATTER_ASKS, CHATTER_S = 3, 60.0
WORST_SOURCES = 10
_KEPT_TIMES = 100_000


class LoadFigures(msgspec.Struct, frozen=True):
    """What operators had to bear. Times in seconds; None where nothing was counted.

    `covered_s`: from the first moment counted to the last. `asked`: how often an alert began to ask.
    `per_operator_10_min`: the mean; `most_10_min`: the most in any ten minutes, for one operator; `last_10_min`: now.
    `floods`, `flood_share`: how many, and their share of the time. `in_flood`: one goes on now, `first_out` names its
    first alert. `chattering`, `stale`: alerts that do, now. `chattered`: all that ever did. `acknowledge_s`: 50, 95
    and 100 % points of the time from asking to acknowledgement. `waiting`: alerts that ask now. `escalated`: how often
    one was told again. `worst`: the rules and places that asked most. `by_priority`: shares of all that asked.
    """

    covered_s: float
    asked: int
    per_operator_10_min: float | None
    most_10_min: float
    last_10_min: float
    floods: int
    flood_share: float | None
    in_flood: bool
    first_out: str
    chattering: int
    chattered: int
    stale: int
    acknowledge_s: tuple[float, float, float] | None
    waiting: int
    escalated: int
    worst: tuple[tuple[str, int], ...]
    by_priority: dict[str, float]


class Load:
    """Takes each new version of an alert, and the time."""

    def __init__(self, operators: int = 1, stale_s: float = 86_400.0) -> None:
        self._operators, self._stale_s = operators, stale_s
        self._recent: deque[tuple[float, str]] = deque()
        self._most = 0
        self._by_source: Counter[str] = Counter()
        self._by_rule: Counter[str] = Counter()
        self._by_priority: Counter[str] = Counter()
        self._live: dict[str, tuple[Alert, float]] = {}  # with when it began to ask
        self._asks_s: dict[str, tuple[float, ...]] = {}
        self._chattered: set[str] = set()
        self._answered_s: deque[float] = deque(maxlen=_KEPT_TIMES)
        self._escalated = 0
        self._first_s: float | None = None
        self._now_s = 0.0
        self._flood_s: float | None = None  # since when
        self._floods, self._flooded_s, self._first_out = 0, 0.0, ""

    @property
    def first_out(self) -> str:
        """The id of the first alert of the flood that goes on, "" without one."""
        return self._first_out

    def take(self, alert: Alert) -> None:
        """Count one new version."""
        self.pass_time(alert.changed_s)
        before, asked_s = self._live.get(alert.id, (None, alert.changed_s))
        waits = alert.state is AlertState.UNACKNOWLEDGED
        waited = before is not None and before.state is AlertState.UNACKNOWLEDGED
        if waits and (not waited or (before is not None and alert.priority > before.priority)):
            asked_s = alert.changed_s
            self._ask(alert)
        if before is not None and alert.escalated > before.escalated:
            self._escalated += 1
        if alert.acknowledged_s is not None and (before is None or before.acknowledged_s != alert.acknowledged_s):
            self._answered_s.append(alert.acknowledged_s - asked_s)
        if alert.state is AlertState.CLEARED:
            self._live.pop(alert.id, None)
        else:
            self._live[alert.id] = (alert, asked_s)

    def pass_time(self, time_s: float) -> None:
        """Time is now `time_s`: forget what is older than ten minutes, and see whether a flood has ended."""
        self._first_s = time_s if self._first_s is None else self._first_s
        self._now_s = max(self._now_s, time_s)
        while self._recent and self._recent[0][0] <= time_s - SPAN_S:
            self._recent.popleft()
        if self._flood_s is not None and len(self._recent) < FLOOD_ENDS * self._operators:
            self._flooded_s += time_s - self._flood_s
            self._flood_s, self._first_out = None, ""
        for name, asks_s in list(self._asks_s.items()):
            if asks_s[-1] <= time_s - CHATTER_S:
                del self._asks_s[name]

    def _ask(self, alert: Alert) -> None:
        self._recent.append((alert.changed_s, alert.id))
        self._most = max(self._most, len(self._recent))
        self._by_rule[alert.key.rule] += 1
        self._by_source[f"{alert.key.rule}, {alert.key.place}"] += 1
        self._by_priority[alert.priority.name.lower()] += 1
        kept = (t for t in self._asks_s.get(alert.id, ()) if t > alert.changed_s - CHATTER_S)
        self._asks_s[alert.id] = (*kept, alert.changed_s)
        if len(self._asks_s[alert.id]) >= CHATTER_ASKS:
            self._chattered.add(alert.id)
        if self._flood_s is None and len(self._recent) >= FLOOD_BEGINS * self._operators:
            self._flood_s, self._first_out = alert.changed_s, self._recent[0][1]
            self._floods += 1

    def figures(self) -> LoadFigures:
        """All measures until now."""
        covered_s = self._now_s - self._first_s if self._first_s is not None else 0.0
        asked = sum(self._by_rule.values())
        flooded_s = self._flooded_s + (self._now_s - self._flood_s if self._flood_s is not None else 0.0)
        spans = covered_s / SPAN_S
        return LoadFigures(
            covered_s=covered_s,
            asked=asked,
            per_operator_10_min=asked / spans / self._operators if spans > 0.0 else None,
            most_10_min=self._most / self._operators,
            last_10_min=len(self._recent) / self._operators,
            floods=self._floods,
            flood_share=flooded_s / covered_s if covered_s > 0.0 else None,
            in_flood=self._flood_s is not None,
            first_out=self._first_out,
            chattering=sum(len(asks_s) >= CHATTER_ASKS for asks_s in self._asks_s.values()),
            chattered=len(self._chattered),
            stale=sum(self._now_s - alert.raised_s > self._stale_s for alert, _ in self._live.values()),
            acknowledge_s=_points(sorted(self._answered_s)),
            waiting=sum(alert.state is AlertState.UNACKNOWLEDGED for alert, _ in self._live.values()),
            escalated=self._escalated,
            worst=tuple(self._by_source.most_common(WORST_SOURCES)),
            by_priority={name: count / asked for name, count in sorted(self._by_priority.items())},
        )

    def statistics(self) -> Mapping[str, Any]:
        """Counts since the start and within the last 10 minutes."""
        return {
            "sounded": sum(self._by_rule.values()),
            "last_10_min": len(self._recent),
            "most_in_10_min": self._most,
            "by_rule": dict(self._by_rule),
            "by_priority": dict(self._by_priority),
            "load": msgspec.to_builtins(self.figures()),
        }


def _points(ordered: Sequence[float]) -> tuple[float, float, float] | None:
    """The 50, 95 and 100 % points: the smallest value that is not below that share."""
    if not ordered:
        return None
    last = len(ordered) - 1
    places = (min(int(0.5 * last + 0.5), last), min(int(0.95 * last + 0.999), last), last)
    return ordered[places[0]], ordered[places[1]], ordered[places[2]]
