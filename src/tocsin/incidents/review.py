"""Review: a page on which a person reads the story beside the proposals and decides on each with one key.

The app serves three files of its own and the draft as JSON, and takes one decision at a time, which it writes into the
draft file at once (a new file in its place, so that a crash leaves the old or the new one whole; comments in the file
are not kept). It makes no records: that is what accepting the draft is for. It knows no socket; whoever serves it puts
it behind the guard that refuses other sites and sets the security headers.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, Literal

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from tocsin.incidents.draft import Draft, Item, parse_draft, read_draft, toml, verdict
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.statement import Stance

_PAGE = Path(__file__).parent / "page"
_FILES = {"/": "review.html", "/review.js": "review.js", "/review.css": "review.css"}
_LARGEST_BYTES = 100_000
_FIXED = ("id", "verdict", "changed", "seal", "span", "spans", "pieces", "reason")


class Deciding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page asks for: a verdict on the proposal `id`, with its edited fields."""

    id: str
    verdict: Literal["", "accepted", "edited", "rejected"]
    fields: dict[str, Any] = {}
    reason: str = ""


def make_review(path: Path, middleware: list[Middleware] | None = None) -> Starlette:
    """The app for the draft in `path`; TocsinError if it cannot be read."""
    read_draft(path)

    async def draft(_: Request) -> Response:
        try:
            return JSONResponse(await run_in_threadpool(shown, path), headers={"cache-control": "no-store"})
        except TocsinError as error:
            return _refused(str(error))

    async def decide(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return _refused("a decision is JSON", 415)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BYTES:
                return _refused("a decision is shorter", 413)
        try:
            deciding = msgspec.json.decode(body, type=Deciding)
            await run_in_threadpool(record_decision, path, deciding)
        except (*UNREADABLE, TocsinError) as error:
            return _refused(str(error))
        return JSONResponse(await run_in_threadpool(shown, path), headers={"cache-control": "no-store"})

    async def file(request: Request) -> Response:
        return FileResponse(_PAGE / _FILES[request.url.path], headers={"cache-control": "no-cache"})

    routes = [Route(name, file) for name in _FILES]
    return Starlette(
        routes=[*routes, Route("/draft", draft), Route("/decide", decide, methods=["POST"])],
        middleware=middleware or [],
    )


def shown(path: Path) -> dict[str, Any]:
    """What the page shows of the draft: the story's text, and each proposal with its place and fields."""
    draft = read_draft(path)
    items = []
    for place, item in draft.items():
        editable = [
            name for name in item.__struct_fields__ if name not in _FIXED and isinstance(getattr(item, name), str)
        ]
        fields = {name: msgspec.to_builtins(getattr(item, name)) for name in item.__struct_fields__}
        items.append(
            {"place": place, "table": place.partition("[")[0], "fields": fields, "editable": editable}
            | {"verdict": item.verdict, "standing": verdict(item), "id": item.id}
        )
    return {"file": path.name, "text": story(draft, path), "items": items, "stances": list(Stance)}


def story(draft: Draft, path: Path) -> str:
    """The text that the draft in `path` was made from; "" if it has none, TocsinError if it is another one now."""
    origin = draft.origin
    if origin is None or not origin.media_type.startswith("text/plain"):
        return ""
    name = Path(origin.file).name  # beside the draft and nowhere else
    try:
        content = (path.parent / name).read_bytes()
    except OSError as error:
        raise TocsinError(f"origin.file: {name} cannot be read beside the draft: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != origin.sha256:
        raise TocsinError(f"origin.sha256: {name} is not the text the draft was made from")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TocsinError(f"origin.file: {name} is not UTF-8") from error


def record_decision(path: Path, deciding: Deciding) -> None:
    """Write one decision into the draft file; TocsinError if it does not fit."""
    draft = read_draft(path)
    for place, item in draft.items():
        if item.id == deciding.id:
            table = f"{place.partition('[')[0]}s"
            rows = tuple(_decided(row, deciding) if row.id == item.id else row for row in getattr(draft, table))
            _write(path, msgspec.structs.replace(draft, **{table: rows}))
            return
    raise TocsinError(f"{deciding.id}: there is no such proposal")


def _decided(item: Item, deciding: Deciding) -> Item:
    fields = {name: getattr(item, name) for name in item.__struct_fields__}
    for name, value in deciding.fields.items():
        if name not in fields or name in _FIXED:
            raise TocsinError(f"{deciding.id}.{name}: cannot be edited")
        fields[name] = value
    changed = sorted(name for name in deciding.fields if fields[name] != getattr(item, name))
    fields["verdict"] = "edited" if changed and deciding.verdict == "accepted" else deciding.verdict
    fields["changed"] = tuple(sorted({*item.changed, *changed})) if fields["verdict"] == "edited" else ()
    fields["reason"] = deciding.reason or item.reason
    try:
        return msgspec.convert(fields, type(item))
    except (msgspec.ValidationError, RecursionError) as error:
        raise TocsinError(f"{deciding.id}: {error}") from error


def _write(path: Path, draft: Draft) -> None:
    content = toml(draft).encode()
    parse_draft(content)  # a draft that could not be read again is not written
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise TocsinError(f"{path}: cannot be written: {error.strerror}") from error


def _refused(reason: str, status: int = 400) -> Response:
    return JSONResponse({"error": reason}, status, headers={"cache-control": "no-store"})
