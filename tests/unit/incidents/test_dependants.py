"""A correction reaches every copy and every recipient, and flags what rests on it."""

from record_builder import Records
from tocsin.incidents.dependants import dependants, flags, owed
from tocsin.model.record import Amendment, Delivery, Evidence, Retraction, Statement
from tocsin.model.statement import Stance

WORDS = "The commander of the harbour guard was killed on 3 January 2021 by a drone that was sent from the dunes"
COPY = "The commander of the harbour guard was killed on 3 January 2021 when a drone came in from the dunes"
FILLER = " ".join(f"filler{i}" for i in range(80))
SHA = "0" * 64


def said(records: Records, source: str, words: str, evidence: tuple[str, ...] = ()) -> str:
    return records.add(Statement(source, Stance.ASSERTS, words, evidence=evidence))


def corrected(records: Records, target: str, severity: str = "meaning", notify: tuple[str, ...] = ()) -> str:
    return records.add(
        Amendment(target, "correction", "content", "2021", "2020", "the agency's notice", severity, notify=notify)  # type: ignore[arg-type]
    )


def delivered(records: Records, recipient: str, *included: str) -> str:
    return records.add(Delivery(recipient, "Report", included, SHA, SHA))


def test_what_rests_on_a_statement_is_flagged_through_every_step() -> None:
    records = Records()
    source, incident = records.source("Ada Brandt"), records.incident()
    statement = records.statement(source, incident)
    grade, assessment = records.grade(statement), records.assessment(incident, (statement,))
    assert [one.id for one in dependants(records.graph, statement)] == [grade, assessment]
    assert [one.id for one in dependants(records.graph, source)] == [statement, grade, assessment]
    records.add(Retraction(statement, "misheard"))
    assert set(flags(records.graph)) == {grade, assessment}


def test_a_copy_keeps_the_error_and_is_flagged() -> None:
    records = Records()
    first = said(records, records.source("Harbor Wire"), WORDS)
    copy = said(records, records.source("Velmora Post"), COPY)
    other = said(
        records, records.source("Jon Marek"), "Nobody was hurt when two drones came down in the harbour on Monday"
    )
    corrected(records, first)
    assert list(flags(records.graph)) == [copy]
    assert "is a copy of it (" in flags(records.graph)[copy][0]
    assert "2021" in records.graph.current(copy, Statement).content
    assert other not in flags(records.graph)


def test_the_nearest_statement_of_a_copied_text_is_flagged_however_reworded() -> None:
    records = Records()
    text = records.add(Evidence(SHA, "text/plain", text=f"{WORDS} {FILLER}"))
    again = records.add(Evidence(SHA, "text/plain", text=f"{COPY} {FILLER}"))
    first = said(records, records.source("Harbor Wire"), WORDS, (text,))
    reworded = "In the year of 2021 the commander of the harbour guard fell when a drone came, and so ended his time"
    copy = said(records, records.source("Velmora Post"), reworded, (again,))
    corrected(records, first)
    assert list(flags(records.graph)) == [copy]


def test_a_minor_change_flags_nothing_and_is_still_owed() -> None:
    records = Records()
    first = said(records, records.source("Harbor Wire"), WORDS)
    records.grade(first)
    delivered(records, "desk", first)
    corrected(records, first, "minor")
    assert flags(records.graph) == {}
    assert [one.recipient for one in owed(records.graph)] == ["desk"]


def test_every_recipient_of_the_error_is_owed_its_correction_until_told() -> None:
    records = Records()
    first = said(records, records.source("Harbor Wire"), WORDS)
    copy = said(records, records.source("Velmora Post"), COPY)
    other = said(records, records.source("Jon Marek"), "Nobody was hurt")
    delivered(records, "desk", first)
    delivered(records, "mayor", copy)
    delivered(records, "coast guard", other)
    change = corrected(records, first, notify=("archive",))
    delivered(records, "newcomer", first, change)
    assert [(one.recipient, one.subject) for one in owed(records.graph)] == [
        ("desk", "CORRECTED"), ("mayor", "CORRECTED"), ("archive", "CORRECTED"),
    ]  # fmt: skip
    delivered(records, "desk", first, change)
    assert [one.recipient for one in owed(records.graph)] == ["mayor", "archive"]
    records.add(Retraction(first, "all wrong"))
    assert [(one.recipient, one.subject) for one in owed(records.graph)][-2:] == [
        ("mayor", "WITHDRAWN"), ("newcomer", "WITHDRAWN"),
    ]  # fmt: skip
