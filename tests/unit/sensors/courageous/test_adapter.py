"""The courageous adapter on a document of a real system, and on every kind of location."""

import gzip
import math

import numpy as np
import pytest

from shared_data import shared
from tocsin.formats.courageous import Alarm, Document, Place2d, Place3d, Position3d, Record, RecordSet, write_document
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.courageous.adapter import Adapter
from tocsin.sensors.courageous.settings import Settings
from tocsin.units import RAD_PER_DEG

COAST = AdapterContext("other", Pose(), 51.15683 * RAD_PER_DEG, 2.73865 * RAD_PER_DEG, 60.0)


def replayed(data: bytes) -> tuple[list[Detection], Adapter]:
    adapter = Adapter(Settings(), COAST)
    items = [item for packet in adapter.packets(data, "trial.json") for item in adapter.decode(packet)]
    return [item for item in items if isinstance(item, Detection)], adapter


def document(*records: Record) -> bytes:
    site = Position3d(51.15683, 2.73865, 13.8)
    return write_document(Document("v", "s", site, (RecordSet(records, 7),), ()))


def test_a_document_of_a_real_system() -> None:
    found, adapter = replayed(gzip.decompress(shared("data/courageous_sample/test_data.json.gz").read_bytes()))
    statistics = adapter.statistics()
    assert len(found) == statistics["detections"] == statistics["records"] == 63 + 74 + 51 + 27
    assert statistics["records_repeated"] == 12
    assert statistics["problems"]["reasons"] == {}
    assert {one.kind for one in found} == {MeasurementKind.AZIMUTH_ELEVATION}
    assert [one.time_s for one in found] == sorted(one.time_s for one in found)
    first = found[0]
    assert first.values == pytest.approx((243.594275 * RAD_PER_DEG, 2.661875 * RAD_PER_DEG))
    assert first.sensor_enu_m[:2] == pytest.approx((0.0, 0.0), abs=1e-3)
    assert first.sensor_enu_m[2] == pytest.approx(13.8 + 44.0 - 60.0, abs=2.0)  # the geoid lies some 44 m up there
    assert (first.score, first.class_word) == (1.0, None)


def test_a_place_is_where_it_says() -> None:
    alarm = Alarm(True, 0.7)
    where = lla_from_enu(
        Origin(COAST.origin_latitude_rad, COAST.origin_longitude_rad, 60.0), np.array([[800.0, -600.0, 0.0]])
    )
    latitude_deg, longitude_deg = (float(angle) / RAD_PER_DEG for angle in where[0, :2])
    found, _ = replayed(
        document(
            Record(1, 1000, "UAV", alarm=alarm, location=Place3d(latitude_deg, longitude_deg, 90.0)),
            Record(2, 2000, "Other", alarm=alarm, location=Place2d(latitude_deg, longitude_deg)),
        )
    )
    solid, flat = found
    assert solid.values[:2] == pytest.approx((800.0, -600.0), abs=0.05)
    assert flat.values == pytest.approx((800.0, -600.0), abs=0.05)
    assert (solid.class_word, flat.class_word, solid.sensor_track) == ("UAV", "Other", "7")
    assert flat.lla is not None
    assert math.isnan(flat.lla[2])


def test_a_pilot_is_kept_as_a_claim() -> None:
    adapter = Adapter(Settings(), COAST)
    data = document(Record(1, 1000, "GCS", alarm=Alarm(True, 1.0), location=Place2d(51.2, 2.8)))
    (claim,) = adapter.decode(Packet(PacketKind.DATA, "other", 5.0, data, connection=1))
    assert isinstance(claim, Claim)
    assert claim.pilot_lla == (51.2 * RAD_PER_DEG, 2.8 * RAD_PER_DEG, None)
    assert claim.latitude_rad is None


def test_a_file_that_is_none_says_so() -> None:
    for data, reason in ((b"{}", "no COURAGEOUS document"), (document(), "holds no record")):
        with pytest.raises(TocsinError, match=reason):
            list(Adapter(Settings(), COAST).packets(data, "trial.json"))
