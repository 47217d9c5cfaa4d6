"""A third party's package with a sensor and a share adapter, installed the way packages are: by its metadata."""

from pathlib import Path

import pytest

ADAPTER = '''
import msgspec
from tocsin.model.adapter import AdapterInfo, Grade
from tocsin.model.errors import TocsinError


class Settings(msgspec.Struct, frozen=True):
    """`tilt_rad`: of the antenna. `edition`: of the standard. `token_env`: names the variable that holds the token."""

    tilt_rad: float = 0.0
    edition: str = "1"
    token_env: str = "PROBE_TOKEN"


class Adapter:
    info = AdapterInfo("probe", "Reads nothing.", "none", Grade.SAMPLED)
    Settings = Settings

    def __init__(self, settings, context):
        if settings.edition == "0":
            raise TocsinError(f"sensor {context.name}: settings.edition: is too old")


class Bare:
    pass
'''

ENTRY_POINTS = """
[tocsin.sensors]
probe = probe_adapter:Adapter
absent = no_such_module:Adapter
bare = probe_adapter:Bare

[tocsin.sharing]
probe = probe_adapter:Adapter

[tocsin.channels]
probe = probe_adapter:Adapter
"""


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the package is installed in."""
    folder = tmp_path / "packages"
    metadata = folder / "probe-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / "probe_adapter.py").write_text(ADAPTER, encoding="utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(__import__("sys").modules, "probe_adapter", raising=False)
    return folder
