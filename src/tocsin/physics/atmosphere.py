"""Atmosphere: temperature, pressure, density and speed of sound of the International Standard Atmosphere.

Heights are geometric, above mean sea level, from -5 to 47 km; beyond that the nearest layer is carried on, so that a
kernel never meets a height without air. Source: ISO 2533:1975 (the same as the U.S. Standard Atmosphere 1976 below
51 km), layers in geopotential height.
"""

import math

from tocsin.jit import kernel
from tocsin.units import MPS2_PER_G

GAS_CONSTANT = 287.05287  # J/(kg K), dry air
HEAT_RATIO = 1.4
RADIUS_M = 6_356_766.0  # the standard's earth, for geopotential height
SEA_LEVEL_PA = 101_325.0

# Base of each layer: geopotential height (m), temperature (K), its gradient (K/m), pressure (Pa).
_BASE_M = (0.0, 11_000.0, 20_000.0, 32_000.0)
_BASE_K = (288.15, 216.65, 216.65, 228.65)
_GRADIENT = (-0.0065, 0.0, 0.001, 0.0028)
_BASE_PA = (SEA_LEVEL_PA, 22_632.0401, 5_474.87742, 868.015777)


@kernel
def _layer(geopotential_m: float) -> int:
    if geopotential_m < 11_000.0:
        return 0
    if geopotential_m < 20_000.0:
        return 1
    return 2 if geopotential_m < 32_000.0 else 3


@kernel
def temperature_k(altitude_m: float) -> float:
    """Air temperature at a height above sea level."""
    h = RADIUS_M * altitude_m / (RADIUS_M + altitude_m)
    i = _layer(h)
    return max(_BASE_K[i] + _GRADIENT[i] * (h - _BASE_M[i]), 150.0)


@kernel
def pressure_pa(altitude_m: float) -> float:
    """Air pressure at a height above sea level."""
    h = RADIUS_M * altitude_m / (RADIUS_M + altitude_m)
    i = _layer(h)
    if _GRADIENT[i] == 0.0:
        return _BASE_PA[i] * math.exp(-MPS2_PER_G * (h - _BASE_M[i]) / (GAS_CONSTANT * _BASE_K[i]))
    ratio = max(_BASE_K[i] + _GRADIENT[i] * (h - _BASE_M[i]), 150.0) / _BASE_K[i]
    return float(_BASE_PA[i] * ratio ** (-MPS2_PER_G / (GAS_CONSTANT * _GRADIENT[i])))


@kernel
def density_kgpm3(altitude_m: float) -> float:
    """Air density at a height above sea level."""
    return pressure_pa(altitude_m) / (GAS_CONSTANT * temperature_k(altitude_m))


@kernel
def speed_of_sound_mps(altitude_m: float) -> float:
    """Speed of sound at a height above sea level."""
    return math.sqrt(HEAT_RATIO * GAS_CONSTANT * temperature_k(altitude_m))
