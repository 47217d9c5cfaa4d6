"""Stance of a statement: what the speaker does with the content, from the verb, its negation and the words.

`stance(...)` never makes an assertion of what somebody declined to say, assumed or told as background: a hedge, a
refusal or a habit anywhere in the main clause is enough. Reports of another's warning or threat stay what their own
verb says.
"""

import re

from tocsin.incidents.story.lexicon import Cue
from tocsin.model.statement import Stance

_REFUSES = re.compile(
    r"\b(?:no (?:immediate )?comment|not in a position|(?:will|would|can|could|did|do|does|is|am"
    r"|are|was|were)(?: not|n['’]t|not) (?:be able to |going to "
    r"|immediately |yet |willing to |prepared to |at liberty to )?(?:say|tell|name|identify"
    r"|comment|confirm|discuss|disclose|reveal|specify|elaborate|speculate"
    r"|give|provide|share|go into|get into|answer|attribute|speak to|rule out|release|talk about)"
    r"|\b(?:we|i) (?:declin|refus)\w+ to|(?:too early|premature) to"
    r"|cannot (?:say|confirm|comment|discuss|name|rule out))\b",
)
_ASSUMES = re.compile(
    r"\b(?:(?:working|on the) assumption"
    r"|(?:are|is|was|were|been|be|also|widely|now) (?:also |now |widely |generally )?"
    r"(?:believed|thought|suspected|presumed|assumed|understood|feared|likely|expected)"
    r"|(?:may|might|could) (?:well )?have|(?:may|might) (?:well )?be"
    r"|most likely|probably|presumably|apparently|suspected"
    r"|(?:appears?|appeared|seems?|seemed) to(?! be (?:the |a )?(?:least|most|best|worst|only))|appears? that"
    r"|(?:he|she|they|we|i|it|officials|experts|analysts|investigators|police) (?:also |now |still )?"
    r"(?:believes?|believed|thinks?|thought|assumes?|suspects?|suspected|presumes?)"
    r"|(?:believes?|believed|thinks|assumes?|assumed|suspects?|presumes?) (?:that|the|it|this|they|he|she)"
    r"|likely (?:to|that|the)|possib(?:le|ly) (?:that|the|a)|alleged(?:ly)?|reportedly)\b",
)
_QUOTED_ASSUMPTION = re.compile(r"(?:[“\"‘']|'')assum(?:es?|ed|ing|ption)(?:[”\"’']|'')")
_VIOLENT = (
    r"(?:aveng|retaliat|revenge|punish|strike back|hit back|strik|attack|destroy|crush|kill|fight "
    r"back|shoot|bomb|raid|blow|respond|make .{0,30} pay|pay (?:for|the|a)"
    r"|response|pursue|hunt|burn|answer|blood|consequence|teach)\w*"
)
_THREATENS = re.compile(
    r"\b(?:will|would|shall|vows? to|going to)(?: not hesitate to| \w+ly| also| soon)? (?:be "
    rf")?{_VIOLENT}|\bor (?:\w+ ){{1,3}}(?:would|will) {_VIOLENT}"
    r"|\bwill (?:be met|face|regret)\b|\bwould (?:face|regret|be met with)\b",
)
_SHOULD = re.compile(r"\bshould\b")
_CONTEXT = re.compile(
    r"\b(?:continues? to see|(?:have|has) (?:occasionally|often|repeatedly|frequently|previously"
    r"|regularly|long|in the past)|such (?:groups|forces|militias|drones|systems)"
    r"|(?:groups|forces|militias) (?:like|such as) (?:this|these|that)|in (?:recent|past|previous) "
    r"(?:years|months)|usually|typically|traditionally|historically)\b",
)
_DENIES = re.compile(
    r"^(?:that )?(?:[^,;.]{0,70}?\b)(?:(?:was|were|is|are|had|has|have|did|does|do)(?: not\b"
    r"|n['’]t\b)(?! (?:only|yet|immediately|just))(?!.{0,60}\bsince\b)|never\b)",
)
_NEGATED = frozenset(
    "say tell confirm comment give identify name specify elaborate respond provide disclose "
    "release discuss describe answer reveal "
    "explain detail report deny offer quote state indicate attribute reply".split()
)
_EXPECTS_HARM = re.compile(
    r"\b(?:attack|strike|raid|violence|escalat|retaliat|threat|incursion|more drones)", re.IGNORECASE
)


def stance(known: Cue, content: str, is_negated: bool) -> Stance:
    """The stance that the speaker of `content` takes by this verb."""
    if known.stance is Stance.DECLINES or is_negated and known.verb in _NEGATED:
        return Stance.DECLINES
    if known.stance in (Stance.DENIES, Stance.WARNS) and known.is_speech:
        return Stance.ASSERTS if is_negated else known.stance
    if known.verb == "caution":
        return Stance.WARNS
    if known.stance is Stance.THREATENS:
        return (
            Stance.THREATENS
            if known.verb == "threaten" or re.search(_VIOLENT, content, re.IGNORECASE)
            else Stance.ASSERTS
        )
    if known.verb == "expect":
        return Stance.WARNS if _EXPECTS_HARM.search(content) else Stance.ASSUMES
    if not known.is_speech:
        return Stance.ASSUMES
    return of_words(content)


def of_words(content: str) -> Stance:
    """The stance of words alone, by a neutral verb or in somebody's own sentence."""
    content = content.lower()
    if _REFUSES.search(content):
        return Stance.DECLINES
    if _THREATENS.search(content) and not _SHOULD.search(content):
        return Stance.THREATENS
    if _CONTEXT.search(content):
        return Stance.CONTEXT
    if _ASSUMES.search(content) or _QUOTED_ASSUMPTION.search(content):
        return Stance.ASSUMES
    if _DENIES.search(content.lstrip("“\"'‘ ")):
        return Stance.DENIES
    return Stance.ASSERTS
