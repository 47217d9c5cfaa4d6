"""The description of the API speaks of every route there is, and of what they answer."""

import msgspec
import pytest
from starlette.routing import Route

from tocsin.web.openapi import READING, describe
from tocsin.web.routes import make_routes
from tocsin.web.settings import Settings
from unit.web.examples import FixedViews, Journal, client

pytestmark = pytest.mark.anyio


def test_every_route_is_described_and_nothing_else() -> None:
    routes = make_routes(Journal().submit, FixedViews(), None, None, Settings())  # type: ignore[arg-type]
    paths = {route.path for route in routes if isinstance(route, Route)}
    assert paths - {"/api/openapi.json"} == set(describe("0.0.0")["paths"])


async def test_what_is_answered_is_what_is_described() -> None:
    async with client() as web:
        described = (await web.get("/api/openapi.json")).json()
        assert described["openapi"] == "3.1.0" and described["info"]["version"] == "0.0.0"
        for path, (_, kind, media) in READING.items():
            if media != "application/json" or path == "/api/report":
                continue
            answer = await web.get(path.replace("{name}", "T2"))
            msgspec.json.decode(answer.content, type=kind)
    track = described["components"]["schemas"]["TrackView"]["properties"]
    assert track["course_deg"]["anyOf"] == [{"type": "number"}, {"type": "null"}]
    assert described["paths"]["/api/commands"]["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Command"
    }
