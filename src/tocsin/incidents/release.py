"""Release: which statements an audience may be told, and the account that holds those alone.

A statement may be told to whom its latest standing `release` says, and to nobody outside without one. The public is
told only what is graded too. What was released and is withdrawn later stays in sight, struck through: a correction
must reach whom the statement reached. Somebody is named only if every statement that bears it out may be told.
"""

import msgspec

from tocsin.incidents.account import Account, account, conflicts_of, not_known, outcomes_of, unsaid
from tocsin.incidents.attribution import NOT_ATTRIBUTED, Attribution, grades_of
from tocsin.incidents.graph import Graph
from tocsin.model.record import Level, Release

NOTHING_RELEASED = "An incident of which nothing may be told"
_ORDER: dict[Level, int] = {"internal": 0, "partners": 1, "public": 2}


def level_of(graph: Graph, statement: str) -> Level:
    """How far a statement may be told."""
    levels = [release.level for _, release in graph.standing(Release) if release.statement == statement]
    return levels[-1] if levels else "internal"


def released(graph: Graph, incident: str, head: str, audience: Level) -> Account:
    """The account of `incident` for an audience; the whole of it for "internal"."""
    whole = account(graph, incident, head)
    if audience == "internal":
        return whole
    said = tuple(one for one in whole.said if _may_be_told(graph, one.id, audience))
    shown = {one.id for one in said}
    is_borne_out = bool(whole.attribution.rests_on) and shown.issuperset(whole.attribution.rests_on)
    attribution = whole.attribution if is_borne_out else Attribution(NOT_ATTRIBUTED)
    outcomes = outcomes_of(graph, incident, shown)
    known = whole.known if said else ()  # what is known of it comes from what is said of it
    return msgspec.structs.replace(
        whole,
        audience=audience,
        title=whole.title if said else NOTHING_RELEASED,
        known=known,
        details=(),
        said=said,
        besides=(),
        conflicts=conflicts_of(graph, incident, shown, only=True),
        attribution=attribution,
        assessments=(),
        outcomes=outcomes,
        evidence=(),
        earlier=(),
        told=(),
        included=tuple(one for one in whole.included if one in shown or one == incident),
        unsaid=unsaid(said),
        not_known=not_known(known, attribution, outcomes, said),
    )


def _may_be_told(graph: Graph, statement: str, audience: Level) -> bool:
    is_cleared = _ORDER[level_of(graph, statement)] >= _ORDER[audience]
    return is_cleared and (audience != "public" or bool(grades_of(graph, statement)))
