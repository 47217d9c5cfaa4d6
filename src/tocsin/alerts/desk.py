"""The warning desk: from alerts, commands and time to warnings for people outside, each a message of a chain.

One chain a (policy, place), exercise and real ones apart; its status is fixed when it begins. A message is renewed at
half its validity while an alert stands, and updated when the danger or the area grows. When no alert stands any more,
the chain ends by an all clear; one that ends without is said to have expired, which is a fault of ours (`statuses`).
A chain that people cancelled or ended is not begun again for the same alerts. The same steps give the same messages.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import floor
from typing import Any

from tocsin.alerts.areas import Areas
from tocsin.alerts.cap_message import cap_message
from tocsin.alerts.chain import Chain
from tocsin.alerts.identifier import ulid
from tocsin.alerts.message import clock
from tocsin.alerts.phrases import compose
from tocsin.alerts.policy import PERSONS, Policy
from tocsin.alerts.rule import Rule
from tocsin.formats.cap import reference, write_cap
from tocsin.geo.frames import Origin
from tocsin.model.alert import Alert, AlertState
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.threat import Asset, Zone
from tocsin.model.warning import LAST, Warning, WarningArea, WarningStage, WarningStatus, WarningText

WARNING_COMMANDS = (
    CommandKind.APPROVE_WARNING,
    CommandKind.CANCEL_WARNING,
    CommandKind.END_WARNING,
    CommandKind.TEST_WARNING,
)
SOURCE = "warnings"
RETEST_S = 60.0  # while the way is said to be lost
_FIRST_TEST_S = 10.0  # after the start
_TEST_VALID_S = 60.0
_GONE = (AlertState.RETURNED, AlertState.CLEARED, AlertState.OUT_OF_SERVICE)
_BEGINS = (AlertState.UNACKNOWLEDGED, AlertState.ACKNOWLEDGED)
_S = WarningStage
_Key = tuple[str, str, bool]


class WarningDesk:
    """All warnings of a site. `sender` is CAP's; made from the site's name where it is ""."""

    def __init__(
        self,
        policies: Sequence[Policy],
        rules: Sequence[Rule],
        places: Sequence[Asset | Zone],
        origin: Origin,
        site_name: str,
        site_seed: str,
        sender: str = "",
    ) -> None:
        self._policies = {policy.name: policy for policy in policies}
        self._falls = {rule.name for rule in rules if rule.when == "falls"}
        self._places = [place.name for place in places]
        self._areas = Areas(origin, {place.name: place for place in places})
        self._name, self._seed = site_name, site_seed
        self._sender = sender or "tocsin." + "-".join("".join(c if c.isalnum() else " " for c in site_name).split())
        self._chains: dict[_Key, Chain] = {}
        self._vetoed: set[tuple[str, str]] = set()  # (policy, alert)
        self._tested_s: dict[tuple[str, str], float] = {}
        self._counter = 0
        self._told: list[Warning] = []
        self._answers: list[CommandAnswer] = []
        self._answered: dict[str, tuple[Command, CommandAnswer]] = {}
        self._statuses: list[SensorStatus] = []
        self._ailing = False
        self._lost = False
        self._counts: Counter[str] = Counter()

    def step(
        self,
        alerts: Sequence[Alert],
        holding: Collection[str],
        picture: Picture | None,
        commands: Sequence[Command],
        time_s: float,
    ) -> tuple[Warning, ...]:
        """Every new message, in order. `alerts` are their new versions, `holding` the ids of those that hold now."""
        self._told, self._statuses = [], []
        if not self._policies:
            return ()
        if self._ailing:
            self._ailing = False
            self._statuses.append(SensorStatus(SOURCE, time_s, Health.OK, "told"))
        for alert in alerts:
            self._take(alert, picture, time_s)
        for command in commands:
            if command.kind in WARNING_COMMANDS:
                self._obey(command, time_s)
        for key, chain in list(self._chains.items()):
            chain.active.intersection_update(holding)
            self._pass_time(chain, time_s)
            if chain.over:
                del self._chains[key]
        self._test(time_s)
        return tuple(self._told)

    def hear(self, status: SensorStatus) -> None:
        """How the channels do: while they are lost, tests come more often."""
        if status.sensor == "channels":
            self._lost = status.health is Health.FAULT

    def answers(self) -> tuple[CommandAnswer, ...]:
        """Answers to the commands since the last call."""
        answers, self._answers = tuple(self._answers), []
        return answers

    def statuses(self) -> tuple[SensorStatus, ...]:
        """What the last step found wrong with our own warnings, and what is well again."""
        return tuple(self._statuses)

    def statistics(self) -> Mapping[str, Any]:
        """Messages by stage and status, and chains that go on."""
        return {**dict(sorted(self._counts.items())), "chains": len(self._chains)}

    def resume(self, warnings: Iterable[Warning], standing: Iterable[Alert]) -> None:
        """Take up the chains of a run that ended, from their messages in order; `standing` are the alerts that live."""
        live = {alert.id: alert for alert in standing}
        for warning in warnings:
            self._counter = max(self._counter, _counter_of(warning.chain))
            if warning.status in (WarningStatus.TEST, WarningStatus.SYSTEM) or warning.policy not in self._policies:
                continue
            key = (warning.policy, warning.places[0], warning.status is WarningStatus.EXERCISE)
            if warning.stage in LAST:
                self._vetoed |= {(warning.policy, one) for one in warning.alerts if warning.stage is not _S.EXPIRED}
                self._chains.pop(key, None)
                continue
            chain = self._chains.get(key)
            if chain is None or chain.id != warning.chain:
                falls = any(rule in self._falls for rule in self._policies[warning.policy].rules)
                chain = Chain(
                    warning.chain, self._policies[warning.policy], key[1], warning.status, falls, warning.needs
                )
                self._chains[key] = chain
            _take_up(chain, warning, self._sender)
        for chain in self._chains.values():
            chain.active = {one for one in chain.alerts if one in live and live[one].state not in _GONE}

    def _take(self, alert: Alert, picture: Picture | None, time_s: float) -> None:
        for policy in self._policies.values():
            place = alert.key.place
            if alert.key.rule not in policy.rules or (policy.places and place not in policy.places):
                continue
            key = (policy.name, place, alert.exercise)
            chain = self._chains.get(key)
            if alert.state in _GONE:
                self._vetoed.discard((policy.name, alert.id))
                if chain is not None:
                    chain.active.discard(alert.id)
                continue
            known = chain is not None and alert.id in chain.alerts
            begins = alert.state in _BEGINS and alert.escalated >= policy.escalated
            if (policy.name, alert.id) in self._vetoed or not (begins or known):
                continue
            if chain is None:
                status = WarningStatus.EXERCISE if alert.exercise else WarningStatus.ACTUAL
                falls = alert.key.rule in self._falls
                needs = 0 if falls else PERSONS[policy.approval]
                chain = self._chains[key] = self._begin(policy, place, status, falls, needs, time_s)
            chain.active.add(alert.id)
            chain.alerts[alert.id] = None
            worse = int(alert.priority) > chain.priority
            chain.priority = max(chain.priority, int(alert.priority))
            areas = self._areas_of(chain, alert, picture)
            grown = bool(chain.areas) and not known and areas != chain.areas
            chain.areas = areas
            if chain.stage == "":
                self._say(chain, _S.DRAFT if chain.needs else _S.ISSUED, time_s, alert.reason)
            elif (worse or grown) and chain.may(_S.UPDATED):
                self._say(chain, _S.UPDATED, time_s, "the danger has grown")

    def _pass_time(self, chain: Chain, time_s: float) -> None:
        policy = chain.policy
        chain.quiet_s = None if chain.active else time_s if chain.quiet_s is None else chain.quiet_s
        quiet_for_s = 0.0 if chain.quiet_s is None else time_s - chain.quiet_s
        if chain.stage == _S.DRAFT:
            if not chain.active and quiet_for_s >= policy.all_clear_after_s:
                self._say(chain, _S.CANCELLED, time_s, "its alert had gone before anybody approved it")
        elif chain.active and time_s >= chain.sent_s + 0.5 * policy.valid_s:
            self._say(chain, _S.UPDATED, time_s, "it goes on")
        elif not chain.active and policy.all_clear == "automatic" and quiet_for_s >= policy.all_clear_after_s:
            self._say(chain, _S.ALL_CLEAR, time_s, "no alert stands any more")
        elif time_s >= chain.expires_s:
            self._say(chain, _S.EXPIRED, time_s, "nobody said that it is over")
            if chain.status is not WarningStatus.TEST:
                reason = f"warning {chain.id.partition('-')[0]} for {chain.place} ended without an all clear"
                self._statuses.append(SensorStatus(SOURCE, time_s, Health.FAULT, reason))
                self._ailing = True

    def _test(self, time_s: float) -> None:
        """The tests that nobody hears, where nothing real has just gone the same way."""
        for policy in self._policies.values():
            if policy.test_every_s <= 0.0:
                continue
            every_s = min(policy.test_every_s, RETEST_S) if self._lost else policy.test_every_s
            for place in policy.places or self._places:
                due = (policy.name, place)
                first_s = time_s - policy.test_every_s + _FIRST_TEST_S
                if time_s - self._tested_s.setdefault(due, first_s) < every_s:
                    continue
                self._tested_s[due] = time_s
                if (policy.name, place, False) not in self._chains:
                    self._say_test(policy, place, time_s, audible=False, reason="end to end test")

    def _say_test(self, policy: Policy, place: str, time_s: float, audible: bool, reason: str) -> None:
        chain = self._begin(policy, place, WarningStatus.TEST, False, 0, time_s)
        chain.audible, chain.areas = audible, (self._areas.of(place),)
        self._say(chain, _S.ISSUED, time_s, reason, _TEST_VALID_S)

    def _begin(
        self, policy: Policy, place: str, status: WarningStatus, falls: bool, needs: int, time_s: float
    ) -> Chain:
        self._counter += 1
        name = f"W{self._counter}-" + ulid((self._seed, "warning", str(self._counter), policy.name, place), time_s)
        return Chain(name, policy, place, status, falls, needs)

    def _areas_of(self, chain: Chain, alert: Alert, picture: Picture | None) -> tuple[WarningArea, ...]:
        areas: tuple[WarningArea, ...] = (self._areas.of(chain.place),)
        if chain.falls and picture is not None:
            names = zip(picture.tracks.object, picture.tracks.uid, strict=True)
            among = frozenset(name for name, uid in names if uid in alert.parents)
            impact = self._areas.impact(chain.place, among, picture)
            areas = (*areas, impact) if impact is not None else areas
        return areas if len(areas) >= len(chain.areas) else chain.areas

    def _say(self, chain: Chain, stage: WarningStage, time_s: float, reason: str, valid_s: float | None = None) -> None:
        """Give out the next message of a chain."""
        if not chain.may(stage):
            raise ValueError(f"{stage} cannot follow {chain.stage or 'nothing'}")
        unsent = chain.stage in ("", _S.DRAFT)
        chain.version += 1
        chain.sent_s = float(floor(time_s))
        if stage is not _S.EXPIRED:
            chain.expires_s = chain.sent_s + (chain.policy.valid_s if valid_s is None else valid_s)
        if stage is _S.ISSUED:
            chain.issued_s = chain.sent_s
        identifier, cap = f"{chain.id}-{chain.version}", ""
        texts: tuple[WarningText, ...] = ()
        if stage not in (_S.DRAFT, _S.EXPIRED) and not (unsent and stage is _S.CANCELLED):
            texts = _texts(chain, stage, time_s)
            message = cap_message(chain, stage, identifier, self._sender, self._name, texts)
            cap = write_cap(message).decode()
            chain.references = (*chain.references, reference(self._sender, identifier, chain.sent_s))
        chain.stage = stage
        self._counts[f"{chain.status.lower()}_{stage}"] += 1
        self._told.append(
            Warning(
                id=identifier,
                chain=chain.id,
                stage=stage,
                status=chain.status,
                policy=chain.policy.name,
                places=(chain.place,),
                decided_s=time_s,
                sent_s=chain.sent_s,
                expires_s=chain.expires_s,
                texts=texts,
                areas=chain.areas,
                references=chain.references[: -1 if cap else None],
                channels=chain.policy.channels,
                alerts=tuple(chain.alerts),
                priority=chain.priority,
                audible=chain.audible,
                cap=cap,
                needs=chain.needs,
                approved_by=chain.approved_by,
                reason=reason,
            )
        )

    def _obey(self, command: Command, time_s: float) -> None:
        known = self._answered.get(command.id)
        if known is not None and known[0] != command:
            answer = CommandAnswer(command.id, False, f"the id '{command.id}' belongs to another command", time_s)
        elif known is not None:
            answer = known[1]
        else:
            refusal = self._refusal(command, time_s)
            answer = CommandAnswer(command.id, not refusal, refusal or f"{command.kind}: done", time_s)
            self._answered[command.id] = command, answer
            self._counts["refused"] += bool(refusal)
        self._answers.append(answer)

    def _refusal(self, command: Command, time_s: float) -> str:
        """Do what is asked; why it cannot be done, "" if it was."""
        if not command.author:
            return "a command needs an author"
        if command.kind is CommandKind.TEST_WARNING:
            policy = self._policies.get(command.target)
            places = [one for one in self._places if command.value in ("", one)]
            if policy is None or not places:
                return f"no warning policy '{command.target}', or no place '{command.value}'"
            for place in places:
                self._say_test(policy, place, time_s, audible=True, reason=f"test by {command.author}")
            return ""
        chain = next(
            (one for one in self._chains.values() if command.target in (one.id, one.id.partition("-")[0])), None
        )
        if chain is None:
            return f"no live warning '{command.target}'"
        if command.kind is CommandKind.APPROVE_WARNING:
            return self._approve(chain, command, time_s)
        if not command.reason:
            return f"{command.kind} needs a reason"
        stage = _S.CANCELLED if command.kind is CommandKind.CANCEL_WARNING else _S.ALL_CLEAR
        if not chain.may(stage):
            return f"not possible while {chain.stage}"
        self._say(chain, stage, time_s, f"{command.kind} by {command.author}: {command.reason}")
        self._vetoed |= {(chain.policy.name, alert) for alert in chain.active}
        return ""

    def _approve(self, chain: Chain, command: Command, time_s: float) -> str:
        if chain.stage != _S.DRAFT:
            return f"not possible while {chain.stage}"
        if command.author in chain.approved_by:
            return f"{command.author} has approved it already; another person has to"
        chain.approved_by = (*chain.approved_by, command.author)
        enough = len(chain.approved_by) >= chain.needs
        self._say(chain, _S.ISSUED if enough else _S.DRAFT, time_s, f"approved by {', '.join(chain.approved_by)}")
        return ""


def _take_up(chain: Chain, warning: Warning, sender: str) -> None:
    chain.stage, chain.version = warning.stage, int(warning.id.rpartition("-")[2])
    chain.sent_s, chain.expires_s, chain.priority = warning.sent_s, warning.expires_s, warning.priority
    chain.areas, chain.approved_by = warning.areas, warning.approved_by
    chain.issued_s = warning.sent_s if warning.stage is _S.ISSUED else chain.issued_s
    chain.alerts |= dict.fromkeys(warning.alerts)
    chain.references = warning.references
    if warning.cap:
        sent = reference(sender, warning.id, warning.sent_s)
        chain.references = (*warning.references, sent)


def _counter_of(chain: str) -> int:
    digits = chain.partition("-")[0].removeprefix("W")
    return int(digits) if digits.isdecimal() else 0


def _texts(chain: Chain, stage: WarningStage, time_s: float) -> tuple[WarningText, ...]:
    """What people are told, in each language of the policy; a cancellation names the time of what it withdraws."""
    said_s = chain.issued_s if stage is _S.CANCELLED else time_s
    own = {one.language: one for one in chain.policy.texts}
    return tuple(
        compose(
            language,
            stage,
            chain.status,
            chain.falls,
            chain.place,
            clock(said_s)[:-1],
            {key: getattr(own.get(language), key, "") for key in ("event", "instruction", "all_clear")},
        )
        for language in chain.policy.languages
    )
