"""Layout of a story: headline, dateline, notices, paragraphs of the body, credits, and the web page's own words.

`layout(text)` says where each stands; what is neither headline, notice, credit nor page furniture is body. A paragraph
ends at an empty line, before an indented line, and, in a text of one line a paragraph, at each line's end; hard-wrapped
lines are one paragraph. Never an error, whatever the text.
"""

import re

import msgspec

from tocsin.incidents.story.dateline import Dateline, dateline
from tocsin.incidents.story.notices import notice_spans
from tocsin.incidents.story.span import Span, cut

_FURNITURE = re.compile(
    r"Sign up now for .{0,60}? Register\b|Register now for .{0,80}? Register\b"
    r"|^\s*Advertisement\b.*$|^\s*Read more:?.*$"
    r"|\bRead more(?= Sign| Reporting| Register|\s*$)|Our standards: .{0,60}$|^\s*(?:Share|Tweet|Print|Email)\s*$"
    r"|^\s*(?:Copyright|©).*$|^\s*(?:Related|See also):.*$|^\s*(?:REUTER|Reuter)\s*$|^\s*(?:ends|ENDS|###|-30-)\s*$",
    re.MULTILINE,
)
_CREDITS = re.compile(
    r"(?:^|(?<=[.\s(\"”]))\(?(?:Additional reporting|Reporting|Writing|Written|Editing|Edited|Compiled|Reported) by\b"
    r"[^\n]*(?:\n[^\n]+)*|^\s*By [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?:,? (?:and|in) [^\n]{2,60})?\s*$",
    re.MULTILINE,
)
_BREAK = re.compile(r"\n[ \t\r\u00a0]*\n\s*|\n(?=[ \t\u00a0]+\S)")
_SENTENCE_END = re.compile(r"[.?!:][\"”’')]*\s*$")
_WIRE_SLUG = re.compile(
    r"^\W*(?:UPDATE|CORRECTED|CORRECTION|REFILE|WITHDRAWN|RPT|FLASH|URGENT|ALERT|ADVISORY)\b", re.IGNORECASE
)
HEADLINE_WORDS = 25


class Layout(msgspec.Struct, frozen=True):
    """Where the parts of a story stand. `paragraphs` are those of the body, without dateline, notices and credits."""

    headline: Span | None
    dateline: Dateline | None
    notices: list[Span]
    credits: list[Span]
    paragraphs: list[Span]


def layout(text: str) -> Layout:
    """The parts of `text`."""
    blocks = _blocks(text)
    headline = _headline(text, blocks)
    bodies = blocks[1:] if headline else blocks
    line = next((found for block in bodies[:4] if (found := dateline(text, block[0]))), None)
    furniture = [match.span() for match in _FURNITURE.finditer(text)]
    credits = [
        _stripped(text, piece)
        for match in _CREDITS.finditer(text)
        for piece in cut(match.span(), furniture)
        if piece[1] > piece[0] + 8
    ]
    notices = notice_spans(text)
    holes = furniture + credits + notices
    if line is not None:
        holes.append(line.span)
    paragraphs = [
        piece for block in bodies for piece in cut(block, holes) if re.search(r"\w", text[piece[0] : piece[1]])
    ]
    return Layout(headline, line, notices, credits, [_stripped(text, piece) for piece in paragraphs])


def _blocks(text: str) -> list[Span]:
    rough = cut((0, len(text)), [match.span() for match in _BREAK.finditer(text)])
    blocks = [piece for block in rough for piece in _lines(text, block)]
    return [_stripped(text, block) for block in blocks if text[block[0] : block[1]].strip()]


def _lines(text: str, block: Span) -> list[Span]:
    """One block, or its lines where nearly every line ends a sentence and so is a paragraph of its own."""
    breaks = [match.span() for match in re.compile(r"\n").finditer(text, *block)]
    if not breaks:
        return [block]
    lines = [line for line in cut(block, breaks) if text[line[0] : line[1]].strip()]
    if not lines:
        return [block]
    complete = sum(bool(_SENTENCE_END.search(text[start:end])) for start, end in lines)
    longest = max(end - start for start, end in lines)
    if complete >= 0.7 * len(lines) or longest > 160:
        return lines
    if _WIRE_SLUG.match(text[lines[0][0] : lines[0][1]]):
        return [lines[0], (lines[1][0], block[1])] if len(lines) > 1 else lines
    return [block]


def _headline(text: str, blocks: list[Span]) -> Span | None:
    if len(blocks) < 2:
        return None
    first = text[blocks[0][0] : blocks[0][1]]
    if len(first.split()) > HEADLINE_WORDS or dateline(text, blocks[0][0]):
        return None
    is_complete = first.rstrip()[-1:] in ".!?\"”'’"
    long = [word for word in re.findall(r"[^\W\d_]{4,}", first)]
    is_title = bool(long) and sum(word[0].isupper() for word in long) >= 0.6 * len(long)
    return blocks[0] if not is_complete or is_title and text[blocks[0][1] : blocks[1][0]].count("\n") > 1 else None


def _stripped(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
