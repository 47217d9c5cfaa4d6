"""Voice: our own messages, from our node, on the sessions of one link.

Ids of messages come from our node's id and a counter, so that a replay says the same. What is an exercise says so in
every message (`additional_information`, which version 1.0 has not) and in the name we register under.
"""

from collections.abc import Sequence
from typing import Any

from tocsin.formats.sapient.ids import ulid, uuid4
from tocsin.formats.sapient.schema import Schema, set_reasons
from tocsin.links.sapient.settings import Settings
from tocsin.model.adapter import AdapterContext
from tocsin.model.sensor import Reply

EXERCISE = "EXERCISE"
MOST_PACKET_BYTES = 65_536  # of an offending message that an Error holds


class Voice:
    """Makes messages and the replies that carry them."""

    def __init__(self, settings: Settings, context: AdapterContext, schema: Schema) -> None:
        self.schema = schema
        self.link = context.name
        self.node = settings.node_id or uuid4(f"{context.seed}|{context.name}")
        self.exercise = context.exercise
        self._said = 0

    def id(self, time_s: float) -> str:
        """A new id for a message or report."""
        self._said += 1
        return ulid(time_s, f"{self.node}|{self._said}")

    def envelope(self, time_s: float, destination: str = "", exercise: bool = False) -> Any:
        """An empty message of ours."""
        message = self.schema.envelope(time_s, self.node, destination)
        if (exercise or self.exercise) and "additional_information" in message.DESCRIPTOR.fields_by_name:
            message.additional_information = EXERCISE
        return message

    def reply(self, connection: int, message: Any) -> Reply:
        """A message for one session."""
        return Reply(self.link, connection, self.schema.write(message))

    def error(self, connection: int, time_s: float, destination: str, packet: bytes, reasons: Sequence[str]) -> Reply:
        """What was wrong with a message, and the message."""
        message = self.envelope(time_s, destination)
        message.error.packet = packet[:MOST_PACKET_BYTES]
        set_reasons(message.error, "error_message", reasons)
        return self.reply(connection, message)
