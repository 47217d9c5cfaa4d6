"""Answers: a command is answered once it is on disk, by what the stages said of it."""

import asyncio
import threading

import msgspec
import pytest

from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.answers import Answers
from tocsin.service.pipeline import LineOutput

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    def now_s(self) -> float:
        return 5.0


class Line:
    """Takes packets; `report` says that one is journalled, from another thread as the outlets do."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self.answers = Answers(self.put, Clock(), asyncio.get_running_loop())

    async def put(self, packet: Packet) -> None:
        self.packets.append(msgspec.structs.replace(packet, sequence=len(self.packets) + 1))

    async def asked(self, count: int) -> None:
        while len(self.packets) < count:
            await asyncio.sleep(0)

    def report(self, packet: Packet, accepted: bool = True) -> None:
        command = msgspec.json.decode(packet.data, type=Command)
        answer = CommandAnswer(command.id, accepted, "no live alert", 5.0)
        output = LineOutput(packet, 5.0, commands=(command,), answers=(answer,))
        thread = threading.Thread(target=self.answers.take, args=(output,))
        thread.start()
        thread.join()


def command(name: str) -> Command:
    return Command(name, CommandKind.NOTE, "night shift")


async def test_each_sender_gets_the_answer_to_its_own_command() -> None:
    line = Line()
    asked = [asyncio.create_task(line.answers.submit(command(name))) for name in ("a", "b")]
    await line.asked(2)
    assert [(packet.kind, packet.received_s) for packet in line.packets] == [(PacketKind.COMMAND, 5.0)] * 2
    line.report(line.packets[1])
    assert await asked[1] == 2
    assert not asked[0].done()
    line.report(line.packets[0])
    assert await asked[0] == 1


async def test_a_refusal_is_told_with_its_reason() -> None:
    line = Line()
    asked = asyncio.create_task(line.answers.submit(command("a")))
    await line.asked(1)
    line.report(line.packets[0], accepted=False)
    with pytest.raises(TocsinError, match="no live alert"):
        await asked


async def test_two_that_ask_the_same_are_both_answered_and_nobody_is_kept() -> None:
    line = Line()
    asked = [asyncio.create_task(line.answers.submit(command("a"))) for _ in range(2)]
    await line.asked(2)
    line.report(line.packets[0])
    assert [await one for one in asked] == [1, 1]
    line.report(line.packets[1])  # nobody waits any more
    again = asyncio.create_task(line.answers.submit(command("a")))
    await line.asked(3)
    again.cancel()
    await asyncio.wait([again])
    line.report(line.packets[2])


async def test_what_cannot_be_put_is_not_waited_for() -> None:
    async def refuse(packet: Packet) -> None:
        raise TocsinError("the line has ended")

    answers = Answers(refuse, Clock(), asyncio.get_running_loop())
    with pytest.raises(TocsinError, match="the line has ended"):
        await answers.submit(command("a"))


async def test_a_command_that_the_journal_refuses_is_answered_at_once_with_the_reason() -> None:
    line = Line()
    asked = [asyncio.create_task(line.answers.submit(command(name))) for name in ("a", "b")]
    await line.asked(2)
    thread = threading.Thread(target=line.answers.refuse, args=([command("a")], "journal: disk full"))
    thread.start()
    thread.join()
    with pytest.raises(TocsinError, match="not on disk: journal: disk full; send it again with the same id"):
        await asked[0]
    assert not asked[1].done()
    line.report(line.packets[1])
    assert await asked[1] == 2
