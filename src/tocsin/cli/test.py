"""`tocsin test`: everything that must hold of this checkout, each check with its time, closed by pytest's own line.

All checks run even if one fails; the exit code is 0 only if all passed. Runs the tools of the environment it was
started from. `TOCSIN_STRICT=1` makes every skipped test a failure, save for missing shared data.
"""

import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

import tocsin
from tocsin.model.errors import TocsinError

PROGRAMS = Path(sys.executable).parent
CHECKS = {
    "style": (sys.executable, "-m", "ruff", "check", "--quiet", "."),
    "format": (sys.executable, "-m", "ruff", "format", "--quiet", "--check", "."),
    "types": (sys.executable, "-m", "mypy", "--strict"),
    "imports": (str(PROGRAMS / "lint-imports"),),
}
ON_EVERY_CORE = ("-n", "auto", "--dist", "worksteal", "--quiet")


def test(
    pytest_arguments: Annotated[list[str] | None, typer.Argument(help="Handed to pytest, after `--`.")] = None,
) -> None:
    """Check this checkout: style, types, import rules and tests."""
    root = checkout()
    failed = [name for name, command in CHECKS.items() if not passes(name, command, root)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    print("tests ...", flush=True)
    command = [sys.executable, "-m", "pytest", *(pytest_arguments or ON_EVERY_CORE)]
    tests = subprocess.run(command, cwd=root, check=False)
    raise typer.Exit(tests.returncode or bool(failed))


def checkout() -> Path:
    """The folder of this checkout; raises `TocsinError` for an installed copy, which carries no tests."""
    root = Path(tocsin.__file__).parents[2]
    if not (root / "tests").is_dir():
        raise TocsinError("`tocsin test` needs a checkout with its tests; this is an installed copy")
    return root


def passes(name: str, command: tuple[str, ...], root: Path) -> bool:
    """Run one check and print its name, its time and, if it failed, what it said."""
    print(f"{name} ... ", end="", flush=True)
    begun = time.monotonic()
    done = subprocess.run(command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    print(f"{'ok' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - begun:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0
