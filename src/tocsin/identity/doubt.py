"""Doubt: one reason not to believe a claim. `kind` tells the checks apart; `momentary` doubts only the newest claim."""

from typing import NamedTuple


class Doubt(NamedTuple):
    """Why, in words with the numbers that speak."""

    kind: str
    reason: str
    momentary: bool = False
