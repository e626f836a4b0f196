"""What `make test` leaves to another day is played within a week, and what somebody is at work on is played at once."""

from types import SimpleNamespace

import pytest
from django.conf import settings

from tests import turns

COSTLY = sorted(name for name in turns.COSTLY if not name.startswith("tests/reprise/"))


class Item:
    """A test that asks for these fixtures, without marks."""

    def __init__(self, nodeid, *fixtures):
        self.nodeid, self.fixturenames = nodeid, fixtures
        self.path = settings.BASE_DIR / nodeid.partition("::")[0]

    def iter_markers(self, name):
        return []

    def get_closest_marker(self, name):
        return None


class Items(list):
    """Twenty costly tests, twenty files of the takeover of two tests each, a test of twenty cases, one of no cost."""

    def __init__(self):
        names = COSTLY[:20] + [f"tests/reprise/test_{file}.py::test_{test}" for file in range(20) for test in range(2)]
        super().__init__(Item(name) for name in names)
        self += [Item(f"tests/a/test_b.py::test_cases[{case}]", "db") for case in range(20)]
        self.append(Item("tests/a/test_b.py::test_cheap", "db"))


@pytest.fixture
def left(monkeypatch):
    """Names of those left on a day, whatever plays this test and was changed here."""

    def ask(items, day=0, *, named=(), changed=()):
        config = SimpleNamespace(option=SimpleNamespace(keyword=""), args=list(named))
        for name, value in {
            "EVERYTHING": False,
            "POSTGRES": False,
            "DEPART": day,
            "_changed": lambda: set(changed),
        }.items():
            monkeypatch.setattr(turns, name, value)
        found = turns.left_today(config, items)
        return {one.nodeid for one in items if one in found}

    return ask


def test_all_is_played_within_a_week_each_test_once(left):
    items = Items()
    week = [left(items, day) for day in range(7)]
    played = [len(items) - len(day) for day in week]
    assert sum(played) == len(items) + 6  # the one of no cost each day
    assert not set.intersection(*week)
    for day in week:
        assert "tests/a/test_b.py::test_cheap" not in day
        for file in range(20):
            tests = {f"tests/reprise/test_{file}.py::test_{test}" for test in range(2)}
            assert tests <= day or not tests & day


def test_files_named_or_changed_are_played_whole(left):
    items = Items()
    mine = {"tests/a/test_b.py", COSTLY[0].partition("::")[0]}
    for day in range(7):
        for asked in ({"named": mine}, {"changed": mine}):
            assert not {name for name in left(items, day, **asked) if name.partition("::")[0] in mine}
        assert not {name for name in left(items, day, changed={"reprise/dump.py"}) if "/reprise/" in name}


def test_of_thousands_alike_what_plays_everything_plays_all_within_some_days(monkeypatch):
    monkeypatch.setattr(turns, "EVERYTHING", True)
    played = []
    for day in range(3):
        monkeypatch.setattr(turns, "DEPART", day)
        played += turns.spread(list(range(100)), one_in=20, days=3)
        assert turns.spread(list(range(100)), one_in=20) == list(range(100))
    assert sorted(played) == list(range(100))
