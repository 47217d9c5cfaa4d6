"""Class words: what each sensor's word says of each class, as likelihoods P(word | class).

`WordTable.rows(sensor, words)` gives each word's row of `WordTable.ratio`, 0 (all ones: says nothing) for a word nobody
has explained. A ratio is P(word | class) / P(word), with P(word) taken over the prior, so 1 is no evidence.
Spelling is forgiving: case, "_" and "-" do not matter. A class name nobody knows raises `WordError` with its path.
The built-in likelihoods are round numbers for sensors nobody has measured; a site file replaces them by sensor.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tocsin.identity.settings import Settings, WordMeaning
from tocsin.model.errors import TocsinError
from tocsin.model.identity import CLASS_COUNT, DRONE_CLASSES, TargetClass

Floats = NDArray[np.float64]


class WordError(TocsinError):
    """A word table that names no class, or a likelihood outside (0, 1]."""


KNOWN_WORDS: dict[str, WordMeaning] = {
    "drone": {"drone": 0.6, "other": 0.05},
    "suspected drone": {"drone": 0.3, "other": 0.1},
    "multirotor": {"multirotor": 0.6, "fixed-wing-drone": 0.1, "other": 0.05},
    "fixed wing drone": {"fixed-wing-drone": 0.6, "multirotor": 0.1, "other": 0.05},
    "drone controller": {"drone": 0.3, "other": 0.1},  # its radio was heard on the target's bearing
    "air vehicle": {"drone": 0.3, "helicopter": 0.3, "aeroplane": 0.3, "balloon": 0.3, "other": 0.1},
    "aeroplane": {"aeroplane": 0.6, "helicopter": 0.1, "fixed-wing-drone": 0.1, "other": 0.03},
    "helicopter": {"helicopter": 0.6, "aeroplane": 0.1, "multirotor": 0.1, "other": 0.03},
    "bird": {"bird": 0.6, "drone": 0.1, "balloon": 0.1, "other": 0.03},
    "balloon": {"balloon": 0.6, "bird": 0.1, "drone": 0.1, "other": 0.03},
    "falling object": {"falling-object": 0.6, "other": 0.03},
    "ground vehicle": {"ground-vehicle": 0.6, "vessel": 0.1, "drone": 0.05, "other": 0.02},
    "vessel": {"vessel": 0.6, "ground-vehicle": 0.1, "drone": 0.05, "other": 0.02},
    "other": {"drone": 0.25, "other": 0.4},
    "unknown": {"other": 0.5},
    "uav": "drone",
    "uas": "drone",
    "uav rotary wing": "multirotor",
    "uav fixed wing": "fixed wing drone",
    "uas control station": "drone controller",
    "controller": "drone controller",
    "manned fixed wing": "aeroplane",
    "manned rotary wing": "helicopter",
    "aircraft": "aeroplane",
    "airplane": "aeroplane",
    "vehicle": "ground vehicle",
    "land vehicle": "ground vehicle",
    "sea vessel": "vessel",
    "ship": "vessel",
    "boat": "vessel",
    "animal": "bird",
    "unidentified": "unknown",
    "suspect drone": "suspected drone",
    "gyroplane": "helicopter",
    "hybrid lift": "fixed wing drone",
    "glider": "aeroplane",
    "free balloon": "balloon",
    "captive balloon": "balloon",
    "airship": "balloon",
    "a1": "aeroplane",  # emitter categories of ADS-B (DO-260B)
    "a2": "aeroplane",
    "a3": "aeroplane",
    "a4": "aeroplane",
    "a5": "aeroplane",
    "a6": "aeroplane",
    "a7": "helicopter",
    "b1": "aeroplane",
    "b2": "balloon",
    "b4": "aeroplane",
    "b6": "drone",
    "c1": "ground vehicle",
    "c2": "ground vehicle",
}


def spelling(word: str) -> str:
    """A word as the table knows it: lower case, single blanks for "_" and "-"."""
    return " ".join(word.lower().replace("_", " ").replace("-", " ").split())


def class_row(table: Mapping[str, float], place: str) -> Floats:
    """(CLASS_COUNT,) from class names to numbers; "drone" and "other" fill in, NaN where nothing was said."""
    row = np.full(CLASS_COUNT, np.nan)
    if "other" in table:
        row[1:] = table["other"]
    if "drone" in table:
        row[list(DRONE_CLASSES)] = table["drone"]
    for name, value in table.items():
        if name in ("other", "drone"):
            continue
        try:
            row[TargetClass[name.upper().replace("-", "_")]] = value
        except KeyError:
            names = ", ".join(kind.name.lower().replace("_", "-") for kind in TargetClass)
            raise WordError(f"{place}: no class is called {name!r}; use {names}, drone or other") from None
    return row


def prior_row(settings: Settings) -> Floats:
    """(CLASS_COUNT,) prior probabilities; the drone share is divided three to one between rotors and wings."""
    row = class_row({name: value for name, value in settings.prior.items() if name != "drone"}, "identity.prior")
    drone = settings.prior.get("drone")
    if drone is not None:
        row[TargetClass.MULTIROTOR] = 0.75 * drone
        row[TargetClass.FIXED_WING_DRONE] = 0.25 * drone
    row = np.nan_to_num(row, nan=0.0)
    if np.any(row < 0) or row[TargetClass.UNKNOWN] <= 0:
        raise WordError("identity.prior: weights must not be negative, and unknown must be above 0")
    return np.asarray(row / row.sum())


class WordTable:
    """The likelihood ratios of every (sensor, word) met so far; grows as words are met."""

    def __init__(self, settings: Settings) -> None:
        self._prior = prior_row(settings)
        self._words = {
            sensor: {spelling(word): meaning for word, meaning in table.items()}
            for sensor, table in settings.words.items()
        }
        self._self_reporting = frozenset(settings.self_reporting)
        self._index: dict[str, dict[str | None, int]] = {}
        self._places = [("", "")]
        self._unexplained: Counter[str] = Counter()
        self.ratio: Floats = np.ones((1, CLASS_COUNT))
        for sensor, table in self._words.items():
            for word in table:
                self._likelihood(sensor, word)  # a fault in the site file shows at the start

    def rows(self, sensor: str, words: Sequence[str | None]) -> NDArray[np.int64]:
        """For each word of this sensor its row of `ratio`; 0 for none, and, counted, for one without meaning."""
        known = self._index.setdefault(sensor, {None: 0})
        for word in dict.fromkeys(words):
            if word is not None and word not in known:
                known[word] = self._add(sensor, word)
        rows = np.fromiter(map(known.__getitem__, words), np.int64, count=len(words))
        if len(words) - np.count_nonzero(rows) > words.count(None):
            self._unexplained.update(f"{sensor}: {word}" for word in words if word is not None and not known[word])
        return rows

    def said(self, index: int) -> tuple[str, str]:
        """(sensor, word) behind a row, the word as it was spelt."""
        return self._places[index]

    def unexplained(self) -> dict[str, int]:
        """Words without a meaning, with how often they came."""
        return dict(self._unexplained)

    def _add(self, sensor: str, word: str) -> int:
        likelihood = self._likelihood(sensor, spelling(word))
        if likelihood is None:
            return 0
        ratio = likelihood / float((self._prior * likelihood).sum())
        if sensor in self._self_reporting and int(np.argmax(ratio)) not in DRONE_CLASSES:
            ratio = np.ones(CLASS_COUNT)  # a self-report must not talk an alert away
        self._places.append((sensor, word))
        self.ratio = np.vstack([self.ratio, ratio])
        return len(self._places) - 1

    def _likelihood(self, sensor: str, word: str) -> Floats | None:
        """P(word | class), the sensor's own meaning before the site's, the site's before the built-in."""
        seen: list[str] = []
        while word not in seen:
            seen.append(word)
            meaning = self._meaning(sensor, word, own=len(seen) == 1)
            if meaning is None:
                if len(seen) > 1:
                    raise WordError(f"identity.words.{sensor}.{seen[0]}: means {word!r}, which has no meaning")
                return None
            if isinstance(meaning, str):
                word = spelling(meaning)
                continue
            place = f"identity.words.{sensor}.{word}"
            row = class_row(meaning, place)
            if np.any(np.isnan(row[1:])) or np.any(row[1:] <= 0) or np.any(row[1:] > 1):
                raise WordError(f"{place}: every class needs a probability in (0, 1]; 'other' fills the rest")
            if np.isnan(row[0]):
                row[0] = float((self._prior[1:] * row[1:]).sum() / self._prior[1:].sum())
            return row
        raise WordError(f"identity.words.{sensor}.{seen[0]}: the meaning leads back to itself")

    def _meaning(self, sensor: str, word: str, own: bool) -> WordMeaning | None:
        """`own` is False once a word has been explained by another: then only shared meanings apply."""
        if own and word in self._words.get(sensor, {}):
            return self._words[sensor][word]
        return self._words.get("*", {}).get(word, KNOWN_WORDS.get(word))
