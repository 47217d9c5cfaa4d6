"""Mail to a real SMTP server: taken, refused in part, refused, slow, gone; a test that sends none."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import msgspec
import pytest
from aiosmtpd.controller import Controller

from small_site import free_port
from tocsin.channels.smtp.adapter import Adapter
from tocsin.channels.smtp.settings import Settings
from tocsin.formats.cap import read_cap
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level
from warning_builder import cancelled, context, unheard, warning


class Post:
    """Keeps mails; refuses recipients whose name begins with "no"."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("no"):
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[Post, int]]:
    post, port = Post(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield post, port
    controller.stop()


def _adapter(port: int, *recipients: str) -> Adapter:
    to = recipients or ("ann@example.org", "ben@example.org")
    return Adapter(Settings("127.0.0.1", "tocsin@example.org", to, port, "none", answer_s=5.0), context())


def test_a_mail_says_it_and_carries_the_cap_message(server: tuple[Post, int]) -> None:
    post, port = server
    level, detail = _adapter(port).deliver(warning())
    assert (level, detail) == (Level.ACCEPTED, "2 recipients")
    ((to, raw),) = post.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert to == ["ann@example.org", "ben@example.org"]
    assert mail["subject"] == "Drone approaching: gate"
    body = mail.get_body(("plain",)).get_content()
    assert "Go indoors now." in body and "Actual, W1-X-1" in body
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/cap+xml"
    assert read_cap(attached.get_content()).identifier == "W1-X-1"


def test_a_withdrawal_answers_the_mail_it_withdraws(server: tuple[Post, int]) -> None:
    post, port = server
    reference = "tocsin.test,W1-X-1,2026-09-21T14:13:20-00:00"
    _adapter(port).deliver(msgspec.structs.replace(cancelled(), references=(reference,)))
    assert message_from_bytes(post.mails[0][1])["References"] == "<W1-X-1@tocsin.invalid>"


def test_an_unheard_test_sends_nothing(server: tuple[Post, int]) -> None:
    post, port = server
    assert _adapter(port).deliver(unheard())[0] is Level.ACCEPTED
    with pytest.raises(TocsinError, match="would refuse: 5.1.1|would refuse"):
        _adapter(port, "nobody@example.org").deliver(unheard())
    assert post.mails == []


def test_refusals_are_told(server: tuple[Post, int]) -> None:
    _, port = server
    assert _adapter(port, "ann@example.org", "no@example.org").deliver(warning())[1] == (
        "1 recipients; refused for no@example.org"
    )
    with pytest.raises(TocsinError):
        _adapter(port, "no@example.org").deliver(warning())
    with pytest.raises(OSError):
        _adapter(free_port()).deliver(warning())
