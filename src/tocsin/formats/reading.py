"""Reading: what one row of a table says, in SI units, radians and UTC seconds, before it is put into a frame."""

import msgspec

Triple = tuple[float, float, float]
Stand = tuple[float, float, float, float]  # a place and a heading
Spread = tuple[float, float, float, float, float]


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One row. NaN is a number the row does not have.

    `time_s` is the row's own time, NaN if the table has none. `place` is (latitude_rad, longitude_rad, height_m of the
    mapping's kind), (east_m, north_m, up_m) or (range_m, azimuth_rad, elevation_rad) as the mapping's form says, None
    for a row without a position. `own` is the sensor's position, in the same two ways, and its heading. `sigma` are the
    standard deviations of the mapping's columns: horizontal_m, up_m, range_m, azimuth_rad, elevation_rad.
    """

    row: int
    time_s: float
    received_s: float
    place: Triple | None
    own: Stand | None = None
    sigma: Spread | None = None
    velocity_enu_mps: Triple | None = None
    range_rate_mps: float | None = None
    class_word: str | None = None
    score: float | None = None
    signal_db: float | None = None
    rcs_dbsm: float | None = None
    sensor_track: str | None = None
