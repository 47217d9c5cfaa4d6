"""The script `./tocsin` on machines that lack things, shown with a stand-in for Python that writes down its calls."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox") if shutil.which(shell)]
TOOLS = (
    "cat cksum date dirname find grep ln mkdir printf readlink rm sed sh sleep sort tail touch tr xargs kill cp chmod"
).split()
# Answers like a Python of that version; `-m venv` copies it, `-m pip` logs its arguments and obeys the files beside it.
PYTHON = """#!/bin/sh
world='{world}'
case "$*" in
    "-c import sys"*) exit {too_old} ;;
    "-c import ensurepip"*) exit {no_venv} ;;
    "-c import pip") [ ! -e "$world/no-pip" ] || exit 1 ;;
    "--version") echo "Python {version}" ;;
    "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
    "-m pip "*)
        echo "$*" >>"$world/calls"
        if [ -e "$world/offline" ]; then echo "Temporary failure in name resolution" >&2; exit 1; fi
        if [ -e "$world/slow" ]; then touch "$world/begun"; sleep "$(cat "$world/slow")"; fi
        case "$*" in *--editable*) cp "$world/program" "$(dirname "$0")/tocsin" ;; esac ;;
esac
"""
PROGRAM = """#!/bin/sh
if [ "$1" = warm ]; then echo "kernels warmed" >&2; else echo "ran: $*"; fi
"""


class World:
    """A checkout and the programs on PATH of a machine that has only these."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = folder / "a checkout"
        self.programs = folder / "bin"
        self.programs.mkdir(parents=True)
        for tool in TOOLS:
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        self.checkout.mkdir()
        for name in ("requirements.txt", "pyproject.toml", "hatch_build.py"):
            (self.checkout / name).write_text("x\n")
        shutil.copy(ROOT / "tocsin", self.checkout / "tocsin")
        (self.checkout / "ui").mkdir()
        (self.checkout / "ui" / "page.ts").write_text("x\n")
        page = self.checkout / "src" / "tocsin" / "web" / "static"
        page.mkdir(parents=True)
        (page / "index.html").touch()
        self.executable(folder / "program", PROGRAM)

    def python(self, name: str, version: str = "3.12.1", too_old: bool = False, no_venv: bool = False) -> None:
        text = PYTHON.format(version=version, too_old=int(too_old), no_venv=int(no_venv), world=self.folder)
        self.executable(self.programs / name, text)

    def failing_shim(self, name: str) -> None:
        self.executable(self.programs / name, "#!/bin/sh\necho 'shim: no such version' >&2\nexit 127\n")

    @staticmethod
    def executable(path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def command(self, *arguments: str, shell: str = "sh") -> list[str]:
        words = ["busybox", "sh"] if shell == "busybox" else [shell]
        return [str(shutil.which(words[0])), *words[1:], str(self.checkout / "tocsin"), *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": str(self.programs), "HOME": str(self.folder)} | more

    def start(self, *arguments: str, shell: str = "sh", **more: str) -> subprocess.CompletedProcess[str]:
        command = self.command(*arguments, shell=shell)
        return subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, check=False)

    def calls(self) -> list[str]:
        """What pip was asked since the last time this was called."""
        log = self.folder / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "w")


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a start that refuses; fails if there is anything else."""
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_no_python(world: World) -> None:
    said = refusal(world.start())
    assert "needs Python 3.11 or newer and none of these starts" in said
    assert "apt-get install python3 python3-venv" in said


def test_python_too_old(world: World) -> None:
    world.python("python3", "3.9.2", too_old=True)
    assert "found only Python 3.9.2 (python3)" in refusal(world.start())


def test_no_venv_module(world: World) -> None:
    world.python("python3", no_venv=True)
    assert "python3 has no venv module; install it" in refusal(world.start())


def test_named_python_does_not_start(world: World) -> None:
    world.python("python3")
    assert "/no/such/python" in refusal(world.start(TOCSIN_PYTHON="/no/such/python"))


def test_the_folder_cannot_be_written(world: World) -> None:
    if os.geteuid() == 0:
        (world.checkout / ".venv.lock").write_text("a file where the lock's folder should go")
        assert "cannot be made" in refusal(world.start())
        return
    world.checkout.chmod(0o555)
    assert "cannot write" in refusal(world.start())


def test_shims_and_old_ones_are_passed_over(world: World) -> None:
    world.failing_shim("python3.13")
    world.python("python3.12", "3.12.7", no_venv=True)
    world.python("python3.11", "3.11.4")
    world.python("python3", "3.9.2", too_old=True)
    done = world.start("--version")
    assert done.returncode == 0, done.stderr
    assert "with Python 3.11.4" in done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_installs_once_and_hands_over(world: World, shell: str) -> None:
    world.python("python3")
    first = world.start("test", "a b", shell=shell)
    assert (first.returncode, first.stdout) == (0, "ran: test a b\n"), first.stderr
    steps = first.stderr.splitlines()
    assert [line.rpartition(" ... ")[0] for line in steps[1:3]] == [
        "tocsin: fetching the packages (half a minute to two)",
        "tocsin: building the program and its web page",
    ]
    assert all(line.endswith(" s") for line in steps[1:3])
    assert steps[3] == "kernels warmed"
    packages, program = world.calls()
    assert "--require-hashes --only-binary :all: -r" in packages
    assert "--no-deps --no-build-isolation --editable" in program

    second = world.start("run", shell=shell)
    assert (second.stdout, second.stderr) == ("ran: run\n", "")
    assert world.calls() == []


def test_a_long_step_shows_that_it_goes_on(world: World) -> None:
    world.python("python3")
    (world.folder / "slow").write_text("6")
    steps = world.start().stderr.splitlines()
    assert steps[1].startswith("tocsin: fetching the packages (half a minute to two) .... "), steps


@pytest.mark.parametrize("shell", SHELLS)
def test_what_shows_a_step_ends_with_it_though_its_signal_is_lost(world: World, shell: str) -> None:
    world.python("python3")
    command = ["sh", "-c", "trap '' TERM; exec \"$@\"", "sh", *world.command("x", shell=shell)]
    done = subprocess.run(command, env=world.environment(), capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "ran: x\n"), done.stderr


@pytest.mark.parametrize(
    ("changed", "calls"),
    [
        ("requirements.txt", ["--require-hashes", "--editable"]),
        ("tocsin", ["--require-hashes", "--editable"]),
        ("pyproject.toml", ["--editable"]),
        ("hatch_build.py", ["--editable"]),
        ("ui/page.ts", ["--editable"]),
        ("ui/new.ts", ["--editable"]),
        ("ui/node_modules/x.js", []),
    ],
)
def test_a_change_installs_what_it_touches(world: World, changed: str, calls: list[str]) -> None:
    world.python("python3")
    world.start()
    world.calls()
    path = world.checkout / changed
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("# changed\n")
    assert world.start().returncode == 0
    made = world.calls()
    assert len(made) == len(calls)
    assert all(word in call for word, call in zip(calls, made, strict=True))


def test_an_environment_without_pip_is_made_anew(world: World) -> None:
    world.python("python3")
    world.start()
    world.calls()
    (world.folder / "no-pip").touch()  # uv made it, and uv is not on PATH now
    (world.checkout / "pyproject.toml").write_text("changed\n")
    assert world.start().returncode == 0
    assert len(world.calls()) == 2


def test_a_checkout_that_moved_is_installed_again(world: World) -> None:
    world.python("python3")
    world.start()
    world.calls()
    world.checkout = world.checkout.rename(world.folder / "elsewhere")
    assert world.start().returncode == 0
    assert len(world.calls()) == 2


def test_a_python_that_vanished_is_replaced(world: World) -> None:
    world.python("python3")
    world.start()
    world.calls()
    (world.checkout / ".venv" / "bin" / "python").unlink()
    assert world.start("x").stdout == "ran: x\n"
    assert len(world.calls()) == 2


def test_no_network(world: World) -> None:
    world.python("python3")
    (world.folder / "offline").touch()
    done = world.start()
    assert done.returncode == 1
    assert "no package index answers; connect this machine to one" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    (world.folder / "offline").unlink()
    assert world.start("x").stdout == "ran: x\n"


@pytest.mark.parametrize("deadly", [signal.SIGTERM, signal.SIGKILL])
def test_a_broken_off_install_is_begun_anew(world: World, deadly: signal.Signals) -> None:
    world.python("python3")
    (world.folder / "slow").write_text("30")
    broken = subprocess.Popen(world.command(), env=world.environment(), stderr=subprocess.PIPE, start_new_session=True)
    while not (world.folder / "begun").exists():
        assert broken.poll() is None
        time.sleep(0.01)
    os.killpg(broken.pid, deadly)
    broken.communicate()
    (world.folder / "slow").unlink()
    (world.checkout / ".venv" / "half-written").touch()
    world.calls()

    done = world.start("x")
    assert done.stdout == "ran: x\n", done.stderr
    assert len(world.calls()) == 2
    assert not (world.checkout / ".venv" / "half-written").exists()
    assert not (world.checkout / ".venv.lock").exists()


def test_two_starts_install_once(world: World) -> None:
    world.python("python3")
    starts = [
        subprocess.Popen(world.command("x"), env=world.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [start.communicate()[0] for start in starts] == [b"ran: x\n", b"ran: x\n"]
    assert len(world.calls()) == 2


def test_through_a_symbolic_link(world: World) -> None:
    world.python("python3")
    link = world.folder / "tocsin"
    link.symlink_to("a checkout/tocsin")
    done = subprocess.run(["sh", link, "x"], env=world.environment(), capture_output=True, text=True, check=False)
    assert done.stdout == "ran: x\n"
    assert (world.checkout / ".venv").is_dir()


def test_a_missing_page_is_told_at_every_start(world: World) -> None:
    world.python("python3")
    page = world.checkout / "src" / "tocsin" / "web" / "static"
    (page / "index.html").unlink()
    (page / "MISSING").write_text("the npm packages of the page could not be fetched (npm error code EAI_AGAIN)\n")
    for _ in range(2):
        done = world.start("x")
        assert done.stdout == "ran: x\n"
        last = done.stderr.splitlines()[-1]
        assert "no web page: the npm packages of the page could not be fetched (npm error code EAI_AGAIN)." in last
