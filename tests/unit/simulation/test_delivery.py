import numpy as np
from scipy import stats

from tocsin.simulation.delivery import delivered
from tocsin.simulation.plan import Acoustic, Delay, Sensor, SensorPose

SENT_S = np.arange(0.0, 5000.0)


def sensor(
    drop_probability: float = 0.0, delay: Delay | None = None, outage_s: tuple[tuple[float, float], ...] = ()
) -> Sensor:
    pose = SensorPose(east_m=0.0, north_m=0.0, up_m=0.0)
    return Sensor(
        name="s",
        pose=pose,
        device=Acoustic(),
        drop_probability=drop_probability,
        delay=delay or Delay(),
        outage_s=outage_s,
    )


def test_delay_has_its_least_its_mean_and_its_bursts() -> None:
    delay = Delay(fixed_s=0.2, mean_s=0.1, late_probability=0.1, late_s=5.0)
    late_s = delivered(sensor(delay=delay), SENT_S, 1, "x") - SENT_S
    assert late_s.min() >= 0.2
    usual = late_s[late_s < 5.0]
    # A gamma law of shape 2: standard deviation is mean / sqrt 2.
    assert abs(usual.mean() - 0.3) < 4.0 * 0.1 / np.sqrt(2.0 * len(usual))
    assert stats.binomtest(int(np.sum(late_s > 5.0)), len(SENT_S), 0.1).pvalue > 1e-4


def test_lost_messages_are_as_many_as_stated() -> None:
    lost = int(np.isnan(delivered(sensor(drop_probability=0.3), SENT_S, 1, "x")).sum())
    assert stats.binomtest(lost, len(SENT_S), 0.3).pvalue > 1e-4


def test_nothing_is_sent_while_dead() -> None:
    received = delivered(sensor(outage_s=((100.0, 200.0), (4000.0, 1e9))), SENT_S, 1, "x")
    dead = ((SENT_S >= 100.0) & (SENT_S < 200.0)) | (SENT_S >= 4000.0)
    assert np.array_equal(np.isnan(received), dead)
