"""Tables of incident reports become drafts, and a later state of one leaves a visible correction for each change."""

import csv
import io
import json

import pytest

from record_builder import AT, Records
from shared_data import shared
from tocsin.incidents.acceptance import accepted
from tocsin.incidents.states import counted
from tocsin.incidents.table_import import table_draft
from tocsin.model.errors import TocsinError
from tocsin.model.record import Amendment, Record, Retraction

TABLE = """id,date_start_utc,airport_name,lat,lon,incident_type,uav_count,attribution,notes
v-1,2026-03-03T20:10:00Z,Skarn Airport,54.1,18.2,closure,2,suspected,Closed for an hour
v-2,2026-03-04,Orrin Pier,54.2,18.3,sighting,,none,"A toy, perhaps"
"""
FEED = {
    "generated_utc": "2026-03-05T00:00:00Z",
    "incidents": [
        {
            "id": "v-1",
            "first_seen_utc": "2026-03-03T20:10:00Z",
            "asset": {"type": "airport", "name": "Skarn Airport", "lat": 54.1, "lon": 18.2},
            "incident": {"category": "closure", "status": "resolved", "uav_count": 2, "response": ["Police"]},
            "evidence": {"attribution": "claimed", "sources": [{"url": "https://example.org/a"}]},
        }
    ],
}


def test_a_row_is_an_incident() -> None:
    draft = table_draft(TABLE.encode(), "watch.csv", "Airport watch", "2026-03-05")
    first, second = draft.incidents
    assert (first.id, first.title, first.count, first.latitude_deg) == ("v-1", "Closure, Skarn Airport", 2, 54.1)
    assert (second.count, second.time_precision) == (None, "day")
    assert second.details == {"notes": "A toy, perhaps"}
    assert draft.origin is not None and draft.origin.complete


def test_who_did_it_is_a_statement_and_never_a_field() -> None:
    (suspected,) = table_draft(TABLE.encode(), "watch.csv").statements
    assert (suspected.speaker, suspected.stance, suspected.incident) == ("not stated", "assumes", "v-1")
    assert all("attribution" not in one.details for one in table_draft(TABLE.encode(), "watch.csv").incidents)


def test_a_feed_in_json() -> None:
    draft = table_draft(json.dumps(FEED).encode(), "feed.json")
    (one,) = draft.incidents
    assert (one.place, one.kind, one.count, one.status) == ("Skarn Airport", "closure", 2, "resolved")
    assert one.details["incident.response"] == '["Police"]'
    assert draft.statements[0].stance == "asserts"
    assert draft.origin is not None and draft.origin.media_type == "application/json"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (TABLE + "v-1,2026-03-05,X,1,1,sighting,1,none,\n", "row 3: id 'v-1' is that of row 1"),
        (TABLE + ",2026-03-05,X,1,1,sighting,1,none,\n", "row 3: has no id"),
        (TABLE.replace("54.1", "north"), "row 1: latitude 'north' is no number"),
        (TABLE.replace("54.1", "540.1"), "row 1: latitude 540.1 is out of range"),
        (TABLE.replace(",2,suspected", ",few,suspected"), "row 1: count 'few' is no number"),
        ("{", "is no JSON"),
        ('{"a": 1}', "holds no list of incidents"),
        ("[" * 200_000, "is no JSON"),
    ],
)
def test_bad_rows_are_named(content: str, says: str) -> None:
    with pytest.raises(TocsinError, match=says):
        table_draft(content.encode(), "watch.csv")


def take(records: Records, content: bytes, published: str) -> list[Record]:
    draft = table_draft(content, "watch.csv", "Airport watch", published)
    first = len(records.graph) + 1 + (len(records.graph) == 0)
    return records.store.append(accepted(records.graph, draft, "", first).bodies, "ann", records.key, AT)


def test_successive_states_of_a_real_table() -> None:
    path = shared("data/incidents_eu_2025/incidents_manual.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    records = Records()
    take(records, path.read_bytes(), "2025-10-01")
    assert counted(records.graph) == len(rows) == 12

    later = [{**rows[0], "uav_count": "2"}, *rows[1:9], {**rows[0], "id": "new-1", "airport_name": "Velmora"}]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(later)
    made = take(records, out.getvalue().encode(), "2025-10-02")
    changes = [one.body for one in made if isinstance(one.body, Amendment)]
    assert [(one.field, one.old, one.new) for one in changes] == [("count", 3, 2)]
    withdrawn = [one.body.target for one in made if isinstance(one.body, Retraction)]
    assert sum(target.startswith("incident") for target in withdrawn) == 3
    assert counted(records.graph) == 10
    assert not [one for one in take(records, out.getvalue().encode(), "2025-10-03") if isinstance(one.body, Amendment)]
