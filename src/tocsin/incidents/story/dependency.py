"""Attributions of one sentence from its grammar: who is the subject of a verb of saying, and what is its clause.

`attributions(tree, text, sentence, quoted)` looks at each listed verb outside the quotations. The speaker is its
subject, the subject it shares with a verb it is joined to, or the noun its clause hangs on; the content its clause or,
for a verb that is itself hung into the content ("..., X said, ..."), what that leaves. Pieces are joined later
(`joining`).
"""

from collections.abc import Sequence

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.clause import content_of
from tocsin.incidents.story.lexicon import BODIES, PERSONAL, PLURALS, Cue, Takes, cue
from tocsin.incidents.story.said_nouns import SAID_NOUNS, noun_attribution
from tocsin.incidents.story.span import Span, overlap, trimmed
from tocsin.incidents.story.subject import SUBJECTS, noun_span, speaker_word
from tocsin.incidents.story.tree import Tree

_VERB = ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ")
_ALWAYS_VERBS = frozenset("said says told".split())
_GOES_ON = frozenset("went continued goes continues going continue".split())
_LEADING = frozenset("say write add explain continue ask tweet post reply respond note comment argue declare".split())
_WORDS = frozenset(
    "say tell comment discuss answer name identify speak talk confirm apologize apologise "
    "acknowledge recognize rule disclose "
    "release provide explain condemn endorse deny admit give specify elaborate describe reveal "
    "call denounce criticize".split()
)
_SHOWING = frozenset("suggest indicate explain".split())
_FINDINGS = frozenset(
    "poll survey study research analysis record evidence intelligence memo letter email index".split()
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow".split())
_NEGATION = frozenset("not n't never neither nor".split())


def attributions(tree: Tree, text: str, sentence: Span, quoted: Sequence[Span]) -> list[Attribution]:
    """The attributions whose verb stands in this sentence, outside its quotations."""
    found: list[Attribution] = []
    for word, form in enumerate(tree.texts):
        at = tree.starts[word]
        if any(start <= at < end for start, end in quoted):
            continue
        known = cue(form)
        if known and (tree.tags[word] in _VERB or form.lower() in _ALWAYS_VERBS):
            one = _attribution(tree, text, sentence, quoted, word, known)
            if one is not None:
                found.append(one)
        elif form.lower() in SAID_NOUNS and tree.tags[word].startswith("NN"):
            one = noun_attribution(tree, text, sentence, word)
            if one is not None:
                found.append(one)
        elif form.lower() == "according":
            one = _according(tree, text, sentence, word)
            if one is not None:
                found.append(one)
    return found


def _attribution(
    tree: Tree, text: str, sentence: Span, quoted: Sequence[Span], verb: int, known: Cue
) -> Attribution | None:
    if known.verb == "point" and not any(
        tree.texts[word].lower() == "out" for word in tree.having(verb, "prt", "advmod")
    ):
        return None
    if _is_bare_infinitive(tree, verb) or _is_bare_participle(tree, verb) or _is_supposed(tree, verb):
        return None
    if _means_something_else(tree, verb, known):
        return None
    is_passive = any(tree.texts[word].lower() not in ("'s", "has", "had") for word in tree.having(verb, "auxpass"))
    who = speaker_word(tree, verb)
    content, is_object = content_of(tree, text, sentence, quoted, verb, known)
    if known.verb == "quote" and is_passive and tree.having(verb, "prep"):
        return None  # "was quoted as saying": the saying is the attribution
    if not content and not _leads(tree, text, sentence, verb, known):
        return None
    speaker = None if who is None else noun_span(tree, text, who)
    if known.verb == "refuse" and not _refuses_to_speak(tree, verb):
        return None
    if who is not None and known.verb in _SHOWING and not _may_speak(tree, who):
        return None
    if who is not None and known.takes is Takes.INFINITIVE and not _may_vow(tree, verb, who, known):
        return None
    if is_passive and not tree.having(verb, "agent"):
        speaker = None
    if speaker is not None and text[slice(*speaker)].lower() in ("i", "you", "that", "what"):
        return None
    if speaker is not None and any(overlap(speaker, piece) for piece in content):
        content = [piece for piece in content if not overlap(speaker, piece)]
    return Attribution(
        cue=known,
        cue_span=(tree.starts[verb], tree.end(verb)),
        speaker=speaker,
        content=tuple(content),
        sentence=sentence,
        is_negated=_is_negated(tree, verb),
        is_object=is_object,
    )


def _leads(tree: Tree, text: str, sentence: Span, verb: int, known: Cue) -> bool:
    """Whether the sentence may introduce words that stand behind it: "he declared:", "she said in a statement."."""
    if (
        _is_negated(tree, verb)
        or not known.is_speech
        or known.takes not in (Takes.CLAUSE, Takes.OBJECT)
        or not tree.having(verb, *SUBJECTS)
    ):
        return False
    return text[sentence[1] - 1] == ":" or tree.relations[verb] == "ROOT" and known.verb in _LEADING


def _may_vow(tree: Tree, verb: int, who: int, known: Cue) -> bool:
    """Whether a name, a pronoun or a plural refuses, vows or threatens: "the storm threatened to ..." is none."""
    if (
        tree.tags[verb] == "VBN"
        and not tree.having(verb, "aux", "auxpass", *SUBJECTS)
        and tree.relations[verb] != "conj"
    ):
        return False
    word = tree.texts[who].lower()
    if word == "it":
        return known.verb != "threaten"
    if known.verb == "pledge" and not tree.having(verb, "aux", *SUBJECTS):
        return False
    return tree.tags[who] == "NNS" or _is_somebody(tree, who)


def _is_somebody(tree: Tree, who: int) -> bool:
    """Whether a word is a person, several, or a body that speaks, by its form."""
    word = tree.texts[who].lower()
    return (
        word in PERSONAL - {"it", "that", "this", "these", "which"}
        or tree.tags[who] in ("NNP", "NNPS")
        or word in BODIES
        or word in PLURALS
        or word.endswith(
            ("er", "or", "man", "woman", "ist", "official", "ment", "ent", "campaign", "company", "police")
        )
    )


def _may_speak(tree: Tree, who: int) -> bool:
    """Whether what "suggests" or "indicates" says it in words: "a look at his fleet suggests" is the writer's own."""
    word = tree.texts[who].lower()
    return _is_somebody(tree, who) or word in _FINDINGS or tree.tags[who].startswith("NNS") or word.endswith("s")


def _refuses_to_speak(tree: Tree, verb: int) -> bool:
    """Whether what is refused is words: refusing to move is no statement."""
    wishes = tree.having(verb, "xcomp")
    return not wishes or any(tree.texts[word].lower() in _WORDS for word in [*wishes, *tree.subtree(wishes[0])])


def _means_something_else(tree: Tree, verb: int, known: Cue) -> bool:
    """Whether the verb says nothing here: "a movement called X", "continue to fall", "relates to", "said nothing of",
    "as it's written", "Wednesday added one more", "All told, ..."."""
    subjects = tree.having(verb, *SUBJECTS)
    if any(tree.texts[word].lower() in _DAYS for word in subjects):
        return True
    if known.verb == "tell" and " ".join(tree.texts[max(verb - 1, 0) : verb + 2]).lower() == "all told ,":
        return True
    if known.verb == "call":
        return not subjects and tree.relations[verb] in ("acl", "relcl", "appos") and not tree.having(verb, "agent")
    if known.verb in ("continue", "relate"):
        return bool(tree.having(verb, "xcomp")) or any(
            tree.texts[word].lower() == "to" for word in tree.having(verb, "prep")
        )
    if known.verb == "write" and tree.relations[verb] == "advcl" and tree.tags[verb] == "VBN":
        return any(tree.texts[word].lower() in ("it", "they") for word in subjects)
    return not tree.having(verb, "ccomp") and any(
        tree.texts[word].lower() in ("nothing", "little") for word in tree.having(verb, "dobj")
    )


def _is_bare_infinitive(tree: Tree, verb: int) -> bool:
    """ "to say": what might be said, unless somebody "went on to say" it."""
    while tree.tags[verb] == "VB" and tree.relations[verb] == "conj" and not tree.having(verb, "aux", *SUBJECTS):
        verb = tree.heads[verb]  # "to keep his options open and deny it"
    hangs = tree.relations[verb] in ("ccomp", "xcomp", "acl", "advcl", "dep")
    if tree.tags[verb] == "VB" and hangs and not tree.having(verb, "aux", "conj"):
        return True  # "heard him say", "helps explain"
    if tree.tags[verb] != "VB" or not any(tree.texts[word].lower() == "to" for word in tree.having(verb, "aux")):
        return False
    head = tree.texts[tree.heads[verb]].lower()
    return head not in _GOES_ON and not (head.startswith("interject") or head == "chimed")


def _is_supposed(tree: Tree, verb: int) -> bool:
    """ "One could say", "those who say": nobody in particular has said it."""
    is_possible = any(tree.texts[word].lower() in ("may", "might", "can", "could") for word in tree.having(verb, "aux"))
    is_wished = any(tree.texts[word].lower() in ("should", "must") for word in tree.having(verb, "aux"))
    if (is_possible or is_wished) and not tree.having(verb, "neg"):
        return True
    return tree.relations[verb] == "relcl" and tree.texts[tree.heads[verb]].lower() in (
        "those",
        "anyone",
        "people",
        "voters",
    )


def _is_bare_participle(tree: Tree, verb: int) -> bool:
    """ "A band called X", "a plan announced in May": nobody says anything, unless an agent is named."""
    hangs = (
        tree.relations[verb] in ("acl", "amod")
        or tree.relations[verb] == "advcl"
        and not tree.having(verb, "aux", *SUBJECTS)
    )
    return tree.tags[verb] == "VBN" and hangs and not tree.having(verb, "agent")


def _is_negated(tree: Tree, verb: int) -> bool:
    return any(tree.texts[child].lower() in _NEGATION for child in tree.having(verb, "neg", "preconj", "cc", "advmod"))


def _according(tree: Tree, text: str, sentence: Span, word: int) -> Attribution | None:
    for to in tree.having(word, "prep"):
        for noun in tree.having(to, "pobj"):
            own = tree.subtree(word)
            left, right = tree.starts[own[0]], tree.end(own[-1])
            sides = [trimmed(text, (sentence[0], left)), trimmed(text, (right, sentence[1]))]
            content = tuple(side for side in sides if side[1] - side[0] > 12)
            known = Cue("according", Takes.CLAUSE)
            if content:
                return Attribution(
                    known, (tree.starts[word], tree.end(to)), noun_span(tree, text, noun), content, sentence
                )
    return None
