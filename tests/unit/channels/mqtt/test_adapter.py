"""A siren behind a real broker: heard, not heard, lying, the broker frozen and gone."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from mqtt_siren import Broker, Siren
from small_site import free_port
from tocsin.channels.mqtt.adapter import Adapter
from tocsin.channels.mqtt.order import signature
from tocsin.channels.mqtt.settings import Settings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level
from warning_builder import Reports, all_clear, cancelled, context, unheard, warning


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as started:
        yield started


def _adapter(port: int, reports: Reports | None = None, **more) -> Adapter:
    settings = Settings(**{
        "host": "127.0.0.1", "port": port, "topic": "siren/1", "confirm_topic": "siren/1/heard", "confirm_s": 5.0,
        "answer_s": 5.0, "status_topic": "siren/1/status", **more,
    })  # fmt: skip
    return Adapter(settings, context(report=reports))


def test_sound_read_back_is_a_confirmation(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIREN_KEY", "secret")
    siren, reports = Siren(broker.port, ("sound",)), Reports()
    adapter = _adapter(broker.port, reports, key_env="SIREN_KEY")
    assert adapter.deliver(warning()) == (Level.CONFIRMED, "sound read back")
    assert reports.said == [("W1-X-1", Level.ACCEPTED, "the broker has it")]
    for one in (unheard(), all_clear(), cancelled(3)):
        adapter.deliver(one)
    got = siren.wait(4)
    assert [one["sound"] for one in got] == ["alarm", "silent-test", "all-clear", "off"]
    assert [one["counter"] for one in got] == sorted({one["counter"] for one in got})  # rises: a replay is found
    said = {key: value for key, value in got[0].items() if key != "at_s"}
    assert said["signature"] == signature(said, b"secret")
    assert said["signature"] != signature({**said, "sound": "off"}, b"secret")
    adapter.kick()
    adapter.close()
    assert "online" in siren.states
    siren.close()


def test_a_coil_is_less_and_silence_is_a_failure(broker: Broker) -> None:
    siren = Siren(broker.port, ("coil",))
    adapter = _adapter(broker.port)
    assert adapter.deliver(warning()) == (Level.DELIVERED, "switched, read back")
    siren.answers = ()
    mute = _adapter(broker.port, confirm_s=0.3)
    with pytest.raises(TocsinError, match=r"no read-back within 0\.3 s"):
        mute.deliver(warning(2))
    siren.close()
    for one in (adapter, mute):
        one.close()


def test_a_siren_that_speaks_nonsense_is_not_believed(broker: Broker) -> None:
    siren = Siren(broker.port, ("loud",))
    adapter = _adapter(broker.port, confirm_s=0.5)
    with pytest.raises(TocsinError, match="no read-back"):
        adapter.deliver(warning())
    assert adapter.statistics()["unreadable"] == 1
    adapter.close()
    siren.close()


def test_a_frozen_broker_and_none_at_all_are_failures(broker: Broker) -> None:
    adapter = _adapter(broker.port, confirm_topic=None, answer_s=4.0)
    assert adapter.deliver(warning())[0] is Level.ACCEPTED
    assert broker.process is not None
    broker.process.send_signal(signal.SIGSTOP)
    with pytest.raises(TocsinError, match="did not take it|no broker"):
        adapter.deliver(warning(2))
    broker.process.send_signal(signal.SIGCONT)
    adapter.close()
    nobody = _adapter(free_port(), answer_s=0.3)
    with pytest.raises(TocsinError, match="no broker at"):
        nobody.deliver(warning())
    nobody.close()


def test_a_key_that_is_not_there_is_refused() -> None:
    with pytest.raises(TocsinError, match="NO_SUCH_KEY is not set"):
        _adapter(1, key_env="NO_SUCH_KEY")
