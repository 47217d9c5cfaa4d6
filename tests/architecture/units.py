"""The rule that a number's name ends in its unit, for fields of structs and parameters of functions."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase

from architecture.exceptions import DIMENSIONLESS
from architecture.source import Module, is_kernel

SI = set("m m2 m3 mps mps2 mps3 rad radps radps2 s s2 hz db dbm dbsm dbi pa k kg kgpm2 kgpm3 mib".split())
FRAMES = {"enu", "ecef", "lla"}
FOREIGN = set("deg degps ft km nm kt kmh mph fpm ms us ns min h hpa percent".split())
# Rooms (and one module) that read or write other people's units, or speak to people.
FOREIGN_ROOMS = set(
    "model/views.py model/record.py formats config cli web sensors links sharing incidents evaluation planning"
    " simulation".split()
)
FLOATS = {"float", "Floats", "float64", "Float", "FloatArray"}


def numbers_name_their_unit(module: Module) -> Iterator[str]:
    """Every float field, and parameter of a public function, ends in a unit or a frame or is listed as dimensionless.

    Kernels are exempt: their letters, units and shapes stand in the legend at the head of the file. So are private
    functions, whose callers stand beside them.
    """
    if module.room == "units" or "kernels" in module.path.parts or module.path.name == "kernels.py":
        return
    for line, name, annotation in _declared(module):
        listed = any(fnmatchcase(name, entry) or fnmatchcase(f"{module.path}:{name}", entry) for entry in DIMENSIONLESS)
        if _is_float(annotation) and not listed and not _has_unit(name, module):
            yield f"{module.path}:{line} {name} is a float without a unit"


def _declared(module: Module) -> Iterator[tuple[int, str, ast.expr]]:
    for node in module.classes():
        for field in node.body:
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                yield field.lineno, field.target.id, field.annotation
    for function in module.functions():
        if is_kernel(function) or (function.name.startswith("_") and not function.name.startswith("__")):
            continue
        parameters = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        for parameter in parameters:
            if parameter.annotation:
                yield parameter.lineno, parameter.arg, parameter.annotation


def _is_float(annotation: ast.expr) -> bool:
    """A float, an array of them or a tuple of them, or one of these or None; a struct that holds floats is not."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _is_float(ast.parse(annotation.value, mode="eval").body)
    if isinstance(annotation, ast.BinOp):
        return _is_float(annotation.left) or _is_float(annotation.right)
    if isinstance(annotation, ast.Subscript):
        outer = annotation.value.attr if isinstance(annotation.value, ast.Attribute) else ast.unparse(annotation.value)
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        return outer in {"tuple", "list", "Sequence", "NDArray", "Annotated", "ClassVar", "Final"} and _is_float(
            inner[0]
        )
    name = annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", "")
    return name in FLOATS


def _has_unit(name: str, module: Module) -> bool:
    last = name.lower().rpartition("_")[2]
    speaks_foreign = module.room in FOREIGN_ROOMS or str(module.path) in FOREIGN_ROOMS
    return last in SI | FRAMES or (last in FOREIGN and speaks_foreign)
