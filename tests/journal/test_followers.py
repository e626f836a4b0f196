"""Several processes write and are killed, others follow: each follower ends with what SQL says.

The database is in files or on the server, so it keeps what a killed writer committed.
"""

import subprocess

import pytest

from tests.sauvegardes.conftest import _model, site  # noqa: F401 - a site in files
from tests.sauvegardes.site import POSTGRES, SETUP, on_server

# The start of both sorts of processes. A follower sees pages as a visitor does, and copies the projects as a program
# does that reads the log from its last row.
COMMON = f"""
import os, random, signal, sys, time, warnings
from labacces import settings
settings.STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
warnings.filterwarnings("ignore", "No directory at")
{SETUP}
from django.db import OperationalError, connections, transaction
from django.http import QueryDict
from fiches import registre
from fiches.choice_lists import Theme
from fiches.suivi import corbeille
from projets.filters import ProjetFilterSet
from socle.annuaire.models import Entree, inscrire_fiches
from socle.catalogue import list_sets, orders, sets
from socle.catalogue.selection import Selection
from socle.journal import writing
from socle.journal.models import Compteur, Ligne
"""

WRITE = f"""{COMMON}
rank, first, last = map(int, sys.argv[1:])
dice = random.Random(f"{{rank}} {{first}}")
number = writing._number

def killed(changements):
    where = dice.random() if first < last - 1 else 1  # the last ones are left to end
    if where < 0.02:
        os.kill(os.getpid(), signal.SIGKILL)
    number(changements)
    if where < 0.04:
        os.kill(os.getpid(), signal.SIGKILL)

writing._number = killed

class Broken(Exception):
    pass

def one(turn):
    mine = list(Projet.objects.in_use().filter(suivi=f"de {{rank}}").order_by("pk"))
    kind = dice.choice(["new", "new", "edit", "edit", "state", "themes", "taken back", "savepoint", "bulk", "bin"])
    if kind == "new" or not mine:
        Projet(titre=f"Projet {{rank}} {{turn}}", suivi=f"de {{rank}}", montant_eur=turn, statut=Statut.PUBLIEE).save()
        return
    projet = dice.choice(mine)
    if kind == "edit":
        projet.change({{"titre": f"Autre {{rank}} {{turn}}", "montant_eur": dice.choice([None, 100, turn])}})
    elif kind == "state":
        projet.change({{"statut": Statut.BROUILLON if projet.is_publiee else Statut.PUBLIEE}})
    elif kind == "themes":
        projet.change({{"themes": dice.sample(list(Theme.objects.all()), 1)}})
    elif kind == "taken back":
        with transaction.atomic():
            projet.change({{"titre": "Jamais", "statut": Statut.BROUILLON}})
            transaction.set_rollback(True)
    elif kind == "savepoint":
        with writing.lot():
            try:
                with transaction.atomic():
                    projet.change({{"statut": Statut.BROUILLON}})
                    raise Broken
            except Broken:
                dice.choice(mine).change({{"montant_eur": turn}})
    elif kind == "bulk":
        with writing.lot():
            some = Projet.objects.filter(pk__in=[one.pk for one in dice.sample(mine, min(3, len(mine)))])
            some.update(montant_eur=turn)
            inscrire_fiches(some.values_list("pk", flat=True))
    else:
        corbeille.throw_away(projet)
        if dice.random() < 0.5:
            corbeille.erase(projet.entree)

for turn in range(first, last):
    while True:
        try:
            one(turn)
            break
        except OperationalError as error:  # SQLite lets one writer in at a time
            if "locked" not in str(error):
                raise
    print(turn, flush=True)
"""

FOLLOW = f"""{COMMON}
import threading
from django.test import Client

read, copy = -1, {{}}

def follow_as_a_program():
    global read
    rows = list(Ligne.objects.filter(numero__gt=read).order_by("numero"))
    changed = {{row.entree for row in rows if row.type == "projet"}}
    for pk in changed:
        copy.pop(pk, None)
    copy.update({{pk: said for pk, *said in public().filter(pk__in=changed)}})
    read = rows[-1].numero if rows else read

def public():
    return Projet.objects.published().values_list("pk", "titre", "montant_eur")

def shown():
    selection = Selection(registre.get("projet"), QueryDict("tri=recent"))
    return selection, selection.list_sets.sets, list(selection.keys(0, 10)), selection.counts("theme")

def look(ended):
    client = Client(headers={{"host": "127.0.0.1"}})
    while not ended.is_set():
        shown()
        assert client.get("/projets/").status_code == 200
    connections.close_all()

ended = threading.Event()
threads = [threading.Thread(target=look, args=[ended]) for _ in range(2)]
for thread in threads:
    thread.start()
print("PRET", flush=True)
waits = threading.Thread(target=lambda: (input(), ended.set()))
waits.start()
while not ended.is_set():
    follow_as_a_program()
    shown()
    time.sleep(0.02)
for thread in threads:
    thread.join()
follow_as_a_program()
assert copy == {{pk: said for pk, *said in public()}}
selection, held, _, counts = shown()
fresh = sets.read(ProjetFilterSet)
assert (held.publiques, held.valeurs) == (fresh.publiques, fresh.valeurs)
assert list(selection.keys()) == list(orders.ids(selection._sorted(ProjetFilterSet.public())))
told = {{theme.slug: theme.projets.published().count() for theme in Theme.objects.all()}}
assert counts == {{slug: count for slug, count in told.items() if count}}
numbers = list(Ligne.objects.order_by("numero").values_list("numero", flat=True))
assert numbers == list(range(len(numbers))) and numbers[-1] == Compteur.objects.get().numero
print("PAREIL", len(numbers), len(copy))
"""


@pytest.mark.long
def test_each_follower_ends_equal_to_sql_whoever_was_killed_or_took_back(site):  # noqa: F811
    writers, turns = 4, 60
    site.run(
        "-c", f"{SETUP}from fiches.choice_lists import Theme\n[Theme(nom=nom).save() for nom in ('Eau', 'Air', 'Feu')]"
    )
    following = [site.start("-c", FOLLOW, stdin=subprocess.PIPE) for _ in range(2)]
    for one in following:
        assert (line := one.stdout.readline()) == "PRET\n", line + one.stdout.read()
    working = {rank: site.start("-c", WRITE, str(rank), "0", str(turns)) for rank in range(writers)}
    killed = 0
    while working:
        for rank, process in list(working.items()):
            said, _ = process.communicate()
            done = [int(line) for line in said.splitlines() if line.isdigit()]
            assert process.returncode in (0, -9), said
            first = int(process.args[-2]) + len(done)
            killed += process.returncode == -9
            if first < turns:  # a killed turn may be done or not: the next writer skips it
                working[rank] = site.start("-c", WRITE, str(rank), str(min(first + 1, turns - 1)), str(turns))
            else:
                del working[rank]
    for one in following:
        said, _ = one.communicate("\n")
        assert "PAREIL" in said, said
    assert killed


# Another database under a process

SEEN = f"""{COMMON}
import hashlib
from django.test import Client

def seen():
    client = Client(headers={{"host": "127.0.0.1"}})
    said = []
    for address in ("/projets/", "/projets.csv", "/projets/?tri=recent", "/"):
        response = client.get(address)
        assert response.status_code == 200, response
        body = b"".join(response.streaming_content) if response.streaming else response.content
        said.append(hashlib.sha256(body).hexdigest()[:12])
    held = list_sets.ListSets(registre.get("projet"))
    titres = sorted(Projet.objects.filter(pk__in=list(held.publiques)).values_list("titre", flat=True))
    connections.close_all()
    return " ".join([*said, *titres])

print(seen(), flush=True)
for line in sys.stdin:
    print(seen(), flush=True)
"""
ADD = SETUP + "import sys\nProjet(titre=sys.argv[1], montant_eur=1000, statut=Statut.PUBLIEE).save()"


class Follower:
    """A process that stays and reports what its pages show when asked."""

    def __init__(self, site, env=None):  # noqa: F811
        self.site, self.env = site, env
        self.process = site.start("-c", SEEN, stdin=subprocess.PIPE, env=env)
        self.first = self.process.stdout.readline()

    def sees(self) -> str:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def ends(self):
        self.process.communicate()
        assert self.process.returncode == 0


def fresh(site, env=None) -> str:  # noqa: F811
    one = Follower(site, env)
    one.ends()
    return one.first


@pytest.mark.long
def test_a_process_follows_another_database_of_fewer_rows_then_of_more(site):  # noqa: F811
    """A lagging replica replaces the first database, with its numbers; then a copy is restored."""
    few = kept(site, "few")
    for titre in ("Un phare", "Un pont"):
        site.run("-c", ADD, titre)
    many = kept(site, "many")
    follower = Follower(site)
    assert "Un phare" in follower.first
    put(site, few)
    assert "Un phare" not in (now := follower.sees())
    assert now == fresh(site)
    site.run("-c", ADD, "Un quai")  # takes a number that another row had
    assert follower.sees() == fresh(site)
    put(site, many)
    assert "Un pont" in (now := follower.sees())
    assert "Un quai" not in now
    assert now == fresh(site)
    site.run("-c", ADD, "Un port")
    assert follower.sees() == fresh(site)
    follower.ends()


def kept(site, name: str):  # noqa: F811
    if POSTGRES:
        on_server("CREATE DATABASE {} TEMPLATE {}", f"{site.name}-{name}", site.name)
        return f"{site.name}-{name}"
    site.sql(f"VACUUM INTO '{site.dossier / name}'")
    return site.dossier / name


def put(site, copy) -> None:  # noqa: F811
    if POSTGRES:
        on_server("DROP DATABASE {} WITH (FORCE)", site.name)
        on_server("ALTER DATABASE {} RENAME TO {}", copy, site.name)
        return
    for left in site.dossier.glob("db.sqlite3*"):
        left.unlink()
    copy.rename(site.base)
