"""Adapter: a siren or relay behind an MQTT 5 broker; QoS 1, a last will both ways, and a read-back that counts.

Accepted: the broker has the message. Delivered: the device says it has switched (`"level": "coil"`). Confirmed: a
sensor there hears or measures it (`"level": "sound"`). Where `confirm_topic` is set, a message without a read-back has
failed and is sent again. Between messages the broker is asked every half second whether it still answers.
"""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tocsin.channels.mqtt.order import order
from tocsin.channels.mqtt.settings import Settings as MqttSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Warning

_ASK_S, _PATIENCE_S = 0.4, 1.5  # how often the broker is asked, and how long it may take to answer
_LEVELS = {"coil": Level.DELIVERED, "sound": Level.CONFIRMED}


class Adapter:
    """One device, or all that listen on one topic."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="mqtt", summary="sirens and relays", standard="MQTT 5.0, JSON", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[MqttSettings]] = MqttSettings
    emits: ClassVar[tuple[str, ...]] = ("warning", "sender state", "kick")

    def __init__(self, settings: MqttSettings, context: ChannelContext) -> None:
        self._settings, self._context = settings, context
        self._key = _secret(settings.key_env, context.name)
        self._heard: dict[str, Level] = {}
        self._wake = threading.Condition()
        self._device = ""  # what its last will or status says
        self._counts: Counter[str] = Counter()
        self._asked: mqtt.MQTTMessageInfo | None = None
        self._asked_s = self._connected_s = time.monotonic()
        self._client = client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"tocsin-{context.name}-{os.getpid()}", protocol=mqtt.MQTTv5
        )
        if settings.username is not None:
            password = _secret(settings.password_env, context.name)
            client.username_pw_set(settings.username, password.decode() if password else None)
        if settings.tls or settings.ca is not None:
            client.tls_set(ca_certs=settings.ca)
        client.will_set(f"{settings.topic}/sender", "offline", qos=1, retain=True)
        client.on_connect, client.on_message = self._on_connect, self._on_message
        client.reconnect_delay_set(min_delay=1, max_delay=5)
        client.connect_async(settings.host, settings.port, keepalive=settings.keepalive_s)
        client.loop_start()

    @property
    def proof(self) -> Level:
        """A read-back where the site has one, else the broker's word."""
        return Level.DELIVERED if self._settings.confirm_topic else Level.ACCEPTED

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Publish it and wait for what comes back."""
        settings = self._settings
        self._wait_connected()
        with self._wake:
            self._heard.pop(warning.id, None)
        payload = order(warning, time.time_ns(), time.time(), settings.valid_s, self._key)
        sent = self._client.publish(settings.topic, payload, qos=1)
        try:
            sent.wait_for_publish(settings.answer_s)
        except (RuntimeError, ValueError) as error:  # paho's words for a lost connection and a full queue
            raise TocsinError(f"not published: {error}") from error
        if not sent.is_published():
            raise TocsinError(f"the broker did not take it within {settings.answer_s:g} s")
        if settings.confirm_topic is None:
            return Level.ACCEPTED, "the broker has it; the device is not read back"
        self._context.report(warning.id, Level.ACCEPTED, "the broker has it")
        level = self._wait_heard(warning.id)
        if level is None:
            state = f"; the device is {self._device}" if self._device else ""
            raise TocsinError(f"no read-back within {settings.confirm_s:g} s{state}")
        return level, "sound read back" if level is Level.CONFIRMED else "switched, read back"

    def kick(self) -> None:
        """Hold a relay that drops out without this."""
        self._client.publish(f"{self._settings.topic}/kick", str(time.time()), qos=0)

    def health(self) -> str:
        """What is wrong between messages: no connection, or a broker that answers nothing, for 1.5 s; "" if well."""
        now_s = time.monotonic()
        if not self._client.is_connected():
            self._asked = None
            away = now_s - self._connected_s > _PATIENCE_S
            return f"no broker at {self._settings.host}:{self._settings.port}" if away else ""
        self._connected_s = now_s
        if self._asked is not None and not self._asked.is_published():
            return "the broker does not answer" if now_s - self._asked_s > _PATIENCE_S else ""
        if now_s - self._asked_s >= _ASK_S:
            self._asked = self._client.publish(f"{self._settings.topic}/sender", "online", qos=1, retain=True)
            self._asked_s = now_s
        return ""

    def close(self) -> None:
        """Say that we leave, and disconnect."""
        self._client.publish(f"{self._settings.topic}/sender", "offline", qos=1, retain=True)
        self._client.disconnect()
        self._client.loop_stop()

    def statistics(self) -> Mapping[str, Any]:
        """Read-backs, and what came that was none."""
        return {**self._counts, "device": self._device, "connected": self._client.is_connected()}

    def _wait_connected(self) -> None:
        deadline_s = time.monotonic() + self._settings.answer_s
        with self._wake:
            while not self._client.is_connected():
                if not self._wake.wait(max(min(deadline_s - time.monotonic(), 0.2), 0.0)):
                    if time.monotonic() >= deadline_s:
                        raise TocsinError(f"no broker at {self._settings.host}:{self._settings.port}")

    def _wait_heard(self, warning: str) -> Level | None:
        with self._wake:
            self._wake.wait_for(lambda: warning in self._heard, self._settings.confirm_s)
            return self._heard.get(warning)

    def _on_connect(self, client: mqtt.Client, _: Any, __: Any, reason: Any, ___: Any) -> None:
        if getattr(reason, "is_failure", False):
            self._counts["refused"] += 1
            return
        for topic in (self._settings.confirm_topic, self._settings.status_topic):
            if topic is not None:
                client.subscribe(topic, qos=1)
        client.publish(f"{self._settings.topic}/sender", "online", qos=1, retain=True)
        with self._wake:
            self._wake.notify_all()

    def _on_message(self, _: mqtt.Client, __: Any, message: mqtt.MQTTMessage) -> None:
        if message.topic == self._settings.status_topic:
            self._device = message.payload[:80].decode("utf-8", "replace")
            return
        try:
            said = json.loads(message.payload)
            warning, level = str(said["id"]), _LEVELS[said["level"]]
        except (ValueError, KeyError, TypeError):
            self._counts["unreadable"] += 1
            return
        self._counts["read_back"] += 1
        with self._wake:
            known = self._heard.get(warning)
            self._heard[warning] = level if known is None else max(known, level)
            while len(self._heard) > 1000:
                del self._heard[next(iter(self._heard))]
            self._wake.notify_all()
        if known is not None and level > known:
            self._context.report(warning, level, "read back later")


def _secret(variable: str | None, name: str) -> bytes | None:
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise TocsinError(f"{name}: the environment variable {variable} is not set")
    return value.encode()
