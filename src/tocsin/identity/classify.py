"""Class of each track by sequential Bayes: the class words of its detections, how it moves, how large it looks.

`Classifier` keeps its evidence in step with the rows of `TrackColumns`; `hear` takes a scan's words weighted by the
association's link probabilities, `classes` gives (n, CLASS_COUNT) probabilities, rows summing to 1, and the reasons.
Words fade with age, one sensor's repetitions saturate, and unknown never falls below its floor. Motion (`motion`) and
radar cross section (`size`) are bounded evidence, each counted once however long it lasts. What a corroborated claim
says of its category counts only as far as what our own sensors see bears it out. A class declared by a person stands as
the declaration says, with its reason.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tocsin.identity.kernels import FORGOTTEN, absorb, marks, posterior
from tocsin.identity.motion import Motion
from tocsin.identity.settings import Settings
from tocsin.identity.size import Size
from tocsin.identity.words import WordTable, prior_row
from tocsin.model.identity import CLASS_COUNT, DRONE_CLASSES, TargetClass
from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns
from tocsin.model.wording import LOWEST_PROBABILITY, class_words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Number = TypeVar("Number", np.float64, np.int64)
_KEPT_REASONS = 10_000
_CLAIMS = "claims"  # what categories of claims stand under in the word table
_ARTICLE = ["", "a", "a", "a", "an", "a", "a", "a", "a", "a"]
_BOUNDS = np.array(sorted(bound for bound in LOWEST_PROBABILITY.values() if bound > 0.0))


class Classifier:
    """Evidence a row a track; sensors are given columns as their first word comes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._words = WordTable(settings)
        self._motion, self._size = Motion(), Size()
        prior = prior_row(settings)
        self._log_prior = np.log(np.maximum(prior, 1e-12))
        self._sensors: list[str] = []
        self._total = np.zeros((0, 0, CLASS_COUNT))
        self._weight = np.zeros((0, 0))
        self._last = np.zeros((0, 0))
        self._heard = np.zeros((0, 0), np.int64)
        self._mark = np.zeros(0, np.int64)
        self._reasons: list[str] = []
        self._spoken: dict[int, str] = {}  # mark to reason: tracks of which the same is said share the text
        self._heard_words = 0
        self._links_astray = 0

    def follow(self, before: Ints) -> None:
        """Bring the evidence to new rows, `before` their old ones: -1 starts empty, rows not named are forgotten."""
        kept = before >= 0
        self._motion.follow(before)
        self._size.follow(before)
        self._total = _carried(self._total, before, kept)
        self._weight = _carried(self._weight, before, kept)
        self._last = _carried(self._last, before, kept)
        self._heard = _carried(self._heard, before, kept)
        self._mark = _carried(self._mark, before, kept)
        reasons = [*self._reasons, ""]
        self._reasons = [reasons[row] for row in before.tolist()]

    def hear(self, tracks: TrackColumns, scan: Scan) -> None:
        """Absorb the words and sizes of the scan that `tracks.links` speaks of."""
        if not scan.detections or not len(tracks.links):
            return
        self._size.hear(tracks, scan)
        words = self._words.rows(scan.sensor, [one.class_word for one in scan.detections])
        if not words.any():
            return
        self._heard_words += int(np.count_nonzero(words))
        usable = (tracks.links[:, 1] >= 0) & (tracks.links[:, 1] < len(words))
        self._links_astray += len(usable) - int(np.count_nonzero(usable))
        if scan.sensor not in self._sensors:
            self._sensors.append(scan.sensor)
            self._total = np.concatenate([self._total, np.zeros((len(self._mark), 1, CLASS_COUNT))], axis=1)
            self._weight = np.concatenate([self._weight, np.zeros((len(self._mark), 1))], axis=1)
            self._last = np.concatenate([self._last, np.zeros((len(self._mark), 1))], axis=1)
            self._heard = np.concatenate([self._heard, np.zeros((len(self._mark), 1), np.int64)], axis=1)
        absorb(
            self._total,
            self._weight,
            self._last,
            self._heard,
            tracks.links[usable],
            tracks.link_probability[usable],
            words,
            self._words.ratio,
            self._sensors.index(scan.sensor),
            scan.time_s,
            self._settings.memory_s,
        )

    def move(self, tracks: TrackColumns) -> None:
        """Take in how the tracks move."""
        self._motion.step(tracks)

    def classes(self, time_s: float, claimed: Floats | None = None) -> tuple[Floats, list[str]]:
        """Probabilities and reasons at `time_s`; the list is this object's own and is not to be changed.

        `claimed` (n, CLASS_COUNT): log likelihood of what corroborated claims say, NaN rows where none does.
        """
        probability = np.empty((len(self._mark), CLASS_COUNT))
        mark = np.empty(len(self._mark), np.int64)
        settings = self._settings
        moves, sizes = settings.motion_share * self._motion.evidence(), self._size.evidence()
        start = self._log_prior + moves + sizes
        posterior(
            self._total,
            self._weight,
            self._last,
            self._heard,
            start,
            time_s,
            settings.memory_s,
            float(settings.independent_words),
            settings.unknown_probability,
            probability,
            mark,
        )
        if claimed is not None:
            probability = _borne_out(probability, claimed, settings.unknown_probability)
        like = np.empty(len(mark), np.int64)
        marks(probability, moves, sizes, _BOUNDS, like, mark)
        if len(self._spoken) > _KEPT_REASONS:
            self._spoken.clear()
        for row in np.flatnonzero(mark != self._mark).tolist():
            key = int(mark[row])
            reason = self._spoken.get(key)
            if reason is None:
                reason = self._spoken[key] = self._reason(row, probability[row], time_s, int(like[row]))
            self._reasons[row] = reason
        self._mark = mark
        return probability, self._reasons

    def meaning(self, category: str) -> Floats | None:
        """(CLASS_COUNT,) likelihood ratios of the category in a claim, None if nobody has explained it."""
        row = int(self._words.rows(_CLAIMS, [category])[0])
        return self._words.ratio[row] if row else None

    def prior(self) -> tuple[Floats, str]:
        """What a track nobody has spoken of gets."""
        row = np.exp(self._log_prior) * (1.0 - self._settings.unknown_probability)
        row[TargetClass.UNKNOWN] += self._settings.unknown_probability
        return row / row.sum(), "unidentified: no sensor has named it"

    def statistics(self) -> dict[str, object]:
        """Words heard, words without a meaning, and links to a detection that the scan does not have."""
        unexplained = self._words.unexplained()
        return {"words": self._heard_words, "words_unexplained": unexplained, "links_astray": self._links_astray}

    def _reason(self, row: int, probability: Floats, time_s: float, like: int) -> str:
        """What is concluded, who said what that still weighs, and what it moves like and is as large as."""
        said = []
        for column in range(len(self._sensors)):
            age_s = max(time_s - self._last[row, column], 0.0)
            count = self._weight[row, column] * np.exp(-age_s / self._settings.memory_s)
            word = int(self._heard[row, column])
            if word and count >= FORGOTTEN:
                said.append("{} says {}".format(*self._words.said(word)))
        said = said or ["no sensor has named it"]
        for text, kind in (("moves like", like % 16), ("as large as", like // 16)):
            if kind:
                said.append(f"{text} {_ARTICLE[kind]} {TargetClass(kind).name.lower().replace('_', ' ')}")
        return f"{class_words(probability.tolist())}: {', '.join(said)}"


def _borne_out(probability: Floats, claimed: Floats, unknown_probability: float) -> Floats:
    """What claims add: their likelihood, raised to how far the class they speak for is borne out already.

    A class that our own sensors give half of the probability or more is believed in full, one that they give none is
    not believed at all: a self-report alone explains nothing away.
    """
    rows = np.flatnonzero(np.isfinite(claimed).all(axis=1))
    if not rows.size:
        return probability
    spoken = claimed[rows].argmax(axis=1)
    known = probability[rows]
    drone = known[:, list(DRONE_CLASSES)].sum(axis=1)
    own = np.where(np.isin(spoken, DRONE_CLASSES), drone, known[np.arange(len(rows)), spoken])
    share = np.clip(2.0 * own, 0.0, 1.0)
    log = np.log(np.maximum(known, 1e-12)) + share[:, None] * claimed[rows]
    mixed = np.exp(log - log.max(axis=1, keepdims=True))
    mixed *= (1.0 - unknown_probability) / mixed.sum(axis=1, keepdims=True)
    mixed[:, TargetClass.UNKNOWN] += unknown_probability
    result = probability.copy()
    result[rows] = mixed
    return result


def _carried(column: NDArray[Number], before: Ints, kept: NDArray[np.bool_]) -> NDArray[Number]:
    """Rows of `column` moved to where they are now; new rows are 0."""
    moved = np.zeros((len(before), *column.shape[1:]), column.dtype)
    moved[kept] = column[before[kept]]
    return moved
