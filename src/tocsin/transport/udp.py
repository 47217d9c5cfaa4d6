"""UDP and multicast: one datagram a packet, all on one connection, `origin` naming each sender.

OPENED comes when the socket is bound, with the bound address as its origin.
"""

import asyncio
import ipaddress
import socket
import struct

from tocsin.transport.address import Address, peer_text
from tocsin.transport.desk import Desk, Session

RECEIVE_BUFFER_BYTES = 4 * 2**20  # a burst must not be lost while the reader is busy; the system may grant less


async def listen(address: Address, desk: Desk) -> None:
    """Receive on the address until cancelled."""
    await _receive(desk, _bound(address, (address.host, address.port)))


async def listen_multicast(address: Address, desk: Desk) -> None:
    """Join the group on the interface with the given address and receive until cancelled."""
    opened = _bound(address, (address.host, address.port))
    try:
        join(address, opened)
    except OSError as error:
        opened.close()
        raise address.refuse(f"cannot join the group: {error.strerror or error}") from error
    await _receive(desk, opened)


def check_multicast(address: Address) -> None:
    """Raise TocsinError unless the address is an IPv4 group and names an interface."""
    try:
        is_group = ipaddress.IPv4Address(address.host).is_multicast
    except ValueError:
        is_group = False
    if not is_group:
        raise address.refuse("the host must be an IPv4 multicast group, 224.0.0.0 to 239.255.255.255")
    interface = address.options.get("interface", "")
    try:
        ipaddress.IPv4Address(interface)
    except ValueError as error:
        mend = "say on which network, by this machine's address there: #interface=192.0.2.7 (127.0.0.1: this machine)"
        raise address.refuse(f"interface={interface!r}: {mend}") from error


def join(address: Address, opened: socket.socket) -> None:
    """Join the address's group on its interface."""
    members = struct.pack("4s4s", socket.inet_aton(address.host), socket.inet_aton(address.options["interface"]))
    opened.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, members)


def _bound(address: Address, place: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        if address.scheme == "multicast":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
    except OSError as error:
        opened.close()
        raise address.refuse(f"cannot listen there: {error.strerror or error}") from error
    return opened


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, desk: Desk, session: Session) -> None:
        self._desk = desk
        self._session = session

    def datagram_received(self, data: bytes, peer: tuple[str | object, int]) -> None:
        self._session.try_data(data, peer_text(peer))

    def error_received(self, error: Exception) -> None:
        self._desk.failed(error)


async def _receive(desk: Desk, opened: socket.socket) -> None:
    try:
        async with desk.session(peer_text(opened.getsockname())) as session:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(desk, session), sock=opened)
            desk.set_bound(opened.getsockname())
            try:
                await loop.create_future()  # until cancelled
            finally:
                transport.abort()
    finally:
        opened.close()
