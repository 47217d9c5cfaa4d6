"""A site in plain words: what `tocsin check` prints.

`describe(site)` says where the site is, what each sensor sees, what is protected, when alerts are raised and who is
told; then what deserves a second look. Nothing is started. Coverage is judged without terrain, from each sensor's view
alone.
"""

import math
from collections.abc import Iterable

import numpy as np

from tocsin.alerts.rule import OWN_KINDS, SILENT_RULE, UNWARNED_RULE
from tocsin.config.site import ChannelEntry, LinkEntry, SensorEntry, ShareEntry, Site
from tocsin.config.stages import Policy, Rule
from tocsin.geo.angles import azimuth_rad
from tocsin.geo.frames import convergence_rad, lla_from_enu
from tocsin.geo.heights import msl_from_height_m
from tocsin.model.threat import Asset, Zone
from tocsin.sensing.view import View, detection_probability
from tocsin.transport.address import parse
from tocsin.transport.source import FORMS
from tocsin.web.settings import is_loopback

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
# What an approaching target is taken to be when coverage is judged: a small drone at cruise, low but above the trees.
APPROACH_MPS = 20.0
APPROACH_UP_M = 100.0
RING = 72
CLASS_WORDS = {"any": "object", "unknown": "unknown object"}
FAR_M = 200_000.0  # the site's frame is meant for less; more is a slip of the pen
NORTH_DIFFERENCE_DEG = 0.1  # a fifth of the azimuth error of a good surveillance radar


def describe(site: Site) -> str:
    """The site in words, ending in a newline."""
    sections = [
        _head(site),
        _section("Sensors", (_sensor(sensor) for sensor in site.sensors)),
        _section("Protected", (_asset(site, asset) for asset in site.assets)),
        _section("Zones", (_zone(zone) for zone in site.zones)),
        _section("Alerts are raised", _rules(site)),
        _section("Shared with", (_share(share) for share in site.shares)),
        _section("Linked with", (_link(link) for link in site.links)),
        _section("People outside are warned", (_policy(policy) for policy in site.warnings)),
        _section("Told", (_channel(channel) for channel in site.channels)),
        _section("Look again", warnings(site)),
    ]
    return "\n".join(section for section in sections if section)


def warnings(site: Site) -> tuple[str, ...]:
    """What is allowed and yet seldom meant."""
    found = [] if site.sensors else ["there is no sensor"]
    for sensor in site.sensors:
        if sensor.link is not None:
            found += _north_difference(site, sensor)
            continue
        if sensor.transport is None:
            found.append(f"{sensor.name} has no transport: it is heard only when files are replayed")
        elif _listens_outside(sensor):
            found.append(f"{sensor.name} hears whoever reaches this machine over the network: {sensor.transport}")
        found += _north_difference(site, sensor)
    found += [
        f"{link.name} hears whoever reaches this machine over the network: {link.transport}"
        for link in site.links
        if link.transport and _listens_outside(link)
    ]
    places = [(sensor.name, sensor.pose.east_m, sensor.pose.north_m) for sensor in site.sensors]
    places += [(asset.name, asset.east_m, asset.north_m) for asset in site.assets]
    for name, east_m, north_m in places:
        if math.hypot(east_m, north_m) > FAR_M:
            found.append(f"{name} lies {_far(math.hypot(east_m, north_m))} from the origin")
    if not site.assets and not site.zones:
        found.append("nothing is protected: there is no asset and no zone")
    for asset in site.assets:
        distance, seen = _approach(site, asset)
        if seen == 0.0:
            found.append(f"{asset.name} lies outside every sensor's view")
        elif seen < 1.0:
            found.append(
                f"{asset.name} has blind approaches: {_share_words(seen)} of the ring at {_far(distance)} is seen"
            )
    if (site.assets or site.zones) and all(rule.when in OWN_KINDS for rule in site.rules):
        found.append("no rule raises an alert when something enters")
    if site.warnings and not any(not channel.watchdog for channel in site.channels):
        found.append("people outside are to be warned, and there is no channel to do it")
    if not is_loopback(site.web.host):
        found.append(f"the page can be reached from other machines: web.host is {site.web.host}")
    return tuple(found)


def never_seen(site: Site) -> str:
    """The sectors in which sensors of the site see nothing, in words; "" if there are none."""
    return "; ".join(
        f"{sensor.name} never sees azimuth {', '.join(_sector(sector) for sector in sensor.view.blind_rad)}"
        for sensor in site.sensors
        if sensor.view.blind_rad
    )


def _listens_outside(sensor: SensorEntry | LinkEntry) -> bool:
    address = parse(sensor.transport or "", sensor.name, FORMS)
    return FORMS[address.scheme].listens and not is_loopback(address.host)


def _head(site: Site) -> str:
    origin = site.origin
    sea_m = msl_from_height_m(origin.height_m, origin.latitude_rad, origin.longitude_rad)
    latitude, longitude = math.degrees(origin.latitude_rad), math.degrees(origin.longitude_rad)
    where = (
        f"{abs(latitude):.6f} {'N' if latitude >= 0 else 'S'}, {abs(longitude):.6f} {'E' if longitude >= 0 else 'W'}"
    )
    heights = f"{sea_m:.1f} m above sea level ({origin.height_m:.1f} m above the ellipsoid)"
    exercise = " This site is an EXERCISE, and all it sends says so." if site.exercise else ""
    return f"{site.name}: origin {where}, {heights}.{exercise}\n"


def _section(title: str, items: Iterable[str]) -> str:
    lines = [f"  {item}" for item in items]
    return "\n".join([title, *lines, ""]) if lines else ""


def _sensor(sensor: SensorEntry) -> str:
    heard = f"from {sensor.transport}" if sensor.transport else "from replayed files only"
    if sensor.link:
        heard = f"by link {sensor.link}, as {sensor.node or 'each node that is not named elsewhere'}"
    elif sensor.adapter:
        heard = f"{sensor.adapter} {heard}"
    pose = sensor.pose
    return (
        f"{sensor.name}: {heard}; stands {_where(pose.east_m, pose.north_m)}, {_up(pose.up_m)}.\n"
        f"    It sees {_view(sensor.view)}.\n"
        f"    It is called silent after {sensor.silent_after_s:g} s without a word."
    )


def _view(view: View) -> str:
    low, high = (math.degrees(angle) for angle in view.elevation_rad)
    text = f"{_far(view.range_m[0])} to {_far(view.range_m[1])}, {low:.4g} to {high:.4g} degrees up, "
    text += f"azimuth {_sector(view.azimuth_rad)}" if view.azimuth_rad else "all round"
    if view.blind_rad:
        text += " but for " + ", ".join(_sector(sector) for sector in view.blind_rad)
    return f"{text}; {_share_words(view.detection_probability)} of looks report a target there"


def _asset(site: Site, asset: Asset) -> str:
    people = f", about {asset.people} people" if asset.people is not None else ""
    distance, seen = _approach(site, asset)
    return (
        f"{asset.name}: {_far(asset.radius_m)} round a place {_where(asset.east_m, asset.north_m)}{people}; "
        f"{asset.reaction_s:g} s to be safe.\n"
        f"    What comes at {APPROACH_MPS:g} m/s must be seen {_far(distance)} out; "
        f"{APPROACH_UP_M:g} m up, {_share_words(seen)} of that ring is seen."
    )


def _zone(zone: Zone) -> str:
    limits = [f"above {zone.floor_m:.0f} m"] if zone.floor_m is not None else []
    limits += [f"below {zone.ceiling_m:.0f} m"] if zone.ceiling_m is not None else []
    heights = f"{' and '.join(limits)} over the origin" if limits else "at any height"
    return f"{zone.name}: {len(zone.polygon_enu_m)} corners, {heights}"


def _rules(site: Site) -> Iterable[str]:
    given = {rule.when for rule in site.rules}
    built_in = [rule for rule in (SILENT_RULE, UNWARNED_RULE) if rule.when not in given]
    for rule in (*site.rules, *built_in):
        advice = f"\n    Then: {rule.advice}" if rule.advice else ""
        yield f"{rule.name} ({rule.priority}): {SAID[rule.when](rule)}{advice}"


def _silent(rule: Rule) -> str:
    return f"when {' or '.join(rule.sensors) or 'any sensor'} says nothing or is at fault."


def _unwarned(rule: Rule) -> str:
    return (
        f"when {' or '.join(rule.sensors) or 'a way to warn people'} is lost, or a warning ends without an all clear."
    )


def _falls(rule: Rule) -> str:
    text = f"when an object falls, whatever it is, and may come down on {' or '.join(rule.places) or 'any place'}"
    text += f", unless declared {' or '.join(rule.ignore_affiliations)}" if rule.ignore_affiliations else ""
    return text + (f"; not while {' or '.join(rule.suppressed_by)} stands." if rule.suppressed_by else ".")


def _enters(rule: Rule) -> str:
    classes = " or ".join(CLASS_WORDS.get(word, word.replace("-", " ")) for word in rule.classes)
    text = f"when a {rule.certainty} {classes} will enter {' or '.join(rule.places) or 'any place'} "
    text += f"within {rule.within_s:g} s with {_share_words(rule.probability)} probability, "
    text += f"in {rule.looks[0]} of {rule.looks[1]} detections"
    text += f", seen by {rule.confirmations} sensors at least" if rule.confirmations > 1 else ""
    text += f", {_heights(rule)}" if rule.lowest_m is not None or rule.highest_m is not None else ""
    text += f", from {rule.hours_utc[0]} to {rule.hours_utc[1]} UTC" if rule.hours_utc else ""
    text += f", if declared {' or '.join(rule.affiliations)}" if rule.affiliations else ""
    text += f", unless declared {' or '.join(rule.ignore_affiliations)}" if rule.ignore_affiliations else ""
    return text + (f"; not while {' or '.join(rule.suppressed_by)} stands." if rule.suppressed_by else ".")


def _heights(rule: Rule) -> str:
    low = [f"above {rule.lowest_m:g} m"] if rule.lowest_m is not None else []
    high = [f"below {rule.highest_m:g} m"] if rule.highest_m is not None else []
    return f"{' and '.join([*low, *high])} over the origin"


SAID = {"silent": _silent, "unwarned": _unwarned, "falls": _falls, "enters": _enters}


def _share(share: ShareEntry) -> str:
    what = " and ".join(word for word, sent in (("the picture", share.tracks), ("alerts", share.alerts)) if sent)
    withheld = f", without tracks of {', '.join(share.not_from)} alone" if share.not_from else ""
    return f"{share.name}: {what or 'nothing'} as {share.adapter} to {share.transport}{withheld}"


def _link(link: LinkEntry) -> str:
    what = [word for word, sent in (("the picture", link.tracks), ("alerts", link.alerts)) if sent]
    what += [f"reports of {name}" for name in link.reports_of]
    told = f"; is told {', '.join(what)}" if what else "; is told nothing"
    withheld = f", without tracks of {', '.join(link.not_from)} alone" if link.not_from else ""
    return f"{link.name}: {link.adapter} at {link.transport or 'no address: only in replays'}{told}{withheld}"


def _policy(policy: Policy) -> str:
    who = {"automatic": "at once", "one": "once a person approves", "two": "once two persons approve"}[policy.approval]
    where = " or ".join(policy.places) or "any place"
    return (
        f"{policy.name}: by alerts of {' or '.join(policy.rules)} at {where}, {who}, "
        f"through {' and '.join(policy.channels) or 'every channel'}, in {', '.join(policy.languages)}"
    )


def _channel(channel: ChannelEntry) -> str:
    return f"{channel.name}: by {channel.adapter}" + (", for the watchdog alone" if channel.watchdog else "")


def _approach(site: Site, asset: Asset) -> tuple[float, float]:
    """How far out a target must be seen for the reaction time to suffice, and the share of that ring that is seen."""
    distance = asset.radius_m + APPROACH_MPS * asset.reaction_s
    turns = np.arange(RING) * (math.tau / RING)
    up = np.full(RING, asset.up_m + APPROACH_UP_M)
    ring = np.column_stack((asset.east_m + distance * np.sin(turns), asset.north_m + distance * np.cos(turns), up))
    seen = np.zeros(RING, dtype=bool)
    for sensor in site.sensors:
        seen |= detection_probability(sensor.view, sensor.pose, ring) > 0.0
    return distance, float(seen.mean())


def _north_difference(site: Site, sensor: SensorEntry) -> list[str]:
    place = lla_from_enu(site.origin, np.array([[sensor.pose.east_m, sensor.pose.north_m, sensor.pose.up_m]]))
    difference = math.degrees(convergence_rad(site.origin, place)[0])
    if abs(difference) < NORTH_DIFFERENCE_DEG:
        return []
    return [
        f"{sensor.name}: true north there reads {difference:.2f} degrees in the site's frame; count it in heading_deg"
    ]


def _where(east_m: float, north_m: float) -> str:
    distance = math.hypot(east_m, north_m)
    if distance < 1.0:
        return "at the origin"
    return f"{_far(distance)} {COMPASS[round(math.degrees(azimuth_rad(east_m, north_m)) / 45.0) % 8]} of the origin"


def _up(up_m: float) -> str:
    if abs(up_m) < 0.5:
        return "level with it"
    return f"{abs(up_m):.0f} m {'above' if up_m > 0 else 'below'} it"


def _sector(sector_rad: tuple[float, float]) -> str:
    return f"{math.degrees(sector_rad[0]):.4g} to {math.degrees(sector_rad[1]):.4g} degrees"


def _far(distance_m: float) -> str:
    return f"{distance_m:.0f} m" if distance_m < 1000.0 else f"{distance_m / 1000.0:.3g} km"


def _share_words(share: float) -> str:
    return f"{100.0 * share:.0f} %"
