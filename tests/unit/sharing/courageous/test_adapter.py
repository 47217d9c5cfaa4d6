"""COURAGEOUS of pictures: valid by the published schema, read back by the adapter that reads, alarms of our alerts."""

import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pytest

from picture_builder import picture
from shared_data import shared
from tocsin.formats.courageous import Document, Place2d, read_document
from tocsin.model.adapter import AdapterContext
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.detection import Detection
from tocsin.model.identity import TargetClass
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose
from tocsin.model.track import TrackStatus
from tocsin.sensors.courageous.adapter import Adapter as Reader
from tocsin.sensors.courageous.settings import Settings as ReaderSettings
from tocsin.sharing.courageous import adapter as module
from tocsin.sharing.courageous.adapter import Adapter
from tocsin.sharing.courageous.settings import Settings
from unit.formats.test_courageous import check

CONTEXT = AdapterContext("trial", Pose(), math.radians(54.6), math.radians(18.8), 41.0)
BEGIN_S = 1_772_359_200.0


def alert(state: AlertState, version: int = 1) -> Alert:
    key = AlertKey("r", "p", "u")
    return Alert("A1", key, state, Priority.HIGH, 0.0, 0.0, version, "", "", 1, None, parents=("u",))


def document(adapter: Adapter, shown: Picture) -> Document:
    (packet,) = adapter.encode(shown)
    found = read_document(packet.data)
    assert found.broken == ()
    return found


def test_it_keeps_the_published_schema() -> None:
    schema = json.loads(shared("data/courageous_sample/courageous.schema.json").read_bytes())
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(BEGIN_S))
    check(schema, schema, json.loads(packet.data))


def test_it_reads_back_where_it_was() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(BEGIN_S, seen_s=BEGIN_S - 0.5))
    reader = Reader(ReaderSettings(), CONTEXT)
    (found,) = reader.decode(Packet(PacketKind.DATA, "trial", BEGIN_S, packet.data, connection=1))
    assert isinstance(found, Detection)
    assert found.values == pytest.approx((0.0, 1000.0, 60.0), abs=0.05)
    assert found.velocity_enu_mps == pytest.approx((0.0, -20.0, 0.0), abs=0.05)
    assert (found.time_s, found.sensor_track, found.class_word) == (BEGIN_S - 0.5, "1", "UAV")


def test_an_alarm_is_active_while_an_alert_stands() -> None:
    adapter, active = Adapter(Settings(), CONTEXT), []
    for second, said in enumerate((None, AlertState.UNACKNOWLEDGED, AlertState.ACKNOWLEDGED, AlertState.CLEARED)):
        if said is not None:
            assert list(adapter.encode(alert(said, second))) == []
        record = document(adapter, picture(BEGIN_S + second)).tracks[0].records[0]
        assert record.alarm is not None
        assert record.record_number == second
        active.append(record.alarm.active)
    assert active == [False, True, True, False]


@pytest.mark.parametrize(
    ("kind", "share", "word"),
    [
        (TargetClass.MULTIROTOR, 0.9, "UAV"),
        (TargetClass.HELICOPTER, 0.9, "Other"),
        (TargetClass.UNKNOWN, 0.9, "Unknown"),
    ],
)
def test_classes_in_the_words_of_the_format(kind: TargetClass, share: float, word: str) -> None:
    record = document(Adapter(Settings(), CONTEXT), picture(BEGIN_S, kind=kind, class_share=share)).tracks[0].records[0]
    assert record.classification == word


def test_what_is_no_lock_has_no_record() -> None:
    adapter = Adapter(Settings(), CONTEXT)
    assert list(adapter.encode(picture(BEGIN_S, status=TrackStatus.COASTING))) == []
    document(adapter, picture(BEGIN_S + 1.0))
    assert list(adapter.encode(picture(BEGIN_S + 2.0, seen_s=BEGIN_S + 1.0))) == []
    assert list(adapter.encode(picture(BEGIN_S + 2.5))) == []
    assert adapter.statistics()["pictures_not_due"] == 1


def test_pieces_of_one_object_share_an_id_and_unknown_is_left_out() -> None:
    adapter = Adapter(Settings(), CONTEXT)
    shown = picture(BEGIN_S, ("u", "v"), exercise=True)
    nan = np.full((2, 1), np.nan)
    tracks = msgspec.structs.replace(
        shown.tracks,
        object=("u", "u"),
        position_enu_m=np.hstack([shown.tracks.position_enu_m[:, :2], nan]),
        velocity_enu_mps=np.full((2, 3), np.nan),
    )
    first, second = document(adapter, msgspec.structs.replace(shown, tracks=tracks)).tracks
    assert first.uas_id == second.uas_id == 1
    assert isinstance(first.records[0].location, Place2d)
    assert first.records[0].velocity is None
    assert str(first.records[0].identification).startswith("EXERCISE ")


def test_the_sample_is_what_is_sent() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(BEGIN_S))
    assert (Path(module.__file__).with_name("samples") / "picture.courageous.json").read_bytes() == packet.data
