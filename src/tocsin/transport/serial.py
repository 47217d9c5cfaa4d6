"""Serial line: bytes as the device gives them, cut wherever they were read. An unplugged device is waited for."""

import asyncio

import serial

from tocsin.transport.address import Address
from tocsin.transport.desk import Desk, Send

OPTIONS = ("baud",)
READ_BYTES = 65536


def check(address: Address) -> None:
    """Raise TocsinError unless the address names a device and a speed."""
    if address.host or not address.path.startswith("/"):
        raise address.refuse("write the device's whole path, with three strokes: serial:///dev/ttyUSB0#baud=115200")
    address.number("baud", "115200")


async def read(address: Address, desk: Desk) -> None:
    """Read the device until cancelled, again whenever it is back."""
    loop = asyncio.get_running_loop()
    baud = int(address.number("baud", "115200"))

    async def once() -> None:
        with serial.Serial(address.path, baud, timeout=0, exclusive=True) as port:
            async with desk.session(address.path, _writer(port)) as session:
                while True:
                    readable = loop.create_future()
                    loop.add_reader(port.fileno(), _settle, readable)
                    try:
                        await readable
                    finally:
                        loop.remove_reader(port.fileno())
                    await session.data(port.read(READ_BYTES))

    await desk.keep(once)


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _writer(port: serial.Serial) -> Send:
    async def send(data: bytes) -> None:
        await asyncio.to_thread(port.write, data)

    return send
