"""Adapters come by entry point, are imported when named, and say what is wrong with them."""

import sys
from pathlib import Path

import pytest

from tocsin.config.adapters import installed_adapters, load_adapter
from tocsin.model.errors import TocsinError


@pytest.mark.usefixtures("probe")
def test_a_named_adapter_is_loaded_and_no_other() -> None:
    assert "probe_adapter" not in sys.modules
    with pytest.raises(TocsinError, match="no_such_module"):
        load_adapter("tocsin.sensors", "absent")
    assert "probe_adapter" not in sys.modules
    assert load_adapter("tocsin.sensors", "probe").info.name == "probe"


@pytest.mark.usefixtures("probe")
@pytest.mark.parametrize(
    ("name", "message"),
    [("prob", 'no adapter "prob" is installed in tocsin.sensors; there are: .*probe'), ("bare", "has no info")],
)
def test_what_cannot_be_loaded_is_said(name: str, message: str) -> None:
    with pytest.raises(TocsinError, match=message):
        load_adapter("tocsin.sensors", name)


@pytest.mark.usefixtures("probe")
def test_the_list_holds_the_broken_ones_too() -> None:
    listed = {(adapter.group, adapter.name): adapter for adapter in installed_adapters()}
    assert listed["tocsin.sensors", "absent"].info is None
    assert "no_such_module" in listed["tocsin.sensors", "absent"].problem
    assert listed["tocsin.sharing", "probe"].info is not None


def test_two_packages_may_not_claim_one_name(probe: Path) -> None:
    other = probe / "other-1.0.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", encoding="utf-8")
    (other / "entry_points.txt").write_text("[tocsin.sensors]\nprobe = elsewhere:Adapter\n", encoding="utf-8")
    with pytest.raises(TocsinError, match="two packages install"):
        load_adapter("tocsin.sensors", "probe")
