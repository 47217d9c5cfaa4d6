"""Recordings and tables that tests read but the repository does not hold.

They lie in the folder that `TOCSIN_SHARED` names, else in `shared` beside the checkout. `shared(path)` answers the path
or skips the test; this is the only skip that `TOCSIN_STRICT=1` lets pass.
"""

import os
from pathlib import Path

import pytest

REASON = "missing shared data: "


def shared(path: str) -> Path:
    """The file or folder `path` of the shared data; skips the test (or the module, if called there) without it."""
    root = Path(os.environ.get("TOCSIN_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    found = root / path
    if not found.exists():
        pytest.skip(REASON + path, allow_module_level=True)
    return found
