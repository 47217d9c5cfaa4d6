"""Clock: story seconds to UTC; a story may jump between chapters, each of which has its own start."""

import bisect
from datetime import UTC, datetime

from tocsin.model.errors import TocsinError
from tocsin.simulation.plan import Chapter


class ClockError(TocsinError):
    """The chapters of a scenario do not follow one another."""


def _utc_s(text: str, place: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockError(f"{place}: {text!r} is no ISO 8601 time, such as 2031-02-03T19:00:00Z") from error
    if moment.tzinfo is None:
        raise ClockError(f"{place}: {text!r} names no time zone; write Z for UTC")
    return moment.astimezone(UTC).timestamp()


class Clock:
    """Built from chapters; refuses a first chapter not at 0, and any that begins before the one before has ended."""

    def __init__(self, chapters: tuple[Chapter, ...], duration_s: float) -> None:
        self._from_s = [chapter.from_s for chapter in chapters]
        self._starts_s = [_utc_s(chapter.starts, f"chapter[{i}].starts") for i, chapter in enumerate(chapters)]
        self._end_s = duration_s
        if self._from_s[0] != 0.0:
            raise ClockError("chapter[0].from_s: the first chapter begins at 0")
        if self._from_s[-1] >= duration_s:
            raise ClockError(f"chapter[{len(chapters) - 1}].from_s: begins after the end at {duration_s:g} s")
        for i in range(1, len(chapters)):
            length_s = self._from_s[i] - self._from_s[i - 1]
            if length_s <= 0.0 or self._starts_s[i] < self._starts_s[i - 1] + length_s:
                raise ClockError(f"chapter[{i}]: begins before chapter[{i - 1}] has ended")

    def chapter(self, story_s: float) -> int:
        """The chapter that a moment belongs to."""
        return max(bisect.bisect_right(self._from_s, story_s) - 1, 0)

    def chapter_end_s(self, story_s: float) -> float:
        """Where the chapter of a moment ends (story seconds)."""
        after = self.chapter(story_s) + 1
        return self._from_s[after] if after < len(self._from_s) else self._end_s

    def utc_s(self, story_s: float) -> float:
        """UTC seconds since 1970, to the microsecond."""
        i = self.chapter(story_s)
        return round(self._starts_s[i] + (story_s - self._from_s[i]), 6)

    def steps_s(self) -> tuple[float, ...]:
        """Story seconds at which the clock jumps."""
        return tuple(self._from_s[1:])

    def together(self, first_s: float, second_s: float) -> bool:
        """Whether both moments lie in one chapter of the story and before its end."""
        return self.chapter(first_s) == self.chapter(second_s) and second_s < self._end_s and first_s >= 0.0
