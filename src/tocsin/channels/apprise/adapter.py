"""Adapter: a warning by message services (SMS, chat, push), each by an address of the library Apprise.

Accepted: every service has taken it. If one has not, the message has failed and is sent again, to all: who has it twice
is better off than who has it never. An inaudible test sends nothing, since these services have no way to be asked; it
proves that the addresses are understood and no more, which its level (sent) says.
"""

import os
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

from tocsin.channels.apprise.settings import Settings as AppriseSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import LAST, Level, Warning, WarningStatus


class Adapter:
    """All services of one variable."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="apprise", summary="SMS, chat and push services", standard="by the library Apprise", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[AppriseSettings]] = AppriseSettings
    emits: ClassVar[tuple[str, ...]] = ("message",)
    proof: ClassVar[Level] = Level.SENT

    def __init__(self, settings: AppriseSettings, context: ChannelContext) -> None:
        try:
            library = import_module("apprise")
        except ModuleNotFoundError as error:
            raise TocsinError(f"{context.name}: the extra tocsin[apprise] is not installed") from error
        addresses = os.environ.get(settings.urls_env, "").split()
        if not addresses:
            raise TocsinError(f"{context.name}: the environment variable {settings.urls_env} is not set")
        self._services: list[Any] = []
        for number, address in enumerate(addresses, start=1):
            service = library.Apprise.instantiate(address, suppress_exceptions=True)
            if service is None:  # the address itself holds a key and is not printed
                raise TocsinError(f"{context.name}: address {number} of {settings.urls_env} is none that Apprise knows")
            self._services.append(service)
        self._counts: Counter[str] = Counter()

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Send it to every service."""
        if not warning.audible:
            return Level.SENT, f"{len(self._services)} addresses are understood; nothing was sent"
        title, body = words(warning)
        refused = [one.service_name for one in self._services if not one.notify(body=body, title=title)]
        if refused:
            raise TocsinError(f"not taken by {', '.join(map(str, refused))}")
        self._counts["messages"] += len(self._services)
        return Level.ACCEPTED, f"{len(self._services)} services"

    def close(self) -> None:
        """Nothing is held open."""

    def statistics(self) -> Mapping[str, Any]:
        """Messages that services have taken."""
        return dict(self._counts)


def words(warning: Warning) -> tuple[str, str]:
    """Title and text: that it is no real warning if it is none, what it is, what to do."""
    lead = "" if warning.status is WarningStatus.ACTUAL else f"{str(warning.status).upper()}: "
    title = (
        lead + " / ".join(dict.fromkeys(text.headline for text in warning.texts)) if warning.texts else warning.reason
    )
    told = [
        text.description if warning.stage in LAST else f"{text.instruction} {text.description}"
        for text in warning.texts
    ]
    return title, "\n\n".join([lead + one.strip() for one in told if one.strip()] or [f"{lead}{warning.reason}"])
