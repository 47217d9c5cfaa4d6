"""Site: everything a site file says, checked and in SI, radians and the site's frame.

`read_site(path)` and `parse_site(text)` return a `Site` or raise `SiteError`: one line that names the file, the place
and what was expected, as in `site.toml: sensor[2] "radar-1": view.range_m: expected 2 numbers, got 1`. Positions in a
list count from 1. Unknown and missing keys are errors, and names are unique. Adapters are loaded to check their
settings; nothing is started, opened or asked of the network. `text` is the file as it was read, for the recording.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from tocsin.alerts.policy import PolicyError, check_policies
from tocsin.alerts.rule import OWN_SOURCES, RuleError, check_rules
from tocsin.config.adapters import load_adapter
from tocsin.config.place import placed_enu_m, placed_zone, site_origin
from tocsin.config.stages import (
    AlertSettings,
    IdentitySettings,
    Policy,
    RecordingSettings,
    Rule,
    ScanRule,
    SensorModel,
    ThreatSettings,
    TrackingSettings,
    WebSettings,
)
from tocsin.config.strict import WrongValue, decode, spelled_path
from tocsin.config.tables import AssetTable, ChannelTable, LinkTable, SensorTable, ShareTable, SiteFile
from tocsin.geo.frames import Origin
from tocsin.model.adapter import AdapterContext, SiteSensor
from tocsin.model.errors import TocsinError
from tocsin.model.sensor import Pose
from tocsin.model.threat import Asset, Zone
from tocsin.sensing.view import View
from tocsin.transport import sink, source
from tocsin.transport.address import Form, parse

RESERVED_NAMES = ("operator", "clock", "site", "recording", *OWN_SOURCES)  # sources of packets that are no sensor


class SiteError(TocsinError):
    """A site file that cannot be used, in one line."""

    def __init__(self, file: str, reason: str) -> None:
        line = f"{file}: {reason}"
        super().__init__("".join(character if character.isprintable() else " " for character in line))


class SensorEntry(msgspec.Struct, frozen=True):
    """A sensor of the site. `track` is what the tracker is told of it, `settings` an instance of its adapter's own.

    One that is heard by a `link`, as its `node`, has no adapter, transport, files or settings.
    """

    name: str
    adapter: str | None
    link: str | None
    node: str | None
    transport: str | None
    files: str | None
    pose: Pose
    view: View
    scan: ScanRule
    track: SensorModel
    silent_after_s: float
    settings: msgspec.Struct | None


class ShareEntry(msgspec.Struct, frozen=True):
    """A partner of the site. `not_from`: sensors whose tracks never go there. `settings`: its adapter's `Settings`."""

    name: str
    adapter: str
    transport: str
    tracks: bool
    alerts: bool
    not_from: tuple[str, ...]
    settings: msgspec.Struct


class LinkEntry(msgspec.Struct, frozen=True):
    """A session both ways. `reports_of`: sensors whose reports are forwarded. `settings`: its adapter's `Settings`."""

    name: str
    adapter: str
    transport: str | None
    tracks: bool
    alerts: bool
    not_from: tuple[str, ...]
    reports_of: tuple[str, ...]
    silent_after_s: float
    settings: msgspec.Struct
    context: AdapterContext


class ChannelEntry(msgspec.Struct, frozen=True):
    """A way to tell people outside. `settings` is an instance of its adapter's `Settings`."""

    name: str
    adapter: str
    settings: msgspec.Struct
    watchdog: bool = False


class Site(msgspec.Struct, frozen=True):
    """One site, as read."""

    name: str
    origin: Origin
    seed: str
    exercise: bool
    sensors: tuple[SensorEntry, ...]
    assets: tuple[Asset, ...]
    zones: tuple[Zone, ...]
    rules: tuple[Rule, ...]
    shares: tuple[ShareEntry, ...]
    links: tuple[LinkEntry, ...]
    warnings: tuple[Policy, ...]
    channels: tuple[ChannelEntry, ...]
    tracking: TrackingSettings
    identity: IdentitySettings
    threat: ThreatSettings
    alerts: AlertSettings
    recording: RecordingSettings
    web: WebSettings
    text: str


def read_site(path: Path) -> Site:
    """The site of a file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SiteError(str(path), f"cannot be read: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SiteError(str(path), f"not UTF-8 text: byte 0x{data[error.start]:02x} in line {line}") from error
    return parse_site(text, str(path))


def parse_site(text: str, file: str = "site file") -> Site:
    """The site that a file's text describes; `file` names it in errors."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and a number or a nesting beyond all bounds
        raise SiteError(file, f"not TOML: {error}") from error
    try:
        return _site(decode(raw, SiteFile), text)
    except WrongValue as error:
        raise SiteError(file, f"{_place(raw, error)}: {error.reason}") from error


def _site(file: SiteFile, text: str) -> Site:
    origin = site_origin(file.site, ("site",))
    _check_names(file)
    _check_rules(file)
    sensors = tuple(_sensor(origin, table, i) for i, table in enumerate(file.sensor, start=1))
    told = _told(file, origin, sensors)
    return Site(
        name=file.site.name,
        origin=origin,
        seed=file.site.seed or file.site.name,
        exercise=file.site.exercise,
        sensors=sensors,
        assets=tuple(_asset(origin, table, i) for i, table in enumerate(file.asset, start=1)),
        zones=tuple(placed_zone(origin, table, ("zone", i)) for i, table in enumerate(file.zone, start=1)),
        rules=file.rule,
        shares=tuple(_share(origin, table, i) for i, table in enumerate(file.share, start=1)),
        links=tuple(_link(told, table, i) for i, table in enumerate(file.link, start=1)),
        warnings=file.warning,
        channels=tuple(_channel(table, i) for i, table in enumerate(file.channel, start=1)),
        tracking=file.tracking,
        identity=file.identity,
        threat=file.threat,
        alerts=file.alerts,
        recording=file.recording,
        web=file.web,
        text=text,
    )


def _sensor(origin: Origin, table: SensorTable, position: int) -> SensorEntry:
    path = ("sensor", position)
    pose = Pose(*placed_enu_m(origin, table.pose, (*path, "pose")), table.pose.heading_rad)
    _check_transport(table.transport, source.FORMS, table.name, path)
    return SensorEntry(
        name=table.name,
        adapter=table.adapter,
        link=table.link,
        node=table.node,
        transport=table.transport,
        files=table.files,
        pose=pose,
        view=table.view,
        scan=table.scan,
        track=SensorModel(table.name, pose, table.view, table.scan, **msgspec.structs.asdict(table.track)),
        silent_after_s=table.silent_after_s,
        settings=_sensor_settings(table, origin, pose, path),
    )


def _sensor_settings(table: SensorTable, origin: Origin, pose: Pose, path: tuple[str, int]) -> msgspec.Struct | None:
    """The settings of a sensor's adapter; None for one that a link hears, which can have none."""
    if (table.adapter is None) == (table.link is None):
        raise WrongValue(path, "give either adapter or link")
    if table.adapter is not None:
        if table.node is not None:
            raise WrongValue((*path, "node"), "is for a sensor that a link hears")
        return _settings("tocsin.sensors", table, table.adapter, _context(origin, table.name, pose), path)
    for key in ("transport", "files", "settings"):
        if getattr(table, key):
            raise WrongValue((*path, key), "belongs to the link, by which this sensor is heard")
    return None


def _asset(origin: Origin, table: AssetTable, position: int) -> Asset:
    east_m, north_m, up_m = placed_enu_m(origin, table.position, ("asset", position, "position"))
    return Asset(table.name, east_m, north_m, up_m, table.radius_m, table.reaction_s, table.people)


def _share(origin: Origin, table: ShareTable, position: int) -> ShareEntry:
    path = ("share", position)
    _check_transport(table.transport, sink.FORMS, table.name, path)
    return ShareEntry(
        name=table.name,
        adapter=table.adapter,
        transport=table.transport,
        tracks=table.tracks,
        alerts=table.alerts,
        not_from=table.not_from,
        settings=_settings("tocsin.sharing", table, table.adapter, _context(origin, table.name, Pose()), path),
    )


def _told(file: SiteFile, origin: Origin, sensors: tuple[SensorEntry, ...]) -> AdapterContext:
    """What links are told of the site."""
    known = tuple(SiteSensor(s.name, s.pose, s.view.range_m[1], s.link or "", s.node or "") for s in sensors)
    seed = file.site.seed or file.site.name
    context = _context(origin, "", Pose())
    return msgspec.structs.replace(context, site=file.site.name, seed=seed, exercise=file.site.exercise, sensors=known)


def _link(told: AdapterContext, table: LinkTable, position: int) -> LinkEntry:
    path = ("link", position)
    _check_transport(table.transport, source.FORMS, table.name, path)
    context = msgspec.structs.replace(told, name=table.name)
    return LinkEntry(
        name=table.name,
        adapter=table.adapter,
        transport=table.transport,
        tracks=table.tracks,
        alerts=table.alerts,
        not_from=table.not_from,
        reports_of=table.reports_of,
        silent_after_s=table.silent_after_s,
        settings=_settings("tocsin.links", table, table.adapter, context, path),
        context=context,
    )


def _channel(table: ChannelTable, position: int) -> ChannelEntry:
    settings = _settings("tocsin.channels", table, table.adapter, None, ("channel", position))
    return ChannelEntry(table.name, table.adapter, settings, table.watchdog)


def _context(origin: Origin, name: str, pose: Pose) -> AdapterContext:
    return AdapterContext(name, pose, origin.latitude_rad, origin.longitude_rad, origin.height_m)


def _settings(
    group: str,
    table: SensorTable | ShareTable | LinkTable | ChannelTable,
    name: str,
    context: AdapterContext | None,
    path: tuple[str, int],
) -> msgspec.Struct:
    """The adapter's settings, decoded by its own struct; an adapter is built once to hear what it refuses."""
    try:
        adapter = load_adapter(group, name)
    except TocsinError as error:
        raise WrongValue((*path, "adapter"), str(error)) from error
    settings = decode(table.settings, adapter.Settings, (*path, "settings"))
    if context is not None:
        try:
            adapter(settings, context)
        except TocsinError as error:
            reason = str(error).removeprefix(f"sensor {table.name}: settings.")
            raise WrongValue((*path, "settings"), reason) from error
    return settings


def _check_transport(transport: str | None, forms: dict[str, Form], name: str, path: tuple[str, int]) -> None:
    """Take the URL apart as the start would, and open nothing."""
    if transport is not None:
        try:
            parse(transport, name, forms)
        except TocsinError as error:
            raise WrongValue((*path, "transport"), str(error).removeprefix(f"{name}: transport ")) from error


def _check_names(file: SiteFile) -> None:
    """Sensors, shares, links and channels send or get packets; assets and zones are places of alerts."""
    speakers = [("sensor", file.sensor), ("share", file.share), ("link", file.link), ("channel", file.channel)]
    _check_unique(speakers, RESERVED_NAMES)
    _check_unique([("asset", file.asset), ("zone", file.zone)], ())
    _check_sensors(file, file.identity.self_reporting, ("identity", "self_reporting"))
    _check_sensors(file, file.alerts.self_reporting, ("alerts", "self_reporting"))
    for i, table in enumerate(file.share, start=1):
        _check_sensors(file, table.not_from, ("share", i, "not_from"))
    for i, link in enumerate(file.link, start=1):
        _check_sensors(file, link.not_from, ("link", i, "not_from"))
        _check_sensors(file, link.reports_of, ("link", i, "reports_of"))
    _check_links(file)


def _check_sensors(file: SiteFile, names: Iterable[str], path: tuple[str | int, ...]) -> None:
    known = {table.name for table in file.sensor}
    for i, name in enumerate(names, start=1):
        if name not in known:
            raise WrongValue((*path, i), f'no sensor is named "{name}"')


def _check_links(file: SiteFile) -> None:
    """A sensor's link exists, and no two sensors are the same node of it."""
    links = {table.name for table in file.link}
    taken: dict[tuple[str, str | None], str] = {}
    for i, table in enumerate(file.sensor, start=1):
        if table.link is None:
            continue
        if table.link not in links:
            raise WrongValue(("sensor", i, "link"), f'no link is named "{table.link}"')
        other = taken.setdefault((table.link, table.node), table.name)
        if other != table.name:
            raise WrongValue(("sensor", i, "node"), f"is heard as {other} already")


def _check_rules(file: SiteFile) -> None:
    """A rule that cannot be followed is found by the stage itself; the text begins with the rule's name."""
    places = [*(table.name for table in file.asset), *(table.name for table in file.zone)]
    try:
        check_rules(file.rule, places, [*(s.name for s in file.sensor), *(link.name for link in file.link)])
    except RuleError as error:
        for i, rule in enumerate(file.rule, start=1):
            start = f"rule {rule.name!r}: "
            if str(error).startswith(start):
                raise WrongValue(("rule", i), str(error).removeprefix(start)) from error
        raise
    _check_policies(file, places)
    for i, rule in enumerate(file.rule, start=1):
        if rule.when == "enters" and rule.within_s > file.threat.horizon_s:
            reason = (
                f"is beyond threat.horizon_s: got {rule.within_s:g} s, and {file.threat.horizon_s:g} s is looked ahead"
            )
            raise WrongValue(("rule", i, "within_s"), reason)


def _check_policies(file: SiteFile, places: list[str]) -> None:
    channels = [table.name for table in file.channel if not table.watchdog]
    try:
        check_policies(file.warning, file.rule, places, channels)
    except PolicyError as error:
        for i, policy in enumerate(file.warning, start=1):
            start = f"warning {policy.name!r}: "
            if str(error).startswith(start):
                raise WrongValue(("warning", i), str(error).removeprefix(start)) from error
        raise


def _check_unique(groups: Iterable[tuple[str, Iterable[Any]]], reserved: tuple[str, ...]) -> None:
    first: dict[str, str] = {}
    for kind, tables in groups:
        for i, table in enumerate(tables, start=1):
            if table.name in reserved:
                raise WrongValue((kind, i, "name"), "is kept for packets that come from no sensor")
            if table.name in first:
                raise WrongValue((kind, i, "name"), f"is the name of {first[table.name]} already")
            first[table.name] = f"{kind}[{i}]"


def _place(raw: dict[str, Any], error: WrongValue) -> str:
    """The error's path with the name of the table it lies in: `sensor[2] "radar-1": view.range_m`."""
    match error.path:
        case (str() as kind, int() as position, *rest):
            table = raw[kind][position - 1]
            name = table.get("name") if isinstance(table, dict) else None
            label = f"{kind}[{position}]" + (f' "{name}"' if isinstance(name, str) else "")
            return f"{label}: {spelled_path(rest)}" if rest else label
    return spelled_path(error.path)
