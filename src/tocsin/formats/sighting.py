"""A sighting: what a person saw or heard, as one JSON object; Tocsin's own form, for the phone page and for programs.

`read_sighting` answers the fields, checked; `SightingError` names the one that cannot be meant. Degrees are clockwise
from true north and up from the horizon; `time` is when it was seen, ISO 8601 in UTC.
"""

import math
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.model.errors import UNREADABLE, TocsinError

Text = Annotated[str, Meta(max_length=2000)]
Short = Annotated[str, Meta(max_length=200)]


class SightingError(TocsinError):
    """Bytes that are no sighting."""


class Sighting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What one person reports.

    id: given by whoever sends it; a repeat with the same id is the same sighting
    author: who saw it, as they want to be called
    time: when, ISO 8601 with Z
    latitude_deg, longitude_deg: where they stood
    accuracy_m: how well that is known, one standard deviation
    azimuth_deg: which way it was, clockwise from true north; left out if they could not tell
    azimuth_sigma_deg: how well that is known; left out, as people are used to be
    elevation_deg: how high above the horizon
    elevation_sigma_deg: how well that is known
    means: "seen" or "heard"
    what: what it was, in one word of the site's class words ("drone", "aeroplane", "bird"), "" if they cannot say
    words: what they say of it
    photo: where a picture of it is kept: an address or a file's name, never the picture
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    author: Annotated[str, Meta(min_length=1, max_length=64)]
    time: Short
    latitude_deg: Annotated[float, Meta(ge=-90, le=90)]
    longitude_deg: Annotated[float, Meta(ge=-180, le=180)]
    accuracy_m: Annotated[float, Meta(ge=0, le=10_000)] = 20.0
    azimuth_deg: Annotated[float, Meta(ge=0, le=360)] | None = None
    azimuth_sigma_deg: Annotated[float, Meta(ge=1, le=180)] | None = None
    elevation_deg: Annotated[float, Meta(ge=-90, le=90)] | None = None
    elevation_sigma_deg: Annotated[float, Meta(ge=1, le=90)] | None = None
    means: Literal["seen", "heard"] = "seen"
    what: Short = ""
    words: Text = ""
    photo: Short = ""
    schema: Literal[1] = 1

    @property
    def time_s(self) -> float:
        """When, UTC seconds."""
        return _time_s(self.time)


_DECODER = msgspec.json.Decoder(Sighting)


def read_sighting(data: bytes) -> Sighting:
    """The sighting in `data`; raises SightingError."""
    try:
        found = _DECODER.decode(data)
    except UNREADABLE as error:
        raise SightingError(str(error)) from error
    _time_s(found.time)
    for field in ("id", "author"):
        if not getattr(found, field).strip():
            raise SightingError(f"`{field}` must not be empty")
    for field in ("id", "author", "what", "words", "photo"):
        if any(ord(character) < 32 and character != "\n" for character in getattr(found, field)):
            raise SightingError(f"`{field}` holds control characters")
    if found.elevation_deg is not None and found.azimuth_deg is None:
        raise SightingError("`elevation_deg` needs `azimuth_deg`")
    return found


def write_sighting(sighting: Sighting) -> bytes:
    """The sighting as JSON."""
    return msgspec.json.encode(sighting)


def _time_s(text: str) -> float:
    try:
        when = datetime.fromisoformat(text)
        time_s = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise SightingError(f"`time` is no time: {text[:40]!r}") from error
    if not math.isfinite(time_s) or time_s < 0.0:
        raise SightingError(f"`time` is no time: {text[:40]!r}")
    return time_s
