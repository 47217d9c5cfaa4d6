"""The content of a verb of saying in a parsed sentence: its clause, its object, or what it is hung into.

`content_of(...)` answers the pieces and whether they are a noun rather than a clause. A clause ends where the same
speaker's saying is taken up again ("..., adding that", "... but added").
"""

from collections.abc import Sequence

from tocsin.incidents.story.lexicon import Cue, Takes, cue
from tocsin.incidents.story.span import Span, overlap, trimmed
from tocsin.incidents.story.subject import said_again
from tocsin.incidents.story.tree import Tree

# Beside a clause or a quotation these mean something else: "continued to fall", "asked a question", "wrote a book".
ONLY_CLAUSES = frozenset(
    "continue ask write state text email post add testify reply respond note tweet boast brag hint".split()
)
NEAR_CHARACTERS = 25
# What is slammed or dismissed is the writer's word for it, unless it is given a name or quoted.
_JUDGING = frozenset("slam blast mock dismiss reject question highlight hail praise criticize".split())
_REPRISALS = frozenset(
    "action retaliation reprisals reprisal war attack attacks strikes revenge sanctions force response".split()
)


def content_of(
    tree: Tree, text: str, sentence: Span, quoted: Sequence[Span], verb: int, known: Cue
) -> tuple[list[Span], bool]:
    """The pieces of the content, and whether it is a noun and no clause."""
    own = set(tree.subtree(verb))
    pieces: list[Span] = []
    for clause in tree.having(verb, "ccomp"):
        pieces.append(_clause_span(tree, text, clause))
    if known.verb == "ask" and not pieces:
        pieces += _asked(tree, text, verb)
    is_aside = tree.relations[verb] == "advcl" and any(tree.texts[w].lower() == "as" for w in tree.having(verb, "mark"))
    if not pieces and is_aside and not tree.having(verb, "dobj"):
        pieces += _around(tree, text, verb, own, known)
    if not pieces and tree.relations[verb] in ("parataxis", "ccomp", "dep") and tree.heads[verb] != verb:
        pieces += _around(tree, text, verb, own, known)
    if known.verb in ONLY_CLAUSES and not pieces:
        return _quotations_beside(tree, text, sentence, quoted, verb), False
    if not pieces and (known.takes in (Takes.INFINITIVE, Takes.ANYTHING) or tree.having(verb, "auxpass")):
        pieces += [_clause_span(tree, text, clause, keep_mark=True) for clause in tree.having(verb, "xcomp")]
    if pieces:
        return pieces, False
    objects = _objects(tree, text, quoted, verb, known)
    if objects and known.verb == "warn" and tree.having(verb, "dobj") and not _warns_of(tree, verb):
        return [
            trimmed(text, (tree.starts[verb], tree.end(max(w for w in tree.subtree(verb) if tree.texts[w].isalnum()))))
        ], True
    if objects and (known.takes is not Takes.CLAUSE or tree.texts[verb].lower().startswith("call")):
        return objects, True
    return _quotations_beside(tree, text, sentence, quoted, verb), False


def _objects(tree: Tree, text: str, quoted: Sequence[Span], verb: int, known: Cue) -> list[Span]:
    """What the verb acts on with all that completes it: "called it a lie", "denounced them as cowards"."""
    nouns = [w for w in tree.having(verb, "dobj", "oprd", "attr", "acomp") if w > verb]
    if tree.having(verb, "dative") or not _may_act_on(tree, quoted, verb, known):
        return []
    if not nouns and known.verb in ("call", "warn", "report", "comment", "complain"):
        words = [
            w for w in tree.having(verb, "prep") if tree.texts[w].lower() in ("for", "on", "of", "about") and w > verb
        ]
        nouns = [noun for word in words[:1] for noun in tree.having(word, "pobj", "pcomp")] or nouns
    if not nouns:
        return []
    behind = [w for w in tree.having(verb, "prep", "oprd", "xcomp", "dobj") if w >= nouns[0]]
    behind = [
        w
        for w in behind
        if tree.relations[w] != "prep" or tree.texts[w].lower() in ("as", "for", "of", "to", "with", "from")
    ]
    words = [word for part in [*nouns, *behind] for word in tree.subtree(part)]
    words = [word for word in words if word > verb]
    if not words:
        return []
    start, end = trimmed(text, tree.span(words))
    if known.verb == "call":
        # "called the deal a “rush to judgment”": the name it is given may hang on something else.
        end = max([end, *(mark[1] for mark in quoted if 0 <= mark[0] - end < NEAR_CHARACTERS)])
    return [(start, end)]


def _clause_span(tree: Tree, text: str, clause: int, keep_mark: bool = False) -> Span:
    again = [
        word for word in tree.having(clause, "conj") if cue(tree.texts[word]) and said_again(tree, word) is not None
    ]
    again += [
        word
        for word in tree.having(clause, "advcl")
        if word > clause and tree.tags[word] == "VBG" and cue(tree.texts[word]) and not tree.having(word, "mark")
    ]
    words = tree.subtree(clause, again)
    if again:
        words = [word for word in words if word < min(min(tree.subtree(one)) for one in again)]
        while len(words) > 1 and tree.texts[words[-1]].lower() in ("and", "but", ",", "or"):
            words = words[:-1]
    if not keep_mark:
        while len(words) > 1 and tree.texts[words[0]].lower() in ("that", ",", ":"):
            words = words[1:]
    return trimmed(text, tree.span(words))


def _around(tree: Tree, text: str, verb: int, own: set[int], known: Cue) -> list[Span]:
    """What the clause that `verb` is hung into leaves without it."""
    head = tree.heads[verb]
    words = [word for word in tree.subtree(head) if word not in own]
    first, last = min(own), max(own)
    is_aside = tree.texts[first].lower() == "as"
    if (
        not is_aside
        and tree.having(verb, "mark")
        or any(tree.tags[word] in ("WP", "WDT", "WRB") for word in own if word < verb)
    ):
        return []
    if not known.is_speech and last + 1 < len(tree) and tree.texts[last + 1] not in (",", ".", "--", "-", "—", "–"):
        return []
    if (
        not is_aside
        and first > 0
        and tree.texts[first].isalnum()
        and tree.texts[first - 1] not in (",", "--", "-", "—", "–", '"', "'", "?", "!")
    ):
        return []
    if tree.relations[verb] == "ccomp" and not (min(own) > head or max(own) < head):
        return []
    if tree.relations[verb] == "ccomp" and cue(tree.texts[head]):
        return []
    runs: list[list[int]] = []
    for word in words:
        if runs and word == runs[-1][-1] + 1:
            runs[-1].append(word)
        else:
            runs.append([word])
    spans = [trimmed(text, tree.span(run)) for run in runs]
    return [(start, end) for start, end in spans if end - start > 3]


def _warns_of(tree: Tree, verb: int) -> bool:
    """Whether a warning's matter is printed beside whom it went to."""
    words = [tree.texts[word].lower() for word in tree.having(verb, "prep")]
    return bool(tree.having(verb, "xcomp", "ccomp")) or any(
        word in ("of", "about", "against", "over") for word in words
    )


def _asked(tree: Tree, text: str, verb: int) -> list[Span]:
    """ "asked her to call", "asked him about the fire": what is asked."""
    for wish in tree.having(verb, "xcomp"):
        if wish > verb:
            listeners = [word for word in tree.having(verb, "dobj") if verb < word < wish]
            return [trimmed(text, tree.span([*listeners, *tree.subtree(wish)]))]
    for word in tree.having(verb, "prep"):
        if tree.texts[word].lower() in ("about", "for") and word > verb:
            return [trimmed(text, tree.span(tree.subtree(noun))) for noun in tree.having(word, "pobj")]
    return []


def _may_act_on(tree: Tree, quoted: Sequence[Span], verb: int, known: Cue) -> bool:
    """Whether the verb with a mere noun is still a statement: "called it a lie" is, "called friends" is not."""
    if known.verb == "call":
        at = tree.end(verb)
        asks = not tree.having(verb, "dobj") and tree.having(verb, "prep")  # not "called a vote for June"
        return bool(tree.having(verb, "oprd") or asks) or any(0 < mark[0] - at < 60 for mark in quoted)
    if known.verb == "warn":
        return True
    if known.verb in ("urge", "advise", "request"):
        return bool(tree.having(verb, "xcomp", "prep"))
    if known.verb in ("promise", "pledge"):
        return False
    if known.verb == "claim":
        return any(tree.texts[word].lower() in ("responsibility", "credit") for word in tree.having(verb, "dobj"))
    if known.verb in _JUDGING:
        at, named = tree.end(verb), [w for w in tree.having(verb, "prep") if tree.texts[w].lower() == "as"]
        return bool(named) or any(0 < mark[0] - at < 60 for mark in quoted)
    if known.verb == "threaten":
        return any(tree.texts[word].lower() in _REPRISALS for word in tree.having(verb, "dobj"))
    return known.verb not in ("report", "confirm", "quote", "tell")


def _quotations_beside(tree: Tree, text: str, sentence: Span, quoted: Sequence[Span], verb: int) -> list[Span]:
    """Quotations of the sentence that the parser tied to nothing: those before the verb, else those after it."""
    at, after = tree.starts[verb], tree.end(verb)
    here = [(max(s, sentence[0]), min(e, sentence[1])) for s, e in quoted if overlap((s, e), sentence)]
    before = [
        q
        for q in here
        if q[1] <= at and not _has_cue(text[q[1] : at]) and at - q[1] < 90 and ";" not in text[q[1] : at]
    ]
    behind = [q for q in here if q[0] > after and not _has_cue(text[after : q[0]]) and q[0] - after < 60]
    return before or behind[:1]


def _has_cue(text: str) -> bool:
    return any(cue(word) for word in text.split())
