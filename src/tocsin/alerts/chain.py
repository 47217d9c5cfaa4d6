"""Chain: the life of one warning, as one table of stages; what was said stays, and the last word is one of three."""

from dataclasses import dataclass, field

from tocsin.alerts.policy import Policy
from tocsin.model.warning import WarningArea, WarningStage, WarningStatus

_S = WarningStage
# What may follow; "" is before the first message. Nothing follows an end.
FOLLOWS: dict[WarningStage | str, frozenset[WarningStage]] = {
    "": frozenset({_S.DRAFT, _S.ISSUED}),
    _S.DRAFT: frozenset({_S.DRAFT, _S.ISSUED, _S.CANCELLED}),
    _S.ISSUED: frozenset({_S.UPDATED, _S.ALL_CLEAR, _S.CANCELLED, _S.EXPIRED}),
    _S.UPDATED: frozenset({_S.UPDATED, _S.ALL_CLEAR, _S.CANCELLED, _S.EXPIRED}),
    _S.ALL_CLEAR: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
}
WORDS = {
    _S.ISSUED: "Alert",
    _S.UPDATED: "Update",
    _S.ALL_CLEAR: "Update",
    _S.CANCELLED: "Cancel",
}  # CAP's msgType


@dataclass(slots=True)
class Chain:
    """One warning. `active`: alerts whose condition holds; `quiet_s`: since when none does."""

    id: str
    policy: Policy
    place: str
    status: WarningStatus
    falls: bool
    needs: int
    audible: bool = True
    stage: WarningStage | str = ""
    version: int = 0
    sent_s: float = 0.0
    expires_s: float = 0.0
    issued_s: float = 0.0
    priority: int = 0
    active: set[str] = field(default_factory=set)
    alerts: dict[str, None] = field(default_factory=dict)  # all that ever were, in order
    references: tuple[str, ...] = ()
    areas: tuple[WarningArea, ...] = ()
    approved_by: tuple[str, ...] = ()
    quiet_s: float | None = None

    def may(self, stage: WarningStage) -> bool:
        """Whether `stage` may follow now."""
        return stage in FOLLOWS[self.stage]

    @property
    def over(self) -> bool:
        """Whether its last word has been said."""
        return not FOLLOWS[self.stage]
