"""Every module keeps every rule, and every rule can fail."""

from pathlib import PurePosixPath

import pytest

from architecture import rules, units
from architecture.source import Module, modules

RULES = (
    rules.module_is_short,
    rules.functions_are_short,
    rules.name_says_something,
    rules.module_says_what_it_is,
    rules.import_does_no_work,
    rules.package_init_only_names,
    rules.pure_rooms_are_pure,
    rules.few_rooms_are_known,
    rules.imports_stand_at_the_top,
    rules.errors_are_named,
    rules.unreadable_is_caught_whole,
    rules.nothing_unsafe_is_read,
    rules.structs_are_frozen,
    rules.only_errors_inherit,
    units.numbers_name_their_unit,
)

# (rule, path, text that breaks it)
BROKEN = (
    (rules.module_is_short, "geo/x.py", "a = 1\n" * 401),
    (rules.functions_are_short, "geo/x.py", "def f():\n" + "    a = 1\n" * 50),
    (rules.functions_are_short, "geo/x.py", "@kernel\ndef f():\n" + "    a = 1\n" * 120),
    (rules.name_says_something, "geo/utils.py", ""),
    (rules.name_says_something, "core/x.py", ""),
    (rules.module_says_what_it_is, "geo/x.py", "a = 1\n"),
    (rules.import_does_no_work, "geo/x.py", "for a in ():\n    pass\n"),
    (rules.import_does_no_work, "geo/x.py", "start()\n"),
    (rules.import_does_no_work, "geo/x.py", "TABLE = load(open('x'))\n"),
    (rules.package_init_only_names, "geo/__init__.py", "import os\n"),
    (rules.pure_rooms_are_pure, "geo/x.py", "from time import monotonic\n"),
    (rules.pure_rooms_are_pure, "geo/x.py", "import http.client\n"),
    (rules.pure_rooms_are_pure, "sensors/x/adapter.py", "from tocsin.transport import tcp\n"),
    (rules.few_rooms_are_known, "simulation/x.py", "from tocsin.physics.drag import drag\n"),
    (rules.few_rooms_are_known, "incidents/x.py", "from tocsin.geo.frames import Origin\n"),
    (rules.few_rooms_are_known, "watchdog/x.py", "import tocsin.config.site\n"),
    (rules.imports_stand_at_the_top, "geo/x.py", "def f():\n    import os\n"),
    (rules.imports_stand_at_the_top, "geo/x.py", "try:\n    import os\nexcept ImportError:\n    os = None\n"),
    (rules.errors_are_named, "geo/x.py", "try:\n    f()\nexcept (ValueError, Exception):\n    g()\n"),
    (rules.errors_are_named, "geo/x.py", "try:\n    f()\nexcept:\n    g()\n"),
    (rules.errors_are_named, "geo/x.py", "try:\n    f()\nexcept Exception as error:\n    raise Other from error\n"),
    (rules.errors_are_named, "service/x.py", "try:\n    f()\nexcept ValueError:\n    pass\n"),
    (rules.unreadable_is_caught_whole, "geo/x.py", "try:\n    f()\nexcept (OSError, msgspec.DecodeError):\n    g()\n"),
    (rules.nothing_unsafe_is_read, "recording/x.py", "import pickle\n"),
    (rules.nothing_unsafe_is_read, "config/x.py", "from yaml import load\n"),
    (rules.structs_are_frozen, "geo/x.py", "class A(msgspec.Struct):\n    a: int\n"),
    (rules.structs_are_frozen, "geo/x.py", "class A(Struct, frozen=False):\n    a: int\n"),
    (rules.only_errors_inherit, "geo/x.py", "class A(B):\n    a: int\n"),
    (units.numbers_name_their_unit, "geo/x.py", "class A(Struct):\n    speed: float\n"),
    (units.numbers_name_their_unit, "geo/x.py", "class A(Struct):\n    speed: float | None = None\n"),
    (units.numbers_name_their_unit, "geo/x.py", "class A(Struct):\n    position: NDArray[np.float64]\n"),
    (units.numbers_name_their_unit, "geo/x.py", "def f(heading_deg: float) -> None: ...\n"),
    (units.numbers_name_their_unit, "geo/x.py", "def f(*, places: tuple[tuple[float, float], ...]) -> None: ...\n"),
    (units.numbers_name_their_unit, "geo/x.py", "def f(speed: 'float') -> None: ...\n"),
)

# (rule, path, text that keeps it though it looks near)
KEPT = (
    (rules.functions_are_short, "geo/x.py", 'def f():\n    """A.\n' + "    more\n" * 60 + '    """\n    return 1\n'),
    (rules.functions_are_short, "geo/x.py", "@kernel\ndef f():\n" + "    a = 1\n" * 119),
    (rules.functions_are_short, "geo/x.py", "@inlined\ndef f():\n" + "    a = 1\n" * 119),
    (rules.import_does_no_work, "geo/x.py", 'A = frozenset("a b".split())\nif __name__ == "__main__":\n    main()\n'),
    (rules.errors_are_named, "service/x.py", "try:\n    f()\nexcept Exception:\n    counter += 1\n"),
    (rules.errors_are_named, "geo/x.py", "try:\n    f()\nexcept BaseException:\n    close()\n    raise\n"),
    (rules.pure_rooms_are_pure, "service/x.py", "import asyncio\n"),
    (units.numbers_name_their_unit, "config/x.py", "class A(Struct):\n    heading_deg: float\n"),
    (
        units.numbers_name_their_unit,
        "geo/x.py",
        "class A(Struct):\n    pilot_lla: tuple[float, float]\n",
    ),
    (units.numbers_name_their_unit, "geo/x.py", "def f(count: int, entry_probability: float) -> None: ...\n"),
    (units.numbers_name_their_unit, "tracking/kernels/x.py", "def f(P: Floats) -> None: ...\n"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps(rule) -> None:
    assert [sentence for module in modules() for sentence in rule(module)] == []


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_rule_can_fail(rule, path: str, text: str) -> None:
    assert list(rule(Module(PurePosixPath(path), text)))


@pytest.mark.parametrize(("rule", "path", "text"), KEPT)
def test_rule_is_not_too_strict(rule, path: str, text: str) -> None:
    assert list(rule(Module(PurePosixPath(path), text))) == []


def test_every_rule_is_shown_to_fail() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)
