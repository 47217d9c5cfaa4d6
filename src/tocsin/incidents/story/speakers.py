"""Speakers of a story told apart: named, unnamed, several; who "he", "the official" and "another official" are.

`Speakers.of(span)` is asked for each mention in the order of the story. A surname is its full name's; a pronoun the
nearest earlier speaker that agrees; "the" or "this" with a role the nearest earlier speaker of that role; "a", "one",
"another" a new one. What fits nobody stays as printed.
"""

import re
from collections.abc import Callable

import msgspec

from tocsin.incidents.story.lexicon import BODIES, PLURALS
from tocsin.incidents.story.reading import SpeakerKind
from tocsin.incidents.story.span import Span

_SEVERAL = re.compile(
    r"^(?:(?:some|several|many|most|both|two|three|four|five|six|other|various|all|few|dozens"
    r"|hundreds|these|those|none|\d+)\b|they$|we$)",
    re.IGNORECASE,
)
_NEW = re.compile(r"^(?:a|an|one|another|a second|a third|a different)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"^(?:the|this|that|his|her|its|their)\b", re.IGNORECASE)
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Col|Lt|Gen|Capt|Maj|Sgt|Adm|Prof|Rev|St)\."
_PRONOUNS = frozenset("he she they it we which".split())
_PLURAL_BODIES = frozenset("police media".split())
_STOPS = re.compile(r"\s+(?:of|for|in|at|with|from|near|on|to|who|whose|close)\s+|,|\(|\s[–—-]\s")


_OFFICIAL = re.compile(
    r"\b(?:official|spokes\w+|minist\w+|president|governor|mayor|general|colonel|captain|commander"
    r"|admiral|officer|police|chief"
    r"|prosecutor|secretary|ambassador|Gov|Sen|Rep|Col|Gen|Lt|Capt|Maj|Adm)\w*\b\.?",
    re.IGNORECASE,
)


# "the guard's commander, Major Hanne Brock": the name stands behind the role.
_APPOSED = re.compile(
    r"(?:the|its|his|her|their|a|an)\s[^,]*\b[a-z]+,\s+(?P<name>(?:[A-Z][\w’'-]+\s?){2,4})(?:$|,)", re.IGNORECASE
)


class Speaker(msgspec.Struct, frozen=True):
    """Who a mention is: `name` as printed at `named_at`, which may be an earlier place."""

    ref: str
    name: str
    kind: SpeakerKind
    named_at: Span


class Speakers:
    """The speakers met so far in one story."""

    def __init__(self, text: str):
        self._text = text
        self._met: list[Speaker] = []  # the last met last, one entry a mention
        self._count = 0

    def of(self, span: Span, is_cut_off: bool = False) -> Speaker:
        """The speaker mentioned at `span`; `is_cut_off` if others were spoken of since, so that "they" is anybody."""
        printed = " ".join(self._text[slice(*span)].split())
        kind = kind_of(printed)
        earlier = None if is_cut_off and printed.lower() in _PRONOUNS else self._earlier(printed, kind)
        if earlier is None:
            self._count += 1
            earlier = Speaker(f"p{self._count}", printed, kind, span)
        self._met.append(earlier)
        return earlier

    def _earlier(self, printed: str, kind: SpeakerKind) -> Speaker | None:
        lower = printed.lower()
        if lower in ("he", "she", "i", "who", "him", "her"):
            return self._last(lambda one: one.kind is not SpeakerKind.SEVERAL and not is_body(one.name))
        if lower in ("they", "we"):
            return self._last(lambda one: one.kind is SpeakerKind.SEVERAL or is_body(one.name))
        if lower in ("it", "which"):
            return self._last(lambda one: is_body(one.name))
        if _NEW.match(printed) and not _has_name(printed):
            return None
        head = head_of(printed)
        if _DEFINITE.match(printed) and head[:1].islower():
            return self._last(
                lambda one: _agrees(one.name, head) and not (is_body(one.name) and kind is SpeakerKind.SEVERAL)
            )
        if head[:1].isupper():
            return self._last(lambda one: head_of(one.name) == head)
        return self._last(lambda one: one.name.lower() == lower)

    def _last(self, fits: Callable[[Speaker], bool]) -> Speaker | None:
        return next((one for one in reversed(self._met) if fits(one)), None)


def kind_of(printed: str) -> SpeakerKind:
    """Named, unnamed or several, from the words of one mention."""
    head = head_of(printed)
    lower = head.lower()
    if printed.lower() in PLURALS:
        return SpeakerKind.SEVERAL
    if _SEVERAL.match(printed) or re.search(r"\b[A-Z][\w’'-]+ and (?:[A-Z]|the\b)", printed):
        return SpeakerKind.SEVERAL
    if head[:1].isupper() and not _NEW.match(printed):
        return SpeakerKind.SEVERAL if lower in ("officials", "sources") else SpeakerKind.NAMED
    if lower in BODIES and not _NEW.match(printed):
        return SpeakerKind.SEVERAL if lower in _PLURAL_BODIES else SpeakerKind.NAMED
    if (
        lower.endswith("s")
        and not lower.endswith(("ss", "us", "is"))
        and not _NEW.match(printed)
        or lower in ("people", "police")
    ):
        return SpeakerKind.SEVERAL
    return SpeakerKind.NAMED if _has_name(printed) else SpeakerKind.UNNAMED


def head_of(printed: str) -> str:
    """The word that says who: the surname, or the role ("official" of "a coalition official in Velmora")."""
    printed = re.sub(_TITLE, lambda match: match.group()[:-1], printed)
    named = _APPOSED.match(printed)
    core = named["name"] if named else _STOPS.split(printed)[0]
    words = [word.strip("\"”“’'.") for word in core.split() if word.strip("\"”“’'.")]
    while len(words) > 1 and words[-1].lower() in ("jr", "sr", "himself", "herself", "also"):
        words.pop()
    return re.sub(r"['’]s$", "", words[-1]) if words else printed


def is_body(name: str) -> bool:
    """Whether the name is that of a body rather than a person."""
    if _APPOSED.match(name):
        return False
    head = head_of(name).lower()
    return (
        head in BODIES
        or _DEFINITE.match(name) is not None
        and head_of(name)[:1].isupper()
        or len(name.split()) == 1
        and name in _PLACES
    )


def speaks_officially(name: str) -> bool:
    """Whether the words say that an authority speaks."""
    return is_body(name) or _OFFICIAL.search(name) is not None


def _agrees(name: str, head: str) -> bool:
    lower = name.lower()
    return head_of(name).lower() == head.lower() or re.search(rf"\b{re.escape(head.lower())}\b", lower) is not None


def _has_name(printed: str) -> bool:
    """Two capitals in a row at the end, as in "port captain Ada Brandt"."""
    core = _STOPS.split(printed)[0].split()
    return (
        len(core) > 1
        and core[-1][:1].isupper()
        and (core[-2][:1].isupper() or core[-2].islower() and not _NEW.match(printed))
    )


# Names of countries, capitals and agencies speak as bodies ("Tehran said it ...").
_PLACES = frozenset(
    "Iran Iraq Israel Tehran Baghdad Washington Moscow Kyiv Russia Ukraine China Syria Reuters AFP AP".split()
)
