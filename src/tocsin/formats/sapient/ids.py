"""Ids of SAPIENT: lower-case version 4 UUIDs for nodes, upper-case ULIDs for everything else, made without dice.

An id is made from a key, so that the same site, object or message always gets the same one. The random bits of both
forms are BLAKE2b of the key; the time within a ULID is the caller's.
"""

import re
from hashlib import blake2b

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_UUID4 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ULID = re.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}")

is_uuid4 = _UUID4.fullmatch
is_ulid = _ULID.fullmatch


def uuid4(key: str) -> str:
    """The version 4 UUID of a key."""
    digits = bytearray(blake2b(key.encode(), digest_size=16).digest())
    digits[6] = digits[6] & 0x0F | 0x40
    digits[8] = digits[8] & 0x3F | 0x80
    text = digits.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def ulid(time_s: float, key: str) -> str:
    """The ULID of a key at a time, UTC seconds since 1970; a time before that counts as 1970."""
    low = int.from_bytes(blake2b(key.encode(), digest_size=10).digest(), "big")
    value = (max(int(time_s * 1000.0), 0) & (1 << 48) - 1) << 80 | low
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
