"""Commands: answered once they are on disk, refused with the field that is wrong."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tocsin.formats.sighting import read_sighting
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import TocsinError
from tocsin.web.app import make_app
from tocsin.web.routes import read_command
from tocsin.web.settings import Settings
from unit.web.examples import FixedViews, Journal, client

pytestmark = pytest.mark.anyio
GOOD = {"id": "c1", "kind": "acknowledge", "author": "ada", "target": "a1"}


async def test_a_command_is_answered_only_once_it_is_on_disk() -> None:
    journal = Journal()
    journal.on_disk.clear()
    async with client(journal) as web:
        request = asyncio.create_task(web.post("/api/commands", json=GOOD))
        while not journal.got:
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        assert not request.done()
        journal.on_disk.set()
        response = await request
    assert (response.status_code, response.json()) == (200, {"id": "c1", "sequence": 42})
    assert journal.got == [Command("c1", CommandKind.ACKNOWLEDGE, "ada", "a1")]


async def test_a_journal_that_refuses_or_hangs_is_told_to_the_sender() -> None:
    journal = Journal()
    journal.error = TocsinError("the journal could not be written: disk full")
    async with client(journal, Settings(answer_s=0.02)) as web:
        response = await web.post("/api/commands", json=GOOD)
        assert (response.status_code, response.json()["error"]) == (503, str(journal.error))
        journal.on_disk.clear()
        response = await web.post("/api/commands", json=GOOD)
        assert response.status_code == 504 and "same id" in response.json()["error"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**GOOD, "kind": "fire"}, "kind"),
        ({**GOOD, "until_s": "soon"}, "until_s"),
        ({**GOOD, "colour": "red"}, "colour"),
        ({**GOOD, "author": " "}, "author"),
        ({"id": "c1", "kind": "note"}, "author"),
        ([GOOD], ""),
        ("note", ""),
    ],
)
async def test_a_wrong_command_is_refused_with_the_field(body: object, field: str) -> None:
    journal = Journal()
    async with client(journal) as web:
        response = await web.post("/api/commands", json=body)
    assert response.status_code == 400
    assert response.json().get("field", "") == field and response.json()["error"]
    assert journal.got == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (msgspec.json.encode(GOOD), "text/plain", 415),
        (msgspec.json.encode(GOOD), "application/x-www-form-urlencoded", 415),
        (msgspec.json.encode({**GOOD, "reason": "x" * 70_000}), "application/json", 413),
        (b'{"id": "c1", "kind": "note", "author": "\\ud800"}', "application/json", 400),
        (b'{"id": "c1", "kind": "note", "author": "\xff"}', "application/json", 400),
        (b"", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
    ],
)
async def test_a_wrong_body_is_refused(content: bytes, kind: str, status: int) -> None:
    journal = Journal()
    async with client(journal) as web:
        response = await web.post("/api/commands", content=content, headers={"content-type": kind})
    assert response.status_code == status and journal.got == []


@pytest.mark.parametrize("hidden", ["\n", "\u001b[31m", "\u202e", "\u2066", "\u2069"])
@pytest.mark.parametrize("field", ["id", "author", "target", "value", "reason"])
def test_control_characters_are_refused_by_field(field: str, hidden: str) -> None:
    fields = {"id": "c", "kind": "acknowledge", "author": "Nowak", "target": "A1", field: f"x{hidden}y"}
    with pytest.raises(TocsinError, match=f"`{field}` holds a control character"):
        read_command(msgspec.json.encode(fields))


# ---- sightings -------------------------------------------------------------------------------------------------------

SEEN = {
    "id": "ph-1",
    "author": "Gate guard",
    "time": "2026-03-01T10:00:00Z",
    "latitude_deg": 54.6,
    "longitude_deg": 18.8,
}


def sighting_client(report: Any) -> httpx.AsyncClient:
    app = make_app(Journal().submit, FixedViews(), Settings(), Path("/nowhere"), report)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")


async def test_a_sighting_is_handed_over_as_it_was_told() -> None:
    told: list[bytes] = []

    async def report(data: bytes) -> int:
        told.append(data)
        return 41

    async with sighting_client(report) as web:
        answer = await web.post("/api/sightings", json={**SEEN, "azimuth_deg": 40})
        assert (answer.status_code, answer.json()) == (200, {"id": "ph-1", "sequence": 41})
        for more, field in (({"azimuth_deg": 400}, "azimuth_deg"), ({"author": ""}, None), ({"pilot": "x"}, None)):
            refused = await web.post("/api/sightings", json={**SEEN, **more})
            assert refused.status_code == 400
            assert field is None or refused.json()["field"] == field
        assert (await web.post("/api/sightings", content=b"{}")).status_code == 415
        assert (await web.get("/api/sightings")).status_code == 405
    (one,) = told
    assert read_sighting(one).azimuth_deg == 40.0


async def test_a_site_that_takes_no_sightings_says_so() -> None:
    async with sighting_client(None) as web:
        answer = await web.post("/api/sightings", json=SEEN)
    assert answer.status_code == 404
    assert "takes no reports" in answer.json()["error"]


async def test_a_line_that_has_ended_takes_none() -> None:
    async def report(data: bytes) -> int:
        raise TocsinError("the line has ended")

    async with sighting_client(report) as web:
        assert (await web.post("/api/sightings", json=SEEN)).status_code == 503


async def test_a_body_that_is_announced_too_long_is_refused_before_it_comes() -> None:
    async def report(data: bytes) -> int:
        raise AssertionError

    async with sighting_client(report) as web:
        headers = {"content-type": "application/json", "content-length": "99999999999"}
        answer = await web.post("/api/sightings", content=b"{", headers=headers)
    assert answer.status_code == 413
