"""The web app: the API, the stream and the built screen behind the guard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from tocsin.model.views import Views
from tocsin.web.guard import SIGHTING, Guard
from tocsin.web.live import Live
from tocsin.web.login import Door
from tocsin.web.openapi import ErrorAnswer
from tocsin.web.operators import Operators
from tocsin.web.routes import NO_SIGHTINGS, Report, Submit, make_routes
from tocsin.web.settings import Settings, check_reach, read_token
from tocsin.web.stream import Stream

STATIC = Path(__file__).parent / "static"
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Tocsin</title>
<h1>Tocsin is running, but its screen was not built</h1>
<p>Build it with <code>npm ci &amp;&amp; npm run build</code> in the folder <code>ui</code>, or install a released
package, which holds it. Meanwhile everything can be read as JSON:
<a href="/api/picture">picture</a>, <a href="/api/alerts">alerts</a>, <a href="/api/sensors">sensors</a>,
<a href="/api/site">site</a>, <a href="/api/statistics">statistics</a>, and as a stream of events from
<a href="/stream">/stream</a>.</p>
</html>
"""
_NOT_FOUND = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tocsin: no such page</title>
<h1>There is no such page</h1>
<p><a href="/">The screen</a> stands here, and <a href="/api/openapi.json">what programs may read</a>.</p>
</html>
"""
_NO_SIGHTINGS = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tocsin: no reports here</title>
<h1>Reports are not taken here</h1>
<p>{NO_SIGHTINGS[0].upper()}{NO_SIGHTINGS[1:]}: a sensor with the adapter <code>sightings</code> in the site file. In an
emergency call the number you know.</p>
</html>
"""


def make_app(
    submit: Submit, views: Views, settings: Settings, static: Path = STATIC, report: Report | None = None
) -> Starlette:
    """The app, to be served by `server.serve`. TocsinError if others can reach it and it would not ask who they are.

    `submit` returns once the command is journalled on disk, and raises TocsinError if it cannot be.
    `report` takes a sighting; None where the site takes none.
    """
    check_reach(settings)
    token = read_token(settings)
    door = Door(Operators(Path(settings.operators))) if settings.operators is not None else None
    stream = Stream(views, settings.stream_hz)
    live = Live(views, settings.stream_hz)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(source.run()) for source in (stream, live)]
        try:
            yield
        finally:
            app.state.close_streams()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    app = Starlette(
        routes=[
            *(door.routes() if door else ()),
            *make_routes(submit, views, stream, live, settings, report),
            *(() if report else (Route(SIGHTING, _no_sightings),)),
            _screen(static),
        ],
        middleware=[Middleware(Guard, settings=settings, token=token, door=door)],
        exception_handlers={404: _not_found},
        lifespan=lifespan,
    )

    def close_streams() -> None:
        stream.close()
        live.close()

    app.state.stream, app.state.live, app.state.close_streams = stream, live, close_streams
    return app


async def _not_found(request: Request, error: Exception) -> Response:
    path = request.url.path
    if path.startswith("/api/"):
        return Response(msgspec.json.encode(ErrorAnswer(f"there is no {path!r}")), 404, media_type="application/json")
    return HTMLResponse(_NOT_FOUND, 404)


async def _no_sightings(request: Request) -> Response:
    return HTMLResponse(_NO_SIGHTINGS, 404)


def _screen(static: Path) -> BaseRoute:
    if (static / "index.html").is_file():
        return Mount("/", StaticFiles(directory=static, html=True))

    async def not_built(request: Request) -> Response:
        return HTMLResponse(_NOT_BUILT)

    return Route("/", not_built)
