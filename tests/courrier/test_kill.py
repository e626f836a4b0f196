"""A sender that is killed loses nothing and sends one mail twice at most; two at once send each mail once.

Fifty moments on both databases: bench/kill_courriels.py.
"""

import os

import psycopg
import pytest
from django.db import connection

from bench.kill_courriels import trial


@pytest.fixture
def url(tmp_path):
    """A throw-away database of the kind that the tests run on, for processes of their own."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/courriels.sqlite3"
        return
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"courriels_{os.getpid()}"
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name}")


@pytest.mark.long
def test_a_killed_sender_loses_nothing(url):
    lines = []
    broken = trial(url, 2, seed=2, report=lines.append)
    assert not broken, "\n".join([*lines, *broken])
