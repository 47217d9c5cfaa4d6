"""The site files that come with Tocsin can be used as they are, with the adapters that this repository declares."""

from pathlib import Path

import pytest

from own_adapters import know_own_adapters
from tocsin.config.describe import describe
from tocsin.config.site import read_site

SITES = Path(__file__).parents[3] / "sites"


@pytest.fixture
def own_adapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    know_own_adapters(tmp_path, monkeypatch)


@pytest.mark.usefixtures("own_adapters")
@pytest.mark.parametrize("path", [SITES / "example.toml", SITES / "demo" / "site.toml"], ids=lambda path: path.stem)
def test_a_site_file_of_ours_is_sound(path: Path) -> None:
    site = read_site(path)
    text = describe(site)
    assert all(sensor.name in text for sensor in site.sensors)
    assert "outside every sensor's view" not in text
