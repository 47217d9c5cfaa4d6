"""Conversion factors; the only place where a factor is written.

Inside Tocsin every number is SI, radians and seconds. A foreign unit is multiplied by its factor on the way in and
divided by it on the way out. The factors are exact by definition, save where a comment says otherwise.
"""

import math

RAD_PER_DEG = math.pi / 180.0
M_PER_FT = 0.3048
M_PER_KM = 1000.0
M_PER_NM = 1852.0
MPS_PER_KT = 1852.0 / 3600.0
MPS_PER_KMH = 1.0 / 3.6
MPS_PER_MPH = 0.44704
MPS_PER_FPM = 0.3048 / 60.0
S_PER_MS = 1e-3
S_PER_US = 1e-6
S_PER_NS = 1e-9
S_PER_MIN = 60.0
S_PER_H = 3600.0
S_PER_DAY = 86400.0
MPS2_PER_G = 9.80665
PA_PER_HPA = 100.0
