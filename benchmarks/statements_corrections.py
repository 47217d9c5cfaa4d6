"""Whether the old and new wording that a correction notice prints are found; part of `statements.py`.

Marked by hand by one reader, who read every notice, and kept in `statements_corrections.json` without a word of theirs:
under the SHA-256 of a notice stand its changes, each with the places of its old and its new wording. A place is [core
start, core end, start, end] in characters: what is found must hold the core ("Globo") and lie within the whole
("the companies, Globo and Flumar"). Several places are alternatives, of which `null` says that nothing is right too;
no place says that the notice does not print that wording. A change that only says again what another one says is not
`required`.

A change is found if one amendment has both its wordings right, and none where none is printed. A notice is right if
every required change is found, and no amendment states a wording that no change has. `values` counts the notices that
print a wording, `pairs` those that print an old and a new one; `invented` are wordings stated of notices without any.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

Span = tuple[int, int]
Pair = tuple[Span | None, Span | None]  # old, new
GOLD = Path(__file__).with_suffix(".json")
_END = r"(?=\s+in\s|[;).]|\s*$)"
_BASELINE = re.compile(
    rf"\bfrom\s+(?P<old>[^;().]+?)\s+to\s+(?P<new>[^;().]+?){_END}"
    rf"|\bto\s+(?P<new2>[^;().]+?),?\s+(?:from|not|instead\s+of)\s+(?P<old2>[^;().]+?){_END}"
    rf"|(?P<new3>[^\s;().]+(?:\s\w+)?),\s+not\s+(?P<old3>[^;().]+?){_END}",
    re.IGNORECASE,
)


def value_scores(items: Iterable[dict[str, Any]], found: Callable[[str], Sequence[Pair]]) -> dict[str, float]:
    """The figures of one way to find the wordings; a notice that nobody has marked counts nowhere."""
    gold = json.loads(GOLD.read_text("utf-8"))
    printed = right = pairs = pairs_right = silent = invented = 0
    for item in items:
        text = notice_text(item)
        changes = gold.get(sha256(text.encode()).hexdigest())
        if changes is None:
            continue
        stated = [pair for pair in found(text) if pair != (None, None)]
        if not changes:
            silent += 1
            invented += bool(stated)
            continue
        is_right = is_notice_right(text, changes, stated)
        is_pair = any(change["old"] and change["new"] and None not in change["old"] for change in changes)
        printed, right = printed + 1, right + is_right
        pairs, pairs_right = pairs + is_pair, pairs_right + (is_pair and is_right)
    return {
        "values": round(right / printed, 4) if printed else 0.0,
        "printed": printed,
        "pairs": round(pairs_right / pairs, 4) if pairs else 0.0,
        "pairs_printed": pairs,
        "without_values": silent,
        "invented": invented,
    }


def notice_text(item: dict[str, Any]) -> str:
    """The text that the places count in."""
    return f"{item['title']}\n{item['dateline']} {item['text']}"


def is_notice_right(text: str, changes: Sequence[dict[str, Any]], stated: Sequence[Pair]) -> bool:
    """Whether what is stated of a notice is what it prints."""
    needed = [change for change in changes if change["required"]]
    return all(any(_is_right(text, change, pair) for pair in stated) for change in needed) and all(
        any(_is_right(text, change, pair) for change in changes) for pair in stated
    )


def baseline_values(text: str) -> list[Pair]:
    """What three patterns find in the lines that speak of correcting."""
    pairs: list[Pair] = []
    for line in re.finditer(r"(?is)\b(?:correct(?:s|ing)|please read)\b.*?(?:\n\s*reuter|\Z)", text):
        for match in _BASELINE.finditer(text, *line.span()):
            names = [(f"old{k}", f"new{k}") for k in ("", "2", "3")]
            pairs += [(match.span(old), match.span(new)) for old, new in names if match[old]]
    return list(dict.fromkeys(pairs))


def _is_right(text: str, change: dict[str, Any], pair: Pair) -> bool:
    return all(_is_at(text, change[name], span) for name, span in zip(("old", "new"), pair, strict=True))


def _is_at(text: str, places: Sequence[list[int] | None], span: Span | None) -> bool:
    if span is None:
        return not places or None in places
    start, end = span
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return any(place and place[2] <= start <= place[0] and place[1] <= end <= place[3] for place in places)
