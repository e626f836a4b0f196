"""Counts what four journeys cross: a filtered list, a changed text, a project taken over, a registration to its mail.

    python bench/parcours.py [DATABASE_URL]

Counts files and functions of this project that run, moves (calls from one file to another, first imports left out) and
queries. The database must not exist yet. Each journey but the takeover runs once before it is counted. The takeover
replaces demo data: five queries for each of its 70 records. One more project tells what a record costs.
"""

import os
import re
import sys
import tempfile
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FLOORS = tuple(
    f"{ROOT / name}{os.sep}" for name in ("labacces", "reprise", "projets", "participants", "fiches", "socle")
)


class Trace:
    """Records calls between files of the project while it is open."""

    def __enter__(self):
        self.files, self.functions, self.moves = set(), set(), 0
        sys.setprofile(self._called)
        threading.setprofile(self._called)
        return self

    def __exit__(self, *args):
        sys.setprofile(None)
        threading.setprofile(None)

    def _called(self, frame, event, _):
        file = frame.f_code.co_filename
        if event != "call" or not file.startswith(FLOORS) or frame.f_code.co_name == "<module>":
            return
        self.files.add(file)
        self.functions.add((file, frame.f_code.co_qualname if hasattr(frame.f_code, "co_qualname") else frame.f_code))
        back = frame.f_back
        while back and not back.f_code.co_filename.startswith(FLOORS):
            back = back.f_back
        self.moves += bool(back) and back.f_code.co_filename != file


def measure(name, journey):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries, Trace() as trace:
        journey()
    print(f"| {name} | {len(trace.files)} | {len(trace.functions)} | {trace.moves} | {len(queries)} |", flush=True)


def form_of(client, address) -> dict[str, str]:
    """The hidden fields of a form, as a browser sends them back."""
    page = client.get(address).content.decode()
    fields = re.findall(r'<input[^>]*?name="(cle|precision)"[^>]*>', page)
    values = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0] for name in fields}
    return {name: (re.search(r'value="([^"]*)"', tag) or ["", ""])[1] for name, tag in values.items()}


PERSON = {"prenom": "Nolwenn", "nom": "Kerinvente", "organisation": "Mairie", "journee_entiere": "oui"}
PERSON |= {"consentement": "on"}


def register(client, slug, courriel):
    address = f"/agenda/{slug}/inscription/"
    answer = client.post(address, form_of(client, address) | PERSON | {"courriel": courriel})
    assert answer.status_code == 302, answer.status_code


def main(url: str):
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "labacces.settings", "DEBUG": "oui", "HTTPS": "non"}
    os.environ.setdefault("SECRET_KEY", "mesure-sans-valeur-ailleurs-0123456789abcdefghijklmnopqrstuv")
    os.environ |= {"EMAIL_URL": "", "SAUVEGARDES": tempfile.mkdtemp(), "MEDIA_ROOT": tempfile.mkdtemp()}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from participants.evenements.models import Evenement
    from projets.models import Projet
    from socle.formulaires import protection
    from tests.reprise.extrait import lecture, part

    settings.ALLOWED_HOSTS = ["*"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    protection.RAPIDE = timedelta(seconds=-5)
    for command in ("migrate", "charger_referentiels", "charger_demo"):
        call_command(command, verbosity=0, stdout=StringIO())
    client = Client()
    print("| Journey | Files | Functions | Moves | Queries |\n|---|---|---|---|---|")

    address = "/projets/?departement=22&q=cantine"
    client.get(address)
    measure("filtered list", lambda: client.get(address))

    Projet.objects.first().change({"objectifs": "Accueillir."})
    projet = Projet.objects.first()
    projet.objectifs += " Un mot de plus."
    measure("one changed text", projet.save)

    evenement = Evenement(titre="Rencontre", debut=timezone.now() + timedelta(days=30), statut="publiee")
    evenement.inscriptions_ici, evenement.capacite = True, 10
    evenement.save()
    register(client, evenement.slug, "une@exemple.bzh")
    address = f"/agenda/{evenement.slug}/inscription/"
    data = form_of(client, address) | PERSON | {"courriel": "deux@exemple.bzh"}
    measure("registration, its post", lambda: client.post(address, data))
    measure("its mail", lambda: call_command("envoyer_courriels", verbosity=0))

    source = Path(tempfile.mkdtemp(), "un-projet.txt")
    first, second, *_ = lecture("projet").fiches
    for name, lue in (("one project taken over", first), ("one more, demo gone", second)):
        source.write_bytes(part(lue.titre))
        measure(
            name,
            lambda: call_command("importer_yeswiki", str(source), verbosity=0, stdout=StringIO(), stderr=StringIO()),
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(f"sqlite:///{folder}/parcours.sqlite3")
