"""Raw statement: who, stance and pieces, before names are traced and days worked out."""

import msgspec

from tocsin.incidents.story.span import Span
from tocsin.model.statement import Stance


class Raw(msgspec.Struct, frozen=True):
    """One statement by its spans. No speaker: the writer's own sentence, or one whose speaker is not printed."""

    pieces: tuple[Span, ...]
    stance: Stance
    sentence: Span
    speaker: Span | None = None
    cue: Span | None = None
    via: tuple[Span, ...] = ()
    is_writers: bool = False

    @property
    def span(self) -> Span:
        """From the first to the last character of the content."""
        return self.pieces[0][0], self.pieces[-1][1]
