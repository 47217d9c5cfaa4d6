"""Telling: what an alert says of a finding: the message, the reason, the tracks and the time left."""

from collections.abc import Mapping, Sequence

import msgspec

from tocsin.alerts import message
from tocsin.alerts.conditions import Finding
from tocsin.alerts.rule import Rule
from tocsin.alerts.standing import Told
from tocsin.model.picture import Picture
from tocsin.model.threat import Asset, Zone
from tocsin.model.wording import class_words, forecast_certainty


class Teller:
    """Knows the rules and where each place's middle is."""

    def __init__(self, rules: Mapping[str, Rule], places: Sequence[Asset | Zone]) -> None:
        self._rules = rules
        self._middle = {place.name: message.middle(place) for place in places}

    def tell(self, finding: Finding, picture: Picture, time_s: float) -> Told:
        """The words of now for one finding; of a raid they speak of its most pressing member first."""
        rule = self._rules[finding.key.rule]
        told = (self._fall if rule.when == "falls" else self._entry)(rule, finding, picture, time_s)
        numbers = tuple(int(picture.tracks.number[row]) for row in finding.rows or (finding.row,))
        told = msgspec.structs.replace(told, tracks=numbers)
        if len(numbers) > 1:
            told = msgspec.structs.replace(
                told,
                message=f"{message.together(numbers)} {told.message}",
                parents=tuple(picture.tracks.uid[row] for row in finding.rows),
            )
        return told

    def _fall(self, rule: Rule, finding: Finding, picture: Picture, time_s: float) -> Told:
        tracks, impact, row, place = picture.tracks, picture.threats.impact, finding.row, finding.key.place
        if impact is None:
            raise LookupError("a fall without an impact")
        times = impact.time_s[finding.pair].tolist()
        number, middle = int(tracks.number[row]), self._middle[place]
        there = message.fall_place(place, middle, impact.point_enu_m[finding.pair].tolist())
        text = message.fall_message(number, place, there, message.time_left(tuple(times), 0.0), time_s)
        falls = float(impact.falling_probability[finding.pair])
        reason = (
            f"rule {rule.name!r}: {forecast_certainty(falls)} fall, by its motion; "
            f"{forecast_certainty(finding.probability)} impact in or beside {place}"
        )
        return Told(finding.priority, advised(text, rule), reason, number, tuple(times), (tracks.uid[row],))

    def _entry(self, rule: Rule, finding: Finding, picture: Picture, time_s: float) -> Told:
        tracks, threats, row, pair = picture.tracks, picture.threats, finding.row, finding.pair
        number, place = int(tracks.number[row]), finding.key.place
        points = [min(float(point), threats.horizon_s) for point in threats.entry_s[pair]]
        entry_s = (points[0], points[1], points[2]) if threats.entry_s[pair, 1] < threats.horizon_s else None
        there = message.where(
            place,
            self._middle[place],
            tracks.position_enu_m[row].tolist(),
            tracks.velocity_enu_mps[row].tolist(),
            float(tracks.covariance[row, 2, 2]) ** 0.5,
        )
        left = message.time_left(entry_s, float(threats.inside_probability[pair]))
        what = class_words(picture.identity.class_probability[row].tolist())
        text = message.entry_message(what, number, place, finding.probability, there, left, time_s)
        seen_by = [name for bit, name in enumerate(tracks.sensors) if tracks.sensor_bits[row] >> bit & 1]
        reason = (
            f"rule {rule.name!r}: within {rule.within_s:.0f} s; {picture.identity.reasons[row]}; "
            f"seen by {', '.join(seen_by)}"
        )
        return Told(finding.priority, advised(text, rule), reason, number, entry_s, (tracks.uid[row],))


def advised(text: str, rule: Rule) -> str:
    """`text` with what the rule says to do."""
    return f"{text} {rule.advice}" if rule.advice else text
