"""The modules of Tocsin as text and syntax trees, for the rules in this folder."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tocsin"


@dataclass(frozen=True)
class Module:
    """One module: `path` relative to `src/tocsin`, and its text."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    @property
    def room(self) -> str:
        """The room it stands in: the first folder, or the module's own name at the top."""
        return self.path.parts[0].removesuffix(".py")

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    def classes(self) -> list[ast.ClassDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef)]

    def imports(self) -> list[tuple[int, str]]:
        """Line and full dotted name of everything imported; `from a import b` gives `a.b`."""
        found: list[tuple[int, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return found


def last_name(node: ast.AST) -> str:
    """`c` of `a.b.c`, `c(...)` and `c[...]`; empty for anything else."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_kernel(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is compiled by `tocsin.jit`, by itself or in those that call it."""
    return any(last_name(mark) in ("kernel", "inlined") for mark in function.decorator_list)


def modules() -> list[Module]:
    """Every module of the package, by path."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if "static" not in path.relative_to(PACKAGE).parts)
    return [Module(PurePosixPath(path.relative_to(PACKAGE).as_posix()), path.read_text("utf-8")) for path in paths]
