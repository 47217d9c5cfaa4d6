"""MQTT 5: messages of a topic to packets, and packets to a topic, over TCP or TLS.

paho-mqtt keeps the protocol; the event loop owns its socket, so no thread is added. Each message is one packet with its
topic as origin. A lost broker is taken up again with growing waits; a message that finds no room is dropped and
counted. `#qos=` is 0 or 1 (1 by default); published with 1, a message leaves the queue when the broker has
acknowledged it. The broker is told the size limit. In an address `#` of a topic is written %23.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import paho.mqtt.client as paho
from paho.mqtt import MQTTException
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tocsin.transport.address import Address
from tocsin.transport.certificates import client_context
from tocsin.transport.desk import Desk
from tocsin.transport.limits import Limits

OPTIONS = ("qos", "user", "password_env", "client_id")
KEEP_ALIVE_S = 15
_CARE_S = 1.0  # keep-alives are looked after this often
_PASS = 64  # messages taken before others get their turn
_BROKEN = (MQTTException, struct.error, ValueError, LookupError, TypeError, AttributeError)  # bytes of no sense

Take = Callable[[str, bytes], object]


def check(address: Address) -> None:
    """Raise TocsinError unless there is a topic, the options are known and the secrets and files are there."""
    if not topic(address):
        raise address.refuse(
            "the topic is missing; write it like mqtt://broker:1883/sensors/rid (or /%23 for all there is)"
        )
    if address.options.get("qos", "1") not in ("0", "1"):
        raise address.refuse(f"option qos={address.options['qos']!r} must be 0 or 1")
    _password(address)
    if address.scheme == "mqtts":
        client_context(address)


def check_publish(address: Address) -> None:
    """As `check`, for an address that is written to."""
    check(address)
    if any(sign in topic(address) for sign in "#+"):
        raise address.refuse("a topic to write to must not hold # or +")


def topic(address: Address) -> str:
    """The topic or topic filter in the address."""
    return unquote(address.path).removeprefix("/")


async def subscribe(address: Address, desk: Desk) -> None:
    """Receive the topic until cancelled."""

    async def once() -> None:
        waiting: list[tuple[str, bytes]] = []  # what comes before the session is open
        take: Take = lambda origin, data: waiting.append((origin, data))  # noqa: E731
        broker = Broker(address, desk.limits, lambda origin, data: take(origin, data))
        try:
            await broker.connect()
            await broker.subscribe()
            async with desk.session(f"{address.host}:{address.port}/{topic(address)}") as session:
                take = lambda origin, data: session.try_data(data, origin)  # noqa: E731
                for origin, data in waiting:
                    take(origin, data)
                await broker.ended
        finally:
            broker.close()

    await desk.keep(once)


class Broker:
    """One session with a broker. `ended` is a future that fails when the session does."""

    def __init__(self, address: Address, limits: Limits, take: Take | None = None) -> None:
        self._address = address
        self._limits = limits
        self._take = take
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._answers: dict[int, asyncio.Future[None]] = {}
        self._connected: asyncio.Future[None] = self._loop.create_future()
        self._care: asyncio.TimerHandle | None = None
        options = address.options
        self._client = client = paho.Client(
            CallbackAPIVersion.VERSION2, options.get("client_id", ""), protocol=paho.MQTTv5
        )
        if "user" in options or "password_env" in options:
            client.username_pw_set(options.get("user"), _password(address))
        if address.scheme == "mqtts":
            client.tls_set_context(client_context(address))
        client.connect_timeout = limits.open_s
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_answer
        client.on_subscribe = self._on_subscribed
        for future in (self.ended, self._connected):
            future.add_done_callback(_seen)

    async def connect(self) -> None:
        """Connect and wait for the broker's word; raises OSError."""
        wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        wishes.MaximumPacketSize = self._limits.packet_bytes
        place = (self._address.host, self._address.port, KEEP_ALIVE_S, "", 0, True, wishes)
        async with asyncio.timeout(self._limits.open_s):
            try:
                await asyncio.to_thread(self._client.connect, *place)
            except ValueError as error:  # TLS refuses a name or a file in this way too
                raise ConnectionError(str(error)) from error
            self._watch()
            await self._connected

    async def subscribe(self) -> None:
        """Ask for the topic and wait for the broker's word; raises OSError."""
        code, number = self._client.subscribe(topic(self._address), int(self._address.options.get("qos", "1")))
        await self._answer(code, number)

    async def publish(self, data: bytes) -> None:
        """Send one message; with qos 1 wait until the broker has it. Raises OSError."""
        qos = int(self._address.options.get("qos", "1"))
        sent = self._client.publish(topic(self._address), data, qos)
        if qos or sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            await self._answer(sent.rc, sent.mid)

    def close(self) -> None:
        """End the session."""
        if self._care is not None:
            self._care.cancel()
        self._client.on_disconnect = None
        self._client.disconnect()
        while self._client.want_write() and self._client.socket() is not None:
            if self._client.loop_write() != MQTTErrorCode.MQTT_ERR_SUCCESS or self._client.want_write():
                break
        if (opened := self._client.socket()) is not None:
            self._unwatch(opened)
            opened.close()

    async def _answer(self, code: MQTTErrorCode, number: int | None) -> None:
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS or number is None:
            raise ConnectionError(paho.error_string(code))
        answer = self._answers[number] = self._loop.create_future()
        try:
            async with asyncio.timeout(self._limits.open_s):
                await asyncio.wait([answer, self.ended], return_when=asyncio.FIRST_COMPLETED)
            if self.ended.done():
                self.ended.result()
            answer.result()
        finally:
            del self._answers[number]

    # ---- the socket, watched by the event loop -----------------------------------------------------------------------

    def _watch(self) -> None:
        opened = self._client.socket()
        if opened is None:
            raise ConnectionError("closed by the broker")
        self._client.on_socket_close = self._on_socket_close
        self._client.on_socket_register_write = self._on_write_wanted
        self._client.on_socket_unregister_write = self._on_written
        self._loop.add_reader(opened, self._read)
        if self._client.want_write():
            self._loop.add_writer(opened, self._client.loop_write)
        self._look_after()

    def _on_write_wanted(self, _client: Any, _data: Any, opened: Any) -> None:
        self._loop.add_writer(opened, self._client.loop_write)

    def _on_written(self, _client: Any, _data: Any, opened: Any) -> None:
        self._loop.remove_writer(opened)

    def _on_socket_close(self, _client: Any, _data: Any, closing: Any) -> None:
        self._unwatch(closing)

    def _unwatch(self, closing: Any) -> None:
        if closing.fileno() >= 0:
            self._loop.remove_reader(closing)
            self._loop.remove_writer(closing)

    def _read(self) -> None:
        opened = self._client.socket()
        if opened is None:
            return
        pending = getattr(opened, "pending", lambda: 0)  # what TLS has decrypted shows on no descriptor
        try:
            self._client.loop_read()
            for _ in range(_PASS):
                if self._client.socket() is not opened or not pending():
                    return
                self._client.loop_read()
        except _BROKEN as error:
            self._unwatch(opened)
            _settle(self._connected, f"the broker sent what is no MQTT: {error}")
            _settle(self.ended, f"the broker sent what is no MQTT: {error}")
            return
        self._loop.call_soon(self._read)

    def _look_after(self) -> None:
        self._client.loop_misc()
        self._care = self._loop.call_later(_CARE_S, self._look_after)

    # ---- what the broker says ----------------------------------------------------------------------------------------

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        _settle(self._connected, f"refused by the broker: {reason}" if reason.is_failure else None)

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        words = f"the broker is gone: {reason}"
        _settle(self._connected, words)
        _settle(self.ended, words)

    def _on_message(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        if self._take is not None:
            self._take(message.topic, bytes(message.payload))

    def _on_subscribed(self, client: Any, data: Any, number: int, reasons: Any, properties: Any) -> None:
        self._on_answer(client, data, number, reasons[0], properties)

    def _on_answer(self, _client: Any, _data: Any, number: int, reason: Any, _properties: Any) -> None:
        if number in self._answers:
            _settle(self._answers[number], f"refused by the broker: {reason}" if reason.is_failure else None)


def _settle(future: asyncio.Future[None], problem: str | None) -> None:
    if future.done():
        return
    if problem is None:
        future.set_result(None)
    else:
        future.set_exception(ConnectionError(problem))


def _seen(future: asyncio.Future[None]) -> None:
    """An end that nobody awaits any more is no error."""
    if not future.cancelled():
        future.exception()


def _password(address: Address) -> str | None:
    variable = address.options.get("password_env")
    if variable is None:
        return None
    if not os.environ.get(variable):
        raise address.refuse(f"the environment variable {variable} (password_env) is not set")
    return os.environ[variable]
