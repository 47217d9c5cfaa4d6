"""Entry: one record as bytes; canonical JSON (RFC 8785), the author's signature over it, and the hash of both.

The signature is Ed25519 over the canonical bytes; an entry is those bytes followed by the 64 of the signature; its hash
is that of a Merkle leaf (RFC 9162), so that the chain (`prev_hash`) and the tree are over the same hashes.
"""

import msgspec
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.incidents.merkle import leaf_hash
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.record import Record

NO_HASH = "0" * 64  # `prev_hash` of the first record


class Entry(msgspec.Struct, frozen=True):
    """A record with the bytes that were stored for it."""

    record: Record
    signed: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """What the next record links to, and the leaf of the tree."""
        return leaf_hash(self.signed + self.signature)


def seal(record: Record, key: Ed25519PrivateKey) -> Entry:
    """`record` in canonical form, signed with `key`."""
    try:
        signed = rfc8785.dumps(msgspec.to_builtins(record))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, TypeError) as error:
        raise TocsinError(f"{record.id}: cannot be written as canonical JSON: {error}") from error
    return Entry(record, signed, key.sign(signed))


def read(signed: object) -> Record:
    """The record that `signed` holds; TocsinError if it is none, or not in canonical form. A damaged file may give
    anything in place of bytes."""
    if not isinstance(signed, bytes):
        raise TocsinError("is no record: nothing is stored in its place")
    try:
        value = msgspec.json.decode(signed)
        record = msgspec.json.decode(signed, type=Record)
    except UNREADABLE as error:
        raise TocsinError(f"is no record: {error}") from error
    # msgspec's sorted form is canonical for most records, and quick; RFC 8785 has the last word.
    if msgspec.json.encode(value, order="sorted") != signed and not _is_canonical(value, signed):
        raise TocsinError("is not in canonical form")
    return record


def _is_canonical(value: object, signed: bytes) -> bool:
    try:
        return rfc8785.dumps(value) == signed  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError:
        return False  # a number that no canonical form has
