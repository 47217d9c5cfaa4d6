import asyncio
import socket

import httpx
import pytest
from starlette.applications import Starlette

from small_site import small_site
from tocsin.model.errors import TocsinError
from tocsin.service.page import close_page, open_page
from tocsin.service.views import SiteViews
from tocsin.web.app import make_app
from tocsin.web.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def submit(command) -> int:
    return 1


def app() -> Starlette:
    return make_app(submit, SiteViews(small_site()), Settings())


async def test_the_page_listens_when_it_is_handed_over_and_is_gone_when_closed() -> None:
    before = asyncio.all_tasks()
    task, url = await open_page(app(), Settings(port=0))
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{url}api/site")).json()["name"] == "Test pier"
    await close_page(task)
    assert asyncio.all_tasks() == before
    with socket.create_server(("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))):
        pass  # the port is free again


async def test_a_port_in_use_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(TocsinError, match="cannot listen on 127.0.0.1:.*in use"):
            await open_page(app(), Settings(port=other.getsockname()[1]))
