"""Keeps a small database of today, for tests that migrate it: tests/bases/<day>.sqlite3.gz and .sql.gz.

    python outils/keep_database.py postgres://postgres@127.0.0.1:5432

Run it for each released version; older databases stay. It needs the PostgreSQL tools.
"""

import gzip
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASES = ROOT / "tests" / "bases"
NAME = "labacces-a-garder"
FILL = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from fiches.attached import Contact
from participants.evenements.models import Evenement
from participants.inscriptions.models import Inscription
from projets.models import Projet
from socle.territoires.models import Departement, Region
bretagne = Region.objects.create(code="53", nom="Bretagne")
Departement.objects.create(code="22", nom="Côtes-d’Armor", region=bretagne)
projet = Projet(titre="Un portail", departement_id="22", description="Avec Zélie Kerzonfleur.", montant_eur=1200)
projet.change({"statut": "publiee"}, reason="Première version")
Contact.objects.create(entree=projet.entree, nom="Zélie Kerzonfleur", courriel="zelie@exemple.bzh")
projet.change({"objectifs": "Écrire à Zélie Kerzonfleur."}, reason="Seconde version")
evenement = Evenement(titre="Rencontre", statut="publiee", debut=timezone.now() + timedelta(days=30))
evenement.save()
Inscription.objects.create(evenement=evenement, prenom="Malo", nom="Riou", courriel="malo@exemple.bzh")
"""


def make(url: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "labacces.settings",
        "SECRET_KEY": "a-garder",
    }
    for words in (["manage.py", "migrate", "--verbosity=0"], ["-c", FILL]):
        subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)


def main(server: str) -> None:
    BASES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "base.sqlite3")
        make(f"sqlite:///{base}")
        subprocess.run(["sqlite3", str(base), "PRAGMA journal_mode=DELETE; VACUUM"], check=False, capture_output=True)
        (BASES / f"{date.today()}.sqlite3.gz").write_bytes(gzip.compress(base.read_bytes(), mtime=0))
    try:
        subprocess.run(["createdb", "--maintenance-db", f"{server}/postgres", NAME], check=True)
        make(f"{server}/{NAME}")
        dump = subprocess.run(
            ["pg_dump", "--no-owner", "--no-privileges", f"{server}/{NAME}"], check=True, capture_output=True
        ).stdout
        (BASES / f"{date.today()}.sql.gz").write_bytes(gzip.compress(dump, mtime=0))
    finally:
        subprocess.run(["dropdb", "--maintenance-db", f"{server}/postgres", NAME], check=False)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
