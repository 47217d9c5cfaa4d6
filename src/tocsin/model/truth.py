"""Truth: where targets really were, for evaluation only; no stage of the line may read it."""

import msgspec
import numpy as np
from numpy.typing import NDArray


class TruthTrack(msgspec.Struct, frozen=True):
    """One target's logged flight. `time_s` (n,) strictly increasing UTC seconds; `position_enu_m` (n, 3) in the
    site's frame, up NaN if the log has no height; `flying` (n,) bool; `kind` what it was, in the log's words.
    """

    target: str
    time_s: NDArray[np.float64]
    position_enu_m: NDArray[np.float64]
    flying: NDArray[np.bool_]
    kind: str = ""
