"""What an adapter says of itself; apart from the faces, so that a process beside the line loads nothing of the line."""

from enum import StrEnum

import msgspec


class Grade(StrEnum):
    """How far an adapter has been proven: against a sample from outside, or in the field."""

    SAMPLED = "sampled"
    FIELD = "field"


class AdapterInfo(msgspec.Struct, frozen=True):
    """What `tocsin adapters` lists."""

    name: str
    summary: str
    standard: str
    grade: Grade
