"""Run files: what `tocsin run` and `tocsin replay` leave in their output folder.

All but `timings.json` are the same byte for byte for the same packets and site.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from tocsin.config.site import Site
from tocsin.formats.detections import DetectionWriter
from tocsin.formats.tracks import TrackWriter
from tocsin.geo.frames import lla_from_enu
from tocsin.model.errors import TocsinError
from tocsin.service.pipeline import LineOutput

RESULTS = (
    "site.toml",
    "detections.parquet",
    "tracks.parquet",
    "joins.jsonl",
    "alerts.jsonl",
    "warnings.jsonl",
    "summary.json",
    "timings.json",
)
LINES = ("joins", "alerts", "warnings")  # of the line's output, a line of JSON each
JOURNAL = "journal.sqlite"
OWN_FILES = (*RESULTS, JOURNAL)


def check_folder(folder: Path) -> None:
    """Make `folder`. Raises TocsinError if it cannot be made, or already holds a run."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TocsinError(f"{folder}: cannot make the output folder: {error.strerror}") from error
    present = [name for name in OWN_FILES if (folder / name).exists()]
    if present:
        raise TocsinError(f"{folder}: already holds a run ({present[0]}); name another folder")


class RunFiles:
    """Opens the files in `folder`, takes each output of the line, and completes them on `close`.

    Raises TocsinError if the folder cannot be made or written, or already holds a run; after that, OSError.
    """

    def __init__(self, site: Site, folder: Path) -> None:
        self.folder = folder
        check_folder(folder)
        to_lla = partial(lla_from_enu, site.origin)
        try:
            (folder / "site.toml").write_text(site.text, encoding="utf-8")
            self._detections = DetectionWriter(folder / "detections.parquet", to_lla)
            self._tracks = TrackWriter(folder / "tracks.parquet", to_lla)
            self._lines: dict[str, BinaryIO] = {name: (folder / f"{name}.jsonl").open("wb") for name in LINES}
        except OSError as error:
            raise TocsinError(f"{folder}: cannot be written: {error.strerror or error}") from error

    def write(self, output: LineOutput) -> None:
        """Append what one packet led to."""
        if output.detections:
            self._detections.append(output.detections)
        for rows in output.rows:
            self._tracks.append_rows(rows.tracks, rows.identity, exercise=output.exercise)
        self._tracks.append_ended(output.ended, output.time_s, exercise=output.exercise)
        for name, file in self._lines.items():
            if items := getattr(output, name):
                file.write(b"".join(msgspec.json.encode(item) + b"\n" for item in items))
                file.flush()

    def close(self, summary: Mapping[str, Any], timings: Mapping[str, Any]) -> None:
        """Complete every file; `summary` is inside the promise of equal bytes, `timings` is not."""
        try:
            for close in self._closes():
                close()
        except OSError:
            self.abandon()  # the others are let go of too
            raise
        for name, content in (("summary.json", summary), ("timings.json", timings)):
            text = msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=2)
            (self.folder / name).write_bytes(text + b"\n")

    def abandon(self) -> None:
        """Let go of the files of a run that failed, as far as they got; a second failure adds nothing."""
        for close in self._closes():
            with suppress(OSError):
                close()

    def _closes(self) -> tuple[Callable[[], None], ...]:
        return *(file.close for file in self._lines.values()), self._detections.close, self._tracks.close
