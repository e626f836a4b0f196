"""Databases of earlier days (`outils/keep_database.py`) are migrated forward, and read."""

import gzip
import json
import subprocess
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.sauvegardes.site import POSTGRES, ROOT, Site, on_server

KEPT = sorted((ROOT / "tests" / "bases").glob("*.sql.gz" if POSTGRES else "*.sqlite3.gz"))
READ = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
call_command("migrate", verbosity=0)
for model in apps.get_models(include_auto_created=True):
    list(model._base_manager.all()[:3])  # every column that models name is there
"""
# Migrations of before 1.0, one by one: `BEFORE.migrate(…)`; Django alone would take those that replace them.
BEFORE = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
BEFORE = MigrationExecutor(connection)
BEFORE.loader = MigrationLoader(connection, replace_migrations=False)
"""
# Five journals of who read persons became one: a row of each, as they stood at the end.
JOURNAUX = {
    "alertes": ("0001_alerte", "ConsultationDAlertes", "alertes.Alerte"),
    "contacter": ("0004_signalements_et_avis", "ConsultationDeMessages", "contacter.Message"),
    "contributions": ("0004_fichiers_proposes", "ConsultationDeContributions", "contributions.Contribution"),
    "explorations": ("0002_nom_du_journal", "ConsultationDExplorations", "explorations.Exploration"),
    "inscriptions": ("0002_nom_du_journal", "ConsultationDInscriptions", "inscriptions.Inscription"),
}
LECTURES = f"""
from datetime import datetime, UTC
journaux = {JOURNAUX!r}
at = [(app, last) for app, (last, *_) in journaux.items()]
state = BEFORE.migrate(at).apps
qui = state.get_model("comptes", "Utilisateur").objects.create(username="awena")
evenement = state.get_model("evenements", "Evenement").objects.get()
for jour, (app, (_, nom, _)) in enumerate(journaux.items(), 1):
    values = dict(le=datetime(2026, 11, jour, tzinfo=UTC), qui=qui, quoi="csv", nombre=jour)
    journal = state.get_model(app, nom).objects
    journal.create(**values, **(dict(evenement=evenement) if app == "inscriptions" else dict()))
journal.create(le=datetime(2026, 11, 6, tzinfo=UTC), quoi="emargement", nombre=6)
"""
# Alerts kept what they knew; now they keep how far they read the change log. One knows nothing, one all but the last.
ALERTES = """
from datetime import timedelta
from django.utils import timezone
from pyroaring import BitMap
state = BEFORE.migrate([("alertes", "0003_inachevees"), ("annuaire", "0007_annee_dite")]).apps
Entree, Alerte = state.get_model("annuaire", "Entree"), state.get_model("alertes", "Alerte")
now = timezone.now()
for number in range(3):
    Entree.objects.create(type="projet", slug=f"s{number}", statut="publiee", publiee_le=now - timedelta(days=number))
Entree.objects.create(type="terme", slug="mot", statut="publiee")
Entree.objects.create(type="projet", slug="brouillon", statut="brouillon")
public = [pk for pk in Entree.objects.filter(statut="publiee").order_by("pk").values_list("pk", flat=True)]
for number, known in enumerate(([], public[:1], public[:-1], public, [*public, 9999])):
    Alerte.objects.create(
        courriel=f"{number}@exemple.bzh", courriel_cle=f"{number}", type="site", criteres=f"q={number}", mots="tout",
        etat="active", connues=BitMap(known).serialize(), cree_le=now,
    )
"""
VUES = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from participants.alertes.models import Alerte
from socle.journal import following
moment = following.follow()
print([len(following.came([following.FICHES], row.vu, moment.numero)) for row in Alerte.objects.order_by("pk")])
"""
# Texts from which each save took names: one record, three public versions, the kept texts and the answers of staff.
NOMS = """
from django.utils import timezone
before = {"suivi": "0007_liens_sortants", "vie_privee": "0004_consultation", "reprise": "0007_mots_masques"}
leaves = {app: name for app, name in BEFORE.loader.graph.leaf_nodes()}  # the old one of each app
state = BEFORE.migrate([*(leaves | before).items()]).apps
get = state.get_model
entree = get("annuaire", "Entree").objects.create(type="projet", slug="un", statut="publiee", titre="Un", tri="un")
Projet, Version = get("projets", "Projet"), get("projets", "HistoricalProjet")
said = {"description": "Avec [nom masqué] et Malo Riou.", "objectifs": "Relire avec Enora Calvez."}
values = {"entree_id": entree.pk, "titre": "Un", "slug": "un", "statut": "publiee", "version": 4, **said}
projet = Projet.objects.create(**values)
values = {field.attname: getattr(projet, field.attname) for field in Projet._meta.concrete_fields}
for number, text in enumerate(["Avec AWENA Prigent.", "Avec Malo Riou.", "Avec Gwenn Tanguy.", said["description"]], 1):
    Version.objects.create(
        **values | {"version": number, "description": text}, history_date=timezone.now(), history_type="~"
    )
contact = get("fiches", "Contact").objects.create(entree=entree, nom="Enora Calvez")
NomTenu, MotTenu = get("vie_privee", "NomTenu"), get("vie_privee", "MotTenu")
NomTenu.objects.all().delete()
for cle, (nom, decision, keys) in enumerate([
    ("Awena Prigent", "", ["prigent", "awenaprigent", "prigentawena"]),
    ("Malo Riou", "attend", ["riou", "maloriou", "rioumalo"]),
    ("Gwenn Tanguy", "pas-une-personne", ["tanguy", "gwenntanguy"]),
]):
    row = NomTenu.objects.create(modele="inscriptions.Inscription", cle=str(cle), texte=nom, decision=decision)
    MotTenu.objects.bulk_create(MotTenu(nom=row, mot=key) for key in keys)
NomTenu.objects.create(modele="fiches.Contact", cle=str(contact.pk), texte="Enora Calvez", decision="accord")
Texte = get("vie_privee", "TexteIntegral").objects
where = {"modele": "projets.Projet", "cle": str(projet.pk)}
Texte.create(**where, champ="description", texte="Avec Awena Prigent et Malo Riou.", retires=["Awena Prigent"])
kept = [{"mots": "06 39 98 01 23", "raison": "garde", "par": "anne"}]
Texte.create(**where, champ="suivi", texte="Au 06 39 98 01 23.", laisses=kept)
"""
# What the old site and this one said otherwise: a conflict a field, of which some were settled.
CONFLITS = """
from django.utils import timezone
get = BEFORE.migrate([("reprise", "0008_deux_cotes"), ("annuaire", "0007_annee_dite")]).apps.get_model
entrees, conflits = get("annuaire", "Entree").objects, get("reprise", "Conflit").objects
ours = dict(ici="Les nôtres")
for slug, settled in (("ouvert", None), ("regle", timezone.now())):
    entree = entrees.create(type="projet", slug=slug, titre=slug, tri=slug)
    get("reprise", "Origine").objects.create(entree=entree, type="projet", cle=slug)
    conflits.create(entree=entree, champ="description", ancien_site="Leur texte", regle_le=settled, **ours)
    conflits.create(entree=entree, champ="objectifs", ancien_site="Leur objectif", regle_le=settled, **ours)
    conflits.create(entree=entree, champ="suivi", ancien_site="", regle_le=settled, **ours)
"""
pytestmark = pytest.mark.django_db


@pytest.fixture
def ancienne(tmp_path):
    site = Site(tmp_path, f"ancienne-{uuid4().hex[:12]}")

    def made(kept) -> Site:
        if POSTGRES:
            on_server("CREATE DATABASE {}", site.name)
            dump = gzip.decompress(kept.read_bytes())
            subprocess.run(["psql", "--quiet", "-v", "ON_ERROR_STOP=1", site.url], input=dump, check=True)
        else:
            site.base.write_bytes(gzip.decompress(kept.read_bytes()))
        return site

    yield made
    if POSTGRES:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", site.name)


@pytest.mark.long
@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_database_of_an_earlier_day_is_migrated_forward_and_read_whole(kept, ancienne):
    site = ancienne(kept)
    assert "mise de côté" not in site.run("-c", READ)
    assert site.titles == ["Un portail"]


@pytest.mark.long
def test_what_the_journals_of_each_room_held_is_in_the_one_of_all(ancienne):
    site = ancienne(KEPT[0])
    site.run("-c", BEFORE + LECTURES)
    site.run("-c", READ)
    rows = site.sql(
        "SELECT genre, quoi, nombre, sujet, username, substr(cast(le AS text), 1, 10) FROM vie_privee_consultation "
        "LEFT JOIN comptes_utilisateur u ON u.id = qui_id ORDER BY le"
    )
    moved = [
        (genre, "csv", jour, "Rencontre" if app == "inscriptions" else "", "awena", f"2026-11-0{jour}")
        for jour, (app, (_, _, genre)) in enumerate(JOURNAUX.items(), 1)
    ]
    assert rows == [*moved, ("inscriptions.Inscription", "emargement", 6, "", None, "2026-11-06")]


@pytest.mark.long
def test_an_alert_tells_after_the_upgrade_what_it_did_not_know_and_nothing_twice(ancienne):
    site = ancienne(KEPT[0])
    site.run("-c", BEFORE + ALERTES)
    assert site.run("-c", VUES).strip().splitlines()[-1] == "[6, 5, 1, 0, 0]"


@pytest.mark.long
def test_what_was_masked_stays_so_and_what_staff_said_of_words_is_kept(ancienne):
    site = ancienne(KEPT[0])
    site.run("-c", BEFORE + NOMS)
    site.run("-c", READ)
    (entree,) = site.sql("SELECT entree_id FROM projets_projet WHERE slug = 'un'")[0]
    columns = f"SELECT description, objectifs FROM projets_projet WHERE entree_id = {entree}"
    assert site.sql(columns) == [("Avec [nom masqué] et Malo Riou.", "Relire avec Enora Calvez.")]
    # The page masked the first version when read; the name of the second stands in today's text; staff had said that
    # the third names nobody.
    assert site.sql("SELECT version FROM suivi_versionmasquee") == [(1,)]
    kept = site.sql(f"SELECT champ, texte, public FROM vie_privee_texteintegral WHERE cle = '{entree}' ORDER BY champ")
    assert kept == [
        ("description", "Avec Awena Prigent et Malo Riou.", "Avec [nom masqué] et Malo Riou."),
        ("objectifs", "", ""),
        ("suivi", "", ""),
    ]
    said = dict(site.sql(f"SELECT champ, cast(laisses AS text) FROM vie_privee_texteintegral WHERE cle = '{entree}'"))
    assert ("Enora Calvez" in said["objectifs"], "accord" in said["objectifs"]) == (True, True)
    assert "06 39 98 01 23" in said["suivi"]


@pytest.mark.long
def test_open_conflicts_become_one_anomaly_a_record_and_settled_ones_do_not_come_back(ancienne):
    site = ancienne(KEPT[0])
    site.run("-c", BEFORE + CONFLITS)
    site.run("-c", READ)
    rows = site.sql(
        "SELECT e.slug, cast(valeurs AS text), texte FROM reprise_anomalie a "
        "JOIN annuaire_entree e ON e.id = a.entree_id WHERE a.type = 'change_des_deux_cotes'"
    )
    [(slug, valeurs, texte)] = rows
    theirs = {"description": "Leur texte", "objectifs": "Leur objectif"}
    assert (slug, json.loads(valeurs)) == ("ouvert", theirs)  # an empty text of the old site empties nothing
    assert all(said in texte for said in (*theirs.values(), "Les nôtres"))
    known = dict(site.sql("SELECT cle, cast(valeurs AS text) FROM reprise_origine WHERE cle IN ('ouvert', 'regle')"))
    assert (json.loads(known["ouvert"]), json.loads(known["regle"])) == ({}, theirs | {"suivi": ""})


@pytest.mark.long
def test_no_migration_waits_for_itself_wherever_a_database_of_before_stands(monkeypatch):
    """An app may stand anywhere while others have not begun or have ended: old and new migrations make no circle."""
    written = MigrationLoader(None).disk_migrations
    replaced = {key[0]: migration.replaces for key, migration in written.items() if migration.replaces}
    every = {one for names in replaced.values() for one in names}
    begun = {key for key, migration in written.items() if not migration.replaces} - every
    for app, names in replaced.items():
        for of_app in (names[:1], names[:-1]):
            for others in (set(), every - {*names}):
                applied = dict.fromkeys(begun | {*of_app} | others)
                monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder, rows=applied: dict(rows))
                leaves = MigrationLoader(connection).graph.leaf_nodes()  # CircularDependencyError names them
                assert len(leaves) == len({label for label, _ in leaves}), app


def test_some_database_was_kept():
    assert KEPT
