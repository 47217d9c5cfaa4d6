"""Wrong addresses are refused with the source's name and the mend."""

from pathlib import Path

import pytest

from certificates import certified
from tocsin.model.errors import TocsinError
from tocsin.transport.address import Form
from tocsin.transport.sink import open_sink
from tocsin.transport.source import FORMS, open_source
from unit.transport.harness import StepClock


@pytest.mark.parametrize(
    ("url", "mend"),
    [
        ("gopher://broker/topic", "unknown scheme 'gopher'; known are tcp://host:port"),
        ("mqtt://broker/topic", "port is missing; write it like mqtt://host:1883/topic"),
        ("mqtt://broker:1883", "topic is missing"),
        ("mqtt://broker:1883/a#qos=2", "qos='2' must be 0 or 1"),
        ("mqtt://broker:1883/a#user=u&password_env=TOCSIN_NOT_SET", "TOCSIN_NOT_SET"),
        ("mqtts://broker:8883/a#ca=/no/such/file", "ca=/no/such/file"),
        ("tls://host:8089#cert=/no/such/file", "cert=/no/such/file"),
        ("tls://host:8089#key=/no/such/file", "key without cert"),
        ("tls-listen://127.0.0.1:8089", "must show a certificate"),
        ("serial://ttyUSB0", "three strokes"),
        ("serial:///dev/ttyUSB0#baud=fast", "baud='fast' must be a number above 0"),
        ("radar", "unknown scheme ''"),
        ("tcp://192.0.2.1", "port is missing; write it like tcp://host:port"),
        ("tcp://:8600", "host is missing"),
        ("tcp://0.0.0.0:8600", "to listen on every interface use tcp-listen"),
        ("tcp://192.0.2.1:99999", "[Pp]ort"),
        ("udp://127.0.0.1:8600#rate=3", "unknown option 'rate'; udp has: none"),
        ("https://user:secret@host/", "token_env=VARIABLE"),
        ("https://host/#token_env=TOCSIN_NOT_SET", "TOCSIN_NOT_SET"),
        ("multicast://239.2.3.1:6969", "interface="),
        ("multicast://192.0.2.1:6969#interface=127.0.0.1", "multicast group"),
        ("file://var/log", "three strokes"),
        ("file:///var/log#from=middle", "start or end"),
    ],
)
def test_a_wrong_address_names_the_source_and_the_mend(url: str, mend: str) -> None:
    with pytest.raises(TocsinError, match=mend) as caught:
        open_source(url, "radar-1", StepClock())
    assert "radar-1" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_every_example_is_accepted(form: Form, tmp_path: Path) -> None:
    _, shown = certified(tmp_path)
    open_source(form.example.replace(":port", ":8600").replace("FILE", str(shown)), "s", StepClock())


def test_a_topic_to_write_to_is_one_topic() -> None:
    with pytest.raises(TocsinError, match="must not hold # or \\+"):
        open_sink("mqtt://broker:1883/tracks/%23", "mqtt-out")


def test_a_listener_without_a_host_is_on_this_machine_only() -> None:
    for scheme in ("udp", "tcp-listen"):
        assert open_source(f"{scheme}://:8600", "s", StepClock()).address.host == "127.0.0.1"
        assert open_source(f"{scheme}://0.0.0.0:8600", "s", StepClock()).address.host == "0.0.0.0"


def test_a_share_is_refused_the_same_way() -> None:
    with pytest.raises(TocsinError, match="cot-out.*unknown scheme 'ws'"):
        open_sink("ws://host", "cot-out")
