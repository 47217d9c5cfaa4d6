"""Accessibility by axe-core, which is a development dependency of `ui` and never part of the repository."""

from typing import Any

import pytest

from browser.stage import ROOT

AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"


def grave(page: Any) -> list[tuple[str, list[str]]]:
    """What axe-core calls serious or critical on the page as it stands: the rule, and the elements that break it."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in ui)")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document).then(r => r.violations)")
    return [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]
