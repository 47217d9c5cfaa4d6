"""Salvos: several falling bodies at once, through the whole tracker and the decision whom to warn.

A salvo is `BODIES_EACH` bodies of one kind that come into view within some seconds and come down about the radar, seen
with missed detections and false reports. Zones are the squares of a grid; a body's hit zone is the one it comes down
in. The tracker is told nothing of the bodies beyond a drag class.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from impact_truth import (
    CURVE,
    DRAG_DEVIATION,
    MOST,
    NO_SHOCKS,
    STEP_S,
    WIND_SIGMA_MPS,
    Body,
    Radar,
    appearance,
    first_seen,
    fly,
    measure,
)  # fmt: skip
from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan
from tocsin.model.threat import Zone
from tocsin.sensing.view import View
from tocsin.threat.impact import Impact
from tocsin.threat.places import places
from tocsin.threat.settings import Settings as ThreatSettings
from tocsin.tracking import ScanRule, SensorModel, Settings, Tracker
from tocsin.tracking.falling import Falling

Floats = NDArray[np.float64]

BODIES_EACH = 4
SPREAD_M = 600.0
STAGGER_S = 6.0
DETECTED = 0.9
FALSE_REPORTS = 2.0
ZONE_M = 500.0
ALLOWED_S = 4.0  # from the first detection to the warning
FOLLOWED_S = 10.0  # a salvo is followed for so long after its last body came into view
MARGIN_M = 150.0
POINTS = 64  # rings and spokes of the points that stand for an impact's normal law
VIEW = View(range_m=(100.0, 30_000.0), elevation_rad=(0.0, 1.5), detection_probability=DETECTED)


class Flight(NamedTuple):
    """One body of a salvo: states (n, 9) every STEP_S from `start_s`, its impact, when that is."""

    states: Floats
    start_s: float
    impact_m: Floats
    impact_s: float


class Hit(NamedTuple):
    """What became of one body: seconds from its first detection to the impact and to the warning of its hit zone
    (infinite if never), and at the first decision about it, the grown area warned (m2) and the track's age (s)."""

    lead_s: float
    warned_after_s: float
    area_m2: float
    age_s: float


def salvo(body: Body, rng: np.random.Generator) -> list[Flight]:
    """The bodies of one salvo."""
    flights = []
    for _ in range(BODIES_EACH):
        start = appearance(body)
        start[6] += DRAG_DEVIATION * rng.standard_normal()
        start[7:] += WIND_SIGMA_MPS * rng.standard_normal(2)
        start[:2] += SPREAD_M * rng.standard_normal(2)
        states, hit, flight_s = fly(start, CURVE, NO_SHOCKS, MOST)
        first, begin_s = first_seen(states), STAGGER_S * rng.random()
        flights.append(Flight(states[first:], begin_s, hit, begin_s + flight_s - first * STEP_S))
    return flights


def scans(flights: list[Flight], radar: Radar, rng: np.random.Generator) -> list[tuple[Scan, list[int]]]:
    """Each look of the radar, with the bodies behind its rows (-1 for a false report)."""
    sigma = np.array([radar.angle_rad, radar.range_m, radar.angle_rad, radar.rate_mps])
    result = []
    for look in range(int((max(f.start_s for f in flights) + FOLLOWED_S) / radar.period_s)):
        time_s, rows, owner = look * radar.period_s, [], []
        for number, flight in enumerate(flights):
            step = round((time_s - flight.start_s) / STEP_S)
            if not 0 <= step < len(flight.states) or rng.random() > DETECTED:
                continue
            told = measure(flight.states[step : step + 1], radar)[0]
            if told[2] > VIEW.elevation_rad[0]:
                rows.append(told + sigma * rng.standard_normal(4))
                owner.append(number)
        for _ in range(rng.poisson(FALSE_REPORTS)):
            rows.append(np.array([rng.uniform(-np.pi, np.pi), *rng.uniform((100.0, 0.0), (30_000.0, 1.5)),
                                  rng.uniform(-100.0, 100.0)]))  # fmt: skip
            owner.append(-1)
        table = np.array(rows).reshape(-1, 4)
        m, none = len(table), np.empty(0)
        covariance = np.tile(np.diag([radar.range_m**2, radar.angle_rad**2, radar.angle_rad**2]), (m, 1, 1))
        rates, sigmas = (table[:, 3], np.full(m, radar.rate_mps)) if radar.rate_mps else (none, none)
        values = np.column_stack((table[:, 1], table[:, 0] % (2.0 * np.pi), table[:, 2]))
        scan = Scan("radar", MeasurementKind.POLAR_3D, time_s, time_s, np.full(m, time_s), values, covariance,
                    np.zeros(3), rates, sigmas)  # fmt: skip
        result.append((scan, owner))
    return result


def square(point_m: Floats) -> Zone:
    """The zone of the grid that holds a point."""
    east, north = np.floor(point_m[:2] / ZONE_M) * ZONE_M
    corners = ((0.0, 0.0), (ZONE_M, 0.0), (ZONE_M, ZONE_M), (0.0, ZONE_M))
    return Zone(f"{east:.0f} {north:.0f}", tuple((east + x, north + y) for x, y in corners))


def grown_area_m2(covariance: Floats, share: float, by_m: float) -> float:
    """Area of the ellipse that holds `share`, grown by `by_m` on all sides."""
    a, b = np.sqrt(np.maximum(np.linalg.eigvalsh(covariance), 0.0) * -2.0 * np.log(1.0 - share))
    angle = np.linspace(0.0, 2.0 * np.pi, 721)
    around = np.hypot(np.diff(a * np.cos(angle)), np.diff(b * np.sin(angle))).sum()
    return float(np.pi * a * b + around * by_m + np.pi * by_m * by_m)


class Decided(NamedTuple):
    """One estimate along the way of one track: when, the track's age, its impact's mean and covariance, and the chance
    that it falls."""

    time_s: float
    age_s: float
    uid: str
    point_m: Floats
    covariance: Floats
    falling_probability: float


def zones_hit(decided: Decided) -> dict[tuple[int, int], float]:
    """Chance of an impact within the margin of each zone (east and north index in the grid)."""
    r = np.sqrt(-2.0 * np.log(1.0 - (np.arange(POINTS) + 0.5) / POINTS))
    way = (np.arange(POINTS) + 0.5) * 2.0 * np.pi / POINTS
    u, v = np.outer(r, np.cos(way)).ravel(), np.outer(r, np.sin(way)).ravel()
    factor = np.linalg.cholesky(decided.covariance)
    east = decided.point_m[0] + factor[0, 0] * u
    north = decided.point_m[1] + factor[1, 0] * u + factor[1, 1] * v
    chance: dict[tuple[int, int], float] = {}
    low_e, high_e = np.floor((east - MARGIN_M) / ZONE_M), np.floor((east + MARGIN_M) / ZONE_M)
    low_n, high_n = np.floor((north - MARGIN_M) / ZONE_M), np.floor((north + MARGIN_M) / ZONE_M)
    for corner_e, corner_n, new in (
        (low_e, low_n, np.ones(len(u), bool)), (high_e, low_n, high_e > low_e), (low_e, high_n, high_n > low_n),
        (high_e, high_n, (high_e > low_e) & (high_n > low_n)),
    ):  # fmt: skip
        keys, counts = np.unique(np.column_stack((corner_e, corner_n))[new].astype(int), axis=0, return_counts=True)
        for (e, n), count in zip(keys.tolist(), counts.tolist(), strict=True):
            chance[e, n] = chance.get((e, n), 0.0) + count / len(u) * decided.falling_probability
    return chance


def run(
    body: Body, radar: Radar, rng: np.random.Generator, threat: ThreatSettings, factor_deviation: float
) -> tuple[list[Hit], list[Decided], list[Flight]]:
    """One salvo through the tracker and the decision."""
    flights = salvo(body, rng)
    falling = Falling(factor_m2pkg=body.factor_m2pkg, factor_deviation=factor_deviation, wind_sigma_mps=WIND_SIGMA_MPS)
    model = SensorModel("radar", view=VIEW, scan=ScanRule("period", radar.period_s), false_per_look=FALSE_REPORTS)
    tracker = Tracker(Settings(falling=falling, late_window_s=0.0), [model], "bench")
    zones = {zone.name: zone for zone in (square(flight.impact_m) for flight in flights)}
    names, among = places((), tuple(zones.values()))
    impact = Impact(threat, among, 0.0)
    seen_s, warned_s = np.full(len(flights), np.inf), {name: np.inf for name in names}
    decided: list[Decided] = []
    first: dict[str, tuple[float, float]] = {}
    owner_of: dict[str, int] = {}
    for scan, owner in scans(flights, radar, rng):
        for number in owner:
            if number >= 0:
                seen_s[number] = min(seen_s[number], scan.time_s)
        columns = tracker.step(scan)
        for (row, detection), share in zip(columns.links.tolist(), columns.link_probability.tolist(), strict=True):
            if share > 0.5 and owner[detection] >= 0:
                owner_of[columns.uid[row]] = owner[detection]
        found = impact.step(columns)
        for k in range(len(found) if found else 0):
            row = int(found.track[k])
            if columns.number[row] == 0:
                continue
            uid = columns.uid[row]
            age_s = scan.time_s - float(columns.born_s[row])
            decided.append(Decided(scan.time_s, age_s, uid, found.point_enu_m[k], found.covariance[k],
                                   float(found.falling_probability[k])))  # fmt: skip
            if found.decided[k] and uid not in first:
                area = grown_area_m2(found.covariance[k], threat.warn_share, 400.0)
                first[uid] = area, age_s
            for place in np.flatnonzero(found.warned[k]).tolist():
                warned_s[names[place]] = min(warned_s[names[place]], scan.time_s)
    hits = []
    for number, flight in enumerate(flights):
        uid = next((u for u, owned in owner_of.items() if owned == number and u in first), "")
        area, age = first.get(uid, (np.nan, np.nan))
        zone = square(flight.impact_m).name
        hits.append(Hit(flight.impact_s - seen_s[number], warned_s[zone] - seen_s[number], area, age))
    return hits, decided, flights
