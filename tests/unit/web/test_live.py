"""Live: whole frames, the newest wins, and the last minutes for one who comes late."""

from base64 import b64encode
from hashlib import sha256

import msgspec
import pytest

from tocsin.web import live as lives
from tocsin.web import newest
from tocsin.web.batch import HEAD, pack_tracks
from tocsin.web.live import FRAME, KEPT, SCHEMA, Kind, Live
from unit.web.examples import ORIGIN, TIME_S, FixedViews, client, picture

pytestmark = pytest.mark.anyio


def frames(data: bytes) -> list[tuple[Kind, bytes]]:
    found = []
    while data:
        length, kind, schema, reserved = FRAME.unpack_from(data)
        assert (schema, reserved) == (SCHEMA, 0)
        found.append((Kind(kind), data[FRAME.size : FRAME.size + length]))
        data = data[FRAME.size + length :]
    return found


async def test_a_new_reader_gets_the_whole_state_at_once() -> None:
    live = Live(FixedViews(), 10.0)
    reader = live.read()
    got = dict([frames(await anext(reader))[0] for _ in range(8)])
    assert set(got) == set(Kind) - {Kind.BEAT, Kind.REPORT}
    assert got[Kind.TRACKS] == pack_tracks(picture(), ORIGIN)
    assert msgspec.json.decode(got[Kind.SITE])["name"] == "North pier"
    threats = msgspec.json.decode(got[Kind.THREATS])
    assert [threat["uid"] for threat in threats] == ["01J1", "01J0"]  # most pressing first
    await reader.aclose()
    assert live.readers == 0


async def test_a_slow_reader_gets_the_newest_and_a_quiet_one_a_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest, "BEAT_S", 0.01)
    views = FixedViews()
    live = Live(views, 10.0)
    reader = live.read()
    for _ in range(8):
        await anext(reader)
    for sequence in (8, 9, 10):
        views.show(sequence)
        live.look(wanted=True)
    (kind, payload), *rest = frames(await anext(reader))
    assert kind is Kind.TRACKS and not rest
    assert HEAD.unpack_from(payload)[1] == 10
    assert live.skipped == 2
    assert frames(await anext(reader)) == [(Kind.BEAT, b"")]
    await reader.aclose()


async def test_history_is_kept_a_second_apart_also_without_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "HISTORY_PICTURES", 3)
    views = FixedViews()
    live = Live(views, 10.0)
    for tenth in range(60):
        views.latest = msgspec.structs.replace(views.latest, time_s=TIME_S + 0.1 * tenth, sequence=tenth)
        live.look(wanted=False)
    kept = frames(live.history())
    assert [kind for kind, _ in kept] == [Kind.ALERTS, *KEPT * 3]  # alerts only where they changed
    times = [HEAD.unpack_from(payload)[0] - TIME_S for kind, payload in kept if kind is Kind.TRACKS]
    assert times == pytest.approx([3.0, 4.0, 5.0], abs=0.21)


async def test_over_http() -> None:
    async with client() as web:
        answer = await web.get("/api/history")
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/octet-stream"
        assert (await web.get("/api/tracks/T2")).json()["track"]["label"] == "T2"
        assert (await web.get("/api/tracks/T99")).json() == {"error": "no track 'T99' now", "field": "name"}
        assert (await web.get("/api/report")).status_code == 404
        assert (await web.get("/api/statements")).json() == []


async def test_the_incident_record_is_a_page_that_may_do_nothing() -> None:
    async with client() as web:
        answer = await web.get("/record")
    assert answer.status_code == 200 and "what was seen" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    digest = b64encode(sha256(b"p { color: red }").digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
