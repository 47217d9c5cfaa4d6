"""Attribution: the one line that may say who did it, and the rule it obeys.

An actor is named only if an assessment that stands names it and rests on at least two statements that

- stand, and in every version they ever had are about this incident, have the stance "asserts" and say it was that
  actor (`names_actor`);
- are graded C3 or better by every grade of theirs that stands (reliability A to C, credibility 1 to 3);
- are independent of each other (`independence`).

Else it reads "not attributed", with what is missing. Refusals, assumptions and context never count, and are named.
Nothing else in Tocsin writes who did it. Likelihood and the analyst's confidence never share a sentence (ICD 203).
"""

from collections.abc import Iterable
from itertools import combinations

import msgspec

from tocsin.incidents.graph import Graph
from tocsin.incidents.independence import dependence
from tocsin.model.record import PERCENT, Assessment, Grade, Hypothesis, Source, Statement
from tocsin.model.statement import Stance

NOT_ATTRIBUTED = "not attributed"
_SAID = {
    Stance.DENIES: "denied it",
    Stance.DECLINES: "declined to say",
    Stance.ASSUMES: "assumes, which is no assertion",
    Stance.WARNS: "warned beforehand",
    Stance.THREATENS: "threatened",
    Stance.CONTEXT: "spoke of other cases",
}


class Attribution(msgspec.Struct, frozen=True):
    """`text` is what is shown; `actors` whom it names, with the assessment and the statements that bear it out."""

    text: str
    actors: tuple[str, ...] = ()
    assessments: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def attribution(graph: Graph, incident: str) -> Attribution:
    """Who did it, as far as the rule lets anybody be named."""
    latest: dict[str, tuple[str, Assessment]] = {}
    for identity, assessment in graph.standing(Assessment):
        if assessment.incident == incident:
            latest[assessment.author + "\0" + assessment.question.casefold()] = identity, assessment
    named, missing = [], []
    for identity, assessment in latest.values():
        for hypothesis in assessment.hypotheses:
            if not hypothesis.actor:
                continue
            pair, lack = borne_out(graph, assessment, hypothesis.actor)
            if pair:
                named.append((identity, assessment, hypothesis, pair))
            else:
                missing.append(lack)
    if not named:
        return Attribution(NOT_ATTRIBUTED, missing=tuple(missing or [_why_not(graph, incident)]))
    return Attribution(
        " ".join(_sentence(assessment, hypothesis) for _, assessment, hypothesis, _ in named),
        tuple(hypothesis.actor for _, _, hypothesis, _ in named),
        tuple(identity for identity, *_ in named),
        tuple(dict.fromkeys(statement for *_, pair in named for statement in pair)),
        tuple(missing),
    )


def borne_out(graph: Graph, assessment: Assessment, actor: str) -> tuple[tuple[str, ...], str]:
    """Two statements on which `actor` may be named, or none and what is missing."""
    counting = [
        statement
        for statement in dict.fromkeys(assessment.statements_for)
        if not shortcoming(graph, statement, assessment.incident, actor)
    ]
    if len(counting) < 2:
        kinds = ("no statement", "one statement only")[len(counting)]
        return (), f"{kinds} that asserts it and is graded C3 or better"
    reasons = []
    for first, second in combinations(counting, 2):
        reason = dependence(graph, first, second)
        if not reason:
            return (first, second), ""
        reasons.append(reason)
    return (), f"no two independent statements: {reasons[0]}"


def shortcoming(graph: Graph, statement: str, incident: str, actor: str) -> str:
    """Why `statement` does not count for `actor`; "" if it does."""
    if not graph.stands(statement):
        return "retracted"
    for body in graph.every_version(statement, Statement):
        if body.stance is not Stance.ASSERTS:
            return f"{body.stance}, not asserts"
        if body.incident != incident:
            return "not about this incident"
        if body.names_actor.casefold() != actor.casefold():
            return "does not say it was them"
    grades = grades_of(graph, statement)
    if not grades:
        return "not graded"
    if any(grade.reliability > "C" or grade.credibility > 3 for grade in grades):
        return "graded worse than C3"
    return ""


def grades_of(graph: Graph, statement: str) -> list[Grade]:
    """The grades of a statement that stand, as amended."""
    return [
        graph.current(record.id, Grade)
        for record, _ in graph.referrers(statement)
        if isinstance(record.body, Grade) and graph.stands(record.id)
    ]


def _sentence(assessment: Assessment, hypothesis: Hypothesis) -> str:
    low, high = PERCENT[hypothesis.band]
    return f"{hypothesis.actor}: {hypothesis.band} ({low} to {high} %), as assessed by {assessment.author}."


def _why_not(graph: Graph, incident: str) -> str:
    speakers: dict[Stance, list[str]] = {}
    for _, statement in graph.standing(Statement):
        if statement.incident == incident and statement.stance in _SAID:
            name = graph.current(statement.said_by, Source).name
            if name not in speakers.setdefault(statement.stance, []):
                speakers[statement.stance].append(name)
    told = [f"{_listed(names)} {_SAID[stance]}" for stance, names in speakers.items()]
    return "; ".join(["nobody has assessed it", *told])


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
