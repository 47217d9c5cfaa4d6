"""The app: reading, and the start page with and without a built screen."""

from pathlib import Path

import pytest

from unit.web.examples import client

pytestmark = pytest.mark.anyio


async def test_reading() -> None:
    async with client() as web:
        picture = (await web.get("/api/picture")).json()
        assert picture["time"] == "2023-11-14T22:13:20.250Z" and picture["tracks"][0]["label"] == "T1"
        assert (await web.get("/api/alerts")).json() == []
        assert (await web.get("/api/sensors")).json() == []
        assert (await web.get("/api/site")).json()["name"] == "North pier"
        assert (await web.get("/api/statistics")).json() == {"tracking": {"scans": 3}}
        nothing = await web.get("/api/nothing")
        assert (nothing.status_code, nothing.json()["error"]) == (404, "there is no '/api/nothing'")
        assert '<a href="/">The screen</a>' in (await web.get("/nothing")).text
        assert (await web.get("/api/commands")).status_code == 405


async def test_the_start_page_without_and_with_a_built_screen(tmp_path: Path) -> None:
    async with client() as web:
        page = await web.get("/")
        assert page.status_code == 200 and "screen was not built" in page.text and "npm run build" in page.text
    (tmp_path / "index.html").write_text("<!doctype html><title>map</title>")
    (tmp_path / "map.js").write_text("start()")
    async with client(static=tmp_path) as web:
        assert "<title>map</title>" in (await web.get("/")).text
        assert (await web.get("/map.js")).text == "start()"
        assert (await web.get("/..%2f..%2fetc/passwd")).status_code == 404
        assert (await web.get("/api/picture")).status_code == 200
