"""Documents: aircraft.json, polled or streamed, to claims, one for each position that is new.

A server repeats what it knows until it hears more, so a position at an unchanged place and time is counted as repeated.
The time is the document's `now` less the position's age; a clock further than `clock_s` from the receipt is taken for
wrong, and the age counted from the receipt.
"""

from collections import Counter
from collections.abc import Iterator

from tocsin.formats.aircraft_json import Aircraft, Document
from tocsin.model.claim import Claim
from tocsin.sensors.adsb.aircraft import Place, Receiver, sigma_m
from tocsin.units import M_PER_FT, MPS_PER_FPM, MPS_PER_KT, RAD_PER_DEG

MEANS = {"adsb": "ads-b", "adsr": "ads-r", "tisb": "tis-b", "mlat": "mlat", "adsc": "ads-c"}
SAME_S = 0.6  # ages are rounded to a tenth, and older servers' to a second
MOST_AIRCRAFT = 20_000


class Documents:
    """The aircraft of one server."""

    def __init__(self, receiver: Receiver, clock_s: float) -> None:
        self.counts: Counter[str] = Counter()
        self._receiver = receiver
        self._clock_s = clock_s
        self._last: dict[str, tuple[Place, float]] = {}

    def claims(self, document: Document, received_s: float, sensor: str) -> Iterator[Claim]:
        """The claims of one document."""
        now_s = received_s if document.now_s is None else document.now_s
        if abs(now_s - received_s) > self._clock_s:
            self.counts["clocks_astray"] += 1
            now_s = received_s
        for one in document.aircraft:
            place = self._place(one)
            if place is None:
                continue
            time_s = now_s - (one.position_age_s or 0.0)
            last = self._last.get(one.hex)
            if last is not None and last[0] == place and abs(time_s - last[1]) <= SAME_S:
                self.counts["positions_repeated"] += 1
                continue
            self._keep(one.hex, place, time_s)
            yield _claim(one, place, time_s, received_s, sensor)

    def _place(self, one: Aircraft) -> Place | None:
        if one.latitude_deg is None or one.longitude_deg is None:
            self.counts["aircraft_without_position"] += 1
            return None
        place = (one.latitude_deg, one.longitude_deg)
        if not (abs(place[0]) <= 90.0 and abs(place[1]) <= 180.0 and self._receiver.hears(place)):
            self.counts["positions_refused"] += 1
            return None
        return place

    def _keep(self, address: str, place: Place, time_s: float) -> None:
        self._last.pop(address, None)
        self._last[address] = (place, time_s)
        if len(self._last) > MOST_AIRCRAFT:
            del self._last[next(iter(self._last))]


def _claim(one: Aircraft, place: Place, time_s: float, received_s: float, sensor: str) -> Claim:
    altitude_ft, geometric_ft = one.altitude_ft, one.altitude_geometric_ft
    return Claim(
        means=MEANS.get(one.source, "mode-s"),
        identifier=one.hex,
        sensor=sensor,
        time_s=time_s,
        received_s=received_s,
        latitude_rad=place[0] * RAD_PER_DEG,
        longitude_rad=place[1] * RAD_PER_DEG,
        height_m=None if geometric_ft is None else geometric_ft * M_PER_FT,
        altitude_pressure_m=None if altitude_ft is None else altitude_ft * M_PER_FT,
        speed_mps=None if one.speed_kt is None else one.speed_kt * MPS_PER_KT,
        course_rad=None if one.track_deg is None else one.track_deg * RAD_PER_DEG,
        climb_mps=None if one.climb_fpm is None else one.climb_fpm * MPS_PER_FPM,
        sigma_horizontal_m=sigma_m(one.accuracy),
        category=one.category,
        callsign=one.callsign,
        on_ground=one.on_ground,
    )
