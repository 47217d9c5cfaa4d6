"""Old and new wording of one change that a correction notice states: "to B from A", "B, not A", "to show B" and kin.

`wordings(text, span)` reads the notice's own words; what it does not print is None. The first form that fits is taken,
the more telling before the others.
"""

import re

from tocsin.incidents.story.months import MONTH_NAME, WEEKDAY_NAME, month_number, weekday_number
from tocsin.incidents.story.numerals import NUMBER, number_of
from tocsin.incidents.story.span import Span, trimmed

VERB = (
    r"(?:[Cc]orrect(?:s|ed|ing)|CORRECT(?:S|ED|ING)|[Cc]larif(?:ies|ied|ying)|[Rr]emov(?:es|ed"
    r"|ing)|[Ff]ix(?:es|ed|ing)|[Aa]mends"
    r"|[Rr]estor(?:es|ing)|[Dd]elet(?:es|ing)|[Ww]ithdraws|[Rr]etracts|[Rr]efil(?:es|ed|ing)|[Mm]akes clear)"
)
_AMOUNT = (
    r"\$?(?:\d[\d.,/-]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?:\s+(?:mln|bln|billion|million|pct|cts|dlrs|percent|drones|people))*(?:\s+(?:of|a|per)\s+\w+)?"
)
OWN = re.compile(
    rf"(?P<new>{_AMOUNT}),?\s+(?:and\s+)?not\s+(?:the\s+)?(?P<old>{_AMOUNT})\s+(?:as\s+|that\s+)?"
    r"(?:(?:it|the\s+\w+|was|were)\s+)?(?:had\s+|has\s+)?(?:(?:previously|earlier|originally|first)\s+)?"
    r"(?:announced|reported|said|stated|given)\b"
)
_EDGE = ' \n\t,;."“”)(+'
_END = (
    r"(?=\s+in\s+(?:the\s+|an?\s+|\w+\s+){0,2}(?:para|headline|item|graf|sentence|line|story|lead|take)"
    rf"|\s+for\s|,\s+and\s|\s+and\s+{VERB}|\.\s|[);.,]*\s*$|;|\s+\()"
)
_TOKEN = r"[\w$.,/-]+"
_PAIRS = (
    rf"\bchang(?:es|ing)\s+(?:[^;]{{0,60}}?\bfrom\s+)?(?P<old>[^;]{{1,80}}?)\s+to\s+(?P<new>[^;]{{1,80}}?){_END}",
    rf"\breplac(?:es|ing)\s+(?P<old>[^;]{{1,80}}?)\s+(?:with|by)\s+(?P<new>[^;]{{1,80}}?){_END}",
    rf"\bto\s+(?:read\s+|show\s+|say\s+)?(?P<new>[^;]{{1,80}}?),?\s+(?:from|instead\s+of|not(?=\s+{NUMBER}\b)"
    r"|rather\s+than)\s+(?:the\s+)?(?P<old>[^;]{1,80}?)" + _END,
    rf"\bfrom\s+(?P<old>[^;]{{1,80}}?)\s+to\s+(?P<new>[^;]{{1,80}}?){_END}",
    r"\b(?:to|by|as|is|be|show)\s+(?P<new>(?:[^;,]|,(?=\d)){1,60}?)(?:,\s*(?:and\s+)?not|\s+instead\s+of"
    rf"|,?\s+rather\s+than)\s+(?P<old>[^;]{{1,60}}?){_END}",
    rf"(?P<new>{_TOKEN}(?:\s+{_TOKEN}){{0,6}}?)\s+from\s+(?P<old>{_TOKEN}(?:\s+{_TOKEN}){{0,4}}?){_END}",
)
_SINGLE = (
    rf"\bfrom\s+(?P<old>(?:[^;,]|,(?=\d)){{1,60}}?){_END}",
    rf"(?P<new>\S+(?:\s+\S+){{0,5}}?),\s+not\s+(?P<old>[^;]{{1,60}}?){_END}",
    r"\b(?:dropped|omitted|missing)\s+words?\s+[\"“](?P<new>[^\"“”]+)[\"”]",
    rf"\bto\s+(?:read|show|say)\s+(?:that\s+)?(?P<new>[^;]{{1,100}}?){_END}",
    rf"\bto\s+(?P<new>(?:[$\"“\d]|(?!an?\b)(?:{NUMBER}|{WEEKDAY_NAME}|{MONTH_NAME})\b)(?:[^;,]|,(?=\d)){{0,60}}?){_END}",
    r",\s+(?!(?:which|who|that|and|not)\b)(?P<new>[^,;]{1,60}),\s+in\s",
)
_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (*_PAIRS, *_SINGLE))
_FROM, _OLD_ONLY = len(_PAIRS) - 1, len(_PAIRS)
_NOT = re.compile(rf",\s+(?:and\s+)?not\s+(?P<old>(?:[^;,]|,(?=\d)){{1,60}}?){_END}", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:to\s+(?:read|show|say|be)(?:\s+that)?|to|by|as|is|be|show)\s+", re.IGNORECASE)
_OWNER = re.compile(r"(?:(?:the|an?|its|his|her|their)\s+)?(?:[\w-]+['’]s?\s+)?", re.IGNORECASE)
_MEASURED = re.compile(r"\d\S*(?:\s+(?:mln|bln|billion|million|pct|percent|cts|dlrs|metres|km|people|drones))*$")


def wordings(text: str, span: Span) -> tuple[Span | None, Span | None]:
    """Old and new wording that the notice at `span` prints."""
    start, end = span[0], span[0] + len(text[slice(*span)].rstrip(' ).\n"'))
    own = OWN.search(text, start, end)
    if own:
        return _trimmed(text, own.span("old")), _trimmed(text, own.span("new"))
    verb = re.compile(rf"\b{VERB}").search(text, start, min(end, start + 60))
    start = verb.end() if verb else start
    contrast = _contrast(text, (start, end))
    if contrast:
        return contrast
    for at, form in enumerate(_FORMS):
        match = form.search(text, start, end)
        if match is None or re.match(r".*\b" + VERB, match.groupdict().get("new") or "", re.DOTALL):
            continue
        if at == _FROM and not _MEASURED.search(match["new"]):
            continue  # "the figure from 30": no new wording
        if at == _OLD_ONLY and re.search(r"\b(?:that|which|who)\b", text[start : match.start()]):
            continue  # "the ferries that sailed from Velmora"
        found = {name: _trimmed(text, match.span(name)) for name in ("old", "new") if match.groupdict().get(name)}
        return found.get("old"), _narrowed(text, found.get("old"), found.get("new"))
    return None, None


def _trimmed(text: str, span: Span) -> Span:
    return trimmed(text, span, edge=_EDGE)


def _contrast(text: str, span: Span) -> tuple[Span, Span] | None:
    """B and A of "B, not A", where the notice shows how much of what stands before the comma is B."""
    match = _NOT.search(text, *span)
    if match is None:
        return None
    before = (span[0], match.start())
    old = _trimmed(text, match.span("old"))
    alike = _ending_alike(text, before, old)
    if alike:
        return alike
    first = re.compile(rf"(?<!\S){re.escape(text[slice(*old)].split()[0])}(?!\S)", re.IGNORECASE)
    same = list(first.finditer(text, *before)) if len(text[slice(*old)].split()) > 1 else []
    if same and text[same[-1].end() : before[1]].strip():
        return old, _trimmed(text, (same[-1].start(), before[1]))
    says = _SAYS.search(text, *before)
    if says is None:
        return None
    new = _trimmed(text, (says.end(), before[1]))
    return (old, _narrowed(text, old, new) or new) if new[1] > new[0] else None


def _ending_alike(text: str, before: Span, old: Span) -> tuple[Span, Span] | None:
    """In "moved the red boat to the pier, not the port's blue boat": the words before that end as the old ones."""
    owner = _OWNER.match(text, *old)
    start = owner.end() if owner else old[0]
    words = text[start : old[1]].split()
    if len(words) < 2:
        return None
    last = r"(?<!\S)" + r"\S+\s+" * (len(words) - 1) + re.escape(words[-1]) + r"\b"
    same = re.compile(last, re.IGNORECASE).search(text, *before)
    return ((start, old[1]), _trimmed(text, same.span())) if same else None


def _narrowed(text: str, old: Span | None, new: Span | None) -> Span | None:
    """Of a long new wording, the words of the old one's class: "that two people were hurt, not three" gives "two"."""
    if old is None or new is None or len(text[slice(*new)].split()) <= 2:
        return new
    sort, length = _class_of(text[slice(*old)]), len(text[slice(*old)].split())
    words = list(re.finditer(r"[\w,.:/-]*\w", text[slice(*new)]))
    alike = [at for at, match in enumerate(words) if sort and _class_of(match.group()) == sort]
    if not alike or (alike[-1] == 0 and length > 1):
        return new
    first, last = words[alike[-1]], words[min(alike[-1] + length, len(words)) - 1]
    return new[0] + first.start(), new[0] + last.end()


def _class_of(wording: str) -> str:
    first = wording.split()[0] if wording.split() else ""
    if number_of(first.strip(",.")) is not None and first.lower() not in ("a", "an"):
        return "number"
    if weekday_number(first) is not None:
        return "weekday"
    return "month" if first[:1].isupper() and month_number(first) is not None else ""
