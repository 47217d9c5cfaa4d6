"""The recording's settings: the `[recording]` table of a site file."""

from typing import Annotated

import msgspec

from tocsin.model.bounds import Duration


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every default with its reason.

    `folder`: where recordings and the journal go; relative to where the program was started. `rotate_s`: a file
    a restart has to read stays short. `rotate_mib`: a file still fits small media. `flush_s`: the most a killed
    process may lose; half of it is the writer's period, the other half is left to the disk. `hold_mib`: what is kept
    in memory while the disk takes nothing, before packets are lost to the recording. `retry_s`: how often a disk that
    refused is asked again.
    """

    folder: str = "recordings"
    rotate_s: Duration = 600.0
    rotate_mib: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] = 512.0
    flush_s: Annotated[float, msgspec.Meta(gt=0, le=60)] = 0.5
    hold_mib: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] = 64.0
    retry_s: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 1.0
