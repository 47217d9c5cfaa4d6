"""The root of every error that Tocsin raises on purpose, and what a decoder raises for bytes that it cannot read."""

import msgspec

# No JSON, not of the type asked for, no UTF-8, or nested beyond all bounds.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class TocsinError(Exception):
    """Bad input or a state the caller can act on; the text names the place and what would mend it."""


class RefusedError(TocsinError):
    """A command that was understood, is on disk, and was refused by the stage it was meant for."""
