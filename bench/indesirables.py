"""Spam and honest posts on the public form of an event: what passes, what waits for staff, who gets mails.

    python bench/indesirables.py [--nombre 300] DATABASE_URL…

Each DATABASE_URL names a throw-away database that does not exist yet. Posts are made by Django's own client; the time
between a page and its post is told to the form, not waited for.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PERSONNE = {
    "prenom": "Nolwenn",
    "nom": "Kerinvente",
    "organisation": "Mairie d’Exemple",
    "journee_entiere": "oui",
    "consentement": "on",
}
# What robots wrote into the old site, and their kin.
PRODUITS = ("FloodCRM", "MegaCRM", "https://floodcrm.io", "www.venteplus.com", "VentePlus")
COLLES = ("Une rencontre utile. FloodCRM", "Une rencontre utile.FloodCRM", "- FloodCRM", "Merci !\nFloodCRM\n")
BALISES = (
    "[url=https://venteplus.io]ici[/url]",
    '<a href="https://venteplus.io">ici</a>',
    "http://a.io http://b.io www.c.io",
)
POURRIELS = [
    *({"commentaire": text} for text in (*PRODUITS, *COLLES, *BALISES)),
    *({"besoin": text} for text in (*PRODUITS, *COLLES)),
    *({name: text} for name in ("prenom", "nom", "organisation") for text in ("FloodCRM", "https://floodcrm.io")),
]
NOMS = (
    *(
        "A",
        "É",
        "é" * 300,
        "🦊",
        "Anne 🎉",
        "Le",
        "d’Artagnan",
        "D'Artagnan",
        "N'Guyen",
        "田中",
        "さくら",
        "김",
        "Seo",
        "محمد",
    ),
    *("עדי", "‮renversé", "<b>Awena</b>", "Anne <anne>", "Awena & Cie", "O'Brien", "Marie-Thérèse", "Jean  Luc", "null"),
    *("None", "undefined", "Test", "{{ 7|add:7 }}", "'; DROP TABLE", "McDonald", "DeVito", "LeBlanc", "Yann (CCAS)"),
    *("Ñandú", "Ae\u0301lez", "Çağrı", "Ljubčić", "Ó Súilleabháin", "van der Berg", "Müller-Lüdenscheidt", "=1+1", "-"),
    *("Nolwenn, Malo", "Dr Awena", "50", "M.", "Åsa", "ʻOkina", "ᚁ", "Łucja", "AWENA"),
)
TEXTES = (
    *(
        "",
        "RAS",
        "Végétarien",
        "LSF",
        "PMR",
        "Merci !\r\n\r\nAwena",
        "Voir https://www.exemple.bzh/acces",
        "Je ne sais pas.",
    ),
    *(
        "J’arrive à 10 h 30 ; prévoir une boucle magnétique ?",
        "x " * 1900,
        "www.exemple.bzh est notre site",
        "<3",
        "Ticket n° 3",
    ),
)
NAVIGATEURS = (
    {"HTTP_USER_AGENT": "w3m/0.5.3+git20230121"},  # says no language, sends no referrer, runs no script
    {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)", "HTTP_ACCEPT_LANGUAGE": "fr,br;q=0.8"},
    {"HTTP_USER_AGENT": "Lynx/2.9.0", "HTTP_ACCEPT_LANGUAGE": "br"},
    {"HTTP_REFERER": "http://autre.exemple.bzh/", "HTTP_DNT": "1", "HTTP_ACCEPT_LANGUAGE": "*"},
    {},
)
PAUSES = (timedelta(seconds=6), timedelta(minutes=4), timedelta(hours=2))


@dataclass
class Envoi:
    """One post: who sends it, after how long, out of a page of its own or of the first one."""

    genre: str
    champs: dict
    pause: timedelta = timedelta(minutes=1)
    rejoue: bool = False
    entetes: dict = field(default_factory=dict)


def pourriels(number: int) -> list[Envoi]:
    """As many posts, of each kind in turn: from the dump, filling everything, too fast, one page again and again."""
    found = []
    for n in range(number):
        text = POURRIELS[n // 4 % len(POURRIELS)]
        courriel = {"courriel": f"robot{n}@exemple.bzh"}
        everything = {"besoin": "buy now", "commentaire": "buy now", "precision": "buy now"}
        kinds = (
            Envoi("extrait", PERSONNE | courriel | text),
            Envoi("remplit tout", PERSONNE | courriel | everything),
            Envoi("trop vite", PERSONNE | courriel, pause=timedelta(seconds=2)),
            Envoi("rejoue une page", PERSONNE | courriel | everything, rejoue=True),
        )
        found.append(kinds[n % 4])
        found[-1].entetes = {"REMOTE_ADDR": f"198.51.{n // 250}.{n % 250}", "HTTP_USER_AGENT": "robot"}
    return found


def honnetes() -> list[Envoi]:
    """Fifty people of one building, with names, words, browsers and pauses of all kinds."""
    found = []
    for n, nom in enumerate(NOMS):
        text = {"commentaire": TEXTES[n % len(TEXTES)], "besoin": TEXTES[(n + 3) % len(TEXTES)]}
        person = {"prenom": nom, "nom": NOMS[(n + 7) % len(NOMS)], "courriel": f"honnete{n}@exemple.bzh"}
        found.append(
            Envoi(
                "honnête", PERSONNE | person | text, PAUSES[n % len(PAUSES)], entetes=NAVIGATEURS[n % len(NAVIGATEURS)]
            )
        )
    return found


def play(client, address: str, envois: list[Envoi]) -> Counter:
    """Post them on the form at that address: {(kind, status of the answer): number}."""
    answers, first, clock = Counter(), None, time.time  # before it is patched
    for envoi in envois:
        opened = clock()
        page = client.get(address, **envoi.entetes)
        key = re.search(r'name="cle" value="([^"]+)"', page.content.decode())[1]
        first = first or key
        data = {"precision": "", "cle": first if envoi.rejoue else key} | envoi.champs
        with patch("django.core.signing.time.time", return_value=opened + envoi.pause.total_seconds()):
            answer = client.post(address, data, **envoi.entetes)
        answers[envoi.genre, answer.status_code] += 1
    return answers


def public(client, evenement) -> dict[str, str]:
    """What a visitor reads of the site, keys of forms left out."""
    addresses = ["/", "/agenda/", "/agenda.csv", "/projets/", "/recherche/?q=floodcrm", evenement.get_absolute_url()]
    addresses += [f"/agenda/{evenement.slug}/inscription/", f"/agenda/{evenement.slug}/inscription/recue/"]
    found = {}
    for address in addresses:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = re.sub(r'name="cle" value="[^"]+"', "", body.decode())
    return found


def states(evenement) -> dict[str, int]:
    """{state: registrations} of an event."""
    return dict(Counter(evenement.inscriptions.order_by().values_list("statut", flat=True)))


def most_mails() -> int:
    """How many mails the mailbox that got most of them got."""
    from socle.courrier.adresses import comparable
    from socle.courrier.models import Courriel

    boxes = Counter(comparable(address) for address in Courriel.objects.values_list("destinataire", flat=True))
    return max(boxes.values(), default=0)


def event(titre: str):
    from django.utils import timezone

    from participants.evenements.models import Evenement

    found = Evenement(titre=titre, statut="publiee", debut=timezone.now() + timedelta(days=20), capacite=200)
    found.save()
    return found


def measure(number: int) -> bool:
    from django.test import Client

    client, spammed, quiet = Client(), event("Rencontre des robots"), event("Rencontre des gens")
    before = public(client, spammed)
    flood = play(client, f"/agenda/{spammed.slug}/inscription/", pourriels(number))
    unchanged = public(client, spammed) == before
    print(f"{number} envois indésirables")
    for (genre, status), count in sorted(flood.items()):
        print(f"    {genre} : {count} réponses {status}")
    mails = most_mails()
    print(f"    états : {states(spammed)} ; pages publiques inchangées : {'oui' if unchanged else 'NON'}")
    print(f"    courriels à une même boîte, au plus : {mails}")
    calm = play(client, f"/agenda/{quiet.slug}/inscription/", honnetes())
    print(f"{len(NOMS)} envois honnêtes")
    for (_, status), count in sorted(calm.items()):
        print(f"    {count} réponses {status}")
    print(f"    états : {states(quiet)}")
    return unchanged and mails <= 5 and states(quiet) == {"a-confirmer": len(NOMS)}


def start(url: str) -> None:
    """Make this process a site of its own, on a new database."""
    from bench.places import create

    create(url)
    mails_stay = {"EMAIL_URL": "smtp://127.0.0.1:1"}
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"} | mails_stay
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(url.partition(":")[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nombre", type=int, default=300)
    parser.add_argument("urls", nargs="+")
    options = parser.parse_args()
    if len(options.urls) > 1:  # one process a database: Django is set up once
        command = [sys.executable, __file__, "--nombre", str(options.nombre)]
        codes = [subprocess.run([*command, url], check=False).returncode for url in options.urls]
        sys.exit(any(codes))
    start(options.urls[0])
    sys.exit(not measure(options.nombre))


if __name__ == "__main__":
    main()
