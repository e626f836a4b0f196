"""Times the answers of public forms by what the site knows of the address: nobody may learn it from a clock.

    python bench/temps_reponse.py [--tours 15] DATABASE_URL…

Each DATABASE_URL names a new throw-away database. Kinds of addresses take turns in a new order each round: with
settings.REPONSE_MINIMALE, then without a pause, which shows what the pause has to cover.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FICHE = {"nom": "Nolwenn Kerinvente", "sujets": "Les guichets", "accord_publication": "oui", "consentement": "on"}
RATIO = 1.1  # of the slowest kind's median to the quickest's
_series = count(1)


class Poster:
    """Each post comes from another network."""

    def __init__(self):
        from django.test import Client

        from bench.indesirables import event
        from participants.inscriptions import places

        self.client, self.places = Client(), places
        self.open, self.full = event("Rencontre ouverte"), event("Rencontre complète")
        self.others = [event(f"Rencontre {number}") for number in range(8)]
        self.full.capacite = 1
        self.full.save()
        self.someone(self.full)

    def someone(self, evenement, courriel=""):
        """Registers and confirms a new person; returns their address."""
        courriel = courriel or f"personne{next(_series)}@exemple.bzh"
        fields = {"prenom": "Nolwenn", "nom": "Kerinvente", "courriel": courriel}
        self.places.confirm(self.places.register(evenement, self.places.DemandeDInscription(fields)))
        return courriel

    def explorer(self, *, takes_part=False, waiting=0):
        """Sends `waiting` records of the exploration, confirms one or none; returns the address."""
        from participants.explorations import parcours
        from participants.explorations.models import Exploration

        courriel = f"personne{next(_series)}@exemple.bzh"
        for _ in range(waiting + takes_part):
            parcours.deposit({"nom": "Nolwenn Kerinvente", "courriel": courriel}, [], accord=True)
        if takes_part:
            parcours.confirm(Exploration.objects.filter(courriel=courriel).first())
        return courriel

    def everywhere(self):
        """Registers a person for many events."""
        courriel = self.someone(self.open)
        for evenement in self.others:
            self.someone(evenement, courriel)
        return courriel

    def worn_out(self, address, **fields):
        """Posts an address often."""
        courriel = self.someone(self.open)
        for _ in range(6):
            self.post(address, courriel, **fields)
        return courriel

    def post(self, address, courriel, **fields) -> float:
        """Returns seconds."""
        from bench.envois import PERSONNE

        page = self.client.get(address).content.decode()
        key = page.partition('name="cle" value="')[2].partition('"')[0]
        data = PERSONNE | {"cle": key, "precision": "", "courriel": courriel} | fields
        network = f"198.51.{random.randrange(256)}.{random.randrange(256)}"
        with patch("socle.formulaires.protection.RAPIDE", timedelta(seconds=-5)):
            began = time.perf_counter()
            answer = self.client.post(address, data, REMOTE_ADDR=network)
            took = time.perf_counter() - began
        assert answer.status_code in (200, 302), answer.status_code
        return took


def kinds(poster: Poster) -> dict:
    """{form: {kind of address: a function that posts one}}."""
    register, full = (f"/agenda/{event.slug}/inscription/" for event in (poster.open, poster.full))
    link = "/inscription/nouveau-lien/"
    sheet, sheet_link = "/exploration/participer/", "/exploration/nouveau-lien/"

    def new():
        return f"inconnue{next(_series)}@exemple.bzh"

    return {
        "inscription": {
            "inconnue": lambda: (register, new(), {}),
            "déjà inscrite": lambda: (register, poster.someone(poster.open), {}),
            "inconnue, complet": lambda: (full, new(), {}),
            "trop d’envois": lambda: (register, poster.worn_out(register), {}),
            "champ caché rempli": lambda: (register, new(), {"precision": "x"}),
        },
        "nouveau lien": {
            "inconnue": lambda: (link, new(), {}),
            "inscrite une fois": lambda: (link, poster.someone(poster.open), {}),
            "inscrite neuf fois": lambda: (link, poster.everywhere(), {}),
            "trop d’envois": lambda: (link, poster.worn_out(link), {}),
        },
        "exploration": {
            "inconnue": lambda: (sheet, new(), FICHE),
            "à confirmer": lambda: (sheet, poster.explorer(waiting=4), FICHE),
            "participe": lambda: (sheet, poster.explorer(takes_part=True), FICHE),
            "trop d’envois": lambda: (sheet, poster.worn_out(sheet, **FICHE), FICHE),
            "champ caché rempli": lambda: (sheet, new(), FICHE | {"precision": "x"}),
        },
        "exploration, nouveau lien": {
            "inconnue": lambda: (sheet_link, new(), {}),
            "cinq à confirmer": lambda: (sheet_link, poster.explorer(waiting=5), {}),
            "participe": lambda: (sheet_link, poster.explorer(takes_part=True), {}),
            "trop d’envois": lambda: (sheet_link, poster.worn_out(sheet_link), {}),
        },
    }


def measure(rounds: int, pause: float) -> bool:
    from django.conf import settings

    poster, steady = Poster(), True
    print(f"attente réglée : {pause} s")
    for form, wanted in kinds(poster).items():
        times = {kind: [] for kind in wanted}
        for _ in range(rounds):
            for kind in random.sample(list(wanted), len(wanted)):
                settings.REPONSE_MINIMALE = 0
                address, courriel, fields = wanted[kind]()
                settings.REPONSE_MINIMALE = pause
                times[kind].append(poster.post(address, courriel, **fields))
        medians = {kind: statistics.median(taken) for kind, taken in times.items()}
        for kind, median in medians.items():
            print(f"    {form}, {kind} : médiane {1000 * median:.0f} ms, le plus long {1000 * max(times[kind]):.0f} ms")
        ratio = max(medians.values()) / min(medians.values())
        print(f"    {form} : rapport de la plus longue médiane à la plus courte, {ratio:.3f}")
        steady = steady and ratio < RATIO
    return steady


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tours", type=int, default=15)
    parser.add_argument("urls", nargs="+")
    options = parser.parse_args()
    if len(options.urls) > 1:  # one process per database: Django is set up once
        command = [sys.executable, __file__, "--tours", str(options.tours)]
        codes = [subprocess.run([*command, url], check=False).returncode for url in options.urls]
        sys.exit(any(codes))
    from bench.indesirables import start

    start(options.urls[0])
    from labacces.settings import REPONSE_MINIMALE

    random.seed(1)
    steady = measure(options.tours, REPONSE_MINIMALE)
    measure(options.tours, 0)
    sys.exit(not steady)


if __name__ == "__main__":
    main()
