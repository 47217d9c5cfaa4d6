"""Sessions: who is logged in, and how often somebody may try. Kept in memory: a restart logs everybody out.

A session is a random name of 256 bits that the browser keeps; it ends after `IDLE_S` unused, `LONGEST_S` in all, when
its person logs out, or when its person leaves the file of operators or gets another password. After `FREE_TRIES` wrong
passwords for one name from one address that pair has to wait; the wait doubles with each further one up to
`LONGEST_WAIT_S`. So nobody locks out an operator who sits elsewhere.
"""

import hashlib
import math
import secrets
from collections.abc import Callable

import msgspec

from tocsin.web.operators import Operator, Operators

IDLE_S = 12 * 3600.0  # a shift
LONGEST_S = 24 * 3600.0
MOST_SESSIONS = 1000
FREE_TRIES = 5
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0
_KEPT_TRIES = 10_000


class _Session(msgspec.Struct):
    operator: Operator
    since_s: float
    used_s: float


class _Tries(msgspec.Struct):
    failed: int
    until_s: float


class Sessions:
    """Everybody who is logged in. `now_s` is a clock that only goes forward."""

    def __init__(self, operators: Operators, now_s: Callable[[], float]) -> None:
        self._operators = operators
        self._now_s = now_s
        self._sessions: dict[str, _Session] = {}

    def begin(self, operator: Operator) -> str:
        """A new session, by the name that its browser keeps."""
        now_s = self._now_s()
        for key in [key for key, one in self._sessions.items() if self._is_over(one, now_s)]:
            del self._sessions[key]
        while len(self._sessions) >= MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        name = secrets.token_urlsafe(32)
        self._sessions[_key(name)] = _Session(operator, now_s, now_s)
        return name

    def of(self, name: str) -> Operator | None:
        """Whose session this is, None if it is nobody's or over; asking is using."""
        session = self._sessions.get(_key(name))
        if session is None:
            return None
        now_s = self._now_s()
        if self._is_over(session, now_s):
            del self._sessions[_key(name)]
            return None
        session.used_s = now_s
        return self._operators.named(session.operator.name)

    def end(self, name: str) -> None:
        """Log out."""
        self._sessions.pop(_key(name), None)

    def _is_over(self, session: _Session, now_s: float) -> bool:
        current = self._operators.named(session.operator.name)
        if current is None or current.password != session.operator.password:
            return True
        return now_s - session.used_s > IDLE_S or now_s - session.since_s > LONGEST_S


class Limit:
    """How long somebody (a name from an address, or an address) has to wait before the next try of a password."""

    def __init__(self, now_s: Callable[[], float], free_tries: int = FREE_TRIES) -> None:
        self._now_s = now_s
        self._free_tries = free_tries
        self._tries: dict[str, _Tries] = {}

    def wait_s(self, who: str) -> float:
        """Seconds still to wait, 0 for none."""
        tries = self._tries.get(who)
        return 0.0 if tries is None else max(0.0, tries.until_s - self._now_s())

    def failed(self, who: str) -> None:
        """Another wrong password."""
        tries = self._tries.pop(who, None) or _Tries(0, -math.inf)
        tries.failed += 1
        over = tries.failed - self._free_tries
        if over >= 0:
            tries.until_s = self._now_s() + min(FIRST_WAIT_S * 2.0 ** min(over, 20), LONGEST_WAIT_S)
        self._tries[who] = tries
        if len(self._tries) > _KEPT_TRIES:
            del self._tries[next(iter(self._tries))]

    def passed(self, who: str) -> None:
        """A right password: everything starts afresh."""
        self._tries.pop(who, None)


def _key(name: str) -> str:
    """What is kept of a session's name, so that memory does not hold the name itself."""
    return hashlib.sha256(name.encode()).hexdigest()
