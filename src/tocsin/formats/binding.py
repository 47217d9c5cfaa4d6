"""Binding: a mapping tied to a stream, which reads its records.

A `Binding` ties a mapping to the columns a stream really has. For each record in order call `carry` (it keeps the
sparse columns, which hold until they change), then `keeps`, then `read`. `read` raises `BadRow` for a row that has a
position but cannot be used; cells that only add to a row (a score, a class word) cost the row nothing: what was wrong
with them is left in `faults`.
"""

import math
from collections.abc import Callable
from typing import Any

from tocsin.formats import cells
from tocsin.formats.cells import NumberReader
from tocsin.formats.columns import Height, Mapping, Number, Time, Velocity, Words, form_of
from tocsin.formats.locate import Locate
from tocsin.formats.problems import BadRow
from tocsin.formats.reading import Reading, Spread, Stand, Triple

NAN = math.nan
Record = Any


class Binding:
    """Reads records of one stream."""

    def __init__(self, mapping: Mapping, locate: Locate) -> None:
        self.faults: list[BadRow] = []
        self._mapping = mapping
        self._locate = locate
        self._carried: list[Carried] = []
        self._tests = [
            cells.condition_test(f"where[{i}]", test, locate(f"where[{i}].column", test.column), mapping.decimal)
            for i, test in enumerate(mapping.where)
        ]
        self.message = cells.key_reader(locate("message", mapping.message)) if mapping.message else None
        self._time = self._times("time", mapping.time)
        self._received = self._times("received", mapping.received)
        self._place = self._place_reader()
        self._own = self._own_reader()
        self._sigma = self._sigma_reader()
        self._velocity = self._velocity_reader(mapping.velocity) if mapping.velocity else None
        self._range_rate = self._extra("range_rate", mapping.range_rate, cells.SPEED)
        self._class_word = self._words("class_word", mapping.class_word)
        self._score = self._extra("score", mapping.score, cells.PLAIN)
        self._signal = self._extra("signal", mapping.signal, cells.PLAIN)
        self._rcs = self._extra("rcs", mapping.rcs, cells.PLAIN)
        self._sensor_track = self._words("sensor_track", mapping.sensor_track)

    def carry(self, record: Record) -> None:
        """Take note of the columns that hold until they change."""
        for carried in self._carried:
            try:
                carried.update(record)
            except BadRow as fault:
                self.faults.append(fault)

    def keeps(self, record: Record) -> bool:
        """Whether the row meets every condition of `where`."""
        return all(holds(record) for holds in self._tests)

    def stated_s(self, record: Record) -> float | None:
        """When the row was received; in a table that does not say so, its own time."""
        read = self._received or self._time
        return read(record) if read else None

    def read(self, record: Record, row: int) -> Reading:
        """What the row says; `place` is None for one without a position, whose other cells are not looked at."""
        received_s = self._received(record) if self._received else None
        place = self._place(record)
        if place is None:
            return Reading(row, NAN, NAN if received_s is None else received_s, None)
        time_s = self._time(record) if self._time else NAN
        if time_s is None:
            raise BadRow("time: missing")
        return Reading(
            row,
            time_s,
            NAN if received_s is None else received_s,
            place,
            self._own(record) if self._own else None,
            self._sigma(record) if self._sigma else None,
            self._velocity(record) if self._velocity else None,
            self._range_rate(record) if self._range_rate else None,
            self._class_word(record) if self._class_word else None,
            self._score(record) if self._score else None,
            self._signal(record) if self._signal else None,
            self._rcs(record) if self._rcs else None,
            self._sensor_track(record) if self._sensor_track else None,
        )

    def _number(self, setting: str, column: str | Number | Height, factors: dict[str, float]) -> NumberReader:
        column = Number(column) if isinstance(column, str) else column
        get = self._locate(setting, column.column)
        return self._held(cells.number_reader(setting, column, get, factors, self._mapping.decimal), column.carry)

    def _extra(
        self, setting: str, column: str | Number | Height | None, factors: dict[str, float]
    ) -> NumberReader | None:
        return None if column is None else cells.optional(self._number(setting, column, factors), self.faults)

    def _times(self, setting: str, column: Time | None) -> NumberReader | None:
        if column is None:
            return None
        return self._held(cells.time_reader(setting, column, self._locate(setting, column.column)), column.carry)

    def _words(self, setting: str, column: str | Words | None) -> cells.WordReader | None:
        if column is None:
            return None
        column = Words(column) if isinstance(column, str) else column
        read = cells.word_reader(setting, column, self._locate(setting, column.column))
        return self._held(cells.optional(read, self.faults), column.carry)

    def _held(self, read: Callable[[Record], Any], carry: bool) -> Callable[[Record], Any]:
        if not carry:
            return read
        carried = Carried(read)
        self._carried.append(carried)
        return carried.get

    def _place_reader(self) -> Callable[[Record], Triple | None]:
        m = self._mapping
        form = form_of(m)
        if form == "polar":
            return self._polar_reader()
        first, second, third = ("latitude", "longitude", "height") if form == "place" else ("east", "north", "up")
        factors = cells.ANGLE if form == "place" else cells.LENGTH
        read_a = self._number(first, getattr(m, first), factors)
        read_b = self._number(second, getattr(m, second), factors)
        read_c = self._extra(third, getattr(m, third), cells.LENGTH)
        most_a, most_b = (math.pi / 2, 2 * math.pi) if form == "place" else (1e9, 1e9)

        def read(record: Record) -> Triple | None:
            a, b = read_a(record), read_b(record)
            if a is None or b is None:
                if a is b:
                    return None
                raise BadRow(f"{first if a is None else second}: missing")
            if not (-most_a <= a <= most_a and -most_b <= b <= most_b):
                wrong = second if -most_a <= a <= most_a else first
                raise BadRow(f"{wrong}: out of range" if math.isfinite(a + b) else f"{wrong}: not finite")
            c = read_c(record) if read_c else None
            return a, b, NAN if c is None else c

        return read

    def _polar_reader(self) -> Callable[[Record], Triple | None]:
        m = self._mapping
        assert m.azimuth is not None  # form_of said so
        read_azimuth = self._number("azimuth", m.azimuth, cells.ANGLE)
        read_range = None if m.range is None else self._number("range", m.range, cells.LENGTH)
        read_elevation = self._extra("elevation", m.elevation, cells.ANGLE)

        def read(record: Record) -> Triple | None:
            azimuth = read_azimuth(record)
            distance = read_range(record) if read_range else None
            elevation = read_elevation(record) if read_elevation else None
            if azimuth is None:
                if distance is None and elevation is None:
                    return None
                raise BadRow("azimuth: missing")
            if not math.isfinite(azimuth):
                raise BadRow("azimuth: not finite")
            if distance is not None and not 0.0 < distance < 1e9:
                raise BadRow("range: out of range", distance)
            if elevation is not None and not -math.pi / 2 <= elevation <= math.pi / 2:
                raise BadRow("elevation: out of range")
            return NAN if distance is None else distance, azimuth, NAN if elevation is None else elevation

        return read

    def _own_reader(self) -> Callable[[Record], Stand | None] | None:
        own = self._mapping.own
        if own is None:
            return None
        columns: list[tuple[str, str | Number | Height | None, dict[str, float]]] = [
            ("own.latitude", own.latitude, cells.ANGLE),
            ("own.longitude", own.longitude, cells.ANGLE),
            ("own.height", own.height, cells.LENGTH),
        ]
        if own.latitude is None:
            columns = [
                ("own.east", own.east, cells.LENGTH),
                ("own.north", own.north, cells.LENGTH),
                ("own.up", own.up, cells.LENGTH),
            ]
        readers = [self._extra(*column) for column in (*columns, ("own.heading", own.heading, cells.ANGLE))]
        return lambda record: _filled(readers, record)

    def _sigma_reader(self) -> Callable[[Record], Spread | None] | None:
        s = self._mapping.sigma_columns
        readers = [
            self._extra("sigma_columns.horizontal", s.horizontal, cells.LENGTH),
            self._extra("sigma_columns.up", s.up, cells.LENGTH),
            self._extra("sigma_columns.range", s.range, cells.LENGTH),
            self._extra("sigma_columns.azimuth", s.azimuth, cells.ANGLE),
            self._extra("sigma_columns.elevation", s.elevation, cells.ANGLE),
        ]
        return (lambda record: _filled(readers, record)) if any(readers) else None

    def _velocity_reader(self, v: Velocity) -> Callable[[Record], Triple | None]:
        if v.speed is None or v.course is None:
            readers = [
                self._extra(f"velocity.{name}", getattr(v, name), cells.SPEED) for name in ("east", "north", "up")
            ]
            return lambda record: _filled(readers, record)
        read_speed = self._extra("velocity.speed", v.speed, cells.SPEED)
        read_course = self._extra("velocity.course", v.course, cells.ANGLE)
        read_climb = self._extra("velocity.climb", v.climb, cells.SPEED)
        read_angle = self._extra("velocity.angle", v.angle, cells.ANGLE)
        assert read_speed is not None and read_course is not None

        def read(record: Record) -> Triple | None:
            speed, course = read_speed(record), read_course(record)
            if speed is None or course is None:
                return None
            climb = read_climb(record) if read_climb else None
            angle = read_angle(record) if read_angle else None
            if angle is not None:
                speed, climb = speed * math.cos(angle), speed * math.sin(angle)
            return speed * math.sin(course), speed * math.cos(course), NAN if climb is None else climb

        return read


class Carried:
    """The last value of a sparse column."""

    def __init__(self, read: Callable[[Record], Any]) -> None:
        self._read = read
        self._value: Any = None

    def update(self, record: Record) -> None:
        value = self._read(record)
        if value is not None:
            self._value = value

    def get(self, record: Record) -> Any:
        return self._value


def _filled(readers: list[NumberReader | None], record: Record) -> Any:
    """The readers' values as a tuple, NaN for unknown; None if all are."""
    values = tuple(read(record) if read else None for read in readers)
    if all(value is None for value in values):
        return None
    return tuple(NAN if value is None else value for value in values)
