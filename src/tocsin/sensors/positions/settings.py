"""Settings of the positions adapter, as read from `settings` of a `[[sensor]]`."""

import msgspec

from tocsin.model.bounds import SigmaLength


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who carries the receiver, and how good its places are.

    `identifier`: what the carrier is called; left out, the name of the track in the file, or the sensor's own name.
    `category`: what it is, in the words of claims ("multirotor", "ground vehicle"). `sigma_horizontal_m`: one standard
    deviation of a place, each horizontal component. `sigma_vertical_m`: of its height.
    """

    identifier: str = ""
    category: str | None = None
    sigma_horizontal_m: SigmaLength = 5.0
    sigma_vertical_m: SigmaLength = 10.0
