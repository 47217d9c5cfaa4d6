"""The page's own unit tests, run by Node."""

import subprocess

import pytest

from browser.stage import ROOT
from parts import node, program


def test_the_pages_own_tests_pass() -> None:
    node()
    if not (ROOT / "ui" / "node_modules" / "typescript").is_dir():
        pytest.skip("the page's packages are not installed (npm ci in ui)")
    done = subprocess.run(
        [program("npm", install="npm"), "test"], cwd=ROOT / "ui", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
