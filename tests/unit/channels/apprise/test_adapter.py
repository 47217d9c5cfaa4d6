"""Message services by Apprise, shown with its JSON service and a real HTTP receiver: taken, refused, gone."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from small_site import free_port
from tocsin.channels.apprise.adapter import Adapter, words
from tocsin.channels.apprise.settings import Settings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, WarningStatus
from warning_builder import all_clear, cancelled, context, unheard, warning

SAMPLES = Path(__file__).resolve().parents[4] / "src" / "tocsin" / "channels" / "apprise" / "samples"


class Receiver:
    def __init__(self) -> None:
        self.got: list[dict[str, str]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(receiver.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"json://127.0.0.1:{self.server.server_address[1]}/key"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.server.shutdown()
    started.server.server_close()


def adapter(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> Adapter:
    monkeypatch.setenv("SERVICES", " ".join(addresses))
    return Adapter(Settings("SERVICES"), context())


def test_every_service_gets_it_and_its_end(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = adapter(monkeypatch, receiver.url, receiver.url)
    assert channel.deliver(warning()) == (Level.ACCEPTED, "2 services")
    assert channel.deliver(cancelled())[0] is Level.ACCEPTED
    assert [one["title"] for one in receiver.got] == ["Drone approaching: gate"] * 4
    assert "Go indoors now." in receiver.got[0]["message"] and "Go indoors now." not in receiver.got[2]["message"]
    assert channel.statistics() == {"messages": 4}


def test_one_that_refuses_or_is_gone_makes_it_a_failure(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = f"json://127.0.0.1:{free_port()}/secret-key"
    with pytest.raises(TocsinError, match="not taken by JSON") as told:
        adapter(monkeypatch, receiver.url, gone).deliver(warning())
    assert "secret-key" not in str(told.value) and len(receiver.got) == 1
    receiver.status = 500
    with pytest.raises(TocsinError, match="not taken by JSON"):
        adapter(monkeypatch, receiver.url).deliver(warning())


def test_a_test_that_nobody_hears_sends_nothing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert adapter(monkeypatch, receiver.url).deliver(unheard())[0] is Level.SENT
    assert receiver.got == []


def test_an_address_that_is_none_is_named_by_its_number_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TocsinError, match="address 2 of SERVICES is none") as told:
        adapter(monkeypatch, "json://127.0.0.1/x", "no-such-service://secret")
    assert "secret" not in str(told.value)
    with pytest.raises(TocsinError, match="SERVICES is not set"):
        adapter(monkeypatch)


def test_what_is_no_real_warning_says_so_in_title_and_text() -> None:
    for status in (WarningStatus.EXERCISE, WarningStatus.TEST, WarningStatus.SYSTEM):
        assert all(one.startswith(f"{str(status).upper()}: ") for one in words(warning(status=status)))
    assert words(all_clear(texts=()))[1] == "rule 'near'"


def test_the_sample_is_what_a_service_gets(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter(monkeypatch, receiver.url).deliver(warning(status=WarningStatus.EXERCISE))
    assert receiver.got == [json.loads((SAMPLES / "message.json").read_text("utf-8"))]
