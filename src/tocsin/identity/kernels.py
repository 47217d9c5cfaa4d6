"""Kernels of classification: words into evidence, evidence into class probabilities.

Legend: n tracks, s sensors, c classes, k links. `total` (n, s, c): sum of log likelihood ratios, each weighted by its
age; `weight` (n, s): sum of the same ages' weights times the chance that the word was this track's; `last` (n, s): the
time both were brought to; `heard` (n, s): row of the word last heard, 0 for none.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.angles import wrap_pi_scalar_rad
from tocsin.identity import motion
from tocsin.jit import kernel
from tocsin.model.identity import CLASS_COUNT, DRONE_CLASSES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WORTH = 1.2  # log likelihood above the mean of all classes, from which on a likeness is spoken of
DRONE_0, DRONE_1 = (int(kind) for kind in DRONE_CLASSES)
FORGOTTEN = 0.05  # a sensor whose words weigh less than this is no longer named as a reason


@kernel
def absorb(
    total: Floats,
    weight: Floats,
    last: Floats,
    heard: Ints,
    links: Ints,
    link_probability: Floats,
    words: Ints,
    ratio: Floats,
    sensor: int,
    time_s: float,
    memory_s: float,
) -> None:
    """Add one scan's words in place.

    A track's word is one of its linked detections' or none of them: the likelihood ratio is the mixture
    1 + sum_j p_j (ratio_j - 1), exact for at most one detection a target. A word older than `last` is aged instead.
    """
    n, c = total.shape[0], total.shape[2]
    mixture = np.ones((n, c))
    share = np.zeros(n)
    best = np.zeros(n)
    best_word = np.zeros(n, np.int64)
    for k in range(links.shape[0]):
        row, word, p = links[k, 0], words[links[k, 1]], link_probability[k]
        if word == 0 or p <= 0.0:
            continue
        share[row] += p
        if p > best[row]:
            best[row] = p
            best_word[row] = word
        for kind in range(c):
            mixture[row, kind] += p * (ratio[word, kind] - 1.0)
    for row in range(n):
        if share[row] == 0.0:
            continue
        elapsed_s = time_s - last[row, sensor]
        kept, fresh = 1.0, 1.0
        if elapsed_s >= 0.0:
            kept = math.exp(-elapsed_s / memory_s)
            last[row, sensor] = time_s
        else:
            fresh = math.exp(elapsed_s / memory_s)
        weight[row, sensor] = weight[row, sensor] * kept + min(share[row], 1.0) * fresh
        for kind in range(c):
            ratio_here = max(mixture[row, kind], 1e-9)
            total[row, sensor, kind] = total[row, sensor, kind] * kept + math.log(ratio_here) * fresh
        if best[row] >= 0.5 and elapsed_s >= 0.0:
            heard[row, sensor] = best_word[row]


@kernel
def posterior(
    total: Floats,
    weight: Floats,
    last: Floats,
    heard: Ints,
    start: Floats,
    time_s: float,
    memory_s: float,
    independent_words: float,
    unknown_probability: float,
    probability: Floats,
    mark: Ints,
) -> None:
    """Fill `probability` (n, c) and `mark` (n,), a number that changes when the words heard or still weighing do.

    `start` (n, c): log of the prior, with what is known beside the words.

    A sensor's words are one witness: their mean log ratio counts as often as N / (1 + N / independent_words), N the
    aged number of words, so that repetition saturates and age fades.
    """
    n, s, c = total.shape
    for row in range(n):
        mark_here = 17
        top = -np.inf
        for kind in range(c):
            probability[row, kind] = start[row, kind]
        for sensor in range(s):
            if weight[row, sensor] <= 0.0:
                mark_here = mark_here * 1000003
                continue
            count = weight[row, sensor] * math.exp(-max(time_s - last[row, sensor], 0.0) / memory_s)
            effective = count / (1.0 + count / independent_words)
            scale = effective / weight[row, sensor]
            for kind in range(c):
                probability[row, kind] += scale * total[row, sensor, kind]
            mark_here = mark_here * 1000003 + (heard[row, sensor] if count >= FORGOTTEN else 0)
        for kind in range(c):
            top = max(top, probability[row, kind])
        whole = 0.0
        for kind in range(c):
            probability[row, kind] = math.exp(probability[row, kind] - top)
            whole += probability[row, kind]
        for kind in range(c):
            probability[row, kind] *= (1.0 - unknown_probability) / whole
        probability[row, 0] += unknown_probability
        mark[row] = mark_here


@kernel
def _spoken_of(evidence: Floats) -> int:
    """The class that evidence speaks for by at least `WORTH` more than for the mean of all, 0 for none."""
    best, whole = 1, 0.0
    for kind in range(1, CLASS_COUNT):
        whole += evidence[kind]
        if evidence[kind] > evidence[best]:
            best = kind
    return best if evidence[best] - whole / (CLASS_COUNT - 1) >= WORTH else 0


@kernel
def marks(probability: Floats, moves: Floats, sizes: Floats, bounds: Floats, like: Ints, mark: Ints) -> None:
    """Fill `like` (n,) with what each track moves like and 16 times what it is as large as, and add to `mark` (n,) that
    and a number below 64 that changes whenever `class_words`, whose words begin at `bounds`, would say something else.
    """
    for row in range(mark.shape[0]):
        like[row] = _spoken_of(moves[row]) + 16 * _spoken_of(sizes[row])
        drone = probability[row, DRONE_0] + probability[row, DRONE_1]
        leading, largest = -1, -1.0
        for kind in range(CLASS_COUNT):
            if kind not in (DRONE_0, DRONE_1) and probability[row, kind] > largest:
                leading, largest = kind, probability[row, kind]
        if drone >= largest:
            rotor, wing = probability[row, DRONE_0] >= 0.8 * drone, probability[row, DRONE_1] >= 0.8 * drone
            leading, largest = 10 + int(rotor) + 2 * int(wing), drone
        level = 0
        for bound in bounds:
            level += bound <= largest
        mark[row] = (mark[row] * 64 + 4 * leading + level) * 1024 + like[row]


def warm() -> None:
    """Compile or load the kernels of this room, so that none compiles later."""
    motion.warm()
    wrap_pi_scalar_rad(0.0)
    total, one, whole = np.zeros((1, 1, 2)), np.zeros((1, 1)), np.zeros((1, 1), np.int64)
    links, words = np.zeros((1, 2), np.int64), np.zeros(1, np.int64)
    absorb(total, one, one, whole, links, np.ones(1), words, np.ones((1, 2)), 0, 0.0, 1.0)
    all_classes = np.zeros((1, CLASS_COUNT))
    marks(all_classes, all_classes, all_classes, np.array([0.5]), words.copy(), words.copy())
    posterior(total, one, one, whole, np.zeros((1, 2)), 0.0, 1.0, 1.0, 0.0, np.zeros((1, 2)), words)
