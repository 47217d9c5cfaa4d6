"""The simulator shares no motion, noise or drag code with the stages it scores: neither by import nor by copy."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "tocsin"
ALLOWED = {"geo", "formats", "model", "units", "jit", "simulation"}
SCORED = ("tracking", "physics", "sensing", "identity", "threat", "alerts", "evaluation")
SMALLEST = 40  # syntax nodes; below that two functions may be alike by chance


def imported_rooms(tree: ast.AST) -> set[str]:
    """The rooms of Tocsin that a module imports."""
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    return {name.split(".")[1] for name in names if name.startswith("tocsin.")}


def shapes(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each function's name and its body with every name replaced by the order in which it appears."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and sum(1 for _ in ast.walk(node)) >= SMALLEST:
            seen: dict[str, int] = {}
            number = itertools.count()
            words = []
            body = node.body[1:] if ast.get_docstring(node) else node.body
            for part in (inner for statement in body for inner in ast.walk(statement)):
                word = type(part).__name__
                if isinstance(part, ast.Name):
                    word += str(seen.setdefault(part.id, next(number)))
                elif isinstance(part, ast.Constant):
                    word += repr(part.value)
                words.append(word)
            yield node.name, " ".join(words)


def trees(room: str) -> Iterator[tuple[Path, ast.AST]]:
    for path in sorted((SOURCE / room).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_it_imports_the_vocabulary_and_nothing_that_it_scores() -> None:
    found = [(path.name, imported_rooms(tree) - ALLOWED) for path, tree in trees("simulation")]
    assert len(found) > 15
    assert [entry for entry in found if entry[1]] == []


def test_no_function_is_a_copy_of_one_that_it_scores() -> None:
    own = {shape: f"{path.name}:{name}" for path, tree in trees("simulation") for name, shape in shapes(tree)}
    copies = [
        (own[shape], f"{room}/{path.name}:{name}")
        for room in SCORED
        for path, tree in trees(room)
        for name, shape in shapes(tree)
        if shape in own
    ]
    assert copies == []


def test_a_copy_with_other_names_is_found() -> None:
    body = "    a = x + v * dt\n    b = v + q * dt * dt / 2.0\n    return [a, b, a * b + q, a - b / dt]\n"
    first = "def f(x, v, dt, q):\n" + body
    second = first.replace("x", "position").replace("dt", "step").replace("f(", "move(")
    third = first.replace("2.0", "3.0")
    (one,), (two,), (other,) = (list(shapes(ast.parse(text))) for text in (first, second, third))
    assert one[1] == two[1]
    assert one[1] != other[1]
