"""SiteViews: what the web may read, kept current by the outlets and presented only when somebody looks."""

import math
import threading
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tocsin import __version__
from tocsin.config.site import Site
from tocsin.geo.heights import undulation_m
from tocsin.model.alert import Alert, AlertState
from tocsin.model.detection import MeasurementKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose, SensorStatus
from tocsin.model.views import (
    AlertView,
    AlternativeView,
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
from tocsin.service.explaining import Explainer
from tocsin.service.pipeline import LineOutput, watches_of
from tocsin.service.sightings import sensor_of
from tocsin.service.warning_link import WarningLink
from tocsin.web.present import (
    label,
    present_alert,
    present_asset,
    present_claims,
    present_cue,
    present_ended,
    present_notes,
    present_picture,
    present_sensor,
    present_statement,
    present_track,
    present_zone,
)

KEPT_CLEARED = 200  # cleared alerts still shown, newest kept
KEPT_STATEMENTS = 500  # newest kept
CUE_S = 4.0  # a bearing is shown for as long
CUES = 200  # and at most so many
ENDED_S = 60.0  # a track that ended is told of for as long
_BEARINGS = (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION)


class SiteViews:
    """Implements `model.views.Views`. `take` is called with each output; reading is safe from any thread."""

    def __init__(self, site: Site, mode: str = "live") -> None:
        self._site = site
        self._undulation_m = float(undulation_m(site.origin.latitude_rad, site.origin.longitude_rad))
        self._lock = threading.Lock()
        self._picture: Picture | None = None
        self._shown: tuple[Picture, PictureView] | None = None
        self._alerts: dict[str, Alert] = {}
        self._when = {rule.name: str(rule.when) for rule in site.rules}
        self._alert_views: tuple[AlertView, ...] = ()
        self._statuses: dict[str, SensorStatus] = {}
        self._sensor_views = self._sensors()
        self._cues: tuple[CueView, ...] = ()
        self._ended: tuple[EndedView, ...] = ()
        self._ended_s: tuple[float, ...] = ()
        self._cued_s: tuple[float, ...] = ()
        self._statements: tuple[StatementView, ...] = ()
        self._report: Mapping[str, Any] | None = None
        self._record: str | None = None
        self._statistics: dict[str, Any] = {}
        self._link: WarningLink | None = None
        self._explainer = Explainer(site, watches_of(site))
        origin = site.origin
        self._site_view = SiteView(
            name=site.name,
            latitude_deg=math.degrees(origin.latitude_rad),
            longitude_deg=math.degrees(origin.longitude_rad),
            height_m=origin.height_m,
            assets=tuple(present_asset(a, origin) for a in site.assets),
            zones=tuple(present_zone(z, origin) for z in site.zones),
            version=__version__,
            mode=mode,
            sightings=mode == "live" and sensor_of(site) is not None,
        )

    def take(self, output: LineOutput) -> None:
        """Take over what changed."""
        with self._lock:
            if output.picture is not None:
                self._picture = output.picture
            if output.statuses:
                self._statuses.update((s.sensor, s) for s in output.statuses)
                self._sensor_views = self._sensors()
            if output.alerts:
                self._take_alerts(output.alerts)
            explained = self._explained(output)
            said = (
                *(present_statement(one, explained.get(one.id, ())) for one in output.statements),
                *present_notes(output.commands, output.time_s),
            )
            if said:
                self._statements += said
                self._statements = self._statements[-KEPT_STATEMENTS:]
            self._take_cues(output)
            self._take_ended(output)

    def resume(self, alerts: Sequence[Alert]) -> None:
        """Show the alerts that an earlier run left standing, before anything of this one."""
        with self._lock:
            self._take_alerts(alerts)

    def site(self) -> SiteView:
        return self._site_view

    def picture(self) -> PictureView | None:
        with self._lock:
            picture = self._picture
            if picture is None:
                return None
            if self._shown is None or self._shown[0] is not picture:
                self._shown = (picture, present_picture(picture, self._site.origin, self._undulation_m))
            return self._shown[1]

    def columns(self) -> Picture | None:
        return self._picture

    def track(self, name: str) -> TrackDetailView | None:
        picture = self._picture
        if picture is None:
            return None
        tracks = picture.tracks
        rows = (row for row, uid in enumerate(tracks.uid) if uid == name or label(int(tracks.number[row])) == name)
        row = next(rows, None) if name else None
        return None if row is None else present_track(picture, row, self._site.origin, self._undulation_m)

    def cues(self) -> Sequence[CueView]:
        return self._cues

    def claims(self) -> Sequence[ClaimView]:
        picture = self._picture
        return () if picture is None else present_claims(picture, self._site.origin)

    def ended(self) -> Sequence[EndedView]:
        return self._ended

    def statements(self) -> Sequence[StatementView]:
        return self._statements

    def report(self) -> Mapping[str, Any] | None:
        return self._report

    def record(self) -> str | None:
        return self._record

    def put_record(self, page: str) -> None:
        """Put up the incident record of a story that has ended, an HTML page that loads nothing."""
        self._record = page

    def put_report(self, report: Mapping[str, Any]) -> None:
        """Give the figures at the end of a story; `evaluation` holds what `tocsin evaluate` writes."""
        self._report = dict(report)

    def put_notice(self, notice: str) -> None:
        """Say what is being prepared, to be shown until the first picture."""
        self._site_view = msgspec.structs.replace(self._site_view, notice=notice)

    def put_ending(self, notice: str) -> None:
        """Say that the story has ended: what is shown was true at its end, and no newer picture will come."""
        self._site_view = msgspec.structs.replace(self._site_view, notice=notice, ended=True)

    def alerts(self) -> Sequence[AlertView]:
        return self._alert_views

    def load(self) -> LoadView | None:
        found = self._statistics.get("warn", {}).get("load")
        return None if found is None else msgspec.convert(found, LoadView)

    def warnings(self) -> Sequence[WarningView]:
        return self._link.warnings() if self._link is not None else ()

    def warning_path(self) -> WarningPathView | None:
        return self._link.path() if self._link is not None else None

    def put_link(self, link: WarningLink) -> None:
        """Show what the way to people says of itself."""
        self._link = link

    def sensors(self) -> Sequence[SensorView]:
        return self._sensor_views

    def statistics(self) -> Mapping[str, Any]:
        return self._statistics

    def put_statistics(self, statistics: Mapping[str, Any]) -> None:
        """Replace the counters that `statistics()` answers."""
        self._statistics = dict(statistics)

    def _explained(self, output: LineOutput) -> Mapping[str, tuple[AlternativeView, ...]]:
        """What else the sightings among the statements could be."""
        if not output.statements:
            return {}
        health = {name: status.health for name, status in self._statuses.items()}
        return self._explainer.explain(output.detections, self._picture, health)

    def _take_cues(self, output: LineOutput) -> None:
        """The bearings of the last moments."""
        bearings = [d for d in output.detections if d.kind in _BEARINGS]
        gone = bisect_left(self._cued_s, output.time_s - CUE_S)
        if not bearings and not gone:
            return
        newest = sorted(bearings, key=lambda detection: detection.time_s)[-CUES:]
        self._cued_s = (*self._cued_s[gone:], *(output.time_s for _ in newest))[-CUES:]
        shown = (present_cue(detection, self._site.origin) for detection in newest)
        self._cues = (*self._cues[gone:], *shown)[-CUES:]

    def _take_ended(self, output: LineOutput) -> None:
        gone = bisect_left(self._ended_s, output.time_s - ENDED_S)
        if output.ended or gone:
            self._ended_s = (*self._ended_s[gone:], *(output.time_s for _ in output.ended))
            self._ended = (*self._ended[gone:], *(present_ended(track, self._site.origin) for track in output.ended))

    def _take_alerts(self, alerts: Sequence[Alert]) -> None:
        for alert in alerts:
            self._alerts.pop(alert.id, None)
            self._alerts[alert.id] = alert
        cleared = [i for i, a in self._alerts.items() if a.state in (AlertState.CLEARED, AlertState.NORMAL)]
        for alert_id in cleared[: max(len(cleared) - KEPT_CLEARED, 0)]:
            del self._alerts[alert_id]
        self._alert_views = tuple(present_alert(a, self._when.get(a.key.rule, "")) for a in self._alerts.values())

    def _sensors(self) -> tuple[SensorView, ...]:
        """The site's sensors, then what else has told how it does (the recording), shown at the origin."""
        named = {sensor.name for sensor in self._site.sensors}
        others = (status for name, status in self._statuses.items() if name not in named)
        return tuple(
            present_sensor(
                s.name,
                s.pose,
                self._site.origin,
                self._statuses.get(s.name),
                s.view.range_m,
                s.view.azimuth_rad,
                s.view.blind_rad,
            )
            for s in self._site.sensors
        ) + tuple(present_sensor(status.sensor, Pose(), self._site.origin, status) for status in others)
