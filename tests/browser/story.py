"""The demo itself, played in a process of its own, for the browser to look at."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from program import command, environment

ADDRESS = re.compile(r"http://\S+")


@dataclass
class Played:
    """A demo that is being played: its screen's address, and what it says."""

    url: str
    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)


@contextmanager
def playing(out: Path, speed: float, seed: int = 1) -> Iterator[Played]:
    """Play the demo at `speed` times its pace on a machine without a display, until the block ends."""
    settings = environment()
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        settings.pop(name, None)
    options = ("--port", "0", "--speed", str(speed), "--seed", str(seed), "--out", str(out))
    with subprocess.Popen(
        command("demo", *options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=settings
    ) as process:
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stderr:
            said.append(line)
            if address := ADDRESS.search(line):
                break
        else:
            raise AssertionError("".join(said))
        played = Played(address[0], process, said)
        reader = threading.Thread(target=lambda: said.extend(process.stderr or ()), daemon=True)
        reader.start()
        try:
            yield played
        finally:
            process.terminate()
            process.wait(60.0)
            reader.join(10.0)
