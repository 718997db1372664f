"""In CI nothing may be skipped: with `VERBATIM_NO_SKIPS=1` a skipped test or file is a failure that says why.

A test that is expected to fail (`xfail`, strict) is not a skip: it ran.
"""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# No test may fail because the machine is slow or busy; one that fails prints how to run it again.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("any machine")

NO_SKIPS = os.environ.get("VERBATIM_NO_SKIPS") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"VERBATIM_NO_SKIPS=1, and skipped: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if NO_SKIPS and report.skipped:
        report.outcome, report.longrepr = "failed", f"VERBATIM_NO_SKIPS=1, and skipped: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: object) -> str:
    """A skip's `longrepr` is (path, line, reason)."""
    return f"{longrepr[2]} ({longrepr[0]}:{longrepr[1]})" if isinstance(longrepr, tuple) else str(longrepr)
