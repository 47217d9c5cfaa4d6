"""Scenario: a story read from TOML, and the packets and truth it makes under a seed.

Reading is strict: an unknown, missing or ill-typed key stops with its path. The same scenario and seed give the same
packets and truth; a sensor or target added changes nothing of the others (save plots it hides in one radar cell).
"""

import math
import tomllib
from collections.abc import Container, Iterator, Mapping
from itertools import chain, groupby
from pathlib import Path
from types import MappingProxyType

import msgspec

from tocsin.geo.frames import Origin
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.truth import TruthTrack
from tocsin.simulation.clock import Clock, ClockError
from tocsin.simulation.emit.table import table_line
from tocsin.simulation.flight import Flight
from tocsin.simulation.forms import Emitter, form
from tocsin.simulation.plan import Event, ScenarioPlan, Target
from tocsin.simulation.report import Report
from tocsin.simulation.sensors import sense
from tocsin.simulation.targets import fly

RESERVED_NAMES = ("operator", "clock", "events", "truth")  # sources and files that are no sensor's
_TRUTH_EVERY = 2  # rows of a flight, so that truth has a row each 0.1 s


class ScenarioError(TocsinError):
    """A scenario file that cannot be played; the text names the key."""


class Scenario(msgspec.Struct, frozen=True):
    """A plan that has been checked, with its clock and the site's origin."""

    plan: ScenarioPlan
    clock: Clock
    origin: Origin


def read_scenario(source: Path | str) -> Scenario:
    """Read a file (Path) or TOML text (str). Raises `ScenarioError` that names the key, or the file if unreadable."""
    where = str(source) if isinstance(source, Path) else "scenario"
    try:
        text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
        plan = msgspec.convert(tomllib.loads(text), ScenarioPlan)
        clock = Clock(plan.chapter, plan.duration_s)
    except (OSError, *UNREADABLE, tomllib.TOMLDecodeError, ClockError) as error:
        raise ScenarioError(f"{where}: {error}") from error
    problem = next(chain(_endless(msgspec.to_builtins(plan), ""), _problems(plan, clock)), None)
    if problem is not None:
        raise ScenarioError(f"{where}: {problem}")
    origin = Origin(math.radians(plan.latitude_deg), math.radians(plan.longitude_deg), plan.height_m)
    return Scenario(plan, clock, origin)


def _endless(value: object, path: str) -> Iterator[str]:
    """Numbers that TOML may write and no scenario means."""
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{path}: must be finite"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _endless(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _endless(item, f"{path}[{i}]")


def _problems(plan: ScenarioPlan, clock: Clock) -> Iterator[str]:
    """What types cannot say."""
    for word, named in (("target", plan.target), ("sensor", plan.sensor)):
        names = [item.name for item in named]
        for i, name in enumerate(names):
            if name in names[:i]:
                yield f"{word}[{i}].name: {name!r} is taken"
    for i, sensor in enumerate(plan.sensor):
        if sensor.name in RESERVED_NAMES:
            yield f"sensor[{i}].name: {sensor.name!r} is no name for a sensor"
    for i, target in enumerate(plan.target):
        if target.from_s >= plan.duration_s:
            yield f"target[{i}].from_s: begins after the end at {plan.duration_s:g} s"
        if target.until_s is not None and not target.from_s < target.until_s <= clock.chapter_end_s(target.from_s):
            yield f"target[{i}].until_s: must lie after from_s and within its chapter"
    for i, sensor in enumerate(plan.sensor):
        for j, (begin, end) in enumerate(sensor.outage_s):
            if not 0.0 <= begin < end:
                yield f"sensor[{i}].outage_s[{j}]: must be (from, to) with from before to"
    for i, event in enumerate(plan.event):
        if event.at_s >= plan.duration_s:
            yield f"event[{i}].at_s: after the end at {plan.duration_s:g} s"


def flights(scenario: Scenario, seed: int) -> tuple[tuple[Target, Flight], ...]:
    """Every target with the flight it makes (a flock makes several); each ends with its chapter at the latest."""
    plan = scenario.plan
    return tuple(
        (target, flight)
        for target in plan.target
        for flight in fly(target, plan.world, scenario.clock.chapter_end_s(target.from_s), seed)
    )


def reports(scenario: Scenario, seed: int) -> tuple[tuple[Report, ...], ...]:
    """What each sensor sends, by sensor, in the order received; what would arrive in another chapter is lost."""
    plan, flown = scenario.plan, flights(scenario, seed)
    return tuple(
        tuple(
            report
            for report in sense(sensor, flown, scenario.origin, plan.duration_s, plan.world, seed)
            if scenario.clock.together(report.time_s, report.received_s)
        )
        for sensor in plan.sensor
    )


def _note(event: Event, number: int) -> Command:
    return Command(f"scenario-{number}", CommandKind.NOTE, event.speaker, value=event.place or "", reason=event.content)


def timeline(
    scenario: Scenario, seed: int, emitters: Mapping[str, Emitter] = MappingProxyType({})
) -> Iterator[tuple[float, Packet]]:
    """The packets of `play`, each with its story second (which does not jump where the clock does).

    `emitters` says by sensor which format its bytes are in; the rest send table lines.
    """
    clock = scenario.clock
    moments: list[tuple[float, int, int, Packet]] = []
    for story_s in clock.steps_s():
        step = Packet(PacketKind.CLOCK_STEP, "clock", clock.utc_s(story_s), exercise=True)
        moments.append((story_s, -1, 0, step))
    for i, event in enumerate(scenario.plan.event):
        data, utc_s = msgspec.json.encode(_note(event, i + 1)), clock.utc_s(event.at_s)
        moments.append((event.at_s, 0, i, Packet(PacketKind.COMMAND, "operator", utc_s, data, exercise=True)))
    for i, (sensor, sent) in enumerate(zip(scenario.plan.sensor, reports(scenario, seed), strict=True)):
        emit, row = emitters.get(sensor.name, table_line), 1
        for story_s, message in groupby(sent, key=lambda report: report.received_s):
            utc_s = clock.utc_s(story_s)
            lines = [emit(report, clock.utc_s(report.time_s), utc_s) for report in message]
            origin = f"{sensor.name}.{form(sensor.device).suffix}:{row}"
            packet = Packet(PacketKind.DATA, sensor.name, utc_s, b"".join(lines), origin=origin, exercise=True)
            row += len(lines)
            if packet.data:  # not every format has words for a sign of life
                moments.append((story_s, i + 1, row, packet))
    moments.sort(key=lambda moment: moment[:3])
    for story_s, _, _, packet in moments:
        yield story_s, packet


def play(scenario: Scenario, seed: int, sensors: Container[str] | None = None) -> Iterator[Packet]:
    """DATA packets of every sensor in its own form, CLOCK_STEP between chapters and events as notes of an operator.

    In the order received, marked `exercise`; at equal times clock steps, then notes, then sensors as in the file. With
    `sensors`, those sensors only.
    """
    live = {sensor.name: form(sensor.device).live for sensor in scenario.plan.sensor}
    for _, packet in timeline(scenario, seed, live):
        if packet.kind is not PacketKind.DATA or sensors is None or packet.source in sensors:
            yield packet


def truth(scenario: Scenario, seed: int) -> tuple[TruthTrack, ...]:
    """Where every target was, ten times a second, in UTC; `kind` is the scenario's word for it. Ghosts were nowhere."""
    tracks = []
    for target, flight in flights(scenario, seed):
        if target.ghost:
            continue
        rows = slice(None, None, _TRUTH_EVERY)
        shift_s = scenario.clock.utc_s(float(flight.time_s[0])) - float(flight.time_s[0])
        time_s, position = flight.time_s[rows] + shift_s, flight.position_enu_m[rows].copy()
        tracks.append(TruthTrack(flight.target, time_s, position, flight.flying[rows].copy(), flight.kind))
    return tuple(tracks)
