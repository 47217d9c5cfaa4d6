"""Rules tried on packets: what was raised, how early, what came in unalerted."""

import msgspec
import pytest

from small_site import START_S, approach, small_site
from tocsin.service.play import as_live, numbered
from tocsin.service.trial import in_words, try_packets


def _packets(site):
    return numbered(as_live(site, approach(60), ["radar"]), exercise=True)


def test_an_approach_is_alerted_early_and_counted() -> None:
    site = small_site()
    trial = try_packets(site, _packets(site))
    (rule,) = (one for one in trial.rules if one.rule == "drone approaches")
    assert (rule.raised, rule.came, trial.entries, trial.missed, trial.late) == (1, 1, 1, (), ())
    # 800 m to the edge at 20 m/s
    assert rule.early_s is not None and 30.0 < rule.early_s[1] < 41.0
    text = in_words(trial, lambda time_s: f"{time_s - START_S:.0f} s")
    assert text.startswith("drone approaches: raised 1 times, 1 of these for an object that came in, 3")
    assert "missed: 0" in text


def test_a_rule_that_does_not_fit_misses() -> None:
    site = small_site()
    quiet = msgspec.structs.replace(site, rules=(msgspec.structs.replace(site.rules[0], highest_m=10.0),))
    trial = try_packets(quiet, _packets(quiet))
    assert [(one.track, one.place) for one in trial.missed] == [(1, "pier head")]
    assert "missed: T1 in pier head at" in in_words(trial, str)
    assert trial.rules[0].raised == 0


def test_a_rule_that_waits_too_long_is_late() -> None:
    site = small_site()
    hasty = msgspec.structs.replace(site, rules=(msgspec.structs.replace(site.rules[0], within_s=5.0),))
    trial = try_packets(hasty, _packets(hasty))
    assert (len(trial.missed), len(trial.late)) == (0, 1)
    assert trial.rules[0].early_s == pytest.approx((5.0, 5.0, 5.0), abs=3.0)
