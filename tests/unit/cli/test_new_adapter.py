"""`tocsin new-adapter`: what it writes is an adapter that keeps the contract, installed or in a checkout."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from program import SOURCES, command
from tocsin.cli.new_adapter import inside_files, package_files, write
from tocsin.cli.program import build
from tocsin.model.errors import TocsinError

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> str:
    result = CliRunner().invoke(build(["new-adapter"]), ["new-adapter", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def known(root: Path, folder: Path) -> dict[str, str]:
    """The environment in which the package at `root` is installed, its entry points as pyproject.toml says."""
    groups = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    metadata = folder / "tocsin_fence_radar-0.1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tocsin-fence-radar\nVersion: 0.1.0\n")
    lines = [f"[{group}]\n{name} = {value}\n" for group, found in groups.items() for name, value in found.items()]
    (metadata / "entry_points.txt").write_text("".join(lines))
    paths = (str(SOURCES), str(root / "src"), str(folder))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}


def test_the_package_keeps_the_contract_and_is_found_by_name(tmp_path: Path) -> None:
    root = tmp_path / "tocsin-fence-radar"
    told = run("fence-radar", "--out", str(root))
    assert f"pip install --editable {root}" in told
    environment = known(root, tmp_path / "installed")
    pytest_run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(root)]
    done = subprocess.run(pytest_run, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout + done.stderr
    sample = root / "src" / "tocsin_fence_radar" / "samples" / "sample.txt"
    listen = command("listen", str(sample), "--as", "fence-radar", "--settings", "clock_s = 1e12")
    heard = subprocess.run(listen, env=environment, capture_output=True, text=True, check=False)
    assert heard.returncode == 0, heard.stderr
    assert "detection, polar 3d: 3" in heard.stdout and "refused, line: not 4 cells: 1" in heard.stdout
    assert "refused, azimuth: out of range: 1" in heard.stdout


def test_what_is_written_is_in_the_house_style(tmp_path: Path) -> None:
    write(package_files(tmp_path / "plugin", "fence-radar"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    ruff = [sys.executable, "-m", "ruff", "format", "--check", "--config", str(tmp_path / "pyproject.toml")]
    done = subprocess.run([*ruff, str(tmp_path / "plugin")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_inside_a_checkout_it_has_its_folder_and_its_test(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tocsin"\n')
    files = {str(path.relative_to(tmp_path)) for path in inside_files(tmp_path, "fence-radar")}
    assert "src/tocsin/sensors/fence_radar/adapter.py" in files and "tests/contract/test_fence_radar.py" in files
    text = inside_files(tmp_path, "fence-radar")[tmp_path / "tests" / "contract" / "test_fence_radar.py"]
    assert "from tocsin.sensors.fence_radar.adapter import Adapter" in text
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\n')
    with pytest.raises(TocsinError, match="no checkout"):
        inside_files(tmp_path, "fence-radar")


@pytest.mark.parametrize("name", ["Fence", "fence_radar", "9radar", "../x", "a--b"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(TocsinError, match="small letters"):
        run(name)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    run("fence-radar", "--out", str(tmp_path / "one"))
    with pytest.raises(TocsinError, match="nothing was written"):
        run("fence-radar", "--out", str(tmp_path / "one"))
    with pytest.raises(TocsinError, match="is installed already"):
        run("asterix", "--out", str(tmp_path / "two"))
