"""How well the impact of falling objects is known, how early, and who is warned, beside the bound of what can be known.

`impact.py --runs N --seed S --json OUT` runs the three generic bodies of `impact_truth` past radars A, B, B+D and C.
Matched runs: drag and wind stay, and the estimator believes so, as the bound does. Mismatch runs: both walk at random,
and the estimator believes what it believes by default. Each run is one body, its detections known to be its own. Then
salvos go through the whole tracker and the decision whom to warn (`impact_salvo`), N / 100 of them for each body and
radar. The baseline warns everybody within 10 km of the radar.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impact_salvo import ALLOWED_S, ZONE_M, Decided, Hit, grown_area_m2, run, zones_hit
from impact_truth import (
    BODIES,
    CURVE,
    DRAG_DEVIATION,
    DRAG_DRIFT,
    MOST,
    NO_SHOCKS,
    RADARS,
    STEP_S,
    WIND_DRIFT_MPS,
    WIND_SIGMA_MPS,
    Body,
    Radar,
    appearance,
    bound,
    fly,
    measure,
    seen_steps,
)  # fmt: skip
from tocsin.threat.fallout import landing
from tocsin.threat.settings import Settings as ThreatSettings
from tocsin.tracking.fall import Fall, begin, go_on, surroundings
from tocsin.tracking.falling import Falling
from tocsin.tracking.kernels.rows import POLAR_3D, place_rows
from tocsin.tracking.kernels.trajectory import Seen

Floats = NDArray[np.float64]

CHECKED_S = (3, 5, 10)
FITTED_S = (3, 5, 7, 10)
SQUARE_90, SIGMAS_90 = 4.605, 1.645
CURVE_AT = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
EVERYBODY_M = 10_000.0


def seen(radar: Radar, told: Floats, time_s: Floats) -> Seen:
    """Detections (m, 4) as the estimator takes them."""
    m = len(told)
    z = told.copy()
    z[:, 3] *= radar.rate_mps > 0.0
    R = np.tile(np.diag([radar.angle_rad**2, radar.range_m**2, radar.angle_rad**2]), (m, 1, 1))
    place, cov = np.zeros((m, 3)), np.zeros((m, 3, 3))
    place_rows(POLAR_3D, np.ascontiguousarray(z[:, :3]), R, np.zeros(3), 0.0, 1.0, place, cov)
    return Seen(np.full(m, POLAR_3D), time_s, z, R, np.full(m, radar.rate_mps**2), np.zeros((m, 3)), place, cov)


def one(body: Body, radar: Radar, drifts: bool, falling: Falling, rng: np.random.Generator) -> dict[int, Floats]:
    """One run: at each checked second the miss (m), its squared distance in the ellipse, the time's in deviations."""
    start = appearance(body)
    start[6] += DRAG_DEVIATION * rng.standard_normal()
    start[7:] += WIND_SIGMA_MPS * rng.standard_normal(2)
    walk = np.array([DRAG_DRIFT, WIND_DRIFT_MPS, WIND_DRIFT_MPS]) * np.sqrt(STEP_S)
    shocks = walk * rng.standard_normal((MOST, 3)) if drifts else NO_SHOCKS
    states, hit, flight_s = fly(start, CURVE, shocks, MOST)
    steps = seen_steps(states, radar, CHECKED_S[-1])
    sigma = np.array([radar.angle_rad, radar.range_m, radar.angle_rad, radar.rate_mps])
    told = measure(states[steps], radar) + sigma * rng.standard_normal((len(steps), 4))
    time_s, around = steps * STEP_S, surroundings(falling, 0.0)
    drift = np.square([falling.drag_drift, falling.wind_drift_mps, falling.wind_drift_mps])
    fall: Fall | None = None
    done, result = 0, {}
    y, C = np.empty(3), np.empty((3, 3))
    for second in FITTED_S:
        until = int(np.searchsorted(time_s - time_s[0], second + 1e-6))
        new = seen(radar, told[done:until], time_s[done:until])
        fall, done = begin(new, falling, around) if fall is None else go_on(fall, new, falling, around), until
        if second in CHECKED_S:
            estimate = fall.estimate
            good = estimate is not None
            if estimate is not None:
                good = landing(estimate.mean, estimate.covariance, 0.0, 600.0, around, drift, y, C)
            if estimate is None or not good:
                result[second] = np.full(3, np.inf)  # no answer counts as a miss of everything
                continue
            off = y[:2] - hit[:2]
            late = abs(estimate.time_s + y[2] - flight_s) / np.sqrt(C[2, 2])
            result[second] = np.array([np.hypot(*off), off @ np.linalg.solve(C[:2, :2], off), late])
    return result


def case(body: Body, radar: Radar, drifts: bool, runs: int, seed: int) -> dict[str, Any]:
    """All runs of one body, radar and kind of truth."""
    known = {"factor_m2pkg": body.factor_m2pkg, "factor_deviation": DRAG_DEVIATION, "wind_sigma_mps": WIND_SIGMA_MPS}
    falling = Falling(**known) if drifts else Falling(**known, drag_drift=0.0, wind_drift_mps=0.0)
    results = [one(body, radar, drifts, falling, np.random.default_rng((seed, n))) for n in range(runs)]
    row: dict[str, Any] = {"body": body.name, "radar": radar.name, "runs": runs}
    for second in CHECKED_S:
        table = np.array([result[second] for result in results])
        least = bound(appearance(body), radar, second)
        cep = float(np.median(table[:, 0]))
        moving = bound(appearance(body), radar, second, drifts=True) if drifts else least
        row[f"at_{second}s"] = {
            "cep_m": cep,
            "bound_m": least.cep_m,
            "ratio": cep / least.cep_m,
            "bound_drifting_m": moving.cep_m,
            "ratio_to_drifting": cep / moving.cep_m,
            "coverage90": float((table[:, 1] <= SQUARE_90).mean()),
            "coverage90_time": float((table[:, 2] <= SIGMAS_90).mean()),
        }
    return row


def salvos(body: Body, radar: Radar, count: int, seed: int) -> tuple[dict[str, Any], list[Floats]]:
    """All salvos of one body and radar, and for the curve (warned in time, zones warned) of each hit by chance."""
    threat, hits, points = ThreatSettings(), [], []
    for n in range(count):
        rng = np.random.default_rng((seed, 1000 + n))
        found, decided, flights = run(body, radar, rng, threat, DRAG_DEVIATION)
        hits += found
        points.append(curve_of(found, decided, [flight.impact_m for flight in flights]))
    table = np.array(hits)
    least = grown_area_m2(bound(appearance(body), radar, 3.0).covariance, 0.95, 400.0)
    in_time = table[:, 1] <= ALLOWED_S + 1e-6
    row = {
        "body": body.name,
        "radar": radar.name,
        "hits": len(hits),
        "hit_zones_warned": float(in_time.mean()),
        "warned_at_all": float(np.isfinite(table[:, 1]).mean()),
        "warning_left_median_s": float(np.median(table[:, 0] - table[:, 1])),
        "first_decision_age_s": float(np.nanmedian(table[:, 3])),
        "area_km2": float(np.nanmedian(table[:, 2])) / 1e6,
        "area_ratio": float(np.nanmedian(table[:, 2])) / least,
    }
    return row, points


def curve_of(hits: list[Hit], decided: list[Decided], impacts: list[Floats]) -> Floats:
    """(thresholds, 3) of one salvo: hits, hits whose zone's chance passed the threshold by the end of `ALLOWED_S` of
    its track, and zones warned in all that were not hit."""
    hit = [(int(np.floor(p[0] / ZONE_M)), int(np.floor(p[1] / ZONE_M))) for p in impacts]
    early: dict[tuple[int, int], float] = {}
    ever: dict[tuple[int, int], float] = {}
    for one_of in decided:
        if one_of.age_s < ThreatSettings().decide_s:
            continue
        for zone, chance in zones_hit(one_of).items():
            ever[zone] = max(ever.get(zone, 0.0), chance)
            if one_of.age_s <= ALLOWED_S:
                early[zone] = max(early.get(zone, 0.0), chance)
    return np.array([
        [
            len(hits),
            sum(early.get(zone, 0.0) >= p for zone in hit),
            sum(chance >= p and zone not in hit for zone, chance in ever.items()),
        ]
        for p in CURVE_AT
    ], dtype=float)  # fmt: skip


def summary(
    matched: list[dict[str, Any]], mismatch: list[dict[str, Any]], told: list[dict[str, Any]]
) -> dict[str, Any]:
    """The worst of everything."""
    late = ("at_5s", "at_10s")
    every = tuple(f"at_{second}s" for second in CHECKED_S)

    def of(rows: Iterable[dict[str, Any]], key: str, times: tuple[str, ...] = every) -> list[float]:
        return [row[time][key] for row in rows for time in times]

    hits = sum(row["hits"] for row in told)
    result: dict[str, Any] = {"hits": hits}
    for name, rows in (("matched", matched), ("mismatch", mismatch)):
        result[f"worst_cep_ratio_{name}"] = max(of(rows, "ratio"))
        result[f"worst_cep_ratio_drifting_{name}"] = max(of(rows, "ratio_to_drifting"))
        result[f"worst_bound_ratio_{name}"] = max(
            moving / least for moving, least in zip(of(rows, "bound_drifting_m"), of(rows, "bound_m"), strict=True)
        )
        for key, suffix in (("coverage90", ""), ("coverage90_time", "_time")):
            result[f"worst_coverage90{suffix}_{name}"] = min(of(rows, key, late))
            result[f"best_coverage90{suffix}_{name}"] = max(of(rows, key, late))
    result["worst_coverage90_3s"] = min(of(matched, "coverage90", ("at_3s",)))
    result["best_coverage90_3s"] = max(of(matched, "coverage90", ("at_3s",)))
    result["hit_zones_warned"] = sum(row["hit_zones_warned"] * row["hits"] for row in told) / max(hits, 1)
    result["worst_hit_zones_warned"] = min(row["hit_zones_warned"] for row in told)
    result["worst_area_ratio"] = max(row["area_ratio"] for row in told)
    return result


def show(title: str, rows: list[dict[str, Any]]) -> None:
    """One table of runs."""
    print(f"\n{title}: CEP in metres (ratio to the bound, and to that where drag and wind drift),")
    print("share inside the 90 % ellipse and the 90 % time interval")
    for row in rows:
        parts = [
            f"{second:>3} s {at['cep_m']:6.0f} ({at['ratio']:.2f}, {at['ratio_to_drifting']:.2f}) "
            f"{at['coverage90']:.3f} {at['coverage90_time']:.3f}"
            for second in CHECKED_S
            for at in [row[f"at_{second}s"]]
        ]
        print(f"{row['body']:<18}{row['radar']:<4}" + " | ".join(parts), flush=True)


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100, help="runs of each case; a hundredth as many salvos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where to write everything")
    options = parser.parse_args()
    pairs = [(body, radar) for body in BODIES for radar in RADARS]
    matched = [case(body, radar, False, options.runs, options.seed) for body, radar in pairs]
    show("matched", matched)
    mismatch = [case(body, radar, True, options.runs, options.seed) for body, radar in pairs]
    show("mismatch", mismatch)
    told, points = [], []
    print("\nsalvos: hit zones warned within 4 s, first decision: age of the track, area, area over the bound's")
    for body, radar in pairs:
        row, new = salvos(body, radar, max(options.runs // 100, 2), options.seed)
        told.append(row)
        points += new
        print(f"{body.name:<18}{radar.name:<4}{row['hit_zones_warned']:.3f} of {row['hits']}, "
              f"{row['first_decision_age_s']:.1f} s, {row['area_km2']:.1f} km2, "
              f"{row['area_ratio']:.2f}", flush=True)  # fmt: skip
    total = np.sum(points, axis=0)
    curve = [
        {"warn_probability": p, "hits_warned": float(row[1] / row[0]), "needless_zones_per_hit": float(row[2] / row[0])}
        for p, row in zip(CURVE_AT, total, strict=True)
    ]
    everybody = np.pi * EVERYBODY_M**2 / ZONE_M**2
    print("\nchance alone as the rule: hit zones warned within 4 s, needless zone warnings a hit")
    for point in curve:
        print(f"{point['warn_probability']:>6} {point['hits_warned']:.3f} {point['needless_zones_per_hit']:8.1f}")
    print(f"baseline, everybody within 10 km: 1.000 {everybody - 1.0:8.1f}")
    result = summary(matched, mismatch, told)
    print("\n" + json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps({
            "schema": 1, "runs": options.runs, "seed": options.seed, "summary": result, "matched": matched,
            "mismatch": mismatch, "salvos": told, "curve": curve,
            "baseline": {"hits_warned": 1.0, "needless_zones_per_hit": everybody - 1.0},
        }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
