"""Resume: a run goes on where one in the same folder ended, killed or stopped.

The journal, the recording and the outbox of a folder are one for all its runs; the result files of each later run stand
in a folder of its own, `run-2`, `run-3` ... What an operator had open stands again at once, from the journal; tracks
form anew from what the sensors send, with higher numbers than any before.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tocsin.model.alert import Alert
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Warning
from tocsin.recording.journal import Journal
from tocsin.service.files import RESULTS
from tocsin.service.pipeline import Line

PLACE = "place.json"
_MARGIN = 100  # numbers given since the place was kept last


def next_folder(out: Path) -> Path:
    """Where the next run of a folder keeps its results: the folder itself if no run stands there."""
    folder, number = out, 1
    while any((folder / name).exists() for name in RESULTS):
        number += 1
        folder = out / f"run-{number}"
    return folder


def resume(line: Line, journal: Journal, out: Path, time_s: float) -> tuple[tuple[Alert, ...], list[Warning]]:
    """Give a new line what the runs before left open: the alerts that stand, and the warnings that were told."""
    alerts, warnings = journal.last_state(), journal.warnings()
    commands = [entry.command for entry in journal.commands()]
    named = (number for alert in alerts.values() for number in (alert.track, *alert.tracks))
    last = max([_kept(out), *named])
    standing = line.resume(list(alerts.values()), warnings, commands, last, time_s)
    return standing, warnings


def keep_place(out: Path, snapshot: Mapping[str, Any]) -> None:
    """Write down how far the numbers of tracks have come; a disk that refuses is told of elsewhere."""
    confirmed = snapshot.get("track", {}).get("confirmed", 0)
    path = out / PLACE
    with suppress(OSError):
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps({"schema": 1, "last_track": confirmed}), encoding="ascii")
        draft.replace(path)


def _kept(out: Path) -> int:
    path = out / PLACE
    if not path.exists():
        return 0
    try:
        last = int(json.loads(path.read_text("ascii"))["last_track"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TocsinError(f"{path}: cannot be read: {error}") from error
    return (last // _MARGIN + 1) * _MARGIN
