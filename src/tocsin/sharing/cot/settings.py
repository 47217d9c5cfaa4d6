"""Settings of the cot adapter, as read from `settings` of a `[[share]]`."""

from typing import Annotated, Literal

import msgspec

Positive = Annotated[float, msgspec.Meta(gt=0.0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a receiver gets.

    `interval_s`: the least time between two reports of a track. `stale_s`: how long a report is good for; a track that
    ends is not deleted but grows stale. `format`: XML, or TAK protobuf with the header of a stream or of a mesh
    datagram. `tentative`: whether tracks that are not confirmed go out too.
    """

    interval_s: Positive = 1.0
    stale_s: Positive = 5.0
    format: Literal["xml", "stream", "mesh"] = "xml"
    tentative: bool = False

    def __post_init__(self) -> None:
        if self.stale_s <= self.interval_s:
            raise ValueError(f"stale_s: must be above interval_s, got {self.stale_s:g} and {self.interval_s:g}")
