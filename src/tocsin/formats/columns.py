"""Mapping: which columns of a table hold what, in which unit; a site file's `table` settings and a truth file use it.

A table is any source of named columns: CSV, JSON or Parquet. A column is given by its name alone, or by an inline table
that adds its unit, a factor, the values that mean "unknown", and whether an empty cell means "as before" (`carry`). In
JSON a name is a path ("position.lat", "geometry.coordinates.0"). Angles of a table are in degrees unless `unit` says
otherwise; everything read is in SI units, radians and UTC seconds. Settings that contradict each other raise
`TocsinError` with the setting's name.
"""

from typing import Literal

import msgspec

from tocsin.model.bounds import SigmaAngle, SigmaLength, SigmaSpeed
from tocsin.model.errors import TocsinError

Cell = str | bool | float  # what a cell may hold, in the column's own unit
Length = Literal["", "m", "km", "ft", "nm"]
Unit = Literal["", "m", "km", "ft", "nm", "deg", "rad", "mrad", "m/s", "km/h", "kt", "mph", "ft/min"]


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of numbers.

    `column`: its name. `unit`: of its cells; SI if left out, degrees for angles. `scale`: factor on its cells, before
    the unit. `missing`: cells that mean unknown, beside an empty one. `carry`: an empty cell means as before.
    """

    column: str
    unit: Unit = ""
    scale: float = 1.0
    missing: tuple[Cell, ...] = ()
    carry: bool = False


class Height(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of heights.

    `column`: its name. `kind`: above what; never guessed. `unit`: of its cells; metres if left out. `scale`: factor on
    its cells, before the unit. `missing`: cells that mean unknown, beside an empty one. `carry`: an empty cell means as
    before. `reference_m`: height above the ellipsoid of the ground, of the take-off place or of pressure altitude 0;
    the site's origin if left out, save for pressure, which needs it.
    """

    column: str
    kind: Literal["ellipsoid", "msl", "agl", "takeoff", "pressure"]
    unit: Length = ""
    scale: float = 1.0
    missing: tuple[Cell, ...] = ()
    carry: bool = False
    reference_m: float | None = None


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of times.

    `column`: its name. `unit`: since 1970 in UTC, or ISO 8601 with its zone; iso-utc takes a text without one as UTC.
    `offset_s`: added, for a clock that is known to be wrong or a log that counts from its start. `carry`: an empty cell
    means as before.
    """

    column: str
    unit: Literal["s", "ms", "us", "ns", "iso", "iso-utc"] = "s"
    offset_s: float = 0.0
    carry: bool = False


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of words.

    `column`: its name. `words`: translations, from the table's word to ours; a word not listed stays as it is. `carry`:
    an empty cell means as before.
    """

    column: str
    words: dict[str, str] = {}
    carry: bool = False


class Local(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where `east`, `north` and `up` are counted from, and along which axes.

    `origin`: the site's, the sensor (its pose, or its `own` columns), or a point. `axes`: with "heading" the column
    `north` is ahead and `east` right of where the sensor points. `latitude_rad`: of the point. `longitude_rad`: of the
    point. `height_m`: of the point above the ellipsoid.
    """

    origin: Literal["site", "sensor", "point"] = "site"
    axes: Literal["north", "heading"] = "north"
    latitude_rad: float | None = None
    longitude_rad: float | None = None
    height_m: float = 0.0


class Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of the sensor's own place, for one that moves; its pose stands in for what a row does not say.

    `latitude`: north positive. `longitude`: east positive. `height`: of the sensor. `east`: from the site's origin,
    instead of latitude. `north`: from the site's origin. `up`: above the site's origin. `heading`: clockwise from true
    north.
    """

    latitude: str | Number | None = None
    longitude: str | Number | None = None
    height: Height | None = None
    east: str | Number | None = None
    north: str | Number | None = None
    up: str | Number | None = None
    heading: str | Number | None = None


class Velocity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of the target's velocity, by speed and course or by components.

    `speed`: over ground, or along the path if `angle` is given. `course`: clockwise from true north. `climb`: upward
    speed. `angle`: of the path above the horizontal, instead of climb. `east`: component, instead of speed. `north`:
    component. `up`: component.
    """

    speed: str | Number | None = None
    course: str | Number | None = None
    climb: str | Number | None = None
    angle: str | Number | None = None
    east: str | Number | None = None
    north: str | Number | None = None
    up: str | Number | None = None


class Sigma(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Standard deviations of what is measured.

    `horizontal_m`: of a position, along each axis. `up_m`: of a position's height. `range_m`: of a range, or of a
    position along the line of sight. `azimuth_rad`: of an azimuth, or of a position across the line of sight.
    `elevation_rad`: of an elevation, or of a position above and below the line of sight. `range_rate_mps`: of a range
    rate.
    """

    horizontal_m: SigmaLength | None = None
    up_m: SigmaLength | None = None
    range_m: SigmaLength | None = None
    azimuth_rad: SigmaAngle | None = None
    elevation_rad: SigmaAngle | None = None
    range_rate_mps: SigmaSpeed | None = None


class SigmaColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of standard deviations; each adds, in squares, to the constant of its name in `sigma`.

    `horizontal`: of a position, along each axis. `up`: of its height. `range`: along the line of sight. `azimuth`:
    across it. `elevation`: above and below it.
    """

    horizontal: str | Number | None = None
    up: str | Number | None = None
    range: str | Number | None = None
    azimuth: str | Number | None = None
    elevation: str | Number | None = None


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A test of one column; a row is read if it meets all. Numbers compare as numbers, words as words.

    `column`: its name. `equals`: the cell is this. `not_equals`: the cell is not this. `one_of`: the cell is one of
    these. `not_empty`: there is something in the cell. `at_least`: the cell is a number, and not less. `at_most`: the
    cell is a number, and not more.
    """

    column: str
    equals: Cell | None = None
    not_equals: Cell | None = None
    one_of: tuple[Cell, ...] = ()
    not_empty: bool = False
    at_least: float | None = None
    at_most: float | None = None


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a table is read. A position is mapped in exactly one way: by latitude and longitude, by east and north, or by
    azimuth with or without range and elevation.

    `format`: of the bytes; JSON objects may come one a line, in an array, or one a datagram. `delimiter`: between CSV
    cells. `decimal`: the sign before decimals. `header`: the first CSV line names the columns. `names`: of the columns
    where there is no header. `skip_lines`: lines before the header. `comment`: CSV lines that begin so are left out.
    `explode`: JSON path of a list in each object; each of its items is a row. `where`: only rows that meet all of these
    are read.

    `time`: when the target was there; the time of receipt if left out. `received`: when the row was received; when its
    bytes came if left out. `message`: column whose equal cells mark the rows of one message, of which any may hold the
    received time. `message_wait_s`: a message is complete when no row came for so long. `looks`: a message without a
    detection is a look that saw nothing. `repeats_s`: a report with the time and place of an earlier one is dropped for
    so long after; 0 keeps all.

    `latitude`: of the target, north positive. `longitude`: of the target, east positive. `height`: of the target; a row
    without one is a position on the ground plan. `east`: of the target, from `local`. `north`: of the target. `up`: of
    the target. `local`: where east, north and up are counted from. `range`: slant range. `azimuth`: clockwise from true
    north; any number of turns. `elevation`: up from the horizontal. `azimuth_zero`: where azimuth 0 points.
    `azimuth_turn`: which way it grows. `own`: columns of the sensor's own place.

    `sigma`: standard deviations, 1 sigma; what is measured needs one. `sigma_columns`: the same from columns.
    `velocity`: columns of the target's velocity. `range_rate`: speed away from the sensor. `class_word`: what the
    sensor calls the target. `score`: what the sensor calls its own confidence. `signal`: level or signal to noise, dB.
    `rcs`: radar cross section, dBsm. `sensor_track`: the sensor's own number for the target.

    `oldest_s`: a row received longer after its time is broken. `ahead_s`: a row received longer before its time is
    broken. `furthest_m`: a position further from the site's origin is broken. `span_s`: a received time further from
    its file's median, or from its packet, is broken.
    """

    format: Literal["csv", "json", "parquet"] = "csv"
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    header: bool = True
    names: tuple[str, ...] = ()
    skip_lines: int = 0
    comment: str = ""
    explode: str = ""
    where: tuple[Condition, ...] = ()

    time: Time | None = None
    received: Time | None = None
    message: str = ""
    message_wait_s: float = 0.2
    looks: bool = False
    repeats_s: float = 0.0

    latitude: str | Number | None = None
    longitude: str | Number | None = None
    height: Height | None = None
    east: str | Number | None = None
    north: str | Number | None = None
    up: str | Number | None = None
    local: Local = Local()
    range: str | Number | None = None
    azimuth: str | Number | None = None
    elevation: str | Number | None = None
    azimuth_zero: Literal["north", "heading", "east"] = "north"
    azimuth_turn: Literal["clockwise", "anticlockwise"] = "clockwise"
    own: Own | None = None

    sigma: Sigma = Sigma()
    sigma_columns: SigmaColumns = SigmaColumns()
    velocity: Velocity | None = None
    range_rate: str | Number | None = None
    class_word: str | Words | None = None
    score: str | Number | None = None
    signal: str | Number | None = None
    rcs: str | Number | None = None
    sensor_track: str | None = None

    oldest_s: float = 3600.0
    ahead_s: float = 60.0
    furthest_m: float = 300_000.0
    span_s: float = 604_800.0

    def __post_init__(self) -> None:
        form_of(self)
        for contradicts, what in _contradictions(self):
            if contradicts:
                raise TocsinError(what)


Form = Literal["place", "local", "polar"]

_FORMS: dict[Form, tuple[tuple[str, ...], tuple[str, ...]]] = {  # form: needed columns, further columns
    "place": (("latitude", "longitude"), ("height",)),
    "local": (("east", "north"), ("up",)),
    "polar": (("azimuth",), ("range", "elevation")),
}


def form_of(mapping: Mapping) -> Form:
    """Which of the three forms of position `mapping` names; an error if none, several, or half of one."""
    begun: list[Form] = []
    for form, (needed, further) in _FORMS.items():
        given = [name for name in (*needed, *further) if getattr(mapping, name) is not None]
        missing = [name for name in needed if getattr(mapping, name) is None]
        if given and missing:
            raise TocsinError(f"{given[0]}: also needs {' and '.join(missing)}")
        if given:
            begun.append(form)
    if len(begun) != 1:
        raise TocsinError(
            "a position is mapped by exactly one of latitude and longitude, east and north, or azimuth; "
            f"there is {' and '.join(_FORMS[form][0][0] for form in begun) or 'none of them'}"
        )
    return begun[0]


def _contradictions(mapping: Mapping) -> tuple[tuple[bool, str], ...]:
    """What cannot be meant, and how it is said."""
    own, height, local = mapping.own or Own(), mapping.height, mapping.local
    velocity = mapping.velocity or Velocity()
    spans = ("message_wait_s", "repeats_s", "oldest_s", "ahead_s", "furthest_m", "span_s")
    csv = mapping.format == "csv"
    return (
        (
            len(mapping.delimiter) != 1 or mapping.delimiter in '"\r\n',
            "delimiter: is one character, no quote or line end",
        ),
        (csv and mapping.decimal == mapping.delimiter, "decimal: is the delimiter too"),
        (csv and not (mapping.header or mapping.names), "names: needed where there is no header"),
        (csv and bool(mapping.explode), "explode: a CSV row holds no list"),
        (
            mapping.repeats_s > 0.0 and mapping.time is None,
            "repeats_s: needs time, which tells a repeat from a new one",
        ),
        (height is not None and height.kind == "pressure" and height.reference_m is None, "height.reference_m: needed"),
        (
            (local.origin == "point") != (local.latitude_rad is not None and local.longitude_rad is not None),
            'local: latitude_deg and longitude_deg go with origin = "point"',
        ),
        ((own.latitude is None) != (own.longitude is None), "own: latitude and longitude go together"),
        ((own.east is None) != (own.north is None), "own: east and north go together"),
        (own.latitude is not None and own.east is not None, "own: latitude or east, not both"),
        ((velocity.speed is None) != (velocity.course is None), "velocity: speed and course go together"),
        (velocity.speed is not None and velocity.east is not None, "velocity: speed or east, not both"),
        *((not getattr(mapping, name) >= 0.0, f"{name}: is not negative") for name in spans),
    )
