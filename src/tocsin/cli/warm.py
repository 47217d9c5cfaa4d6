"""`tocsin warm`: compiles the kernels once, so that none compiles while a sensor is open.

A module with kernels offers `warm()`, which calls each with the types the line uses; a room with many may take a
`progress` function and tell it the name of each. What was compiled before is loaded from the cache.
"""

import sys
import time
from importlib import import_module

LOADED_S = 5.0  # loading from the cache takes less
# Module: whether its `warm` tells its own progress.
KERNELS = {
    "tocsin.geo.frames": False,
    "tocsin.geo.heights": False,
    "tocsin.sensing.view": False,
    "tocsin.identity.kernels": False,
    "tocsin.physics.dynamics": False,
    "tocsin.threat.approach": False,
    "tocsin.threat.course": False,
    "tocsin.threat.impact": False,
    "tocsin.tracking": True,
}


def warm() -> None:
    """Compile the kernels of every room, with a progress line on stderr and the seconds it took; what was compiled
    before is loaded without a word."""
    begun = time.monotonic()

    def show(word: str) -> None:
        if time.monotonic() - begun > LOADED_S:
            _show(word)

    for name, tells_progress in KERNELS.items():
        show(name)
        import_module(name).warm(*([show] if tells_progress else []))
    took_s = time.monotonic() - begun
    if took_s > LOADED_S:
        _show(f"{took_s:.0f} s", last=True)


def _show(word: str, last: bool = False) -> None:
    """Rewrite the progress line on a terminal; elsewhere only its last state is worth a line."""
    terminal = sys.stderr.isatty()
    if terminal or last:
        start, end = "\r\033[K" if terminal else "", "\n" if last else ""
        sys.stderr.write(f"{start}tocsin: compiling the kernels ... {word}{end}")
        sys.stderr.flush()
