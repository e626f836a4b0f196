"""Measures the editors' desk by the number of records: its home, its lists with each filter, a save.

    python bench/bureau.py [--sheets 2000] [--tours 5] DATABASE_URL…

Each DATABASE_URL names a throw-away database. A missing one is made, with `--sheets` projects in all states. Times are
the quickest of several rounds, in ms of processor; on PostgreSQL, of the clock.
"""

import argparse
import logging
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.kill import create, environment, run  # noqa: E402 - the path first

FILL = """
import random, sys
from datetime import timedelta
import django
django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from fiches.choice_lists import Theme
from projets.models import Projet
from socle.annuaire.models import Entree, Statut
from socle.territoires.models import Commune
rng = random.Random(1)
syllables = "ba bre ca cor da de for gen ker lan lec mar men nor pal per plou ron sal ter tre val ver vi".split()
rare = sorted({"".join(rng.choices(syllables, k=3)) for _ in range(5000)})
verbs = "Mise en place|Création|Refonte|Déploiement|Développement|Modernisation|Amélioration|Étude".split("|")
things = "portail guichet application site outil service démarche logiciel accueil parcours plateforme".split()
ofs = "des familles|des usagers|de la cantine|des cimetières|du budget|des agents|de l’état civil|des associations"
ofs = f"{ofs}|de l’urbanisme|des marchés publics|de la jeunesse|des aînés|des déchets|de l’eau|du numérique".split("|")
adjectives = ["", "", "", "en ligne", "partagé", "commun", "mobile", "simple", "numérique", "de proximité"]
bretagne = Commune.objects.filter(departement__in=["22", "29", "35", "56"])
communes = list(bretagne.select_related("intercommunalite").order_by("pk"))
themes = list(Theme.objects.all())
through, versions = Projet.themes.through, Projet.history.model
own = [field.attname for field in Projet._meta.concrete_fields]
kept = [name for name in own if name in {field.attname for field in versions._meta.concrete_fields}]
states = [Statut.PUBLIEE] * 16 + [Statut.BROUILLON] * 2 + [Statut.A_RELIRE, Statut.RETIREE]
now = timezone.now()


def text(length):
    seldom = [rare[int(rng.paretovariate(.4)) % len(rare)] for _ in range(length)]
    return " ".join(f"{rng.choice(things)} {rng.choice(ofs)} {word}" for word in seldom)


def title(place):
    parts = [f"{rng.choice(verbs)} d’un {rng.choice(things)} {rng.choice(ofs)}", rng.choice(adjectives)]
    parts += [rng.choice(rare)] if rng.random() < .3 else []
    return f"{place} - {' '.join(filter(None, parts))}"


for start in range(0, int(sys.argv[1]), 2000):
    with transaction.atomic():
        size = range(start, min(start + 2000, int(sys.argv[1])))
        entrees = Entree.objects.bulk_create(Entree(type="projet", slug=f"serie-{n}", titre=f"Série {n}") for n in size)
        projets = []
        for entree in entrees:
            commune = rng.choice(communes)
            moment = now - timedelta(days=rng.randrange(1500))
            projet = Projet(
                entree=entree, slug=entree.slug, statut=rng.choice(states), version=1, titre=title(commune.nom),
                collectivite=f"Mairie de {commune.nom}", commune=commune, intercommunalite=commune.intercommunalite,
                departement_id=commune.departement_id, description=text(20), objectifs=text(10),
                montant_eur=rng.choice([None, 0, *[rng.randrange(500, 90000)] * 8]), publiee_le=moment,
                modifiee_le=moment, cree_le=moment, themes_automatiques=False,
            )
            projet.derive(None)
            for name, value in projet.entree_values().items():
                setattr(entree, name, value)
            projets.append(projet)
        Entree.objects.bulk_update(entrees, list(projets[0].entree_values()), batch_size=500)
        Projet.objects.bulk_create(projets)
        through.objects.bulk_create(
            through(projet_id=p.pk, theme=theme) for p in projets for theme in rng.sample(themes, rng.randrange(4))
        )
        versions.objects.bulk_create(
            versions(history_type="+", history_date=p.modifiee_le, **{name: getattr(p, name) for name in kept})
            for p in projets
        )
call_command("reindexer", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")
"""


def rounds(call, tours):
    """Returns the ms of the quickest call. PostgreSQL works in another process, so the clock measures it."""
    from django.db import connection

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    best = None
    for _ in range(tours):
        start = clock()
        call()
        spent = (clock() - start) * 1000
        best = spent if best is None else min(best, spent)
    return best


def pages():
    """{name: address} of desk pages that read many records."""
    from django.urls import reverse

    listed, complete = reverse("admin:projets_projet_changelist"), reverse("admin:autocomplete")
    filters = [
        *("statut__exact=a-relire", "statut__exact=publiee", "departement__code__exact=29", "montant=inconnu"),
        *("remplacee=non", "classement=aucun", "classement=automatique", "themes__id__exact=1", "manque=themes"),
        *("a_reprendre=doublon", "a_reprendre=ancienne", "o=-7", "o=2", "p=20"),
    ]
    return {
        "accueil": reverse("admin:index"),
        "doublons": reverse("admin:doublons"),
        "qualité": reverse("admin:qualite"),
        "journal": reverse("admin:journal"),
        "recherche": f"{reverse('admin:recherche')}?q=portail+des+familles",
        "recherche rare": f"{reverse('admin:recherche')}?q=babreca",
        "complétion": f"{complete}?app_label=projets&model_name=projet&field_name=remplace&term=portail",
        "liste": listed,
        "liste q": f"{listed}?q=portail+des+familles",
        **{f"liste {one}": f"{listed}?{one}" for one in filters},
    }


def save(number):
    from projets.models import Projet

    fiche = Projet.objects.order_by("pk")[number % 1000 + 5]
    fiche.titre, fiche.description = f"{fiche.titre} {number}", f"{fiche.description} {number}"
    return fiche.save


def new(number):
    from projets.models import Projet
    from socle.annuaire.models import Statut

    titre = "Brest - Création d’un portail des familles"
    return Projet(titre=titre, collectivite="Mairie de Brest", montant_eur=number, statut=Statut.PUBLIEE).save


def measure(tours, only):
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client

    logging.disable()
    user, _ = get_user_model().objects.get_or_create(username="banc", is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(user)
    for name, address in pages().items():
        if only in name:
            assert client.get(address).status_code == 200, address
            print(f"{name:32} {rounds(lambda a=address: client.get(a), tours):8.1f} ms", flush=True)
    for name, make in (("enregistrer", save), ("nouvelle fiche", new)):
        if only in name:
            saves = [make(number) for number in range(tours * 4)]
            print(f"{name:32} {rounds(lambda saves=saves: saves.pop()(), tours * 4):8.1f} ms", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--sheets", type=int, default=2000)
    parser.add_argument("--tours", type=int, default=5)
    parser.add_argument("--only", default="", help="what holds this word alone")
    options = parser.parse_args()
    for url in options.urls:
        print(url)
        if not known(url):
            create(url)
            run(url, "-c", FILL, str(options.sheets))
        command = f"from bench.bureau import measure; measure({options.tours}, {options.only!r})"
        settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", command], env=environment(url) | settings, cwd=ROOT, check=True
        )


def known(url):
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).exists()
    import psycopg

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres") as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


if __name__ == "__main__":
    main()
