"""Builds the site for the browser in the database of DATABASE_URL; prints {name: address} of its pages.

python -m tests.navigateur.site
python -m tests.navigateur.site '{"titre": "Atelier", "capacite": 1}'  # one more event: prints its address
"""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.navigateur.settings")
MOT_DE_PASSE = "un-mot-de-passe-de-test"
# Recovery codes of « soizic », who has a second factor: each serves once.
CODES = [f"soizic{number:010}" for number in range(100)]


def build() -> dict[str, str]:
    from django.apps import apps
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from participants.contacter import relais
    from socle.annuaire.models import Entree
    from socle.comptes.models import Utilisateur
    from socle.comptes.roles import ANIMATION
    from tests.navigateur.pages import addresses, edit_a_sheet, registrations

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("charger_referentiels", stdout=sys.stderr)
    call_command("charger_demo", stdout=sys.stderr)
    if apps.is_installed("reprise"):
        extrait = Path(__file__).resolve().parent.parent / "reprise" / "extrait-labacces.txt"
        Entree.objects.update(exemple=False)  # data no longer known as demo data stay when the takeover comes
        call_command("importer_yeswiki", str(extrait), sans_copie=True, stdout=sys.stderr)
    Utilisateur.objects.create_superuser("admin", password=MOT_DE_PASSE)
    relais.receive(
        entree_id=None,
        nom="Enora Kermaden",
        courriel="enora.kermaden@exemple.bzh",
        texte="Bonjour à l’équipe.",
        doute="le champ caché est rempli",
    )
    animation = Utilisateur.objects.create_user("animation", password=MOT_DE_PASSE, is_staff=True)
    animation.groups.set(Group.objects.filter(name=ANIMATION))
    soizic = Utilisateur.objects.create_user("soizic", password=MOT_DE_PASSE, is_staff=True)
    soizic.groups.set(Group.objects.filter(name=ANIMATION))
    TOTPDevice.objects.create(user=soizic, name="application", confirmed=True)
    kept = StaticDevice.objects.create(user=soizic, name="codes de secours")
    StaticToken.objects.bulk_create(StaticToken(device=kept, token=code) for code in CODES)
    return addresses() | edit_a_sheet() | registrations()


def add_event(**fields) -> str:
    from tests.factories.participants import EvenementFactory

    return EvenementFactory(dans=30, **fields).get_absolute_url()


if __name__ == "__main__":
    django.setup()
    print(add_event(**json.loads(sys.argv[1])) if sys.argv[1:] else json.dumps(build()))  # noqa: T201
