"""Hearing: what other nodes' messages mean for the site, whoever carried them here.

Both sides use it: a server for the node at the other end, a fusion node for every node that a middleware passes on.
Reports of a node that no sensor of the site stands for are counted and told once.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tocsin.formats.problems import Problems
from tocsin.formats.sapient.schema import reasons
from tocsin.links.sapient.node import registered
from tocsin.links.sapient.nodes import Nodes
from tocsin.links.sapient.placing import Unplaceable
from tocsin.links.sapient.reports import MOST_WORDS, Heard, Reports, statement
from tocsin.model.adapter import Decoded
from tocsin.model.packet import Packet
from tocsin.model.sensor import Health, SensorStatus


class Hearing:
    """Turns registrations, reports and alerts into what the line understands."""

    def __init__(self, link: str, nodes: Nodes, reports: Reports, counts: Counter[str], problems: Problems) -> None:
        self._link = link
        self._nodes = nodes
        self._reports = reports
        self._counts = counts
        self._problems = problems
        self._strangers: set[str] = set()

    def registration(self, message: Any, packet: Packet) -> Iterator[Decoded]:
        """Learn what a node is; a stranger is told to the operator."""
        node = self._nodes.put(registered(self._nodes.get(message.node_id), message.registration))
        sensor = self._nodes.sensor(node.id)
        words = f"{node.name or 'a node'} registered"
        if sensor is not None:
            yield SensorStatus(sensor.name, packet.received_s, Health.OK, words[:MOST_WORDS], packet=packet.sequence)
        elif node.id not in self._strangers:
            self._strangers.add(node.id)
            words = f"{words} as {node.id}, which no sensor of the site stands for"
            yield SensorStatus(
                self._link, packet.received_s, Health.DEGRADED, words[:MOST_WORDS], packet=packet.sequence
            )

    def status(self, message: Any, packet: Packet, row: int) -> Iterator[Decoded]:
        """A node's state, and where it stands."""
        heard = self._heard(message, packet, row)
        if heard is None:
            return
        try:
            status, node = self._reports.status(heard)
        except Unplaceable as error:
            self._problems.count(f"status_report: {error.reason}", packet.origin, row, error.detail)
            return
        self._nodes.put(node)
        self._counts["statuses"] += 1
        yield status

    def detection(self, message: Any, packet: Packet, row: int) -> list[Decoded]:
        """What a detection report says; one that cannot be placed raises Unplaceable."""
        heard = self._heard(message, packet, row)
        if heard is None:
            return []
        if not heard.node.registered:
            self._counts["detections_of_unregistered"] += 1
        items = self._reports.items(heard)
        self._counts["detections_lost" if not items else "reports_used"] += 1
        return list(items)

    def alert(self, message: Any, packet: Packet) -> Iterator[Decoded]:
        """Another system's alert is its statement."""
        node = self._nodes.get(message.node_id)
        sensor = self._nodes.sensor(message.node_id)
        self._counts["alerts"] += 1
        if sensor is not None:
            yield statement(Heard(message, node, sensor, packet, 0))

    def error(self, message: Any, packet: Packet) -> Iterator[Decoded]:
        """What a peer found wrong with something of ours goes to the operator."""
        self._counts["errors_received"] += 1
        words = f"refused a message of ours: {reasons(message.error, 'error_message') or 'no reason given'}"
        yield SensorStatus(self._link, packet.received_s, Health.DEGRADED, words[:MOST_WORDS], packet=packet.sequence)

    def _heard(self, message: Any, packet: Packet, row: int) -> Heard | None:
        sensor = self._nodes.sensor(message.node_id)
        if sensor is None:
            self._counts["reports_of_strangers"] += 1
            return None
        return Heard(message, self._nodes.get(message.node_id), sensor, packet, row)
