"""`TOCSIN_STRICT=1` turns every skip into a failure, save one for missing shared data."""

import os
from collections.abc import Generator

import hypothesis
import pytest

from shared_data import REASON

# A loaded machine must not fail a test: no example has a deadline, and slow ones are only slow.
hypothesis.settings.register_profile("tocsin", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("tocsin")

Report = pytest.TestReport | pytest.CollectReport


def refuse_skip(report: Report) -> None:
    """Make a skipped report a failed one unless its reason is missing shared data or it is an expected failure."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if REASON not in reason:
        report.outcome = "failed"
        report.longrepr = f"skipped, and TOCSIN_STRICT allows no skip: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if os.environ.get("TOCSIN_STRICT") == "1":
        refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if os.environ.get("TOCSIN_STRICT") == "1":
        refuse_skip(report)
    return report
