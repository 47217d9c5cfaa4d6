"""Claim: a self-report of a target (Remote ID, ADS-B, a flight plan); evidence, never identity."""

import msgspec


class Claim(msgspec.Struct, frozen=True):
    """What a target says of itself. Heights are kept apart by kind; unknown is None, never 0.

    `means` names the standard ("remote-id", "dji-drone-id", "ads-b", "cot", "flight-plan"), or says that others made
    the report of the target ("mlat", "tis-b", "ads-r"). Latitude, longitude and track over ground in radians, clockwise
    from true north. `callsign`: what it is called in the air, beside its `identifier`. `pilot_lla` is kept as that
    claim's own words and never computed. `clock_ahead_s`: how far the sender's own clock was ahead of the receipt.
    """

    means: str
    identifier: str
    sensor: str
    time_s: float
    received_s: float
    latitude_rad: float | None = None
    longitude_rad: float | None = None
    height_m: float | None = None
    altitude_msl_m: float | None = None
    height_agl_m: float | None = None
    height_takeoff_m: float | None = None
    altitude_pressure_m: float | None = None
    speed_mps: float | None = None
    course_rad: float | None = None
    climb_mps: float | None = None
    sigma_horizontal_m: float | None = None
    sigma_vertical_m: float | None = None
    category: str | None = None
    callsign: str | None = None
    operator: str | None = None
    pilot_lla: tuple[float, float, float | None] | None = None
    signed: bool | None = None
    on_ground: bool | None = None
    signal_dbm: float | None = None
    clock_ahead_s: float | None = None
    packet: int = 0
    row: int = 0
    exercise: bool = False
