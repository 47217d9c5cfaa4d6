"""The channels process: one a folder, known by its token, over lines that may be nonsense."""

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tocsin.channels.delivery import opening
from tocsin.channels.delivery.beats import Beats
from tocsin.channels.delivery.lines import Speaker
from tocsin.channels.delivery.opening import (
    SCHEMA,
    ChannelSettings,
    ProcessSettings,
    channel_settings,
    open_channels,
    read_settings,
    write_settings,
)
from tocsin.channels.delivery.process import PORT, ChannelsProcess, take_lock
from tocsin.channels.feed.settings import Settings as FeedSettings
from tocsin.channels.smtp.settings import Settings as SmtpSettings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Warning
from warning_builder import warning


class Fake:
    """Takes everything."""

    proof = Level.ACCEPTED

    def __init__(self) -> None:
        self.got: list[str] = []

    def deliver(self, message: Warning) -> tuple[Level, str]:
        self.got.append(message.id)
        return Level.ACCEPTED, "taken"

    def close(self) -> None:
        pass

    def statistics(self) -> dict[str, int]:
        return {}


def wait(holds: Callable[[], object], patience_s: float = 30.0) -> None:
    deadline_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def _settings(folder: Path, *channels: ChannelSettings, port: int = 0) -> ProcessSettings:
    return ProcessSettings(SCHEMA, "Test pier", str(folder), "token", False, channels, port)


def _speak(folder: Path, token: str = "token") -> Speaker:
    speaker = Speaker(socket.create_connection(("127.0.0.1", int((folder / PORT).read_text())), 10.0))
    speaker.say("token", token)
    return speaker


def test_takes_delivers_tells_and_ends_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Fake()
    monkeypatch.setattr("tocsin.channels.delivery.process.open_channels", lambda settings, report: {"fake": fake})
    process = ChannelsProcess(_settings(tmp_path))
    thread = threading.Thread(target=process.run)
    thread.start()
    wait((tmp_path / PORT).exists)
    stranger = _speak(tmp_path, "wrong")
    assert list(stranger.lines(10.0)) == []
    stranger.close()
    broken = _speak(tmp_path)
    broken.say("warning", {"id": 1})
    assert [line for line in broken.lines(10.0) if "taken" in line] == []
    broken.close()
    speaker = _speak(tmp_path)
    speaker.say("warning", warning())
    heard: dict[str, object] = {}
    for line in speaker.lines(30.0):
        heard |= line
        if {"taken", "receipt", "state"} <= heard.keys():
            break
    assert heard["taken"] == "W1-X-1"
    assert heard["receipt"]["level"] == 2 and heard["receipt"]["channel"] == "fake"  # type: ignore[index]
    assert heard["state"]["channels"]["fake"]["fault"] == ""  # type: ignore[index]
    with pytest.raises(TocsinError, match="another process holds it"):
        ChannelsProcess(_settings(tmp_path)).run()
    speaker.say("stop", True)
    thread.join(30.0)
    assert not thread.is_alive() and fake.got == ["W1-X-1"]
    speaker.close()


def test_settings_are_for_their_owner_alone_and_read_back(tmp_path: Path) -> None:
    own = channel_settings([("feed", "feed", FeedSettings(kept=3))])
    write_settings(tmp_path / "c.json", _settings(tmp_path, *own))
    assert (tmp_path / "c.json").stat().st_mode & 0o077 == 0
    assert read_settings(tmp_path / "c.json").channels == own
    for text in ("{}", "no", '{"schema": 9}'):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(TocsinError, match=r"x\.json"):
            read_settings(tmp_path / "x.json")


def test_channels_are_opened_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Entry:
        name = "feed"

        @staticmethod
        def load() -> type:
            from tocsin.channels.feed.adapter import Adapter  # noqa: PLC0415 - as an entry point does

            return Adapter

    monkeypatch.setattr(opening, "entry_points", lambda group: [Entry])
    told: list[tuple[object, ...]] = []
    settings = _settings(tmp_path, *channel_settings([("cap", "feed", FeedSettings())]))
    channel = open_channels(settings, lambda *said: told.append(said))["cap"]
    assert channel.deliver(warning())[0] is Level.SENT
    channel.fetched("W1-X-1", "ann")  # type: ignore[attr-defined]
    assert told == [("cap", "W1-X-1", Level.DELIVERED, "fetched by ann")]
    unknown = channel_settings([("x", "pigeon", SmtpSettings("h", "a@b", ("a@b",)))])
    for broken in (unknown, (ChannelSettings("x", "feed", {"kept": "many"}),)):
        with pytest.raises(TocsinError, match="^x: "):
            open_channels(_settings(tmp_path, *broken), lambda *_: None)


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    take_lock(tmp_path / "lock")
    with pytest.raises(TocsinError):
        take_lock(tmp_path / "lock")


def test_lines_end_at_nonsense() -> None:
    ours, theirs = socket.socketpair()
    speaker = Speaker.__new__(Speaker)
    speaker._socket = ours
    theirs.sendall(b'{"a": 1}\n{"b"')
    lines = speaker.lines(10.0)
    assert next(lines) == {"a": 1}
    theirs.sendall(b': 2}\n[1]\n{"c": 3}\n')
    assert list(lines) == [{"b": 2}]
    theirs.close()
    ours.close()


def test_beats_are_answered_only_by_those_who_know_the_token() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as watchdog:
        watchdog.bind(("127.0.0.1", 0))
        watchdog.settimeout(10.0)
        beats = Beats(watchdog.getsockname()[1], "token", "line")
        beats.beat()
        data, whence = watchdog.recvfrom(1000)
        assert b'"from": "line"' in data
        watchdog.sendto(b'{"token": "other", "channels": {}}', whence)
        watchdog.sendto(b"nonsense", whence)
        watchdog.sendto(b'{"token": "token", "channels": {"horn": {"fault": "gone"}}}', whence)
        wait(lambda: beats.beat() or beats.heard_s is not None)
        assert beats.fault() == "horn: gone"
        beats.close()
    nobody = Beats(0, "token", "line")
    nobody.beat()
    assert nobody.heard_s is None
    nobody.close()
