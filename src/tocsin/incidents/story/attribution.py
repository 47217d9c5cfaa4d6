"""Attribution: somebody, a verb, and what they are said to have said, each by its spans in the story.

What the two finders (`patterns`, `dependency`) answer and everything after them works on. No speaker: the story prints
none ("is believed to"). `content` holds the pieces in order; `sentence` the span of the sentence that holds the cue.
"""

import msgspec

from tocsin.incidents.story.lexicon import Cue
from tocsin.incidents.story.span import Span


class Attribution(msgspec.Struct, frozen=True):
    """One attribution as found."""

    cue: Cue
    cue_span: Span
    speaker: Span | None
    content: tuple[Span, ...]
    sentence: Span
    is_negated: bool = False
    is_object: bool = False
