"""Plan: what a scenario file may say, as frozen structs; every key is known, everything else is refused.

Times are story seconds from the scenario's start. Positions are the site's east and north, heights above ground.
Angles are degrees here, as in site files, and radians nowhere else in the file's meaning.
"""

from typing import Annotated

import msgspec

from tocsin.simulation.world import World

Positive = Annotated[float, msgspec.Meta(gt=0.0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0.0)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _.-]*$")]


class Waypoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A point to fly to. `speed_mps` holds on the way there; `hold_s` is a hover on arrival (rotorcraft only)."""

    east_m: float
    north_m: float
    height_m: float
    speed_mps: NotNegative | None = None
    hold_s: NotNegative = 0.0


Route = Annotated[tuple[Waypoint, ...], msgspec.Meta(min_length=2)]
"""Points to fly through; the first is where it begins."""


class Forgery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is false in a Remote ID from `from_s` on: its places, shifted; what it says, repeated from `back_s` before;
    its clock, `clock_ahead_s` ahead; where it is sent from, which its strength tells."""

    from_s: NotNegative = 0.0
    shift_east_m: float = 0.0
    shift_north_m: float = 0.0
    back_s: NotNegative = 0.0
    clock_ahead_s: float = 0.0
    sender_east_m: float | None = None
    sender_north_m: float | None = None


class RemoteId(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A Remote ID transmitter: what it says of itself. Positions in it are the target's own, with GNSS error, but for
    what is `forged`."""

    identifier: str
    operator: str | None = None
    pilot_east_m: float | None = None
    pilot_north_m: float | None = None
    forged: Forgery | None = None


class Adsb(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An ADS-B transponder: ICAO address (six hex digits), call sign and emitter category."""

    icao: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-F]{6}$")]
    callsign: Annotated[str, msgspec.Meta(max_length=8)] = ""
    category: str = "A3"


class OneWayDrone(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="one-way-drone"
):
    """A fixed-wing drone on autopilot that dives into its last waypoint."""

    route: Route
    speed_mps: Positive = 50.0
    bank_max_deg: Positive = 35.0


class Airliner(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="airliner"):
    """A transport aeroplane; its route's heights make the approach, and it lands at the last waypoint."""

    route: Route
    speed_mps: Positive = 75.0
    bank_max_deg: Positive = 25.0


class Quadcopter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="quadcopter"
):
    """A multirotor with a velocity controller and a tilt limit."""

    route: Route
    speed_mps: Positive = 12.0
    tilt_max_deg: Positive = 30.0


class Helicopter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="helicopter"
):
    """A helicopter: slower to tilt, faster to fly."""

    route: Route
    speed_mps: Positive = 45.0
    tilt_max_deg: Positive = 15.0


class Bird(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="bird"):
    """A bird, or a flock of `count`, wandering about `heading_deg`; `soaring` birds climb in thermals."""

    east_m: float
    north_m: float
    height_m: Positive
    heading_deg: float = 0.0
    speed_mps: Positive = 13.0
    count: Annotated[int, msgspec.Meta(ge=1, le=200)] = 1
    spread_m: Positive = 25.0
    soaring: bool = False


class Balloon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="balloon"):
    """A balloon carried by the wind at its height, rising until it floats."""

    east_m: float
    north_m: float
    height_m: NotNegative
    climb_mps: float = 2.0
    float_m: Positive = 1500.0


class FallingObject(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="falling-object"
):
    """An unpowered body, from where it comes into the story down to the ground.

    `ballistic_kgpm2` is mass over drag area, m / (Cd A).
    """

    east_m: float
    north_m: float
    height_m: Positive
    velocity_enu_mps: tuple[float, float, float]
    ballistic_kgpm2: Positive = 4000.0


Motion = OneWayDrone | Airliner | Quadcopter | Helicopter | Bird | Balloon | FallingObject


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What flies. It lives from `from_s` until its motion ends or `until_s`, whichever comes first.

    `motion` says what it is and how it moves. `radio_s` are (from, to) intervals in which it transmits on radio. A
    `ghost` has no body: only receivers hear of it, and it is no part of the truth.
    """

    name: Name
    motion: Motion
    from_s: NotNegative
    until_s: Positive | None = None
    radio_s: tuple[tuple[float, float], ...] = ()
    remote_id: RemoteId | None = None
    adsb: Adsb | None = None
    ghost: bool = False

    @property
    def kind(self) -> str:
        """The scenario's word for what it is."""
        return str(self.motion.__struct_config__.tag)


class SensorPose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a sensor stands, in the site's frame, as in the site file."""

    east_m: float
    north_m: float
    up_m: float
    heading_deg: float = 0.0


class Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How late a message arrives: `fixed_s` plus a gamma-distributed rest, and now and then a burst `late_s` later."""

    fixed_s: NotNegative = 0.05
    mean_s: NotNegative = 0.02
    late_probability: Share = 0.0
    late_s: NotNegative = 0.0


class Clutter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """False reports: `per_scan` everywhere in the view, and `patches` places with `patch_per_scan` each."""

    per_scan: NotNegative = 5.0
    patches: Annotated[int, msgspec.Meta(ge=0)] = 0
    patch_per_scan: NotNegative = 0.5
    patch_m: Positive = 60.0


class Radar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="radar"):
    """A radar; turning (`period_s` a turn, azimuth gives the time) or staring (`rotating = false`).

    `reach_m` is where an object of 0.01 m^2 (-20 dBsm) is detected with probability 0.5. Sigmas are of the noise,
    biases are constant, `tail_share` of the noise comes from a Student distribution with 3 degrees of freedom.
    """

    elevations: bool = True
    rotating: bool = True
    period_s: Positive = 1.0
    sectors: Annotated[int, msgspec.Meta(ge=1, le=256)] = 16
    range_m: tuple[NotNegative, Positive] = (100.0, 12_000.0)
    elevation_deg: tuple[float, float] = (-2.0, 40.0)
    reach_m: Positive = 10_000.0
    range_sigma_m: Positive = 8.0
    azimuth_sigma_deg: Positive = 0.3
    elevation_sigma_deg: Positive = 0.5
    range_rate_sigma_mps: Positive | None = 0.5
    range_bias_m: float = 0.0
    azimuth_bias_deg: float = 0.0
    elevation_bias_deg: float = 0.0
    tail_share: Share = 0.0
    resolution_m: NotNegative = 30.0
    resolution_deg: NotNegative = 1.0
    radial_speed_min_mps: NotNegative = 0.0
    class_accuracy: Share = 0.0
    clutter: Clutter = Clutter()


class DirectionFinder(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="direction-finder"
):
    """A radio direction finder: azimuth only, of transmitters that are on; some bearings come from the back lobe."""

    period_s: Positive = 1.0
    reach_m: Positive = 8_000.0
    detection_probability: Share = 0.8
    azimuth_sigma_deg: Positive = 3.0
    back_lobe_probability: Share = 0.03
    false_per_scan: NotNegative = 0.02


class Acoustic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="acoustic"):
    """A microphone array: azimuth and elevation of where the sound came from, told when it arrives."""

    period_s: Positive = 1.0
    reach_m: Positive = 1_500.0
    detection_probability: Share = 0.8
    azimuth_sigma_deg: Positive = 4.0
    elevation_sigma_deg: Positive = 6.0
    false_per_scan: NotNegative = 0.02


class Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="camera"):
    """A fixed camera: azimuth and elevation within its field of view, as far as the weather lets it see."""

    period_s: Positive = 0.5
    reach_m: Positive = 3_000.0
    detection_probability: Share = 0.85
    azimuth_sigma_deg: Positive = 0.1
    elevation_sigma_deg: Positive = 0.1
    field_deg: Positive = 60.0
    elevation_deg: tuple[float, float] = (-2.0, 45.0)
    class_accuracy: Share = 0.8
    false_per_scan: NotNegative = 0.01


class RemoteIdReceiver(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="remote-id"
):
    """A Remote ID receiver: repeats what transmitters in reach say of themselves."""

    period_s: Positive = 1.0
    reach_m: Positive = 4_000.0
    detection_probability: Share = 0.8
    gnss_sigma_m: Positive = 3.0


class AdsbReceiver(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="ads-b"
):
    """An ADS-B receiver: repeats what transponders in reach say of themselves."""

    period_s: Positive = 0.5
    reach_m: Positive = 80_000.0
    detection_probability: Share = 0.9
    gnss_sigma_m: Positive = 5.0


Device = Radar | DirectionFinder | Acoustic | Camera | RemoteIdReceiver | AdsbReceiver


class Sensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A device at a place. `outage_s` are (from, to) intervals in which nothing is sent (death and recovery).

    `drop_probability` loses whole messages. `beat_s`: a sign of life this often, so that silence can be told from
    nothing to see; 0 is never. `blind_deg`: sectors (from, to) it cannot see.
    """

    name: Name
    pose: SensorPose
    device: Device
    delay: Delay = Delay()
    outage_s: tuple[tuple[float, float], ...] = ()
    drop_probability: Share = 0.0
    beat_s: NotNegative = 1.0
    blind_deg: tuple[tuple[float, float], ...] = ()


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the story with a clock of its own: from `from_s` on, UTC runs from `starts`."""

    from_s: NotNegative
    starts: str


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statement that a person or agency makes at `at_s`; an operator enters it as a note."""

    at_s: NotNegative
    speaker: str
    content: str
    place: str | None = None


class ScenarioPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole scenario file."""

    name: str
    duration_s: Positive
    latitude_deg: Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
    longitude_deg: Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
    height_m: float
    chapter: Annotated[tuple[Chapter, ...], msgspec.Meta(min_length=1)]
    world: World = World()
    target: tuple[Target, ...] = ()
    sensor: tuple[Sensor, ...] = ()
    event: tuple[Event, ...] = ()
