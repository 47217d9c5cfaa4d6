"""Attributions carried by a noun: "the mayor's claim that ...", "his warning that ...", "the guard's pledge to ...".

`noun_attribution(tree, text, sentence, noun)` answers one where somebody owns the noun and a clause says what it is, or
None.
"""

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.lexicon import Cue, Takes
from tocsin.incidents.story.span import Span, trimmed
from tocsin.incidents.story.subject import noun_span
from tocsin.incidents.story.tree import Tree
from tocsin.model.statement import Stance

_STANCES = {
    Stance.ASSERTS: (
        "claim claims argument allegation allegations accusation accusations assertion assertions statement statements "
        "suggestion announcement declaration contention insistence comment comments remark remarks admission complaint"
    ),
    Stance.WARNS: "warning warnings",
    Stance.DENIES: "denial denials",
    Stance.DECLINES: "refusal",
    Stance.THREATENS: "threat threats vow vows",
    Stance.ASSUMES: "belief suspicion suspicions assumption fear fears",
}
SAID_NOUNS = {word: stance for stance, words in _STANCES.items() for word in words.split()}


def noun_attribution(tree: Tree, text: str, sentence: Span, noun: int) -> Attribution | None:
    """The attribution that hangs on the word `noun`, one of `SAID_NOUNS`."""
    owners = tree.having(noun, "poss")
    clauses = [
        word
        for word in tree.having(noun, "acl", "ccomp")
        if word > noun and any(tree.texts[mark].lower() in ("that", "to") for mark in tree.having(word, "mark", "aux"))
    ]
    if not owners or not clauses:
        return None
    words = tree.subtree(clauses[0])
    if tree.texts[words[0]].lower() == "that":
        words = words[1:]
    if not words:
        return None
    printed = tree.texts[noun].lower()
    takes = Takes.INFINITIVE if tree.texts[words[0]].lower() == "to" else Takes.CLAUSE
    known = Cue(printed, takes, SAID_NOUNS[printed], is_speech=SAID_NOUNS[printed] is not Stance.ASSUMES)
    start, end = noun_span(tree, text, owners[0])
    printed_name = text[start:end]
    if printed_name.endswith(("'s", "’s")):
        end -= 2
    content = trimmed(text, tree.span(words))
    return Attribution(known, (tree.starts[noun], tree.end(noun)), (start, end), (content,), sentence)
