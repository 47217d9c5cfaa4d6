"""PDF: accounts of incidents as pages to print, in the order of the page on the screen.

The font that goes with the layout library has Latin letters; another letter is written as its code ("U+0627"), and the
last line of the document says how many were.
"""

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, SimpleDocTemplate, Spacer

from tocsin.incidents.account import Account, Change, Said

_FONTS = Path(reportlab.__file__).parent / "fonts"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


@cache
def _fonts() -> frozenset[int]:
    """Register the fonts; the characters that both can show."""
    known = []
    for name, file in (("body", "Vera.ttf"), ("body-bold", "VeraBd.ttf")):
        font = TTFont(name, _FONTS / file)
        pdfmetrics.registerFont(font)
        known.append(frozenset(font.face.charToGlyph))
    pdfmetrics.registerFontFamily("body", normal="body", bold="body-bold", italic="body", boldItalic="body-bold")
    return known[0] & known[1]


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName="body", fontSize=size, leading=1.4 * size, alignment=TA_LEFT, **more)


BODY = _style("text", 9.0, spaceAfter=2.0)
SMALL = _style("small", 7.0, spaceAfter=4.0, textColor="#5b6875")
HEAD = _style("head", 11.0, spaceBefore=10.0, spaceAfter=3.0)
TITLE = _style("title", 16.0, spaceAfter=6.0)
MARKED = _style("marked", 9.0, leftIndent=8.0, borderPadding=3.0, backColor="#fdf3ea", spaceAfter=4.0)


def pdf(*shown: Account) -> bytes:
    """The accounts as one document, each from a new page on."""
    page = _Page()
    flow: list[Flowable] = []
    for account in shown:
        flow += [PageBreak()] if flow else []
        flow += page.account(account)
    if page.strange:
        flow.append(
            page.line(f"{len(page.strange)} kinds of letters that this font does not have stand as codes.", SMALL)
        )
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title="; ".join(account.title for account in shown),
        invariant=1,
    )
    document.build(flow, onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: object, document: object) -> None:
    canvas.setFont("body", 7.0)  # type: ignore[attr-defined]
    canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, f"page {document.page}")  # type: ignore[attr-defined]


class _Page:
    """Flowables of an account; remembers letters that the font lacks."""

    def __init__(self) -> None:
        self._known = _fonts()
        self.strange: set[str] = set()

    def words(self, text: str) -> str:
        """Text as markup: one line, escaped, letters without a shape as codes."""
        letters = []
        for letter in _CONTROL.sub(" ", text):
            if ord(letter) in self._known:
                letters.append(letter)
            else:
                self.strange.add(letter)
                letters.append(f"[U+{ord(letter):04X}]")
        return escape("".join(letters))

    def line(self, text: str, style: ParagraphStyle = BODY, before: str = "") -> Paragraph:
        lead = f"<b>{self.words(before)}</b> " if before else ""
        return Paragraph(lead + self.words(text), style)

    def account(self, a: Account) -> Iterator[Flowable]:
        """All of one account."""
        yield from self._head(a)
        yield self.line("", HEAD, "What is known")
        for shown in a.known:
            yield self.line(shown.value, before=f"{shown.label}:")
            yield from self._changes(shown.changes)
        for name, value in a.details:
            yield self.line(value, before=f"{name}:")
        yield self.line("", HEAD, "Who said what")
        for one in a.said:
            yield KeepTogether(list(self._said(one)))
        none = "Nobody has said anything that was recorded." if a.audience == "internal" else "Nothing may be told."
        yield from self._list("", a.said, none, only_none=True)
        if a.unsaid:
            yield from self._list("Who would not say", a.unsaid, "")
        yield from self._list("What is not known", a.not_known, "Nothing of what is asked here.")
        for besides in [a.besides] if a.besides else []:
            yield self.line("", HEAD, "Said besides, of no incident; counts for nothing here")
            for one in besides:
                yield KeepTogether(list(self._said(one)))
        yield from self._list("Conflicts", a.conflicts, "None found.")
        if a.assessments:
            answers = [f"{one.question} {'; '.join(one.answers)} ({one.author}, {one.id})" for one in a.assessments]
            yield from self._list("Assessments", answers, "")
        yield from self._list("Outcome", a.outcomes, "Not known.")
        if a.audience == "internal":
            yield from self._evidence(a)
        yield Spacer(0, 8)
        yield self.line(f"Log of {a.size} records, head {a.head}", SMALL)

    def _head(self, a: Account) -> Iterator[Flowable]:
        if a.exercise:
            yield self.line("", MARKED, "Exercise. Nothing in this report is real.")
        if a.audience != "internal":
            whom = "the public" if a.audience == "public" else a.audience
            yield self.line(
                "Only statements released to them. A person decides whether it goes out.", MARKED, f"Draft for {whom}."
            )
        yield self.line(f"Incident record {a.id}", SMALL)
        yield self.line("", TITLE, a.title)
        if a.withdrawn:
            yield self.line(a.withdrawn, MARKED, "Withdrawn.")
        yield self.line(a.attribution.text, before="Who did it:")
        if a.attribution.missing:
            yield self.line("; ".join(a.attribution.missing), SMALL)
        if a.attribution.rests_on:
            yield self.line(f"rests on {', '.join(a.attribution.rests_on)}", SMALL)

    def _said(self, one: Said) -> Iterator[Flowable]:
        unnamed = "" if one.is_named else " (unnamed)"
        where = ", ".join(part for part in (one.said_at, one.place, *(f"via {via}" for via in one.via)) if part)
        yield self.line(f"{one.stance}{f', {where}' if where else ''}", before=f"{one.speaker}{unnamed}")
        if one.withdrawn:
            yield self.line(f"{one.withdrawn} It said: {one.content.value}", MARKED, "Withdrawn:")
        else:
            yield self.line(one.content.value)
        yield from self._changes(one.content.changes)
        if one.quote:
            yield self.line(f'In the source\'s words: "{one.quote}"', SMALL)
        about = f", tied to {', '.join(one.about)}" if one.about else ""
        yield self.line(f"{one.id}, {one.grade or 'not graded'}{f', {one.span}' if one.span else ''}{about}", SMALL)
        for flag in one.flags:
            yield self.line(flag, MARKED, "Look again:")

    def _changes(self, changes: Iterable[Change]) -> Iterator[Flowable]:
        for one in changes:
            told = f'was "{one.old}", is "{one.new}". {one.reason} ({one.at}, {one.by}, {one.record})'
            yield self.line(told, MARKED, f"{one.kind.capitalize()}:")

    def _list(self, title: str, items: Iterable[object], none: str, only_none: bool = False) -> Iterator[Flowable]:
        if title:
            yield self.line("", HEAD, title)
        listed = list(items)
        for one in [] if only_none else listed:
            yield self.line(f"- {one}")
        if not listed and none:
            yield self.line(none)

    def _evidence(self, a: Account) -> Iterator[Flowable]:
        yield self.line("", HEAD, "Evidence")
        for piece in a.evidence:
            how = f"How: {piece.how}. " if piece.how else f"{piece.captured} " if piece.captured else ""
            yield KeepTogether([self.line(piece.what), self.line(f"{how}SHA-256 {piece.sha256}", SMALL)])
        yield from self._list("", a.evidence, "None recorded.", only_none=True)
        earlier = [f"{one.title} ({one.id}): {one.measure}" for one in a.earlier]
        yield from self._list("Earlier incidents; a likeness proves no common author", earlier, "None.")
        if a.told:
            yield from self._list("Given to", a.told, "")
