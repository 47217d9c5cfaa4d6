"""Words for a probability (possible, probable, confirmed: the only place where their bounds are written) and numbers.

Operators, messages and shared files get these words and never a bare percentage. `class_words` names the leading class
of one row of `IdentityColumns.class_probability`; the two drone classes count together. A row led by nothing that is at
least possible is "unidentified".
"""

from collections.abc import Sequence
from enum import StrEnum

from tocsin.model.identity import DRONE_CLASSES, TargetClass
from tocsin.model.track import Join


class Certainty(StrEnum):
    """How sure we are, in the trade's words."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"


LOWEST_PROBABILITY = {
    Certainty.UNLIKELY: 0.0,
    Certainty.POSSIBLE: 0.3,
    Certainty.PROBABLE: 0.7,
    Certainty.CONFIRMED: 0.95,
}


def certainty(probability: float) -> Certainty:
    """The strongest word that `probability` bears; a probability that is not known (NaN) is unlikely."""
    word = Certainty.UNLIKELY
    for candidate, lowest in LOWEST_PROBABILITY.items():
        if probability >= lowest:
            word = candidate
    return word


def forecast_certainty(probability: float) -> Certainty:
    """As `certainty`, for what has not happened yet: the future is never confirmed."""
    word = certainty(probability)
    return Certainty.PROBABLE if word is Certainty.CONFIRMED else word


def class_words(class_probability: Sequence[float]) -> str:
    """The leading class with its certainty, as in "probable drone (multirotor)" or "unidentified"."""
    drone = sum(float(class_probability[kind]) for kind in DRONE_CLASSES)
    others = [kind for kind in TargetClass if kind not in DRONE_CLASSES]
    leading = max(others, key=lambda kind: float(class_probability[kind]))
    if drone >= class_probability[leading]:
        word = certainty(drone)
        kind = max(DRONE_CLASSES, key=lambda drone_kind: float(class_probability[drone_kind]))
        detail = f" ({_spoken(kind)})" if class_probability[kind] >= 0.8 * drone else ""
        return "unidentified" if word is Certainty.UNLIKELY else f"{word} drone{detail}"
    word = certainty(float(class_probability[leading]))
    if leading is TargetClass.UNKNOWN or word is Certainty.UNLIKELY:
        return "unidentified"
    return f"{word} {_spoken(leading)}"


def _spoken(kind: TargetClass) -> str:
    return kind.name.lower().replace("_", " ")


def join_words(join: Join) -> str:
    """What an operator reads of a track that goes on a lost object."""
    odds = f"{join.odds:,.0f} to 1" if join.odds < 1000.0 else "over 1,000 to 1"
    return f"lost for {join.gap_s:.0f} s, then found again: probably the same object (odds {odds})"


def counted(count: int, thing: str) -> str:
    """ "1 track", "2 tracks", "0 tracks"; for things whose plural takes an s."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
