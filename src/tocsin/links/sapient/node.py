"""Node: what one node of SAPIENT has said of itself, without which its reports cannot be read.

A registration says in what units velocities come and what the stated errors mean; a status report says where the node
stands. Both are kept until the node says otherwise; before that the standard's usual is taken: metres a second, one
standard deviation, the place that the site file gives the sensor.
"""

import math
from typing import Any

import msgspec

from tocsin.links.sapient.modes import Mode, modes_of
from tocsin.units import MPS_PER_KMH

FUSION_NODE = 20
EFFECTORS = frozenset((13, 14, 15, 16, 17))  # kinetic, jammer, cyber, laser, radio-frequency weapon
_UNIT_S = {1: 1e-9, 2: 1e-6, 3: 1e-3, 4: 1.0, 5: 60.0, 6: 3600.0, 7: 86400.0}
_KMH = 2
# Words of a registration's free text on errors, and what a stated error is in standard deviations; first match wins.
_MEANINGS = (("3 sigma", 3.0), ("99", 2.576), ("2 sigma", 2.0), ("95", 1.96), ("90", 1.645), ("cep", 1.177))


class Node(msgspec.Struct, frozen=True):
    """A node as it last described itself.

    `horizontal_scale`, `up_scale`: m/s a unit of its velocities. `error_ratio`: its stated errors over one standard
    deviation. `errors_in_metres`: whether errors of latitude and longitude come in metres; None if it did not say.
    `lla`: where it stands (radians, metres above the ellipsoid, NaN if unknown). `interval_s`: of its status reports.
    `categories`: what it can do, in its own words. `modes`: what may be asked of it; `mode`: the one it is in.
    """

    id: str
    name: str = ""
    types: frozenset[int] = frozenset()
    registered: bool = False
    interval_s: float = 5.0
    horizontal_scale: float = 1.0
    up_scale: float = 1.0
    error_ratio: float = 1.0
    errors_in_metres: bool | None = None
    zone: str = ""
    lla: tuple[float, float, float] | None = None
    categories: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()
    mode: str = ""

    @property
    def is_fusion(self) -> bool:
        """Whether what it reports is another's picture."""
        return FUSION_NODE in self.types

    @property
    def is_effector(self) -> bool:
        """Whether it acts on targets; nothing is ever asked of such a node."""
        return bool(self.types & EFFECTORS)


def registered(node: Node, registration: Any) -> Node:
    """The node after a registration."""
    definitions = [one for mode in registration.mode_definition for one in mode.detection_definition]
    duration = registration.status_definition.status_interval
    interval_s = duration.value * _UNIT_S.get(duration.units, 1.0)
    scales = next(map(_scales, (one for one in definitions if one.HasField("velocity_type"))), (1.0, 1.0))
    errors = next((one.geometric_error for one in definitions if one.HasField("geometric_error")), None)
    return Node(
        id=node.id,
        name=registration.name or registration.short_name,
        types=frozenset(one.node_type for one in registration.node_definition),
        registered=True,
        interval_s=interval_s if math.isfinite(interval_s) and interval_s > 0.0 else 5.0,
        horizontal_scale=scales[0],
        up_scale=scales[1],
        error_ratio=1.0 if errors is None else _ratio(errors.type),
        errors_in_metres=None if errors is None else _in_metres(errors.units),
        zone=next((one.location_type.zone for one in definitions if one.location_type.zone), ""),
        lla=node.lla,
        categories=tuple(one.category for one in registration.capabilities),
        modes=modes_of(registration),
    )


def variance(error_deviation: float, node: Node, usual_deviation: float) -> float:
    """The variance of a stated error, or of the usual one where none is stated; in the square of their unit.

    What is stated is believed within wide bounds of the usual: a thousandth of it to ten thousand times.
    """
    stated = error_deviation / node.error_ratio
    usual = usual_deviation
    deviation = min(max(stated, 1e-3 * usual), 1e4 * usual) if stated > 0.0 else usual
    return deviation * deviation


def _scales(definition: Any) -> tuple[float, float]:
    units = definition.velocity_type.enu_velocity_units
    horizontal = MPS_PER_KMH if units.east_north_rate_units == _KMH else 1.0
    up = MPS_PER_KMH if units.up_rate_units == _KMH else 1.0
    return horizontal, up if units.HasField("up_rate_units") else horizontal


def _ratio(words: str) -> float:
    text = words.lower()
    return next((ratio for word, ratio in _MEANINGS if word in text), 1.0)


def _in_metres(words: str) -> bool | None:
    text = words.lower()
    if "deg" in text or "rad" in text:
        return False
    return True if text.startswith("m") else None
