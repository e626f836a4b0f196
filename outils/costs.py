"""A plugin of pytest: writes into tests/costly.txt which tests cost the processor more than `COST` (`make costly`)."""

import os
from collections import defaultdict
from pathlib import Path

import pytest

COST = 0.1  # seconds
COSTLY = Path(__file__).parent.parent / "tests" / "costly.txt"

_spent = defaultdict(list)


def _processor() -> float:
    """Seconds that this process took, and those it started."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """What fixtures take is no matter here: a module's tests share it."""
    start = _processor()
    try:
        return (yield)
    finally:
        item.user_properties.append(("processor", _processor() - start))


def pytest_runtest_logreport(report):
    if report.when == "call":
        _spent[report.nodeid.partition("[")[0]].append(dict(report.user_properties)["processor"])


def pytest_sessionfinish(session):
    """The processes that play send their reports to the one that started them, which writes."""
    if not hasattr(session.config, "workerinput"):
        costly = sorted(test for test, spent in _spent.items() if sum(spent) / len(spent) > COST)
        COSTLY.write_text("".join(f"{test}\n" for test in costly))
