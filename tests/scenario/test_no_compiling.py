"""No kernel compiles once a sensor is open: what the line calls, `tocsin warm` has called before."""

import subprocess
import sys
from pathlib import Path

from program import environment


def test_a_whole_story_compiles_nothing_after_the_warm_start() -> None:
    script = str(Path(__file__).parent / "no_compiling.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"
