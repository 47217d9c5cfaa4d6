"""The rule that every module with behaviour has a test that stands where its own path says."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from architecture.exceptions import UNTESTED
from architecture.source import Module


def untested(modules: Iterable[Module], tests: Path) -> Iterator[str]:
    """Names each module that has functions, no reason in `UNTESTED`, and no test.

    A test of `a/b.py` is `unit/a/test_b.py`, or a file in `unit/a`, `unit/a/b`, `kernels` or `contract` that imports
    the module.
    """
    for module in modules:
        path = module.path
        if path.name.startswith("__") or not module.functions() or _has_reason(path):
            continue
        if (tests / "unit" / path.parent / f"test_{path.stem}.py").is_file():
            continue
        folders = (f"unit/{path.parent}", f"unit/{path.with_suffix('')}", "kernels", "contract")
        if not any(_imports(file, path) for folder in folders for file in sorted((tests / folder).glob("test_*.py"))):
            yield f"{path} has no test at tests/unit/{path.parent}/test_{path.stem}.py"


def _has_reason(path: PurePosixPath) -> bool:
    return any(str(path) == entry or (entry.endswith("/") and str(path).startswith(entry)) for entry in UNTESTED)


def _imports(test: Path, path: PurePosixPath) -> bool:
    wanted = ".".join(("tocsin", *path.with_suffix("").parts))
    test_module = Module(PurePosixPath(test.name), test.read_text("utf-8"))
    return any(name == wanted or name.startswith(f"{wanted}.") for _, name in test_module.imports())
