"""Successive states of a table: every change is a visible correction, and nothing withdrawn is counted."""

import csv
import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from record_builder import AT, Records
from shared_data import shared
from tocsin.incidents.acceptance import accepted
from tocsin.incidents.draft import Draft, IncidentItem, Origin, StatementItem
from tocsin.incidents.report import account_of, html
from tocsin.incidents.states import counted, step
from tocsin.model.record import Amendment, Incident, Record, Retraction, Statement
from tocsin.model.statement import Stance

Row = dict[str, str]


def draft_of(rows: list[Row], published: str) -> Draft:
    """The table as a draft: an incident a row, and what the table says of who did it as an assumption of its maker."""
    incidents = tuple(
        IncidentItem(
            row["id"],
            f"{row['incident_type']} at {row['airport_name']}",
            row["incident_type"],
            row["date_start_utc"],
            row["date_end_utc"],
            place=row["airport_name"],
            latitude_deg=float(row["lat"]),
            longitude_deg=float(row["lon"]),
            count=int(row["uav_count"]) if row["uav_count"] else None,
            details={"notes": row["notes"]},
        )
        for row in rows
    )
    statements = tuple(
        StatementItem(f"{row['id']}/who", "not stated", Stance.ASSUMES, row["attribution"], incident=row["id"])
        for row in rows
        if row["attribution"]
    )
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    origin = Origin("incidents.csv", digest, "Airport watch", published, "text/csv", complete=True)
    return Draft(origin, incidents=incidents, statements=statements)


def taken(records: Records, rows: list[Row], published: str) -> list[Record]:
    first = len(records.graph) + 1 + (len(records.graph) == 0)
    found = accepted(records.graph, draft_of(rows, published), "", first)
    return records.store.append(found.bodies, "ann", records.key, AT)


@pytest.fixture
def rows() -> list[Row]:
    text = shared("data/incidents_eu_2025/incidents_manual.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def changes(made: list[Record], kind: type) -> list[Record]:
    return [record for record in made if isinstance(record.body, kind)]


def test_a_later_state_leaves_a_correction_for_each_change(rows: list[Row]) -> None:
    records = Records()
    taken(records, rows, "2025-10-01")
    assert counted(records.graph) == len(rows) == 12
    before = [records.store.entry(seq).signed for seq in range(1, len(records.graph) + 1)]
    changed = {**rows[0], "uav_count": "2", "notes": "Airspace closed for an hour", "attribution": "none"}
    added = {**rows[1], "id": "xx-new", "airport_name": "Velmora"}
    made = taken(records, [changed, *rows[1:10], added], "2025-10-02")
    amended = {(one.body.field, str(one.body.old), str(one.body.new)) for one in changes(made, Amendment)}  # type: ignore[union-attr]
    assert ("count", "3", "2") in amended
    assert ("content", "suspected", "none") in amended
    assert len(amended) == 3
    gone = {one.body.target for one in changes(made, Retraction)}  # type: ignore[union-attr]
    assert len([target for target in gone if target.startswith("incident")]) == 2
    assert len([target for target in gone if target.startswith("statement")]) == 2
    assert counted(records.graph) == 11
    assert [records.store.entry(seq).signed for seq in range(1, len(before) + 1)] == before
    first = next(identity for identity, one in records.graph.of(Incident) if one.external_id == rows[0]["id"])
    page = html(account_of(records.store, first))
    assert "<del>3</del>" in page
    assert "<ins>2</ins>" in page
    withdrawn = html(account_of(records.store, min(target for target in gone if target.startswith("incident"))))
    assert "no longer in the table (incidents.csv, 2025-10-02)" in withdrawn


def test_the_same_state_again_changes_nothing(rows: list[Row]) -> None:
    records = Records()
    taken(records, rows, "2025-10-01")
    count = len(records.graph.of(Incident)), len(records.graph.of(Statement))
    made = taken(records, rows, "2025-10-02")
    assert changes(made, Amendment) == changes(made, Retraction) == []
    assert (len(records.graph.of(Incident)), len(records.graph.of(Statement))) == count


def test_a_row_that_comes_back_is_a_new_record_and_a_rejected_one_is_left_alone(rows: list[Row]) -> None:
    records = Records()
    for published, state in enumerate((rows[:3], rows[:2], rows[:3])):
        taken(records, state, f"2025-10-0{published + 1}")
    assert counted(records.graph) == 3
    assert len(records.graph.of(Incident)) == 4
    draft = draft_of(rows[:3], "2025-10-04")
    rejected = [
        IncidentItem(
            **{name: getattr(draft.incidents[0], name) for name in IncidentItem.__struct_fields__}
            | {"verdict": "rejected"}
        )
    ]
    found = step(records.graph, Draft(draft.origin, incidents=(*rejected, *draft.incidents[1:])))
    assert [one.target for one in found.retractions if one.target.startswith("incident")] == []


ROW_IDS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)
STATES = st.lists(
    st.fixed_dictionaries({"ids": ROW_IDS, "counts": st.lists(st.integers(1, 3), min_size=6, max_size=6)}), max_size=5
)


@settings(max_examples=40, deadline=None)
@given(STATES)
def test_after_any_states_what_stands_is_the_last_one(states: list[dict[str, list[int]]]) -> None:
    records = Records()
    for number, state in enumerate(states):
        rows = [
            {
                "id": str(name), "incident_type": "sighting", "airport_name": f"Field {name}", "lat": "1", "lon": "2",
                "date_start_utc": "2031-02-03", "date_end_utc": "", "uav_count": str(state["counts"][i]), "notes": "",
                "attribution": ["", "none", "suspected"][state["counts"][i] - 1],
            }
            for i, name in enumerate(state["ids"])
        ]  # fmt: skip
        taken(records, rows, f"state {number}")
        standing = {one.external_id: one for _, one in records.graph.standing(Incident)}
        assert {name: one.count for name, one in standing.items()} == {row["id"]: int(row["uav_count"]) for row in rows}
        said = {one.external_id: one.content for _, one in records.graph.standing(Statement)}
        assert said == {f"{row['id']}/who": row["attribution"] for row in rows if row["attribution"]}
