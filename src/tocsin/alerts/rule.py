"""Rule: when an alert is raised, as read from `[[rule]]` of the site file, in plain terms.

`check_rules` refuses a rule that names a place, sensor, class, affiliation or rule that is not there, and two rules of
one name; the message names the rule and the key.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from tocsin.model.alert import Priority
from tocsin.model.bounds import Ahead, Coordinate, Count, DurationOrZero, Name, Probability
from tocsin.model.errors import TocsinError
from tocsin.model.identity import DRONE_CLASSES, Affiliation, TargetClass
from tocsin.model.wording import Certainty

Kind = Literal["enters", "falls", "silent", "unwarned", "contradicted"]
OWN_KINDS: frozenset[Kind] = frozenset({"silent", "unwarned"})  # of our own means, not of tracks
MOST_LOOKS = 100
UNSHELVABLE: frozenset[Kind] = frozenset({"falls", "silent", "unwarned"})
OWN_SOURCES = ("channels", "watchdog", "warnings")  # what "unwarned" watches
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z", description='a time of day like "22:30"')]


class RuleError(TocsinError):
    """A rule that cannot be followed."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When an alert is raised. `places` to `looks` speak of tracks that enter, `sensors` of silence and claims.

    `name`: as said in alerts. `when`: "enters", a track will enter a place; "falls", an object falls, whatever it is,
    and may come down on a place; "silent", a sensor says nothing or is at fault; "unwarned", people outside may not be
    reached, or a warning ended without an all clear; "contradicted", a receiver hears claims that cannot be true.
    `priority`: of its alerts; of an entry it rises by one where the time left is within the asset's reaction time.
    `advice`: what to do, added to the message. `places`: names of assets and zones, none meaning all. `within_s`: the
    track has to enter one within this time. `probability`: and with at least this probability. `clear_probability`: the
    alert stays until the probability falls below this. `off_delay_s`: and stays there for this long. `classes`: the
    track is of one of these; "drone" stands for both drone classes, "any" for all. `certainty`: with at least this
    certainty. `existence`: the track is confirmed and exists with at least this probability. `ignore_affiliations`: it
    is not declared one of these. `affiliations`: it is one of these, none meaning any. `lowest_m`, `highest_m`: it
    flies between these heights above the site's origin. `hours_utc`: the time of day, from and to in UTC, through
    midnight too; an alert that stands outlasts it. `confirmations`: so many sensors that do not just repeat what
    targets say have seen it. `looks`: all that in n of the last m detections of the track. `sensors`: names of sensors,
    none meaning all. `suppressed_by`: rules that, while active for the same object, keep this one quiet.
    """

    name: Name
    when: Kind
    priority: Literal["low", "medium", "high", "critical"] = "medium"
    advice: str = ""
    places: tuple[str, ...] = ()
    within_s: Ahead = 60.0
    probability: Probability = 0.5
    clear_probability: Probability = 0.3
    classes: tuple[str, ...] = ("drone", "unknown")
    certainty: Certainty = Certainty.POSSIBLE
    existence: Probability = 0.7
    ignore_affiliations: tuple[str, ...] = ("friend",)
    affiliations: tuple[str, ...] = ()
    lowest_m: Coordinate | None = None
    highest_m: Coordinate | None = None
    hours_utc: tuple[Clock, Clock] | None = None
    confirmations: Count = 1
    looks: tuple[int, int] = (2, 3)
    off_delay_s: DurationOrZero = 10.0
    sensors: tuple[str, ...] = ()
    suppressed_by: tuple[str, ...] = ()


SILENT_RULE = Rule(
    name="sensor silent",
    when="silent",
    priority="high",
    advice="Check its power and network; what only it can see is not in the picture.",
    off_delay_s=0.0,
)
OWN_FAULT_RULE = msgspec.structs.replace(
    SILENT_RULE, name="own fault", advice="Make room where the site records and keeps its journal."
)
UNWARNED_RULE = Rule(
    name="warning path lost",
    when="unwarned",
    priority="critical",
    advice="Warn people by other means until it is well again.",
    off_delay_s=0.0,
)


def with_own_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The site's rules, and the built-in ones on our own means where the site has none."""
    silent = [rule for rule in rules if rule.when == "silent"]
    if not silent:
        rules = (*rules, SILENT_RULE)
    elif all(rule.sensors for rule in silent):  # no rule of the site can name what is no sensor: the recording
        rules = (*rules, OWN_FAULT_RULE)
    if not any(rule.when == "unwarned" for rule in rules):
        rules = (*rules, UNWARNED_RULE)
    return tuple(rules)


def priority_of(rule: Rule) -> Priority:
    """The rule's priority as it stands in alerts."""
    return Priority[rule.priority.upper()]


def classes_of(rule: Rule) -> tuple[TargetClass, ...]:
    """The classes a rule speaks of."""
    found: list[TargetClass] = []
    for name in rule.classes:
        if name == "any":
            return tuple(TargetClass)
        if name == "drone":
            found.extend(DRONE_CLASSES)
            continue
        kind = TargetClass.__members__.get(_member(name))
        if kind is None:
            raise RuleError(f"rule {rule.name!r}: classes: no class is called {name!r}")
        found.append(kind)
    return tuple(dict.fromkeys(found))


def ignored_by(rule: Rule) -> tuple[Affiliation, ...]:
    """The affiliations a rule does not alert on."""
    return _affiliations(rule, "ignore_affiliations", rule.ignore_affiliations)


def wanted_by(rule: Rule) -> tuple[Affiliation, ...]:
    """The affiliations a rule alerts on, none meaning any."""
    return _affiliations(rule, "affiliations", rule.affiliations)


def in_hours(rule: Rule, time_s: float) -> bool:
    """Whether a rule's time of day holds `time_s`: from the first minute to before the last; equal ones hold all."""
    if rule.hours_utc is None:
        return True
    start, end = (60 * int(text[:2]) + int(text[3:]) for text in rule.hours_utc)
    minute = time_s % 86_400.0 / 60.0
    return start <= minute < end if start < end else minute >= start or minute < end


def check_rules(rules: Sequence[Rule], places: Sequence[str], sensors: Sequence[str]) -> None:
    """Raise `RuleError` for the first rule that cannot be followed."""
    names = [rule.name for rule in rules]
    for rule in rules:
        if names.count(rule.name) > 1:
            raise RuleError(f"rule {rule.name!r}: two rules have this name")
        for key, given, known in (
            ("places", rule.places, places),
            ("sensors", rule.sensors, sensors),
            ("suppressed_by", rule.suppressed_by, [name for name in names if name != rule.name]),
        ):
            missing = [name for name in given if name not in known]
            if key == "suppressed_by" and rule.name in missing:
                raise RuleError(f"rule {rule.name!r}: suppressed_by: a rule cannot suppress itself")
            if missing:
                raise RuleError(f"rule {rule.name!r}: {key}: there is no {missing[0]!r}")
        if rule.suppressed_by and rule.when in UNSHELVABLE:
            raise RuleError(
                f"rule {rule.name!r}: suppressed_by: an alert of the kind {rule.when!r} is never kept quiet"
            )
        if not 0.0 < rule.clear_probability <= rule.probability <= 1.0:
            raise RuleError(f"rule {rule.name!r}: 0 < clear_probability <= probability <= 1 does not hold")
        if not 1 <= rule.looks[0] <= rule.looks[1] <= MOST_LOOKS:
            raise RuleError(
                f"rule {rule.name!r}: looks: n of m needs 1 <= n <= m <= {MOST_LOOKS}, got {list(rule.looks)}"
            )
        if not classes_of(rule):
            raise RuleError(f"rule {rule.name!r}: classes: none is named")
        if rule.lowest_m is not None and rule.highest_m is not None and rule.lowest_m >= rule.highest_m:
            raise RuleError(f"rule {rule.name!r}: lowest_m must be below highest_m")
        if wanted := set(wanted_by(rule)):
            if wanted <= set(ignored_by(rule)):
                raise RuleError(f"rule {rule.name!r}: affiliations: all of them are among ignore_affiliations")
        ignored_by(rule)
        _check_confirmations(rule, sensors)


def _check_confirmations(rule: Rule, sensors: Sequence[str]) -> None:
    if rule.confirmations > max(len(sensors), 1):
        raise RuleError(
            f"rule {rule.name!r}: confirmations: {rule.confirmations} sensors are asked for, there are {len(sensors)}"
        )


def _affiliations(rule: Rule, key: str, names: Sequence[str]) -> tuple[Affiliation, ...]:
    unknown = [name for name in names if _member(name) not in Affiliation.__members__]
    if unknown:
        raise RuleError(f"rule {rule.name!r}: {key}: no affiliation is called {unknown[0]!r}")
    return tuple(Affiliation[_member(name)] for name in names)


def _member(name: str) -> str:
    return name.upper().replace("-", "_")
