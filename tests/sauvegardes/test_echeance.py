"""Copies of every kind leave on their day, with whoever was erased."""

from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from socle.sauvegardes import copies
from socle.sauvegardes.copies import KINDS, STAMP
from tests.sauvegardes.site import POSTGRES, SETUP, on_server

pytestmark = pytest.mark.django_db  # to run on both databases

THERE = """
from socle.sauvegardes.copies import KINDS
print(*(name for kind in KINDS for name in kind.there()), sep="\\n")
"""
LATER = """
from datetime import timedelta
from unittest.mock import patch
from django.core.management import call_command
from django.utils import timezone
then = timezone.now() + timedelta(days={days})
with patch.object(timezone, "now", lambda: then):
    call_command("purger")
"""
EARLIER = """
from socle.sauvegardes.copies import REPRISE, copy_before
copy_before(REPRISE, garder=3)
"""


def test_the_last_copies_before_a_takeover_stay_as_many_as_are_asked(monkeypatch, settings, tmp_path):
    settings.SAUVEGARDES = tmp_path
    for day in range(1, 6):
        made = tmp_path / f"{copies.REPRISE}-2026030{day}-020000{copies.SUFFIX}"
        monkeypatch.setattr(copies, "back_up", lambda made=made, **_: made.touch() or made)
        copies.copy_before(copies.REPRISE, garder=3)
    assert [path.name.split("-")[-2] for path in sorted(tmp_path.iterdir())] == ["20260303", "20260304", "20260305"]


def there(site) -> list[str]:
    return site.run("-c", SETUP + THERE).split()


def each_kind(site) -> None:
    now = f"{datetime.now():{STAMP}}"
    site.run("sauvegarder")
    site.run("sauvegarder", "--avant-mise-a-jour")
    site.run("-c", SETUP + EARLIER)
    (night,) = site.copies.glob("sauvegarde-*")
    (site.copies / f"avant-{datetime.now():%Y%m%d-%H%M%S}.tar.gz").write_bytes(night.read_bytes())  # older upgrades
    (site.copies / f"abimee-sauvegarde-{now}.tar.gz").write_bytes(b"Zelie")
    site.run("restaurer", night, "--oui")  # puts base and files aside
    if POSTGRES:
        site.sql(f'CREATE SCHEMA "ancienne-{now}"')
        site.sql(f'CREATE TABLE "ancienne-{now}".personnes AS SELECT * FROM fiches_contact')
        on_server("CREATE DATABASE {} TEMPLATE {}", f"{site.name}-restauration", site.name)
        work = site.copies / ".restauration"
    else:
        Path(f"{site.base}.ancienne-{now}").write_bytes(site.base.read_bytes())
        work = site.base.with_name(f".{site.base.name}.restauration")
    for folder in (work, site.media / ".restauration", site.copies / f"{copies.UNFINISHED}abc"):
        folder.mkdir()
        (folder / "base").write_bytes(b"Zelie")


@pytest.mark.long
def test_each_kind_leaves_after_thirty_days_and_whoever_was_erased_with_it(site):
    each_kind(site)
    code = SETUP + "from socle.sauvegardes.copies import KINDS\nprint(sum(any(kind.there()) for kind in KINDS))"
    assert int(site.run("-c", code)) == len(KINDS), "whoever adds a kind of copy adds it to `each_kind`"
    found = there(site)
    # Five archives, what a restore put aside, an old base, remains of a killed copy and a killed restore.
    assert len(found) >= 11
    assert "zelie" in everything(site)
    site.run("personne", "effacer", "zelie@exemple.bzh")
    site.run("-c", SETUP + LATER.format(days=29))
    assert sorted(there(site)) == sorted(found)
    site.run("-c", SETUP + LATER.format(days=31))
    assert there(site) == []
    assert "zelie" not in everything(site).replace("zélie", "zelie")
    if POSTGRES:
        names = {name for (name,) in site.sql("SELECT datname FROM pg_database") if name.startswith(site.name)}
        assert names == {site.name}


@pytest.mark.skipif(not POSTGRES, reason="a database in a file is dropped with its folder")
def test_a_second_base_that_cannot_be_dropped_stays_in_sight(site):
    second, work = f"{site.name}-restauration", site.copies / ".restauration"
    on_server("CREATE DATABASE {}", second)
    work.mkdir(parents=True)
    with psycopg.connect(f"{site.url}-restauration"):
        assert second in site.attempt("-c", SETUP + LATER.format(days=31)).stdout
        assert there(site) == [str(work)]
        work.rmdir()
        assert there(site) == [str(work)]
    site.run("-c", SETUP + LATER.format(days=0))
    assert there(site) == []
    assert site.left == []


def everything(site) -> str:
    """Every byte that the site keeps on disk, and every row with personal data, in lower case."""
    rows = [str(site.sql(f"SELECT * FROM {table}")) for table in ("fiches_contact", "projets_projet")]
    files = [path.read_bytes().decode("latin-1") for path in site.dossier.rglob("*") if path.is_file()]
    return "\n".join([*rows, *files]).casefold()
