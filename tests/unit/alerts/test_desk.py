"""Warnings: every path of a chain, who decides, what is said, and that nothing turns a test into the real thing."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from lxml import etree

from picture_builder import picture
from shared_data import shared
from tocsin.alerts import AlertEngine, Policy, Rule, Settings, WarningDesk
from tocsin.alerts.chain import FOLLOWS
from tocsin.formats.cap import problems, read_cap, reference
from tocsin.geo.frames import Origin
from tocsin.model.command import Command, CommandKind
from tocsin.model.sensor import Health
from tocsin.model.threat import Asset, Zone
from tocsin.model.warning import LAST, SENT, Warning, WarningStage, WarningStatus

START_S = 1_790_000_000.0
ORIGIN = Origin(0.95, 0.33, 40.0)
GATE = Asset("gate", 0.0, 0.0, 0.0, 100.0, reaction_s=10.0)
YARD = Zone("yard", ((0.0, 0.0), (0.0, 500.0), (400.0, 0.0)))
NEAR = Rule(name="near", when="enters", looks=(1, 1), off_delay_s=1.0)
S, K = WarningStage, CommandKind


class Site:
    """An engine and its desk."""

    def __init__(self, *policies: Policy, rules: Sequence[Rule] = (NEAR,)) -> None:
        self.engine = AlertEngine(Settings(escalate_s=20.0), rules, [GATE], [YARD], ["radar"], "seed")
        self.desk = WarningDesk(policies, rules, [GATE, YARD], ORIGIN, "North pier & quay", "seed")
        self.told: list[Warning] = []
        self.asked = 0

    def look(self, at_s: float, exercise: bool = False, **more) -> list[Warning]:
        shown = picture(START_S + at_s, exercise=exercise, **more)
        return self._step(shown, (), at_s, exercise)

    def ask(
        self, at_s: float, kind: CommandKind, target: str, author: str = "Nowak", **more
    ) -> tuple[bool, list[Warning]]:
        self.asked += 1
        command = Command(f"c{self.asked}", kind, author, target, **{"reason": "because", **more})
        told = self._step(None, [command], at_s, False)
        return self.desk.answers()[-1].accepted, told

    def _step(self, shown, commands, at_s, exercise) -> list[Warning]:
        time_s = START_S + at_s
        alerts = self.engine.step(shown, (), commands, time_s, exercise)
        told = list(self.desk.step(alerts, self.engine.holding(), shown, commands, time_s))
        self.told += told
        return told


def _policy(**more) -> Policy:
    return Policy(**{"name": "public", "rules": ("near",), "approval": "automatic", "test_every_s": 0.0, **more})


def test_issued_at_once_with_words_area_and_end() -> None:
    site = Site(_policy(languages=("en", "pl")))
    (warning,) = site.look(0.0)
    assert (warning.stage, warning.status, warning.places) == (S.ISSUED, WarningStatus.ACTUAL, ("gate",))
    cap = read_cap(warning.cap.encode())
    assert list(problems(cap)) == []
    assert (cap.identifier, cap.kind, cap.status, cap.references) == (warning.id, "Alert", "Actual", ())
    assert cap.sender == "tocsin.North-pier-quay"
    assert [info.language for info in cap.infos] == ["en", "pl"]
    assert cap.infos[0].headline == "Drone approaching: gate"
    assert cap.infos[0].instruction.startswith("Go indoors now")
    assert cap.infos[0].expires_s == cap.sent_s + 600.0
    assert "suspect" not in warning.cap.lower() and "hostile" not in warning.cap.lower()


def test_renewed_updated_and_ended_by_a_person() -> None:
    site = Site(_policy(valid_s=60.0))
    (issued,) = site.look(0.0)
    assert site.look(29.0) == []
    (renewed,) = site.look(30.0)
    (worse,) = site.look(31.0, median_s=5.0)
    assert (renewed.stage, worse.stage, worse.reason) == (S.UPDATED, S.UPDATED, "the danger has grown")
    assert read_cap(worse.cap.encode()).kind == "Update"
    accepted, (clear,) = site.ask(32.0, K.END_WARNING, worse.chain)
    cap = read_cap(clear.cap.encode())
    assert accepted and clear.stage is S.ALL_CLEAR
    assert (cap.kind, cap.infos[0].responses, cap.infos[0].urgency) == ("Update", ("AllClear",), "Past")
    sender = cap.sender
    assert cap.references == tuple(reference(sender, one.id, one.sent_s) for one in (issued, renewed, worse))
    assert site.look(33.0) == []  # not issued again for the same alert


def test_all_clear_by_itself_only_where_the_policy_says_so() -> None:
    site = Site(_policy(all_clear="automatic", all_clear_after_s=5.0))
    site.look(0.0)
    told = [one for k in range(1, 20) for one in site.look(float(k), uid=())]
    assert [one.stage for one in told] == [S.ALL_CLEAR]


def test_without_an_all_clear_it_expires_and_that_is_our_fault() -> None:
    site = Site(_policy(valid_s=60.0))
    site.look(0.0)
    for k in range(1, 59):
        assert site.look(float(k), uid=()) == []
    (expired,) = site.look(60.0, uid=())
    assert (expired.stage, expired.cap) == (S.EXPIRED, "")
    (status,) = site.desk.statuses()
    assert (status.sensor, status.health) == ("warnings", Health.FAULT)
    assert "ended without an all clear" in status.reason
    site.look(61.0, uid=())
    assert [one.health for one in site.desk.statuses()] == [Health.OK]


def test_a_false_alarm_is_withdrawn_in_words_that_say_so() -> None:
    site = Site(_policy())
    (issued,) = site.look(0.0)
    refused, _ = site.ask(1.0, K.CANCEL_WARNING, issued.chain, reason="")
    accepted, (cancelled,) = site.ask(2.0, K.CANCEL_WARNING, issued.chain.partition("-")[0], reason="a kite")
    cap = read_cap(cancelled.cap.encode())
    assert (refused, accepted, cap.kind, cap.note) == (
        False,
        True,
        "Cancel",
        "The warning was sent in error and is withdrawn.",
    )
    assert cap.infos[0].headline == "False alarm, warning withdrawn: gate"
    assert cap.infos[0].instruction == (
        "The warning of 14:13:20 UTC was sent in error. There is no danger; nothing needs to be done."
    )
    assert list(problems(cap)) == []


@pytest.mark.parametrize(("approval", "authors", "stages"), [
    ("one", ["Nowak"], [S.ISSUED]),
    ("two", ["Nowak", "Nowak", "Kowalska"], [S.DRAFT, S.ISSUED]),
])  # fmt: skip
def test_persons_approve_a_draft(approval, authors, stages) -> None:
    site = Site(_policy(approval=approval))
    (draft,) = site.look(0.0)
    assert (draft.stage, draft.cap) == (S.DRAFT, "")
    told = [one for k, who in enumerate(authors) for one in site.ask(1.0 + k, K.APPROVE_WARNING, draft.chain, who)[1]]
    assert [one.stage for one in told] == stages
    assert told[-1].approved_by == tuple(dict.fromkeys(authors))
    assert read_cap(told[-1].cap.encode()).references == ()


def test_a_draft_that_nobody_approved_is_withdrawn_unheard() -> None:
    site = Site(_policy(approval="one", all_clear_after_s=5.0))
    site.look(0.0)
    (gone,) = [one for k in range(1, 20) for one in site.look(float(k), uid=())]
    assert (gone.stage, gone.cap) == (S.CANCELLED, "")


def test_for_people_on_call_only_once_it_was_told_again() -> None:
    site = Site(_policy(escalated=1), rules=[msgspec.structs.replace(NEAR, priority="high")])
    told = [(k, one) for k in range(30) for one in site.look(float(k))]
    assert [k for k, _ in told] == [20]


def test_exercise_and_test_say_so_in_every_field_and_stay_what_they_are() -> None:
    site = Site(_policy(languages=("en", "de", "pl", "uk")))
    (exercise,) = site.look(0.0, exercise=True)
    _, tests = site.ask(1.0, K.TEST_WARNING, "public")
    assert {one.places[0] for one in tests} == {"gate", "yard"}
    for warning, status, words in (
        (exercise, "Exercise", ("EXERCISE", "ÜBUNG", "ĆWICZENIE", "НАВЧАННЯ")),
        (tests[0], "Test", ("TEST", "PROBE", "TEST", "ПЕРЕВІРКА")),
    ):
        cap = read_cap(warning.cap.encode())
        assert (cap.status, list(problems(cap))) == (status, [])
        for info, word in zip(cap.infos, words, strict=True):
            for said in (info.event, info.headline, info.description, info.instruction):
                assert said.startswith(f"{word} ") and said.endswith(f" {word}")
    (real,) = site.look(2.0)
    assert (real.status, real.chain != exercise.chain) == (WarningStatus.ACTUAL, True)
    assert read_cap(real.cap.encode()).infos[0].headline == "Drone approaching: gate"


def test_the_path_is_tested_unheard_every_hour_but_not_while_the_real_thing_goes_that_way() -> None:
    site = Site(_policy(test_every_s=3600.0, places=("gate",)))
    told = [one for k in range(0, 7000, 10) for one in site.look(float(k), uid=())]
    assert [(one.status, one.audible, one.places) for one in told] == [(WarningStatus.TEST, False, ("gate",))] * 2
    assert told[1].decided_s - told[0].decided_s == 3600.0
    site.look(7300.0)
    assert all(one.status is WarningStatus.ACTUAL for k in range(7310, 11000, 10) for one in site.look(float(k)))


def test_a_falling_object_waits_for_nobody_and_a_zone_is_outlined() -> None:
    site = Site(_policy(rules=("near",)))
    (warning,) = site.look(0.0, place="yard")
    (area,) = read_cap(warning.cap.encode()).infos[0].areas
    (polygon,) = area.polygons_deg
    assert polygon[0] == polygon[-1] and len(polygon) == 4
    assert polygon[0] == pytest.approx((54.4310, 18.9076), abs=1e-3)  # 0.95 and 0.33 rad
    assert polygon[1][0] - polygon[0][0] == pytest.approx(500.0 / 111_300.0, rel=0.01)  # 500 m north


def test_a_restart_goes_on_with_the_chain() -> None:
    site = Site(_policy(valid_s=60.0))
    site.look(0.0)
    site.look(30.0)
    again = Site(_policy(valid_s=60.0))
    again.engine.resume(site.engine.alerts(), (), START_S + 40.0)
    again.desk.resume(site.told, again.engine.alerts())
    assert again.look(41.0, uid=("new",)) == []
    (renewed,) = again.look(60.0, uid=("new",))
    cap = read_cap(renewed.cap.encode())
    assert renewed.id == f"{site.told[0].chain}-3"
    assert [one.split(",")[1] for one in cap.references] == [one.id for one in site.told]


def test_the_same_command_twice_does_it_once() -> None:
    site = Site(_policy())
    (issued,) = site.look(0.0)
    command = Command("x", K.CANCEL_WARNING, "Nowak", issued.chain, reason="kite")
    first = site._step(None, [command, command], 1.0, False)
    assert [one.accepted for one in site.desk.answers()] == [True, True]
    assert len(first) == 1


class Warned(RuleBasedStateMachine):
    """Alerts come and go and people ask for anything; the model keeps each chain's last stage and status."""

    def __init__(self) -> None:
        super().__init__()
        self.site = Site(
            _policy(valid_s=60.0, test_every_s=100.0),
            _policy(name="two", approval="two", valid_s=60.0, all_clear="automatic", all_clear_after_s=10.0),
        )
        self.at_s = 0.0
        self.last: dict[str, Warning] = {}
        self.carried: dict[str, list[str]] = {}

    def _check(self, told: Sequence[Warning]) -> None:
        for warning in told:
            before = self.last.get(warning.chain)
            assert warning.stage in FOLLOWS[before.stage if before else ""]
            assert before is None or before.status is warning.status
            if warning.cap:
                cap = read_cap(warning.cap.encode())
                assert list(problems(cap)) == []
                assert cap.status == warning.status.value
                named = [one.split(",")[1] for one in cap.references]
                assert named == self.carried.get(warning.chain, [])
                self.carried.setdefault(warning.chain, []).append(warning.id)
            else:
                assert warning.stage not in SENT or warning.chain not in self.carried
            self.last[warning.chain] = warning

    @rule(
        step_s=st.sampled_from([1.0, 7.0, 40.0]),
        uid=st.sampled_from([("u",), ("v",), ()]),
        median_s=st.sampled_from([5.0, 50.0]),
        exercise=st.booleans(),
    )
    def look(self, step_s, uid, median_s, exercise) -> None:
        self.at_s += step_s
        self._check(self.site.look(self.at_s, exercise, uid=uid, median_s=median_s))

    @rule(
        kind=st.sampled_from(
            [K.APPROVE_WARNING, K.CANCEL_WARNING, K.END_WARNING, K.TEST_WARNING, K.ACKNOWLEDGE, K.CLEAR]
        ),
        whom=st.sampled_from(["W1", "W2", "W3", "A1", "public"]),
        author=st.sampled_from(["Nowak", "Kowalska"]),
    )
    def ask(self, kind, whom, author) -> None:
        self.at_s += 0.5
        command = Command(f"k{self.at_s}", kind, author, whom, reason="because")
        self._check(self.site._step(None, [command], self.at_s, False))

    @invariant()
    def whoever_was_warned_hears_how_it_ended_or_still_waits(self) -> None:
        for chain, warning in self.last.items():
            if warning.status is not WarningStatus.TEST and chain in self.carried and warning.stage not in LAST:
                assert warning.expires_s > START_S + self.at_s - 41.0


Warned.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestWarned = Warned.TestCase


def test_every_message_is_valid_against_the_schema() -> None:
    schema = etree.XMLSchema(etree.parse(shared("samples/cap/CAP-v1.2-schema.xsd")))
    site = Site(_policy(valid_s=60.0, languages=("en", "uk")))
    for k in range(0, 70, 10):
        site.look(float(k), median_s=50.0 - k / 2)
    site.ask(80.0, K.CANCEL_WARNING, site.told[-1].chain)
    site.ask(81.0, K.TEST_WARNING, "public")
    site.look(90.0, exercise=True)
    messages = [one.cap for one in site.told if one.cap]
    assert len(messages) >= 6
    for cap in messages:
        schema.assertValid(etree.fromstring(cap.encode()))
