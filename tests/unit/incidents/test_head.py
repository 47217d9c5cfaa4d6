"""Heads and receipts prove what they say to somebody who has nothing else."""

import msgspec
import pytest

from record_builder import AT, Records
from tocsin.incidents.head import Head, Receipt, is_of, make_head, make_receipt, proves
from tocsin.incidents.keys import public_hex
from tocsin.incidents.merkle import inclusion_proof, root_hash


@pytest.fixture(scope="module")
def records() -> Records:
    records = Records()
    incident = records.incident()
    for number in range(9):
        records.statement(records.source(f"Official {number}"), incident)
    return records


def head_of(records: Records) -> Head:
    hashes = records.store.hashes()
    return make_head(root_hash(hashes), len(hashes), "ann", AT, records.key)


def test_a_head_is_of_its_signer_and_unchanged(records: Records) -> None:
    head, public = head_of(records), public_hex(records.key)
    assert is_of(head, public)
    assert not is_of(head, public_hex(Records().key))
    for change in ({"size": 3}, {"root": "0" * 64}, {"at": "2031-02-03T19:41:00Z"}, {"by": "eve"}, {"signature": "zz"}):
        assert not is_of(msgspec.structs.replace(head, **change), public)


@pytest.mark.parametrize("seq", [1, 2, 11, 20])
def test_a_receipt_proves_its_record_and_no_other(records: Records, seq: int) -> None:
    store, public = records.store, public_hex(records.key)
    receipt = make_receipt(store.entry(seq), inclusion_proof(store.hashes(), seq - 1), head_of(records))
    sent = msgspec.json.decode(msgspec.json.encode(receipt), type=Receipt)
    assert proves(sent, public)
    for change in (
        {"signed": sent.signed.replace("2031", "2032")},
        {"seq": seq + 1},
        {"proof": sent.proof[:-1]},
        {"signature": "00" * 64},
        {"signature": "?"},
    ):
        assert not proves(msgspec.structs.replace(sent, **change), public)
