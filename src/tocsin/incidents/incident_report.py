"""Incident report of a run: what the line saw beside what people said, as records and as accounts.

`incident_report(witness, ...)` writes records into a store (one in memory if none is given) and answers one account for
each stretch of the run: where nothing happens for `QUIET_S`, an incident ends and the next begins. Tracks, alerts and
recordings become evidence whose text says how its figures were obtained; tracks that no alert named and that were seen
for less than `BRIEF_S` are counted, not listed. Notes become statements; a clause in which the speaker says they did
not, would not or could not say becomes a statement of its own that declines. A statement is tied to an alert of the
same place raised at most `TIED_S` before it, and to that alert's tracks, by place and time alone, which the account
says. What people report as an outcome stays their statement: the track keeps the line's own ending.
"""

import hashlib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.incidents.account import LINE_MEDIA, Account
from tocsin.incidents.report import account_of
from tocsin.incidents.store import RecordStore
from tocsin.incidents.witness import Note, Sighting, Witness
from tocsin.model.alert import Alert, AlertState
from tocsin.model.record import Body, Custody, Evidence, Incident, Outcome, Source, Statement
from tocsin.model.statement import Stance
from tocsin.model.track import Outcome as TrackOutcome

TIED_S = 300.0
BRIEF_S = 10.0
QUIET_S = 3600.0
UNSEEN_S = 5.0  # a track with a later last detection than this before the end was followed until then
_DECLINES = re.compile(
    r"\b(?:(?:did|would|could|can|will|does|do)(?: not|n't)|cannot|declined to|refused to)"
    r" (?:say|comment|name|identify|specify|confirm|elaborate)\b",
    re.IGNORECASE,
)


class Run(msgspec.Struct, frozen=True):
    """What is said of the run as a whole. `recordings`: SHA-256 (hex) by file name; `kind` of the incident.

    `where` puts a place (metres east, north, up of the site's origin) into words. `never_seen`: what no sensor of the
    site sees, in words.
    """

    site: str
    title: str
    latitude_deg: float
    longitude_deg: float
    recordings: Mapping[str, str] = {}
    kind: str = "drones"
    where: Callable[[tuple[float, float, float]], str] = lambda place: _from_origin(place)
    never_seen: str = ""
    program: str = "Tocsin"


class _Part(msgspec.Struct, frozen=True):
    """One stretch of a run. `again`: of tracks that were found again under their number, uid to when."""

    title: str
    sightings: tuple[Sighting, ...]
    brief: int
    alerts: tuple[Alert, ...]
    notes: tuple[Note, ...]
    begin_s: float
    end_s: float
    again: Mapping[str, float] = {}


def incident_report(
    witness: Witness, run: Run, author: str, key: Ed25519PrivateKey, recorded_at: str, store: RecordStore | None = None
) -> tuple[Account, ...]:
    """The accounts of the run, after its records were written to `store`, signed by `author`."""
    kept = store if store is not None else RecordStore(":memory:", create=True)
    incidents = []
    for part in _parts(witness, run.title):
        bodies = _bodies(part, run, witness, kept, author)
        records = kept.append(bodies, author, key, recorded_at)
        incidents += [record.id for record in records if isinstance(record.body, Incident)]
    return tuple(account_of(kept, incident) for incident in incidents)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parts(witness: Witness, title: str) -> list[_Part]:
    """The run, cut where it was quiet; one empty part if nothing happened at all."""
    spans = sorted(
        [(sighting.born_s, sighting.last_detection_s) for sighting in witness.sightings]
        + [(alert.raised_s, alert.raised_s) for alert in witness.alerts]
        + [(note.said_s, note.said_s) for note in witness.notes]
    )
    stretches: list[tuple[float, float]] = []
    for begin_s, end_s in spans:
        if stretches and begin_s <= stretches[-1][1] + QUIET_S:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], end_s)
        else:
            stretches.append((begin_s, end_s))
    if not stretches:
        return [_Part(title, (), 0, (), (), math.nan, math.nan)]
    numbered = len(stretches) > 1
    return [
        _part(witness, f"{title}, {i} of {len(stretches)}" if numbered else title, *stretch)
        for i, stretch in enumerate(stretches, start=1)
    ]


def _part(witness: Witness, title: str, begin_s: float, end_s: float) -> _Part:
    alerts = tuple(alert for alert in witness.alerts if begin_s <= alert.raised_s <= end_s)
    named = {parent for alert in alerts for parent in alert.parents}
    here = [sighting for sighting in witness.sightings if begin_s <= sighting.born_s <= end_s]
    told = [one for one in here if one.uid in named or one.last_detection_s - one.born_s >= BRIEF_S]
    notes = tuple(note for note in witness.notes if begin_s <= note.said_s <= end_s)
    again = {}
    for one, later in pairwise(sorted(told, key=lambda sighting: (sighting.number, sighting.born_s))):
        if one.number == later.number:
            again[one.uid] = later.born_s
    return _Part(title, tuple(told), len(here) - len(told), alerts, notes, begin_s, end_s, again)


def _bodies(part: _Part, run: Run, witness: Witness, store: RecordStore, author: str) -> list[Body]:
    ends_s = max((one.last_detection_s for one in part.sightings), default=part.end_s)  # while any sensor saw anything
    evidence = [_of_track(one, _end(one, part, ends_s), run) for one in part.sightings]
    evidence += [_of_alert(witness.turns(alert), alert, run) for alert in part.alerts]
    evidence += [_of_recording(name, sha256, run) for name, sha256 in sorted(run.recordings.items())]
    speakers = list(dict.fromkeys(note.speaker for note in part.notes))
    bodies: list[Body] = [*evidence, *(Source("official", name) for name in speakers)]
    ids = store.next_ids(bodies, author)
    source_of = dict(zip(speakers, ids[len(evidence) :], strict=True))
    bodies.append(_incident(part, run, witness, tuple(ids[: len(evidence)])))
    incident = store.next_ids(bodies, author)[-1]
    for note in part.notes:
        bodies += _statements(note, source_of[note.speaker], incident, part)
    for sighting in part.sightings:
        is_followed = sighting.outcome is None and ends_s - sighting.last_detection_s < UNSEEN_S
        if sighting.uid not in part.again and not is_followed:
            at = _iso(sighting.last_detection_s)
            bodies.append(Outcome(incident, _end(sighting, part, ends_s), _label(sighting), at))
    return bodies


def _end(sighting: Sighting, part: _Part, ends_s: float) -> str:
    """How a track ended, in words: by the line's own judgement, never by what people report."""
    if sighting.uid in part.again:
        return f"lost, and found again under its number at {_iso(part.again[sighting.uid])}"
    if sighting.outcome is not None:
        return f"{sighting.outcome} after its last detection"
    silent_s = ends_s - sighting.last_detection_s
    if silent_s < UNSEEN_S:
        return "followed to the end"
    return f"not seen for the last {silent_s:.0f} s that anything was seen; nothing says how it ended"


def _kind(part: _Part, run: Run) -> str:
    """What the incident is about: also objects that fell, where the line saw some."""
    fell = any(one.outcome is TrackOutcome.FELL or "falling object" in one.class_words for one in part.sightings)
    return f"{run.kind} and falling objects" if fell else run.kind


def _unseen(part: _Part, run: Run, witness: Witness) -> str:
    """What could not be seen: sensors that gave nothing during this stretch, and what none of them ever sees."""
    told = [
        f"{one.sensor} gave nothing from {_iso(one.from_s)}"
        f" {'until ' + _iso(one.until_s) if one.until_s is not None else 'on'} ({one.reason})"
        for one in witness.outages
        if one.from_s <= part.end_s and (one.until_s is None or one.until_s >= part.begin_s)
    ]
    return "; ".join([*told, *([run.never_seen] if run.never_seen else [])])


def _incident(part: _Part, run: Run, witness: Witness, evidence: tuple[str, ...]) -> Incident:
    details = {"Not seen": unseen} if (unseen := _unseen(part, run, witness)) else {}
    if part.brief:
        details["Further tracks"] = f"{part.brief}, seen for less than {BRIEF_S:.0f} s and named by no alert"
    if part.notes:
        details["Statements"] = f"tied to alerts by the same place and at most {TIED_S:.0f} s, not by a person"
    return Incident(
        part.title,
        _kind(part, run),
        begins="" if math.isnan(part.begin_s) else _iso(part.begin_s),
        ends="" if math.isnan(part.end_s) else _iso(part.end_s),
        time_precision="second",
        place=run.site,
        place_precision="the site's origin",
        latitude_deg=run.latitude_deg,
        longitude_deg=run.longitude_deg,
        details=details,
        tracks=tuple(sighting.uid for sighting in part.sightings),
        alerts=tuple(alert.id for alert in part.alerts),
        evidence=evidence,
        exercise=witness.exercise,
    )


def _statements(note: Note, source: str, incident: str, part: _Part) -> list[Statement]:
    tied = [
        alert
        for alert in part.alerts
        if note.place and alert.key.place == note.place and 0.0 <= note.said_s - alert.raised_s <= TIED_S
    ]
    uids = {sighting.uid for sighting in part.sightings}
    tracks = dict.fromkeys(parent for alert in tied for parent in alert.parents if parent in uids)
    return [
        Statement(
            source,
            Stance.DECLINES if _DECLINES.search(clause) else Stance.ASSERTS,
            clause,
            incident=incident,
            said_at=_iso(note.said_s),
            place=note.place,
            quote=note.words,
            tracks=tuple(tracks),
            alerts=tuple(alert.id for alert in tied),
            external_id=f"packet {note.packet}",
        )
        for clause in _clauses(note.words)
    ]


def _clauses(words: str) -> Sequence[str]:
    """The note as one piece, or cut at semicolons and stops where a part of it declines to say."""
    parts = [part.strip() for part in re.split(r"(?<=[.;])\s+", words) if part.strip()]
    if not any(_DECLINES.search(part) for part in parts) or len(parts) == 1:
        return [words]
    said = " ".join(part for part in parts if not _DECLINES.search(part)).rstrip(";")
    return [*([said] if said else []), *(part for part in parts if _DECLINES.search(part))]


def _of_track(sighting: Sighting, end: str, run: Run) -> Evidence:
    text = (
        f"Track {_label(sighting)}: {sighting.class_words}, affiliation {sighting.affiliation};"
        f" from {_iso(sighting.born_s)} to the last detection at {_iso(sighting.last_detection_s)},"
        f" then {run.where(sighting.position_enu_m)}, at {sighting.speed_mps:.0f} m/s; {end}"
    )
    how = f"estimated from {', '.join(sighting.sensors) or 'no sensor named'}; 95 % within {sighting.spread_m:.0f} m"
    return _line_evidence("track", f"{_label(sighting)} {sighting.uid}", text, how, sighting.last_detection_s, run)


def _of_alert(turns: Sequence[Alert], last: Alert, run: Run) -> Evidence:
    label, raised = last.id.partition("-")[0], turns[0]
    parts = [f"Alert {label}, {raised.priority.name.lower()}, raised {_iso(raised.raised_s)}: {raised.message}"]
    parts += [turn for before, now in pairwise(turns) if (turn := _turn(before, now))]
    if last.message != raised.message:
        parts.append(f"last, {_iso(last.changed_s)}: {last.message}")
    return _line_evidence("alert", f"{label} {last.id}", "; ".join(parts), raised.reason, last.changed_s, run)


def _turn(before: Alert, now: Alert) -> str:
    """What changed of an alert, and when."""
    told = []
    if now.priority > before.priority:
        told.append(f"{now.priority.name.lower()} from {_iso(now.changed_s)}")
    if now.acknowledged_by and now.acknowledged_by != before.acknowledged_by:
        told.append(f"acknowledged by {now.acknowledged_by} at {_iso(now.acknowledged_s or now.changed_s)}")
    if now.state is AlertState.RETURNED:
        told.append(f"its cause gone, unanswered, at {_iso(now.changed_s)}")
    elif now.state is AlertState.UNACKNOWLEDGED and before.state is not AlertState.UNACKNOWLEDGED:
        told.append(f"asked again at {_iso(now.changed_s)}")
    elif now.put_aside_by and now.state is not before.state:
        told.append(f"{now.state.value} by {now.put_aside_by} at {_iso(now.changed_s)}")
    return ", ".join(told)


def _from_origin(place_enu_m: tuple[float, float, float]) -> str:
    east_m, north_m, up_m = place_enu_m
    return f"{east_m:.0f} m east, {north_m:.0f} m north, {up_m:.0f} m above the site's origin"


def _of_recording(name: str, sha256: str, run: Run) -> Evidence:
    custody = Custody(run.program, "", "recorded, every input in its order")
    return Evidence(sha256, "application/x-mcap", reference=name, captured_by=run.site, custody=(custody,))


def _line_evidence(what: str, reference: str, text: str, how: str, at_s: float, run: Run) -> Evidence:
    """Evidence of the line itself; `reference` is the label that people see and the id that programs keep."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    custody = (Custody(run.program, _iso(at_s), how),)
    return Evidence(digest, f"{LINE_MEDIA}{what}", _iso(at_s), run.site, reference, custody=custody, text=text)


def _label(sighting: Sighting) -> str:
    return f"T{sighting.number}"


def _iso(time_s: float) -> str:
    return datetime.fromtimestamp(round(time_s), UTC).isoformat().replace("+00:00", "Z")
