"""OpenAPI: the description of the API, made from the views and commands themselves.

`describe` gives an OpenAPI 3.1 document; the schemas are msgspec's of the very types that are answered and taken.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from tocsin.formats.sighting import Sighting
from tocsin.model.command import Command
from tocsin.model.views import (
    AlertView,
    ClaimView,
    CueView,
    LoadView,
    PictureView,
    SensorView,
    SiteView,
    StatementView,
    TrackDetailView,
    WarningPathView,
    WarningView,
)
from tocsin.web.login import Me

JSON = "application/json"
FRAMES = "application/octet-stream"


class CommandAnswer(msgspec.Struct, frozen=True):
    """The command is on disk: its id and the sequence of its packet."""

    id: str
    sequence: int


class ErrorAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was wrong, and with which field."""

    error: str
    field: str = ""


# Path: what it answers, the type of that, and the content type.
READING: dict[str, tuple[str, Any, str]] = {
    "/api/site": ("The site: what is protected, and what feeds it", SiteView, JSON),
    "/api/picture": ("All tracks and threats of now; null before the first", PictureView | None, JSON),
    "/api/tracks/{name}": ("One track, by its label or uid", TrackDetailView, JSON),
    "/api/alerts": ("All alerts as they stand", list[AlertView], JSON),
    "/api/load": ("What operators had to bear since the start; null before the first second", LoadView | None, JSON),
    "/api/warnings": ("What people outside were told, and by which channel", list[WarningView], JSON),
    "/api/warning-path": ("How the way to people does; null without channels", WarningPathView | None, JSON),
    "/api/sensors": ("Each sensor's health and what it covers", list[SensorView], JSON),
    "/api/cues": ("Bearings without a range, of the last moments", list[CueView], JSON),
    "/api/claims": ("What senders say of themselves, each with a verdict and its reasons", list[ClaimView], JSON),
    "/api/statements": ("What people and agencies said", list[StatementView], JSON),
    "/api/statistics": ("Counters of every stage", dict[str, Any], JSON),
    "/api/me": ("Who asks, and what will be taken from them", Me, JSON),
    "/api/report": ("Figures at the end of a story; 404 before", dict[str, Any], JSON),
    "/record": ("The incident record of a story that has ended, as a page; 404 before", None, "text/html"),
    "/api/history": ("Frames of the last minutes", None, FRAMES),
    "/api/live": ("Frames without end: the stream of the screen; as a WebSocket, a frame a message", None, FRAMES),
    "/stream": ("Server-sent events: picture, alerts, sensors", None, "text/event-stream"),
}


def describe(version: str) -> Mapping[str, Any]:
    """The whole description."""
    types = [kind for _, kind, _ in READING.values() if kind is not None]
    schemas, components = msgspec.json.schema_components(
        [*types, Command, CommandAnswer, ErrorAnswer, Sighting], ref_template="#/components/schemas/{name}"
    )
    command, answer, error, sighting = schemas[-4:]
    reading = dict(zip([path for path, (_, kind, _) in READING.items() if kind is not None], schemas, strict=False))
    refused = {"description": "Why not", "content": {JSON: {"schema": error}}}
    paths: dict[str, Any] = {}
    for path, (summary, _, media) in READING.items():
        found = {"description": summary, "content": {media: {"schema": reading.get(path, {"type": "string"})}}}
        operation: dict[str, Any] = {"summary": summary, "responses": {"200": found, "default": refused}}
        if "{name}" in path:
            operation["parameters"] = [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]
        paths[path] = {"get": operation}
    paths["/api/commands"] = {
        "post": {
            "summary": "Ask something of the line; answered once it is on disk. A repeated id does nothing twice",
            "requestBody": {"required": True, "content": {JSON: {"schema": command}}},
            "responses": {
                "200": {"description": "It is on disk", "content": {JSON: {"schema": answer}}},
                "default": refused,
            },
        }
    }
    paths["/api/sightings"] = {
        "post": {
            "summary": "Report what a person saw or heard; 404 where the site takes none. A repeated id is the same",
            "requestBody": {"required": True, "content": {JSON: {"schema": sighting}}},
            "responses": {
                "200": {"description": "It has its place in the recording", "content": {JSON: {"schema": answer}}},
                "default": refused,
            },
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tocsin", "version": version},
        "paths": paths,
        "components": {"schemas": components},
    }
