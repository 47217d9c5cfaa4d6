"""The `sapient` adapter keeps the contract as a server; its sample is built here again by sapient-msg."""

from pathlib import Path

from sapient_messages import BEGIN_S, NODE, node_session
from tocsin.links.sapient import adapter
from tocsin.links.sapient.adapter import Adapter
from tocsin.model.adapter import AdapterContext, SiteSensor
from tocsin.model.sensor import Pose
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
RADAR = SiteSensor("radar-2", Pose(), 5000.0, "sample", NODE)
NORTH_PIER = AdapterContext(
    "sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0, "North pier", "seed", False, (RADAR,)
)


def test_the_sample_is_what_sapient_msg_builds() -> None:
    assert (FOLDER / "samples" / "node.sapient").read_bytes() == node_session()


def test_sapient_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "node.expected.jsonl").read_text("utf-8"))
    sample = Sample(node_session(), BEGIN_S + 0.5, expected, tolerance=1e-6)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))
