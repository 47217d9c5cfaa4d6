"""Incidents that the statements of a story speak of: one a place, with its day.

`events(statements)` answers the incidents and, for each statement, the id of the one it belongs to ("" for none). A
statement founds an incident if it reports a thing of the air or an attack at a place; later ones join by the place's
words.
"""

import re
from collections.abc import Sequence

from tocsin.incidents.story.reading import ReadIncident, ReadStatement
from tocsin.incidents.story.span import overlap, words
from tocsin.model.statement import Stance

_KINDS = (
    ("drone", re.compile(r"\b(?:drones?|quadcopters?|UAVs?|UASs?|unmanned)\b", re.IGNORECASE)),
    ("missile", re.compile(r"\b(?:missiles?)\b", re.IGNORECASE)),
    ("rocket", re.compile(r"\b(?:rockets?|rocket launchers?|mortars?|shells?)\b", re.IGNORECASE)),
    ("balloon", re.compile(r"\bballoons?\b", re.IGNORECASE)),
    (
        "aircraft",
        re.compile(r"\b(?:warplanes?|fighter jets?|helicopters?|unidentified (?:aircraft|object))\b", re.IGNORECASE),
    ),
    ("attack", re.compile(r"\b(?:attack(?:ed|s)?|strikes?|explosions?|bomb(?:s|ed)?|raid(?:s|ed)?)\b", re.IGNORECASE)),
)
_FOUNDING = (Stance.ASSERTS, Stance.DENIES, Stance.ASSUMES)
_PLAIN = frozenset("the a an in of at near to and its base air airport international village port".split())


def events(statements: Sequence[ReadStatement]) -> tuple[list[ReadIncident], dict[str, str]]:
    """Incidents, and the incident of each statement id."""
    incidents: list[ReadIncident] = []
    of: dict[str, str] = {}
    for one in statements:
        joined = next((incident.id for incident in reversed(incidents) if _speaks_of(one, incident, incidents[-1])), "")
        kind = kind_of(one.content)
        if not joined and one.stance in _FOUNDING and kind and (one.place or _opens(one, incidents)):
            incidents.append(
                ReadIncident(
                    f"i{len(incidents) + 1}",
                    kind,
                    one.place,
                    one.place_span,
                    one.time,
                    one.time_span,
                    objects=one.objects,
                )
            )
            joined = incidents[-1].id
        of[one.id] = joined
    for at, one in enumerate(statements):
        if one.stance is Stance.DECLINES and one.speaker_ref and not of[one.id]:
            # What somebody will not say of an incident stands with what they do say of it, else with the only one.
            own = [of[other.id] for other in statements[:at] if other.speaker_ref == one.speaker_ref and of[other.id]]
            only = incidents[0].id if len(incidents) == 1 else ""
            of[one.id] = own[-1] if own else only
    return incidents, of


def kind_of(content: str) -> str:
    """What the content is about: drone, missile, rocket, balloon, aircraft, attack, or nothing of these."""
    return next((kind for kind, pattern in _KINDS if pattern.search(content)), "")


def _opens(one: ReadStatement, incidents: Sequence[ReadIncident]) -> bool:
    """The first report of a dated event needs no place."""
    return not incidents and bool(one.time) and one.stance is Stance.ASSERTS


def _speaks_of(one: ReadStatement, incident: ReadIncident, latest: ReadIncident) -> bool:
    if one.incident == incident.id:
        return True
    if one.time and incident.date and one.time != incident.date or one.stance is Stance.CONTEXT:
        return False
    if not one.place or one.place == one.place.lower():
        # "The mole", or no place at all: the incident spoken of last, if the thing is of its kind.
        return incident is latest and kind_of(one.content) == incident.kind and one.stance in _FOUNDING
    shared = (words(incident.place) - _PLAIN) & (words(one.place) - _PLAIN)
    if incident.place_span and one.place_span and overlap(incident.place_span, one.place_span):
        return True
    return bool(shared)
