"""The CAP message of a warning: the standard's codes for what the warning says in words and places."""

from collections.abc import Sequence

from tocsin.alerts.chain import WORDS, Chain
from tocsin.formats.cap import CapArea, CapInfo, CapMessage
from tocsin.model.alert import Priority
from tocsin.model.warning import WarningArea, WarningStage, WarningStatus, WarningText
from tocsin.units import M_PER_KM, RAD_PER_DEG

_SEVERITY = {
    Priority.LOW: "Minor",
    Priority.MEDIUM: "Moderate",
    Priority.HIGH: "Severe",
    Priority.CRITICAL: "Extreme",
}
EXERCISE_NOTE = "Exercise. Nothing of this is real."
CANCEL_NOTE = "The warning was sent in error and is withdrawn."


def cap_message(
    chain: Chain, stage: WarningStage, identifier: str, sender: str, sender_name: str, texts: Sequence[WarningText]
) -> CapMessage:
    """The message of `chain` at `stage`, sent and expiring as the chain says."""
    over = stage in (WarningStage.ALL_CLEAR, WarningStage.CANCELLED)
    note = EXERCISE_NOTE if chain.status is WarningStatus.EXERCISE else ""
    note = CANCEL_NOTE if stage is WarningStage.CANCELLED and not note else note
    infos = tuple(
        CapInfo(
            event=text.event,
            categories=("Safety",) if chain.falls else ("Security", "Safety"),
            urgency="Past" if over else "Immediate",
            severity=_SEVERITY.get(Priority(chain.priority), "Unknown") if chain.priority else "Unknown",
            certainty="Unlikely" if stage is WarningStage.CANCELLED else "Observed" if over else "Likely",
            language=text.language,
            responses=("AllClear",) if over else ("Shelter",),
            effective_s=chain.sent_s,
            onset_s=chain.issued_s or chain.sent_s,
            expires_s=chain.expires_s,
            sender_name=sender_name,
            headline=text.headline,
            description=text.description,
            instruction=text.instruction,
            areas=tuple(map(_area, chain.areas)),
        )
        for text in texts
    )
    return CapMessage(
        identifier=identifier,
        sender=sender,
        sent_s=chain.sent_s,
        status=str(chain.status),
        kind=WORDS[stage],
        note=note,
        references=chain.references,
        infos=infos,
    )


def _area(area: WarningArea) -> CapArea:
    outline = tuple((latitude / RAD_PER_DEG, longitude / RAD_PER_DEG) for latitude, longitude in area.outline_rad)
    circles: tuple[tuple[tuple[float, float], float], ...] = ()
    if area.centre_rad is not None and area.radius_m is not None:
        latitude, longitude = area.centre_rad
        circles = (((latitude / RAD_PER_DEG, longitude / RAD_PER_DEG), area.radius_m / M_PER_KM),)
    return CapArea(area.name, (outline,) if outline else (), circles)
