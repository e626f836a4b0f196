"""Do a takeover and `reindexer` cost the same a record whatever their number, and how much memory do they hold?

    python bench/lineaire.py reprise DATABASE_URL… [--records 2750 27500] [--format texte|json] [--again]
    python bench/lineaire.py reindexer DATABASE_URL… [--sheets 10000 100000]

Each DATABASE_URL begins the names of throw-away databases that do not exist yet, one a size:
`sqlite:////tmp/lineaire` makes /tmp/lineaire-2750. The old site is that of the tests (tests/reprise/yeswiki), with as
many records as are asked, most of them of persons that no other record names; sheets are those of bench/csv_100k.py.
Times are those of the processor, which work beside it changes least. `--profile` prints where they go instead.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.csv_100k import FILL  # noqa: E402 - the path first
from bench.kill import create, run  # noqa: E402

WRITE = """
import sys
from pathlib import Path
import django
django.setup()
from tests.reprise.yeswiki import ecriture
from tests.reprise.yeswiki.site import FAMILLES, NOMBRES, PRENOMS, fabriquer
number, format, target = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
site = fabriquer({cle: round(some * number / sum(NOMBRES.values())) for cle, some in NOMBRES.items()})
def nom(number):  # a name like no other, in letters
    ending = "".join("aeioulnrst"[int(digit)] + "nt"[place % 2] for place, digit in enumerate(str(number)))
    return PRENOMS[number % 10], f"{FAMILLES[number // 10 % 10].replace('-', ' ')}{ending}"
for number, fiche in enumerate(site.fiches):
    for champ in site.formulaires[fiche.formulaire]:
        if champ.label == "NOM":
            fiche.valeurs[champ.cle] = nom(number)[1]
        elif champ.ours.startswith("Adresse") or champ.nom == "bf_adresse":
            fiche.valeurs[champ.cle] = f"{number} rue du Port, {29000 + number % 90 * 10} Brest"
        elif champ.ours in ("Auteur de la fiche", "Nom du référent ou de la référente") and number % 3:
            fiche.valeurs[champ.cle] = " ".join(nom(number))
target.write_bytes(ecriture.en_texte(site) if format == "texte" else ecriture.en_un_fichier(site, courriels=True))
"""
# The command as an operator types it, its time and memory last; or where its time goes.
MEASURE = """
import cProfile, pstats, resource, sys, time
import django
django.setup()
from django.core.management import call_command
profile, *command = sys.argv[1:]
def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
idle, start = memory(), time.process_time()
if profile == "profile":
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
call_command(*command, "--verbosity", "0")
if profile == "profile":
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(90)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
print(time.process_time() - start, idle, memory())
"""


def named(url, size):
    """The address of the database of a size."""
    return f"{url}-{size}" if url.startswith("sqlite") else f"{url}_{size}"


def measure(url, command, profile):
    """(processor seconds, seconds, MB when it starts, MB at its peak) of a command."""
    start = time.monotonic()
    *told, figures = run(url, "-c", MEASURE, "profile" if profile else "", *command).splitlines()
    if profile:
        print("\n".join(told))
    seconds, idle, peak = map(float, figures.split())
    return seconds, time.monotonic() - start, idle, peak


class TableDeMesures:
    """Figures as they come, each beside that of the first size."""

    def __init__(self, title):
        print(f"\n{title}")
        head = f"{'':28} {'records':>8} {'processor':>11} {'in all':>9} {'a record':>10} {'to the first':>13}"
        print(f"{head} {'idle, peak':>17}")
        self.first = {}

    def add(self, what, size, figures):
        seconds, lasted, idle, peak = figures
        first = self.first.setdefault(what, seconds / size)
        each = f"{seconds / size * 1000:7.2f} ms {seconds / size / first:13.2f}"
        print(f"{what:28} {size:8} {seconds:9.1f} s {lasted:7.1f} s {each} {idle:5.0f} MB, {peak:5.0f} MB", flush=True)


def takeover(url, options):
    table = TableDeMesures(f"{url.split('://')[0]}, {options.format}")
    with tempfile.TemporaryDirectory() as folder:
        for size in options.records:
            source = Path(folder) / f"{size}.{'txt' if options.format == 'texte' else 'json'}"
            create(named(url, size))
            run(named(url, size), "-c", WRITE, str(size), options.format, str(source))
            command = ["importer_yeswiki", str(source), "--sans-copie", "--publier"]
            for what in ("takeover", "the same again") if options.again else ("takeover",):
                table.add(what, size, measure(named(url, size), command, options.profile))
            print(f"{'':28} {size:8} from {source.stat().st_size / 1e6:.1f} MB")


def rebuild(url, options):
    table = TableDeMesures(url.split("://")[0])
    for size in options.sheets:
        create(named(url, size))
        run(named(url, size), "-c", FILL, str(size))
        for what in ("reindexer, nothing indexed", "reindexer again"):
            table.add(what, size, measure(named(url, size), ["reindexer"], options.profile))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("reprise", "reindexer"))
    parser.add_argument("urls", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--records", type=int, nargs="+", default=[2_750, 27_500])
    parser.add_argument("--sheets", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--format", choices=("texte", "json"), default="texte")
    parser.add_argument("--again", action="store_true", help="take over the same once more")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    for url in options.urls:
        takeover(url, options) if options.what == "reprise" else rebuild(url, options)


if __name__ == "__main__":
    main()
