"""Settings of the identity stage, as read from `[identity]` of the site file."""

from msgspec import Struct, field

from tocsin.identity.roster import Flight
from tocsin.model.bounds import Count, Duration, Expected, Probability, Speed, SpeedComponent

WordMeaning = str | dict[str, Probability]


class ClaimSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How what targets say of themselves is judged.

    `hold_s`: a doubt outlives its cause by so long. `clock_s`: a sender's clock may be off by so much. `forget_s`: a
    sender not heard for so long is forgotten. `most_senders`: the most that are kept at a time. `flood_senders`: more
    new drone senders than this at one receiver within a minute are a flood (of aircraft ten times as many).
    """

    hold_s: Duration = 30.0
    clock_s: Duration = 5.0
    forget_s: Duration = 120.0
    most_senders: Count = 1000
    flood_senders: Count = 30


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How words become classes.

    `memory_s`: a word's weight falls to 1/e in that time. `independent_words`: the most that any number of words of one
    sensor counts for, since a tracker repeats itself. `unknown_probability`: the least that "unknown" keeps. `prior`:
    class name to weight before anything is said; "drone" is shared by both drone classes, and classes left out get
    nothing. `words`: per sensor (or "*" for all), each class word and what it means: another known word, or the
    probability of hearing it for each class ("drone" and "other" are allowed as shorthands). `motion_share`: how far
    the motion of a track counts beside words, 0 leaves it out. `self_reporting`: sensors that only pass on what targets
    say of themselves; their words may raise concern and never lower it. `claims`: how such reports are judged.
    `wind_mps`: east and north wind where small things drift, as measured or forecast, if it is known: what goes with it
    may be a balloon. `wind_sigma_mps`: how far it may be from that, each component. `flight`: flights that are
    expected, a table each.
    """

    memory_s: Duration = 120.0
    independent_words: Count = 2
    unknown_probability: Probability = 0.02
    prior: dict[str, Expected] = field(
        default_factory=lambda: {
            "unknown": 0.30,
            "drone": 0.15,
            "helicopter": 0.05,
            "aeroplane": 0.10,
            "bird": 0.25,
            "balloon": 0.02,
            "falling-object": 0.01,
            "ground-vehicle": 0.10,
            "vessel": 0.02,
        }
    )
    words: dict[str, dict[str, WordMeaning]] = field(default_factory=dict)
    motion_share: Probability = 1.0
    self_reporting: tuple[str, ...] = ()
    claims: ClaimSettings = ClaimSettings()
    wind_mps: tuple[SpeedComponent, SpeedComponent] | None = None
    wind_sigma_mps: Speed = 2.0
    flight: tuple[Flight, ...] = ()
