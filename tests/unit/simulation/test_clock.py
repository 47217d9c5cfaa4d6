import pytest

from tocsin.simulation.clock import Clock, ClockError
from tocsin.simulation.plan import Chapter

NIGHTS = (Chapter(from_s=0.0, starts="1970-01-01T00:01:00Z"), Chapter(from_s=100.0, starts="1970-01-02T01:00:00+01:00"))


def test_story_seconds_become_utc_and_jump_between_chapters() -> None:
    clock = Clock(NIGHTS, 200.0)
    assert clock.utc_s(0.0) == 60.0
    assert clock.utc_s(99.5) == 159.5
    assert clock.utc_s(100.0) == 86_400.0
    assert clock.utc_s(150.25) == 86_450.25
    assert clock.steps_s() == (100.0,)


def test_moments_of_two_chapters_are_not_together() -> None:
    clock = Clock(NIGHTS, 200.0)
    assert clock.together(98.0, 99.9)
    assert not clock.together(99.0, 100.0)
    assert not clock.together(150.0, 200.0)
    assert (clock.chapter_end_s(5.0), clock.chapter_end_s(100.0)) == (100.0, 200.0)


@pytest.mark.parametrize(
    ("chapters", "said"),
    [
        ((Chapter(from_s=1.0, starts="1970-01-01T00:00:00Z"),), r"chapter\[0\].from_s"),
        ((NIGHTS[0], Chapter(from_s=100.0, starts="1970-01-01T00:01:30Z")), r"chapter\[1\]: begins before"),
        ((NIGHTS[0], NIGHTS[1], NIGHTS[1]), r"chapter\[2\]: begins before"),
        ((NIGHTS[0], Chapter(from_s=200.0, starts="1970-01-09T00:00:00Z")), r"chapter\[1\].from_s: begins after"),
        ((Chapter(from_s=0.0, starts="tonight"),), r"chapter\[0\].starts: 'tonight'"),
    ],
)
def test_chapters_that_do_not_follow_are_refused(chapters: tuple[Chapter, ...], said: str) -> None:
    with pytest.raises(ClockError, match=said):
        Clock(chapters, 200.0)
