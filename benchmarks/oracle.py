"""Oracle A: what a tracker could report that knew which detection is whose, a bound on the GOSPA of any that does not.

Each target of truth has a filter of its own, an IMM of two nearly-constant-velocity models (white acceleration 0.5 and
30 m^2/s^3 horizontally, 0.05 upwards; staying with probability 0.97 and 0.8 a scan) with an extended Kalman update, fed
with its own detections alone. It is reported from its second detection on, and for one scan after it died, which
nobody can know sooner. Method: H. A. P. Blom and Y. Bar-Shalom, "The interacting multiple model algorithm" (1988).
"""

import numpy as np

from outcome import Reported
from scenario import Floats, Frame, Scene

Q, Q_UP, STAY = (0.5, 30.0), 0.05, np.array([[0.97, 0.03], [0.2, 0.8]])
SIGMA_V = (25.0, 25.0, 1.5)
CONFIRMED = 2


def run(scene: Scene) -> list[Reported]:
    """The reports at each radar scan of a scene with one radar."""
    noise = np.diag([scene.cfg.sigma_r**2, scene.cfg.sigma_az**2, scene.cfg.sigma_el**2])
    ids, hits = np.empty(0, np.int64), np.empty(0, np.int64)
    x, P, mu = np.empty((0, 2, 6)), np.empty((0, 2, 6, 6)), np.empty((0, 2))
    reported, before = list[Reported](), np.empty(0, np.int64)
    frames = (frame for frame in scene.frames if frame.sensor == 0)
    for frame, instant in zip(frames, scene.truth, strict=True):
        kept = np.isin(ids, np.union1d(instant.ids, before))
        ids, hits, x, P, mu = ids[kept], hits[kept], x[kept], P[kept], mu[kept]
        x, P, mu = _predict(x, P, mu, scene.cfg.dt)
        z, own = _own(frame)
        old, rows = np.isin(own, ids), {int(name): k for k, name in enumerate(ids)}
        at = np.array([rows[int(name)] for name in own[old]], dtype=np.int64)
        x[at], P[at], mu[at] = _update(x[at], P[at], mu[at], z[old], noise)
        hits[at] += 1
        born, covariance = _born(z[~old], noise)
        ids, hits = np.concatenate((ids, own[~old])), np.concatenate((hits, np.ones(int((~old).sum()), np.int64)))
        x, P = np.concatenate((x, born)), np.concatenate((P, covariance))
        mu = np.concatenate((mu, np.tile([0.5, 0.5], (len(born), 1))))
        shown = hits >= CONFIRMED
        reported.append((ids[shown], np.einsum("nk,nkd->nd", mu, x)[shown, :3]))
        before = instant.ids
    return reported


def _own(frame: Frame) -> tuple[Floats, np.ndarray]:
    mine = frame.origins >= 0
    return frame.values[mine], frame.origins[mine]


def _predict(x: Floats, P: Floats, mu: Floats, dt: float) -> tuple[Floats, Floats, Floats]:
    if len(x) == 0:
        return x, P, mu
    after = mu @ STAY
    weight = mu[:, :, None] * STAY[None] / after[:, None, :]  # from i to j
    mixed = np.einsum("nij,nid->njd", weight, x)
    off = x[:, :, None, :] - mixed[:, None, :, :]
    spread = np.einsum("nij,nide->njde", weight, P) + np.einsum("nij,nijd,nije->njde", weight, off, off)
    F = np.eye(6)
    F[:3, 3:] = dt * np.eye(3)
    step = np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
    W = np.stack([np.kron(step, np.diag([q, q, Q_UP])) for q in Q])
    return mixed @ F.T, F @ spread @ F.T + W, after


def _update(x: Floats, P: Floats, mu: Floats, z: Floats, R: Floats) -> tuple[Floats, Floats, Floats]:
    east, north, up = x[..., 0], x[..., 1], x[..., 2]
    ground, r = np.hypot(east, north), np.linalg.norm(x[..., :3], axis=-1)
    H = np.zeros((*x.shape[:2], 3, 6))
    H[..., 0, :3] = x[..., :3] / r[..., None]
    H[..., 1, 0], H[..., 1, 1] = -north / ground**2, east / ground**2
    H[..., 2, 0], H[..., 2, 1] = -east * up / (r**2 * ground), -north * up / (r**2 * ground)
    H[..., 2, 2] = ground / r**2
    off = z[:, None] - np.stack((r, np.arctan2(north, east), np.arctan2(up, ground)), axis=-1)
    off[..., 1] = (off[..., 1] + np.pi) % (2 * np.pi) - np.pi
    S = H @ P @ H.swapaxes(-1, -2) + R
    K = P @ H.swapaxes(-1, -2) @ np.linalg.inv(S)
    rest = np.eye(6) - K @ H
    joseph = rest @ P @ rest.swapaxes(-1, -2) + K @ R @ K.swapaxes(-1, -2)
    distance = np.einsum("nki,nki->nk", off, np.linalg.solve(S, off[..., None])[..., 0])
    likelihood = np.exp(-0.5 * (distance - distance.min(axis=1, keepdims=True))) / np.sqrt(np.linalg.det(S))
    after = mu * likelihood
    return x + (K @ off[..., None])[..., 0], joseph, after / after.sum(axis=1, keepdims=True)


def _born(z: Floats, R: Floats) -> tuple[Floats, Floats]:
    r, (ca, sa), (ce, se) = z[:, 0], (np.cos(z[:, 1]), np.sin(z[:, 1])), (np.cos(z[:, 2]), np.sin(z[:, 2]))
    J = np.empty((len(z), 3, 3))
    J[:, 0] = np.stack((ce * ca, -r * ce * sa, -r * se * ca), axis=1)
    J[:, 1] = np.stack((ce * sa, r * ce * ca, -r * se * sa), axis=1)
    J[:, 2] = np.stack((se, np.zeros(len(z)), r * ce), axis=1)
    x, P = np.zeros((len(z), 6)), np.zeros((len(z), 6, 6))
    x[:, :3] = np.stack((r * ce * ca, r * ce * sa, r * se), axis=1)
    P[:, :3, :3] = J @ R @ J.swapaxes(-1, -2)
    P[:, 3:, 3:] = np.diag(np.square(SIGMA_V))
    return np.repeat(x[:, None], 2, axis=1), np.repeat(P[:, None], 2, axis=1)
