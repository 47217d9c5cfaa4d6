"""Tree: the words of one sentence with their grammar, as a parser gave it; no parser is known here.

`head[i]` is the word that word i hangs on (itself for the root), `relation[i]` how, `tag[i]` its Penn tag. Offsets are
those of the story.
"""

from collections.abc import Iterable
from functools import cached_property

from tocsin.incidents.story.span import Span


class Tree:
    """One parsed sentence."""

    def __init__(self, texts: list[str], starts: list[int], heads: list[int], relations: list[str], tags: list[str]):
        self.texts, self.starts, self.heads, self.relations, self.tags = texts, starts, heads, relations, tags

    def __len__(self) -> int:
        return len(self.texts)

    def end(self, word: int) -> int:
        """Where the word ends in the story."""
        return self.starts[word] + len(self.texts[word])

    @cached_property
    def children(self) -> list[list[int]]:
        """The words that hang on each word, in order."""
        found: list[list[int]] = [[] for _ in self.texts]
        for word, head in enumerate(self.heads):
            if head != word:
                found[head].append(word)
        return found

    def having(self, word: int, *relations: str) -> list[int]:
        """Those that hang on `word` by one of `relations`."""
        return [child for child in self.children[word] if self.relations[child] in relations]

    def subtree(self, word: int, without: Iterable[int] = ()) -> list[int]:
        """`word` and all below it, in order, save what hangs below one of `without`."""
        barred = set(without)
        found, waiting = [], [word]
        while waiting:
            at = waiting.pop()
            if at not in barred:
                found.append(at)
                waiting += self.children[at]
        return sorted(found)

    def ancestors(self, word: int) -> list[int]:
        """The words above `word`, nearest first."""
        found: list[int] = []
        while self.heads[word] != word and len(found) < len(self.texts):
            word = self.heads[word]
            found.append(word)
        return found

    def span(self, words: Iterable[int]) -> Span:
        """From the first to the last of `words`."""
        listed = list(words)
        return self.starts[min(listed)], self.end(max(listed))
