"""Settings of the parquet adapter, as read from `settings` of a `[[share]]`."""

from typing import Annotated

import msgspec

from tocsin.model.bounds import DurationOrZero


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds.

    `interval_s`: the least time between two rows of a track. `file_s`: the least time between two files. `window_s`:
    how far back a file goes. `most_rows`: of a file; the oldest go first. `tentative`: whether tracks that are not
    confirmed go out too.
    """

    interval_s: DurationOrZero = 1.0
    file_s: DurationOrZero = 10.0
    window_s: DurationOrZero = 600.0
    most_rows: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 200_000
    tentative: bool = False
