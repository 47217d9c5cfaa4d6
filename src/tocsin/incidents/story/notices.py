"""Correction notices of a story: that one is printed, and each change it states, with old and new wording if printed.

`notices(text)` finds slugs ("CORRECTED -", "Correction:"), bracketed and dashed notes ("(Corrects ... to B from A)",
"- Corrects ..."), "please read ... instead of ...", and sentences about an earlier version. Talk of corrections that
corrects nothing here ("the market expects a correction", "that is correct") is none.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from tocsin.incidents.story.numerals import ORDINALS, number_of
from tocsin.incidents.story.passages import ASKS, is_asked, passages
from tocsin.incidents.story.span import Span, trimmed
from tocsin.incidents.story.wordings import OWN, VERB, wordings

_STEMS = (
    ("correction", ("correct", "amend", "fix", "misstat", "restor")),
    ("clarification", ("clarif", "makes clear", "making clear")),
    ("withdrawal", ("remov", "delet", "drop", "withdr", "retract", "kill")),
    ("update", ("add", "updat", "recast")),
)
_SLUG = re.compile(
    r"(?:^|(?<=\n))[\s*]*[(<\[]?(?:CORRECT(?:ED|ION|ING|S)|REFILE|WITHDRAWN|RETRACTED|CLARIFICATION|CORRECTIVE)[)>\]]?"
    r"(?=\s*[-:–—/ ])[^\n]*|(?:^|(?<=\n))\s*(?:Correction|Clarification|Editor['’]s [Nn]ote"
    r"|Corrections)(?:,? [A-Z][a-z]+\.? \d{1,2}(?:, \d{4})?)?\s*:"
    r"[^\n]*"
)
_BRACKETED = re.compile(
    rf"\((?:(?:This|The|Company|In|Our)\b[^()]{{0,80}}?)?{VERB}\b[^()]*(?:\([^()]*\)[^()]*)*\)|\((?=[^()]*{VERB}\b)"
    r"(?:Adds|Updates?|Recasts|Inserting|Rewrites)\b[^()]*\)|\(Inserting\b[^()]*\)"
)
_DASHED = re.compile(
    r"(?:(?:--?|–|—|\.{2,3})\s*|(?<=\n)\s*(?:\((?![^()]*\)))?|NOTE:\s*|(?<=[.\"]\s))(?:[Cc]ompany\s+)?(?:Corrects"
    r"|corrects|Correcting|correcting|Clarifies|clarifies)"
    r"\b(?!\s+(?:that\s+it\b|itself))[^\n]*(?:\n(?!\s*(?:REUTER|Reuter|\(|$))[^\n]+){0,3}"
)
_READ = re.compile(
    rf"{ASKS}.{{0,900}}?(?=\s*\(\s*(?:{VERB}|[Cc]hang(?:es|ing)|[Ii]nserting)\b|\n\s*[-–—]*\s*(?:[Cc]ompany\s+)?"
    r"(?:Corrects|corrects|Clarifies|clarifies)\b|\s+[Aa]lso\s+please\s+read|\s+this\s+makes|\n\s*(?:REUTER|Reuter)\b|\s*\Z)",
    re.DOTALL,
)
_EARLIER = re.compile(
    r"(?:(?:An|a|The|the|A)\s+(?:earlier|previous|original)\s+versions?\s+of\s+(?:this|the"
    r"|our)\s+\w+[^.\n]*(?:misstat|incorrect|wrong|mistak"
    r"|erron|misspell|misidentif|gave|said|stated)[^.\n]*(?:\.(?=\d)[^.\n]*)*\.(?:\s+(?:It|They|He"
    r"|She|There|In fact|The \w+) [^.\n]*,? not [^.\n]*\.)?"
    r"|(?:This|The)\s+(?:story|article|item|report|post|version)\s+(?:has been|was|is|corrects"
    r"|clarifies)\s*(?:updated\s+to\s+correct|corrected|amended"
    r"|clarified)?\b[^\n]{0,20}?(?:correct|amend|clarif|corrects|clarifies)?[^.\n]*\.)"
)
_EARLIER_STRICT = re.compile(
    r"correct|amend|clarif|misstat|incorrect|wrong|mistak|erron|misspell|misidentif|earlier version|previous version"
)
_CHANGING = re.compile(
    r"\((?:[Cc]hang(?:es|ing)\s[^()]{1,80}?\sto|[Rr]eplac(?:es|ing)\s[^()]{1,80}?\s(?:with|by))\s[^()]*\)"
)
_STORY_NOTE = re.compile(
    r"\((?:This|The)\s[^()]{0,60}?(?:story|item|article|report)\s+(?:corrects|clarifies|has been corrected)[^()]*\)"
)
_ITS_OWN = re.compile(
    r"\b[A-Z][\w'’]+(?:\s[A-Z][\w'’]+)?\s+(?:corrects|corrected)\s+(?:that\s+it|its|amount"
    r"|to\s+show|an?\s|the\s)[^.\n]*(?:\.\d[^.\n]*)*(?:\n(?!\s|REUTER|Reuter)[^.\n]+){0,3}"
)
_PARAGRAPH = re.compile(
    rf"\b(?:(?P<word>\d+(?=st|nd|rd|th)|{'|'.join(ORDINALS)})(?:st|nd|rd"
    r"|th)?\s+(?:and\s+\w+\s+)?(?:para(?:graph)?s?|grafs?)"
    r"|para(?:graph)?\s+(?P<number>\w+))\b",
    re.IGNORECASE,
)
_FIELD = re.compile(rf"{VERB}\s+(?:to\s+)?(?P<field>.*?)(?=\s+(?:to|from|in|by|of|not|instead)\b|[,;).]|$)", re.DOTALL)


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change that a notice states, or the bare notice."""

    span: Span
    kind: str
    field: str = ""
    old: Span | None = None
    new: Span | None = None
    paragraph: int | None = None
    is_passage: bool = False  # `new` is a whole passage that should be read


def notices(text: str, spans: Sequence[Span] | None = None) -> list[Notice]:
    """The changes stated, in order; a notice that states none in detail gives one without values."""
    spans = _spans(text) if spans is None else spans
    detailed = _joined(text, [one for span in spans for one in _changes(text, span)])
    stated: list[Notice] = []
    for one in detailed:
        same = [other for other in stated if _printed(text, other) == _printed(text, one)]
        if (one.old or one.new or one.field) and not same:
            stated.append(one)
    return stated or detailed[:1]


def _printed(text: str, one: Notice) -> tuple[str, ...]:
    return tuple(text[slice(*span)] if span else "" for span in (one.span, one.old, one.new))


def notice_spans(text: str) -> list[Span]:
    """Where notices stand."""
    return _spans(text)


def _spans(text: str) -> list[Span]:
    found = [trimmed(text, match.span(), edge=" \n\t") for match in _SLUG.finditer(text)]
    for pattern in (_BRACKETED, _STORY_NOTE):
        found += [match.span() for match in pattern.finditer(text)]
    found += [trimmed(text, match.span(), edge=" \n\t") for match in _DASHED.finditer(text)]
    has_slug = bool(found)
    found += [match.span() for match in _EARLIER.finditer(text) if _EARLIER_STRICT.search(match.group())]
    found += [trimmed(text, match.span(), edge=" \n\t") for match in OWN.finditer(text)]
    if has_slug:
        found += [trimmed(text, match.span(), edge=" \n\t") for match in _READ.finditer(text)]
        found += [match.span() for match in _CHANGING.finditer(text)]
        found += [match.span() for match in _ITS_OWN.finditer(text)]
    return _without_inner(found)


def _without_inner(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(set(found), key=lambda one: (one[0], -one[1])):
        if not any(start <= span[0] and span[1] <= end for start, end in kept):
            kept.append(span)
    return kept


def _changes(text: str, span: Span) -> Iterator[Notice]:
    """The changes of one notice; semicolons part them."""
    start, end = span
    printed = text[start:end]
    if is_asked(text, span):
        yield from _asked(text, span)
        return
    if _is_slug(printed):
        inner = re.search(rf"\({VERB}[^()]*\)", printed)
        if inner is None:
            yield Notice(span, "correction")
            return
        start, end = start + inner.start(), start + inner.end()
    at = start
    for piece in re.split(r"(;)", text[start:end]):
        if piece != ";" and piece.strip():
            yield _change(text, (at, at + len(piece)))
        at += len(piece)


def _asked(text: str, span: Span) -> Iterator[Notice]:
    """What a notice asks to be read; then its own words about that."""
    found = passages(text, span)
    paragraph = _paragraph(text[slice(*span)])
    whole = (span[0], found.about[0]) if found.about else span
    for new in found.new:
        yield Notice(whole, "correction", "", found.old, new, paragraph, is_passage=True)
    if not found.new:
        yield Notice(whole, "correction", paragraph=paragraph)
    if found.about:
        yield _change(text, found.about)


def _joined(text: str, found: Sequence[Notice]) -> list[Notice]:
    """A passage and the words about it that follow at once are one change, if they agree."""
    kept: list[Notice] = []
    for one in found:
        last = kept[-1] if kept else None
        if last and last.is_passage and not one.is_passage and not text[last.span[1] : one.span[0]].strip(" \n\t.-–—"):
            kept[-1:] = _agreed(text, last, one)
        else:
            kept.append(one)
    return kept


def _agreed(text: str, passage: Notice, about: Notice) -> list[Notice]:
    """What should be read holds the new wording; if it does not, "from A to B" was a range that was wrong."""
    span = (passage.span[0], about.span[1])
    old = passage.old or about.old
    whole = msgspec.structs.replace(passage, span=span, kind=about.kind, field=about.field, old=old)
    if about.new is None:
        return [whole]
    if _holds(text[slice(*passage.new)] if passage.new else "", text[slice(*about.new)]) and not passage.old:
        return [msgspec.structs.replace(about, span=span, paragraph=about.paragraph or passage.paragraph)]
    if about.old and text[about.old[1] : about.new[0]].split() == ["to"] and not passage.old:
        return [msgspec.structs.replace(whole, old=(about.old[0], about.new[1]))]
    return [passage, about]


def _holds(printed: str, wording: str) -> bool:
    words = r"\s+".join(map(re.escape, wording.split()))
    return re.search(rf"(?<!\w){words}(?!\w)", printed, re.IGNORECASE) is not None


def _is_slug(printed: str) -> bool:
    """A line of capitals: its words are the headline's and tell no change."""
    letters = [letter for letter in printed if letter.isalpha()]
    return bool(_SLUG.fullmatch(printed)) and sum(letter.isupper() for letter in letters) > 0.8 * len(letters)


def _change(text: str, span: Span) -> Notice:
    printed = text[slice(*span)]
    kind = next((kind for kind, stems in _STEMS if any(stem in printed.lower() for stem in stems)), "correction")
    old, new = wordings(text, span)
    field = None if _is_slug(printed) else _FIELD.search(printed)
    stated = " ".join(field["field"].split()) if field else ""
    if kind == "withdrawal" and old is None and field and field["field"].strip():
        whole = re.search(rf"{VERB}\s+(?:the\s+)?(?:reference\s+to\s+|mention\s+of\s+)?(?P<what>[^;)]*)", printed)
        if whole and whole["what"].strip():
            old = trimmed(text, (span[0] + whole.start("what"), span[0] + whole.end("what")))
    return Notice(span, kind, stated[:80], old, new, _paragraph(printed))


def _paragraph(printed: str) -> int | None:
    for match in _PARAGRAPH.finditer(printed):
        word = (match["word"] or match["number"] or "").lower()
        number = ORDINALS.get(word) or number_of(word)
        if number:
            return number
    return None
