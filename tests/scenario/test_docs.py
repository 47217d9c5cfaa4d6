"""The commands that the documentation shows do run: each block fenced as ```sh test, in a folder of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```sh test\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
BLOCKS = [
    pytest.param(block, id=f"{page.relative_to(ROOT)}:{number}")
    for page in sorted(PAGES)
    for number, block in enumerate(FENCE.findall(page.read_text("utf-8")), start=1)
]


def run(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The block in a shell that stops at the first failure, with this checkout's `tocsin` first on PATH, and as
    `./tocsin`."""
    program = folder / ".programs" / "tocsin"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT}/src exec {sys.executable} -m tocsin.cli "$@"\n')
    program.chmod(0o755)
    (folder / "tocsin").symlink_to(program)
    environment = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["sh", "-eu", "-c", block]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("block", BLOCKS)
def test_block_runs(block: str, tmp_path: Path) -> None:
    done = run(block, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_failing_block_is_found(tmp_path: Path) -> None:
    (block,) = FENCE.findall("text\n```sh test\nfalse\ntrue\n```\n")
    assert run(block, tmp_path).returncode != 0
