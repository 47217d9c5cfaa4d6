"""Watch: where the site's sensors stand and what they see, as far as identity needs it."""

from typing import NamedTuple

from tocsin.model.sensor import Pose
from tocsin.sensing.view import View


class Watch(NamedTuple):
    """One sensor. `sees`: it detects targets by itself and starts tracks, so that its silence about a place tells
    something; receivers of claims and sensors that only help do not."""

    name: str
    pose: Pose
    view: View
    sees: bool
