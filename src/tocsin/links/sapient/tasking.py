"""Tasking: Tasks from people here to nodes that are connected here, and what the nodes say to them.

What a node's registration does not allow is refused before anything is sent. Each Task waits `task_answer_s` for its
acknowledgement; accepted, completed, rejected, failed and unanswered are told to the operator as the link's state. A
command that comes twice under one id is sent once.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from tocsin.formats.sapient.schema import reasons
from tocsin.links.sapient.node import Node
from tocsin.links.sapient.reports import MOST_WORDS
from tocsin.links.sapient.voice import Voice
from tocsin.links.sapient.wish import CONTROLS, Denied, Wish, check_node, fill_command, read_wish
from tocsin.model.command import Command, CommandAnswer
from tocsin.model.packet import Packet
from tocsin.model.sensor import Health, Reply, SensorStatus

MOST_TASKS = 1000  # remembered, and commands answered
_ACK = {1: "accepted", 2: "rejected", 3: "completed", 4: "failed"}  # TaskAck.TaskStatus
_OVER = ("rejected", "failed")


class Sent(msgspec.Struct, frozen=True):
    """A task that a node has been given. `what` is asked of it; `control` was asked last, `before` it the one that the
    node has taken. `state` is "" until the node answers the last. `over`: there is nothing to stop any more."""

    id: str
    node: str
    sensor: str
    what: str
    asked_s: float
    control: str = "start"
    before: str = ""
    state: str = ""
    over: bool = False

    @property
    def words(self) -> str:
        """What was asked last, for people."""
        return f"{self.control} of {self.what}" if self.before else self.what

    @property
    def kept(self) -> str:
        """The control that the node keeps to: not one that it has rejected."""
        return self.before if self.state in _OVER else self.control

    def asked(self, control: str, time_s: float) -> "Sent":
        """The node is asked for another control."""
        return msgspec.structs.replace(self, before=self.kept, control=control, asked_s=time_s, state="")

    def answered(self, state: str) -> "Sent":
        """The node has answered."""
        over = not self.before if state in _OVER else self.control == "stop"
        return msgspec.structs.replace(self, state=state, over=over)


class Tasking:
    """The tasks of one link's nodes."""

    def __init__(self, answer_s: float, voice: Voice, counts: Counter[str]) -> None:
        self._answer_s = answer_s
        self._voice = voice
        self._counts = counts
        self._sent: dict[str, Sent] = {}  # by the id of the command that started it
        self._answered: dict[str, tuple[Command, CommandAnswer]] = {}

    def ask(self, command: Command, reached: list[tuple[Node, int]], time_s: float) -> Iterator[Reply | CommandAnswer]:
        """Send what a command asks of a sensor, whose registered nodes and their connections are `reached`."""
        known = self._answered.get(command.id)
        if known is not None:
            same = known[0] == command
            reason = f"the id '{command.id}' belongs to another command"
            yield known[1] if same else CommandAnswer(command.id, False, reason, time_s)
            return
        try:
            wish = read_wish(command.value)
            node, connection = _chosen(command, wish, reached)
            message = self._message(command, wish, node, time_s)
        except Denied as error:
            self._counts["tasks_denied"] += 1
            answer = CommandAnswer(command.id, False, str(error), time_s)
        else:
            self._counts["tasks_sent"] += 1
            answer = CommandAnswer(command.id, True, f"sent to {node.name or node.id}", time_s)
            yield self._voice.reply(connection, message)
        self._answered[command.id] = command, answer
        _bound(self._answered)
        yield answer

    def heard(self, message: Any, packet: Packet) -> Iterator[SensorStatus]:
        """What a node says to a task."""
        ack = message.task_ack
        state = _ACK[ack.task_status]
        self._counts["tasks_refused" if state in _OVER else "tasks_acknowledged"] += 1
        for name, sent in self._sent.items():
            if (sent.id, sent.node) == (ack.task_id, message.node_id):
                self._sent[name] = sent.answered(state)
                why = reasons(ack, "reason")
                words = f"{sent.sensor} {state} {sent.words}{f': {why}' if why else ''}"
                yield self._told(words, state in _OVER, packet.received_s, packet.sequence)
                return
        self._counts["task_acknowledgements_unasked"] += 1

    def on_tick(self, time_s: float) -> Iterator[SensorStatus]:
        """Tasks that were not answered in time."""
        for name, sent in self._sent.items():
            if not sent.state and time_s - sent.asked_s > self._answer_s:
                self._sent[name] = msgspec.structs.replace(sent, state="unanswered")
                self._counts["tasks_unanswered"] += 1
                words = f"{sent.sensor} has not answered {sent.words} within {self._answer_s:g} s"
                yield self._told(words, True, time_s)

    def gone(self, node: str, time_s: float) -> Iterator[SensorStatus]:
        """A node's session is over: nothing that it was given goes on."""
        for name, sent in list(self._sent.items()):
            if sent.node == node:
                del self._sent[name]
                if not sent.state:
                    self._counts["tasks_unanswered"] += 1
                    yield self._told(f"{sent.sensor} went without an answer to {sent.words}", True, time_s)

    def _message(self, command: Command, wish: Wish, node: Node, time_s: float) -> Any:
        """The Task, remembered as sent; Denied if it must not be."""
        check_node(node)
        message = self._voice.envelope(time_s, node.id)
        task = message.task
        task.control = CONTROLS[wish.control]
        if wish.task:
            sent = self._going_on(wish, node)
            self._sent[wish.task] = sent.asked(wish.control, time_s)
        else:
            if wish.control != "start":
                raise Denied(f"task: the id of the command that is to {wish.control} is missing")
            fill_command(task.command, wish, node)
            sent = Sent(self._voice.id(time_s), node.id, command.target, wish.words(), time_s)
            self._sent[command.id] = sent
            _bound(self._sent)
        task.task_id = sent.id
        return message

    def _going_on(self, wish: Wish, node: Node) -> Sent:
        sent = self._sent.get(wish.task)
        if wish.command() is not None:
            raise Denied("task.command: only a new task has one")
        if sent is None or sent.node != node.id:
            raise Denied(f"task: {wish.task[:40]!r} gave this node no task that it still has")
        if sent.over:
            raise Denied(f"task: {wish.task[:40]!r} is over, {sent.state}")
        if wish.control == "start" and sent.kept != "pause":
            raise Denied(f"task: {wish.task[:40]!r} is not paused")
        return sent

    def _told(self, words: str, bad: bool, time_s: float, packet: int = 0) -> SensorStatus:
        health = Health.DEGRADED if bad else Health.OK
        return SensorStatus(self._voice.link, time_s, health, words[:MOST_WORDS], packet=packet)


def _chosen(command: Command, wish: Wish, reached: list[tuple[Node, int]]) -> tuple[Node, int]:
    if not command.author or not command.reason:
        raise Denied("author, reason: a task needs both")
    found = [one for one in reached if wish.node in ("", one[0].id)]
    if not found:
        raise Denied(f"target: no node of {command.target!r} is registered here now")
    if len(found) > 1:
        raise Denied(f"node: several stand for {command.target!r}: {', '.join(one.id for one, _ in found)[:200]}")
    return found[0]


def _bound(kept: dict[str, Any]) -> None:
    if len(kept) > MOST_TASKS:
        del kept[next(iter(kept))]
