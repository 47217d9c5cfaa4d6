"""Ids of alerts: a short one to say aloud and a long one that is unique everywhere, without clock or dice.

`alert_id` gives "A17-" and a ULID (26 letters of Crockford's base 32: 48 bits of the time raised in ms, 80 bits of a
SHA-256 of site seed, counter and key). The same site, order and inputs give the same ids.
"""

import hashlib
from collections.abc import Sequence

from tocsin.model.alert import AlertKey

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def alert_id(site_seed: str, counter: int, key: AlertKey, raised_s: float) -> str:
    """The id of the `counter`-th alert of a site."""
    return f"A{counter}-" + ulid((site_seed, str(counter), key.rule, key.place, key.subject), raised_s)


def ulid(parts: Sequence[str], time_s: float) -> str:
    """A ULID of the time and a hash of `parts`."""
    dice = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:10], "big")
    value = ((max(int(time_s * 1000.0), 0) & ((1 << 48) - 1)) << 80) | dice
    return "".join(_LETTERS[(value >> shift) & 31] for shift in range(125, -1, -5))


def short_id(identifier: str) -> str:
    """The part to say aloud: "A17"."""
    return identifier.partition("-")[0]


def counter_of(identifier: str) -> int:
    """The counter an id was made from; 0 for one that is not ours."""
    digits = short_id(identifier).removeprefix("A")
    return int(digits) if digits.isdecimal() else 0
