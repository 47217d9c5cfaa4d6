import pytest

from asterix_records import block, target
from asterix_site import OF_DAY_S, TEN_S, live, reasons


@pytest.mark.parametrize(
    ("of_day_s", "received_s", "time_s"),
    [
        (86_399.5, TEN_S - OF_DAY_S + 0.5, TEN_S - OF_DAY_S - 0.5),  # before midnight, heard after it
        (0.5, TEN_S - OF_DAY_S - 0.5, TEN_S - OF_DAY_S + 0.5),  # a clock ahead of ours
    ],
)
def test_times_of_day_are_resolved_over_midnight(of_day_s: float, received_s: float, time_s: float) -> None:
    items, _ = live(block(48, target(of_day_s, 10.0, 0.0)), received_s=received_s)
    assert items[0].time_s == time_s


def test_a_time_far_from_the_receipt_is_refused() -> None:
    items, adapter = live(block(48, target(OF_DAY_S + 700.0, 10.0, 0.0)))
    assert items == []
    assert reasons(adapter) == {"048: record refused, rest of the block discarded": 1}
