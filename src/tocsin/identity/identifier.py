"""The identity stage: one step a scan or tick, from tracks and what is said of them to `IdentityColumns`.

`step` never fails on input: a word without meaning, a command for a track that is gone or a value nobody knows is
counted and answered in `answers()`. Columns of the past (settled, or older than the last) get what is known now and
change nothing.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.frames import Origin
from tocsin.identity.affiliation import Affiliations, object_of
from tocsin.identity.claims import ClaimBook
from tocsin.identity.classify import Classifier
from tocsin.identity.expecting import EXPECTING, Expecting
from tocsin.identity.roster import Roster
from tocsin.identity.settings import Settings
from tocsin.identity.watch import Watch
from tocsin.identity.words import WordError, class_row
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.identity import CLASS_COUNT, ClaimState, IdentityColumns, Verdict
from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns, carried_rows

_DECLARED_SHARE = 0.98  # what a person's word leaves to error


class Identifier:
    """Class and affiliation of every track, and a verdict on every claim, with reasons.

    `origin` and `watches` say where the site and its sensors are; without an origin claims are counted and no more.
    """

    def __init__(self, settings: Settings, origin: Origin | None = None, watches: Sequence[Watch] = ()) -> None:
        self._classifier = Classifier(settings)
        self._affiliations = Affiliations()
        self._roster = Roster(settings.flight)
        self._expecting = Expecting(self._roster)
        self._book = None if origin is None else ClaimBook(settings.claims, watches, origin, self._roster)
        self._declared_class: dict[str, tuple[NDArray[np.float64], str]] = {}
        self._answers: list[CommandAnswer] = []
        self._counts: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._uid: tuple[str, ...] = ()
        self._time_s = -math.inf
        self._latest: IdentityColumns | None = None

    def step(
        self,
        tracks: TrackColumns,
        scan: Scan | None,
        claims: Sequence[Claim],
        commands: Sequence[Command],
        time_s: float,
    ) -> IdentityColumns:
        """Identities of `tracks` at `time_s`, after the words of `scan` (the one `tracks.links` points into)."""
        if tracks.settled or tracks.time_s < self._time_s:
            return self.recall(tracks)  # asked about the past: claims and commands come with the present
        self._time_s = tracks.time_s
        if tracks.uid != self._uid:
            before = carried_rows(self._uid, tracks.uid)
            self._classifier.follow(before)
            self._affiliations.follow(before)
            self._uid = tracks.uid
        if scan is not None:
            self._classifier.hear(tracks, scan)
        for command in commands:
            self._obey(command, tracks, time_s)
        states = self._judge_claims(tracks, scan, claims, time_s)
        self._classifier.move(tracks)
        probability, reasons = self._classifier.classes(time_s, self._claimed(tracks, states))
        if self._declared_class:
            reasons = list(reasons)
            for row, name in enumerate(tracks.object):
                if name in self._declared_class:
                    probability[row], reasons[row] = self._declared_class[name]
        affiliation, decisions = self._affiliations.decide(tracks, time_s, states)
        probability.flags.writeable = False
        affiliation.flags.writeable = False
        identity = IdentityColumns(probability, affiliation, tuple(reasons), decisions, states)
        self._latest = identity
        return identity

    def answers(self) -> tuple[CommandAnswer, ...]:
        """Answers to the declarations since the last call."""
        answers, self._answers = tuple(self._answers), []
        return answers

    def statistics(self) -> Mapping[str, Any]:
        """Words, claims and commands counted, refusals by reason."""
        judged = {} if self._book is None else {"judged": dict(self._book.statistics())}
        return {**self._classifier.statistics(), **self._counts, **judged, "refused": dict(self._refused)}

    def _judge_claims(
        self, tracks: TrackColumns, scan: Scan | None, claims: Sequence[Claim], time_s: float
    ) -> tuple[ClaimState, ...]:
        self._counts["claims"] += len(claims)
        if self._book is None:
            return ()
        self._book.step(tracks, scan, claims, time_s)
        return self._book.states

    def _claimed(self, tracks: TrackColumns, states: tuple[ClaimState, ...]) -> NDArray[np.float64] | None:
        """What corroborated claims say of their class, row by row; None if none says anything."""
        claimed = None
        for state in states:
            if state.verdict is not Verdict.CORROBORATED or state.category is None or state.track not in tracks.uid:
                continue
            ratio = self._classifier.meaning(state.category)
            if ratio is not None:
                claimed = np.full((len(tracks), CLASS_COUNT), np.nan) if claimed is None else claimed
                claimed[tracks.uid.index(state.track)] = np.log(ratio)
        return claimed

    def _obey(self, command: Command, tracks: TrackColumns, time_s: float) -> None:
        if command.kind is CommandKind.DECLARE_AFFILIATION:
            answer = self._affiliations.declare(command, tracks, time_s)
        elif command.kind is CommandKind.DECLARE_CLASS:
            answer = self._declare_class(command, tracks, time_s)
        elif command.kind in EXPECTING:
            answer = self._expecting.obey(command, time_s)
        else:
            return  # another stage's command
        self._counts["declarations"] += answer.accepted
        if not answer.accepted:
            self._refused[answer.reason.split(" '")[0]] += 1
        self._answers.append(answer)

    def _declare_class(self, command: Command, tracks: TrackColumns, time_s: float) -> CommandAnswer:
        target = object_of(command.target, tracks)
        if target is None:
            return CommandAnswer(command.id, False, f"no live track {command.target!r}", time_s)
        if not command.author or not command.reason:
            return CommandAnswer(command.id, False, "a declaration needs an author and a reason", time_s)
        try:
            row = np.nan_to_num(class_row({command.value.strip().lower(): 1.0}, "value"), nan=0.0)
        except WordError as error:
            return CommandAnswer(command.id, False, f"no class {command.value!r} ({error})", time_s)
        row = _DECLARED_SHARE * row / row.sum() + (1.0 - _DECLARED_SHARE) / CLASS_COUNT
        self._declared_class[target] = (row, f"declared by {command.author}: {command.reason}")
        return CommandAnswer(command.id, True, "declared", time_s)

    def recall(self, tracks: TrackColumns) -> IdentityColumns:
        """What is known now, laid to the rows of another instant; tracks that are gone get the prior, no decision."""
        latest = self._latest
        if latest is not None and tracks.uid == self._uid:
            return IdentityColumns(latest.class_probability, latest.affiliation, latest.reasons, latest.decisions)
        rows = carried_rows(self._uid, tracks.uid)
        prior, nothing_said = self._classifier.prior()
        probability = np.tile(prior, (len(rows), 1))
        affiliation = np.zeros(len(rows), np.int64)
        reasons, decisions = [nothing_said] * len(rows), [None] * len(rows)
        if latest is None:
            return IdentityColumns(probability, affiliation, tuple(reasons), tuple(decisions))
        known = rows >= 0
        probability[known] = latest.class_probability[rows[known]]
        affiliation[known] = latest.affiliation[rows[known]]
        for here, row in zip(np.flatnonzero(known).tolist(), rows[known].tolist(), strict=True):
            reasons[here], decisions[here] = latest.reasons[row], latest.decisions[row]
        return IdentityColumns(probability, affiliation, tuple(reasons), tuple(decisions))
