"""Nodes: who reports on a link, and as which sensor of the site."""

from collections import Counter

import msgspec

from tocsin.links.sapient.node import Node
from tocsin.model.adapter import AdapterContext, SiteSensor

MOST_NODES = 1024  # a flood of invented ids costs the oldest, not the memory


class Nodes:
    """The nodes heard so far, by id. A sensor without a node of its own takes all that no other sensor names."""

    def __init__(self, context: AdapterContext, counts: Counter[str]) -> None:
        ours = [sensor for sensor in context.sensors if sensor.link == context.name]
        self._sensors = {sensor.node: sensor for sensor in ours}
        self._known: dict[str, Node] = {}
        self._counts = counts

    def get(self, node: str) -> Node:
        """What is known of a node; nothing but its id for one that was not heard."""
        return self._known.get(node) or Node(node)

    def put(self, node: Node) -> Node:
        """Keep what a node has said of itself."""
        self._known.pop(node.id, None)
        self._known[node.id] = node
        if len(self._known) > MOST_NODES:
            del self._known[next(iter(self._known))]
            self._counts["nodes_forgotten"] += 1
        return node

    def forget(self, node: str) -> None:
        """A node that is gone describes itself again when it comes back; where it stood is kept."""
        if node in self._known:
            self._known[node] = msgspec.structs.replace(self._known[node], registered=False)

    def sensor(self, node: str) -> SiteSensor | None:
        """The sensor that a node is."""
        return self._sensors.get(node) or self._sensors.get("")

    def partners(self) -> frozenset[str]:
        """Sensors whose node is a fusion node: what they report is another's picture."""
        found = (self.sensor(node.id) for node in self._known.values() if node.is_fusion)
        return frozenset(sensor.name for sensor in found if sensor is not None)

    def statistics(self) -> dict[str, str]:
        """The nodes that are registered, by id, with their names."""
        return {node.id: node.name for node in self._known.values() if node.registered}
