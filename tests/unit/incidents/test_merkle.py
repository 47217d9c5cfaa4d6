"""The tree against the published vectors of Certificate Transparency, and proofs against a plain reading of the RFC.

RFC 9162 prints no hashes. The leaves, roots and proofs below are the reference vectors of the Certificate Transparency
project, as published in github.com/transparency-dev/merkle, proof/verify_test.go (Apache-2.0).
"""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.merkle import (
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_hash,
)

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
ROOTS = """
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
INCLUSION = [  # (leaf counted from 1, size, proof)
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (2, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip
CONSISTENCY = [  # (old size, size, proof)
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
    (6, 7, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
]  # fmt: skip
SIZES = st.integers(1, 40)


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(bytes([i])) for i in range(count)]


def recursive_root(hashes: list[bytes]) -> bytes:
    """MTH as RFC 9162, 2.1.1 words it: split at the largest power of two below n."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = max(2**i for i in range(8) if 2**i < len(hashes))
    return node_hash(recursive_root(hashes[:k]), recursive_root(hashes[k:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert root_hash(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_hash([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSION)
def test_published_inclusion_proofs(leaf: int, size: int, proof: list[str]) -> None:
    assert [node.hex() for node in inclusion_proof(LEAVES[:size], leaf - 1)] == proof
    root, nodes = bytes.fromhex(ROOTS[size - 1]), [bytes.fromhex(node) for node in proof]
    assert includes(root, size, LEAVES[leaf - 1], leaf - 1, nodes)
    for index, other_size in ((leaf, size), (leaf - 2, size), (leaf - 1, size * 2), (leaf - 1, size // 2)):
        assert not includes(root, other_size, LEAVES[leaf - 1], index, nodes)
    assert not includes(root, size, LEAVES[leaf - 1], leaf - 1, [*nodes, root])
    assert not includes(root, size, LEAVES[leaf - 1], leaf - 1, [root, *nodes])
    assert not includes(root, size, LEAVES[leaf - 1], leaf - 1, nodes[:-1])


@pytest.mark.parametrize(("old", "size", "proof"), CONSISTENCY)
def test_published_consistency_proofs(old: int, size: int, proof: list[str]) -> None:
    assert [node.hex() for node in consistency_proof(LEAVES[:size], old)] == proof
    roots = [bytes.fromhex(root) for root in ROOTS]
    nodes = [bytes.fromhex(node) for node in proof]
    assert extends(roots[old - 1], old, roots[size - 1], size, nodes)
    if nodes:
        assert not extends(roots[size - 1], old, roots[old - 1], size, nodes)
        assert not extends(roots[old - 1], old + 1, roots[size - 1], size, nodes)
        assert not extends(roots[old - 1], old, roots[size - 1], size, nodes[:-1])
        assert not extends(roots[old - 1], old, roots[size - 1], size, [*nodes, roots[0]])
        assert not extends(roots[old - 1], old, roots[size - 1], size, [])


def test_published_limits_of_consistency() -> None:
    one, other = b"one", b"other"
    assert extends(one, 0, one, 0, [])
    assert extends(one, 0, other, 1, [])
    assert not extends(one, 1, other, 0, [])
    assert not extends(one, 1, other, 1, [])
    assert not extends(one, 1, other, 2, [])
    assert not extends(one, 0, one, 0, [one])


@given(SIZES)
def test_the_root_is_the_recursive_one(size: int) -> None:
    assert root_hash(leaves(size)) == recursive_root(leaves(size))


@given(SIZES, st.data())
def test_every_leaf_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(hashes, index), root_hash(hashes)
    assert includes(root, size, hashes[index], index, proof)
    assert not includes(root, size, leaf_hash(b"else"), index, proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        proof[at] = bytes([proof[at][0] ^ 8]) + proof[at][1:]
        assert not includes(root, size, hashes[index], index, proof)


@given(SIZES, st.data())
def test_a_log_that_grew_is_proved_and_a_changed_one_is_not(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    proof = consistency_proof(hashes, old)
    assert extends(root_hash(hashes[:old]), old, root_hash(hashes), size, proof)
    changed = [leaf_hash(b"else"), *hashes[1:]]
    assert not extends(root_hash(hashes[:old]), old, root_hash(changed), size, consistency_proof(changed, old))


def test_positions_outside_are_refused() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
    assert all(one != other for one, other in pairwise(ROOTS))
