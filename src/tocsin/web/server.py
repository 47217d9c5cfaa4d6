"""Server: the app on its socket, inside the service's own event loop.

Signals stay the service's business. When the task is cancelled the streams end, open requests get a second to finish,
and the socket is closed before `serve` returns.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import nullcontext

import uvicorn
from starlette.applications import Starlette

from tocsin.model.errors import TocsinError
from tocsin.web.settings import Settings

PATIENCE_S = 1
LARGEST_BYTES = 1024  # of a message that a page sends; it has nothing to say


async def serve(app: Starlette, settings: Settings, on_listening: Callable[[str], None] | None = None) -> None:
    """Serve until cancelled; `on_listening` gets the URL. TocsinError if the port cannot be had."""
    opened = _listening(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="websockets-sansio",
        ws_max_size=LARGEST_BYTES,
        ws_per_message_deflate=False,  # the frames are packed; the time is not ours to spend
        timeout_graceful_shutdown=PATIENCE_S,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        opened.close()
        raise TocsinError(f"web.certificate, web.key: {settings.certificate}, {settings.key}: {error}") from error
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve(sockets=[opened]))
    try:
        if on_listening is not None:
            host, port = opened.getsockname()[:2]
            scheme = "https" if config.is_ssl else "http"
            on_listening(f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/")
        await asyncio.wait([task])
        task.result()
    finally:
        app.state.close_streams()  # else uvicorn would wait for the streams to end by themselves
        server.should_exit = True
        await asyncio.wait([task])
        opened.close()


def check_port(settings: Settings) -> None:
    """Raise TocsinError if the page could not listen where the settings say."""
    _listening(settings).close()


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((settings.host, settings.port))
        opened.listen(128)
        opened.setblocking(False)
    except OSError as error:
        opened.close()
        raise TocsinError(
            f"the screen cannot listen on {settings.host}:{settings.port}: {error.strerror or error}; "
            "web.host and web.port of the site file name another (for the demo, --port)"
        ) from error
    return opened
