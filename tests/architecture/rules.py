"""What every module of Tocsin must keep to, each rule a function from a module to sentences that name what breaks it.

Rules read the syntax tree, never the text by pattern. Exceptions stand in `exceptions.py`, each with its reason.
`test_rules.py` applies them and shows for each that it can fail.
"""

import ast
from collections.abc import Iterator

from architecture.exceptions import FRAMEWORK_BASES, WORK_ON_IMPORT
from architecture.source import Module, is_kernel, last_name

MODULE_LINES = 400
FUNCTION_LINES = 50
KERNEL_LINES = 120
NAMELESS = {"utils", "util", "common", "helpers", "helper", "const", "constants", "manager", "core", "misc"}
PURE_ROOMS = frozenset(
    "sensors links sharing tracking identity threat alerts sensing physics formats geo model".split(),
)
IMPURE = frozenset(
    "asyncio anyio socket ssl select threading multiprocessing subprocess concurrent urllib http sqlite3 time random"
    " secrets uuid".split(),
)
MAY_IMPORT = {
    "simulation": {"simulation", "geo", "formats", "model", "units", "jit"},
    "incidents": {"incidents", "model", "formats", "sensing"},
    "watchdog": {"watchdog", "channels", "transport", "model", "formats"},
}
UNSAFE = {"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml"}
BROAD_EXCEPT_ROOMS = {"service", "channels", "watchdog"}
BASES = {"Struct", "Protocol", "Generic", "NamedTuple", "TypedDict", "Exception"}
EFFECTS = frozenset(
    "open read_text read_bytes write_text mkdir touch connect run Popen start getenv now utcnow time monotonic sleep"
    " import_module basicConfig print load loads".split(),
)
_DEFINITIONS = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def module_is_short(module: Module) -> Iterator[str]:
    """At most 400 lines, all counted."""
    lines = len(module.text.splitlines())
    if lines > MODULE_LINES:
        yield f"{module.path} has {lines} lines, {MODULE_LINES} at most"


def functions_are_short(module: Module) -> Iterator[str]:
    """At most 50 lines from `def` to the end, 120 for a kernel; the docstring is not counted, comments are."""
    for function in module.functions():
        first = function.body[0]
        docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) else 0
        lines = (function.end_lineno or 0) - function.lineno + 1 - docstring
        limit = KERNEL_LINES if is_kernel(function) else FUNCTION_LINES
        if lines > limit:
            yield f"{module.path}:{function.lineno} {function.name} has {lines} lines, {limit} at most"


def name_says_something(module: Module) -> Iterator[str]:
    """No folder or module is called utils, common, helpers and the like."""
    for part in module.path.parts:
        if part.removesuffix(".py") in NAMELESS:
            yield f"{module.path}: {part} names nothing"


def module_says_what_it_is(module: Module) -> Iterator[str]:
    """The first line of a module's docstring says what it is."""
    if not ast.get_docstring(module.tree):
        yield f"{module.path} has no docstring"


def import_does_no_work(module: Module) -> Iterator[str]:
    """At the top level stand imports, definitions and constants; nothing is opened, started, read or asked."""
    if str(module.path) in WORK_ON_IMPORT:
        return
    for node in module.tree.body:
        if isinstance(node, _DEFINITIONS) or _is_main_guard(node):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            yield f"{module.path}:{node.lineno} does work on import"
            continue
        for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call)):
            if last_name(call.func) in EFFECTS:
                yield f"{module.path}:{node.lineno} calls {last_name(call.func)} on import"


def package_init_only_names(module: Module) -> Iterator[str]:
    """The `__init__.py` of a pure room imports from Tocsin alone (import-linter's patterns start below it)."""
    if module.path.name == "__init__.py" and module.room in PURE_ROOMS:
        for line, name in module.imports():
            if name.split(".")[0] not in {"tocsin", "collections", "typing"}:
                yield f"{module.path}:{line} imports {name}"


def pure_rooms_are_pure(module: Module) -> Iterator[str]:
    """No pure room imports sockets, tasks, threads, clock or dice, nor transport (import-linter follows the chains)."""
    if module.room in PURE_ROOMS:
        for line, name in module.imports():
            if name.split(".")[0] in IMPURE or name.startswith("tocsin.transport"):
                yield f"{module.path}:{line} imports {name}, and {module.room} is pure"


def few_rooms_are_known(module: Module) -> Iterator[str]:
    """The simulator, the incidents and the watchdog import only the rooms that ARCHITECTURE.md grants them."""
    for line, name in module.imports() if module.room in MAY_IMPORT else ():
        parts = name.split(".")
        if parts[0] == "tocsin" and parts[1] not in MAY_IMPORT[module.room] | {"__version__"}:
            yield f"{module.path}:{line} imports {name}, and {module.room} may not"


def imports_stand_at_the_top(module: Module) -> Iterator[str]:
    """No import inside a function, a class, a condition or a try."""
    at_top = {id(node) for node in module.tree.body}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in at_top:
            yield f"{module.path}:{node.lineno} imports below the top level"


def errors_are_named(module: Module) -> Iterator[str]:
    """Only service, channels and watchdog catch everything, others only to tidy and raise again; none is silent."""
    for handler in (node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler)):
        names = {last_name(node) for node in ast.walk(handler.type)} if handler.type else {"Exception"}
        raises_again = isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None
        if names & {"Exception", "BaseException"} and module.room not in BROAD_EXCEPT_ROOMS and not raises_again:
            yield f"{module.path}:{handler.lineno} catches everything"
        if all(isinstance(node, ast.Pass) for node in handler.body):
            yield f"{module.path}:{handler.lineno} is silent"


def unreadable_is_caught_whole(module: Module) -> Iterator[str]:
    """Who decodes with msgspec catches all that unreadable bytes raise: too deep a nesting is no DecodeError."""
    for handler in (node for node in ast.walk(module.tree) if isinstance(node, ast.ExceptHandler) and node.type):
        if any(ast.unparse(node) == "msgspec.DecodeError" for node in ast.walk(handler.type)):
            yield f"{module.path}:{handler.lineno} catches msgspec.DecodeError, not UNREADABLE"


def nothing_unsafe_is_read(module: Module) -> Iterator[str]:
    """No pickle or its kin, which run what they read, and no YAML."""
    for line, name in module.imports():
        if name.split(".")[0] in UNSAFE:
            yield f"{module.path}:{line} imports {name}"


def structs_are_frozen(module: Module) -> Iterator[str]:
    """Every msgspec.Struct is frozen, save a private one: the working state of a loop inside its module."""
    for node in module.classes():
        frozen = any(word.arg == "frozen" and getattr(word.value, "value", False) is True for word in node.keywords)
        if any(last_name(base) == "Struct" for base in node.bases) and not frozen and not node.name.startswith("_"):
            yield f"{module.path}:{node.lineno} {node.name} is not frozen"


def only_errors_inherit(module: Module) -> Iterator[str]:
    """Classes inherit from Struct, Protocol, an enum or an error; what else a framework asks for is listed."""
    for node in module.classes():
        for name in (last_name(base) for base in node.bases):
            usual = name in BASES or name.endswith(("Error", "Enum", "Flag"))
            if not usual and f"{module.path}:{node.name}" not in FRAMEWORK_BASES:
                yield f"{module.path}:{node.lineno} {node.name} inherits from {name}"


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
