"""Policies that cannot be followed stop the start with the policy's name and the key."""

import pytest

from tocsin.alerts.policy import Policy, PolicyError, Texts, check_policies
from tocsin.alerts.rule import Rule

RULES = [Rule(name="near", when="enters"), Rule(name="fall", when="falls"), Rule(name="mute", when="silent")]


def _check(*policies: Policy) -> None:
    check_policies(policies, RULES, ["gate"], ["siren"])


@pytest.mark.parametrize(("change", "reason"), [
    ({"rules": ("far",)}, "rules: there is no 'far'"),
    ({"rules": ()}, "rules: none"),
    ({"rules": ("mute",)}, "'mute' speaks of our own means"),
    ({"places": ("moon",)}, "places: there is no 'moon'"),
    ({"channels": ("horn",)}, "channels: there is no 'horn'"),
    ({"rules": ("fall",), "approval": "two"}, "a falling object waits for nobody"),
    ({"languages": ("fr",)}, "'fr' has no built-in words"),
    ({"languages": ()}, "languages: none"),
])  # fmt: skip
def test_refused(change, reason) -> None:
    with pytest.raises(PolicyError, match=reason):
        _check(Policy(**{"name": "p", "rules": ("near",), **change}))


def test_taken() -> None:
    words = Texts("fr", "Drone", "Rentrez.", "Fini.")
    _check(Policy(name="p", rules=("near",), languages=("pt-BR", "fr"), texts=(Texts("pt-BR", "D", "E", "F"), words)))
    with pytest.raises(PolicyError, match="two have this name"):
        _check(*[Policy(name="p", rules=("near",))] * 2)
