"""Programs that a machine may lack: each function answers a path, or skips the test and says what to install."""

import os
import shutil
from pathlib import Path

import pytest


def program(*names: str, install: str) -> str:
    """The path of the first of `names` found on PATH or where Debian puts servers; skips the test without one."""
    for name in names:
        found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
        if found:
            return found
    pytest.skip(f"no {names[0]} on this machine (Debian: apt-get install {install})")


def chromium() -> str:
    """A Chromium for browser tests; run it with `--no-sandbox` when root."""
    return program("chromium", "chromium-browser", "google-chrome", install="chromium")


def node() -> str:
    """Node, for the page's own tests."""
    return program("node", "nodejs", install="nodejs")


def mosquitto() -> str:
    """The MQTT broker that transport tests talk to."""
    return program("mosquitto", install="mosquitto")


def espeak() -> str:
    """The program that speaks, for the channel that does."""
    return program("espeak-ng", install="espeak-ng")


def taky() -> str:
    """A TAK server in an environment of its own, which `.ci/run` makes; `TOCSIN_TAKY` names another."""
    beside = Path(__file__).resolve().parents[1] / ".peers" / "taky" / "bin" / "taky"
    named = os.environ.get("TOCSIN_TAKY") or str(beside)
    if not os.access(named, os.X_OK):
        pytest.skip("no taky on this machine (.ci/run installs it into .peers/taky)")
    return named


def git() -> str:
    """git, for tests that ask which files are tracked."""
    return program("git", install="git")
