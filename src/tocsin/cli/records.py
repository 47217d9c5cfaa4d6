"""`tocsin records`: prove a record store, offline, to oneself and to others."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from tocsin.incidents.head import Head, Receipt, make_head, make_receipt, proves
from tocsin.incidents.keys import public_hex, read_key
from tocsin.incidents.merkle import inclusion_proof, root_hash
from tocsin.incidents.store import RecordStore
from tocsin.incidents.verification import verify as prove
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.wording import counted

records = typer.Typer(no_args_is_help=True)

T = TypeVar("T")
StoreFile = Annotated[Path, typer.Argument(metavar="FILE", help="The record store.")]
KeyFile = Annotated[Path | None, typer.Option(metavar="FILE", help="Your key; else the file TOCSIN_KEY names.")]
By = Annotated[str, typer.Option(metavar="NAME", help="The author whose key it is.")]


@records.command()
def verify(
    file: StoreFile,
    head: Annotated[Path | None, typer.Option(metavar="HEAD.json", help="An earlier head, kept elsewhere.")] = None,
    first_key: Annotated[str, typer.Option(metavar="HEX", help="The first author's public key, if you know it.")] = "",
) -> None:
    """Prove every record, link and signature; name the first that does not hold. Exit code 1 if one does not."""
    found = prove(file, _read(head, Head) if head else None, first_key)
    for name, public_key in found.authors:
        print(f"author {name}  {public_key}")
    print(f"{counted(found.records, 'record')} proved, head {found.head}")
    if not found.is_whole:
        print(f"BROKEN: {found.broken or 'the file'}: {found.reason}")
        raise typer.Exit(1)
    if not first_key:
        print(f"everything rests on the first author's key, {found.first_key or 'none yet'}: compare it with theirs")


@records.command()
def head(file: StoreFile, by: By, key: KeyFile = None) -> None:
    """Print the signed head of a proved store as JSON, to be kept elsewhere."""
    print(msgspec.json.encode(_head(file, by, key)[0]).decode())


@records.command()
def receipt(
    file: StoreFile,
    record: Annotated[str, typer.Argument(metavar="ID", help="The record to prove.")],
    by: By,
    key: KeyFile = None,
) -> None:
    """Print one record with the proof that it is part of the log, for somebody who has not got the log."""
    signed, store = _head(file, by, key)
    with store:
        seq = store.graph.record(record).seq
        made = make_receipt(store.entry(seq), inclusion_proof(store.hashes(), seq - 1), signed)
    print(msgspec.json.encode(made).decode())


@records.command()
def check(
    receipt: Annotated[Path, typer.Argument(metavar="RECEIPT.json", help="What `tocsin records receipt` printed.")],
    public_key: Annotated[str, typer.Option("--key", metavar="HEX", help="Public key of whoever signed its head.")],
) -> None:
    """Check a receipt without the log. Exit code 1 if it does not prove its record."""
    found = _read(receipt, Receipt)
    if not proves(found, public_key):
        print("BROKEN: the receipt does not prove its record under that key")
        raise typer.Exit(1)
    print(found.signed)
    print(
        f"record {found.seq} of {found.head.size}, head {found.head.root} of {found.head.at}, signed by {found.head.by}"
    )


@records.command()
def export(file: StoreFile) -> None:
    """Print every record as a line of JSON, with its signature and hash."""
    with RecordStore(file) as store:
        for seq in range(1, len(store.hashes()) + 1):
            entry = store.entry(seq)
            proof = f',"sig":"{entry.signature.hex()}","hash":"{entry.hash.hex()}"}}'
            print(entry.signed.decode()[:-1] + proof)


def _head(file: Path, by: str, key: Path | None) -> tuple[Head, RecordStore]:
    signing = read_key(key)
    found = prove(file)
    if not found.is_whole:
        raise TocsinError(f"{file}: {found.broken or 'the file'}: {found.reason}")
    if dict(found.authors).get(by) != public_hex(signing):
        raise TocsinError(f'"{by}" does not sign with that key here')
    store = RecordStore(file)
    at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return make_head(root_hash(store.hashes()), len(store.hashes()), by, at, signing), store


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    except UNREADABLE as error:
        raise TocsinError(f"{path}: is no {kind.__name__.lower()}: {error}") from error
