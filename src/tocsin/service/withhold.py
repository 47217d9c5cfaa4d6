"""Withhold: a picture without the tracks that only certain sensors saw."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.model.identity import IdentityColumns
from tocsin.model.picture import Picture
from tocsin.model.threat import ThreatColumns
from tocsin.model.track import TrackColumns


def without_tracks_of(sensors: Sequence[str], picture: Picture) -> Picture:
    """`picture` without the tracks to which nobody but `sensors` contributed; `picture` itself if there are none.

    An ending names no sensor, so with any `sensors` named no ending is told.
    """
    if not sensors:
        return picture
    tracks = picture.tracks
    bits = sum(1 << k for k, name in enumerate(tracks.sensors) if name in sensors)
    keep = (tracks.sensor_bits & ~bits) != 0
    return msgspec.structs.replace(
        picture,
        tracks=_tracks(tracks, keep),
        identity=_identity(picture.identity, keep),
        threats=_threats(picture.threats, keep),
        ended=(),
    )


def _tracks(tracks: TrackColumns, keep: NDArray[np.bool_]) -> TrackColumns:
    rows = np.flatnonzero(keep)
    linked = keep[tracks.links[:, 0]]
    links = tracks.links[linked]
    links[:, 0] = _places(keep)[links[:, 0]]
    whole = msgspec.structs.asdict(tracks)
    by_row = [name for name, value in whole.items() if isinstance(value, np.ndarray) and not name.startswith("link")]
    columns = {name: whole[name][rows] for name in by_row}
    columns |= {"links": links, "link_probability": tracks.link_probability[linked]}
    names = {name: tuple(whole[name][row] for row in rows) for name in ("uid", "object")}
    return msgspec.structs.replace(tracks, **(columns | names))


def _identity(identity: IdentityColumns, keep: NDArray[np.bool_]) -> IdentityColumns:
    rows = np.flatnonzero(keep)
    return IdentityColumns(
        identity.class_probability[rows],
        identity.affiliation[rows],
        tuple(identity.reasons[row] for row in rows),
        tuple(identity.decisions[row] for row in rows),
    )  # claims are of no row: what is shared of tracks says nothing of them


def _threats(threats: ThreatColumns, keep: NDArray[np.bool_]) -> ThreatColumns:
    pairs, place = keep[threats.track], _places(keep)
    whole = msgspec.structs.asdict(threats)
    columns = {name: value[pairs] for name, value in whole.items() if isinstance(value, np.ndarray) and name != "order"}
    columns["track"] = place[columns["track"]]
    return msgspec.structs.replace(threats, **columns, order=place[threats.order[keep[threats.order]]])


def _places(keep: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each old row its new one; without meaning for rows that are gone."""
    return np.cumsum(keep) - 1
