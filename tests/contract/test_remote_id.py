"""The `remote_id` adapter keeps the contract on its sample, which is built here again byte for byte."""

import json
from pathlib import Path

from receiver_documents import MESH, drone_scout, listed, sectioned, uas_data
from remote_id_frames import bare_beacon, beacon, capture, dji_element, radiotap
from tocsin.formats.pcap import RADIOTAP
from tocsin.formats.remote_id import Authentication, BasicId, Location, OperatorId, System, encode_pack
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Pose
from tocsin.sensors.remote_id import adapter
from tocsin.sensors.remote_id.adapter import Adapter
from tocsin.testing import Sample, check_adapter, read_expected
from tocsin.units import RAD_PER_DEG

FOLDER = Path(adapter.__file__).parent
NORTH_PIER = AdapterContext("sample", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
BEGIN_S = 1_772_359_200.0  # a full hour
ONE, TWO, OLD = (bytes.fromhex(f"02005e10000{k}") for k in (1, 2, 3))


def transmissions() -> bytes:
    """Two drones and an older one of DJI: a pack with everything, a signed one without an id, a wrong checksum."""
    near = Location(2, 90.0, 12.5, -0.5, 54.61, 18.79, 95.0, 118.5, 80.0, False, 11, 5, 4, 3, 1.2, 2)
    far = Location(2, None, None, None, 54.62, 18.81, None, None, 60.0, True, hour_s=3.0)
    told = (
        BasicId(1, 2, "TCSN7SAMPLE0001"),
        near,
        System(1, 0, 54.60, 18.80, time_s=BEGIN_S),
        OperatorId(0, "FIN-OP-1"),
    )
    frames = [
        (BEGIN_S + 1.5, beacon(ONE, encode_pack(told), counter=1)),
        (BEGIN_S + 2.0, beacon(ONE, encode_pack(told), counter=2, bad_fcs=True)),
        (BEGIN_S + 3.1, beacon(TWO, encode_pack((far, Authentication(bytes(24)))), counter=9, signal_dbm=-88)),
        (
            BEGIN_S + 4.0,
            radiotap(-70) + bare_beacon(OLD, dji_element("DJI0123456789ABC", 9_530_000, 3_280_000)) + b"FCS!",
        ),
        (BEGIN_S + 4.5, beacon(ONE, encode_pack((near,)), counter=3)),
    ]
    return capture(RADIOTAP, frames)


def test_the_sample_is_what_its_builder_builds() -> None:
    assert (FOLDER / "samples" / "transmissions.pcap").read_bytes() == transmissions()


def test_remote_id_keeps_the_contract() -> None:
    expected = read_expected((FOLDER / "samples" / "transmissions.expected.jsonl").read_text("utf-8"))
    sample = Sample(transmissions(), BEGIN_S + 5.0, expected, tolerance=1e-6)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))


def documents() -> bytes:
    """One document of each receiver, and mesh-mapper's lines."""
    several = (drone_scout(uas_data()), json.dumps(listed()).encode(), json.dumps(sectioned()).encode())
    return b"\n".join(several) + b"\n" + MESH


def test_the_documents_are_what_their_builder_builds() -> None:
    assert (FOLDER / "samples" / "receivers.json").read_bytes() == documents()


def test_remote_id_keeps_the_contract_on_documents() -> None:
    expected = read_expected((FOLDER / "samples" / "receivers.expected.jsonl").read_text("utf-8"))
    sample = Sample(documents(), BEGIN_S + 5.0, expected, tolerance=1e-6)
    check_adapter(Adapter, Adapter.Settings(), NORTH_PIER, sample, (FOLDER / "README.md").read_text("utf-8"))
