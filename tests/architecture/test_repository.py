"""What git tracks: no built or fetched files, no address of a package index, no path of anybody's machine."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.source import ROOT
from parts import git

LOCKS = ("requirements.txt", "package-lock.json", ".npmrc", "pip.conf")
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.$}*~-])/(work|root|farm|Users/\w+|home/\w+)/\w")
BUILT = re.compile(
    r"(^|/)(node_modules|static|dist|\.venv|__pycache__)/|\.min\.js$|\.pyc$|(^|/)(uv|pylock)\.(lock|toml)$"
)
LINK = re.compile(r"\]\(<?([^)>\s]+)")
LARGEST_BYTES = 1_000_000


def flaws(path: str, content: bytes) -> Iterator[str]:
    """What is wrong with a tracked file."""
    if BUILT.search(path):
        yield f"{path} is built or fetched"
    if len(content) > LARGEST_BYTES:
        yield f"{path} has {len(content)} bytes"
    text = content.decode("utf-8", errors="ignore")
    if path.endswith(LOCKS) and ADDRESS.search(text):
        yield f"{path} names an address"
    if found := MACHINE_PATH.search(text):
        yield f"{path} names the machine path {found[0]}"


def tracked() -> list[str]:
    listed = subprocess.run([git(), "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file()]


def test_tracked_files_are_sound() -> None:
    paths = tracked()
    assert "tocsin" in paths
    assert [flaw for path in paths for flaw in flaws(path, (ROOT / path).read_bytes())] == []


def test_links_of_documents_lead_to_tracked_files() -> None:
    known = set(tracked())
    folders = {str(folder) for path in known for folder in Path(path).parents}
    dead = []
    for path in sorted(name for name in known if name.endswith(".md")):
        for link in LINK.findall((ROOT / path).read_text("utf-8")):
            target, _, _ = link.partition("#")
            if target and "://" not in target and not target.startswith("mailto:"):
                found = os.path.normpath(Path(path).parent / target)
                if found not in known and found not in folders:
                    dead.append(f"{path}: {link}")
    assert dead == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("src/tocsin/web/static/index.html", b""),
        ("ui/node_modules/vite/index.js", b""),
        ("uv.lock", b""),
        ("requirements.txt", b"--index-url=somewhere\n"),
        ("ui/package-lock.json", b'"resolved": "https' + b'://somewhere/vite.tgz"'),
        ("docs/x.md", b"see /ro" + b"ot/tocsin/sites"),
        ("docs/x.md", b"see /ho" + b"me/ann/tocsin"),
        ("x.bin", b"0" * (LARGEST_BYTES + 1)),
    ],
)
def test_flaws_are_found(path: str, content: bytes) -> None:
    assert list(flaws(path, content))


def test_every_named_dependency_is_pinned_with_a_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    named = project["project"]["dependencies"] + groups["build"] + groups["test"] + project["build-system"]["requires"]
    pins = (ROOT / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    pinned = {re.split(r"[=\[ ]", line)[0] for line in pins if "==" in line and "--hash=sha256:" in line}
    assert {re.split(r"[<>=~!\[; ]", name)[0].lower() for name in named} - pinned == set()
    assert [line for line in pins if line and "--hash=sha256:" not in line] == []


def test_scripts_can_be_started() -> None:
    listed = subprocess.run(
        [git(), "ls-files", "-s", "tocsin", ".ci/run"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["100755", "100755"]


def test_the_examples_of_this_file_are_no_paths() -> None:
    assert not MACHINE_PATH.search(Path(__file__).read_text())
