"""`sauvegarder`, `restaurer`, and the copy that a takeover makes: in processes, on SQLite in files or on a server.

bench/restauration.py restores thirty times after a crash, on both.
"""

import fcntl
import os
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from socle.sauvegardes import archive, bases, copies
from socle.sauvegardes.archive import Manifeste
from socle.sauvegardes.bases import Postgres
from socle.sauvegardes.copies import echues
from tests.courrier.conftest import free_port
from tests.sauvegardes.site import POSTGRES, SETUP
from tests.sauvegardes.test_archive import HARMFUL, raw

pytestmark = pytest.mark.django_db  # to run on both databases
sqlite_only = pytest.mark.skipif(POSTGRES, reason="how SQLite keeps its log")
postgres_only = pytest.mark.skipif(not POSTGRES, reason="tools of PostgreSQL")
MOTEUR = "postgresql" if POSTGRES else "sqlite"
START, CHANGED = ["Un guichet", "Un portail"], ["Un guichet", "Une maison"]
FILE = Path("annexes", "plan.pdf")


def change(site, titre="Une maison"):
    site.sql(f"UPDATE projets_projet SET titre = '{titre}' WHERE titre <> 'Un guichet'")


def made(site, base=b"aucune base", **says):
    (site.dossier / "a-la-main").write_bytes(base)
    manifeste = {"moteur": MOTEUR, "faite_le": "2026-11-02T09:30:00+01:00", "fichiers": False, "migrations": []} | says
    path = site.dossier / "a-la-main.tar.gz"
    archive.pack(path, Manifeste(**manifeste), site.dossier / "a-la-main", site.media if says.get("fichiers") else None)
    return path


def unchanged(site):
    return (site.titles, (site.media / FILE).read_bytes(), site.left) == (START, b"%PDF un plan", [])


# To copy


@pytest.mark.long
def test_a_copy_is_its_owner_s_alone_and_goes_where_it_is_told_but_never_over_another_file(site):
    """It sweeps what a killed copy left, and no other file."""
    copie = site.copy()
    assert copie.parent == site.copies
    assert re.fullmatch(r"sauvegarde-\d{4}-\d\d-\d\d-\d{6}\.tar\.gz", copie.name)
    assert stat.S_IMODE(copie.stat().st_mode) == 0o600
    assert stat.S_IMODE(site.copies.stat().st_mode) == 0o700
    ours, theirs = site.copies / ".labacces-copie-inachevee-1", site.dossier / ".copie-des-photos"
    for left in (ours, theirs):
        left.mkdir()
        os.utime(left, (0, 0))
    target = site.dossier / "ici.tar.gz"
    assert site.copy(target, "--sans-fichiers") == target
    before = target.read_bytes()
    assert "existe déjà" in site.refused("sauvegarder", target)
    assert target.read_bytes() == before
    assert not archive.read_manifest(target).fichiers
    assert theirs.exists()
    assert not ours.exists()
    assert site.left == []


@pytest.mark.long
def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(site):
    assert "n’a pas été faite" in site.refused("sauvegarder", site.dossier / "absent" / "copie.tar.gz")
    site.copies.write_text("un fichier à la place du dossier")
    assert str(site.copies) in site.refused("sauvegarder")
    assert site.left == []


def test_without_room_nothing_is_written(settings, tmp_path, monkeypatch):
    settings.SAUVEGARDES, settings.MEDIA_ROOT = tmp_path / "copies", tmp_path / "media"
    monkeypatch.setattr(copies, "connection", SimpleNamespace(in_atomic_block=False))  # as outside a test
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    monkeypatch.setattr(type(bases.here()), "size", lambda base: 500_001)
    with pytest.raises(CommandError, match=r"faut 2 Mo libres .* il y en a 1 : libérez"):
        call_command("sauvegarder")
    assert not list(settings.SAUVEGARDES.iterdir())


@postgres_only
def test_without_pg_dump_it_is_said_what_to_install(site):
    assert "postgresql-client" in site.refused("sauvegarder", env={"PATH": "/nulle-part"})
    assert not list(site.copies.iterdir())


# To put back


@pytest.mark.long
def test_a_copy_is_put_back_whole_and_what_stood_is_put_aside(site, copie):
    change(site)
    (site.media / FILE).write_bytes(b"%PDF un autre")
    (site.media / "dossier").mkdir()
    (site.media / "dossier" / "neuf.mp3").write_bytes(b"son")
    said = site.run("restaurer", copie, "--oui")
    assert unchanged(site)
    assert not (site.media / "dossier").exists()
    asides = re.findall(r"mis de côté : (.*)", said)
    assert Path(asides[1], FILE).read_bytes() == b"%PDF un autre"
    assert Path(asides[1], "dossier", "neuf.mp3").read_bytes() == b"son"
    if POSTGRES:
        site.name = asides[0]
    else:
        site.base = Path(asides[0])
    assert site.titles == CHANGED


@pytest.mark.long
def test_a_copy_without_files_leaves_those_that_are_there(site):
    copie = site.copy("--sans-fichiers")
    (site.media / FILE).write_bytes(b"%PDF un autre")
    site.run("restaurer", copie, "--oui")
    assert (site.media / FILE).read_bytes() == b"%PDF un autre"


@pytest.mark.parametrize(
    ("provider", "own"),
    [("i", "LOCALE_PROVIDER icu ICU_LOCALE"), ("b", "LOCALE_PROVIDER builtin BUILTIN_LOCALE"), ("c", "")],
)
def test_the_second_base_sorts_as_the_first_one(provider, own):
    """Not every server knows all providers, so the statement is checked."""
    assert own in Postgres._create("x", "UTF8", "C", "C", provider, "fr")
    assert ("LOCALE" in Postgres._create("x", "UTF8", "C", "C", provider, "fr")) == bool(own)


@pytest.mark.long
def test_it_asks_first_and_says_what_would_be_lost(site, copie):
    change(site)
    for answer in ("", "non\n"):
        said = site.refused("restaurer", copie, answer=answer)
        assert "enregistré depuis sera perdu" in said
        assert "Rien n’a changé" in said
    assert site.titles == CHANGED
    site.run("restaurer", copie, answer="oui\n")
    assert site.titles == START


@pytest.mark.long
def test_who_was_erased_since_is_erased_again(site, copie):
    site.run("personne", "effacer", "zelie@exemple.bzh")
    assert "dont tout est effacé : 1" in site.run("restaurer", copie, "--oui")
    assert site.sql("SELECT count(*) FROM fiches_contact") == [(0,)]
    assert site.sql("SELECT count(*) FROM projets_projet WHERE description LIKE '%Kerzonfleur%'") == [(0,)]
    assert "disent ce que disent les fiches" in site.run("reindexer", "--verifier")


@pytest.mark.long
def test_an_older_copy_is_migrated_and_its_index_made_again(site):
    site.sql("DELETE FROM recherche_indexe")
    site.run("migrate", "vie_privee", "0001_squashed_0005", "--verbosity=0")
    copie = site.copy()
    site.run("migrate", "--verbosity=0")
    site.run("restaurer", copie, "--oui")
    assert "[ ]" not in site.run("showmigrations", "vie_privee")
    assert site.sql("SELECT count(*) FROM recherche_indexe") == [(2,)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("says", "why"),
    [
        ({"migrations": ["projets.0099_demain"]}, "projets.0099_demain"),
        ({"moteur": "sqlite" if POSTGRES else "postgresql"}, "DATABASE_URL"),
        ({"migrations": ["fiches.0001_initiale"]}, "fiches.0001_initiale est inconnu ici"),
        ({"fichiers": True}, "n’a pas été restaurée"),
        # Migrations of before have left or have another number: only the one that nobody knows is named.
        (
            {"migrations": ["memoire.0001_initial", "courrier.0003_index_of_failures", "projets.0099_demain"]},
            "(projets.0099_demain est inconnu ici)",
        ),
    ],
)
def test_a_copy_that_is_of_no_use_here_changes_nothing(site, says, why):
    assert why in site.refused("restaurer", made(site, **says), "--oui")
    assert unchanged(site)


@pytest.mark.long
@pytest.mark.parametrize("harm", ["names before names", "cut"])
def test_a_copy_that_is_made_to_harm_or_cut_changes_nothing(site, copie, harm):
    if harm == "cut":
        copie.write_bytes(copie.read_bytes()[:-4])
    else:
        raw(copie, HARMFUL[harm], moteur=MOTEUR, migrations=[])
    assert "rien n’a changé sur ce site" in site.refused("restaurer", copie, "--oui")
    assert unchanged(site)


@pytest.mark.long
@sqlite_only
def test_a_base_with_a_row_that_points_to_none_is_copied_and_put_back_and_it_is_said(site):
    site.sql("UPDATE fiches_contact SET entree_id = 99")
    said = site.run("sauvegarder")
    assert "1 de fiches_contact vers annuaire_entree" in said
    assert "faite quand même" in said
    (copie,) = site.copies.glob("sauvegarde-*")
    change(site)
    assert "1 de fiches_contact vers annuaire_entree" in site.run("restaurer", copie, "--oui")
    assert unchanged(site)


@pytest.mark.long
@sqlite_only
def test_a_damaged_base_is_copied_as_it_is_and_the_copy_is_marked(site):
    with site.base.open("r+b") as file:
        (page,) = site.sql("SELECT rootpage FROM sqlite_schema WHERE name = 'projets_projet'")[0]
        file.seek((page - 1) * 4096)
        file.write(os.urandom(4096))
    said = site.refused("sauvegarder")
    assert "La base est abîmée" in said
    (copie,) = site.copies.iterdir()
    assert str(copie) in said
    assert copie.name.startswith("abimee-sauvegarde-")
    archive.unpack(copie, site.dossier / "lue")
    with closing(sqlite3.connect(site.dossier / "lue")) as base:
        assert base.execute("SELECT courriel FROM fiches_contact").fetchall() == [("zelie@exemple.bzh",)]
    assert "rien n’a changé" in site.refused("restaurer", copie, "--oui")


@pytest.mark.long
def test_a_restore_that_fails_at_the_end_changes_nothing(site, copie):
    """It fails in the second database, at the last step but one."""
    code = SETUP + "from django.core.management import execute_from_command_line as run\n"
    code += "from socle.sauvegardes.management.commands import restaurer\n"
    code += "def fails(*args, **options):\n    raise OSError(28, 'No space left on device')\n"
    code += "restaurer.call_command = fails\n"
    assert "plus de place" in site.refused("-c", f"{code}run(['manage.py', 'restaurer', {str(copie)!r}, '--oui'])")
    assert unchanged(site)


@pytest.mark.long
def test_a_restore_killed_at_any_moment_leaves_one_state_or_the_other_and_can_be_done_again(site, copie):
    change(site)
    start = time.monotonic()
    site.run("restaurer", copie, "--oui")
    lasts = time.monotonic() - start
    for share in (0.6, 0.9):
        change(site, f"Écrit puis perdu {share}")
        before = site.titles
        process = site.start("manage.py", "restaurer", str(copie), "--oui")
        time.sleep(share * lasts)
        process.kill()
        process.communicate()
        assert site.titles in (before, START)
        site.run("restaurer", copie, "--oui")
        assert unchanged(site)


@pytest.mark.long
def test_what_a_restore_put_aside_is_put_back_with_its_files_and_its_log(site, copie):
    change(site)
    (site.media / FILE).write_bytes(b"%PDF un autre")
    said = site.run("restaurer", copie, "--oui")
    change(site, "Une cabane")
    if not POSTGRES:  # a killed server leaves this in both bases
        aside, base = Path(re.search(r"mis de côté : (.*)", said)[1]), site.base
        site.base = aside
        kill_a_writer(site)
        site.base = base
        kill_a_writer(site)
    again = site.run("restaurer", *re.search(r"manage.py restaurer (--revenir) (\S+)", said).groups(), "--oui")
    assert [titre for titre in site.titles if "Après" not in titre] == CHANGED
    assert len(site.titles) == (2 if POSTGRES else 42)
    assert (site.media / FILE).read_bytes() == b"%PDF un autre"
    if not POSTGRES:
        assert site.sql("PRAGMA integrity_check") == [("ok",)]
    site.run("restaurer", *re.search(r"manage.py restaurer (--revenir) (\S+)", again).groups(), "--oui")
    assert "Une cabane" in site.titles
    assert (site.media / FILE).read_bytes() == b"%PDF un plan"
    assert site.left == []


@pytest.mark.long
def test_a_moment_at_which_nothing_was_put_aside_is_told_before_anything_is_asked(site, copie):
    there = re.search(r"--revenir (\S+)", site.run("restaurer", copie, "--oui"))[1]
    for moment in ("2020-01-01-000000", there[:-1]):
        said = site.refused("restaurer", "--revenir", moment, answer="oui\n")
        assert "Tapez" not in said
        assert "rien n’a changé" in said
        assert f"{moment} : il y a {there}." in said
    assert site.left == []


KILLS = {
    "files are entering": "fichiers._move = lambda source, *args: (move(source, *args), os._exit(9)) "
    "if source.name == '.restauration' else move(source, *args)",
    "bases are swapped": "base.swap = lambda *args: (swap(*args), os._exit(9))",
}


@pytest.mark.long
@pytest.mark.parametrize("moment", KILLS)
def test_a_restore_killed_between_files_and_base_is_undone_by_whoever_comes_next(site, copie, moment):
    change(site)
    (site.media / FILE).write_bytes(b"%PDF un autre")
    (site.media / "dossier").mkdir()
    code = f"{SETUP}import os\nfrom socle.sauvegardes import bases, fichiers\n"
    code += "move, base = fichiers._move, type(bases.here())\n"
    code += f"swap = base.swap\n{KILLS[moment]}\nfrom django.core.management import execute_from_command_line as run\n"
    done = site.attempt("-c", f"{code}run(['manage.py', 'restaurer', {str(copie)!r}, '--oui'])")
    assert done.returncode == 9, done.stdout
    together = [site.start("manage.py", "purger", "--simulation") for _ in range(2)]
    assert [process.communicate() and process.returncode for process in together] == [0, 0]
    swapped = moment == "bases are swapped"
    assert site.titles == (START if swapped else CHANGED)
    assert (site.media / FILE).read_bytes() == (b"%PDF un plan" if swapped else b"%PDF un autre")
    assert (site.media / "dossier").exists() != swapped
    (site.media / FILE).write_bytes(b"%PDF encore un autre")
    site.run("restaurer", copie, "--oui")
    assert unchanged(site)


def kill_a_writer(site):
    """Leaves what a killed process leaves: 40 projects, in the log alone."""
    code = f"{SETUP}import time\n"
    code += "for n in range(40):\n    Projet(titre=f'Après {n}').save()\nprint('écrit', flush=True)\ntime.sleep(600)"
    process = site.start("-c", code)
    assert process.stdout.readline() == "écrit\n"
    process.kill()
    process.communicate()
    assert Path(f"{site.base}-wal").stat().st_size


@pytest.mark.long
@sqlite_only
def test_the_log_of_a_killed_process_does_not_spoil_the_copy(site, copie):
    kill_a_writer(site)
    said = site.run("restaurer", copie, "--oui")
    assert site.sql("PRAGMA integrity_check") == [("ok",)]
    assert site.titles == START
    site.base = Path(re.search(r"mis de côté : (.*)", said)[1])
    assert len(site.titles) == 42  # the old database kept its log


def fill_with_noise(base: Path):
    base.write_bytes(os.urandom(100_000))


def name_a_table_in_bytes_that_are_no_text(base: Path):
    with closing(sqlite3.connect(base, isolation_level=None)) as damaged:
        damaged.execute("PRAGMA writable_schema = ON")
        damaged.execute("UPDATE sqlite_schema SET name = CAST(x'9841' AS TEXT), sql = 'CREATE TABLE non('")


@sqlite_only
@pytest.mark.long
@pytest.mark.parametrize("damage", [fill_with_noise, name_a_table_in_bytes_that_are_no_text])
def test_a_database_damaged_beyond_reading_is_replaced_all_the_same(site, copie, damage):
    damage(site.base)
    assert "abîmée au point de ne plus se lire" in site.refused("sauvegarder")
    site.run("restaurer", copie, "--oui")
    assert unchanged(site)


# While the site runs


SERVERS = {
    "runserver": ["manage.py", "runserver", "--noreload"],
    "gunicorn": ["-m", "gunicorn", "labacces.wsgi", "--workers", "1", "--bind"],
}


@pytest.mark.long
@pytest.mark.parametrize(("server", "asked"), [("runserver", False), ("gunicorn", True)])
def test_it_refuses_while_the_site_runs_and_says_how_it_knows(site, copie, server, asked):
    port = free_port()
    process = site.start(*SERVERS[server], f"127.0.0.1:{port}", stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with closing(socket.socket()) as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        if asked:
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}/projets.csv").status == 200
        for _ in range(300):  # gunicorn listens before its worker has the site
            if server in (said := site.refused("restaurer", copie)):
                break
        assert ".ouvert est tenu" in said
        assert re.search(rf"\d+ \(.*{server}", said)
        assert "Arrêtez le site" in said
    finally:
        process.kill()
        process.wait()
    end = time.monotonic() + 300  # workers of gunicorn notice 15 s later that their master is gone
    while time.monotonic() < end:
        if site.attempt("restaurer", copie, "--oui").returncode == 0:
            return
    pytest.fail("nobody is left, and it still refuses")


@pytest.mark.long
def test_it_refuses_while_somebody_else_has_the_database_open(site, copie):
    if POSTGRES:
        import psycopg

        other, how = psycopg.connect(site.url), "pg_stat_activity"
    else:
        other, how = sqlite3.connect(site.base), "verrouillé par une connexion"
    with closing(other):
        other.execute("SELECT count(*) FROM projets_projet").fetchall()
        assert how in site.refused("restaurer", copie, "--oui")
    site.run("restaurer", copie, "--oui")


@pytest.mark.long
def test_a_command_waits_for_the_end_of_a_restore(site):
    site.run("sauvegarder", "--sans-fichiers")
    lock = Path("var", f"{site.name}.ouvert") if POSTGRES else Path(f"{site.base}.ouvert")
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        process = site.start("manage.py", "sauvegarder", str(site.dossier / "apres.tar.gz"))
        assert "Une restauration est en cours" in process.stdout.readline()
        time.sleep(0.5)
        assert process.poll() is None
    process.communicate()
    assert process.returncode == 0


# Their end


def test_a_copy_named_by_somebody_is_not_dated_by_its_folder(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SAUVEGARDES = tmp_path / "media", tmp_path / "2026-01-01-120000"
    settings.SAUVEGARDES.mkdir()
    for name in ("garder.tar.gz", "sauvegarde-2026-01-01-120000.tar.gz"):
        (settings.SAUVEGARDES / name).write_bytes(b"x")
    assert [Path(name).name for _, name in echues(timezone.now())] == ["sauvegarde-2026-01-01-120000.tar.gz"]
