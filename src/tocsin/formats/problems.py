"""Problems: what could not be read, counted by reason, with the first few places kept in full.

Reasons are drawn from a small fixed set (a setting's name and what was wrong); the offending text goes into `detail`.
So the counts stay small however long a sensor runs, and nothing that is lost is lost unseen.
"""

from typing import Any

from tocsin.model.errors import TocsinError

KEPT = 20  # places kept in full
DETAIL = 60  # characters of an offending cell


class BadRow(TocsinError):
    """A row that cannot be used: `reason` is one of few, `detail` the text that was found."""

    def __init__(self, reason: str, detail: object = "") -> None:
        super().__init__(f"{reason} {detail}".rstrip())
        self.reason = reason
        self.detail = str(detail)[:DETAIL]


class Problems:
    """Counts by reason and the first `KEPT` places (file, row, reason, detail)."""

    def __init__(self) -> None:
        self.reasons: dict[str, int] = {}
        self.first: list[dict[str, str | int]] = []

    def count(self, reason: str, file: str, row: int, detail: object = "") -> None:
        """Count one problem; `row` is 0 where a problem belongs to no row."""
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        if len(self.first) < KEPT:
            self.first.append({"file": file, "row": row, "reason": reason, "detail": str(detail)[:DETAIL]})

    @property
    def total(self) -> int:
        """How many problems there were."""
        return sum(self.reasons.values())

    def statistics(self) -> dict[str, Any]:
        """The counts, for a stage's own `statistics()`."""
        return {"total": self.total, "reasons": dict(self.reasons), "first": list(self.first)}
