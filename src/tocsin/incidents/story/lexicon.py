"""The words that carry an attribution: verbs of saying and thinking, what they take, and the stance they bring.

`cue(word)` answers the `Cue` of any form of a listed verb ("said", "warning", "denies") or None. Lists were written
from general knowledge of English news and by what a developer's part of a hand-marked corpus showed to matter.
"""

from enum import Enum, auto

import msgspec

from tocsin.model.statement import Stance


class Takes(Enum):
    """What stands for the content beside a clause or a quotation."""

    CLAUSE = auto()  # nothing else
    OBJECT = auto()  # also a noun: "denied the report"
    INFINITIVE = auto()  # also "to" and a verb: "vowed to answer"
    ANYTHING = auto()


class Cue(msgspec.Struct, frozen=True):
    """A verb of attribution by its base form. `is_speech` is false for what is thought or felt rather than said."""

    verb: str
    takes: Takes
    stance: Stance = Stance.ASSERTS
    is_speech: bool = True


_SAYING = {
    Takes.CLAUSE: (
        "say tell add write tweet post note argue insist maintain explain comment continue reply respond recall remark "
        "joke quip testify contend caution reiterate stress emphasize observe opine muse assure inform boast brag "
        "complain lament tout predict concede conclude assert stipulate intone shout yell whisper murmur "
        "exclaim declare chime interject retort recount relate elaborate allege foresee forecast underscore "
        "point brief retweet email text declare speculate theorize posit hint gush crow deadpan ad-lib scoff lie"
    ),
    Takes.OBJECT: (
        "report announce state confirm acknowledge admit claim suggest reveal disclose indicate describe cite quote "
        "accuse blame criticize praise condemn denounce slam blast mock call estimate express highlight attribute "
        "credit dispute rebut question hail ask detail"
    ),
    Takes.ANYTHING: "urge demand propose recommend",
    Takes.INFINITIVE: "promise pledge swear",
}
_BY_STANCE = {
    Stance.DENIES: (Takes.OBJECT, "deny reject dismiss refute"),
    Stance.DECLINES: (Takes.INFINITIVE, "decline refuse"),
    Stance.WARNS: (Takes.OBJECT, "warn"),
    Stance.THREATENS: (Takes.INFINITIVE, "threaten vow"),
}
_THINKING = {
    Stance.ASSUMES: (Takes.CLAUSE, "believe think suspect assume presume fear doubt"),
    Stance.WARNS: (Takes.INFINITIVE, "expect"),
    Stance.ASSERTS: (Takes.CLAUSE, "hope worry"),
}
_IRREGULAR = {
    "say": "said", "tell": "told", "write": "wrote written", "think": "thought", "swear": "swore sworn",
    "deny": "denied denies", "foresee": "foresaw foreseen", "feel": "felt", "know": "knew known", "lie": "lied lying",
    "understand": "understood", "text": "texted texting", "quip": "quipped quipping", "brag": "bragged bragging",
    "admit": "admitted admitting", "slam": "slammed slamming", "refer": "referred", "ad-lib": "ad-libbed",
    "forecast": "forecast forecasting", "rebut": "rebutted rebutting", "chime": "chimed", "email": "emailed e-mailed",
}  # fmt: skip


def _forms(verb: str) -> set[str]:
    forms = {verb, *_IRREGULAR.get(verb, "").split()}
    stem = verb[:-1] if verb.endswith("e") else verb
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return forms | {verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    sibilant = verb.endswith(("s", "sh", "ch", "x", "z"))
    forms |= {verb + ("es" if sibilant else "s"), stem + "ing"}
    return (
        forms
        if verb in ("say", "tell", "write", "think", "swear", "foresee", "feel", "know")
        else forms | {stem + "ed"}
    )


def _all_cues() -> dict[str, Cue]:
    found: dict[str, Cue] = {}
    listed = [Cue(verb, takes) for takes, verbs in _SAYING.items() for verb in verbs.split()]
    listed += [Cue(verb, takes, stance) for stance, (takes, verbs) in _BY_STANCE.items() for verb in verbs.split()]
    listed += [Cue(v, takes, stance, False) for stance, (takes, verbs) in _THINKING.items() for v in verbs.split()]
    for entry in listed:
        for form in _forms(entry.verb):
            found.setdefault(form, entry)
    return found


CUES = _all_cues()
# Forms that are nouns as often as verbs: without grammar they count only before "that" or a quotation.
AMBIGUOUS = frozenset(
    "point points pointed pointing states emails requests details comments posts notes reports claims demands "
    "calls promises pledges estimates texts briefs charges questions offers asks tweets doubts fears hopes hints "
    "lies worries proposed estimated requested urges detailed related recalls forecasts forecast complained "
    "testified hinted".split()
)
# Bodies that speak, by their lower-case noun.
BODIES = frozenset(
    "ministry government army military navy police coalition airport authority company embassy "
    "council agency office department "
    "administration campaign party union alliance group institute center centre command force "
    "fleet operator station newspaper "
    "network television report statement document court committee commission board bank house "
    "pentagon white kremlin nations "
    "parliament senate congress radio media airline port guard brigade regiment militia movement "
    "regime forces family side opposition hospital league club association federation "
    "university school".split()
)
# Groups that speak, by their plural noun.
PLURALS = frozenset(
    "officials sources residents police witnesses authorities diplomats reporters prosecutors investigators experts "
    "analysts critics supporters lawmakers democrats republicans aides people media reports dealers traders soldiers "
    "neighbours neighbors fishermen doctors rebels militants campaigners lawyers economists".split()
)
PERSONAL = frozenset("he she they it we i you who which that this these those".split())


def cue(word: str) -> Cue | None:
    """The cue that `word` is a form of."""
    return CUES.get(word.lower())
