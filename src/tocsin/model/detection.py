"""Detection: one report of one look of one sensor."""

from enum import IntEnum

import msgspec


class MeasurementKind(IntEnum):
    """The layout of a measurement's values. ENU is the site's frame; angles are seen from the sensor's position.

    Azimuth runs clockwise from true north in [0, 2 pi), elevation up from the horizontal.
    """

    POSITION_2D = 1  # east_m, north_m
    POSITION_3D = 2  # east_m, north_m, up_m
    POLAR_2D = 3  # range_m (slant), azimuth_rad
    POLAR_3D = 4  # range_m (slant), azimuth_rad, elevation_rad
    AZIMUTH = 5  # azimuth_rad
    AZIMUTH_ELEVATION = 6  # azimuth_rad, elevation_rad


DIMENSION = {
    MeasurementKind.POSITION_2D: 2,
    MeasurementKind.POSITION_3D: 3,
    MeasurementKind.POLAR_2D: 2,
    MeasurementKind.POLAR_3D: 3,
    MeasurementKind.AZIMUTH: 1,
    MeasurementKind.AZIMUTH_ELEVATION: 2,
}


class Detection(msgspec.Struct, frozen=True):
    """One measurement with its own time, its uncertainty and where it came from.

    `values`: n numbers laid out as `kind` says, n = DIMENSION[kind]. `covariance`: n * n numbers by rows, in the
    squared units of `values`, positive definite. `sensor_enu_m` is where the sensor was (needed for polar and bearing
    kinds). `time_s` is when the target was there, `received_s` when we heard of it (UTC seconds). `range_rate_mps` is
    positive away from the sensor. `velocity_enu_mps` is what a tracking sensor says of the motion (NaN for an unknown
    component); it is evidence, never a measurement of the position. `lla` is latitude and longitude in radians and
    height above the ellipsoid in metres (NaN if unknown), for sensors that report a place. `sensor_track` is the
    sensor's own number for the target. (`packet`, `row`) name the parent: packet sequence and row within the source.
    """

    sensor: str
    kind: MeasurementKind
    time_s: float
    received_s: float
    values: tuple[float, ...]
    covariance: tuple[float, ...]
    sensor_enu_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    range_rate_mps: float | None = None
    range_rate_sigma_mps: float | None = None
    velocity_enu_mps: tuple[float, float, float] | None = None
    lla: tuple[float, float, float] | None = None
    class_word: str | None = None
    score: float | None = None
    signal_db: float | None = None
    rcs_dbsm: float | None = None
    sensor_track: str | None = None
    packet: int = 0
    row: int = 0
    exercise: bool = False


class Look(msgspec.Struct, frozen=True):
    """A look of a sensor that reported nothing: evidence that nothing was seen where the sensor can see."""

    sensor: str
    time_s: float
    received_s: float
    packet: int = 0
    row: int = 0
