"""Ctrl-C before a command runs ends the program, without a traceback."""

import signal
import subprocess
import sys

import pytest

INTERRUPTED = """
import os, signal, sys

class Interrupt:
    at = sys.argv.pop(1)

    def find_spec(self, name, path=None, target=None):
        if name == self.at:
            os.kill(os.getpid(), signal.SIGINT)

from tocsin.cli.__main__ import main

sys.meta_path.insert(0, Interrupt())
main()
"""


@pytest.mark.parametrize("module", ["tocsin.cli.program", "typer", "tocsin.cli.run", "numpy"])
def test_an_interrupt_while_the_program_is_imported_says_nothing(module: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED, module, "run", "--help"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGINT
    assert done.stdout == done.stderr == b""
