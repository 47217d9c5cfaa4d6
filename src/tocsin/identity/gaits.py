"""Gaits: how each class moves, as a normal law of four features of its horizontal motion.

The features are logarithms, a small constant added to each: mean speed (m/s), the deviation of the speed (m/s), how far
from straight it goes (0 to 1), and acceleration (m/s^2). Row 0, unknown, is the middle of the broad law that all share.
Birds and multirotors share a law; `ODDS` tells them apart. It is fitted by `benchmarks/identity.py --fit` to recordings
(seabirds with GPS; flight logs of the ICMCIS trial and of ETH Zurich; they are not part of this repository). All else
are round numbers for their kind, kept wide.
"""

import numpy as np

FEATURES = 4
LEAST = (0.5, 0.3, 0.02, 0.1)

_GAITS = (
    # speed,       variation,    off straight, acceleration: mean and deviation of each
    ((2.3, 1.2), (0.3, 1.0), (-2.0, 1.5), (-0.3, 1.0)),  # unknown: the broad law's middle
    ((2.1, 0.85), (0.2, 0.95), (-2.3, 1.25), (0.1, 0.9)),  # multirotor: small flyers
    ((3.5, 0.5), (0.2, 0.9), (-3.0, 1.2), (0.0, 0.9)),  # fixed-wing drone
    ((3.5, 0.7), (0.4, 1.0), (-3.0, 1.3), (0.0, 0.9)),  # helicopter
    ((4.8, 0.5), (0.6, 1.0), (-3.4, 1.0), (0.2, 0.9)),  # aeroplane
    ((2.1, 0.85), (0.2, 0.95), (-2.3, 1.25), (0.1, 0.9)),  # bird: small flyers
    ((1.5, 0.7), (-0.7, 0.6), (-3.0, 1.0), (-1.6, 0.7)),  # balloon
    ((5.2, 0.8), (1.0, 1.2), (-3.6, 0.8), (1.5, 1.0)),  # falling object
    ((2.3, 0.8), (0.3, 0.9), (-3.0, 1.4), (-0.5, 0.9)),  # ground vehicle
    ((1.6, 0.7), (-0.6, 0.7), (-3.2, 1.1), (-1.5, 0.7)),  # vessel
)

MEAN = np.array([[mean for mean, _ in gait] for gait in _GAITS])
SIGMA = np.array([[deviation for _, deviation in gait] for gait in _GAITS])

CENTRE, SPREAD = (2.3, 0.2, -2.4, 0.1), (0.6, 0.9, 1.0, 0.7)
ODDS = np.array(
    [-1.666, -3.282, 0.472, -1.808, -0.011, -0.462, 0.597, 0.933, 0.099, 0.679, 0.397, -0.203, 0.259, -0.253, 0.0]
)
