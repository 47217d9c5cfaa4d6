"""Adapter: a POST of the warning as JSON, signed with HMAC-SHA256.

`Tocsin-Signature: t=SECONDS,v1=HEX` signs the time, a dot and the body; a receiver refuses old times and repeats of an
`id`. Accepted: an answer 2xx. An answer of JSON {"level": "delivered" or "confirmed"} says more. Redirects are not
followed.
"""

import hmac
import os
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import httpx
import msgspec

from tocsin.channels.webhook.settings import Settings as WebhookSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.warning import Level, Warning

_LEVELS = {"delivered": Level.DELIVERED, "confirmed": Level.CONFIRMED}
_LONGEST = 10_000


class Adapter:
    """One receiver."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="webhook", summary="signed calls to other programs", standard="HTTP POST, HMAC-SHA256", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[WebhookSettings]] = WebhookSettings
    emits: ClassVar[tuple[str, ...]] = ("warning",)
    proof: ClassVar[Level] = Level.ACCEPTED

    def __init__(self, settings: WebhookSettings, context: ChannelContext) -> None:
        key = os.environ.get(settings.key_env)
        if not key:
            raise TocsinError(f"{context.name}: the environment variable {settings.key_env} is not set")
        self._settings, self._key = settings, key.encode()
        self._client = httpx.Client(timeout=settings.answer_s, follow_redirects=False, trust_env=False)
        self._counts: Counter[str] = Counter()

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Post it once."""
        body = msgspec.json.encode({"schema": 1, "warning": warning})
        stamp = str(int(time.time()))
        headers = {"content-type": "application/json", "tocsin-signature": signed(self._key, stamp, body)}
        try:
            answer = self._client.post(self._settings.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise TocsinError(f"{type(error).__name__}: {error}") from error
        if not 200 <= answer.status_code < 300:
            raise TocsinError(f"the receiver answered {answer.status_code}")
        self._counts["accepted"] += 1
        return _level(answer.content[:_LONGEST]), f"answered {answer.status_code}"

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def statistics(self) -> Mapping[str, Any]:
        """Calls that were accepted."""
        return dict(self._counts)


def signed(key: bytes, stamp: str, body: bytes) -> str:
    """The header's value for a body sent at `stamp` (UTC seconds)."""
    return f"t={stamp},v1={hmac.new(key, stamp.encode() + b'.' + body, 'sha256').hexdigest()}"


def _level(body: bytes) -> Level:
    try:
        said = msgspec.json.decode(body)
    except UNREADABLE:
        return Level.ACCEPTED
    return _LEVELS.get(str(said.get("level")), Level.ACCEPTED) if isinstance(said, dict) else Level.ACCEPTED
