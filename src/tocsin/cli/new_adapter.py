"""`tocsin new-adapter NAME`: the folder of an adapter, with a sample and its test, that works and is to be filled.

As a package of its own that is installed beside Tocsin and found by its entry point; with `--inside`, as a folder of a
checkout of Tocsin. It reads a format of lines, so that everything can be tried before the first change.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from tocsin.config.adapters import installed_adapters
from tocsin.model.errors import TocsinError

SKELETON = Path(__file__).with_name("skeleton")
FILES = ("adapter.py", "settings.py", "README.md")
SAMPLES = ("sample.txt", "sample.expected.jsonl")


def new_adapter(
    name: Annotated[str, typer.Argument(help="What the site file will call it: my-radar.")],
    out: Annotated[Path | None, typer.Option(help="Folder to make; tocsin-NAME here if left out.")] = None,
    inside: Annotated[bool, typer.Option("--inside", help="Into the checkout of Tocsin in this folder.")] = False,
) -> None:
    """Write the folder of a new sensor adapter, with a sample and its test."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise TocsinError(f"{name!r}: write small letters, digits and dashes, as in my-radar")
    if any(one.group == "tocsin.sensors" and one.name == name for one in installed_adapters()):
        raise TocsinError(f'a sensor adapter "{name}" is installed already; choose another name')
    if inside and out is not None:
        raise TocsinError("--inside says where it goes; leave out --out")
    files = inside_files(Path(), name) if inside else package_files(out or Path(f"tocsin-{name}"), name)
    write(files)
    for path in files:
        typer.echo(path)
    word = name.replace("-", "_")
    if inside:
        typer.echo('\nAdd to pyproject.toml under [project.entry-points."tocsin.sensors"], and install again:')
        typer.echo(f'{name} = "tocsin.sensors.{word}.adapter:Adapter"')
        typer.echo(f"Then: python -m pytest tests/contract/test_{word}.py")
    else:
        folder = out or Path(f"tocsin-{name}")
        typer.echo(f"\nInstall it beside Tocsin: pip install --editable {folder}")
        typer.echo(f"Then: python -m pytest {folder}; tocsin listen {folder / _sample(name)} --as {name}")


def package_files(root: Path, name: str) -> dict[Path, str]:
    """The files of a package of its own at `root`, by path."""
    package = f"tocsin_{name.replace('-', '_')}"
    files = _adapter_files(root / "src" / package, name, package)
    files[root / "pyproject.toml"] = _filled("pyproject.toml", name, package)
    files[root / "tests" / "test_contract.py"] = _filled("test_contract.py", name, package)
    return files


def inside_files(checkout: Path, name: str) -> dict[Path, str]:
    """The files within a checkout of Tocsin, by path; TocsinError if `checkout` is none."""
    project = checkout / "pyproject.toml"
    if not project.is_file() or tomllib.loads(project.read_text("utf-8")).get("project", {}).get("name") != "tocsin":
        raise TocsinError("--inside: this folder is no checkout of Tocsin")
    word = name.replace("-", "_")
    package = f"tocsin.sensors.{word}"
    files = _adapter_files(checkout / "src" / "tocsin" / "sensors" / word, name, package)
    files[checkout / "tests" / "contract" / f"test_{word}.py"] = _filled("test_contract.py", name, package)
    return files


def write(files: dict[Path, str]) -> None:
    """Write them all, or none if one is there already."""
    for path in files:
        if path.exists():
            raise TocsinError(f"{path}: is there already; nothing was written")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _adapter_files(folder: Path, name: str, package: str) -> dict[Path, str]:
    files = {folder / "__init__.py": f'"""The {name} adapter."""\n'}
    files |= {folder / file: _filled(file, name, package) for file in FILES}
    files |= {folder / "samples" / file: (SKELETON / file).read_text("utf-8") for file in SAMPLES}
    return files


def _filled(file: str, name: str, package: str) -> str:
    text = (SKELETON / f"{file}.txt").read_text("utf-8")
    return re.sub(r"\bPACKAGE\b", package, re.sub(r"\bNAME\b", name, text))


def _sample(name: str) -> Path:
    return Path("src", f"tocsin_{name.replace('-', '_')}", "samples", "sample.txt")
