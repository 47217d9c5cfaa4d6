"""Settings of the alerts stage, as read from `[alerts]` of the site file."""

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.model.bounds import Count, DistanceOrZero, Duration, DurationOrZero


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for every rule.

    `self_reporting`: sensors that only pass on what targets say of themselves; alone they raise nothing. `update_s`:
    how often the text of a live alert is brought up to date. `chatter_rises` and `chatter_s`: so many rises within
    that time make an alert chatter. `chatter_hold_s`: it is then held until it has been quiet for so long.
    `shelve_max_s`: the longest shelving. `forget_s`: how long a cleared alert may come back under its own id.
    `escalate_s`: a high or critical alert that nobody acknowledges is told again after each such time, three times at
    most; 0 never. `raid_m`: objects that meet a rule for one place and fly within this distance of each other are one
    raid with one alert; 0 gives each object its own. `operators`: how many share the alerts; load is counted for one.
    `stale_s`: an alert that stands for longer is counted as stale. `cap_sender`: how warnings name their sender, as
    CAP wants it: unique in the world, without spaces, commas, < and &; made from the site's name if left out.
    """

    self_reporting: tuple[str, ...] = ()
    update_s: Duration = 5.0
    chatter_rises: Count = 3
    chatter_s: DurationOrZero = 60.0
    chatter_hold_s: DurationOrZero = 60.0
    shelve_max_s: DurationOrZero = 1800.0
    forget_s: DurationOrZero = 600.0
    escalate_s: DurationOrZero = 60.0
    raid_m: DistanceOrZero = 500.0
    operators: Count = 1
    stale_s: Duration = 86_400.0
    cap_sender: Annotated[str, Meta(pattern=r"^[^\s,<&]*\Z", description="a name without spaces, commas, < and &")] = ""
