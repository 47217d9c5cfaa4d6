"""A small picture with known numbers, the views and the journal a service would give, and a client."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np

from tocsin.geo.frames import Origin
from tocsin.model.command import Command
from tocsin.model.errors import TocsinError
from tocsin.model.identity import CLASS_COUNT, Affiliation, AffiliationDecision, IdentityColumns, TargetClass
from tocsin.model.picture import Picture
from tocsin.model.threat import ThreatColumns
from tocsin.model.track import EndedTrack, TrackColumns, TrackStatus
from tocsin.model.views import (
    AlertView,
    ClaimView,
    CueView,
    EndedView,
    LoadView,
    PictureView,
    SensorView,
    SiteView,
    StatementView,
    TrackDetailView,
    WarningPathView,
    WarningView,
)
from tocsin.web.app import make_app
from tocsin.web.present import present_claims, present_picture, present_track
from tocsin.web.settings import Settings

ORIGIN = Origin(math.radians(54.6), math.radians(18.8), 41.0)
TIME_S = 1_700_000_000.25
SITE = SiteView("North pier", 54.6, 18.8, 41.0, (), (), "0.0.0")


def picture(sequence: int = 7, tracks: int = 2) -> Picture:
    """Row 0 flies north-east at 5 m/s and 1 km east, row 1 hovers; row 1 is the more pressing one."""
    position = np.tile([1000.0, 0.0, 60.0], (tracks, 1))
    velocity = np.tile([3.0, 4.0, -1.0], (tracks, 1))
    velocity[1::2] = 0.0
    covariance = np.zeros((tracks, 6, 6))
    covariance[:, 0, 0], covariance[:, 1, 1], covariance[:, 2, 2] = 4.0, 9.0, 25.0
    classes = np.zeros((tracks, CLASS_COUNT))
    classes[:, TargetClass.MULTIROTOR], classes[:, TargetClass.BIRD] = 0.75, 0.25
    decision = AffiliationDecision(Affiliation.SUSPECT, "ada", "unannounced", TIME_S)
    return Picture(
        time_s=TIME_S,
        sequence=sequence,
        tracks=TrackColumns(
            time_s=TIME_S,
            known_s=TIME_S,
            number=np.arange(1, tracks + 1),
            uid=tuple(f"01J{row}" for row in range(tracks)),
            object=tuple(f"01J{row}" for row in range(tracks)),
            status=np.full(tracks, int(TrackStatus.CONFIRMED)),
            existence=np.full(tracks, 0.99),
            position_enu_m=position,
            velocity_enu_mps=velocity,
            covariance=covariance,
            mode_probability=np.ones((tracks, 1)),
            born_s=np.full(tracks, TIME_S - 30.0),
            last_detection_s=np.full(tracks, TIME_S - 1.5),
            sensors=("radar-1", "camera", "radar-2"),
            sensor_bits=np.full(tracks, 0b101),
            links=np.zeros((0, 2), dtype=np.int64),
            link_probability=np.zeros(0),
        ),
        identity=IdentityColumns(
            class_probability=classes,
            affiliation=np.full(tracks, int(Affiliation.SUSPECT)),
            reasons=("no flight plan",) * tracks,
            decisions=(decision,) + (None,) * (tracks - 1),
        ),
        threats=ThreatColumns(
            horizon_s=120.0,
            places=("harbour", "pier"),
            track=np.array([0, 1]),
            place=np.array([1, 0]),
            distance_m=np.array([900.0, 0.0]),
            inside_probability=np.array([0.0, 1.0]),
            entry_probability=np.array([0.6, 1.0]),
            entry_s=np.array([[40.0, 55.0, np.inf], [0.0, 0.0, 0.0]]),
            closest_m=np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
            closest_s=np.array([60.0, np.nan]),
            order=np.array([1, 0]),
        ),
        ended=(EndedTrack(9, "01X", "01X", TIME_S, TIME_S - 8.0, (0.0, 0.0, 10.0), (1.0, 0.0, 0.0)),),
    )


class FixedViews:
    """Views that change when a test says so."""

    def __init__(self, tracks: int = 2) -> None:
        self.latest = picture(tracks=tracks)
        self.now = present_picture(self.latest, ORIGIN)
        self.alert_list: tuple[AlertView, ...] = ()
        self._sensors: tuple[SensorView, ...] = ()
        self.load_view: LoadView | None = None

    def show(self, sequence: int) -> None:
        self.latest = msgspec.structs.replace(self.latest, sequence=sequence)
        self.now = msgspec.structs.replace(self.now, sequence=sequence)

    def site(self) -> SiteView:
        return SITE

    def columns(self) -> Picture:
        return self.latest

    def picture(self) -> PictureView:
        return self.now

    def track(self, name: str) -> TrackDetailView | None:
        return present_track(self.latest, 1, ORIGIN) if name == "T2" else None

    def cues(self) -> Sequence[CueView]:
        return ()

    def claims(self) -> Sequence[ClaimView]:
        return present_claims(self.latest, ORIGIN)

    def ended(self) -> Sequence[EndedView]:
        return ()

    def statements(self) -> Sequence[StatementView]:
        return ()

    def record(self) -> str | None:
        return "<!doctype html><title>x</title><style>p { color: red }</style><p>what was seen"

    def report(self) -> Mapping[str, Any] | None:
        return None

    def alerts(self) -> Sequence[AlertView]:
        return self.alert_list

    def load(self) -> LoadView | None:
        return self.load_view

    def warnings(self) -> Sequence[WarningView]:
        return ()

    def warning_path(self) -> WarningPathView | None:
        return None

    def sensors(self) -> Sequence[SensorView]:
        return self._sensors

    def statistics(self) -> Mapping[str, Any]:
        return {"tracking": {"scans": 3}}


class Journal:
    """Takes commands, on disk once `on_disk` is set."""

    def __init__(self) -> None:
        self.got: list[Command] = []
        self.on_disk = asyncio.Event()
        self.on_disk.set()
        self.error: TocsinError | None = None

    async def submit(self, command: Command) -> int:
        self.got.append(command)
        await self.on_disk.wait()
        if self.error is not None:
            raise self.error
        return 41 + len(self.got)


def client(
    journal: Journal | None = None, settings: Settings | None = None, static: Path = Path("/nowhere")
) -> httpx.AsyncClient:
    app = make_app((journal or Journal()).submit, FixedViews(), settings or Settings(), static)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")
