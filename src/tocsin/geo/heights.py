"""Heights of five kinds, and the only ways from one to another.

    height_m             above the WGS-84 ellipsoid: what satellites and this program's frames use
    altitude_msl_m       above mean sea level (the EGM96 geoid): maps, aviation, most people
    height_agl_m         above the ground below
    height_takeoff_m     above the place a drone took off from
    altitude_pressure_m  what an altimeter set to 1013.25 hPa shows; ADS-B and Mode S

A conversion that needs something unknown (the ground, the take-off place, the air pressure) asks for it; none guesses.
Unknown is NaN and stays NaN. Scalars or arrays alike, radians and metres.

The geoid comes from a half-degree table of EGM96 in centimetres, interpolated by cubic convolution (R. G. Keys, 1981).
Against the full 15-minute grid it is off by 0.07 m rms and 2.0 m at most, in high mountains and beside ocean trenches;
EGM96 itself is good to about 0.5 m to 1 m. `experiments/geoid_table.py` derives the table and measures this.
"""

import math
from functools import cache
from importlib import resources
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel

Floats = NDArray[np.float64]

STANDARD_PRESSURE_PA = 101_325.0
STANDARD_TEMPERATURE_K = 288.15
LAPSE_KPM = 0.0065  # ICAO standard atmosphere (Doc 7488), troposphere
LAPSE_EXPONENT = 287.05287 * LAPSE_KPM / 9.80665  # gas constant of dry air, J/(kg K); gravity, m/s^2


@overload
def undulation_m(latitude_rad: float, longitude_rad: float) -> float: ...
@overload
def undulation_m(latitude_rad: Floats, longitude_rad: Floats) -> Floats: ...
def undulation_m(latitude_rad: float | Floats, longitude_rad: float | Floats) -> float | Floats:
    """Height of mean sea level above the ellipsoid."""
    latitude, longitude = np.broadcast_arrays(latitude_rad, longitude_rad)
    flat = interpolated_m(_table(), latitude.ravel(), longitude.ravel())
    return float(flat[0]) if latitude.ndim == 0 else flat.reshape(latitude.shape)


@overload
def height_from_msl_m(altitude_msl_m: float, latitude_rad: float, longitude_rad: float) -> float: ...
@overload
def height_from_msl_m(altitude_msl_m: Floats, latitude_rad: Floats, longitude_rad: Floats) -> Floats: ...
def height_from_msl_m(altitude_msl_m: Any, latitude_rad: Any, longitude_rad: Any) -> float | Floats:
    """Height above the ellipsoid of an altitude above mean sea level."""
    return altitude_msl_m + undulation_m(latitude_rad, longitude_rad)  # type: ignore[no-any-return]


@overload
def msl_from_height_m(height_m: float, latitude_rad: float, longitude_rad: float) -> float: ...
@overload
def msl_from_height_m(height_m: Floats, latitude_rad: Floats, longitude_rad: Floats) -> Floats: ...
def msl_from_height_m(height_m: Any, latitude_rad: Any, longitude_rad: Any) -> float | Floats:
    """Altitude above mean sea level of a height above the ellipsoid."""
    return height_m - undulation_m(latitude_rad, longitude_rad)  # type: ignore[no-any-return]


@overload
def height_from_agl_m(height_agl_m: float, ground_height_m: float) -> float: ...
@overload
def height_from_agl_m(height_agl_m: Floats, ground_height_m: float | Floats) -> Floats: ...
def height_from_agl_m(height_agl_m: float | Floats, ground_height_m: float | Floats) -> float | Floats:
    """Height above the ellipsoid, where the ground below lies at `ground_height_m` above the ellipsoid."""
    return height_agl_m + ground_height_m


@overload
def height_from_takeoff_m(height_takeoff_m: float, takeoff_height_m: float) -> float: ...
@overload
def height_from_takeoff_m(height_takeoff_m: Floats, takeoff_height_m: float | Floats) -> Floats: ...
def height_from_takeoff_m(height_takeoff_m: float | Floats, takeoff_height_m: float | Floats) -> float | Floats:
    """Height above the ellipsoid, where the take-off place lies at `takeoff_height_m` above the ellipsoid."""
    return height_takeoff_m + takeoff_height_m


@overload
def msl_from_pressure_m(altitude_pressure_m: float, qnh_pa: float) -> float: ...
@overload
def msl_from_pressure_m(altitude_pressure_m: Floats, qnh_pa: float) -> Floats: ...
def msl_from_pressure_m(altitude_pressure_m: float | Floats, qnh_pa: float) -> float | Floats:
    """Altitude above mean sea level that an altimeter set to `qnh_pa` shows where it would show pressure altitude.

    QNH is the pressure reduced to sea level near by, in pascal. The air's temperature is left out, as in every
    altimeter: the true altitude is off by about 4 % of the height above the QNH station per 10 K off standard.
    """
    ratio = qnh_pa / STANDARD_PRESSURE_PA
    qnh_altitude_m = STANDARD_TEMPERATURE_K / LAPSE_KPM * (1.0 - math.pow(ratio, LAPSE_EXPONENT))
    return altitude_pressure_m - qnh_altitude_m


def interpolated_m(table: NDArray[np.int16], latitude_rad: Floats, longitude_rad: Floats) -> Floats:
    """Undulation (n,) by cubic convolution in `table`: centimetres, from 90 S to 90 N and eastward from 180 W."""
    latitude = np.array(latitude_rad, dtype=np.float64)  # copies: one array type, one compilation
    longitude = np.array(longitude_rad, dtype=np.float64)
    return _interpolated_m(table, latitude, longitude)


def warm() -> None:
    """Read the table, and compile or load the kernel of this module."""
    undulation_m(0.0, 0.0)


@cache
def _table() -> NDArray[np.int16]:
    with resources.files("tocsin.geo").joinpath("egm96.npy").open("rb") as file:
        return np.array(np.load(file, allow_pickle=False))


@kernel
def _weights(t: float) -> tuple[float, float, float, float]:
    """Keys' cubic convolution with a = -1/2, for a point `t` of the way from the second sample to the third."""
    t2, t3 = t * t, t * t * t
    return (
        0.5 * (-t + 2.0 * t2 - t3),
        0.5 * (2.0 - 5.0 * t2 + 3.0 * t3),
        0.5 * (t + 4.0 * t2 - 3.0 * t3),
        0.5 * (t3 - t2),
    )


@kernel
def _interpolated_m(table: NDArray[np.int16], latitude: Floats, longitude: Floats) -> Floats:
    rows, columns = table.shape
    half = columns // 2
    result = np.full(latitude.shape[0], np.nan)
    for n in range(latitude.shape[0]):
        row = (latitude[n] / math.pi + 0.5) * (rows - 1)
        column = (longitude[n] / math.tau + 0.5) * columns
        if not (-1e-6 <= row <= rows - 1 + 1e-6 and math.isfinite(column)):
            continue
        south = min(max(int(math.floor(row)), 0), rows - 2)
        west = int(math.floor(column))
        by_row, by_column = _weights(row - south), _weights(column - west)
        total = 0.0
        for i in range(4):
            r, shift = south - 1 + i, 0
            if r < 0:  # over the pole, down the opposite meridian
                r, shift = -r, half
            elif r > rows - 1:
                r, shift = 2 * (rows - 1) - r, half
            for j in range(4):
                total += by_row[i] * by_column[j] * table[r, (west - 1 + j + shift) % columns]
        result[n] = 0.01 * total
    return result
