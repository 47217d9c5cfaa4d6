"""From the bank to TrackColumns: what is given out after each step."""

import msgspec
import numpy as np

from tocsin.model.track import Join, TrackColumns, TrackStatus
from tocsin.tracking.bank import Bank
from tocsin.tracking.continuity import Continuity
from tocsin.tracking.history import Links
from tocsin.tracking.joins import LostObjects
from tocsin.tracking.kernels.layout import Floats, Ints
from tocsin.tracking.kernels.report import report, reportable
from tocsin.tracking.recognition import Recognition
from tocsin.tracking.registry import Registry
from tocsin.tracking.settings import Settings

PLAIN = {"time_s", "known_s", "uid", "object", "sensors", "settled", "ballistic", "joins", "identity_probability"}
ARRAYS = tuple(f.name for f in msgspec.structs.fields(TrackColumns) if f.name not in PLAIN)
MISSED = 1.0  # detections expected and not had, from which a track counts as coasting


def compose(
    bank: Bank, settings: Settings, modes: Floats, registry: Registry, links: Links, sensors: tuple[str, ...],
    falling: Recognition, lost: LostObjects, continuity: Continuity, time_s: float, known_s: float, settled: bool,
) -> TrackColumns:  # fmt: skip
    """The reported and the likelier tentative tracks at `time_s`, read-only; numbers are given here."""
    arrays = bank.arrays
    tracks, existence = reportable(
        arrays, bank.count, time_s, settings.death_rate_per_s, settings.show, settings.patience_s
    )
    position, velocity, covariance, probability = report(arrays, tracks, time_s, modes)
    keys, reported, born = arrays.key[tracks], arrays.reported[tracks] == 1, arrays.born[tracks]
    places = registry.places(keys, born)
    status = np.where(arrays.owed[tracks] >= MISSED, int(TrackStatus.COASTING), int(TrackStatus.CONFIRMED))
    status[~reported] = int(TrackStatus.TENTATIVE)
    uids = registry.uids(places)

    def find(row: int) -> Join | None:
        """The lost object that the track of a row is."""
        state = np.concatenate((position[row], velocity[row]))
        return lost.find(time_s, float(born[row]), uids[row], state, covariance[row])

    number = registry.number(places, reported, find)
    objects, joins = registry.objects(places, uids)
    pairs, shares = link_rows(links, keys)
    columns = TrackColumns(
        time_s=time_s, known_s=known_s,
        number=number, uid=uids, object=objects, status=status, existence=existence, position_enu_m=position,
        velocity_enu_mps=velocity, covariance=covariance, mode_probability=probability, born_s=born,
        last_detection_s=arrays.last[tracks], sensors=sensors, sensor_bits=arrays.bits[tracks],
        links=pairs, link_probability=shares, settled=settled,
        ballistic=falling.ballistic(keys), joins=joins,
        identity_probability=continuity.probability(keys),
    )  # fmt: skip
    for name in ARRAYS + (("identity_probability",) if columns.identity_probability is not None else ()):
        getattr(columns, name).flags.writeable = False
    return columns


def link_rows(links: Links, keys: Ints) -> tuple[Ints, Floats]:
    """Links as (row, detection) pairs of the tracks given out; those of other tracks are left out."""
    if not len(keys) or not len(links.key):
        return np.empty((0, 2), np.int64), np.empty(0)
    order = np.argsort(keys, kind="stable")
    place = np.minimum(np.searchsorted(keys[order], links.key), len(keys) - 1)
    row = order[place]
    known = keys[row] == links.key
    return np.column_stack((row[known], links.detection[known])), links.probability[known]
