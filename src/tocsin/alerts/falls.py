"""Falls: which falling objects meet a rule now, as findings.

A finding is one object and one place that is to be warned of its impact. No class is asked for: that it falls is told
by its motion.
"""

from collections.abc import Sequence

import numpy as np

from tocsin.alerts.conditions import Finding
from tocsin.alerts.rule import Rule, ignored_by, priority_of
from tocsin.model.alert import AlertKey
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus


class FallCondition:
    """The condition of one "falls" rule."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._ignored = [int(one) for one in ignored_by(rule)]

    def findings(self, picture: Picture) -> Sequence[Finding]:
        """What meets the rule, one a key; `pair` is the row of the impact."""
        impact, rule = picture.threats.impact, self._rule
        if impact is None:
            return ()
        tracks = picture.tracks
        found: dict[AlertKey, Finding] = {}
        for k, place in np.argwhere(impact.warned).tolist():
            row, name = int(impact.track[k]), picture.threats.places[place]
            seen = tracks.status[row] in (TrackStatus.CONFIRMED, TrackStatus.COASTING)
            if not seen or (rule.places and name not in rule.places):
                continue
            if int(picture.identity.affiliation[row]) in self._ignored:
                continue
            key = AlertKey(rule.name, name, tracks.object[row])
            raises = bool(tracks.existence[row] >= rule.existence)
            probability = float(impact.hit_probability[k, place])
            finding = Finding(key, raises, True, priority_of(rule), probability, row, k)
            if key not in found or finding.probability > found[key].probability:
                found[key] = finding
        return tuple(found.values())
