"""The alerts stage: from pictures, sensor statuses and commands to alerts that each wait for an answer.

One alert a (rule, place, object); exercise and real ones are kept apart. `step` gives every new version in order;
`alerts()` all that live; `answers()` says what became of each command, those that came too late included. The same
steps give the same bytes. An alert that owes an acknowledgement is never forgotten.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from tocsin.alerts import message
from tocsin.alerts.conditions import EntryCondition, Finding, rows_by_object
from tocsin.alerts.contradictions import contradicted, contradiction_told
from tocsin.alerts.falls import FallCondition
from tocsin.alerts.hysteresis import Latch
from tocsin.alerts.identifier import alert_id, counter_of, short_id
from tocsin.alerts.lifecycle import Event
from tocsin.alerts.load import Load, LoadFigures
from tocsin.alerts.raids import Raids
from tocsin.alerts.requests import ALERT_COMMANDS, event_of
from tocsin.alerts.rule import OWN_FAULT_RULE, OWN_KINDS, OWN_SOURCES, Rule, check_rules, priority_of, with_own_rules
from tocsin.alerts.settings import Settings
from tocsin.alerts.standing import Standing, Told
from tocsin.alerts.telling import Teller, advised
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.threat import Asset, Zone

_KEPT_ANSWERS = 10_000
_OF_SENSORS = OWN_KINDS | {"contradicted"}  # what such rules speak of is no track
_SPEAKING = (AlertState.UNACKNOWLEDGED, AlertState.ACKNOWLEDGED)
_MOST_ESCALATIONS = 3
RESUME_S = 30.0  # after a restart: so long a standing alert waits for its track to be found again


class AlertEngine:
    """All alerts of a site."""

    def __init__(
        self,
        settings: Settings,
        rules: Sequence[Rule],
        assets: Sequence[Asset],
        zones: Sequence[Zone],
        sensors: Sequence[str],
        site_seed: str,
    ) -> None:
        self._rules = with_own_rules(rules)
        self._sensors = frozenset(sensors)
        self._rule = {rule.name: rule for rule in self._rules}
        places: list[Asset | Zone] = [*assets, *zones]
        check_rules(self._rules, [place.name for place in places], sensors)
        self._settings = settings
        self._conditions: dict[str, EntryCondition | FallCondition] = {
            rule.name: FallCondition(rule)
            if rule.when == "falls"
            else EntryCondition(rule, assets, settings.self_reporting)
            for rule in self._rules
            if rule.when not in _OF_SENSORS
        }
        self._teller = Teller(self._rule, places)
        self._raids = Raids(settings.raid_m)
        self._site_seed = site_seed
        self._standings: dict[tuple[AlertKey, bool], Standing] = {}
        self._counter = 0
        self._statuses: dict[str, SensorStatus] = {}
        self._answered: dict[str, tuple[Command, CommandAnswer]] = {}
        self._answers: list[CommandAnswer] = []
        self._changed: list[Alert] = []
        self._load = Load(settings.operators, settings.stale_s)
        self._resumed: list[Standing] = []
        self._counts: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def step(
        self,
        picture: Picture | None,
        statuses: Sequence[SensorStatus],
        commands: Sequence[Command],
        time_s: float,
        exercise: bool,
    ) -> tuple[Alert, ...]:
        """Every new version of an alert, in order. `picture` is None where only time has passed."""
        self._changed = []
        for command in commands:
            self._obey(command, time_s)
        for status in statuses:
            self._statuses[status.sensor] = status
        if picture is not None:
            self._watch_tracks(picture, time_s, exercise)
            self._watch_claims(picture, time_s, exercise)
        self._watch_sensors(time_s, exercise)
        self._pass_time(time_s)
        return tuple(self._changed)

    def alerts(self) -> tuple[Alert, ...]:
        """All alerts that are not cleared, oldest first."""
        standing = (one.alert for one in self._standings.values())
        return tuple(alert for alert in standing if alert is not None and alert.state is not AlertState.CLEARED)

    def holding(self) -> frozenset[str]:
        """The ids of the alerts whose condition holds now."""
        found = self._standings.values()
        return frozenset(one.alert.id for one in found if one.latch.active and one.alert is not None)

    def answers(self) -> tuple[CommandAnswer, ...]:
        """Answers to the commands since the last call."""
        answers, self._answers = tuple(self._answers), []
        return answers

    def load(self) -> LoadFigures:
        """What the operators have had to bear until now."""
        return self._load.figures()

    def statistics(self) -> Mapping[str, Any]:
        """Versions, load, commands and refusals counted."""
        states = Counter(one.state.value for one in self._standings.values() if one.alert is not None)
        return {**self._counts, **self._load.statistics(), "states": dict(states), "refused": dict(self._refused)}

    def _watch_tracks(self, picture: Picture, time_s: float, exercise: bool) -> None:
        single = [finding for condition in self._conditions.values() for finding in condition.findings(picture)]
        found = {finding.key: finding for finding in self._raids.gather(single, picture.tracks)}
        if self._resumed:
            found = self._adopt(found, picture, exercise)
        for finding in found.values():
            if finding.raises and (finding.key, exercise) not in self._standings:
                self._stand(
                    finding.key, self._rule[finding.key.rule], exercise, self._teller.tell(finding, picture, time_s)
                )
        rows: Mapping[str, int] | None = None
        for standing in list(self._standings.values()):
            if standing.rule.when in _OF_SENSORS:
                continue
            ours = standing.exercise is exercise  # an alert of the other kind has lost its track
            match = found.get(standing.key) if ours else None
            if match is not None:
                standing.members = tuple(picture.tracks.object[row] for row in match.rows)
                standing.waits_s = -1.0
                if self._retells(standing, match, time_s):
                    standing.told = self._teller.tell(match, picture, time_s)
                seen_s = float(picture.tracks.last_detection_s[match.row])
            else:
                rows = rows_by_object(picture.tracks) if rows is None else rows
                row = next((rows[one] for one in standing.members if one in rows), None) if ours else None
                seen_s = self._miss(standing, row, picture, time_s)
            fresh, standing.seen_s = seen_s > standing.seen_s, seen_s
            self._turn(standing, match is not None and match.raises, match is not None, fresh, time_s)
        self._raids.keep({key for key, _ in self._standings})

    def _retells(self, standing: Standing, finding: Finding, time_s: float) -> bool:
        """Whether an alert needs its words of now: it may rise, gets worse, or its last words are old."""
        alert = standing.alert
        if alert is None or not standing.latch.active or finding.priority > standing.worst:
            return True
        if len(standing.members) != len(standing.told.tracks):
            return True
        return time_s - alert.changed_s >= self._settings.update_s

    def _miss(self, standing: Standing, row: int | None, picture: Picture, time_s: float) -> float:
        """Words for an alert whose condition is not met, and when its track was last seen."""
        told = standing.told
        if row is None and not standing.latch.active:
            standing.latch.looks = 0
        if standing.latch.active:
            tell = message.ended_message if row is None else message.passed_message
            tell = message.fallen_message if standing.rule.when == "falls" else tell
            text = tell(told.track, standing.key.place, time_s)
            standing.told = msgspec.structs.replace(told, message=text, time_to_entry_s=None)
        return standing.seen_s if row is None else float(picture.tracks.last_detection_s[row])

    def _watch_claims(self, picture: Picture, time_s: float, exercise: bool) -> None:
        for rule in self._rules:
            if rule.when != "contradicted":
                continue
            found = contradicted(picture.identity.claims, rule)
            for sensor in found:
                key = AlertKey(rule.name, sensor, sensor)
                if (key, exercise) not in self._standings:
                    self._stand(key, rule, exercise, contradiction_told(rule, sensor, found[sensor], time_s))
            for standing in [one for one in self._standings.values() if one.rule is rule]:
                claims = found.get(standing.key.subject, []) if standing.exercise is exercise else []
                if claims or standing.latch.active:
                    standing.told = contradiction_told(rule, standing.key.subject, claims, time_s)
                self._turn(standing, bool(claims), bool(claims), True, time_s)

    def _watch_sensors(self, time_s: float, exercise: bool) -> None:
        """Alerts on our own means: sensors, the recording, and the ways to warn people."""
        for rule in self._rules:
            if rule.when not in OWN_KINDS:
                continue
            for source, status in self._statuses.items():
                if (source in OWN_SOURCES) is not (rule.when == "unwarned"):
                    continue
                if rule is OWN_FAULT_RULE and source in self._sensors:
                    continue
                if rule.sensors and source not in rule.sensors:
                    continue
                self._watch_source(rule, status, time_s, exercise)

    def _watch_source(self, rule: Rule, status: SensorStatus, time_s: float, exercise: bool) -> None:
        quiet = status.health in (Health.SILENT, Health.FAULT)
        key = AlertKey(rule.name, status.sensor, status.sensor)
        standing = self._standings.get((key, exercise))
        other = self._standings.get((key, not exercise))
        if other is not None and other.latch.active:
            standing = other  # it began before, or within, an exercise, and goes on
        if standing is None and not quiet:
            return
        text = message.path_message(status) if rule.when == "unwarned" else message.sensor_message(status)
        text = advised(text, rule) if quiet else text  # nothing is to be done about what is well again
        told = Told(priority_of(rule), text, f"rule {rule.name!r}", parents=(status.sensor,))
        if standing is None:
            standing = self._stand(key, rule, exercise, told)
        standing.told = told
        standing.lost = message.lost_parts(status.reason) if quiet else frozenset()
        self._turn(standing, quiet, quiet, True, time_s)

    def _turn(self, standing: Standing, raises: bool, holds: bool, fresh: bool, time_s: float) -> None:
        """Bring one alert's condition and state up to now."""
        was = standing.latch.active
        holds = holds or time_s < standing.waits_s
        active = standing.latch.step(raises, holds, fresh, time_s)
        speaker = active and self._spoken_for(standing)
        if standing.state is AlertState.SUPPRESSED and not speaker:
            self._apply(standing, standing.release(), time_s)
        elif speaker and (standing.state in _SPEAKING or (active and not was)):
            self._apply(standing, Event.SUPPRESS, time_s)
        if active and not was:
            self._apply(standing, Event.RAISE, time_s)
        elif was and not active:
            self._apply(standing, Event.RETURN, time_s)
        elif active and standing.worse():
            self._apply(standing, Event.WORSEN, time_s)
        alert = standing.alert
        if active and holds and alert is not None and alert.state in _SPEAKING:
            if time_s - alert.changed_s >= self._settings.update_s and standing.told.message != alert.message:
                self._give_out(standing.retell(time_s))

    def _spoken_for(self, standing: Standing) -> bool:
        """Whether an active alert of another rule speaks for this object."""
        if not standing.rule.suppressed_by:
            return False
        spoken = {
            member
            for other in self._standings.values()
            if other.latch.active
            and other.key.rule in standing.rule.suppressed_by
            and other.exercise == standing.exercise
            for member in other.members
        }
        return spoken.issuperset(standing.members)

    def _pass_time(self, time_s: float) -> None:
        """End shelvings that are over, and forget what is long cleared or never rose."""
        self._load.pass_time(time_s)
        for place, standing in list(self._standings.items()):
            alert = standing.alert
            if alert is None:
                if not standing.latch.looks:
                    del self._standings[place]
                continue
            if alert.state is AlertState.SHELVED and alert.shelved_until_s is not None:
                if time_s >= alert.shelved_until_s:
                    self._apply(standing, standing.release(), time_s)
            elif alert.state is AlertState.UNACKNOWLEDGED:
                self._escalate(standing, alert, time_s)
            elif alert.state is AlertState.CLEARED and not standing.latch.active:
                if time_s - alert.changed_s >= self._settings.forget_s:
                    del self._standings[place]

    def _escalate(self, standing: Standing, alert: Alert, time_s: float) -> None:
        """Tell again of what is pressing and nobody has acknowledged."""
        every_s = self._settings.escalate_s
        if every_s <= 0.0 or alert.priority < Priority.HIGH or alert.escalated >= _MOST_ESCALATIONS:
            return
        if time_s - standing.asked_s >= every_s * (alert.escalated + 1):
            self._apply(standing, Event.ESCALATE, time_s)

    def resume(self, alerts: Iterable[Alert], commands: Iterable[Command], time_s: float) -> None:
        """Take up the alerts of a run that ended, each in its last version, as they were; before the first step.

        An alert whose condition held waits `RESUME_S` for a track that meets its rule at its place, and speaks of that
        one from then on; shelves end when they were to end; commands that were answered are not obeyed again.
        """
        for alert in alerts:
            self._counter = max(self._counter, counter_of(alert.id))
            self._load.take(alert)
            rule = self._rule.get(alert.key.rule)
            if rule is None or alert.state in (AlertState.CLEARED, AlertState.NORMAL):
                continue
            told = Told(alert.priority, alert.message, alert.reason, alert.track, None, alert.parents, alert.tracks)
            standing = self._stand(alert.key, rule, alert.exercise, told)
            standing.resume(alert, time_s, RESUME_S)
            self._resumed.append(standing)
        for command in commands:
            answer = CommandAnswer(command.id, True, "answered before a restart", time_s)
            self._answered[command.id] = command, answer

    def _adopt(self, found: dict[AlertKey, Finding], picture: Picture, exercise: bool) -> dict[AlertKey, Finding]:
        """Give findings of new tracks to alerts that stood before a restart: one each, of the same rule and place."""
        self._resumed = [one for one in self._resumed if one.waits_s >= picture.time_s and one.key.rule in self._rule]
        adopted = dict(found)
        for standing in self._resumed:
            if standing.exercise is not exercise or standing.key in adopted or standing.rule.when in OWN_KINDS:
                continue
            for key, finding in found.items():
                known = (key, exercise) in self._standings
                if not known and key in adopted and (key.rule, key.place) == (standing.key.rule, standing.key.place):
                    del adopted[key]
                    members = [picture.tracks.object[row] for row in finding.rows]
                    self._raids.join(standing.key, members)
                    adopted[standing.key] = msgspec.structs.replace(finding, key=standing.key)
                    break
        return adopted

    def _obey(self, command: Command, time_s: float) -> None:
        if command.kind not in ALERT_COMMANDS:
            return  # another stage's command
        known = self._answered.get(command.id)
        if known is not None:
            earlier, answer = known
            if earlier != command:
                answer = CommandAnswer(command.id, False, f"the id '{command.id}' belongs to another command", time_s)
        else:
            answer = self._answer(command, time_s)
            self._answered[command.id] = command, answer
            if len(self._answered) > _KEPT_ANSWERS:
                del self._answered[next(iter(self._answered))]
            self._counts["commands"] += 1
            if not answer.accepted:
                self._refused[answer.reason.split(" '")[0]] += 1
        self._answers.append(answer)

    def _answer(self, command: Command, time_s: float) -> CommandAnswer:
        standing = self._named(command.target)
        if standing is None or standing.alert is None:
            return CommandAnswer(command.id, False, f"no live alert '{command.target}'", time_s)
        if command.kind is CommandKind.SILENCE:
            reason = "stops the sound at the desk that asks; the alert still waits for its acknowledgement"
            return CommandAnswer(command.id, True, reason, time_s)
        event = event_of(command, standing, self._settings, time_s)
        if not isinstance(event, Event):
            return CommandAnswer(command.id, False, event, time_s)
        state = standing.state
        if not self._apply(standing, event, time_s, command):
            return CommandAnswer(command.id, False, f"not possible while {state}", time_s)
        return CommandAnswer(command.id, True, f"{state} to {standing.state}", time_s)

    def _named(self, target: str) -> Standing | None:
        """The alert with this id, or with this short id."""
        for standing in self._standings.values():
            if standing.alert is not None and target in (standing.alert.id, short_id(standing.alert.id)):
                return standing
        return None

    def _apply(self, standing: Standing, event: Event, time_s: float, command: Command | None = None) -> bool:
        fresh_id = ""
        if standing.alert is None:
            fresh_id = alert_id(self._site_seed, self._counter + 1, standing.key, time_s)
        standing.first_out = self._load.first_out or standing.first_out
        alert = standing.apply(event, time_s, fresh_id, command)
        if alert is None:
            return False
        self._counter += bool(fresh_id)
        calm = not self._load.first_out
        self._give_out(alert)
        if calm and self._load.first_out:
            self._mark_first_out(time_s)
        return True

    def _mark_first_out(self, time_s: float) -> None:
        """A flood has begun: its first alert says so."""
        for standing in self._standings.values():
            if standing.alert is not None and standing.alert.id == self._load.first_out:
                standing.first_out = standing.alert.id
                self._give_out(standing.retell(time_s))

    def _give_out(self, alert: Alert | None) -> None:
        if alert is not None:
            self._changed.append(alert)
            self._load.take(alert)
            self._counts["versions"] += 1

    def _stand(self, key: AlertKey, rule: Rule, exercise: bool, told: Told) -> Standing:
        settings = self._settings
        needed, of = rule.looks if rule.when == "enters" else (1, 1)
        latch = Latch(needed, of, rule.off_delay_s, settings.chatter_rises, settings.chatter_s, settings.chatter_hold_s)
        standing = self._standings[key, exercise] = Standing(key, rule, exercise, latch, told)
        return standing
