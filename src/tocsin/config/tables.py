"""The tables of a site file as they are written, before places become coordinates of the site's frame.

One struct a table; its fields are the keys, its docstring the line of reason that the reference shows for each. A place
is given in exactly one way: `east_m` and `north_m` (and `up_m`) in the site's frame, or latitude and longitude with
`height_m` above the ellipsoid or `altitude_msl_m` above mean sea level. `config/place.py` converts them.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tocsin.config.stages import (
    AlertSettings,
    IdentitySettings,
    Policy,
    RecordingSettings,
    Rule,
    ScanRule,
    Starts,
    ThreatSettings,
    TrackingSettings,
    WebSettings,
)
from tocsin.model.bounds import (
    Angle,
    Coordinate,
    Distance,
    Duration,
    Expected,
    Factor,
    Height,
    Name,
    Reaction,
)
from tocsin.sensing.view import View

Table = dict[str, Any]
Point = tuple[Coordinate, Coordinate]  # east and north
Coordinates = tuple[Angle, Angle]  # latitude and longitude


class SiteTable(msgspec.Struct, frozen=True):
    """The site itself: its name and the origin of its frame.

    `name`: shown to people and written into every file. `latitude_rad`: of the origin, north positive.
    `longitude_rad`: of the origin, east positive. `height_m`: of the origin above the WGS-84 ellipsoid.
    `altitude_msl_m`: the same above mean sea level; give one of the two. `seed`: what track ids are made from; the name
    if left out, so two sites of one name need it. `exercise`: marks everything that leaves this site as an exercise.
    """

    name: Name
    latitude_rad: Angle
    longitude_rad: Angle
    height_m: Height | None = None
    altitude_msl_m: Height | None = None
    seed: Name | None = None
    exercise: bool = False


class Place(msgspec.Struct, frozen=True):
    """A place, given in exactly one way.

    `east_m`: from the site's origin. `north_m`: from the site's origin, along true north there. `up_m`: above the
    site's origin; 0 if left out. `latitude_rad`: north positive, instead of east, north and up. `longitude_rad`: east
    positive. `height_m`: above the WGS-84 ellipsoid. `altitude_msl_m`: above mean sea level, instead of `height_m`.
    """

    east_m: Coordinate | None = None
    north_m: Coordinate | None = None
    up_m: Coordinate | None = None
    latitude_rad: Angle | None = None
    longitude_rad: Angle | None = None
    height_m: Height | None = None
    altitude_msl_m: Height | None = None


class PoseTable(msgspec.Struct, frozen=True):
    """Where a sensor stands, given in exactly one way, and where it points.

    `east_m`: from the site's origin. `north_m`: from the site's origin, along true north there. `up_m`: above the
    site's origin; 0 if left out. `latitude_rad`: north positive, instead of east, north and up. `longitude_rad`: east
    positive. `height_m`: above the WGS-84 ellipsoid. `altitude_msl_m`: above mean sea level, instead of `height_m`.
    `heading_rad`: added to azimuths that the sensor reports against itself; clockwise from the site's true north.
    """

    east_m: Coordinate | None = None
    north_m: Coordinate | None = None
    up_m: Coordinate | None = None
    latitude_rad: Angle | None = None
    longitude_rad: Angle | None = None
    height_m: Height | None = None
    altitude_msl_m: Height | None = None
    heading_rad: Angle = 0.0


class Level(msgspec.Struct, frozen=True):
    """A height, given in exactly one way.

    `up_m`: above the site's origin. `height_m`: above the WGS-84 ellipsoid. `altitude_msl_m`: above mean sea level.
    """

    up_m: Coordinate | None = None
    height_m: Height | None = None
    altitude_msl_m: Height | None = None


class Circle(msgspec.Struct, frozen=True):
    """A circle on the ground; its centre is given in exactly one way.

    `centre_m`: east and north from the site's origin. `centre_rad`: latitude and longitude, instead. `radius_m`: how
    far it reaches; it becomes a polygon of 36 edges that touch it from outside.
    """

    radius_m: Distance
    centre_m: Point | None = None
    centre_rad: Coordinates | None = None


class TrackTable(msgspec.Struct, frozen=True):
    """How far the tracker believes a sensor.

    `false_per_look`: expected false reports in one look over the whole view. `starts`: how readily its detections start
    tracks; "at-once" is for a sensor that reports tracks it has confirmed by itself, of which one report is enough, and
    "no" leaves it to update those that others started. `inflation`: factor on the covariances it states.
    `repeats`: "drop" takes a report with the time and values of an earlier one as said twice; "keep" does not look.
    """

    false_per_look: Expected = 1.0
    starts: Starts = Starts.YES
    inflation: Factor = 1.0
    repeats: Literal["drop", "keep"] = "drop"


class SensorTable(msgspec.Struct, frozen=True):
    """A source of detections, claims or statements, with an adapter of its own or heard by a link.

    `name`: shown to people, written into every detection. `adapter`: what reads its bytes, see `tocsin adapters`.
    `link`: name of the link its reports come by, instead of an adapter. `node`: its id there; left out, every node of
    the link that no other sensor names. `transport`: URL its bytes come from; left out, it is heard only in replays.
    `files`: which raw files are replayed as this sensor's, with `*` and `?`. `pose`: where it stands. `view`: what it
    can see. `scan`: how its detections form looks. `track`: how far the tracker believes it. `silent_after_s`: it is
    called silent when nothing came for so long; a few of its longest usual gaps. `settings`: what its adapter needs to
    know.
    """

    name: Name
    pose: PoseTable
    adapter: Name | None = None
    link: Name | None = None
    node: Name | None = None
    transport: str | None = None
    files: str | None = None
    view: View = View()
    scan: ScanRule = ScanRule()
    track: TrackTable = TrackTable()
    silent_after_s: Duration = 10.0
    settings: Table = {}


class AssetTable(msgspec.Struct, frozen=True):
    """What is protected: a circle on the ground and the people in it.

    `name`: as said in alerts. `position`: its centre. `radius_m`: inside of it something has arrived. `reaction_s`: how
    long people there need to be safe; warnings are measured against it. `people`: how many they are, if known.
    """

    name: Name
    position: Place
    radius_m: Distance
    reaction_s: Reaction
    people: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None


class ZoneTable(msgspec.Struct, frozen=True):
    """An area that rules speak of; its outline is given in exactly one way.

    `name`: as said in alerts. `polygon_m`: corners as east and north from the site's origin, in order round the area.
    `polygon_rad`: corners as latitude and longitude, instead. `circle`: a circle, instead. `floor`: lowest height that
    belongs to it; left out, it has none. `ceiling`: highest height that belongs to it; left out, it has none.
    """

    name: Name
    polygon_m: tuple[Point, ...] | None = None
    polygon_rad: tuple[Coordinates, ...] | None = None
    circle: Circle | None = None
    floor: Level | None = None
    ceiling: Level | None = None


class ShareTable(msgspec.Struct, frozen=True):
    """A partner or program that is told what is known here.

    `name`: shown to people. `adapter`: the format, see `tocsin adapters`. `transport`: URL it goes to. `tracks`:
    whether the picture goes there. `alerts`: whether alerts go there. `not_from`: sensors whose tracks are never sent
    there, because that partner told us of them. `settings`: what its adapter needs to know.
    """

    name: Name
    adapter: Name
    transport: str
    tracks: bool = True
    alerts: bool = True
    not_from: tuple[Name, ...] = ()
    settings: Table = {}


class LinkTable(msgspec.Struct, frozen=True):
    """A session with another system, both ways: what its nodes report becomes sensors here, and it is told in turn.

    `name`: shown to people. `adapter`: the protocol, see `tocsin adapters`. `transport`: URL to connect to or to listen
    on; left out, it is heard only in replays. `tracks`: whether the picture goes there. `alerts`: whether alerts go
    there. `not_from`: sensors whose tracks are never sent there, because that partner told us of them. `reports_of`:
    sensors whose own reports go there as they come. `silent_after_s`: it is called silent when nothing came for so
    long. `settings`: what its adapter needs to know.
    """

    name: Name
    adapter: Name
    transport: str | None = None
    tracks: bool = True
    alerts: bool = True
    not_from: tuple[Name, ...] = ()
    reports_of: tuple[Name, ...] = ()
    silent_after_s: Duration = 30.0
    settings: Table = {}


class ChannelTable(msgspec.Struct, frozen=True):
    """A way to tell people outside the control room.

    `name`: shown to people. `adapter`: the kind of channel, see `tocsin adapters`. `watchdog`: it belongs to the
    watchdog alone, which says by it what has failed. `settings`: what the channel needs to know, where it is reached
    among it.
    """

    name: Name
    adapter: Name
    watchdog: bool = False
    settings: Table = {}


class SiteFile(msgspec.Struct, frozen=True):
    """The whole file.

    `site`: where the frame of the site has its origin. `sensor`: one table a source. `asset`: one table a protected
    place. `zone`: one table an area. `rule`: one table a reason to raise an alert. `share`: one table a partner.
    `link`: one table a session both ways. `warning`: one table a policy by which people outside are warned.
    `channel`: one table a way to tell them. `tracking`, `identity`, `threat`, `alerts`, `recording`, `web`: settings of
    the stages; each has a default for every key.
    """

    site: SiteTable
    sensor: tuple[SensorTable, ...] = ()
    asset: tuple[AssetTable, ...] = ()
    zone: tuple[ZoneTable, ...] = ()
    rule: tuple[Rule, ...] = ()
    share: tuple[ShareTable, ...] = ()
    link: tuple[LinkTable, ...] = ()
    warning: tuple[Policy, ...] = ()
    channel: tuple[ChannelTable, ...] = ()
    tracking: TrackingSettings = TrackingSettings()
    identity: IdentitySettings = IdentitySettings()
    threat: ThreatSettings = ThreatSettings()
    alerts: AlertSettings = AlertSettings()
    recording: RecordingSettings = RecordingSettings()
    web: WebSettings = WebSettings()
