"""Rules that cannot be followed stop the start with the rule's name and the key."""

import msgspec
import pytest

from tocsin.alerts.rule import Rule, RuleError, check_rules


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (Rule(name="r", when="enters", places=("nowhere",)), "rule 'r': places: there is no 'nowhere'"),
        (Rule(name="r", when="silent", sensors=("ghost",)), "rule 'r': sensors: there is no 'ghost'"),
        (Rule(name="r", when="enters", classes=("ufo",)), "rule 'r': classes: no class is called 'ufo'"),
        (Rule(name="r", when="enters", classes=()), "rule 'r': classes"),
        (Rule(name="r", when="enters", ignore_affiliations=("foe",)), "rule 'r': ignore_affiliations"),
        (Rule(name="r", when="enters", suppressed_by=("r",)), "rule 'r': suppressed_by"),
        (Rule(name="r", when="enters", probability=0.2), "rule 'r': 0 < clear_probability"),
        (Rule(name="r", when="enters", looks=(3, 2)), "rule 'r': looks"),
    ],
)
def test_refused(rule: Rule, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        check_rules([rule], ["gate"], ["radar"])


def test_two_of_one_name_and_a_quiet_silence_are_refused() -> None:
    with pytest.raises(RuleError, match="two rules"):
        check_rules([Rule(name="r", when="enters")] * 2, [], [])
    with pytest.raises(RuleError, match="never kept quiet"):
        check_rules([Rule(name="a", when="enters"), Rule(name="b", when="silent", suppressed_by=("a",))], [], [])


def test_read_strictly_from_plain_terms() -> None:
    text = '{"name": "r", "when": "enters", "places": ["gate"], "certainty": "probable", "looks": [2, 4]}'
    rule = msgspec.json.decode(text, type=Rule)
    assert (rule.certainty, rule.looks) == ("probable", (2, 4))
    for wrong in ('{"name": "r", "when": "leaves"}', '{"name": "r", "when": "enters", "withn_s": 3}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(wrong, type=Rule)
