"""Warnings for TAK devices: what the events say, and a server that answers, closes, says nothing or says nonsense."""

import math
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lxml import etree

from certificates import certified
from small_site import free_port
from tocsin.channels.tak.adapter import Adapter
from tocsin.channels.tak.events import events, ping, words
from tocsin.channels.tak.settings import Settings
from tocsin.formats.cot import read_event
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, WarningArea, WarningStatus, WarningText
from warning_builder import all_clear, cancelled, context, unheard, warning

SAMPLES = Path(__file__).resolve().parents[4] / "src" / "tocsin" / "channels" / "tak" / "samples"
SQUARE = tuple((math.radians(54.6 + a), math.radians(18.8 + b)) for a, b in ((0, 0), (0.01, 0), (0.01, 0.02), (0, 0)))
ROUND = WarningArea("gate", centre_rad=(math.radians(54.6), math.radians(18.8)), radius_m=300.0)
FENCE = WarningArea("fence", outline_rad=SQUARE)
PONG = (
    b'<event version="2.0" uid="takPong" type="t-x-c-t-r" how="h-g-i-g-o" time="2031-02-03T20:33:00Z" '
    b'start="2031-02-03T20:33:00Z" stale="2031-02-03T20:33:20Z"><point lat="0" lon="0" hae="0" ce="1" le="1"/></event>'
)


class Server:
    """Reads what comes and answers each ping with `answer`."""

    def __init__(self, answer: bytes | None, tls: ssl.SSLContext | None = None) -> None:
        self.got = b""
        self._answer, self._tls = answer, tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
                with self._tls.wrap_socket(connection, server_side=True) if self._tls else connection as opened:
                    while data := opened.recv(65_536):
                        self.got += data
                        if b't-x-c-t"' in self.got:
                            if self._answer is None:
                                break
                            opened.sendall(self._answer)
            except OSError:
                if self._socket.fileno() < 0:
                    return

    def close(self) -> None:
        self._socket.close()


@contextmanager
def serving(answer: bytes | None, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(answer, tls)
    try:
        yield server
    finally:
        server.close()


def adapter(port: int, **more) -> Adapter:
    settings = {"tls": False, "answer_s": 0.5} | more
    return Adapter(Settings("127.0.0.1", port, **settings), context())


def parsed(data: bytes) -> list[etree._Element]:
    return list(etree.fromstring(b"<all>" + data + b"</all>"))


def test_a_warning_is_a_message_and_areas_and_its_end_takes_them_away() -> None:
    chat, round_, fence = (
        etree.fromstring(one) for one in events(warning(areas=(ROUND, FENCE)), "us", "Tocsin", "All")
    )
    assert (chat.get("type"), chat.find("detail/__chat").get("chatroom")) == ("b-t-f", "All")
    assert "Go indoors now." in chat.findtext("detail/remarks") and "Until " in chat.findtext("detail/remarks")
    assert (round_.get("type"), round_.find("detail/shape/ellipse").get("major")) == ("u-d-c-c", "300.0")
    assert [link.get("point") for link in fence.findall("detail/link")][1] == "54.6100000,18.8000000"
    assert fence.get("stale") == chat.find("detail/remarks").get("time").replace(chat.get("time"), fence.get("stale"))
    for end in (all_clear(areas=(ROUND, FENCE)), cancelled(areas=(ROUND, FENCE))):
        _, first, second = (etree.fromstring(one) for one in events(end, "us", "Tocsin", "All"))
        assert [one.get("type") for one in (first, second)] == ["t-x-d-d", "t-x-d-d"]
        assert [one.find("detail/link").get("uid") for one in (first, second)] == [round_.get("uid"), fence.get("uid")]


@pytest.mark.parametrize("status", [WarningStatus.EXERCISE, WarningStatus.TEST, WarningStatus.SYSTEM])
def test_what_is_no_real_warning_says_so_first(status: WarningStatus) -> None:
    made = warning(status=status, areas=(ROUND,))
    assert words(made).startswith(f"{str(status).upper()}: ")
    for one in events(made, "us", "Tocsin", "All"):
        event = etree.fromstring(one)
        assert event.get("opex") == f"e-{status}"
        assert str(status).upper() in event.findtext("detail/remarks")
    assert all(etree.fromstring(one).get("opex") is None for one in events(warning(areas=(ROUND,)), "us", "T", "All"))


def test_hostile_words_make_no_marks() -> None:
    text = WarningText("en", "x", "</remarks><event/>", "", "a & b")
    chat = events(warning(texts=(text,)), "us", "<T>", 'All"')[0]
    assert "</remarks><event/>. a & b" in etree.fromstring(chat).findtext("detail/remarks")


def test_a_server_that_answers_has_taken_it() -> None:
    with serving(PONG) as server:
        level, detail = adapter(server.port).deliver(warning(areas=(ROUND,)))
    assert (level, detail) == (Level.ACCEPTED, "the server has read 2 events")
    kinds = [event.get("type") for event in parsed(server.got)]
    assert kinds == ["a-f-G", "b-t-f", "u-d-c-c", "t-x-c-t"]


def test_a_test_that_nobody_hears_asks_the_server_alone() -> None:
    with serving(PONG) as server:
        assert adapter(server.port).deliver(unheard()) == (Level.ACCEPTED, "the server answers")
    assert [event.get("type") for event in parsed(server.got)] == ["a-f-G", "t-x-c-t"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "closed the connection without an answer"),
        (b"", "no answer within 0.5 s"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "no answer within 0.5 s"),
        (PONG.replace(b"t-x-c-t-r", b"t-x-c-t"), "no answer within 0.5 s"),
        (b"<event><event>" * 2000, "no answer within 0.5 s"),
    ],
)
def test_a_server_that_does_not_answer_has_taken_nothing(answer: bytes | None, told: str) -> None:
    with serving(answer) as server, pytest.raises((TocsinError, ConnectionError), match=told):
        adapter(server.port).deliver(warning())


def test_no_server_is_a_failure() -> None:
    with pytest.raises(OSError, match="refused"):
        adapter(free_port()).deliver(warning())


def test_the_certificate_is_checked(tmp_path: Path) -> None:
    authority, certificate = certified(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with serving(PONG, tls) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            adapter(server.port, tls=True).deliver(warning())
        assert adapter(server.port, tls=True, ca=str(authority)).deliver(warning())[0] is Level.ACCEPTED
    with pytest.raises(TocsinError, match="certificate or key cannot be used"):
        adapter(1, tls=True, certificate=str(tmp_path / "none"))


def test_the_sample_is_what_is_sent() -> None:
    made = warning(chain="W1-X", decided_s=1.9e9, sent_s=1.9e9, expires_s=1.9e9 + 600.0, areas=(ROUND, FENCE))
    assert (
        b"".join(events(made, "tocsin-North-pier-tak", "Tocsin", "All Chat Rooms"))
        == (SAMPLES / "warning.xml").read_bytes()
    )


def test_a_ping_reads_back() -> None:
    found = read_event(ping(time.time(), "us"))
    assert (found.type, found.uid) == ("t-x-c-t", "us-ping")
