"""Page: the web app as a task that listens by the time it is handed over."""

import asyncio

from starlette.applications import Starlette

from tocsin.web.server import serve
from tocsin.web.settings import Settings


async def open_page(app: Starlette, settings: Settings) -> tuple[asyncio.Task[None], str]:
    """The task that serves `app` until it is cancelled, and its URL. TocsinError if the port cannot be had."""
    urls: list[str] = []
    listening = asyncio.Event()

    def told(url: str) -> None:
        urls.append(url)
        listening.set()

    task = asyncio.create_task(serve(app, settings, told), name="web")
    task.add_done_callback(lambda _: listening.set())
    try:
        await listening.wait()
    except asyncio.CancelledError:
        await close_page(task)
        raise
    if not urls:
        task.result()
    return task, urls[0]


async def close_page(task: asyncio.Task[None]) -> None:
    """End the task and wait until its socket is closed."""
    task.cancel()
    await asyncio.wait([task])
