"""Replay: the live program with another source; a recording or raw files go through the same line and outlets."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tocsin.config.site import Site
from tocsin.model.packet import Packet
from tocsin.recording.journal import Journal
from tocsin.service.aside import Stopped, until
from tocsin.service.files import JOURNAL, RunFiles
from tocsin.service.outlets import Outlets, Watch
from tocsin.service.pipeline import Line
from tocsin.service.play import paced
from tocsin.service.source import open_input
from tocsin.service.timings import Timings

STATISTICS_S = 1.0


def never() -> bool:
    """What does not stop."""
    return False


def replay(
    site: Site | None, inputs: Sequence[Path], out: Path, speed_ratio: float | None = None, stopped: Stopped = never
) -> dict[str, Any]:
    """Run `inputs` (a recording, or raw files of the site's sensors) through the line; returns the summary.

    `site` None takes the site file in force when the recording was made. `speed_ratio` is a multiple of real time,
    None is as fast as it goes; `stopped` ends it early. Raises TocsinError for inputs that cannot be read, before `out`
    is touched, and for an output folder that cannot be written.
    """
    source = open_input(site, inputs)
    packets = source.packets() if speed_ratio is None else paced(source.packets(), speed_ratio)
    return run_packets(source.site, until(stopped, packets), out, notes=source.notes)


def run_packets(
    site: Site,
    packets: Iterable[Packet],
    out: Path,
    watch: Sequence[Watch] = (),
    notes: Callable[[], Sequence[str]] = tuple,
    statistics: Callable[[Mapping[str, Any]], None] | None = None,
    inline: Sequence[Watch] = (),
) -> dict[str, Any]:
    """Run numbered `packets` through a new line of `site` and write the run's files to `out`.

    Nothing is shared with anybody. `notes` is asked once all packets were taken; the summary holds what it says.
    `statistics` is given the summary so far once a second and at the end. `watch` sees each output beside the line,
    `inline` before the next packet is taken.
    """
    packets = iter(packets)
    packets = chain(list(islice(packets, 1)), packets)  # a source that fails at once leaves no files
    line, timings = Line(site), Timings()
    files = RunFiles(site, out)
    with Journal(out / JOURNAL) as journal:
        outlets = Outlets(files, journal, watchers=watch, exercise=True)
        due_s = 0.0
        try:
            for packet in packets:
                started_s = time.perf_counter()
                output = line.step(packet)
                ended_s = time.perf_counter()
                timings.measure(packet, ended_s - started_s, len(output.detections))
                for each in inline:
                    each(output)
                outlets.put(output)
                if statistics is not None and ended_s >= due_s:
                    due_s = ended_s + STATISTICS_S
                    statistics({**line.summary(), "timings": timings.report()})
            outlets.put(line.finish())
        except BaseException:
            outlets.abandon()
            raise
        summary = {**line.summary(), "notes": list(notes())}
        if statistics is not None:
            statistics({**summary, "timings": timings.report()})
        outlets.close(summary, timings.report())
    return summary
