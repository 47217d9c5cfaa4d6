"""Terminal: the picture as a live table, for a machine without a browser."""

import time

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from tocsin.model.views import PictureView, ThreatView, Views
from tocsin.service.pipeline import LineOutput

REFRESH_S = 0.25
MOST_ROWS = 12
MOST_ALERTS = 6
STYLES = {"critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": "cyan"}


class Terminal:
    """Shows tracks with the time they have left, and alerts. Without a terminal it prints each new alert as a line."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._console = Console(stderr=True)
        self._live: Live | None = None
        self._next_s = 0.0
        self._told: set[str] = set()

    def take(self, output: LineOutput) -> None:
        """Draw again, at most four times a second."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            return
        self._next_s = now_s + REFRESH_S
        if not self._console.is_terminal:
            self._tell()
            return
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=False)
            self._live.start()
        self._live.update(self.render(), refresh=True)

    def close(self) -> None:
        """Leave the last picture standing."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def render(self) -> Group:
        """The tables as they are now."""
        picture = self._views.picture()
        return Group(self._alerts(), _tracks(picture) if picture is not None else Text("waiting for the first scan"))

    def _alerts(self) -> Table:
        table = Table(title="Alerts", expand=True, title_justify="left")
        for name in ("state", "priority", "what to know and do"):
            table.add_column(name)
        live = [alert for alert in self._views.alerts() if alert.state not in ("cleared", "normal")]
        live.sort(key=lambda alert: (alert.state != "unacknowledged", -alert.priority, alert.raised))
        for alert in live[:MOST_ALERTS]:
            style = STYLES[alert.priority_word] if alert.state == "unacknowledged" else ""
            table.add_row(alert.state, alert.priority_word, alert.message, style=style)
        if len(live) > MOST_ALERTS:
            table.caption = f"and {len(live) - MOST_ALERTS} more"
        return table

    def _tell(self) -> None:
        for alert in self._views.alerts():
            if alert.id not in self._told:
                self._told.add(alert.id)
                self._console.print(f"{alert.priority_word}: {alert.message}", highlight=False, soft_wrap=True)


def _tracks(picture: PictureView) -> Table:
    title = f"Picture as of {picture.time[11:19]}Z" + (" - EXERCISE" if picture.exercise else "")
    table = Table(title=title, expand=True, title_justify="left")
    for name in ("track", "what", "status", "speed", "nearest place", "time to go", "seen by"):
        table.add_column(name)
    soonest: dict[str, ThreatView] = {}
    for threat in picture.threats:
        if threat.uid not in soonest or _time_to_go_s(threat) < _time_to_go_s(soonest[threat.uid]):
            soonest[threat.uid] = threat
    rows = [track for track in picture.tracks if track.number]
    rows.sort(key=lambda track: (track.rank is None, track.rank or 0, track.number))
    for track in rows[:MOST_ROWS]:
        nearest = soonest.get(track.uid)
        left = "" if nearest is None else _words(_time_to_go_s(nearest))
        place = "" if nearest is None else f"{nearest.place}, {nearest.distance_m / 1000.0:.1f} km"
        speed = f"{track.speed_mps:.0f} m/s"
        table.add_row(track.label, track.class_words, track.status, speed, place, left, ", ".join(track.sensors))
    if len(rows) > MOST_ROWS:
        table.caption = f"and {len(rows) - MOST_ROWS} more"
    return table


def _time_to_go_s(threat: ThreatView) -> float:
    return float("inf") if threat.entry_s[1] is None else threat.entry_s[1]


def _words(time_s: float) -> str:
    return f"{time_s:.0f} s" if time_s < float("inf") else ""
