"""Merkle tree over the records, after RFC 9162 section 2.1: its root, and proofs of inclusion and consistency.

A leaf is SHA-256(00 || entry), a node SHA-256(01 || left || right), the root of nothing SHA-256 of nothing. All hashes
are 32 bytes; functions take the leaves' hashes, since those are what a chain of records links. Positions count from 0,
as in the RFC. The verifying functions answer False for whatever does not prove, and need nothing but their arguments.
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry of the log."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """The head of the tree over `leaves` (RFC 9162, 2.1.1)."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:  # an odd one at the end rises unchanged, which is the RFC's split at a power of two
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path that proves leaf `index` part of the tree over `leaves` (2.1.3.1)."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), root_hash(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), root_hash(leaves[:split])]


def includes(root: bytes, size: int, leaf: bytes, index: int, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows `leaf` at `index` of the tree with `root` and `size` leaves (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, computed = index, size - 1, leaf
    for node in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            computed = node_hash(node, computed)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, node)
        place, last = place >> 1, last >> 1
    return last == 0 and computed == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The nodes that prove the tree over the first `old_size` of `leaves` a beginning of the whole (2.1.4.1)."""
    if not 0 <= old_size <= len(leaves):
        raise IndexError(f"{old_size} leaves of {len(leaves)}")
    return _subproof(leaves, old_size, whole=True) if 0 < old_size < len(leaves) else []


def extends(old_root: bytes, old_size: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` leaves only added to the one of `old_size` (2.1.4.2)."""
    if old_size == 0 or old_size == size:
        return not proof and (old_root == root if old_size == size else size > 0)
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_computed = computed = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_computed, computed = node_hash(node, old_computed), node_hash(node, computed)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            computed = node_hash(computed, node)
        place, last = place >> 1, last >> 1
    return last == 0 and old_computed == old_root and computed == root


def _subproof(leaves: Sequence[bytes], old_size: int, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root_hash(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, whole), root_hash(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, whole=False), root_hash(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
