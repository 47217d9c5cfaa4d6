"""Uncertainty: from the standard deviations of a mapping and of a row to covariances.

Constants (`sigma`) and columns (`sigma_columns`) add in quadrature. A position takes a horizontal and a vertical
standard deviation; or those of range and angles, which make an ellipsoid that points to the sensor and widens with
range; or both, added. `check_sigma` refuses a mapping that gives no uncertainty for something it measures.
"""

import math
from collections.abc import Sequence

from tocsin.formats.columns import Mapping, Sigma, form_of
from tocsin.formats.reading import Triple
from tocsin.model.errors import TocsinError

_NEAREST_M = 1.0  # below this range an angle's error is taken as at this range, so that no axis of a covariance is 0


def variance(constant_deviation: float | None, column_deviation: float) -> float:
    """The sum of both squares; NaN and None add nothing."""
    square = 0.0 if constant_deviation is None else constant_deviation * constant_deviation
    return square if math.isnan(column_deviation) else square + column_deviation * column_deviation


def position_covariance(
    sigma: Sigma, column_deviations: Sequence[float], position_enu_m: Sequence[float], sensor_enu_m: Triple, flat: bool
) -> tuple[float, ...] | None:
    """Covariance of a position by rows, 2 by 2 if `flat` else 3 by 3, in m^2; None if it is not positive definite.

    `column_deviations` are the row's: horizontal_m, up_m, range_m, azimuth_rad, elevation_rad; NaN where it has none.
    """
    horizontal, up, distance, azimuth, elevation = column_deviations
    across = variance(sigma.horizontal_m, horizontal)
    above = variance(sigma.up_m, up)
    along = variance(sigma.range_m, distance)
    turn, tilt = variance(sigma.azimuth_rad, azimuth), variance(sigma.elevation_rad, elevation)
    if along == 0.0 and turn == 0.0 and tilt == 0.0:
        if not across > 0.0 or not (flat or above > 0.0):
            return None
        return (across, 0.0, 0.0, across) if flat else (across, 0.0, 0.0, 0.0, across, 0.0, 0.0, 0.0, above)
    east, north = position_enu_m[0] - sensor_enu_m[0], position_enu_m[1] - sensor_enu_m[1]
    ground = math.hypot(east, north)
    sin_az, cos_az = (east / ground, north / ground) if ground > 0.0 else (0.0, 1.0)
    cross = turn * max(ground, _NEAREST_M) ** 2
    if flat:
        return _checked_2d(
            along * sin_az * sin_az + cross * cos_az * cos_az + across,
            (along - cross) * sin_az * cos_az,
            along * cos_az * cos_az + cross * sin_az * sin_az + across,
        )
    height = position_enu_m[2] - sensor_enu_m[2]
    slant = math.hypot(ground, height)
    sin_el, cos_el = (height / slant, ground / slant) if slant > 0.0 else (0.0, 1.0)
    lift = tilt * max(slant, _NEAREST_M) ** 2
    outward = along * cos_el * cos_el + lift * sin_el * sin_el  # along the ground, away from the sensor
    mixed = (along - lift) * sin_el * cos_el
    ee = outward * sin_az * sin_az + cross * cos_az * cos_az + across
    en = (outward - cross) * sin_az * cos_az
    nn = outward * cos_az * cos_az + cross * sin_az * sin_az + across
    eu, nu = mixed * sin_az, mixed * cos_az
    uu = along * sin_el * sin_el + lift * cos_el * cos_el + above
    minor = ee * nn - en * en
    determinant = ee * (nn * uu - nu * nu) - en * (en * uu - nu * eu) + eu * (en * nu - nn * eu)
    return (ee, en, eu, en, nn, nu, eu, nu, uu) if ee > 0.0 and minor > 0.0 and determinant > 0.0 else None


def check_sigma(mapping: Mapping) -> None:
    """Refuse constants that are not positive, and a measured quantity without any standard deviation."""
    sigma, columns = mapping.sigma, mapping.sigma_columns
    for name in sigma.__struct_fields__:
        value = getattr(sigma, name)
        if value is not None and not (value > 0.0 and math.isfinite(value)):
            raise TocsinError(f"sigma.{_spelled(name)}: {value} is not positive")
    if form_of(mapping) == "polar":
        needed = [("azimuth_rad", columns.azimuth)]
        needed += [("range_m", columns.range)] if mapping.range is not None else []
        needed += [("elevation_rad", columns.elevation)] if mapping.elevation is not None else []
    else:
        seen_from_sensor = (sigma.range_m or columns.range) and (sigma.azimuth_rad or columns.azimuth)
        third = mapping.height if form_of(mapping) == "place" else mapping.up
        needed = [] if seen_from_sensor else [("horizontal_m", columns.horizontal)]
        if third is not None and not (seen_from_sensor and (sigma.elevation_rad or columns.elevation)):
            needed.append(("up_m", columns.up))
    for name, column in needed:
        if getattr(sigma, name) is None and column is None:
            raise TocsinError(f"sigma.{_spelled(name)}: missing; say how far off what is measured may be (1 sigma)")


def _checked_2d(ee_m2: float, en_m2: float, nn_m2: float) -> tuple[float, ...] | None:
    return (ee_m2, en_m2, en_m2, nn_m2) if ee_m2 > 0.0 and ee_m2 * nn_m2 - en_m2 * en_m2 > 0.0 else None


def _spelled(name: str) -> str:
    return name.removesuffix("_rad") + "_deg" if name.endswith("_rad") else name
