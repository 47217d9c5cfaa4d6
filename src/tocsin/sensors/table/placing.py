"""Placing: readings put into the site's frame as detections, with their uncertainty.

Latitude and longitude become site ENU (WGS-84, geo.frames); heights of each kind become heights above the ellipsoid,
and a row whose height is unknown becomes a 2-D position. Ranges and bearings keep their kind; their azimuth is turned
from the sensor's zero to the site's north, which differs from true north away from the site's meridian. Azimuths are in
[0, 2 pi). Covariances are positive definite: a row whose own columns make them anything else is broken.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.formats.columns import Height, Mapping, form_of
from tocsin.formats.problems import BadRow
from tocsin.formats.reading import Reading, Stand, Triple
from tocsin.geo.angles import wrap_2pi_scalar_rad
from tocsin.geo.frames import Origin, convergence_rad, enu_from_lla, lla_from_enu
from tocsin.geo.heights import height_from_msl_m
from tocsin.model.adapter import AdapterContext
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet
from tocsin.sensors.table.uncertainty import check_sigma, position_covariance, variance

Floats = NDArray[np.float64]
NAN = math.nan
_NO_COLUMNS = (NAN, NAN, NAN, NAN, NAN)


class Timed(NamedTuple):
    """A reading that was believed: its times (UTC seconds) and the packet it came in."""

    reading: Reading
    time_s: float
    received_s: float
    packet: Packet


class _Sensor(NamedTuple):
    """Where the sensor stood, where it points, and what true north reads there, all in the site's frame."""

    enu_m: Triple
    heading_rad: float
    north_rad: float
    is_near: bool = True


class Placer:
    """Puts readings of one sensor into the site's frame."""

    def __init__(self, mapping: Mapping, context: AdapterContext) -> None:
        self._mapping = mapping
        self._form = form_of(mapping)
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        local = mapping.local
        self._point = Origin(local.latitude_rad or 0.0, local.longitude_rad or 0.0, local.height_m)
        self._pose = context.pose
        enu = (context.pose.east_m, context.pose.north_m, context.pose.up_m)
        self._fixed = _Sensor(enu, context.pose.heading_rad, self._true_north(enu))
        self._last_own: tuple[Stand, _Sensor] | None = None
        self._furthest_m2 = mapping.furthest_m**2
        check_sigma(mapping)

    def place(self, batch: Sequence[Timed]) -> list[Detection | BadRow]:
        """A detection, or why there is none, for each of `batch`."""
        if not batch:
            return []
        sensors = [self._sensor(timed.reading) for timed in batch]
        found = self._polars(batch, sensors) if self._form == "polar" else self._positions(batch, sensors)
        return [
            one if sensor.is_near else BadRow("own: further from the site than furthest_m")
            for one, sensor in zip(found, sensors, strict=True)
        ]

    def _polars(self, batch: Sequence[Timed], sensors: Sequence[_Sensor]) -> list[Detection | BadRow]:
        return [self._polar(timed, sensor) for timed, sensor in zip(batch, sensors, strict=True)]

    def _positions(self, batch: Sequence[Timed], sensors: Sequence[_Sensor]) -> list[Detection | BadRow]:
        points = np.array([timed.reading.place for timed in batch])
        if self._form == "place":
            points[:, 2] = self._ellipsoid(points, self._mapping.height)
            enu = self._from_lla(points)
            lla: list[list[float] | None] = points.tolist()
        else:
            enu = self._from_local(points, sensors)
            lla = [None] * len(batch)
        return [
            self._position(timed, sensor, place, where)
            for timed, sensor, place, where in zip(batch, sensors, enu.tolist(), lla, strict=True)
        ]

    def _position(self, timed: Timed, sensor: _Sensor, enu: list[float], lla: list[float] | None) -> Detection | BadRow:
        east, north, up = enu
        flat = up != up
        if not self._is_near(east, north, 0.0 if flat else up):
            return BadRow("position: further from the site than furthest_m", f"{math.hypot(east, north):.0f} m")
        columns = timed.reading.sigma or _NO_COLUMNS
        covariance = position_covariance(self._mapping.sigma, columns, enu, sensor.enu_m, flat)
        if covariance is None:
            return BadRow("sigma: not positive")
        kind = MeasurementKind.POSITION_2D if flat else MeasurementKind.POSITION_3D
        values = (east, north) if flat else (east, north, up)
        return self._detection(timed, kind, values, covariance, sensor, (lla[0], lla[1], lla[2]) if lla else None)

    def _polar(self, timed: Timed, sensor: _Sensor) -> Detection | BadRow:
        m = self._mapping
        assert timed.reading.place is not None
        distance, azimuth, elevation = timed.reading.place
        zero = sensor.heading_rad if m.azimuth_zero == "heading" else sensor.north_rad
        if m.azimuth_zero == "east":
            zero += math.pi / 2
        azimuth = zero - azimuth if m.azimuth_turn == "anticlockwise" else zero + azimuth
        _, _, distance_s, azimuth_s, elevation_s = timed.reading.sigma or _NO_COLUMNS
        values = [wrap_2pi_scalar_rad(azimuth)]
        variances = [variance(m.sigma.azimuth_rad, azimuth_s)]
        if distance == distance:
            values.insert(0, distance)
            variances.insert(0, variance(m.sigma.range_m, distance_s))
        if elevation == elevation:
            values.append(elevation)
            variances.append(variance(m.sigma.elevation_rad, elevation_s))
        if not min(variances) > 0.0:
            return BadRow("sigma: not positive")
        covariance = [0.0] * len(values) ** 2
        covariance[:: len(values) + 1] = variances
        kind = _POLAR_KIND[distance == distance, elevation == elevation]
        return self._detection(timed, kind, tuple(values), tuple(covariance), sensor, None)

    def _detection(
        self,
        timed: Timed,
        kind: MeasurementKind,
        values: tuple[float, ...],
        covariance: tuple[float, ...],
        sensor: _Sensor,
        lla: Triple | None,
    ) -> Detection:
        reading, time_s, received_s, packet = timed
        range_rate = reading.range_rate_mps
        return Detection(
            sensor=self._name,
            kind=kind,
            time_s=time_s,
            received_s=received_s,
            values=values,
            covariance=covariance,
            sensor_enu_m=sensor.enu_m,
            range_rate_mps=range_rate,
            range_rate_sigma_mps=None if range_rate is None else self._mapping.sigma.range_rate_mps,
            velocity_enu_mps=reading.velocity_enu_mps,
            lla=lla,
            class_word=reading.class_word,
            score=reading.score,
            signal_db=reading.signal_db,
            rcs_dbsm=reading.rcs_dbsm,
            sensor_track=reading.sensor_track,
            packet=packet.sequence,
            row=reading.row,
            exercise=packet.exercise,
        )

    def _from_lla(self, lla: Floats) -> Floats:
        """Site ENU (n, 3); a place of unknown height is taken at the origin's, and its up is NaN."""
        known = np.where(np.isnan(lla[:, 2]), self._origin.height_m, lla[:, 2])
        enu = enu_from_lla(self._origin, np.column_stack((lla[:, :2], known)))
        enu[np.isnan(lla[:, 2]), 2] = NAN
        return enu

    def _from_local(self, local_m: Floats, sensors: Sequence[_Sensor]) -> Floats:
        """Site ENU (n, 3) of `local_m` (n, 3) in the mapping's local frame."""
        local = self._mapping.local
        enu = np.array(local_m)
        if local.origin == "sensor" or local.axes == "heading":
            for row, sensor in zip(enu, sensors, strict=True):
                turn = sensor.heading_rad if local.axes == "heading" else sensor.north_rad
                right, ahead = float(row[0]), float(row[1])
                row[0] = right * math.cos(turn) + ahead * math.sin(turn)
                row[1] = ahead * math.cos(turn) - right * math.sin(turn)
                if local.origin == "sensor":
                    row += sensor.enu_m
        if local.origin != "point":
            return enu
        unknown = np.isnan(enu[:, 2])
        enu[unknown, 2] = 0.0
        enu = enu_from_lla(self._origin, lla_from_enu(self._point, enu))
        enu[unknown, 2] = NAN
        return enu

    def _ellipsoid(self, lla: Floats, height: Height | None) -> Floats:
        """Heights (n,) above the ellipsoid of `lla` (n, 3), whose heights are of the mapping's kind."""
        if height is None or height.kind == "ellipsoid":
            return lla[:, 2]
        if height.kind == "msl":
            return height_from_msl_m(lla[:, 2], lla[:, 0], lla[:, 1])
        return lla[:, 2] + (self._origin.height_m if height.reference_m is None else height.reference_m)

    def _sensor(self, reading: Reading) -> _Sensor:
        own = reading.own
        if own is None:
            return self._fixed
        if self._last_own is None or self._last_own[0] != own:
            self._last_own = (own, self._moved(own))
        return self._last_own[1]

    def _moved(self, own: Stand) -> _Sensor:
        """The sensor at its own columns; what they do not say is taken from its pose."""
        columns = self._mapping.own
        assert columns is not None
        if own[0] != own[0] or own[1] != own[1]:
            enu = self._fixed.enu_m
        elif columns.latitude is None:
            enu = (own[0], own[1], own[2] if own[2] == own[2] else self._pose.up_m)
        else:
            lla = np.array([own[:3]])
            lla[:, 2] = self._ellipsoid(lla, columns.height)
            east, north, up = self._from_lla(lla)[0].tolist()
            enu = (east, north, up if up == up else self._pose.up_m)
        north = self._true_north(enu)
        heading = self._pose.heading_rad if math.isnan(own[3]) else own[3] + north
        return _Sensor(enu, heading, north, self._is_near(*enu))

    def _is_near(self, east_m: float, north_m: float, up_m: float) -> bool:
        return east_m * east_m + north_m * north_m + up_m * up_m <= self._furthest_m2

    def _true_north(self, enu_m: Triple) -> float:
        return float(convergence_rad(self._origin, lla_from_enu(self._origin, np.array([enu_m])))[0])


_POLAR_KIND = {
    (True, True): MeasurementKind.POLAR_3D,
    (True, False): MeasurementKind.POLAR_2D,
    (False, True): MeasurementKind.AZIMUTH_ELEVATION,
    (False, False): MeasurementKind.AZIMUTH,
}
