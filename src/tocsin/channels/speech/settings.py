"""Settings of the `speech` channel."""

from typing import Annotated

import msgspec

from tocsin.model.bounds import Duration


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`speak`: the program that makes speech of text (espeak-ng, by name or path). `play`: the program that plays a WAV
    file named last, such as ["aplay", "-q"]. `times`: how often a message is said. `words_per_min`: how fast."""

    play: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=20)]
    speak: str = "espeak-ng"
    times: Annotated[int, msgspec.Meta(ge=1, le=10)] = 2
    words_per_min: Annotated[int, msgspec.Meta(ge=80, le=450)] = 150
    patience_s: Duration = 60.0
