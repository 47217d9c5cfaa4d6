"""`tocsin warm` calls every room that has kernels and ends its progress line with the time."""

import re
import sys
from types import ModuleType

import pytest

from architecture.source import is_kernel, modules
from tocsin.cli import warm as command


def test_every_room_with_kernels_is_warmed() -> None:
    rooms = {module.room for module in modules() if any(is_kernel(function) for function in module.functions())}
    assert rooms - {name.split(".")[1] for name in command.KERNELS} == set()


def test_each_module_is_warmed_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    called: list[str] = []
    quiet, telling = ModuleType("quiet_kernels"), ModuleType("telling_kernels")
    quiet.warm = lambda: called.append("quiet")  # type: ignore[attr-defined]
    telling.warm = lambda progress: (progress("gate"), called.append("telling"))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, quiet.__name__, quiet)
    monkeypatch.setitem(sys.modules, telling.__name__, telling)
    monkeypatch.setattr(command, "KERNELS", {quiet.__name__: False, telling.__name__: True})
    command.warm()
    assert called == ["quiet", "telling"] and capsys.readouterr().err == ""  # what is loaded in no time is not told
    monkeypatch.setattr(command, "LOADED_S", -1.0)
    command.warm()
    assert re.fullmatch(r"tocsin: compiling the kernels \.\.\. \d+ s\n", capsys.readouterr().err)
