"""The subject of a verb of saying in a parsed sentence: the word that says who speaks, and the name around it.

`speaker_word(tree, verb)` is the subject, the agent, the one shared with a verb it is joined to, or the noun its clause
hangs on; None if the grammar names nobody. `noun_span(...)` is the name with titles and appositions, without relative
clauses.
"""

from tocsin.incidents.story.lexicon import cue
from tocsin.incidents.story.span import Span, trimmed
from tocsin.incidents.story.tree import Tree

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_PAPERS = frozenset(
    "statement response reply letter release tweet message email memo note notion idea video post report".split()
)


def speaker_word(tree: Tree, verb: int) -> int | None:
    """The word the speaker's name hangs on."""
    for agent in tree.having(verb, "agent"):
        for noun in tree.having(agent, "pobj"):
            return noun
    own = [
        w
        for w in tree.having(verb, *SUBJECTS)
        if tree.texts[w].lower() not in ("it", "there") or tree.relations[w] != "expl"
    ]
    if own:
        return own[-1] if len(own) > 1 and own[-1] < verb else own[0]
    relation, head = tree.relations[verb], tree.heads[verb]
    if head == verb:
        return None
    if tree.tags[verb] == "VBG" and relation == "acl" and _looks_past(tree, verb, head):
        subject = next((found for above in tree.ancestors(head) if (found := tree.having(above, *SUBJECTS))), None)
        if subject and head not in subject:
            return subject[0]
    if relation in ("acl", "relcl") and tree.tags[head].startswith(("NN", "PRP", "CD", "DT")):
        return head
    outer = said_again(tree, verb)
    if outer is not None:
        return speaker_word(tree, outer)
    if relation in ("conj", "advcl", "xcomp", "pcomp", "prep", "ccomp", "dep", "parataxis", "acl"):
        if tree.tags[head] == "IN" or relation == "pcomp":
            head = tree.heads[head]
        if tree.tags[head].startswith(("VB", "MD")) or tree.relations[head] in (
            "ROOT",
            "ccomp",
            "conj",
            "advcl",
            "relcl",
        ):
            return speaker_word(tree, head) if head != verb and verb not in tree.ancestors(head) else None
        if tree.tags[head].startswith("NN"):
            return head if relation in ("acl", "pcomp") else None
    return None


def _looks_past(tree: Tree, verb: int, noun: int) -> bool:
    """Whether "saying" is the subject's although it hangs on a nearer noun: behind a comma, or on "a statement"."""
    return tree.texts[verb - 1] == "," or tree.texts[noun].lower() in _PAPERS and tree.relations[noun] == "dobj"


def said_again(tree: Tree, verb: int) -> int | None:
    """For "X said it was early but added ...", where "added" hangs on "was": the verb "said"."""
    head = tree.heads[verb]
    if tree.relations[verb] != "conj" or tree.relations[head] != "ccomp" or tree.having(verb, *SUBJECTS):
        return None
    outer = tree.heads[head]
    alike = tree.tags[outer] == tree.tags[verb] or bool(tree.having(verb, "neg") and tree.having(verb, "aux"))
    return outer if cue(tree.texts[outer]) and alike and outer < head else None


def noun_span(tree: Tree, text: str, noun: int) -> Span:
    """The name with its titles and appositions, without relative clauses and what trails behind."""
    barred = [
        word
        for word in tree.subtree(noun)
        if word != noun and tree.relations[word] in ("relcl", "acl", "advcl", "parataxis", "ccomp")
    ]
    words = tree.subtree(noun, barred)
    run = [noun]
    for word in sorted(w for w in words if w > noun):
        if word != run[-1] + 1:
            break
        run.append(word)
    for word in sorted((w for w in words if w < noun), reverse=True):
        if word != run[0] - 1:
            break
        run.insert(0, word)
    return trimmed(text, tree.span(run), edge=' \n\t,;:\u00a0"”“—–')
