"""Lines: BaseStation messages (SBS-1) of one receiver to claims, one for each position.

A message holds a few fields only, so callsign and velocity are merged by address while they are fresh. The lines carry
dates without a zone; one that lies further than `clock_s` from the receipt is taken for local time, or wrong, and the
receipt taken instead.
"""

import math
from collections import Counter

import msgspec

from tocsin.formats.sbs import SbsMessage
from tocsin.model.claim import Claim
from tocsin.sensors.adsb.aircraft import MOTION_S, Place, Receiver
from tocsin.units import M_PER_FT, MPS_PER_FPM, MPS_PER_KT, RAD_PER_DEG

MOST_AIRCRAFT = 20_000


class _Known(msgspec.Struct):
    heard_s: float = -math.inf
    callsign: str | None = None
    velocity: SbsMessage | None = None
    velocity_s: float = -math.inf
    altitude_ft: float | None = None
    altitude_s: float = -math.inf


class Lines:
    """The aircraft of one receiver."""

    def __init__(self, receiver: Receiver, clock_s: float, forget_s: float) -> None:
        self.counts: Counter[str] = Counter()
        self._receiver = receiver
        self._clock_s = clock_s
        self._forget_s = forget_s
        self._aircraft: dict[str, _Known] = {}

    def claim(self, message: SbsMessage, received_s: float, sensor: str) -> Claim | None:
        """The claim of one message, None if it has no position that can be believed."""
        known = self._of(message.icao, received_s)
        if message.callsign:
            known.callsign = message.callsign
        if message.speed_kt is not None or message.climb_fpm is not None:
            known.velocity, known.velocity_s = message, received_s
        if message.altitude_ft is not None:
            known.altitude_ft, known.altitude_s = message.altitude_ft, received_s
        place = self._place(message)
        if place is None:
            return None
        return self._claim(message, known, place, received_s, sensor)

    def forget(self, time_s: float) -> None:
        """Forget aircraft that were not heard for `forget_s`."""
        oldest_s = time_s - self._forget_s
        for icao in [icao for icao, known in self._aircraft.items() if known.heard_s < oldest_s]:
            del self._aircraft[icao]

    def _claim(self, message: SbsMessage, known: _Known, place: Place, received_s: float, sensor: str) -> Claim:
        velocity = known.velocity if received_s - known.velocity_s <= MOTION_S else None
        on_ground = True if message.kind == 2 else message.on_ground
        altitude_ft = known.altitude_ft if received_s - known.altitude_s <= MOTION_S and not on_ground else None
        return Claim(
            means="mlat" if message.mlat else "ads-b",
            identifier=message.icao.lower(),
            sensor=sensor,
            time_s=self._time_s(message, received_s),
            received_s=received_s,
            latitude_rad=place[0] * RAD_PER_DEG,
            longitude_rad=place[1] * RAD_PER_DEG,
            altitude_pressure_m=None if altitude_ft is None else altitude_ft * M_PER_FT,
            speed_mps=None if velocity is None or velocity.speed_kt is None else velocity.speed_kt * MPS_PER_KT,
            course_rad=None if velocity is None or velocity.track_deg is None else velocity.track_deg * RAD_PER_DEG,
            climb_mps=None if velocity is None or velocity.climb_fpm is None else velocity.climb_fpm * MPS_PER_FPM,
            callsign=known.callsign,
            on_ground=on_ground,
        )

    def _place(self, message: SbsMessage) -> Place | None:
        latitude_deg, longitude_deg = message.latitude_deg, message.longitude_deg
        if latitude_deg is None or longitude_deg is None:
            self.counts["messages_without_position"] += 1
            return None
        place = (latitude_deg, longitude_deg)
        if not (abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0 and self._receiver.hears(place)):
            self.counts["positions_refused"] += 1
            return None
        return place

    def _time_s(self, message: SbsMessage, received_s: float) -> float:
        if abs(message.generated_s - received_s) <= self._clock_s:
            return message.generated_s
        self.counts["clocks_astray"] += 1
        return received_s

    def _of(self, icao: str, received_s: float) -> _Known:
        known = self._aircraft.get(icao)
        if known is None or known.heard_s < received_s - self._forget_s:
            if known is None and len(self._aircraft) >= MOST_AIRCRAFT:
                del self._aircraft[next(iter(self._aircraft))]
                self.counts["aircraft_dropped"] += 1
            known = self._aircraft[icao] = _Known()
        known.heard_s = received_s
        return known
