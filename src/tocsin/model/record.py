"""Record: what the record store keeps; nine kinds of content and six that tell how it came and where it may go.

A record's content (`body`) refers to other records by id ("statement-12"). Times are ISO 8601 in UTC as texts, a date
where no more is known ("2022-01-04"), "" where nothing is. Degrees are used because people read records. Nothing in a
record is ever changed: an amendment or a retraction is a further record. Who did it stands in an assessment and
nowhere else: an incident has no field for it. Defaults are left out of what is signed.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from tocsin.model.statement import Stance

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Band(StrEnum):
    """How likely, in the words of ICD 203; `PERCENT` has their bounds."""

    REMOTE = "almost no chance"
    VERY_UNLIKELY = "very unlikely"
    UNLIKELY = "unlikely"
    EVEN = "roughly even chance"
    LIKELY = "likely"
    VERY_LIKELY = "very likely"
    NEARLY_CERTAIN = "almost certain"


PERCENT = dict(zip(Band, ((1, 5), (5, 20), (20, 45), (45, 55), (55, 80), (80, 95), (95, 99)), strict=True))


class Author(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="author"):
    """Whoever signs records. The first in a store vouches for itself, every later one is signed by one before it."""

    name: str
    public_key: Sha256  # 32 bytes of Ed25519, as hex


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="source"):
    """Where statements come from. `upstream`: sources it took its words from; a copy names its original here.

    `anonymous`: the name is only a description ("a coalition official"). `organisation`: for whom it speaks, if said.
    """

    kind: Literal["sensor", "person", "agency", "official", "social"]
    name: str
    anonymous: bool = False
    organisation: str = ""
    role: str = ""
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    reason: str = ""
    upstream: tuple[str, ...] = ()


class Custody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who had a piece of evidence from when, and what they did with it."""

    by: str
    at: str
    action: str


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="evidence"):
    """A file, known by its hash. `text`: the working copy of a story, so that spans can be read again.

    `reference`: an address, a file's name, or a sensor's. `source`: the publication it is, for a story.
    """

    sha256: Sha256
    media_type: str
    captured_at: str = ""
    captured_by: str = ""
    reference: str = ""
    source: str = ""
    custody: tuple[Custody, ...] = ()
    c2pa: str = "not checked"
    text: str = ""


class Incident(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="incident"):
    """Something that happened, somewhere, at some time; each with its precision. It names no one who did it.

    `external_id`: what the table or draft it came from calls it. `tracks`, `alerts`: uids and ids of the line.
    `count`: objects, None if not known. `details`: further columns of a table, as they stood.
    """

    title: str
    kind: str = ""
    begins: str = ""
    ends: str = ""
    time_precision: str = ""
    place: str = ""
    place_precision: str = ""
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    count: int | None = None
    status: str = ""
    external_id: str = ""
    details: dict[str, str] = {}
    tracks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    exercise: bool = False


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="statement"):
    """What a source says. `content` in plain words; `subject`, `predicate`, `object` where it can be cut so.

    `time` is the day its content speaks of, `said_at` when it was said. `names_actor`: whom the statement says it was
    done by, if it says so. `reported_via`: sources it passed through on
    its way here, nearest to the speaker first. `span`: characters of the text of `evidence[0]`.
    """

    said_by: str
    stance: Stance
    content: str
    incident: str = ""
    subject: str = ""
    predicate: str = ""
    object: str = ""
    names_actor: str = ""
    said_at: str = ""
    time: str = ""
    place: str = ""
    quote: str = ""
    span: tuple[int, int] | None = None
    reported_via: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    external_id: str = ""


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="grade"):
    """Admiralty grade of a statement: the source A to F, the content 1 to 6; F and 6 mean "cannot be judged".

    `likelihood` and `confidence` are kept apart and never written into one sentence.
    """

    statement: str
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    credibility: Annotated[int, msgspec.Meta(ge=1, le=6)]
    rationale: str
    grader: str
    likelihood: Band | None = None
    confidence: Literal["", "low", "moderate", "high"] = ""


class Hypothesis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to an assessment's question. `actor` is empty where it names nobody ("an accident")."""

    text: str
    band: Band
    actor: str = ""


class Assessment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="assessment"):
    """What an analyst holds to be so, on which statements, from when on."""

    incident: str
    question: str
    hypotheses: tuple[Hypothesis, ...]
    author: str
    statements_for: tuple[str, ...] = ()
    statements_against: tuple[str, ...] = ()
    valid_from: str = ""
    rationale: str = ""


class Amendment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="amendment"):
    """What was wrong or has changed: `old` is what `field` of the target said, `new` what it should have said.

    `field` is a field of the target's body, or "text" for words inside its `content` or `quote`.
    """

    target: str
    kind: Literal["correction", "clarification", "update"]
    field: str
    old: Any
    new: Any
    reason: str
    severity: Literal["meaning", "minor"] = "meaning"
    source: str = ""
    notify: tuple[str, ...] = ()


class Retraction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="retraction"):
    """The target no longer stands. It stays readable, struck through, and what rests on it is flagged."""

    target: str
    reason: str
    replaced_by: str = ""


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="outcome"):
    """How it ended for an object or an incident. What is only reported ("brought down") is `stated_in` a statement."""

    incident: str
    outcome: str
    object: str = ""
    at: str = ""
    stated_in: str = ""
    evidence: tuple[str, ...] = ()


class Conflict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="conflict"):
    """Two things that cannot both be so, with the arithmetic that shows it; nobody chooses between them here."""

    between: tuple[str, ...]
    arithmetic: str
    incident: str = ""


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="decision"):
    """What a person did with one proposal of a draft. `changed`: fields they edited. `record`: what came of it."""

    draft_sha256: Sha256
    proposal: str
    verdict: Literal["accepted", "edited", "rejected"]
    record: str = ""
    changed: tuple[str, ...] = ()
    reason: str = ""


class Delivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="delivery"):
    """Who was given what: `included` are the records that could be read in it, `head` the log's state it showed."""

    recipient: str
    subject: str
    included: tuple[str, ...]
    sha256: Sha256
    head: Sha256
    channel: str = ""


Level = Literal["internal", "partners", "public"]


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="release"):
    """How far a statement may be told, and why; the latest one that stands counts. Without one it is internal."""

    statement: str
    level: Level
    reason: str


Body = (
    Author | Source | Evidence | Incident | Statement | Grade | Assessment | Amendment | Retraction | Outcome
    | Conflict | Decision | Delivery | Release
)  # fmt: skip


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record as it is signed. `seq` counts from 1; `prev_hash` is the hash of the record before it (hex)."""

    id: str
    seq: int
    prev_hash: str
    recorded_at: str
    recorded_by: str
    body: Body


def type_name(body: Body) -> str:
    """The word that ids of such records begin with."""
    return str(type(body).__struct_config__.tag)
