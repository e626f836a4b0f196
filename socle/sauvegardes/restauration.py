"""Restores a copy: fills a second database, checks it, migrates it and erases again, then exchanges the two.

What stands is only renamed, in the last step: its files, then its database, in one rename or transaction. If anything
fails or is killed before, the site stays as it was, files included (fichiers.py).
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from socle.journal.writing import renew
from socle.sauvegardes import archive, bases, fichiers, verrou
from socle.sauvegardes.archive import CopieImpossible, Manifeste

PARTIES = {"memoire"}  # applications that have left: their migrations do not come from newer code
RENOMMEES = {"courrier.0003_index_of_failures"}  # migrations of version 0.2.0 that have another number since
MOTEURS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
WORK = ".restauration"  # in the folder of uploaded files


def examine(fichier: Path) -> Manifeste:
    """What a copy says about itself; CopieImpossible if this site cannot use it."""
    manifeste = archive.read_manifest(fichier)
    if manifeste.moteur != connection.vendor:
        theirs, ours = (MOTEURS.get(moteur, moteur) for moteur in (manifeste.moteur, connection.vendor))
        raise CopieImpossible(
            f"Cette copie est celle d’une base {theirs}, et ce site se sert de {ours} (variable DATABASE_URL)."
        )
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    theirs = [name for name in manifeste.migrations if name.partition(".")[0] not in PARTIES and name not in RENOMMEES]
    if unknown := [name for name in theirs if name not in ours]:
        raise CopieImpossible(
            f"Cette copie vient d’une version plus récente du site, ou d’une autre ({unknown[0]} est inconnu ici) : "
            "mettez d’abord le code à la version qui l’a faite."
        )
    return manifeste


def have_alone() -> None:
    """Keeps every process of the site waiting until this one ends; CopieImpossible if one is at work."""
    base = bases.here()
    try:
        pids = verrou.take()
    except OSError as error:
        raise CopieImpossible(f"Impossible de savoir si le site est arrêté : {error}.") from error
    how = ""
    if pids is not None:
        how = f"le verrou {verrou.path()} est tenu par des processus du site : {', '.join(pids) or 'inconnus'}"
    if how := how or base.others():
        raise CopieImpossible(
            f"Le site est en marche ou quelqu’un se sert de la base : {how}.\n"
            "Arrêtez le site (gunicorn, runserver) et ses tâches, puis recommencez."
        )
    for place in (base.base, Path(settings.MEDIA_ROOT)):
        if isinstance(place, Path) and place.exists() and os.geteuid() != place.stat().st_uid:
            raise CopieImpossible(
                f"{place} appartient au compte {place.owner()} : lancez cette commande sous ce compte, sans quoi "
                "le site ne pourrait plus y écrire."
            )


def examine_aside(moment: str) -> None:
    """Raises CopieImpossible if no restore moved anything aside then; the message lists the moments."""
    names = (name.rpartition(f"{bases.ASIDE}-")[2] for name in bases.here().asides())
    moments = sorted({name.removesuffix("-wal").removesuffix("-shm") for name in names})
    if moment not in moments:
        there = f"il y a {', '.join(moments)}" if moments else "il n’y a rien de mis de côté"
        raise CopieImpossible(f"Aucune restauration n’a mis quoi que ce soit de côté le {moment} : {there}.")


def restore(fichier: Path, finish: Callable[[], None], moment: str, tell: Callable[[str], object]) -> list[str]:
    """Restores the copy; returns where the former state is. Call `have_alone` first.

    `finish` is called while Django uses the second database and its files.
    """
    base, work = bases.here(), Path(settings.MEDIA_ROOT) / WORK
    files = examine(fichier).fichiers
    _clean(base, work)
    try:
        with archive.told(fichier):
            base.dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
            if files:
                work.mkdir(mode=0o700, parents=True)
            dump = base.dossier / "base"
            archive.unpack(fichier, dump, work if files else None)
            return _put(base, base.fill(dump, tell), work if files else None, finish, moment)
    finally:
        _clean(base, work)


def go_back(depuis: str, finish: Callable[[], None], moment: str) -> list[str]:
    """Restores what that restore moved aside; returns where the present state is."""
    base, work = bases.here(), Path(settings.MEDIA_ROOT) / f".{bases.ASIDE}-{depuis}"
    _clean(base)
    try:
        with archive.told(work):
            wheres = _put(base, base.aside(depuis), work if work.exists() else None, finish, moment)
            base.forget(depuis)
            with suppress(OSError):  # it is not empty, or there were no files
                work.rmdir()
            return wheres
    finally:
        _clean(base)


def _put(
    base: "bases.Sqlite | bases.Postgres", second: str, files: Path | None, finish: Callable[[], None], moment: str
) -> list[str]:
    """Migrates and finishes a second database with its files, then exchanges it with the first."""
    media = Path(settings.MEDIA_ROOT)
    aside = media / f".{bases.ASIDE}-{moment}"
    try:
        with _at(second, files or media):
            call_command("migrate", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # a dump has no statistics about its rows
            finish()
            renew()
        if how := base.others():
            raise CopieImpossible(f"Quelqu’un s’est servi de la base entre-temps : {how}.")
        with fichiers.in_place(files, aside) if files else nullcontext():
            old = base.swap(second, moment)
    except DatabaseError as error:
        raise CopieImpossible(f"La base n’a pas pu être mise en service : {error}") from error
    return [where for where in (old, aside.exists() and str(aside)) if where]


def _clean(base: "bases.Sqlite | bases.Postgres", work: Path | None = None) -> None:
    """Deletes the working files of this restore, or of a killed one. The purge deletes what is left."""
    with suppress(DatabaseError):
        base.discard()
    if work:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _at(name: str, media: Path) -> Iterator[None]:
    """Makes Django use another database and other files: files of erased persons leave the copy too."""
    present = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    if isinstance(default_storage, FileSystemStorage):
        default_storage.location = str(media)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = present
        if isinstance(default_storage, FileSystemStorage):
            del default_storage.location  # computed again from MEDIA_ROOT
