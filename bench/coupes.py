"""Cut a text dump after each line and inside many: it is always taken over, and the whole completes it.

    python bench/coupes.py [--octets 500] [--base 50] [--graine 1] TEXTE [DATABASE_URL…]

Reading alone for every line and `--octets` places inside lines; with each DATABASE_URL (a throw-away database that does
not exist yet), `--base` cuts are taken over, then the whole. A record differs if it ends before the cut, is not the
last before it, and is not what the whole says, unless spam stands in it that only later text tells: those are counted
apart. So are the records that the cut ends in and that do not come last: what stands twice at the end of a text reads
as a title without a body.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from bench.kill import create  # noqa: E402

SPAM = "contenu_indesirable"


def record(fiche):
    return fiche.type, fiche.titre, fiche.premiere_ligne, {label: champ.texte for label, champ in fiche.champs.items()}


def read_all(data: bytes, cuts: list[int]) -> Counter:
    """Read each cut, and say what is amiss."""
    from reprise.dump import read_dump
    from reprise.formulaires import declared
    from reprise.lecture import DumpIllisible

    forms, found, slowest = declared(), Counter(), 0
    whole = read_dump(data, forms)
    clean = [fiche for fiche in whole.fiches if all(a.type != SPAM for a in fiche.anomalies)]
    for cut in cuts:
        begun = time.perf_counter()
        try:
            lecture = read_dump(data[:cut], forms)
        except DumpIllisible as error:
            found["refused"] += 1
            print(f"octet {cut} : {error}")
            continue
        slowest = max(slowest, time.perf_counter() - begun)
        lines = data[:cut].count(b"\n")
        ends = [fiche.derniere_ligne for fiche in whole.fiches if fiche.derniere_ligne <= lines]
        got = [record(fiche) for fiche in lecture.fiches]
        found["unclaimed lines"] += lecture.lignes["non_attribuees"]
        for fiche in clean:
            if fiche.derniere_ligne < (ends or [0])[-1] and record(fiche) not in got:
                found["differ"] += 1
                print(f"octet {cut} : « {fiche.titre} » diffère")
            elif fiche.premiere_ligne <= lines < fiche.derniere_ligne and got:
                found["end in another record"] += fiche.premiere_ligne < got[-1][2]
        spam = [fiche for fiche in whole.fiches if fiche not in clean and fiche.derniere_ligne <= lines]
        found["spam told later"] += sum(record(fiche) not in got for fiche in spam)
    print(f"{len(cuts)} coupes lues, la plus lente en {slowest:.2f} s")
    return found


def state() -> tuple[Counter, list[str]]:
    """How many records of each type, and what they say."""
    from fiches import registre
    from participants.explorations.models import Exploration
    from participants.inscriptions.models import Inscription

    # What depends on when and in which order rows were made.
    left = {"id", "version", "modifiee_le", "cree_le", "publiee_le", "slug"}
    types = [declaration.model for declaration in registre.types()]
    counts, said = Counter(), []
    for model in (*types, Inscription, Exploration):
        rows = list(model.objects.values())
        counts[model.__name__] = len(rows)
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in left]
        names = [name for name in names if not name.endswith("_id") or name in ("departement_id", "commune_id")]
        said += [repr([(name, str(row[name])) for name in names]) for row in rows]
    return counts, sorted(said)


def holding(pieces: set[str]) -> list[str]:
    """Tables, but for anomalies, that hold one of these texts."""
    from django.apps import apps

    models = [model for model in apps.get_models() if "nomalie" not in model.__name__]
    tables = {model._meta.label: repr(list(model.objects.values_list())) for model in models}
    return [label for label, rows in tables.items() if any(piece in rows for piece in pieces)]


def take_all(data: bytes, cuts: list[int]) -> Counter:
    """Take over each cut, then the whole, and say what is not as if the whole had come alone."""
    from django.db import connection, transaction

    from reprise.dump import read_dump
    from reprise.formulaires import declared
    from reprise.sauvegarde import save_lecture

    forms, found = declared(), Counter()
    whole = read_dump(data, forms)
    spam = {anomalie.texte for anomalie in whole.anomalies if anomalie.type == SPAM}
    with transaction.atomic():
        save_lecture(read_dump(data, forms))
        expected = state()
        transaction.set_rollback(True)
    for cut in cuts:
        with transaction.atomic():
            save_lecture(read_dump(data[:cut], forms))
            rapport = save_lecture(read_dump(data, forms))
            conflicts = sum(counts["conflits"] for counts in rapport.fiches.values())
            amiss = {
                "conflicts": conflicts,
                "doubles": sum((state()[0] - expected[0]).values()),
                "differ": state()[1] != expected[1],
                "spam held": len(holding(spam)),
            }
            found.update(amiss)
            if any(amiss.values()):
                differ = [text[:300] for text in sorted(set(state()[1]) ^ set(expected[1]))]
                print(f"octet {cut} : {amiss} {holding(spam)}", *differ[:2], sep="\n  ")
            transaction.set_rollback(True)
    print(f"{connection.vendor} : {len(cuts)} coupes reprises, puis le tout")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texte", type=Path)
    parser.add_argument("urls", nargs="*", metavar="DATABASE_URL")
    parser.add_argument("--octets", type=int, default=500)
    parser.add_argument("--base", type=int, default=50)
    parser.add_argument("--graine", type=int, default=1)
    options = parser.parse_args()
    data, rng = options.texte.read_bytes(), random.Random(options.graine)
    if len(options.urls) > 1:
        for url in options.urls:
            told = ["--octets", "0", "--base", str(options.base), "--graine", str(options.graine)]
            subprocess.run([sys.executable, __file__, *told, str(options.texte), url], check=True)
        return
    for url in options.urls:
        create(url)
        os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "labacces.settings"
    os.environ.setdefault("SECRET_KEY", "bench")
    import django

    django.setup()
    first = data.index(b"\n") + 1
    if options.octets or not options.urls:
        after = [place + 1 for place, byte in enumerate(data) if byte == 10]
        inside = rng.sample(range(first, len(data)), options.octets)
        print(dict(read_all(data, after + sorted(inside))))
    if options.urls:
        print(dict(take_all(data, sorted(rng.sample(range(first, len(data)), options.base)))))


if __name__ == "__main__":
    main()
