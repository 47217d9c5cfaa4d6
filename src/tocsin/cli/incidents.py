"""`tocsin incidents`: what is remembered of an incident, from a draft to a report.

Records go into the store that `--store` names. Whoever adds one signs it with the key in `--key`, or in the file that
the environment variable TOCSIN_KEY names; there is no default key.
"""

import asyncio
import hashlib
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from starlette.middleware import Middleware

from tocsin.incidents.acceptance import accepted
from tocsin.incidents.dependants import owed as owing
from tocsin.incidents.draft import Draft, read_draft
from tocsin.incidents.entering import read_bodies
from tocsin.incidents.importing import import_file, import_folder
from tocsin.incidents.keys import make_key, read_key
from tocsin.incidents.merkle import root_hash
from tocsin.incidents.pdf import pdf
from tocsin.incidents.prov import document
from tocsin.incidents.release import released
from tocsin.incidents.report import account_of, html, markdown, text
from tocsin.incidents.review import make_review, story
from tocsin.incidents.stix import bundle
from tocsin.incidents.store import RecordStore
from tocsin.incidents.story.parser import load as load_parser
from tocsin.model.errors import TocsinError
from tocsin.model.record import Author, Decision, Delivery, Incident, Record
from tocsin.model.wording import counted
from tocsin.web.guard import Guard
from tocsin.web.settings import Settings

incidents = typer.Typer(no_args_is_help=True)

StoreFile = Annotated[Path, typer.Option(metavar="FILE", envvar="TOCSIN_RECORDS", help="The record store.")]
KeyFile = Annotated[Path | None, typer.Option(metavar="FILE", help="Your key; else the file TOCSIN_KEY names.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who you are; the records say so.")]
STORE = Path("incidents.records")


class Form(StrEnum):
    """What a report is written as."""

    HTML = "html"
    MARKDOWN = "md"
    PDF = "pdf"


class Exchange(StrEnum):
    """What another system reads."""

    STIX = "stix"
    PROV = "prov"


class Audience(StrEnum):
    """Who reads it; the words of a release."""

    INTERNAL = "internal"
    PARTNERS = "partners"
    PUBLIC = "public"


Reader = Annotated[
    Audience, typer.Option("--for", help="Who is to read it: only what was released to them stands in it.")
]


@incidents.command("key")
def key_(file: Annotated[Path, typer.Argument(help="Where to write the new key; nothing is overwritten.")]) -> None:
    """Make a key, readable by you alone, and print its public half."""
    print(f"{file}: your new key, for you alone; its public half, to give to others: {make_key(file)}")


@incidents.command()
def admit(
    name: Annotated[str, typer.Argument(help="Who may sign from now on.")],
    public_key: Annotated[str, typer.Argument(help="The public half of their key, 64 hex digits.")],
    by: By,
    store: StoreFile = STORE,
    key: KeyFile = None,
) -> None:
    """Let another author sign records, or an author sign with a new key."""
    with RecordStore(store) as records:
        _told(records.append([Author(name, public_key)], by, read_key(key), _now()))


@incidents.command("import")
def import_(
    story: Annotated[
        Path, typer.Argument(metavar="STORY", help="A story (.txt, .html), a table (.csv, .json), a folder.")
    ],
    out: Annotated[Path, typer.Option(metavar="DRAFT.toml", help="Where to write the draft; for a folder, a folder.")],
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it was published, if you know it.")
    ] = None,
    publisher: Annotated[str, typer.Option(metavar="NAME", help="Whose table it is.")] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Read without the parser, even if it is installed.")] = False,
) -> None:
    """Propose incidents and statements from a story or a table, as a draft to be read, changed and accepted."""
    day = published.date() if published else None
    parse = None if plain else load_parser()
    if parse is None and not plain:
        print("note: without the extra tocsin[story] fewer statements are found")
    if story.is_dir():
        for path, draft in import_folder(story, out, day, parse, publisher):
            print(f"{path.name}: {draft if isinstance(draft, str) else _counts(draft)}")
    else:
        print(_counts(import_file(story, out, day, parse, publisher)))


@incidents.command()
def accept(
    draft: Annotated[Path, typer.Argument(metavar="DRAFT.toml", help="Draft whose proposals you have read.")],
    by: By,
    store: StoreFile = STORE,
    key: KeyFile = None,
) -> None:
    """Make records of a draft: what was not rejected in it, you accept."""
    proposals, signing = read_draft(draft), read_key(key)
    words = story(proposals, draft)
    with RecordStore(store, create=True) as records:
        first = len(records.hashes()) + 1 + (not records.hashes())
        acceptance = accepted(records.graph, proposals, words, first)
        added = records.append(acceptance.bodies, by, signing, _now())
        head = root_hash(records.hashes()).hex()
    for note in acceptance.notes:
        print(f"note: {note}")
    verdicts = [record.body.verdict for record in added if isinstance(record.body, Decision)]
    _told([record for record in added if not isinstance(record.body, Decision)])
    print(", ".join(f"{verdicts.count(word)} {word}" for word in ("accepted", "edited", "rejected")))
    print(f"{counted(added[-1].seq if added else 0, 'record')}, head {head}")


@incidents.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="RECORDS.toml", help="Grades, assessments, retractions ...")],
    by: By,
    store: StoreFile = STORE,
    key: KeyFile = None,
) -> None:
    """Add records written by hand, all or none."""
    bodies, signing = read_bodies(file), read_key(key)
    with RecordStore(store, create=True) as records:
        _told(records.append(bodies, by, signing, _now()))


@incidents.command()
def show(
    incident: Annotated[str, typer.Argument(metavar="ID|FILE", help="An incident's id, or a store to list.")],
    store: StoreFile = STORE,
    html_: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page instead of text.")] = None,
) -> None:
    """Show one incident, or list those of a store."""
    if Path(incident).is_file():
        with RecordStore(Path(incident)) as records:
            for identity, body in records.graph.of(Incident):
                mark = "" if records.graph.stands(identity) else "  WITHDRAWN"
                print(f"{identity}  {body.begins or 'time not known'}  {body.title}{mark}")
            stand = len(records.graph.standing(Incident))
            print(f"{counted(stand, 'incident')} {'stands' if stand == 1 else 'stand'}")
        return
    with RecordStore(store) as records:
        account = account_of(records, incident)
    if html_ is None:
        print(text(account), end="")
    else:
        _write(html_, html(account).encode())


@incidents.command()
def report(
    incident: Annotated[str, typer.Argument(metavar="ID", help="The incident to report on.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")],
    form: Annotated[Form, typer.Option("--format", help="What to write.")] = Form.HTML,
    audience: Reader = Audience.INTERNAL,
    store: StoreFile = STORE,
) -> None:
    """Write a report: a page, a document to print, or Markdown."""
    with RecordStore(store) as records:
        account = released(records.graph, incident, root_hash(records.hashes()).hex(), audience.value)
    if form is Form.PDF:
        _write(out, pdf(account))
    else:
        _write(out, (html if form is Form.HTML else markdown)(account).encode())
    print(f"{counted(len(account.said), 'statement')}, {account.attribution.text}")


@incidents.command()
def export(
    incident: Annotated[str, typer.Argument(metavar="ID", help="The incident to hand over.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")],
    form: Annotated[Exchange, typer.Option("--as", help="STIX 2.1, or W3C PROV as JSON.")],
    audience: Reader = Audience.INTERNAL,
    store: StoreFile = STORE,
) -> None:
    """Write an incident for another system to read."""
    with RecordStore(store) as records:
        hashes = records.hashes()
        account = released(records.graph, incident, root_hash(hashes).hex(), audience.value)
        made = (bundle if form is Exchange.STIX else document)(records.graph, account, hashes[0].hex())
    _write(out, made)
    print(counted(len(account.said), "statement"))


@incidents.command()
def deliver(
    incident: Annotated[str, typer.Argument(metavar="ID", help="The incident to report on.")],
    to: Annotated[str, typer.Option(metavar="WHOM", help="The recipient; corrections will be owed to them.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page to hand over.")],
    by: By,
    channel: Annotated[str, typer.Option(help="How it reaches them.")] = "",
    store: StoreFile = STORE,
    key: KeyFile = None,
) -> None:
    """Write a report for somebody and record that they have it, so that corrections can follow it."""
    signing = read_key(key)
    with RecordStore(store) as records:
        account = account_of(records, incident)
        marks = [one.subject for one in owing(records.graph) if one.recipient == to and one.change in account.included]
        subject = ": ".join([*dict.fromkeys(marks), account.title])
        page = html(account)
        digest = hashlib.sha256(page.encode()).hexdigest()
        _write(out, page.encode())
        given = Delivery(to, subject, account.included, digest, account.head, channel)
        _told(records.append([given], by, signing, _now()))
    print(f"subject: {subject}")


@incidents.command()
def owed(store: StoreFile = STORE) -> None:
    """List who still has to be told of which correction."""
    with RecordStore(store) as records:
        found = owing(records.graph)
    for one in found:
        held = f", given in {one.delivery}" if one.delivery else ", asked to be told"
        print(f"{one.recipient}: {one.subject} {one.target} by {one.change}{held}")
    print(f"{len(found)} owed")


@incidents.command()
def review(
    draft: Annotated[Path, typer.Argument(metavar="DRAFT.toml", help="Draft to decide on.")],
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.", min=0, max=65535)] = 8090,
) -> None:
    """Serve a page, to this machine alone, on which each proposal is accepted, edited or rejected with one key."""
    guard = Middleware(Guard, settings=Settings(), token=None)
    asyncio.run(_serve(uvicorn.Config(make_review(draft, [guard]), host="127.0.0.1", port=port, log_level="warning")))


async def _serve(config: uvicorn.Config) -> None:
    server = uvicorn.Server(config)
    config.load()
    opened = config.bind_socket()
    typer.echo(f"tocsin: review at http://127.0.0.1:{opened.getsockname()[1]}/ (Ctrl-C ends it)", err=True)
    await server.serve(sockets=[opened])


def _counts(draft: Draft) -> str:
    tables = (draft.incidents, draft.statements, draft.amendments, draft.conflicts)
    words = ("incident", "statement", "amendment", "conflict")
    return ", ".join(counted(len(table), word) for table, word in zip(tables, words, strict=True))


def _told(records: list[Record]) -> None:
    for record in records:
        print(record.id)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise TocsinError(f"{path}: cannot be written: {error.strerror}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
