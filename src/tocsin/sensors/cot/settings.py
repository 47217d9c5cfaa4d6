"""Settings of the cot adapter that reads, as read from `settings` of a `[[sensor]]`."""

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is taken of the events.

    `types`: beginnings of the types that are taken, "a-" (things with a place and an affiliation) by default.
    `exclude`: beginnings of uids that are not.
    """

    types: tuple[str, ...] = ("a-",)
    exclude: tuple[str, ...] = ()
