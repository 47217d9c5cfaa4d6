"""Settings of the sapient adapter, as read from `settings` of a `[[link]]`."""

from typing import Annotated, Literal

import msgspec

from tocsin.formats.sapient.ids import is_uuid4
from tocsin.model.bounds import Angle, Duration, DurationOrZero, Name, SigmaAngle, SigmaLength
from tocsin.units import RAD_PER_DEG

Role = Literal["server", "fusion", "edge"]
NodeType = Literal[
    "other", "radar", "lidar", "camera", "seismic", "acoustic", "proximity_sensor", "passive_rf", "human",
    "mobile_node", "pointable_node", "fusion_node",
]  # fmt: skip


class Sigma(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Standard deviations of what a report does not state itself.

    `horizontal_m`, `up_m`: of places. `range_m`, `azimuth_rad`, `elevation_rad`: of ranges and bearings.
    """

    horizontal_m: SigmaLength = 30.0
    up_m: SigmaLength = 50.0
    range_m: SigmaLength = 30.0
    azimuth_rad: SigmaAngle = 2.0 * RAD_PER_DEG
    elevation_rad: SigmaAngle = 2.0 * RAD_PER_DEG


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which side of SAPIENT this link is, and what it believes and says.

    `role`: "server" takes edge nodes directly, "fusion" is a fusion node towards a middleware or consumer, "edge" a
    node that feeds another fusion node. `version`: of the standard, for every connection of the link. `node_id`: our
    own; one made from the site if left out. `node_type`: what we register as in role "edge". `register`: whether a
    fusion node registers. `status_s`: our own sign of life. `interval_s`: least time between two cycles of reports.
    `most_per_s`: reports we send at most. `oldest_s`, `future_s`: a server refuses messages outside of this window.
    `task_answer_s`: how long a server waits for a node's answer to a task. `gap_s`: a server refuses detections nearer
    in time than this, unless at the same time. `self_reporting`: ids of nodes that only pass on what targets say of
    themselves; their reports become claims. `declination_rad`: of magnetic north, east positive, for bearings against
    it. `place_of`: the sensor whose place an edge node gives as its own, the site's origin if left out. `sigma`: see
    there.
    """

    role: Role = "server"
    version: Literal["2.0", "1.0"] = "2.0"
    node_id: Name | None = None
    node_type: NodeType = "other"
    register: bool = True
    status_s: Duration = 5.0
    interval_s: Annotated[float, msgspec.Meta(ge=0.1, le=3600.0)] = 1.0
    most_per_s: Annotated[float, msgspec.Meta(ge=1.0, le=100_000.0)] = 100.0
    oldest_s: Duration = 0.9
    future_s: DurationOrZero = 0.1
    gap_s: DurationOrZero = 0.08
    task_answer_s: Duration = 10.0
    self_reporting: tuple[Name, ...] = ()
    declination_rad: Angle | None = None
    place_of: Name | None = None
    sigma: Sigma = Sigma()

    def __post_init__(self) -> None:
        for key, node in (("node_id", self.node_id), *(("self_reporting", node) for node in self.self_reporting)):
            if node is not None and not is_uuid4(node):
                raise ValueError(f"{key}: expected a lower-case version 4 UUID, got {node!r}")
