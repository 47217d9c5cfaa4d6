"""Expecting: commands that put flights on the roster and take them off it, with author and reason."""

import msgspec

from tocsin.identity.roster import Flight, Roster, RosterError
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.errors import UNREADABLE

EXPECTING = (CommandKind.EXPECT_FLIGHT, CommandKind.WITHDRAW_FLIGHT)


class Expecting:
    """Obeys the commands about one roster."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def obey(self, command: Command, time_s: float) -> CommandAnswer:
        """What became of a command: `value` is the flight as JSON to expect, `target` the name of one to withdraw."""
        if not command.author or not command.reason:
            return CommandAnswer(command.id, False, "an expected flight needs an author and a reason", time_s)
        if command.kind is CommandKind.WITHDRAW_FLIGHT:
            known = self._roster.remove(command.target)
            return CommandAnswer(command.id, known, "withdrawn" if known else f"no flight {command.target!r}", time_s)
        try:
            self._roster.add(msgspec.json.decode(command.value, type=Flight))
        except (*UNREADABLE, RosterError) as error:
            return CommandAnswer(command.id, False, f"not a flight: {error}", time_s)
        return CommandAnswer(command.id, True, "expected", time_s)
