"""The message a siren gets: what to sound, for how long, and a signature that a replayed one does not have.

JSON with sorted keys. `counter` rises with every message; `valid_until` is a few seconds ahead: a device takes none
that is older, or whose counter it has seen. `signature` is HMAC-SHA256, in hex, over the same object without it.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from tocsin.model.warning import Warning, WarningStage, WarningStatus

SCHEMA = 1


def sound_of(warning: Warning) -> str:
    """What to sound: "alarm", "all-clear", "off", "exercise", "test" or "silent-test"."""
    if warning.status is WarningStatus.TEST:
        return "test" if warning.audible else "silent-test"
    if warning.stage is WarningStage.CANCELLED:
        return "off"
    if warning.stage is WarningStage.ALL_CLEAR:
        return "all-clear"
    if warning.status is WarningStatus.EXERCISE:
        return "exercise"
    return "alarm" if warning.status is WarningStatus.ACTUAL else "attention"


def order(warning: Warning, counter: int, now_s: float, valid_s: float, key: bytes | None) -> bytes:
    """The message for `warning`, sent at `now_s`."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "id": warning.id,
        "chain": warning.chain,
        "stage": str(warning.stage),
        "status": str(warning.status),
        "sound": sound_of(warning),
        "places": list(warning.places),
        "text": warning.texts[0].headline if warning.texts else "",
        "expires": warning.expires_s,
        "counter": counter,
        "valid_until": now_s + valid_s,
    }
    if key is not None:
        content["signature"] = signature(content, key)
    return json.dumps(content, sort_keys=True, ensure_ascii=False).encode()


def signature(content: Mapping[str, Any], key: bytes) -> str:
    """HMAC-SHA256 in hex over the content without its signature."""
    bare = {name: value for name, value in content.items() if name != "signature"}
    return hmac.new(key, json.dumps(bare, sort_keys=True, ensure_ascii=False).encode(), "sha256").hexdigest()
