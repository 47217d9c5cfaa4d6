"""How soon forged claims are contradicted, and how seldom honest ones are.

`claims.py --seeds 1-20 --json OUT [--data FOLDER --samples FOLDER]` plays the scene of `tests/scenario/claims` (our own
simulator: teleport, replay, wrong clock, ghost, false signal strength, one honest sender), then real recordings: two
captures of one Parrot's serial number, one of them forged, and aircraft as a network of receivers heard them. Beside
the figures stand those of believing everything and of doubting everything.
"""

import argparse
import gzip
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from statistics import mean
from typing import Any

import msgspec
import numpy as np

from tocsin.geo.frames import Origin
from tocsin.identity import Identifier, Settings, Watch
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.identity import Verdict
from tocsin.model.sensor import Pose
from tocsin.model.track import TrackColumns
from tocsin.sensing.view import View
from tocsin.sensors.remote_id.adapter import Adapter
from tocsin.sensors.remote_id.settings import Settings as RemoteIdSettings
from tocsin.units import M_PER_FT, MPS_PER_FPM, MPS_PER_KT

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "scenario"))
from claims_run import contradicted_s, outputs, verdicts  # noqa: E402

ONSET_S = {"TELEPORT-1": 40.0, "REPLAY-1": 40.0, "CLOCK-1": 40.0, "GHOST-1": 30.0, "STRONG-1": 30.0}
HONEST = "HONEST-1"
NOISY = ("noisy_landing", "noisy_takeoff", "noisy_ground")
ALLOWED_S = 10.0
FASTEST_MPS, FARTHEST_M = 400.0, 2000.0
METRES_PER_RAD = 6_371_000.0


def shared(part: str) -> Path:
    """A folder of the shared data."""
    base = os.environ.get("TOCSIN_SHARED")
    return (Path(base) if base else ROOT.parent / "shared") / part


def no_tracks(time_s: float) -> TrackColumns:
    """Columns without a row."""
    f, i = np.zeros(0), np.zeros(0, np.int64)
    return TrackColumns(time_s, time_s, i, (), (), i, f, np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 6, 6)),
                        np.zeros((0, 1)), f, f, (), i, np.zeros((0, 2), np.int64), f)  # fmt: skip


def judged(claims: Iterable[Claim], origin: Origin, watches: tuple[Watch, ...] = ()) -> Iterator[tuple[Claim, bool]]:
    """Each claim and whether its sender is contradicted after it; claims of one time are taken together."""
    identifier = Identifier(Settings(), origin, watches)
    for received_s, group in groupby(claims, key=lambda one: one.received_s):
        together = list(group)
        states = identifier.step(no_tracks(received_s), None, together, (), received_s).claims
        doubted = {(s.means, s.identifier) for s in states if s.verdict is Verdict.CONTRADICTED}
        for claim in together:
            yield claim, (claim.means, claim.identifier) in doubted


def aircraft(path: Path) -> list[Claim]:
    """The rows of one file with a position, in order of time."""
    rows = json.loads(gzip.decompress(path.read_bytes()))
    if isinstance(rows, dict):
        rows = [
            dict(zip(rows, row, strict=True)) for row in zip(*(list(c.values()) for c in rows.values()), strict=True)
        ]
    rows = sorted((row for row in rows if row["latitude"] is not None), key=lambda row: row["timestamp"])
    return [_claim(row) for row in rows]


def _claim(row: dict[str, Any]) -> Claim:
    def of(name: str, factor: float) -> float | None:
        return None if row.get(name) is None else float(row[name]) * factor

    time_s = row["timestamp"] / 1000.0
    return Claim(
        "ads-b", row["icao24"], "network", time_s, time_s,
        math.radians(row["latitude"]), math.radians(row["longitude"]), height_m=of("geoaltitude", M_PER_FT),
        altitude_pressure_m=of("altitude", M_PER_FT), speed_mps=of("groundspeed", MPS_PER_KT),
        course_rad=None if row.get("track") is None else math.radians(row["track"]) % math.tau,
        climb_mps=of("vertical_rate", MPS_PER_FPM), callsign=row.get("callsign"), on_ground=row.get("onground"),
    )  # fmt: skip


def onset_s(claims: list[Claim]) -> float:
    """When two claims in a row first imply over 400 m/s, or a jump over 2 km."""
    for before, now in zip(claims, claims[1:], strict=False):
        away_m, gap_s = moved_m(before, now), now.time_s - before.time_s
        if away_m > FARTHEST_M or (gap_s > 0.0 and away_m / gap_s > FASTEST_MPS):
            return now.time_s
    return math.nan


def moved_m(before: Claim, now: Claim) -> float:
    """Metres over ground between two claims."""
    assert before.latitude_rad is not None and before.longitude_rad is not None
    assert now.latitude_rad is not None and now.longitude_rad is not None
    north = (now.latitude_rad - before.latitude_rad) * METRES_PER_RAD
    east = (now.longitude_rad - before.longitude_rad) * METRES_PER_RAD * math.cos(now.latitude_rad)
    return math.hypot(east, north)


def parrot(samples: Path, name: str) -> list[Claim]:
    """The claims of one capture."""
    adapter = Adapter(RemoteIdSettings(), AdapterContext("receiver", Pose(), 0.0, 0.0, 0.0))
    data = (samples / name).read_bytes()
    return [
        item for packet in adapter.packets(data, name) for item in adapter.decode(packet) if isinstance(item, Claim)
    ]


def together(real: list[Claim], false: list[Claim], after_s: float) -> list[Claim]:
    """Both captures as one receiver would have heard them, the forged one from `after_s` into the real one on."""
    shift_s = real[0].received_s + after_s - false[0].received_s
    moved_on = [
        msgspec.structs.replace(one, time_s=one.time_s + shift_s, received_s=one.received_s + shift_s) for one in false
    ]
    return sorted([*real, *moved_on], key=lambda one: one.received_s)


def recordings(data: Path, samples: Path) -> dict[str, Any]:
    """All figures of real recordings."""
    real, false = parrot(samples, "parrot_anafi4_real.pcapng"), parrot(samples, "parrot_anafi4_spoofed.pcapng")
    origin = Origin(real[0].latitude_rad or 0.0, real[0].longitude_rad or 0.0, 450.0)
    here = (Watch("receiver", Pose(), View(), False),)
    both = list(judged(together(real, false, 60.0), origin, here))
    start_s = real[0].received_s + 60.0
    result: dict[str, Any] = {
        "parrot_real_doubted": sum(doubted for _, doubted in judged(real, origin, here)),
        "parrot_real_claims": len(real),
        "parrot_forged_after_s": _first(judged(false, origin, here), false[0].received_s),
        "parrot_both_after_s": _first(both, start_s),
        "parrot_both_doubted_before": sum(doubted for claim, doubted in both if claim.received_s < start_s),
    }
    for name in NOISY:
        claims = aircraft(data / f"{name}.json.gz")
        begins_s = onset_s(claims)
        found = list(judged(claims, Origin(claims[0].latitude_rad or 0.0, claims[0].longitude_rad or 0.0, 0.0)))
        result[f"{name}_onset_s"] = begins_s - claims[0].time_s
        result[f"{name}_after_s"] = _first(found, begins_s)
    clean = sorted(path for path in data.glob("*.json.gz") if not path.name.startswith("noisy"))
    doubted = points = 0
    for path in clean:
        claims = aircraft(path)
        origin = Origin(claims[0].latitude_rad or 0.0, claims[0].longitude_rad or 0.0, 0.0)
        of_file = sum(doubtful for _, doubtful in judged(claims, origin))
        result[f"clean_{path.name.partition('.')[0]}"] = [of_file, len(claims)]
        doubted, points = doubted + of_file, points + len(claims)
    result["clean_share"] = doubted / points
    return result


def _first(found: Iterable[tuple[Claim, bool]], from_s: float) -> float:
    """Seconds from `from_s` to the first contradicted claim at or after it."""
    times = (claim.received_s - from_s for claim, doubted in found if doubted and claim.received_s >= from_s)
    return min(times, default=math.inf)


def attacks(seeds: range) -> dict[str, Any]:
    """All figures of the simulated scene."""
    late: dict[str, list[float]] = {name: [] for name in ONSET_S}
    honest = alerts = 0
    for seed in seeds:
        found = outputs(seed)
        changes = verdicts(found)
        for name, onset in ONSET_S.items():
            late[name].append(contradicted_s(changes[name], onset) - onset)
        honest += contradicted_s(changes[HONEST], 0.0) < math.inf
        alerts = max(alerts, len({alert.id for output in found for alert in output.alerts}))
    rows = {name: {"mean_s": mean(times), "worst_s": max(times)} for name, times in late.items()}
    in_time = [after_s <= ALLOWED_S for times in late.values() for after_s in times]
    return {
        "attacks": rows, "contradicted_in_time": mean(in_time), "honest_contradicted": honest, "runs": len(seeds),
        "most_alerts": alerts,
    }  # fmt: skip


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-20")
    parser.add_argument("--data", type=Path, default=shared("data") / "adsb_traffic_samples")
    parser.add_argument("--samples", type=Path, default=shared("samples") / "remoteid")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    result = {"schema": 1, "simulated": attacks(range(int(first), int(last or first) + 1))}
    if options.data.is_dir() and options.samples.is_dir():
        result["recorded"] = recordings(options.data, options.samples)
    result["baselines"] = {
        "believe everything": {"contradicted_in_time": 0.0, "clean_share": 0.0},
        "doubt everything": {"contradicted_in_time": 1.0, "clean_share": 1.0},
    }
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
