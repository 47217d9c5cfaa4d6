"""Routes: what the web answers. Reading gives the views as JSON; the one thing that can be asked for is a command.

`POST /api/commands` takes a Command as JSON and answers 200 only after `submit` has returned, which is after the
command is on disk; after `answer_s` the call of `submit` is cancelled. Every error is JSON with `error`, and `field`
where one field is to blame. 400: not a command; 403: the role of whoever is logged in may not ask for it; 409: a stage
refuses it (no such alert, not in this state, an id that another command had); 413, 415: not a body we take; 503: the
journal refused; 504: no word from the journal in time, so that the sender has to ask again with the same `id` (a
repeated command does nothing twice). `POST /api/sightings` takes what a person saw (`formats/sighting.py`) the same
way, for a site that has a sensor with the adapter `sightings`.
"""

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tocsin.formats.sighting import SightingError, read_sighting, write_sighting
from tocsin.model.command import Command
from tocsin.model.errors import UNREADABLE, RefusedError, TocsinError
from tocsin.model.views import Views
from tocsin.web.guard import PROGRAM
from tocsin.web.live import Live
from tocsin.web.login import PERSON, me
from tocsin.web.openapi import FRAMES, CommandAnswer, ErrorAnswer, describe
from tocsin.web.operators import may
from tocsin.web.page_policy import page_policy
from tocsin.web.settings import Settings
from tocsin.web.socket import follow
from tocsin.web.stream import Stream

Answer = Callable[[Request], Awaitable[Response]]
NO_SIGHTINGS = "this site takes no reports from people here; its keepers can set that up"
Report = Callable[[bytes], Awaitable[int]]  # the sequence of the sighting's packet, once it has its place
Submit = Callable[[Command], Awaitable[int]]  # the sequence of the command's packet, once it is journalled on disk
_COMMAND = msgspec.json.Decoder(Command)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NO_STORE = {"cache-control": "no-store"}
_NEVER_EMPTY = ("id", "author")
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_SHOWN = ("id", "author", "target", "value", "reason")  # on screens, in terminals and in records


def make_routes(
    submit: Submit, views: Views, stream: Stream, live: Live, settings: Settings, report: Report | None = None
) -> list[Route | WebSocketRoute]:
    """All routes under /api, and /stream."""

    def full() -> Response | None:
        if stream.readers + live.readers < settings.clients:
            return None
        return _json(ErrorAnswer(f"{settings.clients} streams are open already"), 503)

    def streaming(source: Stream | Live, media_type: str) -> Answer:
        async def answer(request: Request) -> Response:
            return full() or StreamingResponse(source.read(), media_type=media_type, headers=_NO_STORE)

        return answer

    async def socket(websocket: WebSocket) -> None:
        if (refusal := full()) is not None:
            await websocket.send_denial_response(refusal)
            return
        await follow(websocket, live.read())

    async def history(request: Request) -> Response:
        return Response(live.history(), media_type=FRAMES, headers=_NO_STORE)

    return [
        Route("/api/commands", _commands(submit, settings), methods=["POST"]),
        Route("/api/sightings", _sightings(report, settings), methods=["POST"]),
        *_reading(views),
        Route("/api/history", history),
        Route("/api/live", streaming(live, FRAMES)),
        WebSocketRoute("/api/live", socket),
        Route("/stream", streaming(stream, "text/event-stream")),
    ]


def _commands(submit: Submit, settings: Settings) -> Answer:
    async def answer(request: Request) -> Response:
        try:
            command = _asked_by(request, read_command(await _body(request, settings.command_bytes)))
        except _RefusedError as refused:
            return _json(refused.answer, refused.status)
        try:
            async with asyncio.timeout(settings.answer_s):
                sequence = await submit(command)
        except TimeoutError:
            return _json(ErrorAnswer("not known to be on disk yet; send it again with the same id"), 504)
        except RefusedError as error:
            return _json(ErrorAnswer(str(error)), 409)
        except TocsinError as error:
            return _json(ErrorAnswer(str(error)), 503)
        return _json(CommandAnswer(command.id, sequence))

    return answer


def _sightings(report: Report | None, settings: Settings) -> Answer:
    async def answer(request: Request) -> Response:
        person = request.scope.get(PERSON)
        if report is None:
            return _json(ErrorAnswer(NO_SIGHTINGS), 404)
        if person is PROGRAM:
            return _json(ErrorAnswer("a program's token may only read"), 403)
        try:
            body = await _body(request, settings.command_bytes)
            sighting = read_sighting(body)
        except _RefusedError as refused:
            return _json(refused.answer, refused.status)
        except SightingError as error:
            return _json(ErrorAnswer(str(error), _field_in(str(error))), 400)
        if person is not None:
            sighting = msgspec.structs.replace(sighting, author=person.name)
        try:
            async with asyncio.timeout(settings.answer_s):
                sequence = await report(write_sighting(sighting))
        except TimeoutError:
            return _json(ErrorAnswer("not known to be taken yet; send it again with the same id"), 504)
        except TocsinError as error:
            return _json(ErrorAnswer(str(error)), 503)
        return _json(CommandAnswer(sighting.id, sequence))

    return answer


def _asked_by(request: Request, command: Command) -> Command:
    """The command under the name of whoever is logged in; refused if that role may not ask for it."""
    person = request.scope.get(PERSON)
    if person is None:
        return command
    if not may(person.role, command.kind):
        raise _RefusedError(403, f"the role {person.role.value} may not ask for {command.kind.value}", "kind")
    return msgspec.structs.replace(command, author=person.name)


def _reading(views: Views) -> list[Route]:
    def whole(view: Callable[[], Any]) -> Answer:
        async def answer(request: Request) -> Response:
            return _json(view())

        return answer

    async def track(request: Request) -> Response:
        name = request.path_params["name"]
        found = views.track(name)
        return _json(ErrorAnswer(f"no track {name!r} now", "name"), 404) if found is None else _json(found)

    async def record(request: Request) -> Response:
        page = views.record()
        if page is None:
            return _json(ErrorAnswer("there is no incident record yet"), 404)
        return HTMLResponse(page, headers=_NO_STORE | {"content-security-policy": page_policy(page)})

    async def report(request: Request) -> Response:
        found = views.report()
        return _json(ErrorAnswer("there is no report yet"), 404) if found is None else _json(found)

    return [
        Route("/api/picture", whole(views.picture)),
        Route("/api/alerts", whole(views.alerts)),
        Route("/api/load", whole(views.load)),
        Route("/api/warnings", whole(views.warnings)),
        Route("/api/warning-path", whole(views.warning_path)),
        Route("/api/sensors", whole(views.sensors)),
        Route("/api/cues", whole(views.cues)),
        Route("/api/claims", whole(views.claims)),
        Route("/api/statements", whole(views.statements)),
        Route("/api/site", whole(views.site)),
        Route("/api/statistics", whole(views.statistics)),
        Route("/api/tracks/{name}", track),
        Route("/api/report", report),
        Route("/record", record),
        Route("/api/me", me),
        Route("/api/openapi.json", whole(lambda: describe(views.site().version))),
    ]


def read_command(body: bytes) -> Command:
    """The command in `body`; an error names the field."""
    try:
        command = _COMMAND.decode(body)
        fields = _FIELDS.decode(body)
    except UNREADABLE as error:
        raise _RefusedError(400, str(error), _field_in(str(error))) from error
    unknown = sorted(fields.keys() - set(Command.__struct_fields__))
    if unknown:
        raise _RefusedError(400, f"unknown field `{unknown[0]}`", unknown[0])
    for field in _NEVER_EMPTY:
        if not getattr(command, field).strip():
            raise _RefusedError(400, f"`{field}` must not be empty", field)
    for field in _SHOWN:
        if any(_is_hidden(character) for character in getattr(command, field)):
            raise _RefusedError(400, f"`{field}` holds a control character", field)
    return command


def _is_hidden(character: str) -> bool:
    """A control character, or one that turns what is read around (bidirectional embedding, override, isolate)."""
    return unicodedata.category(character) == "Cc" or unicodedata.bidirectional(character) in _TURNING


def _field_in(error: str) -> str:
    """The field that a decoder's error speaks of; "" for the whole."""
    missing = error.removeprefix("Object missing required field `")
    if missing != error:
        return missing.partition("`")[0]
    return error.partition(" - at `$.")[2].removesuffix("`")


class _RefusedError(TocsinError):
    """A request that is answered with an error."""

    def __init__(self, status: int, error: str, field: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.answer = ErrorAnswer(error, field)


async def _body(request: Request, limit_bytes: int) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _RefusedError(415, f"Content-Type must be application/json, not {kind!r}")
    too_long = _RefusedError(413, f"a command has {limit_bytes} bytes at most")
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > limit_bytes:
        raise too_long
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit_bytes:
            raise too_long
    return bytes(body)


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json", headers=_NO_STORE)
