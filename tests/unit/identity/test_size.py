"""Size: small echoes speak for birds and drones, large ones for aircraft, none for nothing."""

import msgspec
import numpy as np

from tocsin.identity.size import Size
from tocsin.model.identity import TargetClass
from track_builder import track_columns, word_scan


def seen(rcs_dbsm: float | None, times: int = 5) -> np.ndarray:
    size = Size()
    size.follow(np.array([-1]))
    for k in range(times):
        scan = word_scan("radar", [None], float(k))
        told = tuple(msgspec.structs.replace(one, rcs_dbsm=rcs_dbsm) for one in scan.detections)
        tracks = track_columns(["u"], float(k), links=[(0, 0)], link_probability=[1.0])
        size.hear(tracks, msgspec.structs.replace(scan, detections=told))
    return size.evidence()[0]


def test_what_echoes_say() -> None:
    assert seen(-30.0).argmax() == TargetClass.BIRD
    assert seen(15.0).argmax() in (TargetClass.AEROPLANE, TargetClass.VESSEL, TargetClass.GROUND_VEHICLE)
    assert not seen(None).any()


def test_many_echoes_are_one_witness() -> None:
    np.testing.assert_allclose(seen(-18.0, 3), seen(-18.0, 300))
    assert np.ptp(seen(-60.0)[1:]) < 4.0
