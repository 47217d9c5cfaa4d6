"""Report: accounts of incidents as plain text, as Markdown, or as a page that needs nothing but itself.

Everything that comes from a record is escaped; the page holds no script and loads nothing. A record's words can forge
no line of the report and no sign of the terminal: each value is one line, without control or direction marks.
"""

import re
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tocsin.incidents.account import Account, account
from tocsin.incidents.merkle import root_hash
from tocsin.incidents.store import RecordStore

_TEMPLATES = Path(__file__).parent / "templates"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_MARKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def text(*shown: Account) -> str:
    """The accounts as plain text, one after the other."""
    template = _environment(_one_line).get_template("account.txt")
    return "\n\n".join(template.render(account=account) for account in shown)


def markdown(*shown: Account) -> str:
    """The accounts as CommonMark, one after the other; a record's words can make no mark of it."""
    template = _environment(_literal).get_template("account.md")
    return "\n\n".join(template.render(account=account) for account in shown)


def html(*shown: Account) -> str:
    """The accounts as one HTML page, one after the other."""
    return _environment(_one_line, escape=True).get_template("account.html").render(accounts=shown)


def account_of(store: RecordStore, incident: str) -> Account:
    """The account of `incident` as the store stands."""
    return account(store.graph, incident, root_hash(store.hashes()).hex())


def _environment(finalize: Callable[[object], object], escape: bool = False) -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=escape,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _one_line(value: object) -> object:
    is_markup = hasattr(value, "__html__")  # what a macro has written already
    return _MARKS.sub(" ", value) if isinstance(value, str) and not is_markup else value


def _literal(value: object) -> object:
    return _MARKDOWN.sub(r"\\\1", str(_one_line(value))) if isinstance(value, str) else value
