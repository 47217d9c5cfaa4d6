"""JSON of pictures: places where pyproj puts them, ends, exercise, alerts, and the way through Mosquitto."""

import asyncio
import json
import math
from pathlib import Path

import msgspec
import numpy as np
import paho.mqtt.client as paho
import pyproj
import pytest

from broker import free_port, mosquitto
from picture_builder import picture
from tocsin.model.adapter import AdapterContext
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.identity import Affiliation
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose
from tocsin.model.track import TrackStatus
from tocsin.sharing.json import adapter as module
from tocsin.sharing.json.adapter import Adapter
from tocsin.sharing.json.settings import Settings
from tocsin.transport.sink import open_sink

CONTEXT = AdapterContext("house", Pose(), math.radians(54.6), math.radians(18.8), 41.0)


def told(adapter: Adapter, item: Picture | Alert) -> list[dict[str, object]]:
    return [json.loads(packet.data) for packet in adapter.encode(item)]


def test_a_track_lies_where_proj_says() -> None:
    shown = picture(1_772_359_200.0)
    moved = msgspec.structs.replace(shown.tracks, position_enu_m=np.array([[800.0, 1500.0, 60.0]]))
    (said,) = told(Adapter(Settings(), CONTEXT), msgspec.structs.replace(shown, tracks=moved))
    azimuth, _, away_m = pyproj.Geod(ellps="WGS84").inv(18.8, 54.6, said["longitude_deg"], said["latitude_deg"])
    assert away_m == pytest.approx(1700.0, abs=0.1)
    assert azimuth == pytest.approx(math.degrees(math.atan2(800, 1500)), abs=0.01)
    assert said["height_m"] == pytest.approx(101.0, abs=0.5)
    assert (said["time_s"], said["course_deg"], said["speed_mps"]) == (
        1_772_359_200.0,
        pytest.approx(180.0, abs=0.1),
        20.0,
    )


@pytest.mark.parametrize("affiliation", Affiliation)
def test_no_affiliation_becomes_another(affiliation: Affiliation) -> None:
    (said,) = told(Adapter(Settings(), CONTEXT), picture(0.0, affiliation=affiliation, exercise=True))
    assert said["affiliation"] == affiliation.name.lower().replace("_", "-")
    assert said["exercise"] is True


def test_a_track_that_is_gone_is_told_once_more() -> None:
    adapter = Adapter(Settings(), CONTEXT)
    assert len(told(adapter, picture(0.0, ("a", "b")))) == 2
    (end,) = told(adapter, picture(0.5, ("b",)))
    assert (end["uid"], end["status"]) == ("a", "ended") and "latitude_deg" not in end
    assert [said["uid"] for said in told(adapter, picture(1.0, ("b",)))] == ["b"]
    assert adapter.statistics()["ends"] == 1


def test_what_is_not_confirmed_stays_unless_asked_for() -> None:
    shown = picture(0.0, status=TrackStatus.TENTATIVE)
    adapter = Adapter(Settings(), CONTEXT)
    assert told(adapter, shown) == [] and adapter.statistics()["tracks_not_shared"] == 1
    assert told(Adapter(Settings(tentative=True), CONTEXT), shown)[0]["status"] == "tentative"


def test_the_sample_is_what_is_written() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(1_772_359_200.0, affiliation=Affiliation.SUSPECT))
    assert (Path(module.__file__).parent / "samples" / "track.json").read_bytes() == packet.data


def test_an_alert_goes_out_at_once() -> None:
    key = AlertKey("drone approaches", "pier", "T1")
    alert = Alert("a1", key, AlertState.UNACKNOWLEDGED, Priority.HIGH, 1.0, 2.0, 1, "Drone", "seen", 1, None)
    (said,) = told(Adapter(Settings(), CONTEXT), alert)
    assert (said["type"], said["priority"], said["state"], said["number"]) == ("alert", "high", "unacknowledged", 1)


def test_a_broker_carries_each_track_as_a_message(tmp_path: Path) -> None:
    port, got = free_port(), []
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_message = lambda _client, _data, message: got.append(json.loads(message.payload))

    async def carry() -> None:
        async with mosquitto(tmp_path, port):
            client.connect("127.0.0.1", port)
            ready = asyncio.Event()
            loop = asyncio.get_running_loop()
            client.on_subscribe = lambda *_: loop.call_soon_threadsafe(ready.set)
            client.subscribe("site/tracks")
            client.loop_start()
            try:
                async with asyncio.timeout(20.0), open_sink(f"mqtt://127.0.0.1:{port}/site/tracks", "house") as sink:
                    await ready.wait()
                    for packet in Adapter(Settings(), CONTEXT).encode(picture(5.0, ("a", "b"))):
                        sink.try_send(packet.data)
                    while len(got) < 2:
                        await asyncio.sleep(0.02)
            finally:
                client.disconnect()
                client.loop_stop()

    asyncio.run(carry())
    assert [said["uid"] for said in got] == ["a", "b"]
