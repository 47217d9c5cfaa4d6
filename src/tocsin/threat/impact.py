"""Impact: where and when falling objects come down, and which places are to be warned.

Every estimate is carried to the ground once (`fallout`); as time passes only the seconds that are left change. A place
is warned when the ellipse that holds the impact with `warn_share`, grown by `impact_margin_m`, touches it, or when the
chance of an impact within that margin is at least `warn_probability`, the chance that the object falls at all counted
in. The first decision waits until the track is `decide_s` old, or the object comes down before that would help. What is
warned may grow and does not shrink while the object is in the air. Nothing is computed backwards.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.model.threat import Asset, ImpactColumns, Zone
from tocsin.model.track import BallisticColumns, TrackColumns
from tocsin.physics.dynamics import air
from tocsin.threat.fallout import landing
from tocsin.threat.places import Places, distance_m, places
from tocsin.threat.settings import Settings

Floats = NDArray[np.float64]

LONGEST_S = 600.0
RINGS, SPOKES = 16, 32  # the points, equally likely, that stand for the two-dimensional normal law
PAST_S = 3.0  # an impact longer ago than this is over
NO = np.False_
HURRY_S = 15.0  # with less time than this the decision is taken at once
Z_95 = 1.6448536269514722


@kernel
def reached(among: Places, centre: Floats, C: Floats, edge: float, margin: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Chance (places,) that a normal law about `centre` with covariance C (2, 2) comes down within `margin` of each
    place, and whether the ellipse at Mahalanobis distance `edge`, grown by the margin, touches it."""
    n = among.radius_m.shape[0]
    share, touched = np.zeros(n), np.zeros(n, np.bool_)
    a = math.sqrt(max(C[0, 0], 1e-6))
    b = C[0, 1] / a
    c = math.sqrt(max(C[1, 1] - b * b, 1e-6))
    reach = 4.0 * math.sqrt(C[0, 0] + C[1, 1]) + margin
    for place in range(n):
        box = among.box_m[place]
        if centre[0] < box[0] - reach or centre[0] > box[1] + reach:
            continue
        if centre[1] < box[2] - reach or centre[1] > box[3] + reach:
            continue
        u = (among.centre_m[place, 0] - centre[0]) / a
        v = (among.centre_m[place, 1] - centre[1] - b * u) / c
        touched[place] = u * u + v * v <= edge * edge
        for ring in range(RINGS + 1):
            r = edge if ring == RINGS else math.sqrt(-2.0 * math.log(1.0 - (ring + 0.5) / RINGS))
            for spoke in range(SPOKES):
                way = 2.0 * math.pi * (spoke + 0.5 * (ring % 2)) / SPOKES
                u, v = r * math.cos(way), r * math.sin(way)
                if distance_m(among, place, centre[0] + a * u, centre[1] + b * u + c * v) <= margin:
                    touched[place] = touched[place] or r <= edge
                    if ring < RINGS:
                        share[place] += 1.0 / (RINGS * SPOKES)
    return share, touched


class _Landing(NamedTuple):
    """What one estimate says: impact (east, north, time), its covariance, and for each place the chance of harm,
    whether the ellipse touches it, and whether the chance is large enough to warn."""

    estimate_s: float
    place_time: Floats
    covariance: Floats
    hit_probability: Floats
    touched: NDArray[np.bool_]
    likely: NDArray[np.bool_]


class Impact:
    """Impacts of the tracks that fall; keeps what it has computed and what has been warned, by track id."""

    def __init__(self, settings: Settings, among: Places, site_altitude_m: float) -> None:
        self._settings = settings
        self._places = among
        self._altitude_m = site_altitude_m
        self._landings: dict[str, _Landing | None] = {}
        self._warned: dict[str, NDArray[np.bool_]] = {}  # of each track about which it has been decided whom to warn

    def step(self, tracks: TrackColumns, keep: bool = True) -> ImpactColumns | None:
        """Impacts at the tracks' time, None if nothing falls; `keep` False leaves no trace, for columns of the past."""
        falls = tracks.ballistic
        if falls is None or not len(falls):
            if keep and self._landings:
                self._landings, self._warned = {}, {}
            return None
        landings: dict[str, _Landing | None] = {}
        warned: dict[str, NDArray[np.bool_]] = {}
        rows, found = [], []
        for k, row in enumerate(falls.track.tolist()):
            uid = tracks.uid[row]
            known = self._landings.get(uid)
            if known is None or known.estimate_s != falls.time_s[k]:
                known = self._land(falls, k)
            landings[uid] = known
            if known is None or known.estimate_s + known.place_time[2] < tracks.time_s - PAST_S:
                continue
            rows.append(k)
            found.append(known)
            if uid in self._warned or self._is_due(tracks, falls, k, known):
                warned[uid] = self._warned.get(uid, NO) | known.touched | known.likely
        if keep:
            self._landings, self._warned = landings, warned
        told = [warned.get(tracks.uid[falls.track[k]]) for k in rows]
        return _columns(tracks, falls, rows, found, told) if rows else None

    def _land(self, falls: BallisticColumns, k: int) -> _Landing | None:
        around = air(int(falls.curve[k]), self._altitude_m)
        y, C = np.empty(3), np.empty((3, 3))
        good = landing(
            np.array(falls.state[k]), np.array(falls.covariance[k]), self._settings.ground_m, LONGEST_S, around,
            np.array(falls.drift_covariance[k]), y, C,
        )  # fmt: skip
        if not good:
            return None
        edge = math.sqrt(-2.0 * math.log(1.0 - self._settings.warn_share))
        hit, touched = reached(self._places, y[:2].copy(), C[:2, :2].copy(), edge, self._settings.impact_margin_m)
        hit *= falls.falling_probability[k]
        return _Landing(float(falls.time_s[k]), y, C, hit, touched, hit >= self._settings.warn_probability)

    def _is_due(self, tracks: TrackColumns, falls: BallisticColumns, k: int, known: _Landing) -> bool:
        """Whether it is time to decide for the first time whom to warn of the k-th falling object."""
        age_s = falls.time_s[k] - tracks.born_s[falls.track[k]]
        return bool(age_s >= self._settings.decide_s or known.place_time[2] <= HURRY_S)


def _columns(
    tracks: TrackColumns,
    falls: BallisticColumns,
    rows: list[int],
    found: list[_Landing],
    told: list[NDArray[np.bool_] | None],
) -> ImpactColumns:
    k = len(rows)
    time_s = np.empty((k, 3))
    for i, one in enumerate(found):
        middle = one.estimate_s + one.place_time[2] - tracks.time_s
        spread = Z_95 * math.sqrt(max(one.covariance[2, 2], 0.0))
        time_s[i] = middle - spread, middle, middle + spread
    columns = ImpactColumns(
        track=np.array(falls.track[rows]),
        falling_probability=np.array(falls.falling_probability[rows]),
        point_enu_m=np.array([[one.place_time[0], one.place_time[1]] for one in found]),
        covariance=np.array([one.covariance[:2, :2] for one in found]),
        time_s=np.maximum(time_s, 0.0),
        hit_probability=np.array([one.hit_probability for one in found]),
        decided=np.array([one is not None for one in told]),
        warned=np.array([np.zeros(len(found[0].likely), np.bool_) if one is None else one for one in told]),
    )
    for field in columns.__struct_fields__:
        getattr(columns, field).flags.writeable = False
    return columns


def warm() -> None:
    """Compile or load the kernels of this module and of `fallout`."""
    square = Zone("", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), 0.0, 1.0)
    _, both = places((Asset("a", 0.0, 0.0, 0.0, 1.0, 0.0),), (square,))
    body = np.array([0.0, 0.0, 10.0, 1.0, 0.0, 1.0, -8.0, 0.0, 0.0])
    y, C = np.empty(3), np.empty((3, 3))
    landing(body, np.eye(9) * 1e-6, 0.0, LONGEST_S, air(0), np.full(3, 1e-4), y, C)
    reached(both, y[:2].copy(), C[:2, :2].copy(), 2.0, 1.0)
