"""Squitters: Mode S frames of one receiver to claims, one for each position that can be resolved.

Who says a position is kept: ADS-B by the aircraft itself, ADS-R and TIS-B by a ground station, MLAT computed by others
from times of arrival. An address that is not ICAO's is marked with ~. Frames of other formats, and those with wrong
parity, are counted and give nothing: their addresses cannot be checked.
"""

from collections import Counter

from tocsin.formats.mode_s import LONG_BYTES, ModeSError, Other, Position, read_squitter
from tocsin.model.claim import Claim
from tocsin.sensors.adsb.aircraft import Aircraft, Receiver

MOST_AIRCRAFT = 20_000
_MEANS = {0: "ads-b", 1: "ads-b", 2: "tis-b", 5: "tis-b", 6: "ads-r"}  # DF 18, by its control field
_NO_ICAO = (1, 5)
_EXTENDED = (17, 18)


class Squitters:
    """The aircraft of one receiver."""

    def __init__(self, receiver: Receiver, forget_s: float) -> None:
        self.counts: Counter[str] = Counter()
        self._receiver = receiver
        self._forget_s = forget_s
        self._aircraft: dict[tuple[str, int], Aircraft] = {}

    def claim(self, data: bytes, received_s: float, counter_s: float, sensor: str, mlat: bool) -> Claim | None:
        """The claim of one frame, None if it makes none; `counter_s` is the receiver's clock, NaN if it has none."""
        if len(data) != LONG_BYTES or data[0] >> 3 not in _EXTENDED:
            self.counts["frames_of_other_formats"] += 1
            return None
        try:
            squitter = read_squitter(data)
        except ModeSError:
            self.counts["frames_with_wrong_parity"] += 1
            return None
        self.counts["squitters"] += 1
        own = squitter.format == 17
        means = "mlat" if mlat else "ads-b" if own else _MEANS.get(squitter.control)
        if means is None:
            self.counts["squitters_of_other_control"] += 1
            return None
        message = squitter.message
        aircraft = self._of(means, squitter.icao, received_s, not own and squitter.control in _NO_ICAO)
        if not isinstance(message, Position):
            self.counts["squitters_of_other_types"] += isinstance(message, Other)
            aircraft.note(squitter, received_s)
            return None
        place = aircraft.place(message, received_s, counter_s, self._receiver)
        if place is None:
            self.counts["positions_unresolved"] += 1
            return None
        return aircraft.claim(message, place, received_s, sensor)

    def forget(self, time_s: float) -> None:
        """Forget aircraft that were not heard for `forget_s`."""
        oldest_s = time_s - self._forget_s
        for key in [key for key, one in self._aircraft.items() if one.heard_s < oldest_s]:
            del self._aircraft[key]

    def _of(self, means: str, icao: int, received_s: float, foreign: bool) -> Aircraft:
        key = (means, -icao if foreign else icao)
        aircraft = self._aircraft.get(key)
        if aircraft is None:
            if len(self._aircraft) >= MOST_AIRCRAFT:
                self.forget(received_s)
            if len(self._aircraft) >= MOST_AIRCRAFT:
                del self._aircraft[next(iter(self._aircraft))]
                self.counts["aircraft_dropped"] += 1
            aircraft = self._aircraft[key] = Aircraft(means, f"{'~' * foreign}{icao:06x}")
        elif aircraft.heard_s < received_s - self._forget_s:
            aircraft = self._aircraft[key] = Aircraft(means, aircraft.identifier)
        return aircraft
