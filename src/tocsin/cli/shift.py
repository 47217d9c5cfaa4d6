"""`tocsin shift`: what the alerts of a run asked of its operators, from the journal."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tocsin.alerts.load import Load, LoadFigures
from tocsin.model.alert import Alert, AlertState
from tocsin.model.errors import TocsinError
from tocsin.model.wording import counted
from tocsin.recording.journal import Journal
from tocsin.service.files import JOURNAL

_ASIDE = (AlertState.SHELVED, AlertState.SUPPRESSED, AlertState.OUT_OF_SERVICE)


def shift(
    run: Annotated[Path, typer.Argument(help="A run's folder, or its journal.")],
    since: Annotated[str, typer.Option("--from", help="Begin of the shift, ISO 8601; the run's if left out.")] = "",
    until: Annotated[str, typer.Option(help="End of the shift, ISO 8601; the run's if left out.")] = "",
    operators: Annotated[int, typer.Option(min=1, help="How many shared the alerts.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what the alerts of a run asked of its operators."""
    path = run / JOURNAL if run.is_dir() else run
    if not path.is_file():
        raise TocsinError(f"{path}: there is no journal")
    with Journal(path) as journal:
        versions = journal.alerts()
    from_s, until_s = _moment("--from", since, 0.0), _moment("--until", until, float("inf"))
    before = {alert.id: alert for alert in versions if alert.changed_s < from_s}
    within = [alert for alert in versions if from_s <= alert.changed_s <= until_s]
    figures = load_of(within, operators, from_s if since else None, until_s if until else None)
    latest = before | {alert.id: alert for alert in within}
    open_ones = [alert for alert in latest.values() if alert.state is not AlertState.CLEARED]
    if json:
        typer.echo(msgspec.json.encode({"load": figures, "open": open_ones}).decode())
    else:
        typer.echo(report(figures, open_ones), nl=False)


def load_of(versions: list[Alert], operators: int, from_s: float | None, until_s: float | None) -> LoadFigures:
    """The figures of some versions, over their own time or over a shift's."""
    load = Load(operators)
    if from_s is not None:
        load.pass_time(from_s)
    for alert in versions:
        load.take(alert)
    if until_s is not None:
        load.pass_time(until_s)
    return load.figures()


def report(figures: LoadFigures, open_ones: list[Alert]) -> str:
    """The figures and what is open, in words."""
    mean = figures.per_operator_10_min
    lines = [
        f"{counted(figures.asked, 'alert')} asked for an answer in {figures.covered_s / 3600.0:.2f} h",
        f"per operator in 10 min: mean {_number(mean)}, at most {figures.most_10_min:g} (about 1 is acceptable)",
        f"floods: {figures.floods}, {_percent(figures.flood_share)} of the time (aim: under 1 %)",
        f"chattered: {figures.chattered}; stale: {figures.stale}; told again unanswered: {figures.escalated}",
        f"time to acknowledge: {_points(figures.acknowledge_s)}",
        "priorities: " + (", ".join(f"{k} {_percent(v)}" for k, v in figures.by_priority.items()) or "none"),
        *(f"  {count} x {source}" for source, count in figures.worst),
        f"open now: {len(open_ones)}",
        *(f"  {alert.id.partition('-')[0]} {alert.state}{_aside(alert)}: {alert.message}" for alert in open_ones),
    ]
    return "\n".join(lines) + "\n"


def _aside(alert: Alert) -> str:
    if alert.state not in _ASIDE:
        return ""
    until = (
        "" if alert.shelved_until_s is None else f" until {datetime.fromtimestamp(alert.shelved_until_s, UTC):%H:%MZ}"
    )
    return f"{until} by {alert.put_aside_by} ({alert.put_aside_reason})"


def _points(points: tuple[float, float, float] | None) -> str:
    if points is None:
        return "nothing was acknowledged"
    return f"half within {points[0]:.0f} s, 95 % within {points[1]:.0f} s, all within {points[2]:.0f} s"


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f}"


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{100.0 * share:.1f} %"


def _moment(option: str, text: str, default_s: float) -> float:
    if not text:
        return default_s
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TocsinError(f"{option}: not a time of ISO 8601: {text!r}") from error
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
