"""Sends spam and honest posts to the public forms: what passes, what waits for staff, who gets mails, who is lost.

    python bench/indesirables.py [--nombre 300] [--formulaires signaler,avis] DATABASE_URL…

Each DATABASE_URL names a new throw-away database. Django's own client posts, without scripts; nobody waits for the time
between page and post, which the form is told. Robots never come back. People of one building do what the returned page
asks: they read again, they wait ten minutes.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.envois import ADRESSES, NOMS, PRESSE, Envoi, acharnes, honnetes, pourriels
from bench.portes import Porte, arrived, portes

CLOCK = time.time  # before it is patched


def typed(page) -> dict:
    """What a browser sends of an untouched form."""
    found = {}
    for one in page.context["form"]:
        value = one.value()
        if isinstance(value, list | tuple):
            found[one.html_name] = [str(getattr(row, "pk", row)) for row in value]
        elif value is not None and value is not False:
            found[one.html_name] = str(value)
    return found


def play(client, address: str, envois: list[Envoi], said: Callable[[dict], dict] = dict, porte=None) -> Counter:
    """Posts them to the form at that address. Returns {(kind, status of the last answer): number}. `said`: their
    fields.

    `porte`: the door, for a form in steps. Each step is filled, or only the first, then the last.
    """
    answers, first = Counter(), None
    for envoi in envois:
        url, opened, page = address, CLOCK(), client.get(address, **envoi.entetes)
        known = said(envoi.champs) | {"precision": envoi.champs.get("precision", "")}
        first = first or typed(page)["cle"]
        known |= {"cle": first} if envoi.rejoue else {}
        while True:
            data = typed(page) | known | (pressed(page, porte) if porte else {})
            answer = post(client, url, data, envoi, opened + envoi.pause.total_seconds())
            if not (porte and goes_on(answer)):
                break
            known.pop("cle", "")
            url = f"{answer.url.partition('?')[0]}?etape=99" if porte.droit else answer.url
            opened, (url, page) = CLOCK(), followed(client, url, envoi)
            if porte.droit:
                data = typed(page) | known | {"action": "envoyer"}
                answer = post(client, url, data, envoi, opened + envoi.pause.total_seconds())
                break
        answers[envoi.genre, answer.status_code] += 1
    return answers


def pressed(page, porte: "Porte") -> dict:
    etapes = page.context.get("etapes")
    if not etapes:
        return {}
    return {"action": "envoyer" if page.context["etape"] == etapes[-1] else porte.action}


def goes_on(answer) -> bool:
    return answer.status_code == 302 and "/suite/" in answer.url and not answer.url.endswith("=envoye")


def followed(client, url: str, envoi: Envoi):
    """Follows redirections; returns (address, page)."""
    page = client.get(url, **envoi.entetes)
    while page.status_code == 302:
        url = page.url
        page = client.get(url, **envoi.entetes)
    return url, page


def post(client, address: str, data: dict, envoi: Envoi, moment: float):
    with patch("django.core.signing.time.time", return_value=moment):
        return client.post(address, data, **envoi.entetes)


def persist(client, porte: "Porte", envois: list[Envoi]) -> Counter:
    """Posts as people do until the page says that the post arrived. Returns {what they read, and the end: people}."""
    from django.utils import timezone

    ways = Counter()
    for envoi in envois:
        data, way, waits, left = porte.champs(envoi.champs), [], timedelta(), 4
        url, opened, answer = porte.adresse, CLOCK(), client.get(porte.adresse, **envoi.entetes)
        while left:
            moment = opened + (envoi.pause + waits).total_seconds()
            asked = {name: data[name] for name in data if name in answer.context["form"].fields}
            sent = typed(answer) | asked | pressed(answer, porte)
            with patch("django.utils.timezone.now", return_value=timezone.now() + waits):
                answer = post(client, url, sent, envoi, moment)
            if goes_on(answer):
                opened, (url, answer), left = CLOCK(), followed(client, answer.url, envoi), 4
                continue
            if answer.status_code == 302:
                break
            left -= 1
            errors, back = answer.context["form"].errors, typed(answer)
            way += [errors[name][0] for name in errors] or ["PAS UN MOT"]
            if any(back.get(name) != asked[name] for name in asked.keys() - {"consentement", "nouvelle", "avis"}):
                way.append("CE QUI ÉTAIT ÉCRIT N’EST PLUS LÀ")
            data |= {"nouvelle": "on"} if "nouvelle" in errors else {}
            data |= {name: data[name][:300] for name in data if "Raccourcissez" in str(errors.get(name))}
            waits += timedelta(minutes=11) if answer.status_code == 429 else timedelta(seconds=10)
        ways[" ; ".join([*way, "arrive" if answer.status_code == 302 else "PERDU"])] += 1
    return ways


def public(client, evenement) -> dict[str, str]:
    """Pages of the site, without the keys of forms."""
    from fiches import registre
    from socle.annuaire.models import Entree

    addresses = ["/", "/agenda/", "/agenda.csv", "/projets/", "/recherche/?q=floodcrm", evenement.get_absolute_url()]
    addresses += [f"/agenda/{evenement.slug}/inscription/", f"/agenda/{evenement.slug}/inscription/?fait=recue"]
    addresses += ["/alertes/?type=projet", "/alertes/?fait=recue", "/contribuer/", "/contribuer/recue/"]
    for entree in Entree.objects.filter(statut="publiee"):
        page = registre.get(entree.type).model.objects.get(pk=entree.pk).get_absolute_url()
        addresses += [page, f"/p/{entree.pk}/historique/", f"/signaler/{entree.pk}/", f"/avis/{entree.pk}/?fait=recue"]
    for declaration in registre.types():
        addresses += [f"{declaration.lien}{one}" for one in ("", "?q=floodcrm")]
        addresses += [f"{declaration.lien.rstrip('/')}.{one}" for one in ("csv", "json", "atom")]
    found = {}
    for address in addresses:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = re.sub(r'name="cle" value="[^"]+"', "", body.decode())
    return found


def states(evenement) -> dict[str, int]:
    """{state: registrations}."""
    return dict(Counter(evenement.inscriptions.order_by().values_list("statut", flat=True)))


def most_mails() -> int:
    """The mails of the mailbox that got most."""
    from socle.courrier.mailboxes import comparable
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
    print(f"inscription : {number} envois indésirables")
    for (genre, status), times in sorted(flood.items()):
        print(f"    {genre} : {times} réponses {status}")
    mails = most_mails()
    print(f"    états : {states(spammed)} ; pages publiques inchangées : {'oui' if unchanged else 'NON'}")
    print(f"    courriels à une même boîte, au plus : {mails}")
    calm = play(client, f"/agenda/{quiet.slug}/inscription/", honnetes())
    print(f"inscription : {len(NOMS)} envois honnêtes")
    for (_, status), times in sorted(calm.items()):
        print(f"    {times} réponses {status}")
    print(f"    états : {states(quiet)}")
    return unchanged and mails <= 5 and states(quiet) == {"a-confirmer": len(NOMS)}


def measure_door(porte: Porte, number: int) -> bool:
    """People of one building use a form while robots are at it."""
    from django.test import Client

    from socle.courrier.models import Courriel
    from socle.formulaires.models import Comptage

    client, evenement = Client(), event(f"Rencontre {porte.nom}")
    Courriel.objects.all().delete()
    Comptage.objects.all().delete()  # each form has its own day
    before = public(client, evenement)
    robots = [*pourriels(number * 4 // 5), *acharnes(number // 5)]
    people = honnetes(ADRESSES)
    for rank, envoi in enumerate(people):
        if rank % 10 == 9:
            envoi.pause = PRESSE
        if porte.nom == "avis":  # it counts one vote per network
            envoi.entetes = envoi.entetes | {"REMOTE_ADDR": f"203.0.113.{rank}"}
    half = len(robots) // 2
    steps = porte if porte.action else None
    flood = play(client, porte.adresse, robots[:half], porte.champs, steps)
    counted = arrived(porte, [])
    ways = persist(client, porte, people)
    found = arrived(porte, people) - (counted if porte.nom == "avis" else 0)
    flood += play(client, porte.adresse, robots[half:], porte.champs, steps)
    unchanged = public(client, evenement) == before
    print(f"{porte.nom} : {len(robots)} envois indésirables, {len(people)} personnes")
    for (genre, status), times in sorted(flood.items()):
        print(f"    {genre} : {times} réponses {status}")
    for way, times in sorted(ways.items()):
        print(f"    honnêtes, {times} : {way}")
    mails = most_mails()
    print(f"    lignes, par {porte.etat} : {dict(porte.states())}")
    print(f"    personnes gardées : {found} ; courriels à une même boîte, au plus : {mails}", end=" ; ")
    print(f"pages publiques inchangées : {'oui' if unchanged else 'NON'}")
    wrong = any(word in way for way in ways for word in ("PERDU", "PAS UN MOT", "PLUS LÀ"))
    return unchanged and mails <= porte.boite and found == len(people) and not wrong


def start(url: str) -> None:
    """Makes this process a site of its own, on a new database."""
    from bench.places import create

    create(url)
    mails_stay = {"EMAIL_URL": "smtp://127.0.0.1:1"}
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"} | mails_stay
    import logging

    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)
    from django.test.utils import setup_test_environment

    setup_test_environment(debug=False)  # so that answers show their forms
    call_command("migrate", verbosity=0)
    print(url.partition(":")[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nombre", type=int, default=300)
    parser.add_argument("--formulaires", default="")
    parser.add_argument("urls", nargs="+")
    options = parser.parse_args()
    if len(options.urls) > 1:  # one process per database: Django is set up once
        command = [sys.executable, __file__, f"--nombre={options.nombre}", f"--formulaires={options.formulaires}"]
        codes = [subprocess.run([*command, url], check=False).returncode for url in options.urls]
        sys.exit(any(codes))
    start(options.urls[0])
    wanted = list(filter(None, options.formulaires.split(",")))
    good = [measure(options.nombre)] if "inscription" in (wanted or ["inscription"]) else []
    good += [measure_door(porte, options.nombre) for nom, porte in portes().items() if nom in (wanted or [nom])]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
