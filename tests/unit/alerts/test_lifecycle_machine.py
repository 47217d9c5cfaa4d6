"""A state machine of everything that may happen to one alert, run against the transition table."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from picture_builder import picture
from tocsin.alerts import AlertEngine, Rule, Settings
from tocsin.alerts.lifecycle import TRANSITIONS
from tocsin.model.alert import Alert, AlertState
from tocsin.model.command import Command, CommandKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.threat import Asset

S = AlertState
OWING = {S.UNACKNOWLEDGED, S.RETURNED, S.SHELVED, S.SUPPRESSED, S.OUT_OF_SERVICE}


def _answered(alert: Alert) -> tuple[object, ...]:
    return alert.acknowledged_by, alert.acknowledged_s, alert.shelved_until_s, alert.put_aside_by


class Alerting(RuleBasedStateMachine):
    """Tracks come and go, sensors fall silent, people ask for anything at any time. The model keeps only what an
    operator would: which alerts have sounded and have not been acknowledged since."""

    def __init__(self) -> None:
        super().__init__()
        rules = [
            Rule(name="near", when="enters", looks=(1, 1), off_delay_s=3.0),
            Rule(name="far", when="enters", looks=(1, 2), within_s=110.0, off_delay_s=3.0, suppressed_by=("near",)),
        ]
        gate = Asset("gate", 0.0, 0.0, 0.0, 100.0, 30.0)
        self.engine = AlertEngine(Settings(forget_s=20.0), rules, [gate], [], ["radar"], "seed")
        self.time_s = 0.0
        self.latest: dict[str, Alert] = {}
        self.unanswered: set[str] = set()
        self.asked = 0

    def _step(self, shown=None, statuses=(), commands=()) -> None:
        for alert in self.engine.step(shown, statuses, commands, self.time_s, False):
            before = self.latest.get(alert.id)
            was = before.state if before is not None else S.NORMAL
            # Its text has changed; nobody's answer to it has.
            told_again = was is alert.state and (
                not commands
                or (before is not None and _answered(before) == _answered(alert) and before.message != alert.message)
            )
            assert told_again or alert.state in TRANSITIONS[was].values(), (was, alert.state)
            assert alert.version == (before.version + 1 if before else 1)
            if alert.state is S.UNACKNOWLEDGED:
                self.unanswered.add(alert.id)
            if alert.acknowledged_s == self.time_s and alert.acknowledged_by:
                self.unanswered.discard(alert.id)
            self.latest[alert.id] = alert

    @rule(seconds=st.sampled_from([0.5, 2.0, 15.0, 40.0]), median_s=st.sampled_from([0.0, 20.0, 50.0, 90.0, 119.0]),
          who=st.sampled_from([("u",), ("v",), ("u", "v"), ()]), ever=st.sampled_from([0.0, 0.4, 1.0]))  # fmt: skip
    def look(self, seconds, median_s, who, ever) -> None:
        self.time_s += seconds
        self._step(picture(self.time_s, who, entry_probability=ever, median_s=median_s))

    @rule(seconds=st.sampled_from([0.1, 30.0, 600.0]))
    def nothing(self, seconds) -> None:
        self.time_s += seconds
        self._step()

    @rule(health=st.sampled_from(list(Health)))
    def sensor(self, health) -> None:
        self.time_s += 1.0
        self._step(statuses=[SensorStatus("radar", self.time_s, health)])

    @rule(kind=st.sampled_from([kind for kind in CommandKind]), number=st.integers(0, 5), minutes=st.integers(-1, 40))
    def ask(self, kind, number, minutes) -> None:
        self.time_s += 0.25
        self.asked += 1
        until_s = self.time_s + 60.0 * minutes
        self._step(commands=[Command(str(self.asked), kind, "Nowak", f"A{number}", "", "because", until_s)])

    @invariant()
    def no_alert_that_sounded_is_lost(self) -> None:
        live = {alert.id: alert for alert in self.engine.alerts()}
        for identifier in self.unanswered:
            assert identifier in live
            assert live[identifier].state in OWING
            assert live[identifier] == self.latest[identifier]

    @invariant()
    def silence_of_a_sensor_is_never_put_aside(self) -> None:
        for alert in self.engine.alerts():
            assert alert.key.rule != "sensor silent" or alert.state not in (S.SHELVED, S.SUPPRESSED)


Alerting.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAlerting = Alerting.TestCase
