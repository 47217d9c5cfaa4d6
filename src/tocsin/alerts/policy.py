"""Policy: which alerts become warnings to people outside, by whose decision and by which channels; `[[warning]]`.

`check_policies` refuses a policy that names a rule, place or channel that is not there, texts for a language that has
no built-in ones and are not complete, and one that lets a falling object wait for a person.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from tocsin.alerts.phrases import PHRASES
from tocsin.alerts.rule import OWN_KINDS, Rule
from tocsin.model.bounds import Duration, DurationOrZero, Name
from tocsin.model.errors import TocsinError

_LANGUAGE = msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", description='a language like "en"')
Language = Annotated[str, _LANGUAGE]
PERSONS = {"automatic": 0, "one": 1, "two": 2}


class PolicyError(TocsinError):
    """A policy that cannot be followed."""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of one language in place of the built-in ones; "" keeps those.

    `language`: as in "en", "pl" or "pt-BR". `event`: what it is. `instruction`: what to do while it lasts. `all_clear`:
    what to do when it is over.
    """

    language: Language
    event: str = ""
    instruction: str = ""
    all_clear: str = ""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When people outside are warned, by whose decision, and how.

    `name`: shown to people. `rules`: whose alerts it is for. `places`: only at these, none meaning all. `approval`:
    "automatic" issues at once, "one" or "two" wait for so many persons; a falling object never waits. `escalated`:
    only once the alert was told again so often, for people on call. `channels`: by which it goes, none meaning all.
    `languages`: in which it speaks. `texts`: words in place of the built-in ones. `valid_s`: how long a message holds;
    it is renewed at half of that while the alert stands. `all_clear`: "person" waits for somebody to say that it is
    over, "automatic" says so by itself. `all_clear_after_s`: so long after the last alert has gone; a draft that nobody
    approved is withdrawn then too. `test_every_s`: how often
    a test that nobody hears goes all the way to each channel; 0 never. `test_within_s`: it must have come through by
    then.
    """

    name: Name
    rules: tuple[str, ...]
    places: tuple[str, ...] = ()
    approval: Literal["automatic", "one", "two"] = "one"
    escalated: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    channels: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ("en",)
    texts: tuple[Texts, ...] = ()
    valid_s: Annotated[float, msgspec.Meta(ge=20.0, le=86_400.0)] = 600.0
    all_clear: Literal["person", "automatic"] = "person"
    all_clear_after_s: DurationOrZero = 60.0
    test_every_s: DurationOrZero = 3600.0
    test_within_s: Duration = 30.0


def check_policies(
    policies: Sequence[Policy], rules: Sequence[Rule], places: Sequence[str], channels: Sequence[str]
) -> None:
    """Raise `PolicyError` for the first policy that cannot be followed."""
    kind = {rule.name: rule.when for rule in rules}
    for policy in policies:
        if sum(other.name == policy.name for other in policies) > 1:
            raise PolicyError(f"warning {policy.name!r}: two have this name")
        for key, given, known in (
            ("rules", policy.rules, list(kind)),
            ("places", policy.places, places),
            ("channels", policy.channels, channels),
        ):
            missing = [name for name in given if name not in known]
            if missing:
                raise PolicyError(f"warning {policy.name!r}: {key}: there is no {missing[0]!r}")
        if not policy.rules:
            raise PolicyError(f"warning {policy.name!r}: rules: none is named")
        own = [name for name in policy.rules if kind[name] in OWN_KINDS]
        if own:
            raise PolicyError(f"warning {policy.name!r}: rules: {own[0]!r} speaks of our own means, not of the air")
        if policy.approval != "automatic" and any(kind[name] == "falls" for name in policy.rules):
            raise PolicyError(f"warning {policy.name!r}: approval: a falling object waits for nobody, use 'automatic'")
        _check_words(policy)


def _check_words(policy: Policy) -> None:
    if not policy.languages:
        raise PolicyError(f"warning {policy.name!r}: languages: none is named")
    given = {texts.language: texts for texts in policy.texts}
    for language in policy.languages:
        own = given.get(language)
        if language.partition("-")[0] not in PHRASES and not (own and own.event and own.instruction and own.all_clear):
            known = ", ".join(sorted(PHRASES))
            raise PolicyError(
                f"warning {policy.name!r}: languages: {language!r} has no built-in words ({known} have); give all of"
                " event, instruction and all_clear in texts"
            )
