"""Answers: a person's command becomes a packet, and is answered once the journal holds it on disk, or refused it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from tocsin.model.command import Command
from tocsin.model.errors import RefusedError, TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput
from tocsin.transport.clock import Clock

OPERATOR = "operator"


class Answers:
    """`submit` (event loop) waits for what `take` (outlets' thread) reports of the command with the same id."""

    def __init__(
        self, put: Callable[[Packet], Awaitable[object]], clock: Clock, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._put = put
        self._clock = clock
        self._loop = loop
        self._waiting: dict[str, list[asyncio.Future[int]]] = {}

    async def submit(self, command: Command) -> int:
        """The sequence of the command's packet, once it is on disk. RefusedError if a stage refuses it.

        TocsinError if the journal does not take it.
        """
        answer: asyncio.Future[int] = self._loop.create_future()
        waiting = self._waiting.setdefault(command.id, [])
        waiting.append(answer)
        try:
            await self._put(Packet(PacketKind.COMMAND, OPERATOR, self._clock.now_s(), msgspec.json.encode(command)))
            return await answer
        finally:
            waiting.remove(answer)
            if not waiting:
                self._waiting.pop(command.id, None)

    def take(self, output: LineOutput) -> None:
        """Report one output, after the journal has it."""
        if output.commands:
            self._loop.call_soon_threadsafe(self._settle, output)

    def refuse(self, commands: Sequence[Command], reason: str) -> None:
        """Report commands that the journal did not take; it is asked again, so they may come to be on disk later."""
        for command in commands:
            error = TocsinError(f"not on disk: {reason}; send it again with the same id")
            self._loop.call_soon_threadsafe(self._answer, command.id, error)

    def _settle(self, output: LineOutput) -> None:
        for command in output.commands:
            refused = "; ".join(a.reason for a in output.answers if a.id == command.id and not a.accepted)
            self._answer(command.id, RefusedError(refused) if refused else output.packet.sequence)

    def _answer(self, name: str, found: int | TocsinError) -> None:
        for answer in self._waiting.get(name, ()):
            if answer.done():
                continue
            if isinstance(found, TocsinError):
                answer.set_exception(found)
            else:
                answer.set_result(found)
