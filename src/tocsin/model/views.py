"""Views: what the web may read, ready for a map; plain values, units in the names, times as ISO 8601 with Z.

Degrees are used here and nowhere inside the line. Unknown, and never, is None. Heights are kept apart by kind:
`height_m` above the WGS-84 ellipsoid, `altitude_msl_m` above mean sea level, `height_above_site_m` above the site's
origin. Directions are degrees clockwise from true north in [0, 360). Intervals are (5, 50, 95 %) points.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from tocsin.model.picture import Picture


class TrackView(msgspec.Struct, frozen=True):
    """One track. `label` is what people say ("T12", or "" until it is confirmed); `uid` is what programs keep.

    `ellipse_*`: the 95 % ellipse of the horizontal position, semi-axes and direction of the longer one. `course_deg` is
    None below walking pace, where it means nothing. `class_words` is for people ("probable drone"); `class_probability`
    leaves out what is below 0.0005. `since_detection_s`: age of the last detection. `rank`: place in the order of
    threats, from 1, None if it threatens nothing.
    """

    uid: str
    object: str
    label: str
    number: int
    status: str
    existence_probability: float
    latitude_deg: float
    longitude_deg: float
    height_m: float
    height_above_site_m: float
    altitude_msl_m: float | None
    speed_mps: float
    course_deg: float | None
    climb_mps: float
    ellipse_major_m: float
    ellipse_minor_m: float
    ellipse_deg: float
    sigma_height_m: float
    born: str
    last_detection: str
    since_detection_s: float
    sensors: tuple[str, ...]
    class_words: str
    class_probability: dict[str, float]
    affiliation: str
    affiliation_by: str | None
    reason: str
    rank: int | None


class ThreatView(msgspec.Struct, frozen=True):
    """One track against one asset or zone; seconds count from the picture's time."""

    uid: str
    place: str
    distance_m: float
    inside_probability: float
    entry_probability: float
    horizon_s: float
    entry_s: tuple[float | None, float | None, float | None]
    closest_m: tuple[float | None, float | None, float | None]
    closest_s: float | None


class ClaimView(msgspec.Struct, frozen=True):
    """What one sender says of itself, with the verdict on it and the reasons for that.

    `verdict`: "claimed", "corroborated" or "contradicted", since `since`. `uid`, `track_label`: the track that moves as
    it says, "" if none does. `expected`: the flight it is expected as; `conforms`: whether it keeps to it.
    """

    means: str
    identifier: str
    sensor: str
    verdict: str
    reasons: tuple[str, ...]
    since: str
    time: str
    latitude_deg: float | None
    longitude_deg: float | None
    height_m: float | None
    uid: str
    track_label: str
    callsign: str | None
    operator: str | None
    category: str | None
    expected: str | None
    conforms: bool | None


class TrackDetailView(msgspec.Struct, frozen=True):
    """All that is known of one track at `time`: with each place it may enter, who decided whose it is, and why, and the
    claims of which it is the target. `found_again`: where it goes on an object that had been lost, how sure that is."""

    time: str
    track: TrackView
    threats: tuple[ThreatView, ...]
    decided: str | None
    decision: str | None
    claims: tuple[ClaimView, ...] = ()
    found_again: str | None = None


class EndedView(msgspec.Struct, frozen=True):
    """A confirmed track that ended; how, as far as is known. Lost is not destroyed."""

    uid: str
    label: str
    time: str
    last_detection: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    outcome: str


class PictureView(msgspec.Struct, frozen=True):
    """All tracks at `time`, most pressing first in `threats`. `exercise`: something in it was replayed or simulated."""

    time: str
    sequence: int
    exercise: bool
    tracks: tuple[TrackView, ...]
    threats: tuple[ThreatView, ...]
    ended: tuple[EndedView, ...]


class AlertView(msgspec.Struct, frozen=True):
    """One alert as it stands; `time_to_entry_s` counts from `changed`. `track_labels`: all members of a raid.

    `when`: the kind of its rule; "" unknown. `put_aside_by` and `put_aside_reason`: who or which rule shelved,
    suppressed or removed it. `escalated`: how often it was told again unanswered. `first_out`: the id of the first
    alert of the flood it belongs to. `asked`: since when it asks for an answer.
    """

    id: str
    rule: str
    place: str
    subject: str
    state: str
    priority: int
    priority_word: str
    raised: str
    changed: str
    version: int
    message: str
    reason: str
    track_label: str
    time_to_entry_s: tuple[float | None, float | None, float | None] | None
    acknowledged_by: str
    acknowledged: str | None
    shelved_until: str | None
    parents: tuple[str, ...]
    exercise: bool
    track_labels: tuple[str, ...] = ()
    put_aside_by: str = ""
    put_aside_reason: str = ""
    escalated: int = 0
    first_out: str = ""
    asked: str = ""
    when: str = ""


class LoadView(msgspec.Struct, frozen=True):
    """What operators had to bear since the start; docs/reference/alerts.md explains each figure. None: nothing yet."""

    covered_s: float
    asked: int
    per_operator_10_min: float | None
    most_10_min: float
    last_10_min: float
    floods: int
    flood_share: float | None
    in_flood: bool
    first_out: str
    chattering: int
    chattered: int
    stale: int
    acknowledge_s: tuple[float, float, float] | None
    waiting: int
    escalated: int
    worst: tuple[tuple[str, int], ...]
    by_priority: dict[str, float]


class ReceiptView(msgspec.Struct, frozen=True):
    """What one channel said of one message: `level` is failed, sent, accepted, delivered or confirmed."""

    channel: str
    level: str
    time: str
    detail: str
    attempt: int
    final: bool


class WarningView(msgspec.Struct, frozen=True):
    """One message to people outside, and what became of it. A draft waits for `needs` persons to approve it."""

    id: str
    chain: str
    stage: str
    status: str
    policy: str
    places: tuple[str, ...]
    sent: str
    expires: str
    headline: str
    instruction: str
    alerts: tuple[str, ...]
    channels: tuple[str, ...]
    needs: int
    approved_by: tuple[str, ...]
    reason: str
    receipts: tuple[ReceiptView, ...]


class ChannelView(msgspec.Struct, frozen=True):
    """How one channel does: "" in `fault` if well."""

    name: str
    fault: str
    waiting: int
    last_done: str | None
    sent: int
    failed: int


class ProvenView(msgspec.Struct, frozen=True):
    """When a place was last proven to be reachable by every channel of its policy; None: not since the start."""

    place: str
    time: str | None


class WarningPathView(msgspec.Struct, frozen=True):
    """The way to people: its channels, the proofs, and what is lost of it ("" where nothing is)."""

    channels: tuple[ChannelView, ...]
    proven: tuple[ProvenView, ...]
    channels_fault: str
    watchdog_fault: str
    watched: bool
    waiting: int


class AssetView(msgspec.Struct, frozen=True):
    """What is protected, as a circle."""

    name: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    radius_m: float
    reaction_s: float
    people: int | None


class ZoneView(msgspec.Struct, frozen=True):
    """An area with a rule: corners as (longitude, latitude) in the order of GeoJSON, not closed."""

    name: str
    corners_deg: tuple[tuple[float, float], ...]
    floor_above_site_m: float | None
    ceiling_above_site_m: float | None


class SensorView(msgspec.Struct, frozen=True):
    """Where a sensor stands, what it covers and how it does. `blind_deg`: sectors (from, to) it cannot see now."""

    name: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    heading_deg: float
    range_m: tuple[float, float] | None
    sector_deg: tuple[float, float] | None
    blind_deg: tuple[tuple[float, float], ...]
    health: str
    reason: str
    since: str | None


class CueView(msgspec.Struct, frozen=True):
    """A bearing without a range: a ray from where its sensor was, never a point. `sigma_deg`: standard deviation."""

    sensor: str
    time: str
    latitude_deg: float
    longitude_deg: float
    azimuth_deg: float
    sigma_deg: float
    class_word: str | None


class AlternativeView(msgspec.Struct, frozen=True):
    """What else something that was sighted could be. `sigmas`: how far off the line of sight, in standard deviations,
    None for what our sensors did not see."""

    kind: str
    name: str
    sigmas: float | None
    words: str


class StatementView(msgspec.Struct, frozen=True):
    """What a person or agency said; never a fact. `tracks` are uids it was tied to. `alternatives`: what else a
    sighting with a direction could be, the nearest first."""

    id: str
    speaker: str
    stance: str
    content: str
    place: str | None
    said: str | None
    tracks: tuple[str, ...]
    alternatives: tuple[AlternativeView, ...] = ()


class SiteView(msgspec.Struct, frozen=True):
    """What stands still: the site, its assets and zones, and the program that runs it.

    `mode` is what feeds it: "live", "simulation" or "replay". `notice` says what is being prepared, for as long as
    there is no picture. `ended`: a story is over, and no newer picture will come.
    `sightings`: people may report what they see, on a page of their own.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    assets: tuple[AssetView, ...]
    zones: tuple[ZoneView, ...]
    version: str
    mode: str = "live"
    notice: str = ""
    ended: bool = False
    sightings: bool = False


class Views(Protocol):
    """What the service lets the web read. Each call answers at once with a finished value, from any thread.

    An answer is the same object as before as long as nothing changed: the stream sends only what is new. `columns` and
    `picture` are the newest picture, as the line has it and as plain values; None until the line has made its first.
    `track` is one of its tracks by uid or label, None if it has none such. `cues` are the bearings without a range
    and `ended` the confirmed tracks that ended, of the last moments; `claims` is what senders say of themselves now.
    `report` holds the figures at the end of a story or exercise, with `evaluation` as `tocsin evaluate` writes it; None
    before.
    """

    def site(self) -> SiteView: ...

    def columns(self) -> Picture | None: ...

    def picture(self) -> PictureView | None: ...

    def track(self, name: str) -> TrackDetailView | None: ...

    def alerts(self) -> Sequence[AlertView]: ...

    def load(self) -> LoadView | None: ...

    def warnings(self) -> Sequence[WarningView]: ...

    def warning_path(self) -> WarningPathView | None: ...

    def sensors(self) -> Sequence[SensorView]: ...

    def cues(self) -> Sequence[CueView]: ...

    def claims(self) -> Sequence[ClaimView]: ...

    def ended(self) -> Sequence[EndedView]: ...

    def statements(self) -> Sequence[StatementView]: ...

    def report(self) -> Mapping[str, Any] | None: ...

    def record(self) -> str | None: ...

    def statistics(self) -> Mapping[str, Any]: ...
