"""The terminal's table: alerts first, the most pressing tracks on top, and words where there is no terminal."""

import io

import msgspec
import pytest
from rich.console import Console

from picture_builder import picture
from small_site import START_S, small_site
from tocsin.cli import terminal as module
from tocsin.cli.terminal import MOST_ALERTS, MOST_ROWS, Terminal
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput
from tocsin.service.views import SiteViews


def alert(name: str, state: AlertState = AlertState.UNACKNOWLEDGED, priority: Priority = Priority.HIGH) -> Alert:
    key = AlertKey("drone approaches", "gate", name)
    return Alert(name, key, state, priority, START_S, START_S, 1, f"Probable drone {name}.", "reason")


def output(tracks: int = 2, *alerts: Alert) -> LineOutput:
    shown = picture(START_S, uid=tuple(f"u{k}" for k in range(tracks)), median_s=34.0, exercise=True)
    return LineOutput(Packet(PacketKind.TICK, "clock", START_S), START_S, picture=shown, alerts=alerts)


def screen(terminal: Terminal) -> str:
    console = Console(file=io.StringIO(), width=140)
    console.print(terminal.render())
    return console.file.getvalue()


@pytest.fixture
def views() -> SiteViews:
    return SiteViews(small_site())


def test_tracks_are_shown_with_the_time_they_leave(views: SiteViews) -> None:
    views.take(output())
    text = screen(Terminal(views))
    assert "EXERCISE" in text
    (line,) = [line for line in text.splitlines() if "T1 " in line]
    for part in ("drone", "20 m/s", "gate, 0.9 km", "34 s", "radar"):
        assert part in line


def test_before_the_first_scan_there_is_a_word(views: SiteViews) -> None:
    assert "waiting for the first scan" in screen(Terminal(views))


def test_the_worst_unanswered_alert_stands_first_and_cleared_ones_are_gone(views: SiteViews) -> None:
    views.take(
        output(
            1,
            alert("acknowledged", AlertState.ACKNOWLEDGED, Priority.CRITICAL),
            alert("cleared", AlertState.CLEARED),
            alert("medium", priority=Priority.MEDIUM),
            alert("critical", priority=Priority.CRITICAL),
        )
    )
    text = screen(Terminal(views))
    assert "Probable drone cleared" not in text
    places = [text.index(f"Probable drone {name}.") for name in ("critical", "medium", "acknowledged")]
    assert places == sorted(places)


def test_what_does_not_fit_is_counted(views: SiteViews) -> None:
    views.take(output(MOST_ROWS + 3, *(alert(f"a{k}") for k in range(MOST_ALERTS + 2))))
    text = screen(Terminal(views))
    assert "and 3 more" in text
    assert "and 2 more" in text


class Clock:
    now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s


def test_without_a_terminal_each_alert_is_a_line_once(views: SiteViews, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, terminal = Clock(), Terminal(views)
    monkeypatch.setattr(module, "time", clock)
    terminal._console = Console(file=io.StringIO())
    for shown in (
        output(1, alert("a")),
        output(1, msgspec.structs.replace(alert("a"), version=2)),
        output(1, alert("b")),
    ):
        clock.now_s += 1.0
        views.take(shown)
        terminal.take(shown)
    assert terminal._console.file.getvalue() == "high: Probable drone a.\nhigh: Probable drone b.\n"


def test_a_live_table_is_drawn_at_most_four_times_a_second(views: SiteViews, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, terminal = Clock(), Terminal(views)
    monkeypatch.setattr(module, "time", clock)
    terminal._console = Console(file=io.StringIO(), force_terminal=True, width=120)
    drawn = []
    monkeypatch.setattr(terminal, "render", lambda: drawn.append(clock.now_s) or "")
    for _ in range(50):
        clock.now_s += 0.1
        terminal.take(output(1))
    terminal.close()
    terminal.close()
    assert 15 <= len(drawn) <= 20
