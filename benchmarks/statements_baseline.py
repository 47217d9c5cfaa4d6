"""What the import of stories is compared with: forty lines of regular expressions, and figures of other tools.

`NEIGHBOURS` were measured once on 120 articles of the same set, with the same rule of matching; they are not run here.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]
_VERB = r"(?:said|says|told \w+|added|wrote|announced|warned|claimed|argued|noted|explained|insisted|tweeted)"
_NAME = r"(?:(?:[Tt]he |[Aa]n? )?(?:[\w.’'-]+ ){0,6}?[\w.’'-]+)"
_QUOTE = r"(?:“[^“”]+”|\"[^\"]+\"|''.+?'')"
_BEHIND = re.compile(rf"(?P<content>{_QUOTE})\s+(?P<speaker>{_NAME})\s+{_VERB}\b")
_INVERTED = re.compile(rf"(?P<content>{_QUOTE})\s+{_VERB}\s+(?P<speaker>{_NAME})(?=[,.])")
_BEFORE = re.compile(rf"(?:^|(?<=\. ))(?P<speaker>{_NAME})\s+{_VERB}\s+(?:that\s+)?(?P<content>[^.\n]+)", re.MULTILINE)
_ACCORDING = re.compile(rf"(?P<content>[^.\n]+), according to (?P<speaker>{_NAME})(?=[,.])")

_KEYS = ("precision", "recall", "f1")
NEIGHBOURS = {
    "regular expressions": dict(zip(_KEYS, (0.63, 0.38, 0.48), strict=True)) | {"cpu_s_per_1000_words": 0.0015},
    "textacy 0.13": dict(zip(_KEYS, (0.61, 0.37, 0.46), strict=True)) | {"cpu_s_per_1000_words": 0.32},
    "GenderGapTracker rules": dict(zip(_KEYS, (0.61, 0.56, 0.59), strict=True)) | {"cpu_s_per_1000_words": 0.22},
    "people against each other": {"f1": 0.95},
}


def baseline(text: str) -> Iterator[tuple[Span, Span]]:
    """Content and speaker of each find; a stretch of text is given away once."""
    taken: list[Span] = []
    for pattern in (_BEHIND, _INVERTED, _BEFORE, _ACCORDING):
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield match.span("content"), match.span("speaker")
