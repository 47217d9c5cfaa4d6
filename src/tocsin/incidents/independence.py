"""Independence: whether two statements could both be wrong for one reason.

A statement's lineage is everything its words came through: its speaker, the sources it was reported through, and those
they took it from, to the end. Two statements are independent only if their lineages share no source, so no root either,
none of the texts they stand in is a copy of the other's, and neither rests on the other. What cannot be told apart
counts as the same: names of which one holds all words of the other ("Brandt", "Ada Brandt"), speakers for one
organisation, and an unnamed speaker and anybody else, unless it is known for whom both speak. Every value a source ever
had counts, so that no correction makes two statements independent that were not.
"""

import re
from itertools import product

from tocsin.incidents.graph import Graph
from tocsin.incidents.resemblance import is_copy, resemblance
from tocsin.model.record import Evidence, Source, Statement

_UNTELLING = frozenset("a an the of for to in at and by one two another other some several unnamed named who".split())


def dependence(graph: Graph, first: str, second: str) -> str:
    """Why the statements `first` and `second` are not independent; "" if they are."""
    if first == second:
        return "one and the same statement"
    if first in _rests_on(graph, second) or second in _rests_on(graph, first):
        return "one rests on the other"
    for one, other in product(sorted(lineage(graph, first)), sorted(lineage(graph, second))):
        if reason := _shared(graph, one, other):
            return reason
    for one, other in product(_texts(graph, first), _texts(graph, second)):
        if is_copy(one, other):
            return f"one is a copy of the other ({resemblance(one, other):.0%} of its three-word runs)"
    return ""


def lineage(graph: Graph, statement: str) -> set[str]:
    """The ids of all sources that `statement` came through; sources may name each other in a circle."""
    found: set[str] = set()
    pending = [
        source
        for version in graph.every_version(statement, Statement)
        for source in (version.said_by, *version.reported_via)
    ]
    while pending:
        source = pending.pop()
        if source not in found:
            found.add(source)
            pending += [above for version in graph.every_version(source, Source) for above in version.upstream]
    return found


def _shared(graph: Graph, one: str, other: str) -> str:
    if one == other:
        return f"both came through {graph.current(one, Source).name}"
    for a, b in product(graph.every_version(one, Source), graph.every_version(other, Source)):
        for_a, for_b = _organisation(a), _organisation(b)
        if (a.anonymous or b.anonymous) and not (for_a and for_b):
            return f"{a.name} and {b.name} may be one speaker"
        if for_a and for_b and _alike(for_a, for_b):
            return f"both speak for {for_a}"
        named = [_alike(x, y) for x, y in ((a.name, b.name), (a.name, for_b), (for_a, b.name))]
        if not (a.anonymous and b.anonymous) and any(named):
            return f"{a.name} and {b.name} may be one source"
    return ""


def _organisation(source: Source) -> str:
    return source.organisation or (source.name if source.kind in ("agency", "sensor") else "")


def _alike(one: str, other: str) -> bool:
    """Whether all telling words of one name stand in the other."""
    first, second = _words(one), _words(other)
    return bool(first and second) and (first <= second or second <= first)


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold())) - _UNTELLING


def _rests_on(graph: Graph, statement: str) -> set[str]:
    found: set[str] = set()
    pending = [statement]
    while pending:
        for version in graph.every_version(pending.pop(), Statement):
            pending += [below for below in version.depends_on if below not in found]
            found.update(version.depends_on)
    return found - {statement}


def _texts(graph: Graph, statement: str) -> list[str]:
    """The words a statement was taken from: its quote, and the stories it stands in."""
    body = graph.current(statement, Statement)
    stories = [graph.current(evidence, Evidence).text for evidence in body.evidence]
    return [text for text in (body.quote, *stories) if text]
