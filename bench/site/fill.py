"""Fills an empty site with made-up records, then a database for Datasette with the rows of its CSV.

    python -m bench.site.fill SHEETS FLAT_DATABASE [--seed 2026]

DATABASE_URL names the site's database, migrated and with its places (bench/kill.py: create).
"""

import argparse
import csv
import json
import sqlite3
import tempfile
from itertools import islice
from pathlib import Path

from bench.site.copies import MADE, copy, copy_flat, in_bulk

SEED = 2026
BLOCK = 2000
INDEXED = ("region", "departement_code", "intercommunalite", "tranche", "montant_eur")
SEARCHED = ("titre", "description", "objectifs")


def fill(count: int, seed: int = SEED) -> None:
    """Makes `count` published projects as saves would, but without history."""
    from django.db import transaction

    from bench.site.records import Lieu, records
    from fiches.choice_lists import Theme
    from socle.territoires.models import Commune

    communes = {one.pk: one for one in Commune.objects.select_related("departement", "intercommunalite").order_by("pk")}
    lieux = [
        Lieu(
            *(one.pk, one.nom, one.departement_id, one.intercommunalite_id),
            *(one.intercommunalite.nom if one.intercommunalite_id else "", 500 + (one.population or 0)),
        )
        for one in communes.values()
    ]
    themes = list(Theme.objects.order_by("pk"))
    rows = records(count, seed, lieux, len(themes))
    while block := list(islice(rows, BLOCK)):
        with transaction.atomic():
            save(block, communes, themes)


def save(block, communes, themes):
    from fiches.attached import Contact
    from projets.models import Projet
    from socle.annuaire.models import Entree, Statut

    made = []
    for feuille in block:
        commune = communes[feuille.lieu.commune] if feuille.lieu else None
        projet = Projet(
            titre=feuille.titre,
            slug=f"{Projet.slug_of(feuille.titre)[:80].strip('-')}-{feuille.rang}",
            statut=Statut.PUBLIEE,
            version=1,
            themes_automatiques=False,
            collectivite=feuille.collectivite,
            departement=commune and commune.departement,
            intercommunalite=commune and commune.intercommunalite,
            commune=None if feuille.par_groupe else commune,
            description=feuille.description,
            objectifs=feuille.objectifs,
            montant_eur=feuille.montant_eur,
            cree_le=feuille.publiee_le,
            publiee_le=feuille.publiee_le,
            modifiee_le=feuille.modifiee_le,
        )
        projet.derive(None)
        made.append(projet)
    for projet, entree in zip(made, Entree.objects.bulk_create(Entree(**p.entree_values()) for p in made), strict=True):
        projet.entree = entree
    for before, projet, feuille in zip(made, made[1:], block[1:], strict=False):
        projet.remplace_id = before.pk if feuille.remplace else None
    Projet.objects.bulk_create(made)
    through = Projet.themes.through
    through.objects.bulk_create(
        through(projet_id=projet.pk, theme=themes[rank])
        for projet, feuille in zip(made, block, strict=True)
        for rank in feuille.themes
    )
    Contact.objects.bulk_create(
        Contact(entree_id=projet.pk, **feuille.personne) for projet, feuille in zip(made, block, strict=True)
    )


def index() -> None:
    """Indexes records and finds doubles, as `manage.py reindexer` does.

    That command also checks entries and records, which are right here, and commits every 100 records.
    """
    from django.core import checks
    from django.db import transaction

    from fiches.indexation import index_fiches
    from projets.models import Projet

    checks.run_checks()  # loads the addresses, hence every list
    with transaction.atomic():
        index_fiches(Projet.objects.published().order_by("pk"))


def tell_log() -> None:
    """Adds all records to the change log, as saves would."""
    from socle.annuaire.models import Entree, inscrire_fiches

    inscrire_fiches(Entree.objects.values_list("pk", flat=True))


def bracket(amount: str, tranches) -> str:
    """Its label in the CSV."""
    if not amount:
        return tranches[-1][1]
    for value, label, _ in tranches[:-1]:
        low, high = value.split("-")
        if float(low) <= float(amount) and (not high or float(amount) < float(high)):
            return label
    raise ValueError(amount)


def flatten(target: Path, count: int = 0) -> int:
    """Writes the rows of /projets.csv into one table of a new SQLite file; returns how many.

    `count`: adds copies until there are so many.
    """
    from django.test import Client

    from fiches.choice_lists import Theme
    from projets.filters import tranches
    from socle.territoires.models import Region

    response = Client(HTTP_HOST="127.0.0.1").get("/projets.csv")
    base = sqlite3.connect(target)
    base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
    with tempfile.TemporaryFile("w+", dir=target.parent, encoding="utf-8-sig", newline="") as file:
        for chunk in response.streaming_content:
            file.buffer.write(chunk)
        file.seek(0)
        rows = csv.DictReader(file)
        names = [*rows.fieldnames, "tranche"]
        types = {"identifiant": "INTEGER PRIMARY KEY", "montant_eur": "REAL"}
        columns = ", ".join(f"{name} {types.get(name, 'TEXT')}" for name in names)
        base.execute(f"CREATE TABLE projets ({columns})")
        brackets = tranches()
        base.executemany(
            f"INSERT INTO projets VALUES ({', '.join(f':{name}' for name in names)})",
            (
                row
                | {
                    "themes": json.dumps(row["themes"].split(" | ") if row["themes"] else [], ensure_ascii=False),
                    "montant_eur": row["montant_eur"] or None,
                    "tranche": bracket(row["montant_eur"], brackets),
                }
                for row in rows
            ),
        )
    copy_flat(base, count)
    for name in INDEXED:
        base.execute(f"CREATE INDEX projets_{name} ON projets ({name})")
    columns = ", ".join(SEARCHED)
    base.execute(
        f'CREATE VIRTUAL TABLE projets_fts USING fts5({columns}, content="projets", content_rowid="identifiant",'
        ' tokenize="unicode61 remove_diacritics 2")'
    )
    base.execute("INSERT INTO projets_fts (projets_fts) VALUES ('rebuild')")
    base.execute("CREATE TABLE adresses (theme TEXT, slug TEXT)")
    base.executemany("INSERT INTO adresses VALUES (?, ?)", Theme.objects.values_list("nom", "slug"))
    base.execute("CREATE TABLE regions (nom TEXT, code TEXT)")
    base.executemany("INSERT INTO regions VALUES (?, ?)", Region.objects.values_list("nom", "code"))
    base.execute("ANALYZE")
    base.commit()
    count = base.execute("SELECT count(*) FROM projets").fetchone()[0]
    base.close()
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sheets", type=int)
    parser.add_argument("flat", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()

    import time

    import django

    django.setup()
    from django.db import connection

    start = time.perf_counter()

    def tell(what: str) -> None:
        spent = time.perf_counter() - start
        print(f"{what}: {spent:.0f} s, {time.process_time():.0f} of processor", flush=True)

    with in_bulk():
        made = min(options.sheets, MADE)
        fill(made, options.seed)
        tell(f"{made} sheets saved")
        index()
        tell_log()
        tell("indexed")
        rows = flatten(options.flat, options.sheets)
        assert rows == options.sheets, f"{rows} rows for {options.sheets} sheets"
        tell("and for Datasette")
        copy(options.sheets, made)
        tell(f"{options.sheets - made} copies of them added")
    if connection.vendor == "postgresql":  # autovacuum would, after a while
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    tell("ready")


if __name__ == "__main__":
    main()
