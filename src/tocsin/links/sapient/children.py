"""Children: under which node and object ids our sensors' targets go out, and which of them a track was made from.

A sensor that is itself a node of SAPIENT keeps its node's id and its objects' ids; any other gets ids made from the
site's seed and its own numbers, the same each time. A track's parents are the detections that the tracker gave it with
at least half the probability, in the last seconds.
"""

from tocsin.formats.sapient.ids import is_ulid, is_uuid4, ulid, uuid4
from tocsin.model.adapter import AdapterContext, SiteSensor
from tocsin.model.detection import Detection
from tocsin.model.picture import Picture

RECENT_S = 5.0
LEAST_PROBABILITY = 0.5
MOST_PARENTS = 32  # of one track
_ENOUGH = 4096  # objects remembered


class Children:
    """Ids of sensors and of their objects, and the parents of tracks."""

    def __init__(self, context: AdapterContext) -> None:
        self._seed = context.seed
        self._sensors = {sensor.name: sensor for sensor in context.sensors}
        self.nodes = {name: self._node(sensor) for name, sensor in self._sensors.items()}
        self._objects: dict[tuple[str, str], str] = {}
        self._parents: dict[str, dict[tuple[str, str], float]] = {}

    def remember(self, picture: Picture) -> None:
        """Note the detections of the scan behind `picture` as parents of its tracks."""
        if picture.scan is None or not picture.scan.detections:
            return
        tracks, detections = picture.tracks, picture.scan.detections
        for (row, index), share in zip(tracks.links.tolist(), tracks.link_probability.tolist(), strict=True):
            if share >= LEAST_PROBABILITY and index < len(detections):
                known = self.object_of(detections[index])
                if known is not None:
                    self._parents.setdefault(tracks.object[row], {})[known] = detections[index].time_s

    def parents(self, track: str, time_s: float) -> list[tuple[str, str, float]]:
        """Node, object and time of the recent detections behind a track's object, newest first."""
        found = [(*key, at_s) for key, at_s in self._parents.get(track, {}).items() if time_s - at_s <= RECENT_S]
        return sorted(found, key=lambda one: -one[2])[:MOST_PARENTS]

    def forget(self, live: frozenset[str], time_s: float) -> None:
        """Keep what belongs to live tracks and is recent."""
        kept = {name: parents for name, parents in self._parents.items() if name in live}
        self._parents = {
            name: {key: at_s for key, at_s in parents.items() if time_s - at_s <= RECENT_S}
            for name, parents in kept.items()
        }

    def object_of(self, detection: Detection) -> tuple[str, str] | None:
        """Node and object id of a detection; None for one whose sensor does not number its targets."""
        if detection.sensor_track is None or detection.sensor not in self._sensors:
            return None
        node, _, target = detection.sensor_track.rpartition("/")
        if is_uuid4(node) and is_ulid(target):
            return node, target
        if is_ulid(detection.sensor_track):
            return self.nodes[detection.sensor], detection.sensor_track
        return self.nodes[detection.sensor], self._object(detection.sensor, detection.sensor_track, detection.time_s)

    def _object(self, sensor: str, number: str, time_s: float) -> str:
        """The ULID of a sensor's own number, born when it was first heard and forgotten only for many newer ones."""
        key = (sensor, number)
        found = self._objects.pop(key, None) or ulid(time_s, f"{self._seed}|{sensor}|{number}")
        self._objects[key] = found
        if len(self._objects) > _ENOUGH:
            del self._objects[next(iter(self._objects))]
        return found

    def _node(self, sensor: SiteSensor) -> str:
        return sensor.node if is_uuid4(sensor.node) else uuid4(f"{self._seed}|sensor|{sensor.name}")
