"""Warnings for tests of channels: valid messages at the present time."""

import time

import msgspec

from tocsin.formats.cap import CapArea, CapInfo, CapMessage, write_cap
from tocsin.model.channel import ChannelContext
from tocsin.model.warning import Level, Warning, WarningStage, WarningStatus, WarningText


def warning(number: int = 1, chain: str = "W1-X", **more) -> Warning:
    """The `number`-th message of a chain, issued now for ten minutes."""
    now_s = float(int(time.time()))
    made = Warning(
        id=f"{chain}-{number}",
        chain=chain,
        stage=WarningStage.ISSUED,
        status=WarningStatus.ACTUAL,
        policy="public",
        places=("gate",),
        decided_s=now_s,
        sent_s=now_s,
        expires_s=now_s + 600.0,
        texts=(WarningText("en", "Drone approaching", "Drone approaching: gate", "As of now.", "Go indoors now."),),
        reason="rule 'near'",
    )
    made = msgspec.structs.replace(made, **more)
    info = CapInfo(
        event="Drone approaching",
        categories=("Safety",),
        urgency="Immediate",
        severity="Severe",
        certainty="Likely",
        language="en",
        expires_s=made.expires_s,
        areas=(CapArea("gate", circles_deg_km=(((54.6, 18.8), 0.1),)),),
    )
    cap = CapMessage(made.id, "tocsin.test", made.sent_s, str(made.status), "Alert", infos=(info,))
    return msgspec.structs.replace(made, cap=write_cap(cap).decode())


def unheard(number: int = 1) -> Warning:
    """A test that goes all the way and is heard by nobody."""
    return warning(number, "W9-T", status=WarningStatus.TEST, audible=False)


def cancelled(number: int = 2, chain: str = "W1-X", **more) -> Warning:
    """The chain withdrawn as false."""
    return warning(number, chain, stage=WarningStage.CANCELLED, **more)


def all_clear(number: int = 2, chain: str = "W1-X", **more) -> Warning:
    """The chain ended."""
    return warning(number, chain, stage=WarningStage.ALL_CLEAR, **more)


class Reports:
    """Collects what a channel says later."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Level, str]] = []

    def __call__(self, name: str, level: Level, detail: str) -> None:
        self.said.append((name, level, detail))


def context(folder: object = ".", report: object = None, name: str = "siren") -> ChannelContext:
    """A channel's context."""
    return ChannelContext(name, "Test pier", str(folder), report or Reports())  # type: ignore[arg-type]
