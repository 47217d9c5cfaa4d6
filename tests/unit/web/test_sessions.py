"""Sessions end when they should, and wrong passwords cost time."""

from pathlib import Path

import pytest

from tocsin.web.operators import Operator, Operators, Role, write_operators
from tocsin.web.sessions import FREE_TRIES, IDLE_S, LONGEST_S, LONGEST_WAIT_S, MOST_SESSIONS, Limit, Sessions

ADA, EVE = Operator("ada", Role.OPERATOR, "$argon2id$x"), Operator("eve", Role.VIEWER, "$argon2id$y")


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_operators(tmp_path / "operators.toml", (ADA, EVE))
    return tmp_path / "operators.toml"


@pytest.fixture
def sessions(path: Path, clock: Clock) -> Sessions:
    return Sessions(Operators(path), clock)


def test_a_session_is_its_own_persons_until_it_is_left(sessions: Sessions) -> None:
    first, second = sessions.begin(ADA), sessions.begin(EVE)
    assert len(first) >= 43 and first != second
    assert (sessions.of(first), sessions.of(second), sessions.of("guess"), sessions.of("")) == (ADA, EVE, None, None)
    sessions.end(first)
    sessions.end("guess")
    assert (sessions.of(first), sessions.of(second)) == (None, EVE)


def test_a_session_ends_unused_and_after_a_day_in_any_case(sessions: Sessions, clock: Clock) -> None:
    name = sessions.begin(ADA)
    clock.now_s += IDLE_S + 1.0
    assert sessions.of(name) is None
    name = sessions.begin(ADA)
    for _ in range(int(LONGEST_S / (IDLE_S / 2.0))):
        clock.now_s += IDLE_S / 2.0
        assert sessions.of(name) == ADA
    clock.now_s += 1.0
    assert sessions.of(name) is None


def test_who_is_removed_or_gets_another_password_is_out_and_another_role_counts_at_once(
    sessions: Sessions, path: Path
) -> None:
    ada, eve = sessions.begin(ADA), sessions.begin(EVE)
    risen = Operator("eve", Role.ADMIN, EVE.password)
    write_operators(path, (Operator("ada", Role.OPERATOR, "$argon2id$other"), risen))
    assert sessions.of(ada) is None and sessions.of(eve) == risen
    write_operators(path, (ADA,))
    assert sessions.of(eve) is None


def test_there_are_never_more_sessions_than_may_be(sessions: Sessions) -> None:
    names = [sessions.begin(ADA) for _ in range(MOST_SESSIONS + 1)]
    assert sessions.of(names[0]) is None and sessions.of(names[1]) == ADA and sessions.of(names[-1]) == ADA


def test_wrong_passwords_cost_more_and_more_time_up_to_a_limit(clock: Clock) -> None:
    limit = Limit(clock)
    waits = []
    for _ in range(FREE_TRIES + 12):
        limit.failed("ada from afar")
        waits.append(limit.wait_s("ada from afar"))
    assert waits[: FREE_TRIES - 1] == [0.0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 : FREE_TRIES + 2] == [2.0, 4.0, 8.0] and max(waits) == LONGEST_WAIT_S
    assert limit.wait_s("ada from here") == 0.0
    clock.now_s += LONGEST_WAIT_S + 1.0
    assert limit.wait_s("ada from afar") == 0.0
    limit.failed("ada from afar")
    assert limit.wait_s("ada from afar") == LONGEST_WAIT_S
    limit.passed("ada from afar")
    assert limit.wait_s("ada from afar") == 0.0
