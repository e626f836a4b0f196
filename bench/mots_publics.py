"""Does an upgrade make one word more public? All words of the public pages, files and API, before and after.

    python -m bench.mots_publics planter            # fills the database: records that name invented persons
    python -m bench.mots_publics relever avant.json # reads every public answer of the database of DATABASE_URL
    python -m bench.mots_publics comparer avant.json apres.json

Run the first two with the code of before (its folder as the working directory, this one's `bench/` on PYTHONPATH), then
`manage.py migrate` with the code of after, then `relever` again. `comparer` ends with 1 if any word is public that was
not, anywhere; it also counts the addresses whose words are not those of before.
"""

import argparse
import io
import json
import os
import re
import sys
from collections import defaultdict
from html import unescape
from itertools import count
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

LINK = re.compile(r'(?:href|src|action|content)="(/[^"]*|https?://127\.0\.0\.1:8000/[^"]*)"')
LEFT = (".css", ".js", ".svg", ".png", ".ico", ".mp3", ".woff2", ".jpg", ".webp", ".pdf")
FORMATS = ("csv", "json", "jsonl", "xlsx", "ods", "atom", "geojson")
# What no two answers have alike: hidden fields of forms, keys, hours.
VOLATILE = re.compile(r'<input[^>]*type="hidden"[^>]*>|nonce="[^"]*"|\bn?[0-9a-f]{8,64}\b|\bT?\d\d:\d\d:\d\d\S*')
WORD = re.compile(r"[^\W_]{2,}")
PRENOMS = ["Awéna", "Enora", "Malo", "Briac", "Nolwenn", "Ewen", "Katell", "Tudgual", "Soazig", "Goulven"]
NOMS = ["Kerinventé", "Le Plantec", "Abgrallou", "Penhirec", "Quéménerec", "Kerboriou", "Le Faouet", "Riouallec"]


def words_of(body: bytes) -> set[str]:
    if body.startswith(b"PK"):
        with ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist() if not name.startswith("docProps"))
    text = unquote(unescape(VOLATILE.sub(" ", body.decode(errors="replace"))))
    return {word.casefold() for word in WORD.findall(text) if not word.isdecimal() or len(word) > 7}


def relever() -> dict[str, list[str]]:
    """{address: words} of all that the public is answered: pages from the home page on, histories, files, API."""
    from django.test import Client
    from django.urls import reverse

    from fiches import registre
    from socle.annuaire.models import Entree

    client = Client(raise_request_exception=False)
    todo = ["/", "/sitemap.xml", "/recherche/?q=avec", "/exploration/", "/api/v1/", "/data.json"]
    for declaration in registre.types():
        base = reverse(declaration.url_name)
        todo += [base, f"/api/v1/{declaration.adresse}/", *(f"{base.rstrip('/')}.{one}" for one in FORMATS)]
    for pk in Entree.objects.published().order_by("pk").values_list("pk", flat=True):
        todo += [f"/p/{pk}", f"/p/{pk}/historique/", f"/integrer/fiche/{pk}/"]
    seen: dict[str, list[str]] = {}
    while todo:
        address = todo.pop()
        path = urlsplit(address).path
        if address in seen or path.endswith(LEFT) or path.startswith(("/admin", "/static/")):
            continue
        response = client.get(address, secure=True, headers={"host": "127.0.0.1"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if address == "/" and response.status_code != 200:
            sys.exit(f"The home page answers {response.status_code}: nothing was read.")
        seen[address] = sorted(words_of(body) | words_of(response.get("Location", "").encode()))
        if "?" not in address:
            links = LINK.findall(body.decode(errors="replace"))
            found = [re.sub(r"^https?://127\.0\.0\.1:8000", "", unescape(link)).partition("#")[0] for link in links]
            todo += [link for link in found if "?" not in link or "page=" in link]
    return seen


def planter(each: int = 30) -> int:
    """Records that name registrants, contacts and explorers in every text, in versions, drafts and lists; how many."""
    from django.core.management import call_command
    from django.db import models

    from fiches import registre
    from fiches.attached import Contact, FichierJoint
    from fiches.choice_lists import Theme
    from participants.explorations.models import Exploration
    from participants.inscriptions.models import Inscription

    chance, number = Random(7), count()

    def person() -> tuple[str, str]:
        return chance.choice(PRENOMS), f"{chance.choice(NOMS)}{chance.choice(['', 'rez', 'ic', 'an', 'ou'])}"

    def phone() -> str:
        return "06 39 98 " + " ".join(f"{chance.randrange(100):02}" for _ in range(2))

    def text() -> str:
        (prenom, nom), numero = person(), phone()
        said = [f"{prenom} {nom}", f"{nom.upper()} {prenom}", f"Mme {nom}", f"{prenom[0]}. {nom}", f"{prenom}-{nom}"]
        return f"Avec {chance.choice(said)}, au {numero} ou {prenom.lower()}.{next(number)}@exemple.bzh."

    def register(times: int) -> None:
        for _ in range(times):
            prenom, nom = person()
            Inscription.objects.create(prenom=prenom, nom=nom, courriel=f"i{next(number)}@exemple.bzh")

    register(120)
    made = []
    for declaration in registre.types():
        model = declaration.model
        free = [
            one.name
            for one in model._meta.concrete_fields
            if isinstance(one, models.CharField | models.TextField)
            and one.editable
            and not (one.choices or isinstance(one, models.SlugField | models.URLField))
            and (one.max_length is None or one.max_length > 100)
        ]
        for rank in range(each):
            values = {name: text()[: model._meta.get_field(name).max_length] for name in free if chance.random() < 0.6}
            prenom, nom = person()
            values["titre"] = chance.choice([f"Fiche {rank}", f"Guichet de {prenom} {nom} {rank}"])
            fiche = model(statut="brouillon" if rank % 9 == 0 else "publiee", **values)
            fiche.save()
            Contact.objects.create(entree=fiche.entree, nom=f"{prenom} {nom}", telephone=phone())
            FichierJoint.objects.create(entree=fiche.entree, titre=text()[:200])
            made.append(fiche)
    for fiche in made:
        if fiche.textes:
            fiche.change({fiche.textes[0]: text()})
        if chance.random() < 0.3:
            fiche.change({"titre": f"Autre {fiche.pk}", **({fiche.textes[-1]: "Relu."} if fiche.textes else {})})
    for _ in range(20):
        Theme.objects.create(nom=f"Avec {' '.join(person())} {next(number)}")
        Exploration.objects.create(nom=" ".join(person()), sujets=text(), accord_publication=True)
    register(60)
    call_command("retirer_noms", verbosity=0)
    register(60)  # of whom texts and versions still wait to be looked at
    return len(made)


def comparer(before: dict[str, list[str]], after: dict[str, list[str]]) -> int:
    """How many words are public that were not."""
    known = {word for words in before.values() for word in words}
    new: dict[str, list[str]] = defaultdict(list)
    for address, words in after.items():
        for word in set(words) - known:
            new[word].append(address)
    changed = [address for address in before if set(before[address]) != set(after.get(address, ()))]
    more = [one for one in changed if set(after.get(one, ())) - set(before[one])]
    print(f"{len(before)} addresses before, {len(after)} after; {len(known)} words before")
    print(f"{len(changed)} addresses with other words, {len(more)} with a word more than it had")
    for address in more[:20]:
        print(f"  {address}: {sorted(set(after[address]) - set(before[address]))[:12]}")
    print(f"{len(new)} words more in public")
    for word, where in sorted(new.items())[:40]:
        print(f"  {word}: {where[:3]}")
    return len(new)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("planter", "relever", "comparer"))
    parser.add_argument("fichiers", nargs="*", type=Path)
    asked = parser.parse_args()
    if asked.action == "comparer":
        return comparer(*(json.loads(path.read_text()) for path in asked.fichiers)) > 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "labacces.settings")
    sys.path.insert(0, str(Path.cwd()))
    import django

    django.setup()
    if asked.action == "planter":
        print(f"{planter()} records")
    else:
        (path,) = asked.fichiers
        found = relever()
        path.write_text(json.dumps(found, ensure_ascii=False))
        print(f"{len(found)} addresses")
    return 0


if __name__ == "__main__":
    sys.exit(main())
