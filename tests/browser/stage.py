"""A stage for browser tests: known tracks over a site of its own, judged by the real stages, shown by the real web.

`Stage` moves its tracks in straight lines, lets `threat` and `alerts` judge them, and keeps the views as the service
does. `play` lets time pass, faster than it does outside. `serve` runs the web in a thread of its own.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from starlette.applications import Starlette

from tocsin.alerts import AlertEngine
from tocsin.config.site import Site, read_site
from tocsin.model.command import Command
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.errors import TocsinError
from tocsin.model.identity import (
    Affiliation,
    AffiliationDecision,
    ClaimState,
    IdentityColumns,
    TargetClass,
    Verdict,
)
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.statement import Stance, Statement
from tocsin.model.track import EndedTrack, TrackColumns, TrackStatus
from tocsin.service.pipeline import LineOutput
from tocsin.service.views import SiteViews
from tocsin.threat import Assessor
from tocsin.tracking.registry import ulid
from tocsin.web.app import STATIC, make_app
from tocsin.web.routes import Report
from tocsin.web.server import serve as serve_web
from tocsin.web.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(__file__).with_name("site.toml")
START_S = 1_927_834_380.0  # 2031-02-03T20:33:00Z
STEP_S = 0.5


@dataclass
class Mover:
    """One track: where it is at `born_s`, how it flies, and what is thought of it."""

    number: int
    position_enu_m: tuple[float, float, float]
    velocity_enu_mps: tuple[float, float, float]
    kind: TargetClass = TargetClass.FIXED_WING_DRONE
    sure: float = 0.9
    affiliation: Affiliation = Affiliation.UNKNOWN
    reason: str = "east-radar says DRONE, 12 times of 14; no claim, no flight plan"
    sensors: tuple[str, ...] = ("east-radar",)
    sigma_m: float = 15.0
    born_s: float = 0.0
    unseen_s: float | None = None  # since when no sensor sees it
    decision: AffiliationDecision | None = None
    claims: tuple[tuple[str, str, Verdict, tuple[str, ...]], ...] = ()  # means, identifier, verdict, reasons
    uid: str = field(init=False)

    def __post_init__(self) -> None:
        self.uid = ulid(self.born_s, "stage", self.number)


class Stage:
    """A site, its tracks, and the judgement on them."""

    def __init__(self, site: Site | None = None, mode: str = "simulation") -> None:
        self.site = site or read_site(SITE)
        self.views = SiteViews(self.site, mode)
        self.time_s = START_S
        self.movers: list[Mover] = []
        self.bearings: list[tuple[str, float]] = []
        self._names = tuple(sensor.name for sensor in self.site.sensors)
        self._assessor = Assessor(self.site.threat, self.site.assets, self.site.zones)
        self._engine = AlertEngine(
            self.site.alerts, self.site.rules, self.site.assets, self.site.zones, self._names, self.site.seed
        )
        self._commands: list[Command] = []
        self._statuses: list[SensorStatus] = []
        self._statements: list[Statement] = []
        self._ended: list[EndedTrack] = []
        self._sequence = 0
        self._lock = threading.Lock()

    def add(self, *movers: Mover) -> None:
        """Tracks that are there from now on."""
        for mover in movers:
            mover.born_s = self.time_s
            mover.uid = ulid(self.time_s, "stage", mover.number)
        self.movers += movers

    def lose(self, number: int) -> None:
        """A track that ends now."""
        gone = next(mover for mover in self.movers if mover.number == number)
        self.movers.remove(gone)
        seen_s = self.time_s if gone.unseen_s is None else gone.unseen_s
        place = tuple(float(value) for value in self._positions([gone])[0])
        end = EndedTrack(number, gone.uid, gone.uid, self.time_s, seen_s, place, gone.velocity_enu_mps)  # type: ignore[arg-type]
        self._ended.append(end)

    def health(self, sensor: str, health: Health, reason: str = "") -> None:
        """What a sensor says of itself, or what we find."""
        self._statuses.append(SensorStatus(sensor, self.time_s, health, reason))

    def all_well(self) -> None:
        for name in self._names:
            self.health(name, Health.OK)

    def say(self, speaker: str, content: str, place: str) -> None:
        number = len(self._statements) + self._sequence
        said = Statement(f"s{number}", speaker, Stance.ASSERTS, content, "telephone", said_s=self.time_s, place=place)
        self._statements.append(said)

    def step(self, by_s: float = STEP_S) -> None:
        """Let some time pass and show what is then."""
        with self._lock:
            self.time_s += by_s
            self._sequence += 1
            picture = self._picture()
            commands, self._commands = self._commands, []
            statuses, self._statuses = tuple(self._statuses), []
            statements, self._statements = tuple(self._statements), []
            alerts = self._engine.step(picture, statuses, commands, self.time_s, True)
            self._engine.answers()
            packet = Packet(PacketKind.TICK, "clock", self.time_s, sequence=self._sequence)
            self.views.take(
                LineOutput(
                    packet,
                    self.time_s,
                    detections=self._detections(),
                    statements=statements,
                    statuses=statuses,
                    ended=picture.ended,
                    picture=picture,
                    alerts=alerts,
                    exercise=True,
                )
            )

    def play(self, for_s: float, speed: float = 20.0, until: Callable[[], Any] | None = None) -> None:
        """Step through `for_s` seconds of the story at `speed` times their length, or less if `until` comes true."""
        end_s = self.time_s + for_s
        while self.time_s < end_s and not (until and until()):
            self.step()
            time.sleep(STEP_S / speed)

    async def submit(self, command: Command) -> int:
        """What the web calls: the command is taken at the next step, which is now."""
        self._commands.append(command)
        before = len(self.views.alerts())
        await asyncio.to_thread(self.step, 0.0)
        if not command.author or before < 0:
            raise TocsinError("a command needs an author")
        return self._sequence

    def _positions(self, movers: Sequence[Mover]) -> Any:
        return np.array([m.position_enu_m for m in movers], float).reshape(-1, 3) + np.array(
            [m.velocity_enu_mps for m in movers], float
        ).reshape(-1, 3) * np.array([self.time_s - m.born_s for m in movers]).reshape(-1, 1)

    def _picture(self) -> Picture:
        movers, n = self.movers, len(self.movers)
        sigma = np.array([[m.sigma_m, m.sigma_m * 0.6, m.sigma_m, 1.5, 1.5, 1.0] for m in movers]).reshape(n, 6)
        covariance = np.zeros((n, 6, 6))
        covariance[:, range(6), range(6)] = sigma**2
        unseen = np.array([0.0 if m.unseen_s is None else self.time_s - m.unseen_s for m in movers])
        tracks = TrackColumns(
            time_s=self.time_s,
            known_s=self.time_s,
            number=np.array([m.number for m in movers], np.int64),
            uid=tuple(m.uid for m in movers),
            object=tuple(m.uid for m in movers),
            status=np.where(unseen > 1.5, int(TrackStatus.COASTING), int(TrackStatus.CONFIRMED)),
            existence=np.full(n, 0.99),
            position_enu_m=self._positions(movers),
            velocity_enu_mps=np.array([m.velocity_enu_mps for m in movers], float).reshape(n, 3),
            covariance=covariance,
            mode_probability=np.ones((n, 1)),
            born_s=np.array([m.born_s for m in movers]),
            last_detection_s=self.time_s - unseen,
            sensors=self._names,
            sensor_bits=np.array([sum(1 << self._names.index(s) for s in m.sensors) for m in movers], np.int64),
            links=np.zeros((0, 2), np.int64),
            link_probability=np.zeros(0),
        )
        classes = np.zeros((n, len(TargetClass)))
        for row, mover in enumerate(movers):
            classes[row, TargetClass.UNKNOWN] = 0.6 * (1.0 - mover.sure)
            classes[row, TargetClass.BIRD] = 0.4 * (1.0 - mover.sure)
            classes[row, mover.kind] += mover.sure
        identity = IdentityColumns(
            classes,
            np.array([int(m.affiliation) for m in movers], np.int64),
            tuple(m.reason for m in movers),
            tuple(m.decision for m in movers),
            tuple(self._claim(m, *said) for m in movers for said in m.claims),
        )
        threats = self._assessor.step(tracks, identity)
        ended, self._ended = tuple(self._ended), []
        return Picture(self.time_s, self._sequence, tracks, identity, threats, ended, True)

    def _claim(
        self, mover: Mover, means: str, identifier: str, verdict: Verdict, reasons: tuple[str, ...]
    ) -> ClaimState:
        place = tuple(float(value) for value in self._positions([mover])[0])
        return ClaimState(
            means,
            identifier,
            "east-remote-id",
            verdict,
            reasons,
            mover.born_s,
            self.time_s,
            place,
            mover.uid,  # type: ignore[arg-type]
        )

    def _detections(self) -> tuple[Detection, ...]:
        poses = {sensor.name: sensor.pose for sensor in self.site.sensors}
        return tuple(
            Detection(
                name,
                MeasurementKind.AZIMUTH,
                self.time_s,
                self.time_s,
                (float(np.radians(azimuth_deg)),),
                (float(np.radians(3.0)) ** 2,),
                (poses[name].east_m, poses[name].north_m, poses[name].up_m),
            )
            for name, azimuth_deg in self.bearings
        )


@contextmanager
def serve(
    stage: Stage,
    static: Path = STATIC,
    port: int = 0,
    clients: int = 64,
    operators: Path | None = None,
    report: Report | None = None,
) -> Iterator[tuple[str, Starlette]]:
    """The web over a stage, at the given address, until the block ends."""
    settings = Settings(port=port, clients=clients, operators=None if operators is None else str(operators))
    app = make_app(stage.submit, stage.views, settings, static, report)
    listening = threading.Event()
    found: list[str] = []
    loop = asyncio.new_event_loop()

    def on_listening(url: str) -> None:
        found.append(url)
        listening.set()

    async def run() -> None:
        await serve_web(app, settings, on_listening)

    task: list[asyncio.Task[None]] = []

    def main() -> None:
        asyncio.set_event_loop(loop)
        task.append(loop.create_task(run()))
        try:
            loop.run_until_complete(task[0])
        except asyncio.CancelledError:
            pass

    thread = threading.Thread(target=main, name="web", daemon=True)
    thread.start()
    if not listening.wait(20.0):
        raise TocsinError("the web did not start")
    try:
        yield found[0], app
    finally:
        loop.call_soon_threadsafe(task[0].cancel)
        thread.join(10.0)
        loop.close()
