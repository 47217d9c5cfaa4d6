"""ARCHITECTURE.md speaks of every room that exists, and of no other; its layers are those that are checked."""

import re
import tomllib

from architecture.source import ROOT, modules

PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_table_holds_every_room() -> None:
    table = PAGE.partition("## Rooms\n")[2].partition("\n## ")[0]
    rows = {row.removesuffix(".py") for row in re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE)}
    assert rows == {module.room for module in modules()} - {"__init__"}


def test_the_layers_are_those_that_are_checked() -> None:
    (shown,) = re.findall(r"^```\n(cli .*?)```$", PAGE, re.MULTILINE | re.DOTALL)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert shown.splitlines() == [re.sub(r"[()]", "", layer) for layer in layers]
