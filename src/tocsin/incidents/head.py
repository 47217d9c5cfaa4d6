"""Signed tree head: what the log was at one moment, in a few lines that can be kept elsewhere.

Whoever holds a head can prove later that the log only grew since. `Receipt` proves one record part of the log under a
head, with nothing but these bytes; both are JSON, hashes as hex.
"""

import msgspec
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.incidents.entry import Entry
from tocsin.incidents.keys import is_signed
from tocsin.incidents.merkle import includes, leaf_hash
from tocsin.model.record import Sha256

Hex = str


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tree's `size` (records) and `root`, when and by whom it was signed (`at` in UTC)."""

    size: int
    root: Sha256
    at: str
    by: str
    signature: Hex = ""


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record's bytes with the proof that they are part of the log under `head`."""

    seq: int
    signed: str
    signature: Hex
    proof: tuple[Hex, ...]
    head: Head


def make_head(root: bytes, size: int, by: str, at: str, key: Ed25519PrivateKey) -> Head:
    """The head of a log, signed."""
    head = Head(size, root.hex(), at, by)
    return msgspec.structs.replace(head, signature=key.sign(_signed_part(head)).hex())


def is_of(head: Head, public_key: Hex) -> bool:
    """Whether `head` was signed with the private half of `public_key`."""
    try:
        signature = bytes.fromhex(head.signature)
    except ValueError:
        return False
    return is_signed(public_key, signature, _signed_part(head))


def make_receipt(entry: Entry, proof: list[bytes], head: Head) -> Receipt:
    """What proves `entry` part of the log, for somebody who has not got the log."""
    nodes = tuple(node.hex() for node in proof)
    return Receipt(entry.record.seq, entry.signed.decode(), entry.signature.hex(), nodes, head)


def proves(receipt: Receipt, public_key: Hex) -> bool:
    """Whether the receipt's head is signed by `public_key` and its record is part of that log."""
    try:
        leaf = leaf_hash(receipt.signed.encode() + bytes.fromhex(receipt.signature))
        proof = [bytes.fromhex(node) for node in receipt.proof]
    except ValueError:
        return False
    root = bytes.fromhex(receipt.head.root)
    return is_of(receipt.head, public_key) and includes(root, receipt.head.size, leaf, receipt.seq - 1, proof)


def _signed_part(head: Head) -> bytes:
    return rfc8785.dumps({"size": head.size, "root": head.root, "at": head.at, "by": head.by, "what": "tree head"})
