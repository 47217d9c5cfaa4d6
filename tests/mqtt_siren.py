"""A real Mosquitto in a process of its own, and a simulated siren behind it that reads back what it does."""

import json
import subprocess
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from parts import mosquitto
from small_site import free_port


class Broker:
    """A context manager; `freeze` and `thaw` stop and continue the process, so that sockets stay open."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
        self._program = mosquitto()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([self._program, "-c", str(self._config)], **quiet)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Siren:
    """Listens on `topic`, answers on `topic/heard`; keeps what it got. `answers`: what it reads back."""

    def __init__(self, port: int, answers: tuple[str, ...] = ("coil", "sound"), topic: str = "siren/1") -> None:
        self._topic = topic
        self.got: list[dict[str, object]] = []
        self.states: list[str] = []
        self.kicks = 0
        self.answers = answers
        self._ready = threading.Event()
        self._wake = threading.Condition()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, topic.replace("/", "-"), protocol=mqtt.MQTTv5)
        self._client.will_set(f"{topic}/status", "offline", qos=1, retain=True)
        self._client.on_connect, self._client.on_message = self._on_connect, self._on_message
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.connect_async("127.0.0.1", port, keepalive=5)
        self._client.loop_start()
        assert self._ready.wait(20.0)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def wait(self, count: int, wait_s: float = 20.0) -> list[dict[str, object]]:
        """What it got, once it is `count` messages."""
        with self._wake:
            assert self._wake.wait_for(lambda: len(self.got) >= count, wait_s), self.got
            return list(self.got)

    def _on_connect(self, client: mqtt.Client, *_: object) -> None:
        client.subscribe([(self._topic, 1), (f"{self._topic}/sender", 1), (f"{self._topic}/kick", 0)])
        client.publish(f"{self._topic}/status", "online", qos=1, retain=True)

    def _on_message(self, client: mqtt.Client, _: object, message: mqtt.MQTTMessage) -> None:
        if message.topic == f"{self._topic}/sender":
            self.states.append(message.payload.decode())
            return
        if message.topic == f"{self._topic}/kick":
            self.kicks += 1
            return
        said = json.loads(message.payload)
        said["at_s"] = time.time()
        for level in self.answers:
            client.publish(f"{self._topic}/heard", json.dumps({"id": said["id"], "level": level}), qos=1)
        with self._wake:
            self.got.append(said)
            self._wake.notify_all()
