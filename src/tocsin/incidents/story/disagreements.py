"""Disagreements between statements of one story: the same thing counted differently, or said and denied.

`disagreements(statements)` answers each pair once with its reason and spans. Two speakers who disagree corroborate
nothing; which of them is right is not decided here.
"""

import re
from collections.abc import Sequence

from tocsin.incidents.story.reading import ReadObject, ReadStatement
from tocsin.incidents.story.span import Span
from tocsin.model.statement import Stance

_NEGATED = re.compile(r"\b(?:never|not|no|nobody|none)\b|n['’]t\b", re.IGNORECASE)
_TELLING = re.compile(r"[a-z]{4,}")
NEAR_CHARACTERS = 400
_COMMON = frozenset(
    "there their about which after before would could being other where these those drone drones".split()
)


def disagreements(statements: Sequence[ReadStatement]) -> list[tuple[str, str, tuple[Span, ...]]]:
    """Pairs of statements that cannot both hold: kind ("count" or "statement"), reason, spans."""
    found: list[tuple[str, str, tuple[Span, ...]]] = []
    told = [one for one in statements if one.stance in (Stance.ASSERTS, Stance.DENIES)]
    for at, one in enumerate(told):
        for other in told[at + 1 :]:
            if _same_speaker(one, other):
                continue
            counted = _counts(one, other)
            if counted:
                found.append(counted)
            elif _contradicts(one, other) or _contradicts(other, one):
                reason = f"{one.speaker}: {one.content!r}; {other.speaker}: {other.content!r}"
                found.append(("statement", reason, (one.span, other.span)))
    return found


def _same_speaker(one: ReadStatement, other: ReadStatement) -> bool:
    return one.speaker_ref == other.speaker_ref


def _counts(one: ReadStatement, other: ReadStatement) -> tuple[str, str, tuple[Span, ...]] | None:
    """The same things at the same incident in different numbers."""
    if not one.incident or one.incident != other.incident:
        return None
    for a in one.objects:
        for b in other.objects:
            if _alike(a, b) and _is_counted(a) and _is_counted(b) and a.count != b.count:
                reason = f"{one.speaker} counts {a.count} {a.what}, {other.speaker} {b.count} {b.what}"
                return "count", reason, (a.span, b.span)
    return None


def _is_counted(one: ReadObject) -> bool:
    """Whether a number is printed; "a drone" does not say that there was no other."""
    return one.count is not None and one.count_text.lower() not in ("a", "an")


def _alike(a: ReadObject, b: ReadObject) -> bool:
    return a.what.split()[-1].lower().rstrip("s") == b.what.split()[-1].lower().rstrip("s")


def _contradicts(one: ReadStatement, denial: ReadStatement) -> bool:
    """Whether `denial` negates a verb that `one` uses without negation, close by in the story."""
    if denial.stance is not Stance.DENIES or one.stance is not Stance.ASSERTS or _NEGATED.search(one.content):
        return False
    match = _NEGATED.search(denial.content)
    denied = set(_TELLING.findall(denial.content[match.end() :].lower() if match else "")) - _COMMON
    is_near = abs(denial.span[0] - one.span[1]) < NEAR_CHARACTERS
    # All that is denied must be what was said: "not carried out by planes" leaves room for other means.
    return is_near and bool(denied) and denied <= set(_TELLING.findall(one.content.lower()))
