"""What is killed leaves all of its sheets or none. Twenty moments on both databases: bench/kill.py, kill_import.py."""

import os

import pytest

from bench import kill_import
from bench.kill import EXTRAIT, trial

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="fifteen seconds: on SQLite only"),
]


def test_a_killed_takeover_is_all_or_nothing_and_can_be_run_again(tmp_path):
    lines = []
    broken = trial(f"sqlite:///{tmp_path}/kill.sqlite3", EXTRAIT, 2, seed=1, report=lines.append)
    assert broken == 0, "\n".join(lines)


def test_a_killed_import_is_all_or_nothing_and_can_be_sent_again(tmp_path):
    lines = []
    broken = kill_import.trial(f"sqlite:///{tmp_path}/kill.sqlite3", 30, 2, seed=1, report=lines.append)
    assert broken == 0, "\n".join(lines)
